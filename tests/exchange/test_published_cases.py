"""The sample data set: published cases come in as printed, and what is not printed stays missing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lived import table

from hiplog.clinical.change import change
from hiplog.clinical.record import Session
from hiplog.exchange import bundle, intake, verify
from hiplog.logbook import audit, episodes, patients, precautions, sessions, signing
from hiplog.logbook.book import Logbook

SAMPLES = Path(intake.__file__).parent / "samples"


def brought(book: Logbook) -> None:
    taken = intake.read(book, SAMPLES / "cases.csv", mapping=SAMPLES / "cases.toml")
    assert (taken.written, taken.refused) == (True, ())


pytestmark = [pytest.mark.grown(by=brought)]


def case(book: Logbook, code: str) -> Session:
    (kept,) = book.read(sessions.of, book.read(patients.get, code).id)
    return kept


def scores(kept: Session, stage: str) -> dict[str, Decimal | None]:
    return {reading.measure: reading.value for reading in kept.readings if reading.stage == stage}


def test_everybody_is_there_and_nobody_twice(book: Logbook) -> None:
    codes = [who.code for who in book.read(patients.everyone)]
    assert codes == ["C03", "C04", "C06", "C07", "C08", "C09", "C10", "C11"]
    assert intake.read(book, SAMPLES / "cases.csv", mapping=SAMPLES / "cases.toml").rows == {}
    assert book.read(audit.verify).findings == ()


def test_both_sides_are_two_rows_and_one_muscle(book: Logbook, tmp_path: Path) -> None:
    kept = case(book, "C03")
    assert sorted((s.muscle, s.side, s.zone, s.technique) for s in kept.insertions) == [
        ("GMAX", "R", None, "EDN"),
        ("GMED", "R", None, "EDN"),
        ("MULT", "L", "l3", "EDN"),
        ("MULT", "L", "l5", "EDN"),
        ("MULT", "R", "l3", "EDN"),
        ("MULT", "R", "l5", "EDN"),
    ]
    row = next(r for r in table(bundle.write(book, tmp_path / "b").path, "sessions") if r["id"] == kept.id)
    assert (row["insertions"], row["muscles_distinct"], row["muscle_band"]) == ("6", "3", "3+")
    assert {(s.twitch, s.diameter_mm, s.hz) for s in kept.insertions} == {(None, None, None)}


def test_a_start_that_is_not_printed_is_missing_and_an_end_of_zero_is_zero(book: Logbook) -> None:
    kept = case(book, "C03")
    assert scores(kept, "before") == {"NPRS": None, "ODI": None}
    assert {r.missing_reason for r in kept.readings if r.stage == "before"} == {"not_printed"}
    assert scores(kept, "after") == {"NPRS": Decimal(0), "ODI": Decimal(0)}


def test_means_of_four_people_are_no_patients_scores(book: Logbook, tmp_path: Path) -> None:
    kept = case(book, "C04")
    assert scores(kept, "before") == {
        "LEFS": Decimal("50.75"),
        "VAS": Decimal("25.75"),
        "VAS_BEST": Decimal(20),
        "VAS_WORST": Decimal(85),
    }
    assert scores(kept, "after") == {
        "LEFS": Decimal("66.75"),
        "VAS": Decimal("11.75"),
        "VAS_BEST": Decimal(0),
        "VAS_WORST": Decimal("32.5"),
    }
    assert scores(kept, "follow_up") == {"LEFS": Decimal("65.50")}
    assert {reading.mode for reading in kept.readings} == {"group_mean"}
    folder = bundle.write(book, tmp_path / "b").path
    out = {row["id"] for row in table(folder, "exclusions") if row["rule"] == "group_mean"}
    assert out == {reading.id for reading in kept.readings}


def test_the_current_pain_of_c04_is_below_one_threshold_and_above_the_other(book: Logbook) -> None:
    kept = case(book, "C04")
    found = change("VAS", scores(kept, "before")["VAS"], scores(kept, "after")["VAS"])
    assert found is not None
    assert found.absolute == Decimal("-14.00")
    assert (found.reached_absolute, found.reached_percent) == (False, True)


@pytest.mark.parametrize(("code", "side", "sex"), [("C06", "L", "male"), ("C07", "R", "female")])
def test_replaced_hips_carry_their_precaution(book: Logbook, code: str, side: str, sex: str) -> None:
    who = book.read(patients.get, code)
    assert (who.sex, [one.side for one in book.read(episodes.of, who.id)]) == (sex, [side])
    (standing,) = book.read(precautions.of, who.id)
    assert standing.item == "THA"
    assert standing.cleared_by is not None
    assert set(scores(case(book, code), "before").values()) == {None}


@pytest.mark.parametrize(("code", "item"), [("C07", "FRACTURE"), ("C10", "NIGHT")])
def test_the_history_asks_its_question(book: Logbook, code: str, item: str) -> None:
    kept = case(book, code)
    assert [(answer.item, answer.answer) for answer in kept.screening] == [(item, "yes")]
    assert item in {finding.item for finding in book.read(signing.findings, kept)}


@pytest.mark.parametrize("code", ["C08", "C09", "C10"])
def test_the_piriformis_series(book: Logbook, code: str) -> None:
    kept = case(book, code)
    assert {s.muscle for s in kept.insertions} == {"PIRI", "GMIN", "GMED", "GMAX"}
    assert {(s.diameter_mm, s.length_mm, s.technique) for s in kept.insertions} == {
        (Decimal("0.30"), 60, "USG")
    }
    assert [(i.stage, i.asked_how, i.state) for i in kept.inquiries] == [("follow_up", "open", "none")]
    assert "side is not printed" in (kept.note or "")


def test_a_printed_range_is_not_a_score(book: Logbook) -> None:
    kept = case(book, "C11")
    assert [(r.value, r.missing_reason) for r in kept.readings] == [(None, "range_printed")]
    assert "8 to 9" in (kept.note or "")
    (standing,) = book.read(precautions.of, book.read(patients.get, "C11").id)
    assert standing.item == "NEURO_PROG"


def test_every_day_that_is_not_printed_says_so(book: Logbook) -> None:
    for who in book.read(patients.everyone):
        kept = case(book, who.code)
        assert kept.occurred_at.isoformat()[4:19] == "-01-01T11:00:00"
        assert "1 January" in (kept.note or "")
        assert (kept.origin, kept.therapist, kept.status) == ("imported", "PUBLISHED", "signed")


def test_the_cases_go_out_and_verify(book: Logbook, tmp_path: Path) -> None:
    for words in ({}, {"identified": True, "reason": "samples"}):
        folder = bundle.write(book, tmp_path / f"b{len(words)}", **words).path  # type: ignore[arg-type]
        assert verify.check(folder).findings == ()
