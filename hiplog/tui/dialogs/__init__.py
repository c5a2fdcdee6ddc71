"""Questions asked over a screen; each ends with a typed answer, or with nothing after Escape."""
