"""Cut a line into parts and pieces, each piece with its column; refuse what no keyboard means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from hiplog.clinical.shorthand.line import LineError
from hiplog.language import _, speaks_capital_nouns

LONGEST = 2000
NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,3})?|\.[0-9]{1,3}"

_PIECE = re.compile(r"[^\s;]+")
_BLANKS = "\t\n\r"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters between blanks: as typed, and its column counted from 1."""

    typed: str
    column: int

    @property
    def text(self) -> str:
        """The piece in lower case, the form that is compared."""
        return self.typed.lower()

    def error(self, what: str, hint: str = "") -> LineError:
        """Return the refusal of this piece."""
        return LineError(self.typed, self.column, what, hint)


def split(line: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the parts of ``line`` between its semicolons, empty parts left out.

    Raises :class:`LineError` for a line that is empty, longer than 2,000 characters, or holds a
    character that is not printed (NUL, a direction override, an escape).
    """
    _refuse_hostile(line)
    parts: list[tuple[Piece, ...]] = []
    start = 0
    for part in line.split(";"):
        found = tuple(Piece(m.group(), start + m.start() + 1) for m in _PIECE.finditer(part))
        if found:
            parts.append(found)
        start += len(part) + 1
    if not parts:
        raise LineError(_("the line"), 1, _("nothing to read"), _("as in: gmed r 2 30x50 fifo t3; p6>3 n1/1"))
    return tuple(parts)


def _refuse_hostile(line: str) -> None:
    if len(line) > LONGEST:
        raise LineError(
            _("the line"),
            LONGEST + 1,
            _("longer than {longest:,} characters").format(longest=LONGEST),
            _("log it as several sessions"),
        )
    for at, char in enumerate(line):
        if unicodedata.category(char)[0] == "C" and char not in _BLANKS:
            code = f"U+{ord(char):04X}"
            raise LineError(code, at + 1, _("a character that is not printed"), _("delete it and type again"))


def number(text: str) -> Decimal:
    """Return the number of a piece that a pattern of this package has matched."""
    return Decimal(text)


def inner(sentence: str) -> str:
    """Return a whole sentence so that it can stand within another one."""
    bare = sentence.rstrip(".")
    if speaks_capital_nouns():
        return bare
    first = bare.split(" ", 1)[0]
    return bare[0].lower() + bare[1:] if len(first) > 2 and first[1:].islower() else bare


def plain(value: Decimal | int) -> str:
    """Write a number the shortest way without an exponent."""
    return f"{Decimal(value).normalize():f}"
