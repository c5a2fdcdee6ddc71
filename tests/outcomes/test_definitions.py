"""What counts as what: baseline, final, the three lines, exclusions, published tables given back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from invented import apart, tallied

from hiplog.clinical.reactions import BRADY_TREATMENTS, REACTIONS
from hiplog.outcomes.cohort import Case, cases, ended, lines, pain_change
from hiplog.outcomes.facts import Hip, Report, Value, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.improvement import improvement
from hiplog.outcomes.safety import safety
from hiplog.outcomes.sessions_needed import course

DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
Scores = dict[str, int]


def hip(*visits: Scores, measure: str = "pain", **more: Any) -> Hip:
    """A hip whose visits have scores at ``before``, ``after`` and ``follow_up``."""
    made = []
    for place, scores in enumerate(visits, 1):
        at = DAY + timedelta(weeks=place)
        taken = tuple(
            Value(at + timedelta(days=stage == "follow_up"), stage, Decimal(value))
            for stage, value in scores.items()
        )
        given: dict[str, Any] = {measure: taken}
        made.append(Visit(f"v{place}", "P1", place, place, at, "DN001", **given))
    return Hip("h", "P1", 1, "R", "OVERUSE", False, tuple(made), **more)


def judged(*visits: Scores, strict: bool = False) -> Case:
    return cases([hip(*visits)], strict=strict)[0]


@pytest.mark.parametrize(
    ("visits", "final"),
    [
        ([{"before": 6}, {"before": 4, "after": 1}], 4),
        ([{"before": 6}, {"before": 4}, {"before": 3, "follow_up": 2}], 2),
        ([{"before": 6}, {"before": 4}, {"after": 1}], 4),
        ([{"before": 6}, {"after": 1}], 1),
        ([{"before": 6, "after": 2, "follow_up": 1}], None),
        ([{"before": 6}, {}], None),
    ],
)
def test_the_final_score_is_the_latest_resting_one_of_a_later_session(
    visits: list[Scores], final: int | None
) -> None:
    found = judged(*visits).pair.final
    assert (None if found is None else found.value) == final


def test_the_baseline_is_the_first_sessions_or_missing() -> None:
    late = judged({"after": 5}, {"before": 6}, {"before": 1})
    assert late.pair.baseline is None
    assert late.state == "no_baseline"


@pytest.mark.parametrize(
    ("start", "end", "either", "both"),
    [
        (6, 4, True, True),
        (10, 8, True, False),
        (3, 2, True, False),
        (4, 3, False, False),
        (5, 6, False, False),
    ],
)
def test_a_responder_by_points_or_percent_and_when_strict_by_both(
    start: int, end: int, either: bool, both: bool
) -> None:
    visits = ({"before": start}, {"before": end})
    assert (judged(*visits).state == "responder") is either
    assert (judged(*visits, strict=True).state == "responder") is both


def test_one_session_is_not_measured_again_and_counts_as_no_responder() -> None:
    found = lines(ended([judged({"before": 6, "after": 1})]))
    assert (found.started.events, found.started.n) == (0, 1)
    assert found.completers.n == 0
    assert (found.locf.events, found.locf.n) == (1, 1)
    assert found.missing == 1


def test_a_baseline_of_nought_is_in_no_line() -> None:
    found = lines(ended([judged({"before": 0}, {"before": 0}), judged({"before": 5}, {"before": 1})]))
    assert (found.started.n, found.completers.n, found.locf.n, found.excluded) == (1, 1, 1, 1)


def test_a_published_group_mean_is_nobodys_value() -> None:
    mean = hip({"before": 6}, {"before": 1})
    visits = (mean.visits[0], Visit("v2", "P1", 2, 2, DAY, "DN001", mean.visits[1].pain, group_mean=True))
    found = cases([Hip("h", "P1", 1, "R", "OVERUSE", False, visits)])
    assert found[0].state == "group_mean"
    assert lines(ended(found)).started.n == 0
    assert pain_change(ended(found)).n == 0


def test_the_change_is_below_nought_when_there_is_less_pain() -> None:
    found = pain_change(ended([judged({"before": 8}, {"before": 3}), judged({"before": 4}, {"before": 5})]))
    assert (found.n, found.median) == (2, -2)


@pytest.mark.parametrize(
    ("visits", "sessions", "reached"),
    [
        ([{"before": 8}, {"before": 7}, {"before": 5}], 2, True),
        ([{"before": 8}, {"before": 7, "follow_up": 5}], 2, True),
        ([{"before": 8}, {"before": 7, "after": 1}, {"before": 7}], 2, False),
        ([{"before": 8, "after": 1, "follow_up": 1}], 0, False),
    ],
)
def test_time_is_counted_in_sessions_given_and_resting_scores_only(
    visits: list[Scores], sessions: int, reached: bool
) -> None:
    found = course(judged(*visits), strict=False)
    assert found is not None
    assert (found.sessions, found.reached) == (sessions, reached)


def test_function_is_counted_in_two_columns() -> None:
    start, visits = {"before": 40}, (48, 49, 50)
    hips = [hip(start, {"before": end}, measure="function") for end in visits]
    found = improvement(tallied([*hips, hip({"before": 6})]), Filters(), strict=False).function
    assert (found.important.events, found.important.n) == (2, 3)
    assert (found.beyond_error.events, found.beyond_error.n) == (1, 3)
    assert found.missing == 1


def test_the_trial_of_greater_trochanteric_pain_gives_its_percentages_back() -> None:
    """81.4 and 43.1 % of those measured; of all 62 a group 77.4 and 40.3 % (48 of 59, 25 of 58)."""
    for good, measured, completers, started in ((48, 59, 81.4, 77.4), (25, 58, 43.1, 40.3)):
        group = [hip({"before": 6}, {"before": 2})] * good
        group += [hip({"before": 6}, {"before": 6})] * (measured - good)
        group += [hip({"before": 6})] * (62 - measured)
        found = lines(ended(cases(group)))
        assert found.completers.shown is not None
        assert found.started.shown is not None
        assert round(found.completers.shown[0] * 100, 1) == completers
        assert round(found.started.shown[0] * 100, 1) == started


def test_the_case_series_of_lateral_hip_pain_gives_its_table_back() -> None:
    """Pavkovich 2015: n = 4, mean LEFS 50.75, 66.75 and 65.50 later; all four met the MCID of 9."""
    scores = ((44, 60, 58), (48, 64, 62), (52, 68, 67), (59, 75, 75))
    means = tuple(sum(column) / 4 for column in zip(*scores, strict=True))
    assert means == (50.75, 66.75, 65.5)
    ends = [hip({"before": a}, {"before": b}, measure="function") for a, b, _ in scores]
    later = [hip({"before": a}, {"before": b}, {"before": c}, measure="function") for a, b, c in scores]
    for cohort in (ends, later):
        found = improvement(tallied(cohort), Filters(), strict=False).function
        assert (found.important.words, found.missing) == ("4/4", 0)


def test_the_table_of_brady_2014_comes_back_with_its_intervals() -> None:
    rates = {kind.code: kind.rate for kind in REACTIONS if kind.rate and kind.rate.source == "Brady 2014"}
    left = {code: rate.events or 0 for code, rate in rates.items()}
    visits = []
    for place in range(BRADY_TREATMENTS):
        kinds = frozenset(code for code, events in left.items() if place < events)
        report = Report("yes" if kinds else "none", kinds)
        visits.append(Visit(str(place), f"P{place}", 1, 1, DAY, "DN001", by_therapist=report))
    found = safety(tallied(apart(visits)), Filters())
    for code, published in rates.items():
        shown = found.rate(code, "therapist").sessions.shown
        assert shown is not None
        assert tuple(round(Decimal(share * 100), 2) for share in shown) == (
            published.percent,
            published.low,
            published.high,
        )
    grave = found.rate("SIGNIFICANT", "therapist").sessions
    assert grave.events == 0
    assert grave.three is not None
    assert round(grave.three * 100, 2) == 0.04


def test_therapist_and_patient_are_never_added_up() -> None:
    seen = Report("yes", frozenset({"BRUISE"}))
    quiet, unasked = Report("none"), Report("not_asked")
    visits = [
        Visit("1", "P1", 1, 1, DAY, "DN001", by_therapist=seen, by_patient=quiet),
        Visit("2", "P1", 2, 2, DAY, "DN001", by_therapist=unasked, by_patient=seen),
        Visit("3", "P2", 1, 1, DAY, "DN001", by_therapist=quiet, by_patient=Report("refused")),
    ]
    found = safety(tallied(apart(visits)), Filters())
    therapist, patient = found.rate("BRUISE", "therapist"), found.rate("BRUISE", "patient")
    assert (therapist.sessions.events, therapist.sessions.n) == (1, 2)
    assert (patient.sessions.events, patient.sessions.n) == (1, 2)
    assert (therapist.patients.events, therapist.patients.n) == (1, 2)
    assert (patient.patients.events, patient.patients.n) == (1, 1)
    assert (patient.asked.none, patient.asked.yes, patient.asked.refused, patient.asked.not_asked) == (
        1,
        1,
        1,
        0,
    )
    assert therapist.published
    assert patient.published == ()
