"""The frame of a plot: where values lie on the sheet, round ticks, the axes with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from hiplog.exchange.figures.svg import Drawing, Spot

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` with the ``ticks`` that are labelled."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def fraction(self, value: float) -> float:
        """Where ``value`` lies between ``low`` (0.0) and ``high`` (1.0)."""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's rectangle on the sheet, with the scale along it (``across``) and the one up it."""

    left: float
    top: float
    width: float
    height: float
    across: Scale
    up: Scale

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Where a value of the scale across lies."""
        return self.left + self.across.fraction(value) * self.width

    def y(self, value: float) -> float:
        """Where a value of the scale upwards lies."""
        return self.bottom - self.up.fraction(value) * self.height

    def at(self, across: float, up: float) -> Spot:
        """The place of a pair of values."""
        return self.x(across), self.y(up)


def scale(low: float, high: float, most: int = 6, *, whole: bool = False) -> Scale:
    """Return a scale over ``low`` to ``high`` in about ``most`` round steps, ``whole`` ones for counts."""
    if high <= low:
        high = low + 1
    size = (high - low) / most
    if whole:
        size = max(size, 1.0)
    power = 10.0 ** floor(log10(size))
    steps = (power * lead for lead in STEPS if power * lead >= size * 0.999999)
    step = next(step for step in steps if not whole or step == floor(step))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(step * n, 10) for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def share_scale(top: float) -> Scale:
    """Return a scale of shares from 0 to at least ``top``, never beyond 1."""
    found = scale(0.0, max(top, 0.02))
    return found if found.high <= 1 else scale(0.0, 1.0)


def percent_tick(value: float) -> str:
    """Write the tick of a share: ``20 %``."""
    return f"{value * 100:g} %"


def number_tick(value: float) -> str:
    """Write the tick of a number."""
    return f"{value:g}"


def draw_up(sheet: Drawing, frame: Frame, words: Sequence[str], title: str) -> None:
    """Draw the axis on the left: a rule and a word for each tick, the title above."""
    for tick, word in zip(frame.up.ticks, words, strict=True):
        y = frame.y(tick)
        sheet.line((frame.left, y), (frame.right, y), "rule")
        sheet.text(frame.left - 7, y + 4, word, "s", "end")
    sheet.line((frame.left, frame.top), (frame.left, frame.bottom), "axis")
    sheet.text(2, frame.top - 12, title, "s")


def draw_across(sheet: Drawing, frame: Frame, words: Sequence[str], title: str) -> None:
    """Draw the axis below: a tick and a word for each, the title beneath."""
    sheet.line((frame.left, frame.bottom), (frame.right, frame.bottom), "axis")
    for tick, word in zip(frame.across.ticks, words, strict=True):
        x = frame.x(tick)
        sheet.line((x, frame.bottom), (x, frame.bottom + 4), "axis")
        sheet.text(x, frame.bottom + 17, word, "s", "middle")
    sheet.text((frame.left + frame.right) / 2, frame.bottom + 34, title, "s", "middle")
