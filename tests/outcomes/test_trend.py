"""One patient's trend shows what is in the record now: in order of time, amended, without void sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import samples
from clocks import NOON, SetClock

from hiplog.clinical.errors import BadInput
from hiplog.clinical.record import EpisodeDraft, Inquiry, Reaction, Reading
from hiplog.exchange.figures import trend as figures
from hiplog.logbook import amendments, episodes, followups, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import trend
from hiplog.outcomes.plot import draw
from hiplog.outcomes.points import Chart
from hiplog.outcomes.sheet import plain

pytestmark = pytest.mark.both_databases
ASKED = Inquiry("follow_up", "checklist", "patient", "none")


def values(found: trend.PatientTrend) -> list[int | None]:
    return [None if point.value is None else int(point.value) for point in found.series.points]


def test_nothing_measured_is_an_empty_trend(book: Logbook) -> None:
    who, _ = samples.admit(book)
    found = book.read(trend.of, who.id)
    assert (found.series.points, found.marks, found.change) == ((), (), None)
    assert found.chart.empty
    assert book.read(trend.measured, who.id) == ()


def test_a_course_of_visits_in_the_clinics_time(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    for before, after in ((7, 5), (6, 4), (4, 2)):
        samples.visit(book, who.id, episode, before, after)
        clock.forward(days=7)
    found = book.read(trend.of, who.id)
    assert values(found) == [7, 5, 6, 4, 4, 2]
    assert [point.stage for point in found.series.points[:2]] == ["before", "after"]
    first = found.series.points[0]
    assert (first.at, first.at.utcoffset(), first.session) == (NOON, timedelta(hours=1), 1)
    assert book.read(trend.measured, who.id) == ("NPRS",)
    assert found.change is not None
    assert (found.change.start.value, found.change.end.value, found.change.to_stage) == (7, 2, "after")
    assert (found.change.result.improved, found.change.result.word) == (5, "better")


@pytest.mark.parametrize(
    ("end", "word"), [(4, "better"), (5, "better"), (6, "same"), (7, "same"), (9, "worse")]
)
def test_the_change_is_judged_by_the_measures_own_threshold(
    book: Logbook, clock: SetClock, end: int, word: str
) -> None:
    """On a 0-10 pain scale two points or thirty percent are what patients notice (Farrar, Pain 2001)."""
    who, episode = samples.admit(book)
    samples.visit(book, who.id, episode, 7, 7, readings=(samples.pain(7),))
    clock.forward(days=7)
    samples.visit(book, who.id, episode, end, end, readings=(samples.pain(end),))
    found = book.read(trend.of, who.id)
    assert found.change is not None
    assert found.change.result.word == word


def test_a_follow_up_stands_at_the_day_it_was_made(book: Logbook, clock: SetClock) -> None:
    """It may come after a later visit; the latest value is the latest in time."""
    who, episode = samples.admit(book)
    first = samples.visit(book, who.id, episode, 8, 6)
    clock.forward(hours=20)
    samples.visit(book, who.id, episode, 5, 4)
    clock.forward(hours=20)
    book.write(followups.record, first.id, ASKED, (samples.pain(3),))
    found = book.read(trend.of, who.id)
    assert values(found) == [8, 6, 5, 4, 3]
    assert [point.at for point in found.series.points] == sorted(point.at for point in found.series.points)
    assert found.change is not None
    assert (found.change.end.value, found.change.to_stage) == (3, "follow_up")


def test_amended_values_count_and_void_sessions_do_not(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    first = samples.visit(book, who.id, episode, 8, 6)
    clock.forward(days=7)
    second = samples.visit(book, who.id, episode, 5, 4)
    clock.forward(days=7)
    bruise = Inquiry("session", "open", "therapist", "yes", (Reaction("BRUISE", "mild"),))
    wrong = samples.visit(
        book,
        who.id,
        episode,
        1,
        0,
        readings=(samples.pain(0), samples.pain(60, measure="LEFS")),
        inquiries=(bruise,),
    )
    assert book.read(trend.of, who.id).marks[0].kind == "reaction"
    book.write(sessions.void, wrong.id, "wrong chart")
    book.write(amendments.amend, first.id, "reading.nprs.before", "6", "misheard")
    book.write(amendments.amend, second.id, "reading.nprs.after", None, "not taken")
    found = book.read(trend.of, who.id)
    assert values(found) == [6, 6, 5, None]
    assert found.series.points[-1].missing_reason == "amended"
    assert found.marks == ()
    assert found.change is not None
    assert (found.change.start.value, found.change.end.value) == (6, 5)
    assert book.read(trend.measured, who.id) == ("NPRS",)


def test_a_missing_value_is_a_gap_and_not_a_zero(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    for value in (6, None, 3):
        gap = {} if value is not None else {"missing_reason": "refused"}
        samples.visit(book, who.id, episode, readings=(samples.pain(value, **gap),))
        clock.forward(days=7)
    found = book.read(trend.of, who.id)
    assert values(found) == [6, None, 3]
    assert found.series.points[1].missing_reason == "refused"
    assert found.change is not None
    assert found.change.end.value == 3


def motion(value: int, side: str, **more: Any) -> samples.Reading:
    return samples.Reading("before", "FLEX", Decimal(value), side, **{"mode": "active"} | more)  # type: ignore[arg-type]


def test_left_and_right_are_never_mixed(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    for left, right in ((100, 80), (105, 95)):
        taken = (samples.pain(5), motion(left, "L"), motion(right, "R"))
        samples.visit(book, who.id, episode, readings=taken)
        clock.forward(days=7)
    assert values(book.read(trend.of, who.id, "flex", "L")) == [100, 105]
    assert values(book.read(trend.of, who.id, "FLEX", "R")) == [80, 95]
    assert values(book.read(trend.of, who.id, "FLEX")) == [80, 95]


def test_two_hips_are_never_one_line(book: Logbook, clock: SetClock) -> None:
    who, right = samples.admit(book)
    samples.visit(book, who.id, right, readings=(samples.pain(8),))
    left = book.write(episodes.open_, who.id, EpisodeDraft("L", "OVERUSE")).id
    for score in (4, 2):
        clock.forward(days=7)
        samples.visit(book, who.id, left, readings=(samples.pain(score),))
    latest = book.read(trend.of, who.id)
    assert (latest.hip, latest.episode, values(latest)) == ("L", 2, [4, 2])
    assert values(book.read(trend.of, who.id, "NPRS", "R")) == [8]


def test_another_rater_or_mode_is_marked(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    for more in ({"tester": "DN001"}, {"tester": "DN002"}, {"tester": "DN002", "mode": "passive"}):
        samples.visit(book, who.id, episode, readings=(samples.pain(5), motion(90, "R", **more)))
        clock.forward(days=7)
    marks = book.read(trend.of, who.id, "FLEX").marks
    assert [(mark.kind, mark.label) for mark in marks] == [
        ("rater", "rater DN001 → DN002"),
        ("mode", "active → passive"),
    ]
    assert marks[0].at == NOON + timedelta(days=7)


def test_a_change_of_rater_beside_pain_is_drawn_and_warned_of(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    for tester in ("DN001", "DN002"):
        samples.visit(book, who.id, episode, readings=(samples.pain(5), motion(90, "R", tester=tester)))
        clock.forward(days=7)
    pain, moved = (book.read(trend.of, who.id, measure) for measure in ("NPRS", "FLEX"))
    assert [mark.label for mark in trend.together([pain, moved]).marks] == ["FLEX: rater DN001 → DN002"]
    assert pain.cautions == ()
    (caution,) = moved.cautions
    assert "-28 to +12 degrees" in caution and "2012;13:242" in caution


def test_reactions_are_marked_on_their_day(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    kept = samples.visit(book, who.id, episode)
    clock.forward(days=1)
    asked = replace(ASKED, state="yes", reactions=(Reaction("BRUISE", "mild"), Reaction("FAINT", "mild")))
    book.write(followups.record, kept.id, asked)
    assert sorted(mark.label for mark in book.read(trend.of, who.id).marks) == sorted(
        trend.REACTIONS[code].label for code in ("BRUISE", "FAINT")
    )


@pytest.mark.parametrize("word", ["nprz", "", "happiness"])
def test_an_unknown_measure_names_the_nearest(book: Logbook, word: str) -> None:
    who, _ = samples.admit(book)
    with pytest.raises(BadInput, match="nearest: "):
        book.read(trend.of, who.id, word)


def test_another_patients_values_stay_out(book: Logbook) -> None:
    samples.signed(book)
    other, _ = samples.admit(book, "P-002")
    assert book.read(trend.of, other.id).series.points == ()


def test_what_was_done_beside_needling_stands_on_its_day(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    samples.visit(book, who.id, episode, co_treatments=("EXERCISE", "STEROID"))
    found = book.read(trend.of, who.id)
    told = [(mark.kind, mark.label) for mark in found.marks if mark.kind == "co_treatment"]
    assert told == [("co_treatment", "exercise"), ("co_treatment", "corticosteroid injection")]
    drawn = "\n".join(plain(draw(found.chart, 80, 18)))
    assert "* exercise" in drawn and "* corticosteroid injection" in drawn


def test_measuring_error_is_drawn_beside_the_change_that_matters(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    lefs = (Reading("before", "LEFS", Decimal(40)), Reading("after", "LEFS", Decimal(49)))
    samples.visit(book, who.id, episode, readings=(samples.pain(6), *lefs))
    series = book.read(trend.of, who.id, "LEFS").series
    assert (series.limit, series.detectable) == (Decimal(49), Decimal("49.9"))
    words = "\n".join(plain(draw(Chart((series,)), 80, 18)))
    assert "MCID: 9 above the first" in words and "MDC: less than 9.9 may be error" in words
    assert "less than 9.9 may be measuring error (MDC)" in figures.trend(Chart((series,)))
