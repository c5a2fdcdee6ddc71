"""Names as initials and notes hidden, on one key: for a screen that the next patient can see.

Only what is shown changes. One process shows one screen, so the switch is the process's own.
"""

from __future__ import annotations

from dataclasses import replace

from hiplog.clinical.requests import Request
from hiplog.language import _

HIDDEN = _("(hidden, F8 shows it)")


class Privacy:
    """The switch; ``on`` while names are to be initials."""

    on = False

    def turn(self) -> bool:
        """Turn it over and return how it stands."""
        self.on = not self.on
        return self.on


PRIVACY = Privacy()


def named(name: str) -> str:
    """``Rossi, Lea``, or ``R. L.`` while names are hidden; a chart code stays what it is."""
    if not PRIVACY.on or ", " not in name:
        return name
    parts = [word for word in name.replace(",", " ").split() if word]
    return " ".join(f"{word[0]}." for word in parts)


def worded(text: str) -> str:
    """A note as written, or that it is hidden."""
    return HIDDEN if PRIVACY.on and text else text


def asked(request: Request) -> Request:
    """A patient's request as it was told, or with its words hidden."""
    if not PRIVACY.on:
        return request
    steps = tuple(replace(step, said=step.said and HIDDEN) for step in request.steps)
    return replace(request, wish=HIDDEN, why=request.why and HIDDEN, steps=steps)


def born(year: str) -> str:
    """A year of birth, or nothing while names are hidden."""
    return "" if PRIVACY.on else year
