"""One folder a screen, its style sheet beside it."""
