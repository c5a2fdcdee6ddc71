"""The body map on paper: the terminal's outlines and places, a number where needles went, each one named.

A schematic. Marks on the drawing are counts, not colours; a line leads from each to its muscle's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from hiplog.clinical.body import OUTLINES, PAIRED, VIEW_WORDS, Place, smooth, spot
from hiplog.clinical.muscles import MUSCLES, VIEWS, View
from hiplog.clinical.record import SIDE_WORDS, SIDES
from hiplog.exchange.figures.svg import Drawing, Spot
from hiplog.language import _

Key = tuple[str, str]
"""A muscle code and a side."""

HEIGHT, HEAD, FOOT = 250, 32, 8
ASPECT = 0.74
"""Width of a body's unit for each unit down: the pelvis looks as wide as it is."""

NAMES = 108
"""Room for a name on either side of the body."""

LONG = 12
"""Letters of a name that is still written on one line."""

LINE = 16
RADIUS, CLEAR, CLEAR_OF_DOTS = 11, 24, 15
FACING: dict[View, str] = {"lateral": _("{view}, front outward"), "medial": _("{view}, front inward")}
STEPS = sorted(
    product(range(-60, 61, 4), range(-40, 41, 4)), key=lambda step: (step[0] ** 2 + step[1] ** 2, step)
)


@dataclass(frozen=True, slots=True)
class Sight:
    """How a view's unit square falls on the sheet."""

    view: View

    @property
    def unit(self) -> float:
        """Pixels from x = 0 to x = 1 of one half."""
        return HEIGHT * ASPECT

    @property
    def half(self) -> float:
        """Pixels from the middle to the edge of the drawing."""
        return self.unit * 0.8 if self.view in PAIRED else self.unit + 10

    @property
    def width(self) -> float:
        """The sheet's width: both halves, and room for names on either side."""
        return 2 * (self.half + NAMES)

    def at(self, side: str, place: Place) -> Spot:
        """The spot of a place on ``side``: the left on the left, save from the front, as one sees it."""
        x, y = place
        on_right = (side == "R") != (self.view == "anterior")
        if self.view in PAIRED:
            away = x * self.unit
        else:
            away = 8 + (x if self.view == "medial" else 1 - x) * (self.unit - 8)
        middle = self.width / 2
        return (middle + away if on_right else middle - away), HEAD + y * HEIGHT


def views(counts: Mapping[Key, int]) -> tuple[View, ...]:
    """Return the views that hold a needled muscle, all of them when none does."""
    held = {MUSCLES[code].view for (code, _), count in counts.items() if count and code in MUSCLES}
    return tuple(view for view in VIEWS if view in held) or VIEWS


def body_map(counts: Mapping[Key, int], view: View, name: str = "map") -> str:
    """Draw ``view`` with the insertions of ``counts``, by muscle code and side."""
    sight = Sight(view)
    here = {key: n for key, n in counts.items() if n and key[0] in MUSCLES and MUSCLES[key[0]].view == view}
    title = _("Body map, {view}").format(view=VIEW_WORDS[view])
    sheet = Drawing(f"{name}-{view}", title, _description(here), sight.width, HEAD + HEIGHT + FOOT, "map")
    heading = FACING.get(view, "{view}").format(view=VIEW_WORDS[view])
    sheet.text(sight.width / 2, 14, heading, "b", "middle")
    for side, line in product(SIDES, OUTLINES[view]):
        sheet.path([sight.at(side, place) for place in smooth(line)], "outline")
    for side in SIDES:
        on_right = (side == "R") != (view == "anterior")
        x = sight.width / 2 + (1 if on_right else -1) * (sight.half + 8)
        sheet.text(x, HEAD + 6, f"{side} {SIDE_WORDS[side]}", "t", "start" if on_right else "end")
    spots = _spread(sight, here)
    for muscle in MUSCLES.active():
        for side in SIDES:
            if muscle.view == view and (muscle.code, side) not in here:
                sheet.circle(_free(sight, (muscle.code, side), spots), 2.6, "hole")
    _draw_names(sheet, sight, spots)
    for key, at in spots.items():
        sheet.circle(at, RADIUS, "spot")
        sheet.text(at[0], at[1] + 5, str(here[key]), "b", "middle")
    return sheet.svg()


def _description(here: Mapping[Key, int]) -> str:
    named = [f"{MUSCLES[code].name} {SIDE_WORDS[side]} {count}" for (code, side), count in here.items()]
    if not named:
        return _("Schematic of hip and pelvis; no insertions in this view.")
    return _("Schematic of hip and pelvis; insertions: {named}.").format(named=", ".join(named))


def _spread(sight: Sight, here: Mapping[Key, int]) -> dict[Key, Spot]:
    """Give each needled muscle the nearest spot of its side that is clear of those before it."""
    taken: dict[Key, Spot] = {}
    for key in sorted(here, key=lambda key: (_home(sight, key)[1], key)):
        x, y = _home(sight, key)
        outward = 1 if x > sight.width / 2 else -1
        near = ((x + right, y + down) for right, down in STEPS)
        own = (at for at in near if (at[0] - sight.width / 2) * outward > RADIUS)
        taken[key] = next((at for at in own if _apart(at, taken.values(), CLEAR)), (x, y))
    return taken


def _free(sight: Sight, key: Key, spots: Mapping[Key, Spot]) -> Spot:
    x, y = _home(sight, key)
    near = ((x + right, y + down) for right, down in STEPS)
    return next((at for at in near if _apart(at, spots.values(), CLEAR_OF_DOTS)), (x, y))


def _home(sight: Sight, key: Key) -> Spot:
    found = spot(MUSCLES[key[0]], key[1])
    return sight.at(key[1], (found.x, found.y))


def _apart(at: Spot, others: Iterable[Spot], least: float) -> bool:
    return all((at[0] - x) ** 2 + (at[1] - y) ** 2 >= least**2 for x, y in others)


def _draw_names(sheet: Drawing, sight: Sight, spots: Mapping[Key, Spot]) -> None:
    """Name each needled muscle in the margin of its side, as high as its mark or below the last."""
    middle = sight.width / 2
    for outward in (-1, 1):
        free = HEAD + 18.0
        edge = middle + outward * (sight.half + 4)
        beside = [(key, at) for key, at in spots.items() if (at[0] - middle) * outward > 0]
        for key, (x, y) in sorted(beside, key=lambda one: one[1][1]):
            lines = _lines(MUSCLES[key[0]].name)
            row = max(y, free + LINE * len(lines) / 2)
            free = row + LINE * len(lines) / 2 + 3
            sheet.path([(x, y), (edge - outward * 8, row), (edge, row)], "leader")
            for number, words in enumerate(lines):
                baseline = row + 5 + LINE * (number - (len(lines) - 1) / 2)
                sheet.text(edge + outward * 3, baseline, words, "t", "start" if outward > 0 else "end")


def _lines(name: str) -> list[str]:
    """A name on one line, or its last word on a second."""
    first, _, last = name.rpartition(" ")
    return [name] if len(name) <= LONG or not first else [first, last]
