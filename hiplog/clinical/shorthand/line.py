"""What a quick-entry line holds, what it may take for granted, and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from hiplog.clinical.errors import BadInput
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import NeedleCount, Reading, Side
from hiplog.language import _

BRUISE = "BRUISE"
SORENESS = "PAIN_AFT"
PIECE_SHOWN = 24


@dataclass(frozen=True, slots=True)
class LineDefaults:
    """What the session knows already: the side of the episode and how range of motion is taken.

    They fill in readings only; ``side`` never gives a needle site its side.
    """

    side: Side | None = None
    rom_mode: str = "passive"


@dataclass(frozen=True, slots=True)
class SiteReaction:
    """A reaction seen at one site: ``kind`` is a reaction code, ``soreness`` 0-10 where it was said."""

    insertion_id: str
    kind: str
    soreness: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as understood. ``notes`` say in words what was taken from elsewhere than the line."""

    insertions: tuple[Insertion, ...] = ()
    readings: tuple[Reading, ...] = ()
    needles: NeedleCount = field(default_factory=NeedleCount)
    reactions: tuple[SiteReaction, ...] = ()
    as_last_time: bool = False
    notes: tuple[str, ...] = ()


class LineError(BadInput):
    """A piece that cannot be read: what, where, and what would do.

    ``column`` counts characters from 1, ``piece`` is what stands there (cut to 24 characters), ``hint``
    the nearest meaning, empty when there is none.
    """

    def __init__(self, piece: str, column: int, what: str, hint: str = "") -> None:
        self.piece = short(piece)
        self.column = column
        self.hint = hint
        sentence = (
            _("{piece}: {what} at column {column}; {hint}")
            if hint
            else _("{piece}: {what} at column {column}")
        )
        super().__init__(sentence.format(piece=self.piece, what=what, column=column, hint=hint))


def short(piece: str) -> str:
    """Return ``piece`` cut for a sentence; whoever shows the sentence makes it fit for a terminal."""
    return piece if len(piece) <= PIECE_SHOWN else piece[: PIECE_SHOWN - 1] + "…"
