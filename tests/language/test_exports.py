"""What leaves a logbook: files are the same in every language, pages and answers are in the person's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hiplog import settings
from hiplog.exchange import demo

EXPORTING = Path(__file__).with_name("exporting.py")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same logbook exported by a process of each language."""
    at = tmp_path_factory.mktemp("exports")
    book = demo.make(settings.load(at=str(at), environ={}), patients=6, seed=3, now=NOW, clock=lambda: NOW)
    book.close()
    running = [
        subprocess.Popen(
            [sys.executable, str(EXPORTING), code, str(at / "hiplog.db"), str(at / code)], env=home(at, code)
        )
        for code in ("en", "de")
    ]
    assert [one.wait() for one in running] == [0, 0]
    return {code: at / code for code in ("en", "de")}


def home(at: Path, code: str) -> dict[str, str]:
    """An environment of its own, with the logbook's seal keys: else each run would make another."""
    place = at / f"home-{code}"
    shutil.copytree(at / "keys", place / "hiplog" / "keys")
    kinds = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    return {**os.environ, **dict.fromkeys(kinds, str(place)), "HOME": str(place)}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and "words" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def said(written: dict[str, Path], code: str, name: str) -> str:
    return (written[code] / "words" / name).read_text("utf-8")


def test_bundles_and_fhir_are_the_same_byte_for_byte(written: dict[str, Path]) -> None:
    english, german = files(written["en"]), files(written["de"])
    assert {"plain/code_lists.csv", "named/manifest.json", "plain.json", "named.ndjson"} <= english.keys()
    assert len(english) > 80 and english.keys() == german.keys()
    assert [name for name in english if english[name] != german[name]] == []


def test_what_verbs_answer_is_in_the_language_and_ends_alike(written: dict[str, Path]) -> None:
    names = sorted(path.name for path in (written["en"] / "words").glob("*.txt"))
    ends = {name: [said(written, code, name).splitlines()[-1] for code in ("en", "de")] for name in names}
    assert {name: end for name, end in ends.items() if end[0] != end[1]} == {}
    assert ends["refused.txt"][0] == "exit 3" and ends["usage.txt"][0] == "exit 2"
    german = {name: said(written, "de", name) for name in names}
    assert german["refused.txt"].startswith("hiplog: 'nobody': ")
    assert "kein Patient hat diese Kennung" in german["refused.txt"]
    assert "'xml' steht nicht zur Auswahl (möglich: 'csv', 'fhir')" in german["usage.txt"]
    assert german["usage.txt"].startswith("Aufruf: hiplog export [-h] ")
    assert "Zeilen in 29 Dateien\nohne Identität; kein Freitext\n" in german["export.txt"]
    assert "\nBefehle:\n  init " in german["help.txt"] and "usage" not in german["help.txt"]
    assert "diese Hilfe zeigen und beenden" in german["help-log.txt"]
    assert "\nVor dem Nadeln gefragt\n" in german["summary-words.txt"]
    assert "Datum " in german["trend.txt"] and "Bessern sich Patienten genug?" in german["outcomes.txt"]


@pytest.mark.parametrize(
    ("page", "german", "english"),
    [
        ("aftercare.html", "<h1>Nach Ihrer Behandlung</h1>", "<h1>After your treatment</h1>"),
        ("summary.html", "<h2>Was getan wurde</h2>", "<h2>What was done</h2>"),
        ("report.html", "<h3>Wie das gezählt wird</h3>", "<h3>How this is counted</h3>"),
    ],
)
def test_pages_are_in_the_language(written: dict[str, Path], page: str, german: str, english: str) -> None:
    for code, own, other in (("de", german, english), ("en", english, german)):
        text = said(written, code, page)
        assert f'<html lang="{code}">' in text and own in text and other not in text
    if page == "aftercare.html":
        # Each sign stands by itself, as many in every language.
        assert said(written, "de", page).count("<li>") == said(written, "en", page).count("<li>")


def test_what_programs_read_is_english(tmp_path: Path) -> None:
    assert settings.language(["--json", "patient", "list"], {"HIPLOG_LANGUAGE": "de"}) == "en"
    words = ["-m", "hiplog", "--at", str(tmp_path), "patient", "list", "--json"]
    environ = {**os.environ, "HIPLOG_LANGUAGE": "de"}
    done = subprocess.run([sys.executable, *words], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "no logbook here; make one with: hiplog init" in done.stdout
