"""Figures of a printed page, as SVG of our own: drawn from the points that the terminal draws."""
