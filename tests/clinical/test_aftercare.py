"""Aftercare and other treatments: neutral words, no claims, every row ready for a sheet."""

from __future__ import annotations

import pytest

from hiplog.clinical.aftercare import ADVICE, Advice, sheet_defaults
from hiplog.clinical.cotreatments import CO_TREATMENTS

every_advice = pytest.mark.parametrize("advice", tuple(ADVICE), ids=ADVICE.codes)


def test_the_list_is_complete() -> None:
    codes = {"WATER", "COLD", "HEAT", "EASE24", "MOVE", "PRESS", "WATCH", "EXPECT", "FAINT", "NOSTOP"}

    assert set(ADVICE.codes) == codes


@every_advice
@pytest.mark.parametrize(
    "claim", ["toxin", "flush", "detox", "inject", "release", "heal", "cure", "effective"]
)
def test_advice_makes_no_claim_and_names_no_injection(advice: Advice, claim: str) -> None:
    assert claim not in advice.text.casefold()


@every_advice
def test_advice_is_a_sentence_with_its_evidence(advice: Advice) -> None:
    assert advice.text.endswith(".")
    assert advice.evidence
    assert advice.source


def test_a_sheet_offers_what_every_patient_should_know() -> None:
    assert sheet_defaults() == ("EXPECT", "WATER", "EASE24", "MOVE", "FAINT", "WATCH", "NOSTOP")


def test_what_the_therapist_does_is_on_no_sheet() -> None:
    assert [row.code for row in ADVICE if row.for_therapist] == ["PRESS"]
    assert "PRESS" not in sheet_defaults()


@pytest.mark.parametrize(
    "sign",
    ["redness", "fever", "numbness", "weakness", "pain", "swelling", "breathlessness", "needle"],
)
def test_the_warning_signs_are_all_named(sign: str) -> None:
    assert sign in ADVICE["WATCH"].text


def test_soreness_is_given_its_three_days() -> None:
    assert "3 days" in ADVICE["EXPECT"].text


def test_other_treatments_are_those_of_the_field() -> None:
    assert set(CO_TREATMENTS.codes) == {
        "PHYSIO",
        "MEDICATION",
        "STEROID",
        "ACUPUNCTURE",
        "CHIRO",
        "MASSAGE",
        "HEAT",
        "ICE",
        "EXERCISE",
        "STRETCH",
        "OTHER",
    }


@pytest.mark.parametrize(
    ("typed", "code"), [("cortisone", "STEROID"), ("physio", "PHYSIO"), ("stretch", "STRETCH")]
)
def test_a_treatment_is_found_by_what_people_call_it(typed: str, code: str) -> None:
    assert [row.code for row in CO_TREATMENTS.find(typed)] == [code]
