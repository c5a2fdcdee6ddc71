"""A patient's page: the trend, the visits, follow-up, amendment, voiding."""

from __future__ import annotations

import pytest
from driving import SIZES, Driver, running
from samples import admit, signed, visit

from hiplog.logbook import audit, episodes, followups, patients, precautions, sessions
from hiplog.logbook.book import Logbook
from hiplog.tui import tasks
from hiplog.tui.screens.patient.screen import PatientScreen


async def opened(tui: Driver) -> None:
    """Find the patient and open the page."""
    await tui.rush("/", "z", "w", "i", "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_the_trend_moves_with_every_visit(book: Logbook, clock: object, size: tuple[int, int]) -> None:
    who, episode = admit(book)
    for before in (8, 6, 5):
        visit(book, who.id, episode, before, before - 2)
        clock.forward(days=9)  # type: ignore[attr-defined]
    async with running(book, size) as tui:
        await opened(tui)
        assert "45 years, right hip, overuse" in tui.text and "3 visits" in tui.text
        assert "pain now: 8/10 → 3/10 after needling, ▲ better; MCID 2 reached" in tui.text
        assert "MCID" in tui.text and "2 Mar" in tui.text
        await tui.press("t")
        assert "better by" in tui.text
        await tui.press("t")
        assert "better by" not in tui.text
        await tui.press("v", "m")
        assert "Only pain was measured so far" in tui.notices


async def test_a_follow_up_closes_the_one_that_is_due(book: Logbook, clock: object) -> None:
    kept = signed(book)
    clock.forward(hours=25)  # type: ignore[attr-defined]
    async with running(book) as tui:
        assert "Follow-ups due (1)" in tui.text
        await tui.press(
            "enter", "f", "p", "enter", "c", "enter", "y", "enter", "4", "enter", "enter", "n", "enter"
        )
        await tui.press("y")
        assert "! refer: medical review today" in tui.text
        await tui.press("enter", "n", "enter", "ctrl+s")
        assert "say who the patient is sent to" in " ".join(tui.text.split())
        await tui.type("family physician")
        await tui.press("enter", "y", "ctrl+s")
        assert "follow-up of visit 1 is recorded" in tui.notices
        await tui.press("escape")
        assert "Follow-ups due" not in tui.text
    assert [contact.state for contact in book.read(followups.of, kept.patient)] == ["done"]
    sent = book.read(sessions.get, kept.id).referrals[-1]
    (contact,) = book.read(followups.of, kept.patient)
    assert (sent.reason, sent.to, sent.urgent, sent.follow_up) == (
        "NERVE",
        "family physician",
        True,
        contact.id,
    )
    assert sent.note == "new weakness or numbness" and book.read(audit.verify).ok
    inquiry = next(i for i in book.read(sessions.get, kept.id).inquiries if i.stage == "follow_up")
    assert (inquiry.asked_how, inquiry.reporter) == ("checklist", "patient")
    assert {(r.kind, r.soreness, r.action) for r in inquiry.reactions} == {
        ("PAIN_AFT", 4, None),
        ("OTHER", None, "referred"),
    }


async def test_none_and_a_reaction_cannot_both_be_said(book: Logbook) -> None:
    signed(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press(
            "f",
            "p",
            "enter",
            "c",
            "enter",
            "n",
            "enter",
            "4",
            "enter",
            "enter",
            "n",
            "enter",
            "n",
            "enter",
            "n",
            "ctrl+s",
        )
        assert "reactions are entered, but the first answer says there were none" in tui.text


@pytest.mark.parametrize("size", SIZES)
async def test_an_amendment_stands_beside_what_was_signed(book: Logbook, size: tuple[int, int]) -> None:
    kept = signed(book)
    async with running(book, size) as tui:
        await opened(tui)
        await tui.press("A")
        await tui.type("nprs after")
        await tui.press("enter", "2", "enter")
        await tui.type("misread the scale")
        await tui.press("ctrl+s")
        assert "Visit 1 is amended" in tui.notices
        await tui.press("enter")
        assert "pain now after: 2/10 *" in tui.text
        assert "value was 4; misread the scale (DN001" in tui.text
        assert "amended once" in tui.text
    assert len(book.read(sessions.get, kept.id).amendments) == 1


async def test_a_voided_visit_says_so_and_leaves_the_trend(book: Logbook) -> None:
    kept = signed(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("X")
        await tui.type("wrong patient")
        await tui.press("ctrl+s")
        assert "pain now: no reading yet" in tui.text
        await tui.press("enter")
        assert "VOIDED: wrong patient" in tui.text
        await tui.press("A")
        assert "is voided" in tui.notices
    assert book.read(sessions.get, kept.id).status == "voided"


async def test_a_precaution_is_noted_and_ended(book: Logbook) -> None:
    who, _ = admit(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("c")
        await tui.type("warfarin")
        assert "anticoagulant: stop" in tui.text
        await tui.press("ctrl+s")
        assert "! anticoagulant" in tui.text
        await tui.press("e")
        await tui.type("anticoagulant")
        await tui.press("enter")
        assert "! anticoagulant" not in tui.text
    assert book.read(precautions.of, who.id) == ()


async def test_the_patient_and_the_episodes_are_changed(book: Logbook) -> None:
    who, _ = admit(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("e", "enter", "tab", "N", "e", "u", "ctrl+s")
        assert "Neu, Ann" in tui.lines[0]
        await tui.press("e")
        await tui.type("open a new")
        await tui.press("enter", "l", "enter", "o", "a", "ctrl+s")
        assert "left hip, ageing" in tui.text
        await tui.press("n")
        assert "Which hip?" in tui.text
        await tui.press("escape", "e")
        await tui.type("close episode 1")
        await tui.press("enter")
        await tui.type("pain gone")
        await tui.press("ctrl+s")
        assert "right hip, overuse (closed)" in tui.text
    assert book.read(patients.by_id, who.id).family == "Neu"
    assert [e.close_reason for e in book.read(episodes.of, who.id)] == ["pain gone", None]


async def test_without_an_episode_it_says_how_to_open_one(book: Logbook) -> None:
    _, episode = admit(book)
    book.write(episodes.close, episode, "gone")
    async with running(book) as tui:
        await opened(tui)
        await tui.press("n")
        assert "no open episode; e on the patient's page opens one" in tui.notices
        assert "No visit yet. n starts the first one." in tui.text


async def test_a_second_draft_is_started_only_on_purpose(book: Logbook) -> None:
    who, episode = admit(book)
    book.write(sessions.start, who.id, episode)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("n")
        assert "Visit 1 of this patient is still a draft" in tui.text
        await tui.press("n")
        assert "visit 1" in tui.lines[0]
    assert len(book.read(sessions.of, who.id)) == 1


async def test_nothing_to_repeat_leaves_no_empty_draft(book: Logbook) -> None:
    who, _ = admit(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r")
        assert "no earlier signed session to repeat" in tui.notices
    assert book.read(sessions.of, who.id) == ()


@pytest.mark.parametrize("left", [True, False])
async def test_what_was_read_for_a_screen_that_was_left_is_no_fault(book: Logbook, left: bool) -> None:
    """A screen that is closing has lost its fields before what is read for it is dropped."""

    async def show(screen: PatientScreen) -> None:
        screen.query_one("#no-such-field")

    patient = signed(book).patient
    async with running(book) as tui:
        screen = PatientScreen(patient)
        if not left:
            await tui.app.push_screen(screen)
            await tui.rest()
        await tasks._calmly(screen, show, (), {})
        await tui.rest()
        assert ("a fault in the program" in tui.notices) == (not left)
