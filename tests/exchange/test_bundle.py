"""The audit bundle: complete, reproducible, checkable by strangers, honest about what was not asked."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from lived import HOSTILE, forward, live, manifest, table
from sqlalchemy import text

from hiplog.clinical.errors import BadInput, Refused
from hiplog.exchange import bundle, layout, verify
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook

pytestmark = [pytest.mark.grown(by=live)]
VALIDATOR = Path(sys.executable).with_name("frictionless")


def named(book: Logbook, folder: Path) -> Path:
    """Write an identified bundle."""
    return bundle.write(book, folder, identified=True, reason="yearly audit").path


@pytest.mark.both_databases
def test_every_row_and_every_value_of_the_database_is_in_it(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    told = {one["file"]: one for one in manifest(folder)["tables"]}  # type: ignore[attr-defined]
    copied = 0
    with book.engine.connect() as connection:
        for sheet in layout.DATA:
            if sheet.source is None:
                continue
            rule = " WHERE chain = 'record'" if sheet is layout.AUDIT_LOG else ""
            rows = connection.execute(text(f"SELECT count(*) FROM {sheet.source}{rule}")).scalar()
            assert told[sheet.path]["rows"] == rows == len(table(folder, sheet.name)), sheet.name
            for column in sheet.columns:
                if column.source and column.source not in ("salt", "body"):
                    query = f'SELECT count("{column.source}") FROM {sheet.source}{rule}'
                    assert told[sheet.path]["filled"][column.name] == connection.execute(text(query)).scalar()
                    copied += 1
    assert copied > 150


def test_drafts_and_voids_are_in_it(book: Logbook, tmp_path: Path) -> None:
    folder = bundle.write(book, tmp_path / "bundle").path
    states = [row["status"] for row in table(folder, "sessions")]
    assert sorted(set(states)) == ["draft", "signed", "voided"]


def test_the_same_state_gives_the_same_bytes(book: Logbook, tmp_path: Path) -> None:
    first = bundle.write(book, tmp_path / "first").path
    forward(book, days=3, seconds=17)
    second = bundle.write(book, tmp_path / "second").path
    names = [one.relative_to(first) for one in sorted(first.rglob("*")) if one.is_file()]
    differ = [str(name) for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    assert differ == ["SHA256SUMS", "manifest.json"]
    one, other = manifest(first), manifest(second)
    assert one.pop("request") != other.pop("request")
    assert one == other


def test_rows_are_sorted_and_lines_end_as_the_format_asks(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    for path in (folder / "data").iterdir():
        assert path.read_bytes().endswith(b"\r\n")
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
        ids = [row["id"] for row in table(folder, path.stem) if "id" in row]
        assert ids == sorted(ids)


@pytest.mark.parametrize("identified", [False, True])
def test_strangers_tools_accept_it(book: Logbook, tmp_path: Path, identified: bool) -> None:
    write = {"identified": True, "reason": "audit"} if identified else {}
    folder = bundle.write(book, tmp_path / "bundle", excel=True, **write).path  # type: ignore[arg-type]
    sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert sums.returncode == 0, sums.stdout
    assert sums.stdout.count(": OK") == len([one for one in folder.rglob("*") if one.is_file()]) - 1
    alone = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder), "--json"]
    told = subprocess.run(alone, cwd="/", capture_output=True, text=True)
    assert (told.returncode, json.loads(told.stdout)["findings"]) == (0, [])
    checked = subprocess.run(
        [VALIDATOR, "validate", "--json", "datapackage.json"], cwd=folder, capture_output=True, text=True
    )
    report = json.loads(checked.stdout)
    assert (report["valid"], report["stats"]["errors"]) == (True, 0), checked.stdout[-2000:]
    assert report["stats"]["tasks"] == len(layout.profile(identified)) + 2


def test_the_validator_does_look(book: Logbook, tmp_path: Path) -> None:
    folder = bundle.write(book, tmp_path / "bundle").path
    path = folder / "data" / "insertions.csv"
    path.write_bytes(path.read_bytes().replace(b'"GMED"', b'"GMEX"', 1))
    checked = subprocess.run(
        [VALIDATOR, "validate", "--json", "datapackage.json"], cwd=folder, capture_output=True, text=True
    )
    kinds = {error["type"] for task in json.loads(checked.stdout)["tasks"] for error in task["errors"]}
    assert {"hash-count", "constraint-error"} <= kinds


def test_an_amendment_carries_old_new_why_who_and_when(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    made = {row["field"]: row for row in table(folder, "amendments")}
    assert (made["plan"]["old_value"], made["plan"]["new_value"]) == ("repeat in a week", "Hagebutte tea")
    assert made["plan"]["reason"] == "left the tap running"
    assert (made["value"]["old_value"], made["value"]["new_value"]) == ("4", "2")
    assert made["value"]["practitioner"] == "DN001"
    assert made["value"]["at"].startswith("2026-03-02T13:00:00")
    assert made["value"]["at"].endswith("+01:00")
    readings = {row["id"]: row["value"] for row in table(folder, "readings")}
    assert readings[made["value"]["entity_id"]] == "4.00"


def test_not_asked_none_refused_and_missing_stay_apart(book: Logbook, tmp_path: Path) -> None:
    folder = bundle.write(book, tmp_path / "bundle").path
    states = {row["adverse_any"] for row in table(folder, "sessions")}
    assert states == {"yes", "none", "refused", "not_asked"}
    empty = [row for row in table(folder, "readings") if row["value"] == ""]
    assert [row["missing_reason"] for row in empty] == ["refused"]
    assert "0.00" in {row["value"] for row in table(folder, "readings")}


def test_what_is_worked_out_follows_the_rows(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    rows = table(folder, "sessions")
    sites = table(folder, "insertions")
    for row in rows:
        mine = [site for site in sites if site["session"] == row["id"]]
        assert int(row["insertions"]) == sum(int(site["insertions"]) for site in mine)
        assert int(row["muscles_distinct"]) == len({site["muscle"] for site in mine})
    late = {row["therapist"]: row["late"] for row in rows if row["patient"] == rows[0]["patient"]}
    assert set(late.values()) <= {"true", "false"}
    written_up = next(row for row in rows if row["therapist"] == "DN002")
    assert (written_up["late"], written_up["mismatch_explained"]) == ("true", "true")
    assert written_up["age_band"] == ""
    follow_up = next(row for row in table(folder, "follow_ups") if row["state"] == "done")
    assert follow_up["done_after_h"] == "26.1"


def test_a_range_takes_whole_visits_with_all_that_belongs_to_them(book: Logbook, tmp_path: Path) -> None:
    made = bundle.write(
        book,
        tmp_path / "bundle",
        since=date(2026, 4, 1),
        until=date(2026, 12, 31),
        identified=True,
        reason="q2",
    )
    rows = table(made.path, "sessions")
    assert rows
    assert min(row["occurred_at"] for row in rows) >= "2026-04-01"
    assert {row["session"] for row in table(made.path, "insertions")} <= {row["id"] for row in rows}
    assert {row["id"] for row in table(made.path, "patients")} == {row["patient"] for row in rows}
    assert {row["body"] for row in table(made.path, "audit_log")} == {""}
    assert verify.check(made.path).findings == ()


def test_an_export_is_logged_and_knows_the_one_before(book: Logbook, tmp_path: Path) -> None:
    first = named(book, tmp_path / "first")
    assert manifest(first)["request"]["previous"] is None  # type: ignore[index]
    entry = book.read(audit.events, 5, "access")[0]
    assert (entry.action, entry.actor) == ("export", "DN001")
    second = bundle.write(book, tmp_path / "second").path
    before = manifest(second)["request"]["previous"]  # type: ignore[index]
    assert before["entry"] == {"seq": entry.seq, "row_hash": entry.row_hash}
    assert before["head"] == manifest(first)["request"]["heads"]["record"]  # type: ignore[index]
    assert before["sums"] == bundle._sha256(first / "SHA256SUMS")
    assert book.read(audit.verify).ok


def test_names_need_a_role_and_a_reason(book: Logbook, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="needs an owner, DN002 is a therapist"):
        bundle.write(book.acting("DN002"), tmp_path / "b", identified=True, reason="curious")
    assert book.read(audit.events, 1, "access")[0].action == "export.refused"
    with pytest.raises(Refused, match="reason"):
        bundle.write(book, tmp_path / "b", identified=True, reason="  ")
    assert not (tmp_path / "b").exists()
    with pytest.raises(Refused, match="needs an owner, QA001 is an auditor"):
        bundle.write(book.acting("QA001"), tmp_path / "b", identified=True, reason="audit")
    assert bundle.write(book, tmp_path / "b", identified=True, reason="audit").path.is_dir()
    assert bundle.write(book.acting("DN002"), tmp_path / "c").path.is_dir()


def test_only_the_owner_can_read_the_files(book: Logbook, tmp_path: Path) -> None:
    folder = bundle.write(book, tmp_path / "bundle", excel=True).path
    modes = {stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*") if one.is_file()}
    folders = {stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.rglob("*")) if one.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_the_copy_for_spreadsheets_differs_by_its_mark_only(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    bundle.write(book, folder, identified=True, reason="again", excel=True)
    for path in (folder / "excel").iterdir():
        original = next(p for p in (folder / "data" / path.name, folder / path.name) if p.exists())
        assert path.read_bytes() == b"\xef\xbb\xbf" + original.read_bytes()


def test_hostile_words_come_through_guarded(book: Logbook, tmp_path: Path) -> None:
    folder = named(book, tmp_path / "bundle")
    notes = {row["note"] for row in table(folder, "sessions")}
    assert "'=1+1" in notes
    assert "'" + "\n".join(HOSTILE) in notes
    assert {row["phone"] for row in table(folder, "patients_identity")} == {"", "'+49 170 5550"}


def test_progress_is_told_for_every_table(book: Logbook, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    bundle.write(book, tmp_path / "bundle", progress=lambda *one: told.append(one))
    tables = [sheet.name for sheet in layout.profile(False) if sheet.source]
    assert [name for name, done, total in told if done == total] == tables


def test_days_the_wrong_way_round_are_refused(book: Logbook, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="after the last"):
        bundle.write(book, tmp_path / "b", since=date(2026, 5, 1), until=date(2026, 4, 1))
