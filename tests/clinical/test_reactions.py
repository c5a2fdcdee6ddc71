"""Reactions: Brady, Boyce and the acupuncture surveys recomputed; severity schemes derived."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt

import pytest

from hiplog.clinical import consequences
from hiplog.clinical.reactions import (
    ACTIONS,
    ACUPUNCTURE_CONTEXT,
    ASKED_HOW,
    BOYCE_2020,
    BRADY_ANY_MILD,
    BRADY_SIGNIFICANT,
    FOLLOW_UP_CLOSE_H,
    FOLLOW_UP_DUE_H,
    REACTIONS,
    RELATEDNESS,
    REPORTER_WARNING,
    REPORTERS,
    SEVERITIES,
    SEVERITY_WORDS,
    PublishedRate,
    ReactionKind,
    boyce,
    carnes,
    ctcae,
    reportable,
)

Z = 1.959964
BRADY = [kind.rate for kind in REACTIONS if kind.rate is not None]

every_kind = pytest.mark.parametrize("kind", tuple(REACTIONS), ids=REACTIONS.codes)


def wilson(events: int, n: int) -> tuple[float, float]:
    """Bounds in percent as the roots of (p - events/n)² = z² p (1 - p) / n, not hiplog's own formula."""
    a, b, c = 1 + Z * Z / n, -(2 * events / n + Z * Z / n), (events / n) ** 2
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def prints(value: float, printed: Decimal) -> bool:
    """Whether ``value`` rounds to ``printed`` at its own number of digits."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(value - float(printed)) <= 0.5 * 10.0**exponent + 1e-9


def test_the_list_is_complete() -> None:
    codes = (
        "BRUISE BLEED PAIN_DUR PAIN_AFT AGGRAV DROWSY FAINT HEADACHE NAUSEA FATIGUE EMOTION SHAKE ITCH "
        "CLAUSTRO NUMB INFECT NERVE RETAINED ALLERGY VASC VISC PNEUMO OTHER TWITCH"
    )

    assert REACTIONS.codes == tuple(codes.split())


@pytest.mark.parametrize("rate", [*BRADY, BRADY_ANY_MILD, BRADY_SIGNIFICANT], ids=str)
def test_brady_counts_give_the_printed_percentages_and_wilson_bounds(rate: PublishedRate) -> None:
    assert rate.events is not None
    assert rate.low is not None
    assert rate.high is not None
    low, high = wilson(rate.events, rate.n)

    assert rate.n == 7629
    assert prints(100 * rate.events / rate.n, rate.percent)
    assert prints(low, rate.low)
    assert prints(high, rate.high)


def test_brady_single_kinds_add_up_to_all_mild_events() -> None:
    assert sum(rate.events or 0 for rate in BRADY) == BRADY_ANY_MILD.events == 1463


def test_the_count_of_fainting_says_that_it_was_worked_out() -> None:
    rate = REACTIONS["FAINT"].rate

    assert rate is not None
    assert "by subtraction" in rate.source


def test_boyce_agrees_with_itself_only_at_the_larger_session_count() -> None:
    minor, major = BOYCE_2020["MINOR"], BOYCE_2020["MAJOR"]
    assert minor.events is not None
    assert major.events is not None
    assert major.low is not None
    assert major.high is not None
    low, high = wilson(major.events, major.n)

    assert minor.n == major.n == 20494
    assert prints(100 * minor.events / minor.n, minor.percent)
    assert not prints(100 * minor.events / 20464, minor.percent)
    assert int(major.n / major.events) == 1024
    assert prints(100 * major.events / major.n, major.percent)
    assert prints(low, major.low)
    assert prints(high, major.high)


def test_a_rate_of_events_gets_no_interval_as_if_they_were_sessions() -> None:
    assert [BOYCE_2020[kind].low for kind in ("MINOR", "BLEED", "BRUISE", "PAIN_DUR")] == [None] * 4


def test_acupuncture_rates_are_those_of_the_surveys() -> None:
    white = ACUPUNCTURE_CONTEXT["WHITE_SIGNIFICANT"]

    assert white.events == 43
    assert round(10_000 * 43 / white.n) == 14
    assert prints(100 * 43 / white.n, white.percent)
    assert ACUPUNCTURE_CONTEXT["MACPHERSON_SERIOUS"].events == 0
    assert ACUPUNCTURE_CONTEXT["WITT_ANY"].percent == Decimal("8.6")


@every_kind
def test_a_kind_has_severities_that_include_its_default(kind: ReactionKind) -> None:
    assert set(kind.severities) <= set(SEVERITIES)
    assert kind.default_severity is None or kind.default_severity in kind.severities
    assert bool(kind.severities) == kind.is_harm


def test_a_twitch_is_a_response_and_not_a_harm() -> None:
    assert [kind.code for kind in REACTIONS if not kind.is_harm] == ["TWITCH"]


def test_what_patients_are_told_to_expect() -> None:
    expected = {kind.code for kind in REACTIONS if kind.expected and kind.is_harm}

    assert expected == {"BRUISE", "BLEED", "PAIN_DUR", "PAIN_AFT", "FATIGUE"}


def test_grave_kinds_are_never_graded_mild() -> None:
    grave = {kind.code for kind in REACTIONS if kind.is_harm and "mild" not in kind.severities}

    assert grave == {"INFECT", "NERVE", "RETAINED", "PNEUMO"}
    assert REACTIONS["OTHER"].default_severity is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("soreness", "PAIN_AFT"), ("bruise", "BRUISE"), ("dizzy", "FAINT"), ("foot drop", "NERVE")],
)
def test_a_kind_is_found_by_what_people_call_it(typed: str, code: str) -> None:
    assert [kind.code for kind in REACTIONS.find(typed)] == [code]


def test_severity_in_the_scheme_of_carnes() -> None:
    assert [carnes(severity) for severity in SEVERITIES] == ["mild", "moderate", "major"]
    assert carnes("mild", Decimal(72)) == "mild"
    assert carnes("mild", Decimal(96)) == "moderate"
    assert carnes("serious", Decimal(1)) == "major"


def test_severity_in_the_scheme_of_boyce() -> None:
    assert [boyce(severity) for severity in SEVERITIES] == ["minor", "major", "major"]


@pytest.mark.parametrize(
    ("kind", "grades"),
    [
        ("BRUISE", [1, 2, 2]),
        ("faint", [2, 3, 3]),
        ("HEADACHE", [1, 2, 3]),
        ("INFECT", [1, 2, 3]),
        ("EMOTION", [None, None, None]),
    ],
)
def test_severity_as_common_terminology_grades(kind: str, grades: list[int | None]) -> None:
    assert [ctcae(kind, severity) for severity in SEVERITIES] == grades


def test_a_referral_a_hospital_and_a_serious_event_raise_the_duty_to_report() -> None:
    assert reportable("significant", "referred")
    assert reportable("mild", "emergency")
    assert reportable("serious", None)
    assert not reportable("significant", "pressure")
    assert not reportable(None, None)


def test_the_follow_up_window_and_the_review_of_lasting_soreness() -> None:
    assert (FOLLOW_UP_DUE_H, FOLLOW_UP_CLOSE_H) == (24, 72)
    assert not consequences.needs_review(Decimal(72))
    assert consequences.needs_review(Decimal("72.5"))


def test_the_warning_gives_both_ways_of_asking() -> None:
    assert "2.19 %" in REPORTER_WARNING
    assert all(share in REPORTER_WARNING for share in ("55 %", "88 %", "91 %"))


def test_code_lists_match_the_record() -> None:
    assert tuple(ASKED_HOW) == ("checklist", "open", "not_asked")
    assert tuple(REPORTERS) == ("therapist", "patient")
    assert {"none", "referred", "emergency"} <= set(ACTIONS)
    assert "unknown" in RELATEDNESS
    assert tuple(SEVERITY_WORDS) == SEVERITIES
