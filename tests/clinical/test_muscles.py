"""Muscles: every row usable, every name leads to one muscle, no needle length out of reach."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.muscles import MUSCLES, VIEWS, Muscle, free_place, muscle_band
from hiplog.clinical.needling import LENGTHS_MM
from hiplog.clinical.vocabulary import Catalogue

# code: FMA, usual length, bleeding pressed by hand, tier
EXPECTED = {
    "GMAX": ("22314", (50, 75), "yes", 1),
    "GMED": ("22315", (50, 60), "yes", 1),
    "GMIN": ("22317", (50, 75), "part", 2),
    "TFL": ("22423", (40, 60), "yes", 1),
    "PIRI": ("19082", (60, 75), "no", 3),
    "GEMS": ("22318", (60, 75), "no", 3),
    "GEMI": ("22320", (60, 75), "no", 3),
    "OBIN": ("22298", (60, 75), "no", 3),
    "OBEX": ("22299", (60, 75), "no", 3),
    "QFEM": ("22321", (60, 75), "no", 3),
    "ILIA": ("22310", (50, 60), "no", 3),
    "PSOA": ("18060", (40, 60), "no", 3),
    "RF": ("22430", (40, 60), "yes", 1),
    "SART": ("22353", (30, 40), "yes", 2),
    "VL": ("22431", (40, 60), "yes", 1),
    "PECT": ("22440", (30, 50), "yes", 3),
    "ADDL": ("22441", (30, 50), "yes", 2),
    "ADDB": ("22442", (40, 60), "yes", 2),
    "ADDM": ("22443", (50, 75), "yes", 2),
    "GRAC": ("43882", (30, 50), "yes", 1),
    "BF": ("22356", (50, 75), "yes", 2),
    "ST": ("22357", (50, 75), "yes", 2),
    "SM": ("22438", (50, 75), "yes", 2),
    "QL": ("15569", (50, 75), "no", 3),
    "MULT": ("22827", (40, 60), "part", 2),
    "LEVA": (None, (40, 60), "no", 3),
}

every_muscle = pytest.mark.parametrize("muscle", tuple(MUSCLES), ids=MUSCLES.codes)


def test_the_list_is_complete_and_agrees_with_the_reference() -> None:
    shipped = {m.code: (m.fma, m.length_mm, m.compressible, m.tier) for m in MUSCLES}

    assert shipped == EXPECTED


def test_only_the_verified_snomed_concepts_are_shipped() -> None:
    shipped = {m.code: m.snomed for m in MUSCLES if m.snomed is not None}

    assert shipped == {"GMED": "78333006", "GMAX": "206007", "VL": "1403006"}


def test_no_anatomical_number_is_used_twice() -> None:
    numbers = [m.fma for m in MUSCLES if m.fma is not None]

    assert len(numbers) == len(set(numbers))


@every_muscle
def test_a_muscle_can_be_drawn_and_described(muscle: Muscle) -> None:
    assert muscle.view in VIEWS
    assert muscle.places
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in muscle.places)
    assert muscle.danger
    assert muscle.referral
    assert set(muscle.length_mm) <= set(LENGTHS_MM)
    assert muscle.length_mm[0] < muscle.length_mm[1]


@every_muscle
def test_a_muscle_is_found_by_its_code_and_its_full_names(muscle: Muscle) -> None:
    for text in (muscle.code, muscle.code.lower(), muscle.name, muscle.latin.upper()):
        assert MUSCLES.find(text) == (muscle,)


@every_muscle
def test_a_zone_is_typed_short_and_means_one_thing(muscle: Muscle) -> None:
    typed = [text for zone in muscle.zones for text in (zone.code, *zone.synonyms)]

    assert len(typed) == len(set(typed))
    assert all(text == text.lower() and " " not in text for text in typed)
    assert all(muscle.zone(zone.code.upper()) == zone for zone in muscle.zones)


@every_muscle
def test_every_zone_has_somewhere_to_be_drawn(muscle: Muscle) -> None:
    assert all(muscle.place(zone.code) in muscle.places for zone in muscle.zones)


def test_each_point_of_gluteus_medius_has_its_own_place() -> None:
    gmed = MUSCLES["gmed"]

    assert [gmed.place(zone) for zone in ("1", "mid", "ANT")] == [(0.80, 0.24), (0.52, 0.22), (0.28, 0.24)]
    assert gmed.place() == gmed.place("1")


def test_a_free_place_is_read_and_drawn_where_it_says() -> None:
    assert free_place("@0.50,.30") == (0.5, 0.3)
    assert MUSCLES["QL"].place("@.1,1") == (0.1, 1.0)


@pytest.mark.parametrize("text", ["@1.2,0.3", "0.5,0.3", "@0.5", "@0.5,0.3,0.1", "@-0.1,0.2", ""])
def test_what_is_no_place_on_the_map_is_refused(text: str) -> None:
    assert free_place(text) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("gmed", "GMED"),
        ("glut med", "GMED"),
        ("glute max", "GMAX"),
        ("piri", "PIRI"),
        ("pirif", "PIRI"),
        ("psoas", "PSOA"),
        ("tfl", "TFL"),
        ("tensor", "TFL"),
        ("quad lumb", "QL"),
        ("quad fem", "QFEM"),
        ("medius", "GMED"),
        ("  Add Mag ", "ADDM"),
        ("multifid", "MULT"),
        ("rec fem", "RF"),
    ],
)
def test_what_a_therapist_types_leads_to_one_muscle(typed: str, code: str) -> None:
    assert [m.code for m in MUSCLES.find(typed)] == [code]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("glut", ["GMAX", "GMED", "GMIN"]),
        ("iliopsoas", ["ILIA", "PSOA"]),
        ("gemelli", ["GEMS", "GEMI"]),
        ("hamstrings", ["BF", "ST", "SM"]),
        ("adductor", ["ADDL", "ADDB", "ADDM"]),
    ],
)
def test_a_group_is_a_choice_and_never_one_of_its_muscles(typed: str, codes: list[str]) -> None:
    assert [m.code for m in MUSCLES.find(typed)] == codes


def test_a_slip_of_the_finger_offers_the_nearest_two_in_order() -> None:
    assert MUSCLES.find("gmex") == ()
    assert [m.code for m in MUSCLES.nearest("gmex")] == ["GMAX", "GMED"]


def test_nothing_like_a_muscle_finds_nothing() -> None:
    assert MUSCLES.find("  ") == ()
    assert MUSCLES.find("0.30x50") == ()
    assert MUSCLES.nearest("zzzz") == ()


@given(st.text(max_size=40))
def test_any_text_is_answered_without_failing(text: str) -> None:
    assert set(MUSCLES.find(text)) <= set(MUSCLES)
    assert len(MUSCLES.nearest(text)) <= 2


def test_an_unknown_code_is_no_member() -> None:
    assert "gmed" in MUSCLES
    assert "GMEX" not in MUSCLES
    assert MUSCLES.get("GMEX") is None
    assert MUSCLES.get(None) is None
    with pytest.raises(KeyError):
        MUSCLES["GMEX"]


def test_a_retired_row_still_reads_but_is_no_longer_offered() -> None:
    old = replace(MUSCLES["SART"], retired=True)
    some = Catalogue((MUSCLES["RF"], old))

    assert some["SART"] is old
    assert some.find("sart") == (old,)
    assert some.find("sartorius") == ()
    assert some.nearest("sartoriu") == ()
    assert some.active() == (MUSCLES["RF"],)
    assert len(some) == 2


def test_two_rows_may_not_share_a_code() -> None:
    with pytest.raises(ValueError, match="share a code"):
        Catalogue((MUSCLES["RF"], MUSCLES["RF"]))


@pytest.mark.parametrize(
    ("codes", "band"),
    [([], "0"), (["GMED", "gmed"], "1-2"), (["GMED", "PIRI"], "1-2"), (["GMED", "PIRI", "TFL"], "3+")],
)
def test_the_billing_band_counts_distinct_muscles(codes: list[str], band: str) -> None:
    assert muscle_band(codes) == band


def test_the_piriformis_prompt_gives_its_figures_and_their_source() -> None:
    prompts = " ".join(MUSCLES["PIRI"].prompts)

    assert "11 of 14" in prompts
    assert "PMID 35658872" in prompts
    assert "0 of 19" in prompts
