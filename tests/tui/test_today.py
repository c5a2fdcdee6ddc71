"""Today: the worklist says what waits, and three letters find anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from driving import SIZES, running
from samples import admit, begin, signed

from hiplog.logbook import patients
from hiplog.logbook.book import Logbook


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_logbook_says_what_to_do(book: Logbook, size: tuple[int, int]) -> None:
    async with running(book, size) as tui:
        assert "Nothing waits today." in tui.text
        assert "add a patient" in tui.text
        assert "Hip clinic   Monday 2 March 2026" in tui.lines[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_patient_is_added_by_keys_alone(book: Logbook, size: tuple[int, int]) -> None:
    async with running(book, size) as tui:
        await tui.press("a")
        await tui.type("P7")
        await tui.press("enter")
        await tui.type("Rossi")
        await tui.press("enter")
        await tui.type("Lea")
        await tui.press("enter")
        await tui.type("1956-03-02")
        assert "2 March 1956, 70 years" in tui.text
        await tui.press("enter", "f", "enter")
        assert "New episode" in tui.text
        await tui.press("r", "enter")
        await tui.type("overuse")
        await tui.press("ctrl+s")
        assert "Rossi, Lea   P7" in tui.lines[0]
        assert "right hip, overuse" in tui.text
    kept = book.read(patients.get, "p7")
    assert (kept.name, kept.sex, str(kept.birth)) == ("Rossi, Lea", "female", "1956-03-02")


async def test_a_refused_patient_stays_in_the_form_with_the_reason(book: Logbook) -> None:
    admit(book, "P7")
    async with running(book) as tui:
        await tui.press("a")
        await tui.type("P7")
        await tui.press("enter", "X", "enter", "Y", "ctrl+s")
        assert "chart code P7 is taken; choose another" in tui.text
        assert len(book.read(patients.everyone)) == 1
        await tui.press("shift+tab", "shift+tab", "P", "7", "8", "ctrl+s")
    assert book.read(patients.get, "P78").family == "X"


@pytest.mark.parametrize("size", SIZES)
async def test_three_letters_and_enter_open_the_patient(book: Logbook, size: tuple[int, int]) -> None:
    admit(book, "P1", family="Rossi", given="Lea")
    admit(book, "P2", family="Müller", given="Jürgen")
    async with running(book, size) as tui:
        await tui.rush("/", "m", "u", "l", "enter")
        assert "Müller, Jürgen   P2" in tui.lines[0]


async def test_the_found_list_follows_every_letter(book: Logbook) -> None:
    admit(book, "P1", family="Rossi", given="Lea")
    admit(book, "P2", family="Rosen", given="Ida")
    async with running(book) as tui:
        await tui.press("/", "r", "o", "s")
        assert "Rossi, Lea" in tui.text and "Rosen, Ida" in tui.text
        await tui.press("s")
        assert "Rossi, Lea" in tui.text and "Rosen, Ida" not in tui.text
        await tui.press("q")
        assert "No name or chart code holds this" in tui.text
        await tui.press("escape")
        assert "Nothing waits today." in tui.text


async def test_groups_stand_in_their_order(book: Logbook, clock: object) -> None:
    signed(book, "P1")
    clock.now += timedelta(hours=30)  # type: ignore[attr-defined]
    begin(book, "P2")
    async with running(book) as tui:
        drafts, due = tui.text.index("Drafts to finish (1)"), tui.text.index("Follow-ups due (1)")
        assert drafts < due < tui.text.index("Recent (1)")
        assert "6 h ago" in tui.text


async def test_vim_keys_move_and_a_draft_opens_as_a_session(book: Logbook) -> None:
    begin(book, "P1")
    begin(book, "P2")
    async with running(book) as tui:
        first = tui.app.screen.choices.chosen  # type: ignore[attr-defined]
        await tui.press("j")
        assert tui.app.screen.choices.chosen != first  # type: ignore[attr-defined]
        await tui.press("k", "enter")
        assert "visit 1" in tui.lines[0] and "F5 Before" in tui.text


async def test_wide_terminals_show_the_patient_under_the_cursor(book: Logbook) -> None:
    admit(book, "P1", family="Rossi", given="Lea")
    async with running(book, (120, 36)) as tui:
        await tui.press("/", "r", "o", "s")
        assert "45 years" in tui.text and "0 visits" in tui.text
