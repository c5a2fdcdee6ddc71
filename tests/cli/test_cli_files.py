"""Backup and restore, doctor, export, and the invented clinic."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Clock, Run

from hiplog.settings import Settings


def test_a_backup_lies_in_its_folder_under_its_time(signed: Run, places: Settings) -> None:
    made = Path(signed("backup").out.strip())
    assert made.parent == places.backups
    assert made.name == "hiplog-20260302T120000Z-manual.db"
    assert made.stat().st_mode & 0o077 == 0
    assert "Rossi" in signed("patient", "list", "--db", str(made)).out


def test_a_backup_never_overwrites(signed: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious", encoding="utf-8")
    assert signed("backup", str(target)).code == 2
    assert target.read_text(encoding="utf-8") == "precious"
    inside = signed("backup", str(tmp_path), "--json").json["backup"]
    assert Path(inside).parent == tmp_path


def test_a_restore_keeps_the_file_before_it(signed: Run, places: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert signed("backup", str(copy)).code == 0
    assert signed("patient", "add", "P2", "--family", "Later", "--given", "B").code == 0
    told = signed("restore", str(copy), "--json").json
    assert "Later" not in signed("patient", "list").out
    assert "Rossi" in signed("patient", "list").out
    assert Path(told["kept_aside"]).parent == places.path.parent
    assert "Later" in signed("patient", "list", "--db", told["kept_aside"]).out
    assert signed("audit", "verify").code == 0
    assert copy.exists()


def test_a_restore_makes_a_logbook_where_there_was_none(signed: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    signed("backup", str(copy))
    assert signed("restore", str(copy), at=tmp_path / "new").code == 0
    assert "Rossi" in signed("patient", "list", at=tmp_path / "new").out


def test_a_backup_that_does_not_verify_changes_nothing(signed: Run, places: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    signed("backup", str(copy))
    with sqlite3.connect(copy) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        other.execute("UPDATE audit_log SET actor = 'EVE' WHERE seq = 2")
    before = places.path.read_bytes()
    for wrong, code in ((copy, 7), (tmp_path / "none.db", 3), (tmp_path, 2), (places.path, 2)):
        assert signed("restore", str(wrong)).code == code, wrong
    assert places.path.read_bytes() == before
    assert [one.name for one in places.path.parent.iterdir() if "restor" in one.name] == []


def test_a_restore_waits_for_nobody_who_has_the_logbook_open(
    signed: Run, places: Settings, tmp_path: Path
) -> None:
    from hiplog.logbook import patients
    from hiplog.logbook.book import Logbook

    copy = tmp_path / "copy.db"
    signed("backup", str(copy))
    book = Logbook.open(places)
    try:
        assert len(book.read(patients.everyone)) == 1
        done = signed("restore", str(copy))
        assert done.code == 6
        assert "another program has the logbook open" in done.err
    finally:
        book.close()
    assert signed("restore", str(copy)).code == 0


def test_the_doctor_names_every_check(signed: Run) -> None:
    told = signed("doctor", "--full", "--json").json
    assert told["ok"] is True
    assert {"schema", "pages", "links", "audit"} <= {one["name"] for one in told["checks"]}
    assert all(one["message"] for one in told["checks"])


def test_an_export_is_without_names_unless_asked_with_a_reason(signed: Run, tmp_path: Path) -> None:
    told = signed("export", str(tmp_path / "bare"), "--json").json
    assert told["profile"] == "deidentified"
    everything = b"".join(one.read_bytes() for one in (tmp_path / "bare").rglob("*") if one.is_file())
    assert b"Rossi" not in everything
    assert signed("export", str(tmp_path / "named"), "--identified").code == 2
    named = ("export", str(tmp_path / "named"), "--identified", "--reason", "audit of 2026")
    assert signed(*named).code == 0
    assert b"Rossi" in (tmp_path / "named" / "data" / "patients_identity.csv").read_bytes()
    assert "export" in signed("audit", "show", "--chain", "access").out


def test_a_changed_bundle_is_found_by_hiplog_and_by_its_own_verifier(signed: Run, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    assert signed("export", str(bundle)).code == 0
    assert signed("verify", str(bundle), "--json").json["ok"] is True
    table = bundle / "data" / "sessions.csv"
    table.write_bytes(table.read_bytes().replace(b"signed", b"sigmed", 1))
    done = signed("verify", str(bundle), "--json")
    assert (done.code, done.json["ok"]) == (7, False)
    assert "data/sessions.csv" in {one["file"] for one in done.json["findings"]}
    alone = [sys.executable, "-I", "-S", str(bundle / "verify.py"), str(bundle)]
    assert subprocess.run(alone, capture_output=True, check=False, timeout=60).returncode == 7
    assert signed("verify", str(tmp_path / "clinic")).code == 3
    assert signed("verify", str(tmp_path / "nowhere")).code == 3


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-02-30"),
        ("--from", "2026-03-02", "--to", "2026-03-01"),
        ("--format", "pdf"),
        ("--reason", "x"),
    ],
)
def test_an_export_that_cannot_be_is_refused(signed: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert signed("export", str(tmp_path / "bundle"), *words).code == 2
    assert not (tmp_path / "bundle").exists()


def test_an_export_never_replaces_other_things(signed: Run, tmp_path: Path) -> None:
    holiday = tmp_path / "photos"
    holiday.mkdir()
    (holiday / "beach.jpg").write_bytes(b"jpg")
    assert signed("export", str(holiday)).code == 2
    assert (holiday / "beach.jpg").read_bytes() == b"jpg"


def test_the_invented_clinic_is_written_and_opens(run: Run, clock: Clock, tmp_path: Path) -> None:
    target = tmp_path / "demo.db"
    told = run("demo", "--patients", "3", "--seed", "7", "--out", str(target), "--json").json
    assert told == {"schema_version": 1, "database": str(target), "patients": 3, "seed": 7}
    assert len(run("patient", "list", "--db", str(target), "--json").json["patients"]) == 3
    assert run("audit", "verify", "--db", str(target)).code == 0
    assert run("demo", "--out", str(target)).code == 2
    assert run("demo", "--patients", "0", "--out", str(tmp_path / "none.db")).code == 2
    assert not (tmp_path / "none.db").exists()
    assert "--out" in run("demo").err
