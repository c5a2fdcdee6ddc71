"""Screening acts, by keys: an anticoagulant bars what no hand can press, a fever stops and refers.

What is expected is that of the South African board notice 121: no needling where bleeding cannot be stopped by
pressing, psoas the example; the other muscles with care. A fever is sent on. ``hiplog log`` says the same, in
``tests/cli/test_cli_screening.py``.
"""

from __future__ import annotations

import pytest
import samples
from driving import SIZES, Driver, running

from hiplog.clinical.questions import FULL, RULES_VERSION
from hiplog.clinical.record import ScreeningAnswer, Session
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.tui.screens.session.asking import Questions

LINE = "psoa r 30x50 fifo; piri r =; gmed r =; tfl r =; n4/4"


async def ask(tui: Driver, item: str) -> None:
    """Open the draft of a first visit, say yes to ``item``, read on to the end and say no to all else, give consent and readings."""
    await tui.press("enter", *["n"] * FULL.index(item), "y", *["space"] * 4, "A", "y", "6", "2", "4")


async def reason(tui: Driver, item: str, words: str) -> None:
    """Go to the question ``item`` and write why needling goes on."""
    await tui.press("f5")
    for _ in range(8):
        if isinstance(tui.app.focused, Questions):
            break
        await tui.press("up")
    await tui.press("g", *["j"] * FULL.index(item), "enter")
    assert "Needling goes on because" in tui.text
    await tui.type(words)
    await tui.press("enter")


def answer(kept: Session, item: str) -> ScreeningAnswer:
    return next(one for one in kept.screening if one.item == item)


@pytest.mark.parametrize("size", SIZES)
async def test_an_anticoagulant_bars_psoas_and_piriformis_and_cautions_the_rest(
    book: Logbook, size: tuple[int, int]
) -> None:
    draft = samples.begin(book)
    async with running(book, size) as tui:
        await ask(tui, "ANTICOAG")
        await tui.press("+", *LINE, "enter")
        assert "! stop PSOA, PIRI: anticoagulant" in tui.text
        assert "caution GMED, TFL: anticoagulant" in tui.text
        await tui.press("f7", "down", "down", "n", "3", "3", "1", "ctrl+s")
        said = " ".join(tui.text.replace("│", " ").split())
        assert "Not ready to sign" in said and "stop for PSOA, PIRI" in said
        assert "do not tell the patient to stop" in said or "never tell the patient to stop" in said
        assert book.read(sessions.get, draft.id).status == "draft"
        await tui.press("escape")
        await reason(tui, "ANTICOAG", "INR 2.1, Dr Ek agrees")
        await tui.press("ctrl+s")
        assert "stop for PSOA, PIRI" in " ".join(tui.text.replace("│", " ").split())
        await tui.press("escape", "f6", "x", "x")
        await tui.press("f7", "up", "up", "2", "enter")
        await tui.press("ctrl+s")
        assert "Not ready to sign" not in tui.text
        await tui.press("y")
    kept = book.read(sessions.get, draft.id)
    assert kept.status == "signed"
    assert [row.muscle for row in kept.insertions] == ["GMED", "TFL"]
    said_why = answer(kept, "ANTICOAG")
    assert (said_why.answer, said_why.reason, said_why.rule_version) == (
        "yes",
        "INR 2.1, Dr Ek agrees",
        RULES_VERSION,
    )
    assert {one.rule_version for one in kept.screening} == {RULES_VERSION}


@pytest.mark.parametrize("size", SIZES)
async def test_a_fever_stops_and_refers_and_no_reason_lifts_it(book: Logbook, size: tuple[int, int]) -> None:
    draft = samples.begin(book)
    async with running(book, size) as tui:
        await ask(tui, "FEVER")
        await tui.press("f5")
        assert "fever or systemic illness: refer" in tui.text
        await reason(tui, "FEVER", "only a little")
        await tui.press("f6", "+", *"gmed r 30x50; p>3 n1/1", "enter", "f7", "down", "down", "n", "ctrl+s")
        said = " ".join(tui.text.replace("│", " ").split())
        assert "Not ready to sign" in said and "fever or systemic illness: refer" in said
        assert "medical review before the next session" in said
    kept = book.read(sessions.get, draft.id)
    assert kept.status == "draft"
    assert (answer(kept, "FEVER").reason, answer(kept, "FEVER").rule_version) == (
        "only a little",
        RULES_VERSION,
    )
