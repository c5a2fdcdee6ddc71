"""Jump letters: every field of the session has one, and it leads there from any step."""

from __future__ import annotations

import pytest
from driving import SIZES, Driver, running
from samples import admit, begin, signed
from textual.widgets import Input

from hiplog.logbook.book import Logbook
from hiplog.tui.dialogs.jump import LETTERS, Jump
from hiplog.tui.screens.session.screen import SessionScreen


def letters(tui: Driver) -> dict[str, str]:
    """The letter of each field, by the field's name."""
    screen = tui.app.screen
    assert isinstance(screen, Jump)
    return {spot.letter: spot.field.name for spot in screen._spots}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", ["", "1"])
async def test_every_field_of_the_three_steps_is_one_letter_away(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], colour: str
) -> None:
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)
    begin(book)
    async with running(book, size) as tui:
        await tui.press("enter")
        session = tui.app.screen
        assert isinstance(session, SessionScreen)
        fields = session.jump_fields()
        assert len(fields) >= 14
        for step in ("f5", "f6", "f7"):
            await tui.press(step, "ctrl+o")
            screen, lines = tui.app.screen, tui.text.split("\n")
            assert isinstance(screen, Jump) and len(screen._spots) == len(session.jump_fields())
            for spot in screen._spots:
                if spot.at is None:
                    assert f" {spot.letter}  {spot.field.name}" in tui.text
                else:
                    assert lines[spot.at.y][spot.at.x :].startswith(f"{spot.letter} ")
            await tui.press("escape")
        for letter, field in zip(LETTERS, session.jump_fields(), strict=False):
            await tui.press("ctrl+o", letter)
            assert tui.app.screen is session and session.focused is field
            assert field.region.area and field.display


async def test_the_letters_stay_the_same_in_every_step(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "ctrl+o")
        first = letters(tui)
        await tui.press("escape", "f7", "ctrl+o")
        assert letters(tui) == first


async def test_a_key_that_is_no_letter_there_leaves_all_as_it_is(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter")
        before = tui.app.screen.focused
        await tui.press("ctrl+o", "Z", "7")
        assert isinstance(tui.app.screen, Jump)
        await tui.press("ctrl+o", "escape")
        assert tui.app.screen.focused is before and "7 of 10" not in tui.text


async def test_a_new_size_takes_the_letters_away(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "ctrl+o")
        await tui.pilot.resize_terminal(120, 36)
        await tui.rest()
        assert isinstance(tui.app.screen, SessionScreen)


async def test_the_form_of_a_patient_has_letters_too(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.press("a")
        await tui.type("P9")
        await tui.press("ctrl+o")
        assert list(letters(tui).values())[:3] == ["chart code", "family name", "given name"]
        await tui.press("c")
        assert tui.app.focused is tui.app.screen.query_one("#in-given", Input)
        assert tui.app.screen.query_one("#in-code", Input).value == "P9"


async def test_a_dialog_with_one_field_says_that_there_is_no_other(book: Logbook) -> None:
    signed(book)
    async with running(book) as tui:
        await tui.press("ctrl+o")
        assert "no other field" in tui.notices


async def test_behind_the_lock_there_are_no_letters(book: Logbook) -> None:
    admit(book)
    async with running(book) as tui:
        await tui.press("ctrl+l", "ctrl+o")
        assert not isinstance(tui.app.screen, Jump)
