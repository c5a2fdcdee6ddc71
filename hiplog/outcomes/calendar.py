"""Months and weeks as labels, those without a session among them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def months(days: Iterable[date]) -> tuple[str, ...]:
    """Every month from the first to the last of ``days``, ``2026-03``; none of none."""
    return months_of({f"{day.year:04}-{day.month:02}" for day in days})


def months_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Every month from the first to the last of ``labels``."""
    found = sorted({(int(label[:4]), int(label[5:])) for label in labels})
    if not found:
        return ()
    (year, month), last = found[0], found[-1]
    every = []
    while (year, month) <= last:
        every.append(f"{year:04}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return tuple(every)


def week(day: date) -> str:
    """The ISO week of ``day``, ``2026-W09``: Monday to Sunday, its year that of its Thursday."""
    year, number, _ = day.isocalendar()
    return f"{year:04}-W{number:02}"
