"""``hiplog import``: bundles and foreign tables come in, bad rows are named, nothing is half written."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Run

MAP = """\
source = "old practice"
[[make]]
what = "patient"
[make.from]
patient = "chart"
family = "last"
given = "first"
birth = "born"
"""


@pytest.fixture
def table(tmp_path: Path) -> tuple[str, str]:
    """A foreign table of three people, one of whom has an impossible birth, and its map."""
    rows = "chart,last,first,born\nF1,Kos,Ana,1960-05-06\nF2,[/,=cmd(),1971-02-30\nF3,Lind,Bo,1980-01-02\n"
    (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    return str(tmp_path / "people.csv"), str(tmp_path / "map.toml")


def codes(run: Run, **where: Path) -> list[str]:
    return [one["code"] for one in run("patient", "list", "--json", **where).json["patients"]]


def test_an_identified_bundle_fills_an_empty_logbook(signed: Run, tmp_path: Path) -> None:
    named = ("--identified", "--reason", "moving house")
    assert signed("export", str(tmp_path / "bundle"), *named).code == 0
    new = tmp_path / "new"
    assert signed("init", "--plain", "--practitioner", "Bo Lind", "--zone", "Europe/Berlin", at=new).code == 0
    told = signed("import", str(tmp_path / "bundle"), "--json", at=new).json
    assert (told["written"], told["restored"], told["refused"]) == (True, True, [])
    assert signed("patient", "show", "P1", "--json", at=new).json["sessions"] == 1
    assert signed("audit", "verify", at=new).code == 0
    again = signed("import", str(tmp_path / "bundle"), "--json", at=new).json
    assert again["rows"] == {}
    assert again["already"] > 0


def test_a_bundle_without_names_cannot_come_back(signed: Run, tmp_path: Path) -> None:
    assert signed("export", str(tmp_path / "bundle")).code == 0
    assert signed("import", str(tmp_path / "bundle")).code == 4


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_written(run: Run, table: tuple[str, str]) -> None:
    rows, mapped = table
    done = run("import", rows, "--map", mapped)
    assert done.code == 2
    assert "line 3, born" in done.err
    assert "nothing was written" in done.err
    assert codes(run) == []
    told = run("import", rows, "--map", mapped, "--json").json
    assert (told["written"], [one["row"] for one in told["refused"]]) == (False, [3])


def test_the_good_rows_are_taken_when_the_bad_are_set_aside(
    run: Run, table: tuple[str, str], tmp_path: Path
) -> None:
    rows, mapped = table
    aside = tmp_path / "bad.csv"
    done = run("import", rows, "--map", mapped, "--skip-bad", str(aside))
    assert done.code == 0
    assert codes(run) == ["F1", "F3"]
    assert "1971-02-30" in aside.read_text(encoding="utf-8")
    assert run("import", rows, "--map", mapped, "--skip-bad", str(aside)).code == 2


def test_a_dry_run_reads_and_writes_nothing(run: Run, table: tuple[str, str], tmp_path: Path) -> None:
    rows, mapped = table
    kept = Path(rows).read_text(encoding="utf-8").splitlines()
    Path(rows).write_text("\n".join((kept[0], kept[1], kept[3])) + "\n", encoding="utf-8")
    told = run("import", rows, "--map", mapped, "--dry-run", "--json").json
    assert (told["written"], told["dry_run"], told["rows"]["patients"]) == (False, True, 2)
    assert codes(run) == []


@pytest.mark.parametrize(("path", "code"), [("nowhere.csv", 3), ("people.csv", 2), (".", 2)])
def test_what_cannot_be_imported_is_refused(
    run: Run, table: tuple[str, str], tmp_path: Path, path: str, code: int
) -> None:
    assert run("import", str(tmp_path / path)).code == code


def test_the_samples_that_come_with_hiplog_can_be_imported(run: Run) -> None:
    samples = Path(run("locate", "samples").out.strip())
    words = ("import", str(samples / "cases.csv"), "--map", str(samples / "cases.toml"), "--json")
    told = run(*words).json
    assert (told["written"], told["refused"]) == (True, [])
    again = run(*words).json
    assert (again["rows"], again["already"] > 0) == ({}, True)
    assert run("audit", "verify").code == 0
