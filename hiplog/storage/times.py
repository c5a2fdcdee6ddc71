"""How a time is written in a file: one spelling for storage, audit and comparison."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(value: datetime) -> str:
    """Write a time as ``2026-11-23T09:30:00.000Z``."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_text(text: str) -> datetime:
    """Read what :func:`utc_text` wrote; ``ValueError`` for any other spelling, which would sort wrongly."""
    if text[10:11] != "T" or text[19:20] != "." or text[23:] != "Z":
        raise ValueError("a time that is not written as hiplog writes it")
    return datetime.fromisoformat(text)
