"""What is kept is the same in every language: a clinic made in German, byte for byte that made in English."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clinic_in
import pytest

from hiplog import cli

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """A clinic in each language: its folder, and what was said while it was written into."""
    folders = {code: tmp_path_factory.mktemp(code) for code in ("de", "en")}
    started = {code: _started(code, folder) for code, folder in folders.items()}
    return {code: (folders[code], one.communicate()[0]) for code, one in started.items()}


def _started(code: str, folder: Path) -> subprocess.Popen[str]:
    words = [sys.executable, str(HERE / "clinic_in.py"), code, str(folder)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")


def test_every_row_and_every_file_is_the_same(clinics: dict[str, tuple[Path, str]]) -> None:
    for _folder, said in clinics.values():
        assert [line[-1] for line in said.splitlines() if line.startswith("> ")] == ["0"] * 9, said
    (german, _), (english, _) = clinics["de"], clinics["en"]
    assert dict(rows(german / "hiplog.db")) == dict(rows(english / "hiplog.db"))
    assert files(german / "bundle") == files(english / "bundle")


def test_it_was_german_that_was_spoken_and_names_are_found_in_both(
    clinics: dict[str, tuple[Path, str]],
) -> None:
    said = clinics["de"][1]
    assert "Hüftprothese oder Osteosynthesematerial: Vorsicht für die Sitzung" in said
    assert "found OVERUSE OVERUSE" in said
    assert "read STATIC" in said
    assert "found OVERUSE\n" in clinics["en"][1]


def test_a_logbook_written_in_german_verifies_in_english(
    clinics: dict[str, tuple[Path, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--at", str(clinics["de"][0])]
    assert cli.main([*at, "audit", "verify"], clock=lambda: clinic_in.NOW) == 0
    assert "ok: every entry follows" in capsys.readouterr().out


def rows(database: Path) -> Iterator[tuple[str, list[Any]]]:
    """Every table with its rows."""
    connection = sqlite3.connect(database)
    try:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (name,) in tables:
            yield name, sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
    finally:
        connection.close()


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a bundle with its bytes."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
