"""Question 2 drawn: a dot with its interval for each cause, in the order of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.outcomes.pictures.area import point_at, words_only
from hiplog.outcomes.pictures.entries import cut
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.sheet import Row, Sheet

if TYPE_CHECKING:
    from hiplog.outcomes.groups import Causes, Group

NAMES, WORDS = 27, 22
SHORT = {
    "OA": _("osteoarthritis"),
    "SCIATICA_PIRIF": _("sciatica/piriformis"),
    "POST_THA": _("after replacement"),
}
TICKS, LABELLED = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0)


def draw(found: Causes, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw a row for each cause; fewer than ten hips have no dot, only n/N. ``at`` is under the cursor."""
    groups = found.split.groups
    if not groups:
        return words_only(_("no hip has begun in this period"), width, height)
    sheet = Sheet(width, height)
    left, span = NAMES + 1, width - NAMES - WORDS - 3
    pitch = 2 if len(groups) * 2 + 3 <= height else 1
    foot = min(1 + len(groups) * pitch, height - 2)
    _draw_everybody(sheet, found.split.everybody, left, span, foot)
    for place, group in enumerate(groups):
        row = 1 + place * pitch
        if row >= foot:
            break
        _draw_group(sheet, group, row, left, span, at)
    _draw_scale(sheet, left, span, foot)
    return sheet.lines()


def spot(share: float, left: int, span: int) -> int:
    """The column of a share."""
    return left + round(share * (span - 1))


def draw_rate(sheet: Sheet, rate: Rate, row: int, left: int, span: int) -> None:
    """Draw ``├──●──┤``; nothing where the share is suppressed."""
    if rate.shown is None:
        return
    middle, low, high = (spot(share, left, span) for share in rate.shown)
    sheet.put(low, row, "─" * (high - low + 1), "first")
    sheet.put(low, row, "├", "first")
    sheet.put(high, row, "┤", "first")
    sheet.put(middle, row, "●", "first")


def short(rate: Rate) -> str:
    """The share and its interval without the counts; n/N below ten."""
    return rate.words.partition(", ")[0].rpartition("= ")[2]


def _draw_everybody(sheet: Sheet, everybody: Rate, left: int, span: int, foot: int) -> None:
    if everybody.shown is None:
        return
    column = spot(everybody.shown[0], left, span)
    for row in range(1, foot):
        sheet.put(column, row, "┊", "threshold")
    words = _("all {share}").format(share=short(everybody))
    sheet.put(max(left, min(column - len(words) // 2, left + span - len(words))), 0, words, "text")


def _draw_group(sheet: Sheet, group: Group, row: int, left: int, span: int, at: str | None) -> None:
    rate, here = group.lines.started, group.key == at
    count = f"{rate.events}/{rate.n}"
    point_at(sheet, 0, row, here=here)
    sheet.put(1, row, cut(SHORT.get(group.key, group.label), NAMES - 8), "cursor" if here else "text")
    sheet.put_right(NAMES - 1, row, count, "text")
    draw_rate(sheet, rate, row, left, span)
    words = _("too few for a rate") if rate.shown is None else short(rate)
    sheet.put(left + span + 1, row, words, "text")


def _draw_scale(sheet: Sheet, left: int, span: int, row: int) -> None:
    sheet.put(left, row, "─" * span, "axis")
    for tick in TICKS:
        column = spot(tick, left, span)
        sheet.put(column, row, "┴", "axis")
        words = f"{round(tick * 100)} %"
        if tick in LABELLED:
            sheet.put(max(left, min(column - 1, left + span - len(words))), row + 1, words, "text")
    sheet.put_right(left - 2, row + 1, _("share of responders"), "text")
