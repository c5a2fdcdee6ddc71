"""Pages by command: the report, one visit's summary, the aftercare sheet."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from commands import Run


def test_the_report_is_written_and_answers_every_question(signed: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = signed("report", str(path))
    assert (done.code, done.out.strip()) == (0, str(path))
    assert "1 patient, 1 hip, 1 session" in done.err
    page = path.read_text(encoding="utf-8")
    assert page.count('<section class="question"') == 9
    assert "not proof of effect" in page
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_report_narrows_to_a_period_a_cause_and_a_side(signed: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "r.html")
    told = signed("report", path, "--from", "2026-03-01", "--to", "2026-03-02", "--side", "r", "--json").json
    assert (told["file"], told["sessions"], told["patients"]) == (path, 1, 1)
    assert "from 2026-03-01 to 2026-03-02" in told["period"]
    assert "right hip" in told["period"]
    assert signed("report", path, "--cause", "trauma", "--json").json["sessions"] == 0
    assert signed("report", path, "--to", "2026-03-01", "--json").json["sessions"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cause", "flu"), "cause: 'flu' is not known"),
        (("--side", "up"), "neither l nor r"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "comes after"),
        (("--from", "soon"), "--from"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_and_nothing_written(
    signed: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = signed("report", str(tmp_path / "r.html"), *words)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "r.html").exists()


def test_a_strict_report_says_which_rule_it_took(signed: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    signed("report", str(path), "--strict")
    assert "at least 2 points and at least 30 %" in path.read_text(encoding="utf-8")


def test_the_summary_is_a_page_or_words_of_one_visit(signed: Run, tmp_path: Path) -> None:
    path = tmp_path / "visit.html"
    done = signed("summary", "p1", "1", "--html", str(path))
    assert (done.code, done.out.strip()) == (0, str(path))
    page = path.read_text(encoding="utf-8")
    assert "Visit 1 of" in page
    assert "piriformis, right" in page
    assert "Rossi" not in page
    assert signed("summary", "P1", "1", "--html", str(path), "--named", "--json").json["status"] == "signed"
    assert "Rossi, Lea" in path.read_text(encoding="utf-8")
    said = signed("summary", "P1", "1")
    assert (said.code, said.err) == (0, "") and "piriformis, right" in said.out and "Rossi" not in said.out
    missing = signed("summary", "P1", "9", "--html", str(path))
    assert missing.code == 3
    assert "9" in missing.err


def test_the_summary_shows_what_an_amendment_changed(signed: Run, tmp_path: Path) -> None:
    path = tmp_path / "visit.html"
    amended = signed("amend", "P1", "1", "reading.nprs.after", "2", "--reason", "misheard <b>it</b>")
    assert amended.code == 0
    signed("summary", "P1", "1", "--html", str(path))
    page = path.read_text(encoding="utf-8")
    assert "misheard &lt;b&gt;it&lt;/b&gt;" in page
    assert "2/10 *" in page


def test_the_aftercare_sheet_is_a_page_or_words(signed: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.html"
    assert signed("aftercare", "P1", "--html", str(path)).out.strip() == str(path)
    page = path.read_text(encoding="utf-8")
    assert "Call us if you notice:" in page
    assert "Rossi" not in page
    told = signed("aftercare", "P1", "--html", str(path), "--named", "--json").json
    assert (told["file"], told["session"]) == (str(path), 1)
    assert "Rossi, Lea" in path.read_text(encoding="utf-8")
    assert signed("aftercare", "P1", "--named").code == 2


@pytest.mark.parametrize(
    "words", [("report",), ("summary", "P1", "1", "--html"), ("aftercare", "P1", "--html")]
)
def test_no_verb_writes_over_what_is_no_page(signed: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    thesis = tmp_path / "thesis.html"
    thesis.write_text("mine")
    for path, why in ((thesis, "no page of hiplog"), (tmp_path, "is a folder")):
        done = signed(*words, str(path))
        assert done.code == 2
        assert why in done.err
    assert thesis.read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir() if one.suffix] == ["thesis.html"]
