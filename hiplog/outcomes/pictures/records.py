"""Question 7 drawn: how often each rule is kept, and what is lacking by therapist and week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.outcomes.pictures.area import CURSOR, POINTER, point_at, window, words_only
from hiplog.outcomes.pictures.causes import short
from hiplog.outcomes.pictures.entries import cut
from hiplog.outcomes.rates import Rate, quantity
from hiplog.outcomes.sheet import Row, Sheet
from hiplog.outcomes.weeks import LACK_COUNTS

if TYPE_CHECKING:
    from hiplog.outcomes.completeness import Completeness
    from hiplog.outcomes.weeks import Records, WeekCell

SHORT = {
    "signed": _("signed"),
    "signed_24h": _("within 24 h"),
    "screening": _("screened"),
    "consent": _("consent"),
    "needles": _("needle count"),
    "pain_before": _("pain before"),
    "pain_after": _("pain after"),
    "follow_up_72h": _("follow-up"),
}
RULES, CODE = 34, 7
LEAST_WEEKS, LACKING_FROM, MOST_PEOPLE = 8, 11, 6
LACKS = ("unsigned", "late", "no_consent", "no_outcome", "count_mismatch")
KEY = _("lacking that week: 1-9, + more; · nothing; blank: no session")


def draw(found: Records, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the rules on the left, the newest weeks on the right."""
    if not found.about.n and not found.weeks:
        return words_only(_("no session in this period"), width, height)
    sheet = Sheet(width, height)
    sheet.put(1, 0, _("kept (95 %)"), "mark")
    for row, rule in enumerate(found.rules[: height - 1], 1):
        _draw_rule(sheet, rule, row, here=rule.rule == at)
    room = width - RULES - 2 - CODE
    if room >= LEAST_WEEKS and height >= 4:
        _draw_grid(sheet, found.weeks, RULES + 2, room, at)
        _draw_lacking(sheet, found.weeks, at)
    return sheet.lines()


def lacking(cell: WeekCell) -> str:
    """What a week lacks, in words."""
    counts = ((lack, getattr(cell, lack)) for lack in LACKS)
    told = (LACK_COUNTS[lack].format(count=count) for lack, count in counts if count)
    return ", ".join(told) or _("nothing")


def _draw_lacking(sheet: Sheet, cells: Sequence[WeekCell], at: str | None) -> None:
    """The newest weeks that lack something, where there is room beneath."""
    found = sorted((cell for cell in cells if cell.lacking), key=lambda cell: cell.week, reverse=True)
    if sheet.rows < LACKING_FROM + 3 or not found:
        return
    sheet.put(1, LACKING_FROM - 1, _("lacking, the newest weeks first"), "mark")
    for row, cell in enumerate(found[: sheet.rows - LACKING_FROM], LACKING_FROM):
        here = cell.key == at
        words = _("{lacking} of {sessions}").format(
            lacking=lacking(cell), sessions=quantity(cell.sessions, "sessions")
        )
        told = f"{CURSOR if here else ' '}{cell.week}  {cell.therapist:<8} {words}"
        sheet.put(0, row, cut(told, sheet.width), _ink(here))


def _ink(here: bool) -> str:
    return "cursor" if here else "text"


def label(rule: str) -> str:
    """A rule in a word or two."""
    return SHORT.get(rule, rule.replace("_", " "))


def _draw_rule(sheet: Sheet, rule: Completeness, row: int, *, here: bool) -> None:
    style = _ink(here)
    point_at(sheet, 0, row, here=here)
    sheet.put(1, row, label(rule.rule), style)
    sheet.put(14, row, short(Rate(rule.passed, rule.denominator)), style)


def _draw_grid(sheet: Sheet, cells: Sequence[WeekCell], left: int, room: int, at: str | None) -> None:
    weeks = _newest(cells, room, at)
    held = {(cell.therapist, cell.week): cell for cell in cells}
    people = sorted({person for person, week in held if week in weeks})
    if not weeks:
        sheet.put(left, 1, _("no session yet"), "message")
        return
    span = weeks[0] if len(weeks) == 1 else _("{first} to {last}").format(first=weeks[0], last=weeks[-1])
    sheet.put(left + CODE, 0, cut(span, room), "mark")
    place = next((n for n, p in enumerate(people) if (at or "").endswith(f":{p}")), None)
    rows = window(len(people), place, max(1, min(sheet.rows - 5, MOST_PEOPLE)))
    for row, index in enumerate(rows, 1):
        person = people[index]
        sheet.put(left, row, cut(person, CODE - 1), "text")
        for column, week in enumerate(weeks, left + CODE):
            _draw_cell(sheet, held.get((person, week)), column, row, at)
    foot = len(rows) + 2
    pointed = next((week for week in weeks if (at or "").startswith(f"week:{week}:")), None)
    if pointed is not None:
        sheet.put(left + CODE + weeks.index(pointed), foot - 1, POINTER, "cursor")
    if len(rows) < len(people):
        sheet.put(
            left, foot, _("and {count} more: t lists them").format(count=len(people) - len(rows)), "text"
        )
        foot += 1
    for line, words in enumerate(_folded(KEY, room + CODE)):
        sheet.put(left, foot + line, words, "text")


def _newest(cells: Sequence[WeekCell], room: int, at: str | None) -> list[str]:
    """The last weeks there is room for; the cursor takes the window back to its own."""
    weeks = sorted({cell.week for cell in cells})
    pointed = next((n for n, week in enumerate(weeks) if (at or "").startswith(f"week:{week}:")), len(weeks))
    start = min(pointed, max(len(weeks) - room, 0))
    return weeks[start : start + room]


def _folded(text: str, room: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, room)


def _draw_cell(sheet: Sheet, cell: WeekCell | None, column: int, row: int, at: str | None) -> None:
    if cell is None:
        return
    char = "·" if not cell.lacking else str(cell.lacking) if cell.lacking < 10 else "+"
    here = cell.key == at
    if here:
        sheet.put(RULES + 1, row, CURSOR, "cursor")
    sheet.put(column, row, char, "cursor" if here else "second" if cell.lacking else "text")
    if cell.lacking:
        sheet.band(column, column, range(row, row + 1))
