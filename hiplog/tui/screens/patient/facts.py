"""The head of a patient's page: who, which hip, what must be respected, how it changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from hiplog.clinical.measures import value_text
from hiplog.clinical.record import SIDE_WORDS, Episode
from hiplog.logbook import request_words
from hiplog.logbook.shown import shown
from hiplog.tui.privacy import named
from hiplog.tui.screens.parts import (
    age_words,
    hip_words,
    joined,
    local,
    many,
    measure_name,
    precaution_words,
    short_day,
)

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline
    from hiplog.outcomes.trend import PatientTrend

STAGES = {"before": "before needling", "after": "after needling", "follow_up": "at follow-up"}
ASKS = "request {request}{more}; R shows it"
MORE = ", and {count} more"


def place(timeline: Timeline) -> str:
    """The title: name and chart code."""
    patient = timeline.patient
    return f"{shown(named(patient.name), 44)}   {patient.code}"


def head(timeline: Timeline, today: date) -> list[Content]:
    """Age, hips, visits; then every precaution in words with its mark."""
    counted = [s for s in timeline.sessions if s.status == "signed"]
    visits = many(len(counted), "visit")
    if counted:
        visits += f", last {short_day(max(map(local, counted)), today)}"
    hips = [_episode(e) for e in timeline.episodes] or ["no episode yet: e opens one"]
    lines = [joined(", ".join((age_words(timeline.patient.birth, today), *hips)), "   ", (visits, "bold"))]
    if timeline.precautions:
        words = "; ".join(precaution_words(p) for p in timeline.precautions)
        lines.append(joined(("! ", "bold $accent"), shown(words)))
    waiting = [one for one in timeline.requests if one.waits]
    if waiting:
        more = MORE.format(count=len(waiting) - 1) if len(waiting) > 1 else ""
        asked = ASKS.format(request=request_words.short(waiting[0], today), more=more)
        lines.append(joined(("! ", "bold $accent"), asked))
    return lines


def _episode(episode: Episode) -> str:
    closed = " (closed)" if episode.closed_on else ""
    return f"{hip_words(episode.side, episode.cause)}{closed}"


def change_line(trend: PatientTrend, *, hip: bool = False) -> Content:
    """``pain now: 7/10 → 2/10, ▲ better, MCID 2 reached``; with ``hip`` it says which hip's course it is."""
    name = measure_name(trend.measure.code)
    if hip and trend.hip:
        name = f"{SIDE_WORDS[trend.hip]} hip, {name}"
    elif trend.series.side:
        name += f" {SIDE_WORDS[trend.series.side]}"
    if not trend.series.measured:
        return joined((f"{name}: ", "bold"), "no reading yet")
    latest = trend.series.measured[-1]
    assert latest.value is not None
    change = trend.change
    if change is None or change.start.value is None:
        return joined((f"{name}: ", "bold"), value_text(trend.measure, latest.value))
    start = value_text(trend.measure, change.start.value)
    end = value_text(trend.measure, latest.value)
    return joined((f"{name}: ", "bold"), f"{start} → {end} {STAGES[latest.stage]}, {_verdict(trend)}")


def _verdict(trend: PatientTrend) -> str:
    change = trend.change
    assert change is not None
    result = change.result
    words = f"{result.mark} {result.word}"
    if result.mcid is not None and result.mcid.absolute is not None:
        reached = "reached" if result.reached else "not reached"
        return f"{words}; MCID {result.mcid.absolute.normalize():f} {reached}"
    if result.mdc is not None and result.mdc.absolute is not None:
        beyond = "beyond" if result.beyond_error else "within"
        return f"{words}; {beyond} error ({value_text(trend.measure, result.mdc.absolute)})"
    return f"{words}; no published threshold"
