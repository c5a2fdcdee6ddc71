"""The eight pictures by question, and the list of numbers that belongs to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.outcomes.pictures import (
    attendance,
    causes,
    course,
    dose,
    funnel,
    months,
    pairs,
    records,
    tables_care,
    tables_change,
)
from hiplog.outcomes.pictures.area import words_only
from hiplog.outcomes.pictures.entries import Listing
from hiplog.outcomes.sheet import Row

if TYPE_CHECKING:
    from hiplog.outcomes.dashboard import Dashboard

MIN_WIDTH, MIN_HEIGHT = 46, 7


def draw(shown: Dashboard, question: str, at: str | None, width: int, height: int) -> tuple[Row, ...]:
    """Draw the answer to ``question`` in ``height`` rows of ``width`` cells; ``at`` is under the cursor.

    Where there is nothing to draw, or no room, it says so in words.
    """
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return words_only(
            _("no room: needs {width} × {height}; t lists it").format(width=MIN_WIDTH, height=MIN_HEIGHT),
            width,
            height,
        )
    if question == "improvement":
        return pairs.draw(shown.improvement, width, height, strict=shown.strict)
    if question == "causes":
        return causes.draw(shown.causes, at, width, height)
    if question == "time":
        return course.draw(shown.time, at, width, height)
    if question == "safety":
        return months.draw(shown.safety, at, width, height)
    if question == "therapists":
        return funnel.draw(shown.therapists, at, width, height)
    if question == "attendance":
        return attendance.draw(shown.attendance, at, width, height)
    if question == "completeness":
        return records.draw(shown.completeness, at, width, height)
    return dose.draw(shown.dose, at, width, height)


def listing(shown: Dashboard, question: str) -> Listing:
    """Every number of the answer to ``question``."""
    makers = {
        "improvement": lambda: tables_change.improvement(shown.improvement),
        "causes": lambda: tables_change.causes(shown.causes),
        "time": lambda: tables_change.time(shown.time),
        "therapists": lambda: tables_change.therapists(shown.therapists),
        "safety": lambda: tables_care.safety(shown.safety),
        "attendance": lambda: tables_care.attendance(shown.attendance),
        "completeness": lambda: tables_care.completeness(shown.completeness),
        "dose": lambda: tables_care.dose(shown.dose),
    }
    return makers[question]()
