"""The body map's drawing: outlines of hip and pelvis in four views, and where a place lies on them.

A schematic without clinical authority. Outlines are lines through points (x, y), each 0 to 1, y down from
L1. From behind and in front x runs from the midline to the side of one half of the body; from the side
and from within it runs from front to back. The pelvis is drawn larger than the thigh, because most
muscles of this record lie there: :func:`drawn` carries a place of the muscle table over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hiplog.clinical.muscles import Muscle, View
from hiplog.language import p_

Place = tuple[float, float]
Line = tuple[Place, ...]

VIEW_WORDS: dict[View, str] = {
    "posterior": p_("view", "back"),
    "lateral": p_("view", "side"),
    "anterior": p_("view", "front"),
    "medial": p_("view", "inner side"),
}
PAIRED: tuple[View, ...] = ("posterior", "anterior")
"""The views that show both halves of one body; the others show two."""

LATERAL_EDGE = 0.77
"""The widest point of the half outline, which the muscle table calls x = 1."""

LEVELS = ((0.0, 0.0), (0.15, 0.145), (0.24, 0.23), (0.42, 0.52), (0.545, 0.75), (1.0, 1.0))
"""Heights in the muscle table and on the drawing: L1, crest, spines, trochanter, gluteal fold, knee."""

SKIN: Line = (
    (0.52, 0.0), (0.50, 0.10), (0.55, 0.20), (0.66, 0.32), (0.74, 0.44),
    (0.77, 0.56), (0.76, 0.68), (0.73, 0.80), (0.69, 0.90), (0.66, 1.0),
)  # fmt: skip
INNER_THIGH_BEHIND: Line = ((0.03, 0.70), (0.07, 0.80), (0.12, 0.90), (0.16, 1.0))
CLEFT: Line = ((0.0, 0.55), (0.0, 0.69))
GLUTEAL_FOLD: Line = ((0.05, 0.71), (0.18, 0.755), (0.34, 0.75), (0.47, 0.70))
CREST_BEHIND: Line = ((0.12, 0.23), (0.22, 0.155), (0.36, 0.145), (0.48, 0.20), (0.56, 0.29))
SACRUM: Line = ((0.12, 0.23), (0.115, 0.33), (0.06, 0.44), (0.0, 0.52))
TROCHANTER_BEHIND: Line = (
    (0.60, 0.50), (0.655, 0.475), (0.69, 0.52), (0.665, 0.57), (0.61, 0.565), (0.60, 0.50)
)  # fmt: skip
KNEE_FOLD: Line = ((0.27, 0.955), (0.41, 0.975), (0.55, 0.955))

INNER_THIGH_IN_FRONT: Line = ((0.0, 0.645), (0.03, 0.665), (0.07, 0.78), (0.12, 0.90), (0.16, 1.0))
CREST_IN_FRONT: Line = ((0.60, 0.28), (0.565, 0.215), (0.50, 0.22), (0.48, 0.26))
GROIN: Line = ((0.46, 0.29), (0.30, 0.42), (0.06, 0.555))
PUBIS: Line = ((0.0, 0.545), (0.06, 0.555), (0.05, 0.60), (0.0, 0.61))
NAVEL: Line = ((0.0, 0.085), (0.022, 0.10), (0.0, 0.115))
KNEECAP: Line = (
    (0.41, 0.915),
    (0.48, 0.935),
    (0.48, 0.975),
    (0.41, 0.99),
    (0.34, 0.975),
    (0.34, 0.935),
    (0.41, 0.915),
)

BELLY: Line = (
    (0.22, 0.0), (0.17, 0.10), (0.15, 0.20), (0.17, 0.32), (0.21, 0.44), (0.20, 0.56),
    (0.18, 0.68), (0.20, 0.80), (0.25, 0.92), (0.25, 0.965), (0.28, 1.0),
)  # fmt: skip
BUTTOCK: Line = (
    (0.80, 0.0), (0.77, 0.07), (0.78, 0.15), (0.86, 0.26), (0.95, 0.38), (0.99, 0.50),
    (0.97, 0.61), (0.90, 0.70), (0.80, 0.745), (0.78, 0.82), (0.75, 0.91), (0.68, 1.0),
)  # fmt: skip
SIDE_FOLD: Line = ((0.80, 0.745), (0.70, 0.765), (0.62, 0.755))
CREST_FROM_SIDE: Line = (
    (0.24, 0.255),
    (0.30, 0.18),
    (0.42, 0.14),
    (0.56, 0.135),
    (0.70, 0.17),
    (0.82, 0.245),
)
TROCHANTER_FROM_SIDE: Line = (
    (0.46, 0.52), (0.50, 0.48), (0.56, 0.48), (0.59, 0.52), (0.57, 0.575), (0.49, 0.575), (0.46, 0.52)
)  # fmt: skip
ILIOTIBIAL_TRACT: Line = ((0.53, 0.60), (0.51, 0.78), (0.48, 0.98))

SPINE: Line = ((0.66, 0.0), (0.60, 0.08), (0.60, 0.16), (0.66, 0.23))
SACRUM_FROM_WITHIN: Line = (
    (0.66, 0.23), (0.76, 0.26), (0.84, 0.36), (0.85, 0.46), (0.78, 0.54), (0.79, 0.45), (0.74, 0.34),
    (0.66, 0.23),
)  # fmt: skip
SYMPHYSIS: Line = (
    (0.23, 0.54), (0.28, 0.525), (0.32, 0.56), (0.31, 0.61), (0.26, 0.62), (0.23, 0.58), (0.23, 0.54)
)  # fmt: skip
PERINEUM: Line = ((0.20, 0.62), (0.32, 0.66), (0.48, 0.675), (0.62, 0.66), (0.72, 0.61), (0.78, 0.55))
INNER_FOLD: Line = ((0.80, 0.745), (0.71, 0.735), (0.62, 0.70))

OUTLINES: dict[View, tuple[Line, ...]] = {
    "posterior": (
        SKIN, INNER_THIGH_BEHIND, CLEFT, GLUTEAL_FOLD, CREST_BEHIND, SACRUM, TROCHANTER_BEHIND, KNEE_FOLD
    ),
    "anterior": (SKIN, INNER_THIGH_IN_FRONT, CREST_IN_FRONT, GROIN, PUBIS, NAVEL, KNEECAP),
    "lateral": (BELLY, BUTTOCK, SIDE_FOLD, CREST_FROM_SIDE, TROCHANTER_FROM_SIDE, ILIOTIBIAL_TRACT),
    "medial": (BELLY, BUTTOCK, SPINE, SACRUM_FROM_WITHIN, SYMPHYSIS, PERINEUM, INNER_FOLD),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a muscle is marked on a side: the middle of its places on the drawing of its view."""

    muscle: str
    side: str
    view: View
    x: float
    y: float


def drawn(view: View, place: Place) -> Place:
    """Carry a place of the muscle table, x and y from 0 to 1, over to the drawing of ``view``."""
    x, y = place
    return (x * LATERAL_EDGE if view in PAIRED else x), _level(y)


def _level(y: float) -> float:
    for (low, low_drawn), (high, high_drawn) in pairwise(LEVELS):
        if y <= high:
            return low_drawn + (y - low) / (high - low) * (high_drawn - low_drawn)
    return 1.0


def spot(muscle: Muscle, side: str) -> Spot:
    """Return where ``muscle`` is marked on ``side``."""
    places = [drawn(muscle.view, place) for place in muscle.places]
    x, y = (sum(values) / len(places) for values in zip(*places, strict=True))
    return Spot(muscle.code, side, muscle.view, x, y)


def smooth(line: Line, steps: int = 6) -> Line:
    """Return a curve through all its points (Catmull & Rom 1974), ``steps`` pieces a part."""
    ends = (line[0], *line, line[-1])
    curve = [line[0]]
    for part in range(len(line) - 1):
        four = ends[part : part + 4]
        curve += [_between(four, step / steps) for step in range(1, steps + 1)]
    return tuple(curve)


def _between(four: Line, t: float) -> Place:
    x, y = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(*four, strict=True)
    )
    return x, y
