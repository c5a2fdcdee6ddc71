"""The inks of figures and pages: one set of names, the colours of a light, a dark and a printed sheet.

Blue and orange are told apart by people who see red and green alike (Okabe & Ito 2008); whatever they say is
said by a marker or a dash as well. Every text ink has a contrast of at least 4.5 to its paper (WCAG 2.2,
criterion 1.4.3).
"""

from __future__ import annotations

from importlib import resources

LIGHT = {
    "paper": "#FFFFFF",
    "panel": "#F4F5F2",
    "ink": "#1B232B",
    "soft": "#4B5761",
    "axis": "#76828C",
    "rule": "#D5DADF",
    "first": "#0072B2",
    "second": "#B85000",
}
DARK = {
    "paper": "#10151B",
    "panel": "#1A222B",
    "ink": "#E4E8EC",
    "soft": "#B4BEC8",
    "axis": "#8794A1",
    "rule": "#36424E",
    "first": "#56B4E9",
    "second": "#E69F00",
}


def figure_css() -> str:
    """The rules that draw the inks."""
    return resources.files(__package__).joinpath("figure.css").read_text(encoding="utf-8")


def root_css() -> str:
    """The colours as CSS variables: light, dark where the reader's system is dark, light again on paper."""
    light, dark = _variables(LIGHT), _variables(DARK)
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        "@media print { :root { color-scheme: light; } }\n"
    )


def _variables(inks: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in inks.items())
