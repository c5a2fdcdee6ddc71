"""A session while it happens: before, needling, after."""
