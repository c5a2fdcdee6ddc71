"""From the word a person types to the code that is stored."""

from __future__ import annotations

from typing import TypeVar

from hiplog.clinical.errors import BadInput
from hiplog.clinical.vocabulary import Catalogue, Entry
from hiplog.language import _

T = TypeVar("T", bound=Entry)

SIDES = {"l": "L", "left": "L", "r": "R", "right": "R"}


def choose(what: str, typed: str, catalogue: Catalogue[T]) -> T:
    """Return the one row that ``typed`` means; several or none raise ``BadInput`` naming the nearest."""
    found = catalogue.find(typed)
    if len(found) == 1:
        return found[0]
    short = typed if len(typed) <= 24 else typed[:23] + "…"
    if found:
        raise BadInput(
            _("{what}: {short!r} may be {named}; say which").format(
                what=what, short=short, named=_named(found[:6])
            )
        )
    near = catalogue.nearest(typed, 3)
    if near:
        raise BadInput(
            _("{what}: {short!r} is not known; nearest: {named}").format(
                what=what, short=short, named=_named(near)
            )
        )
    known = ", ".join(row.code.lower() for row in catalogue.active())
    raise BadInput(
        _("{what}: {short!r} is not known; known: {known}").format(what=what, short=short, known=known)
    )


def side(typed: str) -> str:
    """Return ``L`` or ``R``."""
    code = SIDES.get(typed.strip().lower())
    if code is None:
        raise BadInput(
            _("side: {typed!r} is no side; say l (left) or r (right), both hips are two episodes").format(
                typed=typed[:24]
            )
        )
    return code


def _named(rows: tuple[T, ...]) -> str:
    return ", ".join(
        f"{row.code.lower()} ({row.names[0]})" if row.names else row.code.lower() for row in rows
    )
