"""Sixty invented clinics: every figure against scipy, statsmodels and lifelines, to six decimals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cohorts import COHORTS, clinic
from invented import facts, tallied

from hiplog.outcomes.cohort import cases, ended, lines, pain_change
from hiplog.outcomes.dose import dose
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.planning import per_side
from hiplog.outcomes.rates import Rate
from hiplog.outcomes.safety import safety
from hiplog.outcomes.sessions_needed import sessions_needed
from hiplog.outcomes.spread import Spread
from hiplog.outcomes.therapists import therapists

EXPECTED = json.loads((Path(__file__).parent / "frozen" / "expected.json").read_text(encoding="utf-8"))
ALL = Filters()
every_clinic = pytest.mark.parametrize("number", range(COHORTS))
both_rules = pytest.mark.parametrize("rule", ["or", "and"])


def close(value: Any) -> Any:
    return pytest.approx(value, abs=5e-7)


def same_rate(rate: Rate, expected: list[float] | None) -> None:
    if expected is None:
        assert (rate.n, rate.value, rate.interval) == (0, None, None)
        return
    events, n, share, low, high = expected
    assert (rate.events, rate.n) == (events, n)
    assert rate.value == close(share)
    assert rate.interval == close((low, high))


def same_spread(found: Spread, expected: list[Any]) -> None:
    n, quartiles = expected
    assert found.n == n
    if quartiles is not None:
        assert (found.median, found.q1, found.q3) == close(tuple(quartiles))


@both_rules
@every_clinic
def test_the_three_lines_and_the_change(number: int, rule: str) -> None:
    expected = EXPECTED["clinics"][number]["lines"][rule]
    judged = ended(cases(facts(clinic(number)).hips, strict=rule == "and"))
    found = lines(judged)
    assert found.started.n == (expected["started"] or (0, 0))[1]
    same_rate(found.started, expected["started"])
    same_rate(found.completers, expected["completers"])
    same_rate(found.locf, expected["locf"])
    same_spread(pain_change(judged), expected["change"])


@both_rules
@every_clinic
def test_the_time_to_a_change(number: int, rule: str) -> None:
    expected = EXPECTED["clinics"][number]["survival"][rule]
    found = sessions_needed(tallied(facts(clinic(number)).hips), ALL, strict=rule == "and")
    steps = [(s.time, s.at_risk, s.events, s.without, s.low, s.high) for s in found.steps]
    assert len(steps) == len(expected["steps"])
    for mine, theirs in zip(steps, expected["steps"], strict=True):
        assert mine == close(tuple(theirs))
    assert found.median == expected["median"]


@every_clinic
def test_reactions_per_session_and_per_patient(number: int) -> None:
    expected = EXPECTED["clinics"][number]["reactions"]
    found = safety(tallied(facts(clinic(number)).hips), ALL)
    for asked in found.asked:
        theirs = expected[asked.reporter]
        row = found.rate("ANY", asked.reporter)
        same_rate(row.sessions, theirs["sessions"])
        same_rate(row.patients, theirs["patients"])
        assert [asked.none, asked.yes, asked.refused, asked.not_asked] == theirs["counts"]


@every_clinic
def test_the_control_chart_of_each_reporter(number: int) -> None:
    expected = EXPECTED["clinics"][number]["p_chart"]
    for one in safety(tallied(facts(clinic(number)).hips), ALL).charts:
        theirs = expected[one.reporter]
        if theirs is None:
            assert one.chart.centre is None
            continue
        centre, months = theirs
        assert one.chart.centre == close(centre)
        counted = {point.label: point for point in one.chart.points if point.value is not None}
        assert sorted(counted) == sorted(months)
        for month, point in counted.items():
            assert [point.events, point.n, point.low, point.high] == close(months[month])


@every_clinic
def test_the_funnel(number: int) -> None:
    expected = EXPECTED["clinics"][number]["funnel"]
    found = therapists(tallied(facts(clinic(number)).hips), ALL, strict=False)
    assert [point.code for point in found.points] == sorted(expected)
    for point in found.points:
        own = point.limits
        mine = [point.rate.events, point.rate.n, *point.exact, own.low998, own.low95, own.high95, own.high998]
        *figures, place = expected[point.code]
        assert mine == close(figures)
        assert point.place == place


@every_clinic
def test_the_rank_correlations(number: int) -> None:
    expected = EXPECTED["clinics"][number]["ranks"]
    found = dose(tallied(facts(clinic(number)).hips), ALL)
    for mine, theirs in (
        (found.soreness_rank, expected["soreness"]),
        (found.change_rank, expected["change"]),
    ):
        assert mine.n == theirs[0]
        assert mine.rho == close(theirs[1]) if theirs[1] is not None else mine.rho is None


@pytest.mark.parametrize(("first", "second", "needed"), EXPECTED["sample_sizes"])
def test_the_sample_size(first: float, second: float, needed: float) -> None:
    assert needed <= per_side(first, second) < needed + 1


def test_the_frozen_figures_say_what_made_them() -> None:
    made = EXPECTED["provenance"]
    assert {"scipy", "statsmodels", "lifelines"} <= made["made_with"].keys()
    assert len(EXPECTED["clinics"]) == COHORTS >= 50
