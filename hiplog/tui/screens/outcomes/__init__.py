"""Outcomes: the owner's eight questions, filters that answer at once, and what stands behind a number."""
