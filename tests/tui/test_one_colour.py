"""Every state in one colour: with all colours taken away, a mark and a word (or the weight of the letters) tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from clocks import SetClock
from driving import Driver, running
from samples import admit, begin, followed, site, visit

from hiplog.clinical.record import Precaution
from hiplog.logbook import precautions, sessions
from hiplog.logbook.book import Logbook
from hiplog.storage.refusals import translated
from hiplog.tui.screens.parts import Choices
from hiplog.tui.screens.session.fields import UNANSWERED

Weight = tuple[bool, bool, bool, bool]


@dataclass(frozen=True)
class Line:
    """A line of the screen without its colours: the letters, and how heavy each stretch of them is."""

    text: str
    weights: frozenset[Weight]


def in_one_colour(tui: Driver) -> list[Line]:
    """The screen with every colour taken away; bold, reverse, underline and italic stay."""
    lines = []
    for strip in tui.app.screen._compositor.render_strips():
        known = [
            (
                one.style.bold or False,
                one.style.reverse or False,
                one.style.underline or False,
                one.style.italic or False,
            )
            for one in strip
            if one.text.strip() and one.style is not None
        ]
        lines.append(Line(strip.text, frozenset(known)))
    return lines


def told(tui: Driver, words: str) -> str:
    """The line that says it, as one reads it without colour."""
    return next(line.text for line in in_one_colour(tui) if re.search(words, line.text))


@pytest.fixture
def busy(book: Logbook, clock: SetClock) -> Logbook:
    """A clinic with something in every state: overdue, due, signed, voided, amended, a draft, a precaution."""
    followed(book)
    clock.forward(days=5)
    who, hip = admit(book, "P-003", family="Berg")
    visit(book, who.id, hip)
    void = visit(book, who.id, hip, 5, 3)
    book.write(sessions.void, void.id, "typed for another patient")
    book.write(precautions.add, who.id, Precaution("ANTICOAG"))
    clock.forward(hours=30)
    return book


async def test_today_tells_overdue_due_draft_and_signed_apart(busy: Logbook, clock: SetClock) -> None:
    other, hip = admit(busy, "P-004", family="Adler")
    visit(busy, other.id, hip)
    async with running(busy, (120, 36)) as tui:
        assert "! not encrypted" in in_one_colour(tui)[0].text
        for heading, mark in (("Drafts to finish", "○"), ("Follow-ups due", "·"), ("Signed today", "✓")):
            lines = [line.text for line in in_one_colour(tui)]
            at = next(number for number, line in enumerate(lines) if heading in line)
            assert lines[at + 1].strip().startswith(mark), heading
    clock.forward(days=3)
    async with running(busy, (120, 36)) as tui:
        lines = [line.text for line in in_one_colour(tui)]
        at = next(number for number, line in enumerate(lines) if "Follow-ups overdue" in line)
        assert lines[at + 1].strip().startswith("!")


Keys = tuple[str, ...]
LISTS: dict[str, Keys] = {
    "today": (),
    "visits": ("/", "b", "e", "r", "g", "enter"),
    "what to change": ("/", "b", "e", "r", "g", "enter", "e"),
    "audit log": ("f4",),
}


@pytest.mark.parametrize("name", LISTS)
async def test_the_chosen_line_of_a_list_is_heavier_than_the_others(busy: Logbook, name: str) -> None:
    async with running(busy) as tui:
        await tui.press(*LISTS[name])
        choices = next(one for one in tui.app.screen.query(Choices) if one.display and one.option_count > 1)
        tui.app.screen.set_focus(choices if choices.can_focus else None)
        await tui.press("down")
        await tui.rest()
        highlighted = choices.highlighted
        assert highlighted is not None
        row = choices.content_region.y + highlighted - choices.scroll_offset.y
        lines = in_one_colour(tui)
        heavy = {
            row
            for row, line in enumerate(lines)
            if any(bold or reverse for bold, reverse, *_ in line.weights)
        }
        assert row in heavy, lines[row].text
        others = [at for at in range(choices.content_region.y, choices.content_region.bottom) if at != row]
        assert any(at not in heavy and lines[at].text.strip() for at in others)


async def test_the_chart_says_warned_voided_and_amended_in_words(busy: Logbook) -> None:
    async with running(busy, (120, 36)) as tui:
        await tui.press("/", *"berg", "enter")
        assert "! anticoagulant" in told(tui, "anticoagulant")
        assert "voided" in told(tui, r"^.* 2 .*voided|voided").lower()
        await tui.press("escape", "escape", "/", *"p-001", "enter", "enter")
        assert "* amended once" in told(tui, "amended once")


async def test_a_voided_visit_and_a_draft_say_so_on_their_page(busy: Logbook) -> None:
    async with running(busy, (120, 36)) as tui:
        await tui.press("/", *"berg", "enter", "enter")
        assert "VOIDED: typed for another patient" in told(tui, "VOIDED")


async def test_the_session_says_barred_copied_seen_and_missing(book: Logbook, clock: SetClock) -> None:
    who, hip = admit(book)
    visit(book, who.id, hip, insertions=(site("PIRI", zone=None), site()))
    book.write(precautions.add, who.id, Precaution("ANTICOAG"))
    clock.forward(days=7)
    async with running(book, (120, 36)) as tui:
        await tui.press("/", "z", "w", "i", "enter", "r", "n", "n", "y", "6", "f6")
        assert "! stop PIRI: anticoagulant" in told(tui, "stop PIRI")
        assert "copied" in told(tui, r"1 .*piriformis|piriformis.*copied")
        await tui.press("space", "t")
        grid = tui.text
        assert "copied" not in next(
            line for line in grid.splitlines() if "piriformis" in line and "×" in line
        )
        assert "▸" in grid
        await tui.press("ctrl+s")
        assert "• " in tui.text


async def test_what_is_wrong_in_a_form_has_a_cross_and_a_sentence(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.press("a", "ctrl+s")
        assert "✗ needed" in told(tui, "chart code")
        await tui.press("P", "enter", "A", "enter", "B", "enter", *"31.2.1950")
        assert "✗" in told(tui, "birth date")


async def test_a_failed_check_and_a_failure_have_a_mark_and_a_word(
    busy: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(busy, (120, 36)) as tui:
        await tui.press("f4")
        assert "✓ ok" in told(tui, "entries follow one another")
        with translated(), busy.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER guard_sessions_update")
        await tui.press("v")
        for _ in range(200):
            if "not ok" in tui.text:
                break
            await tui.pilot.pause(0.05)
        assert re.search(r"! .*not ok|! not ok", tui.text)
        tui.app.tell("That did not work.", grave=True)
        await tui.rest()
        assert "! That did not work." in told(tui, "did not work")


async def test_a_question_answered_and_one_that_waits_are_told_apart(book: Logbook) -> None:
    begin(book)
    async with running(book, (120, 36)) as tui:
        await tui.press("enter")
        assert told(tui, "no consent").strip().startswith("–")
        await tui.press("n")
        assert told(tui, "no consent").strip().startswith("no ")
        assert told(tui, "needle phobia").strip().startswith("–")
        await tui.press("tab")
        assert told(tui, "consent today").strip().startswith("▸") and UNANSWERED in told(tui, "consent today")
        await tui.press("y")
        assert UNANSWERED not in told(tui, "consent today") and "▸" not in told(tui, "consent today")
        assert "▸" in told(tui, "pain before needling")
