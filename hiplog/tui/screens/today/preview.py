"""The pane beside the worklist: the patient under the cursor, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from hiplog.clinical.code_words import said
from hiplog.clinical.record import Session
from hiplog.language import _, counted
from hiplog.logbook.shown import shown
from hiplog.outcomes.scale import figure
from hiplog.tui.privacy import named
from hiplog.tui.screens.parts import (
    age_words,
    hip_words,
    joined,
    local,
    precaution_words,
    short_day,
    stacked,
)

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline

VISITS = 6
DAY_COLUMNS = 9


class Preview(VerticalScroll, can_focus=False):
    """Who, which hip, precautions, the last visits with their pain."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="glance", markup=False)

    def clear(self) -> None:
        """Show nothing."""
        self.query_one("#glance", Static).update(Content(""))

    def show(self, timeline: Timeline, today: date) -> None:
        """Show a patient."""
        self.query_one("#glance", Static).update(glance(timeline, today))


def glance(timeline: Timeline, today: date) -> Content:
    """The text of the pane."""
    patient, newest = timeline.patient, timeline.sessions[-VISITS:]
    columns = day_columns(newest, today)
    lines = [
        joined((shown(named(patient.name), 40), "bold")),
        joined(f"{shown(patient.code)}, {age_words(patient.birth, today)}"),
        *(joined(hip_words(e.side, e.cause)) for e in timeline.episodes if e.closed_on is None),
        joined(""),
        *precaution_lines(timeline),
        joined((counted(len(timeline.sessions), "{count} visit", "{count} visits"), "bold $primary")),
        *(visit_line(one, today, columns) for one in reversed(newest)),
    ]
    return stacked(lines)


def precaution_lines(timeline: Timeline) -> list[Content]:
    """A line a precaution, marked; none when there is none."""
    found = [joined(("! ", "bold $accent"), shown(precaution_words(p))) for p in timeline.precautions]
    return [*found, joined("")] if found else []


def day_columns(sessions: Sequence[Session], today: date) -> int:
    """How wide the days of these visits are, so that what comes after them stands in one column."""
    return max((DAY_COLUMNS, *(len(short_day(local(one), today)) for one in sessions)))


def visit_line(session: Session, today: date, columns: int) -> Content:
    """``3 12 Nov    pain 6 → 3, 4 sites``; a voided visit and a draft say so."""
    at = short_day(local(session), today).ljust(columns)
    scores = [session.reading("NPRS", "before"), session.reading("NPRS", "after")]
    told = [figure(r.value) for r in scores if r is not None and r.value is not None]
    pain = _("pain {told}").format(told=" → ".join(told)) if told else _("no pain score")
    state = "" if session.status == "signed" else f", {said(session.status)}"
    sites = counted(len(session.insertions), "{count} site", "{count} sites")
    return joined(f"{session.number:>2} {at} {pain}, {sites}{state}")
