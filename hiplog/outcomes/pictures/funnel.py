"""Question 5 drawn: each therapist's share by number of hips, inside the limits that chance draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.outcomes.pictures.area import DASHED, DOTTED, SOLID, Area, share_ticks, words_only
from hiplog.outcomes.rates import FEWEST, percent, quantity
from hiplog.outcomes.sheet import Row, Sheet
from hiplog.outcomes.therapists import PLACE_WORDS

if TYPE_CHECKING:
    from hiplog.outcomes.therapists import Funnel, TherapistPoint

LEFT, RIGHT, HEAD, FOOT = 7, 13, 1, 2


def draw(found: Funnel, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the therapists with ten hips or more by code; the others are counted in words."""
    share = found.centre.value
    if not found.curve or share is None:
        return words_only(
            (
                _("no therapist has {fewest} hips yet; {hidden}")
                if found.hidden
                else _("no therapist has {fewest} hips yet")
            ).format(fewest=FEWEST, hidden=_hidden(found)),
            width,
            height,
        )
    sheet = Sheet(width, height)
    last = float(found.curve[-1].n)
    columns, rows = width - LEFT - RIGHT, height - HEAD - FOOT
    area = Area(sheet, LEFT, HEAD, columns, rows, (FEWEST - 1.0, last), (0.0, 1.0))
    area.left_axis(share_ticks(1.0))
    _draw_limits(sheet, area, found, share)
    _draw_points(sheet, area, found, at)
    stride = next(step for step in (5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if (last - FEWEST) / step <= 8)
    ticks = [(float(n), str(n)) for n in range(FEWEST, int(last) + 1, stride)]
    pointer = next((float(point.rate.n) for point in found.points if point.code == at), None)
    area.foot_axis(ticks, pointer)
    sheet.put(0, 0, _("responders"), "text")
    sheet.put(width - RIGHT + 1, height - 1, _("hips"), "text")
    if found.hidden:
        sheet.put_right(width - 1, 0, _hidden(found), "text")
    return sheet.lines()


def _hidden(found: Funnel) -> str:
    hips = quantity(found.hidden_hips, "hips")
    return _("not shown: {therapists} below {fewest} hips ({hips})").format(
        therapists=quantity(found.hidden, "therapists"), fewest=FEWEST, hips=hips
    )


def _draw_limits(sheet: Sheet, area: Area, found: Funnel, share: float) -> None:
    first, last = float(found.curve[0].n), float(found.curve[-1].n)
    edges = (("low998", DOTTED), ("high998", DOTTED), ("low95", DASHED), ("high95", DASHED))
    for edge, dash in edges:
        area.line([(float(one.n), getattr(one, edge)) for one in found.curve], "threshold", dash)
    area.line([(first, share), (last, share)], "axis", SOLID)
    area.ink()
    end = found.curve[-1]
    right = area.left + area.columns + 1
    taken: set[int] = set()
    if found.centre.shown is not None:
        labels = [(share, _("all {share}").format(share=f"{percent(share)} %"), "text")]
        labels += [(end.high95, "95 %", "threshold"), (end.high998, "99.8 %", "threshold")]
        for value, words, style in labels:
            row = area.cell(last, value)[1]
            free = next((line for line in (row, row - 1) if line >= area.top and line not in taken), None)
            if free is not None:
                sheet.put(right, free, words, style)
                taken.add(free)


def _draw_points(sheet: Sheet, area: Area, found: Funnel, at: str | None) -> None:
    """Markers first, then codes where there is room for them."""
    for point in found.points:
        inside = point.place == "inside"
        area.mark(
            point.rate.n, point.rate.value or 0.0, "●" if inside else "▲", "first" if inside else "second"
        )
    taken: set[tuple[int, int]] = {area.cell(p.rate.n, p.rate.value or 0.0) for p in found.points}
    for point in found.points:
        _draw_code(sheet, area, point, taken, here=point.code == at)


def _draw_code(
    sheet: Sheet, area: Area, point: TherapistPoint, taken: set[tuple[int, int]], *, here: bool
) -> None:
    column, row = area.cell(point.rate.n, point.rate.value or 0.0)
    words = point.code if point.place == "inside" else f"{point.code} {PLACE_WORDS[point.place]}"
    spots = ((column + 2, row), (column - len(words) - 1, row), (column + 1, row - 1), (column + 1, row + 1))
    for start, line in spots:
        cells = {(start + shift, line) for shift in range(-1, len(words) + 1)}
        fits = area.left <= start and start + len(words) <= sheet.width
        if fits and area.top <= line < area.top + area.rows and not cells & taken:
            sheet.put(start, line, words, "cursor" if here else "mark")
            taken |= cells
            return
