"""What is wrong with one cell of a bundle: its type, its code, its bounds, the guard against formulas.

A part of the verifier (:mod:`hiplog.exchange.verifier`): nothing but Python is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

GUARDED = frozenset("=+-@\t\r\n\0'＝＋－＠")
INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?")
_MOMENT = re.compile(_LOCAL.pattern + r"[+-]\d\d:\d\d")

Judge = Callable[[str], tuple[str, str] | None]
"""Returns what is wrong with a cell, as kind and sentence, or ``None``."""


def judge_of(described: dict[str, Any]) -> Judge:
    """Return what is wrong with a cell of this column, as kind and sentence, or ``None``."""
    kind, rules = described["type"], described.get("constraints", {})
    judge, listed = JUDGES[kind], rules.get("enum")
    allowed = None if listed is None else frozenset(listed)
    low, high = rules.get("minimum"), rules.get("maximum")
    required, uuid = rules.get("required", False), described.get("format") == "uuid"

    def judged(cell: str) -> tuple[str, str] | None:
        if cell == "":
            return ("missing-value", "must be filled") if required else None
        wrong = judge(cell)
        if wrong:
            return wrong
        if uuid and not _UUID.fullmatch(cell):
            return "type", "is not a UUID"
        if allowed is not None and cell not in allowed:
            return "wrong-code", f"{cell[:24]!a} is not a code of this column"
        if (low is not None and float(cell) < low) or (high is not None and float(cell) > high):
            return "out-of-range", f"lies outside {low} to {high}"
        return None

    return judged


def _matches(pattern: re.Pattern[str], what: str) -> Judge:
    return lambda cell: None if pattern.fullmatch(cell) else ("type", f"is not {what}")


def _judge_text(cell: str) -> tuple[str, str] | None:
    if cell[0] == "'" and (cell[1:2] not in GUARDED or len(cell) == 1):
        return "guard", "has an apostrophe in front that guards nothing"
    if cell[0] in GUARDED and cell[0] != "'":
        return "guard", "could be run as a formula: the apostrophe in front is missing"
    return None


def _judge_date(cell: str) -> tuple[str, str] | None:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return "type", "is not a day of the calendar"
    return None if _DATE.fullmatch(cell) else ("type", "is not written YYYY-MM-DD")


def _judge_moment(cell: str) -> tuple[str, str] | None:
    if _LOCAL.fullmatch(cell):
        return "no-offset", "is a time without its offset"
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return "type", "is not a time"
    return None if _MOMENT.fullmatch(cell) else ("type", "is not written YYYY-MM-DDThh:mm:ss+hh:mm")


JUDGES: dict[str, Judge] = {
    "string": _judge_text,
    "integer": _matches(INTEGER, "a whole number"),
    "number": _matches(_NUMBER, "a number"),
    "boolean": _matches(re.compile("true|false"), "true or false"),
    "date": _judge_date,
    "datetime": _judge_moment,
}
