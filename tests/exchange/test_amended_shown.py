"""A signed visit that was amended or voided: now, before, who, when and why, on screen, on paper, in words."""

from __future__ import annotations

import json

import pytest
import samples
from clocks import SetClock

from hiplog import cli
from hiplog.exchange.pages import gather, plain, visit
from hiplog.logbook import amendments, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui.privacy import PRIVACY
from hiplog.tui.screens.patient import visit_text

CHANGES = (
    ("note", "slept badly", "dictated wrongly"),
    ("plan", None, "another therapist"),
    ("reading.nprs.after", "2", "misheard"),
    ("insertion.1.depth_mm", "30", "typing error"),
    ("needles.withdrawn", "2", "found on the floor"),
)


@pytest.fixture
def amended(book: Logbook, clock: SetClock) -> Logbook:
    """A visit with an amendment of every kind, an hour after it was signed."""
    kept = samples.signed(book)
    clock.forward(hours=1)
    for field, value, reason in CHANGES:
        book.write(amendments.amend, kept.id, field, value, reason)
    return book


def told(book: Logbook) -> dict[str, str]:
    """The visit in each of its shapes, as running text."""
    made = gather.visit(book, "P-001", 1)
    screen = "\n".join(line.plain for line in visit_text.lines(made.session))
    return {"screen": screen, "words": plain.summary(made), "paper": visit.html(made)}


@pytest.mark.parametrize("shape", ["screen", "words", "paper"])
def test_now_before_who_when_and_why_stand_together(amended: Logbook, shape: str) -> None:
    text = told(amended)[shape]
    for _, value, reason in CHANGES:
        assert reason in text
        assert value is None or value in text
    for before in ("repeat in a week", f"{samples.CANARY} tolerated it well", "35", "4"):
        assert before in text
    assert text.count("DN001") >= len(CHANGES)
    assert "14:00" in text
    assert "taken back" in text


@pytest.mark.parametrize("shape", ["words", "paper"])
def test_the_mark_stands_behind_everything_that_was_amended(amended: Logbook, shape: str) -> None:
    text = told(amended)[shape]
    for marked in ("Note *", "Plan *", "2/10 *"):
        assert marked in text


@pytest.mark.parametrize("shape", ["screen", "words", "paper"])
def test_a_void_says_who_when_and_why_and_who_had_signed(book: Logbook, clock: SetClock, shape: str) -> None:
    kept = samples.signed(book)
    clock.forward(days=1)
    book.write(sessions.void, kept.id, "wrong patient")
    text = told(book)[shape]
    assert "wrong patient" in text
    assert "void by DN001" in text.lower().replace("dn001", "DN001") or "By DN001" in text
    assert "3 Mar" in text and "2 Mar" in text
    assert "signed by DN001" in text
    seen = book.read(sessions.get, kept.id)
    assert (seen.voided_by, seen.voided_at) == ("DN001", clock())


def test_hidden_notes_stay_hidden_in_what_they_were(amended: Logbook) -> None:
    PRIVACY.on = True
    try:
        text = told(amended)["screen"]
    finally:
        PRIVACY.on = False
    assert samples.CANARY not in text and "repeat in a week" not in text and "slept badly" not in text


def test_the_command_line_prints_it_and_tells_scripts(
    amended: Logbook, places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    amended.close()
    at = ["--at", str(places.path.parent), "summary", "P-001", "1"]
    assert cli.main(at, clock=clock) == 0
    assert "dictated wrongly" in capsys.readouterr().out
    assert cli.main([*at, "--json"], clock=clock) == 0
    made = json.loads(capsys.readouterr().out)
    assert [one["reason"] for one in made["amended"]] == [reason for _, _, reason in CHANGES]
    assert made["amended"][2].items() >= {"old": "4", "new": "2", "by": "DN001"}.items()
    assert made["void"] is None and made["signed_at"].startswith("2026-03-02")
