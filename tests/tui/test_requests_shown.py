"""Patients' requests on the screen: taken down, seen in Today, answered, kept beside the visit."""

from __future__ import annotations

import pytest
from driving import SIZES, running
from samples import CANARY, signed

from hiplog.clinical.requests import RequestDraft
from hiplog.logbook import requests, sessions
from hiplog.logbook.book import Logbook

both_sizes = pytest.mark.parametrize("size", SIZES)


@both_sizes
async def test_a_request_is_taken_down_and_waits_in_today(book: Logbook, size: tuple[int, int]) -> None:
    kept = signed(book)
    async with running(book, size) as tui:
        await tui.press("enter", "R")
        assert "New: take down a request about visit 1" in tui.text
        await tui.press("enter")
        await tui.type("the left hip, not the right")
        await tui.press("enter")
        await tui.type("I was misheard")
        await tui.press("ctrl+s")
        assert "Request 1 is taken down" in tui.notices
        assert "! request 1 about visit 1, open until" in tui.text
        await tui.press("escape")
        assert "Patients' requests for a change (1)" in tui.text
        assert "request 1, visit 1" in tui.text and "answer by" in tui.text
    (one,) = book.read(requests.of, kept.patient)
    assert (one.wish, one.why, one.voice) == ("the left hip, not the right", "I was misheard", "patient")


@both_sizes
async def test_a_denial_and_a_disagreement_stand_with_the_visit(book: Logbook, size: tuple[int, int]) -> None:
    kept = signed(book)
    draft = RequestDraft(book.clock().date(), "[red]the left hip[/", None, "patient", kept.id)
    book.write(requests.add, kept.patient, draft)
    async with running(book, size) as tui:
        await tui.press("enter", "R", "enter")
        assert "[red]the left hip[/" in tui.text and "Accept it; the amendment follows" in tui.text
        await tui.press("down", "down", "enter")
        assert "the record is accurate and complete" in tui.text
        await tui.press("enter")
        await tui.type("read twice")
        await tui.press("ctrl+s")
        assert "Request 1 is kept with this step." in tui.notices
        await tui.press("R", "enter", "enter")
        await tui.type("I still say left")
        await tui.press("ctrl+s", "enter")
        tui.app.clear_notifications()
        for _ in range(20):
            await tui.press("j")
        shown = " ".join(tui.text.split())
        assert "What the patient asked to have amended" in shown
        assert "DENIED by DN001" in shown and "read twice" in shown and "I still say left" in shown
        await tui.press("f8")
        assert "I still say left" not in tui.text
        await tui.press("f8")


async def test_an_accepted_request_is_carried_out_by_the_amendment(book: Logbook) -> None:
    kept = signed(book)
    draft = RequestDraft(book.clock().date(), CANARY, None, "noted", kept.id)
    book.write(requests.add, kept.patient, draft)
    async with running(book) as tui:
        await tui.press("enter", "R", "enter", "down", "enter")
        await tui.type("nprs after")
        await tui.press("enter", "2", "enter")
        await tui.type("as the patient asked")
        await tui.press("ctrl+s")
        assert "Visit 1 is amended" in tui.notices
        assert "request 1 about" not in tui.text
    (one,) = book.read(requests.of, kept.patient)
    assert one.state == "carried_out"
    assert one.steps[-1].amendment == book.read(sessions.get, kept.id).amendments[0].id


async def test_what_is_missing_is_said_and_nothing_is_lost(book: Logbook) -> None:
    kept = signed(book)
    async with running(book) as tui:
        await tui.press("enter", "R", "enter")
        await tui.press("ctrl+s")
        assert "needed" in tui.text
        await tui.type("a wish")
        await tui.press("escape")
        assert book.read(requests.of, kept.patient) == ()


async def test_it_is_in_the_palette(book: Logbook) -> None:
    signed(book)
    async with running(book, (80, 40)) as tui:
        await tui.press("enter")
        commands = {c.title: c.help for c in tui.app.get_system_commands(tui.app.screen)}
        assert commands["Requests"] == "What the patient asked to have amended (R)"
