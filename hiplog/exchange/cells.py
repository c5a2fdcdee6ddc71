"""One cell of a bundle's CSV: a value to text and back, exactly.

Text is quoted, typed values are bare, nothing is an empty cell. A text that a spreadsheet could take for a
formula gets one ``'`` in front, and the reader takes exactly one away; typed numbers are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hiplog.exchange.columns import Column
from hiplog.language import _

QUOTE = '"'
GUARDED = frozenset("=+-@\t\r\n\0'＝＋－＠")

Writer = Callable[[Any, str], str]
"""Turns a value that is not ``None`` into a cell; the second argument is a time zone's name."""


def guard(text: str) -> str:
    """Put one ``'`` before a text that begins like a formula."""
    return "'" + text if text[:1] in GUARDED and text else text


def unguard(cell: str) -> str:
    """Take away the one ``'`` that :func:`guard` puts there."""
    return cell[1:] if cell.startswith("'") else cell


def writer(column: Column) -> Writer:
    """Return how the cells of ``column`` are written."""
    if column.kind == "number":
        places = column.places
        return lambda value, zone: f"{value:.{places}f}"
    return WRITERS[column.kind]


def column_writer(column: Column) -> Callable[[Iterable[Any], Iterable[str]], list[str]]:
    """Return how many cells of ``column`` are written at once: values, ``None`` for none, and their zones."""
    if column.kind == "string":
        return lambda values, zones: _strings(values)
    write = writer(column)
    return lambda values, zones: [
        "" if value is None else write(value, zone) for value, zone in zip(values, zones, strict=False)
    ]


def reader(column: Column) -> Callable[[str], Any]:
    """Return how the cells of ``column`` are read; a cell that is not of its kind raises ``ValueError``."""
    return READERS[column.kind]


def quoted(text: str) -> str:
    """Return ``text`` guarded, its quotes doubled, in quotes."""
    if text[:1] in GUARDED:
        text = guard(text)
    return f'"{text.replace(QUOTE, QUOTE + QUOTE)}"' if QUOTE in text else f'"{text}"'


def _strings(values: Iterable[str | None]) -> list[str]:
    # Nearly every cell is a key or a code; asking here whether it is harmless saves a call for each.
    return [
        "" if text is None else quoted(text) if QUOTE in text or text[:1] in GUARDED else f'"{text}"'
        for text in values
    ]


def local_text(value: datetime, zone: str) -> str:
    """Write a time in its zone with the offset; milliseconds only where there are any."""
    local = value.astimezone(place(zone))
    if (local.utcoffset() or timedelta()) % timedelta(minutes=1):
        # Before standard time a zone was off by odd seconds, which no offset of the format can say.
        local = value.astimezone(UTC)
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


@lru_cache(maxsize=64)
def place(zone: str) -> ZoneInfo:
    """Return the time zone called ``zone``; UTC where this machine does not know it."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _read_flag(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(_("is neither true nor false"))
    return cell == "true"


def _read_moment(cell: str) -> datetime:
    value = datetime.fromisoformat(cell)
    if value.tzinfo is None:
        raise ValueError(_("is a time without its offset"))
    return value


def _read_number(cell: str) -> Decimal:
    try:
        return Decimal(cell)
    except ArithmeticError:
        raise ValueError(_("is not a number")) from None


WRITERS: dict[str, Writer] = {
    "string": lambda value, zone: quoted(value),
    "integer": lambda value, zone: str(int(value)),
    "boolean": lambda value, zone: "true" if value else "false",
    "date": lambda value, zone: value.isoformat(),
    "datetime": local_text,
}
READERS: dict[str, Callable[[str], Any]] = {
    "string": unguard,
    "integer": int,
    "number": _read_number,
    "boolean": _read_flag,
    "date": date.fromisoformat,
    "datetime": _read_moment,
}
