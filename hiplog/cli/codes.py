"""From the word a person types to the code that is stored."""

from __future__ import annotations

from typing import TypeVar

from hiplog.clinical.errors import BadInput
from hiplog.clinical.vocabulary import Catalogue, Entry

T = TypeVar("T", bound=Entry)

SIDES = {"l": "L", "left": "L", "r": "R", "right": "R"}


def choose(what: str, typed: str, catalogue: Catalogue[T]) -> T:
    """Return the one row that ``typed`` means; several or none raise ``BadInput`` naming the nearest."""
    found = catalogue.find(typed)
    if len(found) == 1:
        return found[0]
    short = typed if len(typed) <= 24 else typed[:23] + "…"
    if found:
        raise BadInput(f"{what}: {short!r} may be {_named(found[:6])}; say which")
    near = catalogue.nearest(typed, 3)
    tail = (
        f"nearest: {_named(near)}"
        if near
        else f"known: {', '.join(r.code.lower() for r in catalogue.active())}"
    )
    raise BadInput(f"{what}: {short!r} is not known; {tail}")


def side(typed: str) -> str:
    """Return ``L`` or ``R``."""
    code = SIDES.get(typed.strip().lower())
    if code is None:
        raise BadInput(
            f"side: {typed[:24]!r} is no side; say l (left) or r (right), both hips are two episodes"
        )
    return code


def _named(rows: tuple[T, ...]) -> str:
    return ", ".join(
        f"{row.code.lower()} ({row.names[0]})" if row.names else row.code.lower() for row in rows
    )
