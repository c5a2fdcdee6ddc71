"""A chart of two series over many visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hiplog.outcomes.points import Chart, Point
from hiplog.tui.widgets import demo


def long_chart(visits: int) -> Chart:
    """Pain and rotation over so many visits, a week apart."""
    pain, rotation = demo.chart().series
    return Chart((_over(pain, visits, 11, 0), _over(rotation, visits, 35, 10)), ())


def _over(series: object, visits: int, span: int, least: int) -> object:
    first = demo.FIRST_VISIT
    points = tuple(
        Point(first + timedelta(days=7 * n), Decimal(least + n % span), n + 1, "before")
        for n in range(visits)
    )
    return replace(series, points=points)  # type: ignore[type-var]
