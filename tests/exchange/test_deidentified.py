"""A bundle without identity: nothing that names a person leaves, and nothing can be guessed back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bundles import mentions
from lived import SECRETS, live, table
from samples import admit, complete, site
from sqlalchemy import text

from hiplog.clinical.record import Consent, Referral
from hiplog.exchange import bundle, layout, shape, verify
from hiplog.exchange.codes import UNLISTED
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook

DATE = re.compile(rb"\d{4}-\d\d-\d\d")


@pytest.fixture
def coded(book: Logbook, tmp_path: Path) -> Path:
    return bundle.write(book, tmp_path / "bundle").path


@pytest.mark.grown(by=live)
def test_nothing_that_names_anybody_is_in_it(coded: Path) -> None:
    whole = b"\n".join(one.read_bytes() for one in sorted(coded.rglob("*")) if one.is_file())
    assert [word for word in SECRETS if word.encode() in whole] == []
    assert b"Europe/Berlin" not in whole
    assert b"Hip clinic" not in whole


@pytest.mark.grown(by=live)
def test_no_date_is_in_its_tables(coded: Path) -> None:
    assert {one.name: DATE.findall(one.read_bytes()) for one in (coded / "data").iterdir()} == {
        one.name: [] for one in (coded / "data").iterdir()
    }


@pytest.mark.grown(by=live)
def test_chart_codes_and_salts_stay_at_home(book: Logbook, coded: Path) -> None:
    whole = b"".join(one.read_bytes() for one in (coded / "data").iterdir())
    with book.engine.connect() as connection:
        salts = [row[0] for row in connection.execute(text("SELECT salt FROM audit_payloads"))]
        charts = [row[0] for row in connection.execute(text("SELECT code FROM patients"))]
        hashes = [row[0] for row in connection.execute(text("SELECT content_hash FROM signatures"))]
    assert len(salts) > 20
    assert [one for one in (*salts, *charts, *hashes) if mentions(whole, one)] == []
    assert not (coded / "data" / "patients_identity.csv").exists()


@pytest.mark.grown(by=live)
def test_the_chain_still_verifies(coded: Path) -> None:
    assert verify.check(coded).findings == ()
    assert set(table(coded, "audit_log")[0]) == {"seq", "payload_digest", "prev_hash", "row_hash"}


@pytest.mark.grown(by=live)
def test_patients_keep_one_code_from_bundle_to_bundle(book: Logbook, coded: Path, tmp_path: Path) -> None:
    again = bundle.write(book, tmp_path / "again").path
    names = [row["pseudonym"] for row in table(coded, "patients")]
    assert names == [row["pseudonym"] for row in table(again, "patients")]
    assert len(set(names)) == 4


@pytest.mark.grown(by=live)
def test_days_are_counted_from_the_first_visit(coded: Path) -> None:
    days: dict[str, list[int]] = {}
    for row in sorted(table(coded, "sessions"), key=lambda row: int(row["number"])):
        days.setdefault(row["patient"], []).append(int(row["day_no"]))
    assert sorted(days.values()) == [[0], [0], [0, 1], [0, 40]]
    assert {row["year"] for row in table(coded, "sessions")} == {"2026"}
    since = next(row["since_day_no"] for row in table(coded, "precautions") if row["item"] == "THA")
    assert int(since) == (date(2020, 2, 29) - date(2026, 3, 4)).days


@pytest.mark.grown(by=live)
def test_the_very_old_share_one_band(coded: Path) -> None:
    bands = {row["age_band"] for row in table(coded, "sessions")}
    assert "90+" in bands
    assert bands <= {"", "40-49", "90+"}


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-17"), (17, "0-17"), (18, "18-29"), (30, "30-39"), (89, "80-89"), (90, "90+"), (104, "90+")],
)
def test_ages_stand_in_bands(age: int, band: str) -> None:
    birth = date(1900, 6, 15)
    assert shape.age_band(birth, date(1900 + age, 6, 15)) == band
    assert shape.age_band(birth, date(1901 + age, 6, 15) - timedelta(days=1)) == band


@pytest.mark.grown(by=live)
def test_an_amended_number_shows_and_an_amended_text_does_not(coded: Path) -> None:
    made = {row["field"]: row for row in table(coded, "amendments")}
    assert (made["value"]["old_value"], made["value"]["new_value"]) == ("4", "2")
    assert (made["depth_mm"]["old_value"], made["depth_mm"]["new_value"]) == ("35", "30")
    assert (made["plan"]["old_value"], made["plan"]["new_value"], made["plan"]["text_changed"]) == (
        "",
        "",
        "true",
    )


def test_a_code_that_no_list_knows_could_be_a_name(book: Logbook, tmp_path: Path) -> None:
    who, episode = admit(book)
    draft = book.write(sessions.start, who.id, episode)
    odd = replace(
        complete(draft),
        consent=Consent("Rossi, Lea", given=True),
        co_treatments=("Rossi",),
        referrals=(Referral("Rossi", "physician"),),
        insertions=(site(zone="Rossi", inserted_by="Rossi", removed_by="DN001"),),
    )
    book.write(sessions.save, odd, draft.version)
    folder = bundle.write(book, tmp_path / "bundle").path
    assert b"Rossi" not in b"".join(one.read_bytes() for one in folder.rglob("*.*"))
    row = table(folder, "insertions")[0]
    assert (row["zone"], row["inserted_by"], row["removed_by"]) == (UNLISTED, UNLISTED, "DN001")
    assert table(folder, "co_treatments")[0]["kind"] == UNLISTED
    assert verify.check(folder).ok
    named = bundle.write(book, tmp_path / "named", identified=True, reason="x").path
    assert table(named, "co_treatments")[0]["kind"] == "Rossi"
    assert verify.check(named).ok


def test_every_free_text_and_date_is_declared_as_identifying() -> None:
    open_text = {
        "note",
        "plan",
        "reason",
        "name",
        "licence",
        "training",
        "override_reason",
        "referred_to",
        "device",
    }
    loose = [
        f"{sheet.name}.{column.name}"
        for sheet in layout.DATA
        for column in sheet.columns
        if not sheet.identified
        and not column.identified
        and (column.kind in ("date", "datetime") or (column.name in open_text and column.codes is None))
    ]
    assert loose == []


@pytest.mark.grown(by=live)
def test_the_letter_promises_nothing_it_cannot_keep(coded: Path) -> None:
    letter = (coded / "README.txt").read_text(encoding="utf-8")
    assert "not legal advice" in letter
    assert "not the Safe Harbor method" in letter
    assert "no promise of anonymity" in letter
