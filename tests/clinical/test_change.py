"""Better, same, worse against published thresholds, and the responder rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.change import change, lefs_response, pain_responder, responder_rule, verdict
from hiplog.clinical.measures import MEASURES

D = Decimal


def test_pavkovich_vas_is_below_the_absolute_and_above_the_relative_threshold() -> None:
    result = change("VAS", D("25.75"), D("11.75"))
    assert result is not None
    assert (result.absolute, result.improved, result.percent) == (D("-14.00"), D("14.00"), D("-54.4"))
    assert (result.reached_absolute, result.reached_percent, result.reached) == (False, True, True)
    assert result.beyond_error is False  # 14 mm against an MDC95 of 33 mm
    assert (result.word, result.mark, result.source) == ("better", "▲", "Tubach 2005")


def test_pavkovich_lefs_exceeds_both_columns() -> None:
    result = change("LEFS", D("50.75"), D("66.75"))
    response = lefs_response(D("50.75"), D("66.75"))
    assert result is not None and response is not None
    assert (result.improved, result.reached, result.beyond_error) == (D("16.00"), True, True)
    assert (response.important, response.beyond_error) == (True, True)


def test_nine_lefs_points_matter_but_lie_inside_the_error_of_the_hip() -> None:
    response = lefs_response(D(40), D(49))
    result = change("LEFS", D(40), D(49))
    assert response is not None and result is not None
    assert (response.important, response.beyond_error) == (True, False)
    assert (result.reached, result.beyond_error) == (True, False)


@pytest.mark.parametrize(
    ("start", "end", "word", "mark"),
    [
        (6, 3, "better", "▲"),
        (6, 4, "better", "▲"),
        (6, 5, "same", "="),
        (3, 2, "better", "▲"),  # one point of three is 33 %
        (4, 3, "same", "="),
        (4, 6, "worse", "▼"),
        (5, 5, "same", "="),
        (0, 2, "worse", "▼"),
        (0, 1, "same", "="),
    ],
)
def test_pain_is_judged_by_two_points_or_thirty_percent(start: int, end: int, word: str, mark: str) -> None:
    assert verdict(change("NPRS", D(start), D(end))) == (word, mark)


@pytest.mark.parametrize(
    ("end", "word"), [(31, "same"), (37, "same"), (38, "better"), (10, "worse"), (12, "same")]
)
def test_motion_without_an_mcid_is_judged_by_its_error(end: int, word: str) -> None:
    result = change("IR", D(24), D(end))
    assert result is not None
    assert result.reached is None
    assert result.word == word  # the MDC95 is 13.0 degrees, and exactly 13 does not exceed it


def test_a_measure_without_any_figure_cannot_tell() -> None:
    result = change("ADD", D(20), D(30))
    assert result is not None
    assert (result.word, result.mark, result.reached, result.source) == ("cannot tell", "?", None, None)


def test_a_higher_score_is_not_better_where_lower_is() -> None:
    result = change("HOOS_PS", D(50), D(20))
    assert result is not None
    assert result.improved == 30


@pytest.mark.parametrize(("start", "end"), [(None, D(3)), (D(6), None), (None, None)])
def test_a_missing_value_is_never_zero(start: Decimal | None, end: Decimal | None) -> None:
    assert change("NPRS", start, end) is None
    assert verdict(change("NPRS", start, end)) == ("cannot tell", "?")
    assert lefs_response(start, end) is None
    assert pain_responder(start, end).responded is None
    assert not pain_responder(start, end).excluded


def test_percent_of_a_start_at_or_below_zero_is_not_given() -> None:
    contracture = change("EXT", D(-5), D(10))
    from_zero = change("NPRS", D(0), D(4))
    assert contracture is not None and from_zero is not None
    assert contracture.percent is None and contracture.beyond_error is True
    assert from_zero.percent is None


def test_an_unknown_measure_is_an_error() -> None:
    with pytest.raises(KeyError):
        change("NOPE", D(1), D(2))


@pytest.mark.parametrize(
    ("start", "end", "loose", "strict"),
    [
        (6, 3, True, True),
        (3, 2, True, False),
        (9, 7, True, False),
        (6, 5, False, False),
        (4, 6, False, False),
    ],
)
def test_pain_responder_by_either_or_both(start: int, end: int, loose: bool, strict: bool) -> None:
    assert pain_responder(D(start), D(end)).responded is loose
    assert pain_responder(D(start), D(end), strict=True).responded is strict


def test_the_thirty_percent_edge_is_exact() -> None:
    assert pain_responder(D("0.9"), D("0.63")).by_percent is True
    assert pain_responder(D("0.9"), D("0.631")).by_percent is False


def test_a_baseline_of_zero_is_excluded_whatever_follows() -> None:
    assert pain_responder(D(0), D(0)).excluded
    assert pain_responder(D(0), None).excluded
    assert pain_responder(D(0), D(2)).responded is None


def test_the_rule_is_named_with_the_figure() -> None:
    assert pain_responder(D(6), D(3)).rule == "fall of at least 2 points or at least 30 %"
    assert responder_rule(strict=True, top=D(100)) == "fall of at least 20 points and at least 30 %"


def test_a_hundred_millimetre_line_needs_twenty() -> None:
    result = pain_responder(D(85), D("32.5"), top=D(100), strict=True)
    assert (result.responded, result.by_points, result.by_percent) == (True, True, True)
    assert pain_responder(D(90), D(71), top=D(100)).by_points is False


SCORES = st.decimals(min_value=0, max_value=10, places=1)
CODES = st.sampled_from(MEASURES.codes)
OPPOSITE = {"better": "worse", "worse": "better", "same": "same", "cannot tell": "cannot tell"}


@given(CODES, SCORES, SCORES)
def test_turning_a_scale_round_turns_the_verdict_of_the_points_round(
    code: str, a: Decimal, b: Decimal
) -> None:
    there, back = change(code, a, b), change(code, b, a)
    assert there is not None and back is not None
    assert there.improved == -back.improved
    assert there.beyond_error == back.beyond_error
    if there.mcid is None or there.mcid.percent is None:
        assert OPPOSITE[there.word] == back.word


@given(CODES, SCORES, SCORES)
def test_better_is_always_an_improvement_and_a_mark_goes_with_its_word(
    code: str, a: Decimal, b: Decimal
) -> None:
    result = change(code, a, b)
    assert result is not None
    assert result.word != "better" or result.improved > 0
    assert result.word != "worse" or result.improved < 0
    assert (result.word, result.mark) in {
        ("better", "▲"),
        ("same", "="),
        ("worse", "▼"),
        ("cannot tell", "?"),
    }


@given(SCORES.filter(lambda s: s > 0), SCORES)
def test_the_strict_rule_never_finds_more_than_the_loose_one(start: Decimal, end: Decimal) -> None:
    loose, strict = pain_responder(start, end), pain_responder(start, end, strict=True)
    assert loose.responded or not strict.responded
    assert replace(loose, rule="", responded=None) == replace(strict, rule="", responded=None)
