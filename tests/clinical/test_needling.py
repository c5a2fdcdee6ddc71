"""Needling: the tables of sizes and words, and a sentence for everything wrong with a site."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.needling import (
    DEFAULT_DIAMETER_MM,
    DIAMETERS_MM,
    DOSES_SEEN,
    HIP_LENGTHS_MM,
    JAPANESE_NUMBERS,
    LENGTHS_MM,
    RETENTION_MIN,
    STYLES,
    TECHNIQUES,
    TWITCH_WORDS,
    TWITCHES,
    Insertion,
    problems,
)

SITE = Insertion(
    muscle="GMED",
    side="R",
    zone="2",
    diameter_mm=Decimal("0.30"),
    length_mm=50,
    depth_mm=40,
    technique="FIFO",
    passes=10,
    retention_min=0,
    twitch="elicited",
    twitch_count=3,
)


def test_a_well_recorded_site_has_no_problem() -> None:
    assert problems(SITE) == ()


def test_what_was_not_recorded_is_not_judged() -> None:
    assert problems(Insertion(muscle="TFL", side="L")) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"muscle": "GMEX"}, "no muscle GMEX"),
        ({"zone": "9"}, "gluteus medius has no zone 9; it has 1, 2, 3"),
        ({"muscle": "OBEX", "zone": "1"}, "it is not divided"),
        ({"side": "B"}, "both sides are two rows"),
        ({"target": "bone"}, "Target bone"),
        ({"diameter_mm": Decimal("3.0")}, "diameter 3.0 mm lies outside 0.10 to 0.50 mm"),
        ({"diameter_mm": Decimal("0")}, "diameter"),
        ({"diameter_mm": Decimal("NaN")}, "diameter"),
        ({"length_mm": 160, "depth_mm": None}, "length 160 mm lies outside 10 to 150 mm"),
        ({"depth_mm": 51}, "Depth 51 mm is more than the needle's length of 50 mm"),
        ({"depth_mm": 0}, "Depth 0 mm"),
        ({"depth_mm": -5}, "Depth -5 mm"),
        ({"insertions": 0}, "Skin insertions 0"),
        ({"insertions": 100}, "Skin insertions 100"),
        ({"technique": "ZAP"}, "no technique ZAP"),
        ({"passes": 0}, "Passes 0"),
        ({"retention_min": 61}, "Retention 61 min"),
        ({"retention_min": -1}, "Retention -1 min"),
        ({"twitch": "none"}, "not recorded as elicited"),
        ({"twitch": None}, "not recorded as elicited"),
        ({"twitch": "maybe", "twitch_count": None}, "Twitch maybe"),
        ({"twitch_count": 0}, "Twitch count 0"),
        ({"hz": Decimal(2)}, "technique is not EDN"),
        ({"technique": None, "ma": Decimal(3)}, "technique is not EDN"),
        ({"technique": "EDN", "hz": Decimal(5000)}, "Frequency 5000 Hz"),
        ({"technique": "EDN", "hz": Decimal(0)}, "Frequency 0 Hz"),
        ({"technique": "EDN", "ma": Decimal(90)}, "Current 90 mA"),
    ],
)
def test_one_thing_wrong_is_one_sentence(change: dict[str, Any], said: str) -> None:
    found = problems(replace(SITE, **change))

    assert len(found) == 1
    assert said in found[0]
    assert found[0].endswith(".")


def test_everything_wrong_is_told_at_once() -> None:
    wrong = replace(SITE, muscle="GMEX", depth_mm=90, retention_min=99, twitch="none")

    assert len(problems(wrong)) == 4


def test_a_size_no_table_lists_is_no_error() -> None:
    unusual = replace(SITE, diameter_mm=Decimal("0.28"), length_mm=45)

    assert Decimal("0.28") not in DIAMETERS_MM
    assert problems(unusual) == ()


def test_depth_may_reach_the_needles_whole_length() -> None:
    assert problems(replace(SITE, depth_mm=50)) == ()


@pytest.mark.parametrize("zone", ["ANT", "mid", "@0.40,0.30"])
def test_a_zone_may_be_a_word_or_a_place_on_the_map(zone: str) -> None:
    assert problems(replace(SITE, zone=zone)) == ()


def test_electrical_needling_with_its_settings_is_accepted() -> None:
    site = replace(SITE, technique="EDN", hz=Decimal(2), ma=Decimal("1.5"), retention_min=20)

    assert problems(site) == ()


@given(
    muscle=st.sampled_from([*MUSCLES.codes, "", "=1+1"]),
    depth=st.one_of(st.none(), st.integers(-1000, 1000)),
    hz=st.one_of(st.none(), st.decimals()),
    diameter=st.one_of(st.none(), st.decimals()),
)
def test_no_value_makes_the_check_itself_fail(
    muscle: str, depth: int | None, hz: Decimal | None, diameter: Decimal | None
) -> None:
    found = problems(Insertion(muscle, "L", depth_mm=depth, hz=hz, diameter_mm=diameter))

    assert all(sentence.endswith(".") for sentence in found)
    assert bool(found) or (muscle in MUSCLES and hz is None)


def test_the_needle_tables_are_those_of_the_trade() -> None:
    printed = [format(size, "f") for size in DIAMETERS_MM]

    assert printed == ["0.12", "0.14", "0.16", "0.18", "0.20", "0.22", "0.25", "0.30", "0.35", "0.40"]
    assert LENGTHS_MM == (13, 15, 25, 30, 40, 50, 60, 75, 90, 100, 125)
    assert format(DEFAULT_DIAMETER_MM, "f") == "0.30"
    assert JAPANESE_NUMBERS[DEFAULT_DIAMETER_MM] == 8
    assert set(JAPANESE_NUMBERS) <= set(DIAMETERS_MM)
    assert set(HIP_LENGTHS_MM) <= set(LENGTHS_MM)
    assert RETENTION_MIN == (0, 1, 2, 3, 4, 5, 10, 15, 20, 30)


def test_every_technique_is_known_by_its_code() -> None:
    assert TECHNIQUES.codes == ("FIFO", "SLOW", "STATIC", "WIND", "SDN", "THREAD", "PERI", "EDN", "USG")


@pytest.mark.parametrize(
    ("typed", "code"), [("pens", "EDN"), ("pistoning", "FIFO"), ("wind", "WIND"), ("ultra", "USG")]
)
def test_a_technique_is_found_by_what_people_call_it(typed: str, code: str) -> None:
    assert [row.code for row in TECHNIQUES.find(typed)] == [code]


def test_electrical_needling_says_what_it_covers_and_when_never() -> None:
    note = TECHNIQUES["EDN"].note

    assert "PENS" in note
    assert "pacemaker" in note


def test_styles_of_needling_are_offered() -> None:
    assert STYLES.codes == ("TRIGGER_POINT", "ELECTRICAL", "SUPERFICIAL", "SCAR")


def test_not_seen_and_not_sought_are_told_apart() -> None:
    assert tuple(TWITCH_WORDS) == TWITCHES
    assert len(set(TWITCH_WORDS.values())) == 4


def test_courses_given_in_hip_studies_lie_between_three_and_twelve_sessions() -> None:
    assert {dose.sessions for dose in DOSES_SEEN} == {(3, 3), (12, 12), (4, 8)}
    assert all(dose.source for dose in DOSES_SEEN)
