"""Causes and indications: every ICD-10-CM family expanded by side as the tabular list does."""

from __future__ import annotations

import re

import pytest

from hiplog.clinical.causes import (
    CAUSES,
    CONTEXT_CODES,
    INDICATIONS,
    SYMPTOMS,
    icd10,
    icd10_of_cause,
)
from hiplog.clinical.errors import BadInput

# indication: right, left, unspecified, both sides
FAMILIES = {
    "HIP_PAIN": ("M25.551", "M25.552", "M25.559", "M25.551 M25.552"),
    "THIGH_PAIN": ("M79.651", "M79.652", "M79.659", "M79.651 M79.652"),
    "MYALGIA": ("M79.18", "M79.18", "M79.18", "M79.18"),
    "SPASM": ("M62.838", "M62.838", "M62.838", "M62.838"),
    "WEAKNESS": ("M62.81", "M62.81", "M62.81", "M62.81"),
    "TROCH_BURSITIS": ("M70.61", "M70.62", "M70.60", "M70.61 M70.62"),
    "HIP_BURSITIS": ("M70.71", "M70.72", "M70.70", "M70.71 M70.72"),
    "GLUTEAL_TEND": ("M76.01", "M76.02", "M76.00", "M76.01 M76.02"),
    "PSOAS_TEND": ("M76.11", "M76.12", "M76.10", "M76.11 M76.12"),
    "ILIAC_SPUR": ("M76.21", "M76.22", "M76.20", "M76.21 M76.22"),
    "ITB": ("M76.31", "M76.32", "M76.30", "M76.31 M76.32"),
    "POSTURE": ("R29.3", "R29.3", "R29.3", "R29.3"),
    "LEG_LENGTH": ("M21.751", "M21.752", "M21.759", "M21.751 M21.752"),
    "CONTUSION": ("S70.01XA", "S70.02XA", "S70.00XA", "S70.01XA S70.02XA"),
    "SPRAIN": ("S73.101A", "S73.102A", "S73.109A", "S73.101A S73.102A"),
    "HIP_STRAIN": ("S76.011A", "S76.012A", "S76.019A", "S76.011A S76.012A"),
    "ADDUCTOR_STRAIN": ("S76.211A", "S76.212A", "S76.219A", "S76.211A S76.212A"),
    "HAMSTRING_STRAIN": ("S76.311A", "S76.312A", "S76.319A", "S76.311A S76.312A"),
    "OA_PRIMARY": ("M16.11", "M16.12", "M16.10", "M16.0"),
    "OA_DYSPLASIA": ("M16.31", "M16.32", "M16.30", "M16.2"),
    "OA_TRAUMA": ("M16.51", "M16.52", "M16.50", "M16.4"),
    "OA_OTHER": ("M16.7", "M16.7", "M16.7", "M16.6"),
    "OA_UNSPECIFIED": ("M16.9", "M16.9", "M16.9", "M16.9"),
    "SCIATICA": ("M54.31", "M54.32", "M54.30", "M54.31 M54.32"),
    "LUMBAGO_SCIATICA": ("M54.41", "M54.42", "M54.40", "M54.41 M54.42"),
    "PIRIFORMIS": ("G57.01", "G57.02", "G57.00", "G57.03"),
    "MERALGIA": ("G57.11", "G57.12", "G57.10", "G57.13"),
    "FAI": ("M25.851", "M25.852", "M25.859", "M25.851 M25.852"),
    "STIFFNESS": ("M25.651", "M25.652", "M25.659", "M25.651 M25.652"),
    "CONTRACTURE": ("M24.551", "M24.552", "M24.559", "M24.551 M24.552"),
    "WALKING": ("R26.2", "R26.2", "R26.2", "R26.2"),
    "REPLACEMENT": ("Z96.641", "Z96.642", "Z96.649", "Z96.643"),
}


def test_every_indication_is_tested_below() -> None:
    assert set(FAMILIES) == set(INDICATIONS.codes)


@pytest.mark.parametrize("code", FAMILIES)
def test_a_family_expands_by_side(code: str) -> None:
    right, left, unspecified, both = FAMILIES[code]

    assert icd10(code, "R") == (right,)
    assert icd10(code, "L") == (left,)
    assert icd10(code, None) == (unspecified,)
    assert icd10(code, "R", bilateral=True) == tuple(both.split())


@pytest.mark.parametrize("code", FAMILIES)
def test_every_code_has_the_shape_of_icd_10_cm(code: str) -> None:
    shape = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9X]{1,3}(X?[ADS])?)?")

    assert all(shape.fullmatch(written) for written in icd10(code, "L"))


@pytest.mark.parametrize(("encounter", "written"), [("A", "S70.01XA"), ("D", "S70.01XD"), ("S", "S70.01XS")])
def test_an_injury_says_which_encounter(encounter: str, written: str) -> None:
    assert icd10("contusion", "R", encounter=encounter) == (written,)


def test_only_injuries_carry_an_encounter() -> None:
    assert icd10("HIP_PAIN", "R", encounter="D") == ("M25.551",)
    assert {row.code for row in INDICATIONS if row.injury} == {
        row.code for row in INDICATIONS if row.stem.startswith("S")
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"indication": "HIPPAIN", "side": "R"}, "no indication HIPPAIN"),
        ({"indication": "HIP_PAIN", "side": "B"}, "neither L nor R"),
        ({"indication": "SPRAIN", "side": "R", "encounter": "Q"}, "Encounter Q"),
    ],
)
def test_a_wrong_request_is_refused_in_words(arguments: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        icd10(**arguments)  # type: ignore[arg-type]


def test_causes_and_symptoms_are_those_of_the_field() -> None:
    assert CAUSES.codes == (
        "IMBALANCE",
        "OVERUSE",
        "POSTURE",
        "TRAUMA",
        "OA",
        "SCIATICA_PIRIF",
        "POST_THA",
        "OTHER",
    )
    assert SYMPTOMS.codes == (
        "TENSION",
        "PAIN_SHARP",
        "PAIN_ACHING",
        "PAIN_THROBBING",
        "LIMITED_MOBILITY",
        "REFERRED_GROIN",
        "REFERRED_LEG",
    )


@pytest.mark.parametrize(
    ("cause", "codes"),
    [
        ("overuse", ("M25.551",)),
        ("IMBALANCE", ("M25.551",)),
        ("POSTURE", ("M25.551",)),
        ("TRAUMA", ("M25.551",)),
        ("OTHER", ("M25.551",)),
        ("OA", ("M16.9",)),
        ("SCIATICA_PIRIF", ("M54.31",)),
        ("POST_THA", ("M25.551", "Z96.641")),
    ],
)
def test_a_cause_claims_no_diagnosis_nobody_made(cause: str, codes: tuple[str, ...]) -> None:
    assert icd10_of_cause(cause, "R") == codes


def test_a_chosen_indication_replaces_the_default_and_keeps_the_status() -> None:
    assert icd10_of_cause("OVERUSE", "R", "TROCH_BURSITIS") == ("M70.61",)
    assert icd10_of_cause("POST_THA", "L", "THIGH_PAIN") == ("M79.652", "Z96.642")
    assert icd10_of_cause("POST_THA", "L", "REPLACEMENT") == ("Z96.642",)


def test_an_unknown_cause_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="no cause BAD_LUCK; known: IMBALANCE"):
        icd10_of_cause("BAD_LUCK", "R")


def test_every_default_exists() -> None:
    assert all(cause.indication in INDICATIONS for cause in CAUSES)
    assert all(cause.status is None or cause.status in INDICATIONS for cause in CAUSES)


def test_context_codes_are_those_of_the_tabular_list() -> None:
    assert CONTEXT_CODES["ANTICOAG"] == "Z79.01"
    assert CONTEXT_CODES["ANTIPLATELET"] == "Z79.02"
    assert CONTEXT_CODES["CES"] == "G83.4"
    assert CONTEXT_CODES["PROSTHESIS_INFECTION"] == "T84.5-"
    assert len(set(CONTEXT_CODES.values())) == len(CONTEXT_CODES) == 14
