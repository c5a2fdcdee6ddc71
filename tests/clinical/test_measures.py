"""Measures: published figures recomputed, ranges and steps kept, unverified figures left empty."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.measures import MEASURES, Measure, check, kgf_to_kpa, kgf_to_newton, value_text

CODES = (
    "NPRS NPRS_WORST NPRS_BEST NPRS_AVG VAS VAS_WORST VAS_BEST PSFS LEFS HOOS_PAIN HOOS_SYMPTOMS HOOS_ADL "
    "HOOS_SPORT HOOS_QOL HOOS12 HOOS12_PAIN HOOS12_FUNCTION HOOS12_QOL HOOS_PS HOOS_JR MHHS OHS "
    "WOMAC_FUNCTION ODI GROC PPT CST30 TUG WALK40 SLS FLEX EXT ABD ADD IR ER"
)

every_measure = pytest.mark.parametrize("measure", tuple(MEASURES), ids=MEASURES.codes)


def test_the_list_is_complete() -> None:
    assert set(MEASURES.codes) == set(CODES.split())


@every_measure
def test_a_measure_hangs_together(measure: Measure) -> None:
    assert measure.low < measure.high
    assert measure.step > 0
    assert measure.unit
    assert measure.source
    assert measure.licence
    assert measure.normal is None or measure.low <= measure.normal <= measure.high
    assert check(measure.code, measure.low) is None
    assert check(measure.code, measure.high) is None


@every_measure
def test_every_figure_about_change_has_a_source_and_a_population(measure: Measure) -> None:
    changes = [c for c in (measure.mcid, measure.mdc, *measure.others) if c is not None]

    assert all(c.source and c.population and c.kind for c in changes)
    assert all(c.absolute is not None or c.percent is not None for c in changes)
    assert all(c.absolute is None or 0 < c.absolute <= measure.high - measure.low for c in changes)


# measure: MCID absolute, percent, source
MCID = {
    "NPRS": ("2", "30", "Farrar 2001"),
    "NPRS_WORST": ("2", "30", "Farrar 2001"),
    "NPRS_BEST": ("2", "30", "Farrar 2001"),
    "NPRS_AVG": ("2", "30", "Farrar 2001"),
    "VAS": ("15.3", "32.0", "Tubach 2005"),
    "VAS_WORST": ("15.3", "32.0", "Tubach 2005"),
    "VAS_BEST": ("15.3", "32.0", "Tubach 2005"),
    "PSFS": ("2.3", None, "Abbott & Schmitt 2014"),
    "LEFS": ("9", None, "Binkley 1999"),
    "HOOS_ADL": ("4", None, "PMID 40123108"),
    "HOOS_SPORT": ("13", None, "PMID 40123108"),
    "OHS": ("8", None, "Beard 2015"),
    "WOMAC_FUNCTION": ("7.9", "21.1", "Tubach 2005"),
    "CST30": ("2.6", None, "Wright 2011"),
    "TUG": ("1.4", None, "Wright 2011"),
    "WALK40": ("0.3", None, "Wright 2011"),
}


def test_minimal_important_changes_are_the_published_ones_and_no_others() -> None:
    shipped = {
        m.code: (str(m.mcid.absolute), m.mcid.percent and str(m.mcid.percent), m.mcid.source)
        for m in MEASURES
        if m.mcid is not None
    }

    assert shipped == MCID


MDC = {
    **dict.fromkeys(("VAS", "VAS_WORST", "VAS_BEST"), "33"),
    "PSFS": "2",
    "LEFS": "9.9",
    "HOOS_PAIN": "21.6",
    "HOOS_SYMPTOMS": "22.7",
    "HOOS_ADL": "17.7",
    "HOOS_QOL": "24.4",
    "OHS": "5",
    "FLEX": "9.7",
    "EXT": "13.0",
    "ABD": "13.0",
    "IR": "13.0",
    "ER": "13.0",
}


def test_detectable_changes_are_the_published_ones_and_no_others() -> None:
    shipped = {m.code: str(m.mdc.absolute) for m in MEASURES if m.mdc is not None}

    assert shipped == MDC


@pytest.mark.parametrize(
    ("code", "sem"), [("FLEX", 3.5), ("EXT", 4.7), ("IR", 4.7), ("ABD", 4.7), ("ER", 4.7)]
)
def test_detectable_change_of_motion_follows_from_the_standard_error(code: str, sem: float) -> None:
    mdc = MEASURES[code].mdc

    assert mdc is not None
    assert mdc.absolute == Decimal(str(round(1.96 * sqrt(2) * sem, 1)))


@pytest.mark.parametrize("code", ["ABD", "IR", "ER"])
def test_a_range_over_all_motions_is_named_as_one(code: str) -> None:
    measure = MEASURES[code]

    assert measure.mdc is not None
    assert "8.6–13.0" in measure.mdc.population
    assert measure.others[0].absolute == Decimal(str(round(1.96 * sqrt(2) * 3.1, 1)))


def test_adduction_was_not_studied_so_nothing_is_claimed() -> None:
    assert MEASURES["ADD"].mdc is None
    assert MEASURES["ADD"].others == ()


def test_a_noticeable_change_can_be_smaller_than_the_error() -> None:
    vas = MEASURES["VAS"]
    lefs = MEASURES["LEFS"]

    assert vas.mcid is not None
    assert vas.mdc is not None
    assert vas.mcid.absolute is not None
    assert vas.mdc.absolute is not None
    assert vas.mcid.absolute < vas.mdc.absolute
    assert lefs.mdc is not None
    assert lefs.mdc.source == "Pua 2009"


def test_changes_after_surgery_are_shown_but_are_no_threshold_for_the_harris_score() -> None:
    mhhs = MEASURES["MHHS"]

    assert mhhs.mcid is None
    assert [str(c.absolute) for c in mhhs.others] == ["13.0", "9.0", "20.0"]
    assert mhhs.high == Decimal(91) * Decimal("1.1")


@pytest.mark.parametrize(
    ("code", "low", "high", "step", "better", "normal"),
    [
        ("NPRS", "0", "10", "1", "lower", "0"),
        ("VAS", "0", "100", "1", "lower", "0"),
        ("PSFS", "0", "10", "0.1", "higher", "10"),
        ("LEFS", "0", "80", "1", "higher", "80"),
        ("HOOS_PS", "0", "100", "0.1", "lower", "0"),
        ("OHS", "0", "48", "1", "higher", "48"),
        ("ODI", "0", "100", "0.1", "lower", "0"),
        ("GROC", "-7", "7", "1", "higher", None),
        ("SLS", "0", "30", "0.1", "higher", "30"),
        ("PPT", "0", "15", "0.01", "higher", None),
        ("FLEX", "0", "150", "1", "higher", "120"),
        ("EXT", "-40", "40", "1", "higher", "30"),
        ("ABD", "-10", "80", "1", "higher", "45"),
        ("ADD", "-10", "50", "1", "higher", "30"),
        ("IR", "-20", "90", "1", "higher", "45"),
        ("ER", "-20", "90", "1", "higher", "45"),
    ],
)
def test_range_step_direction_and_normal_value(
    code: str, low: str, high: str, step: str, better: str, normal: str | None
) -> None:
    m = MEASURES[code]

    assert (m.low, m.high, m.step, m.better) == (Decimal(low), Decimal(high), Decimal(step), better)
    assert m.normal == (None if normal is None else Decimal(normal))


def test_only_verified_loinc_codes_are_shipped() -> None:
    assert {m.code: m.loinc for m in MEASURES if m.loinc is not None} == {
        "NPRS": "72514-3",
        "VAS": "38214-3",
        "HOOS_PAIN": "72097-9",
        "HOOS_SYMPTOMS": "72096-1",
        "HOOS_ADL": "72095-3",
        "HOOS_JR": "82323-7",
    }


@pytest.mark.parametrize("loinc", [m.loinc for m in MEASURES if m.loinc is not None])
def test_loinc_codes_carry_their_check_digit(loinc: str) -> None:
    number, digit = loinc.split("-")
    doubled = [int(d) * 2 if i % 2 == 0 else int(d) for i, d in enumerate(reversed(number))]
    total = sum(d // 10 + d % 10 for d in doubled)

    assert (10 - total % 10) % 10 == int(digit)


def test_motion_and_thresholds_ask_for_a_side() -> None:
    assert {m.code for m in MEASURES if m.needs_side} == {
        "FLEX",
        "EXT",
        "ABD",
        "ADD",
        "IR",
        "ER",
        "PPT",
        "SLS",
    }


@pytest.mark.parametrize(
    ("code", "value", "mode", "said"),
    [
        ("NPRS", "11", None, "NPRS 11 lies outside 0 to 10 points."),
        ("NPRS", "-1", None, "lies outside"),
        ("NPRS", "3.5", None, "finer than its step of 1"),
        ("VAS", "NaN", None, "lies outside"),
        ("VAS", "Infinity", None, "lies outside"),
        ("LEFS", "50.75", None, "finer than its step"),
        ("LEFS", "80.25", "group_mean", "lies outside"),
        ("IR", "24", "sideways", "not taken in mode sideways; known: active, passive, group_mean."),
        ("NPRS", "3", "active", "not taken in mode active"),
        ("NPRZ", "3", None, "There is no measure NPRZ."),
    ],
)
def test_an_impossible_value_is_named(code: str, value: str, mode: str | None, said: str) -> None:
    sentence = check(code, Decimal(value), mode)

    assert sentence is not None
    assert said in sentence


@pytest.mark.parametrize(
    ("code", "value", "mode"),
    [
        ("nprs", "6", None),
        ("LEFS", "50.75", "group_mean"),
        ("VAS_WORST", "32.5", "group_mean"),
        ("IR", "-5", "passive"),
        ("GROC", "-7", None),
        ("HOOS_QOL", "56.25", None),
        ("MHHS", "100.1", None),
        ("HOOS_JR", "52.965", None),
        ("PSFS", "4.3", None),
    ],
)
def test_a_possible_value_passes(code: str, value: str, mode: str | None) -> None:
    assert check(code, Decimal(value), mode) is None


@given(code=st.sampled_from(MEASURES.codes), thousandths=st.integers(-120_000, 320_000))
def test_a_value_passes_exactly_when_it_is_a_whole_number_of_steps_within_the_range(
    code: str, thousandths: int
) -> None:
    measure = MEASURES[code]
    value = Fraction(thousandths, 1000)
    steps = (value - Fraction(measure.low)) / Fraction(measure.step)
    inside = Fraction(measure.low) <= value <= Fraction(measure.high)

    passes = check(code, Decimal(thousandths) / 1000) is None

    assert passes == (inside and steps.denominator == 1)


@given(code=st.sampled_from(MEASURES.codes), value=st.decimals())
def test_no_number_makes_the_check_itself_fail(code: str, value: Decimal) -> None:
    sentence = check(code, value)

    assert sentence is None or code in sentence


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("NPRS", "6", "6/10"),
        ("NPRS", "1E+1", "10/10"),
        ("LEFS", "50.75", "50.75/80"),
        ("VAS", "25.750", "25.75 mm"),
        ("IR", "-5", "-5°"),
        ("GROC", "4", "+4"),
        ("GROC", "0", "0"),
        ("GROC", "-2", "-2"),
        ("WALK40", "0.95", "0.95 m/s"),
        ("CST30", "20", "20 stands"),
    ],
)
def test_a_value_is_written_as_people_do(code: str, value: str, text: str) -> None:
    assert value_text(MEASURES[code], Decimal(value)) == text


def test_pressure_is_converted_exactly() -> None:
    assert kgf_to_kpa(Decimal(1)) == Decimal("98.0665")
    assert kgf_to_newton(Decimal(1)) == Decimal("9.80665")
    assert kgf_to_kpa(Decimal("2.5")) == Decimal("245.16625")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("p", "NPRS"), ("pain", "NPRS"), ("ir", "IR"), ("add", "ADD"), ("flex", "FLEX"), ("hoos jr", "HOOS_JR")],
)
def test_a_measure_is_found_by_what_is_typed(typed: str, code: str) -> None:
    assert [m.code for m in MEASURES.find(typed)] == [code]
