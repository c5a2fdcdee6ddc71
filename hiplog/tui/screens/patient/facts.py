"""The head of a patient's page: who, which hip, what must be respected, how it changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from hiplog.clinical.code_words import said
from hiplog.clinical.measures import value_text
from hiplog.clinical.record import SIDE_WORDS, Episode
from hiplog.language import _, counted
from hiplog.logbook import request_words
from hiplog.logbook.shown import shown
from hiplog.tui.privacy import named
from hiplog.tui.screens.parts import (
    HIPS,
    age_words,
    hip_words,
    joined,
    local,
    measure_name,
    precaution_words,
    short_day,
)

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline
    from hiplog.outcomes.trend import PatientTrend

STAGES = {"before": _("before needling"), "after": _("after needling"), "follow_up": _("at follow-up")}
ASKS = _("request {request}{more}; R shows it")
MORE = _(", and {count} more")


def place(timeline: Timeline) -> str:
    """The title: name and chart code."""
    patient = timeline.patient
    return f"{shown(named(patient.name), 44)}   {patient.code}"


def place_in(timeline: Timeline, number: int) -> str:
    """The title in a visit: name, chart code and the number of the visit."""
    return _("{place}   visit {number}").format(place=place(timeline), number=number)


def head(timeline: Timeline, today: date) -> list[Content]:
    """Age, hips, visits; then every precaution in words with its mark."""
    signed = [s for s in timeline.sessions if s.status == "signed"]
    visits = counted(len(signed), "{count} visit", "{count} visits")
    if signed:
        last = short_day(max(map(local, signed)), today)
        visits = _("{visits}, last {day}").format(visits=visits, day=last)
    hips = [_episode(e) for e in timeline.episodes] or [_("no episode yet: e opens one")]
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
    hip = hip_words(episode.side, episode.cause)
    return _("{hip} (closed)").format(hip=hip) if episode.closed_on else hip


def change_line(trend: PatientTrend, *, hip: bool = False) -> Content:
    """``pain now: 7/10 → 2/10, ▲ better, MCID 2 reached``; with ``hip`` it says which hip's course it is."""
    name = measure_name(trend.measure.code)
    if hip and trend.hip:
        name = f"{HIPS[trend.hip]}, {name}"
    elif trend.series.side:
        name += f" {SIDE_WORDS[trend.series.side]}"
    if not trend.series.measured:
        return joined((f"{name}: ", "bold"), _("no reading yet"))
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
    words = f"{result.mark} {said(result.word)}"
    if result.mcid is not None and result.mcid.absolute is not None:
        told = _("{words}; MCID {mcid} reached") if result.reached else _("{words}; MCID {mcid} not reached")
        return told.format(words=words, mcid=f"{result.mcid.absolute.normalize():f}")
    if result.mdc is not None and result.mdc.absolute is not None:
        told = (
            _("{words}; beyond error ({mdc})") if result.beyond_error else _("{words}; within error ({mdc})")
        )
        return told.format(words=words, mdc=value_text(trend.measure, result.mdc.absolute))
    return _("{words}; no published threshold").format(words=words)
