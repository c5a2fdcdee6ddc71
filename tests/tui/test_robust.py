"""Hostile names, small terminals, no colour, faults: the app stays calm and tells no names."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from driving import SIZES, Driver, running
from samples import CANARY, admit, begin, complete, person
from textual.color import Color
from textual.geometry import Region

from hiplog.clinical.record import EpisodeDraft, PractitionerDraft
from hiplog.errors import NotFound, Unreachable
from hiplog.logbook import clinic, episodes, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.tui import crash
from hiplog.tui.app import HiplogApp
from hiplog.tui.screens.session.screen import SessionScreen

BLACK = Color.parse("black")
HOSTILE = (
    "[/",
    "[@click=app.quit]x[/]",
    "[red]x[/red] [link=http://e]y[/link]",
    "\u202egnorw\u2066 \u200b",
    "王小明 " * 20,
    "x" * 200,
)
"""Names that a terminal or a markup reader would obey; controls are refused before they are kept."""


async def tour(tui: Driver, letters: str = "") -> None:
    """Every screen and dialog that shows a name."""
    await tui.rush("/", *letters, "enter")
    await tui.press("f1", "escape", "t", "t", "v", "v", "e", "escape", "c", "escape", "f", "escape")
    await tui.press("b", "escape", "k", "escape", "p", "escape")
    await tui.press("enter", "escape", "A", "escape", "X", "escape")
    await tui.press("n", "n", "f6", "f7", "f5", "ctrl+s", "escape", "escape", "ctrl+p", "escape", "f2")


@pytest.mark.parametrize(("name", "size"), list(zip(HOSTILE, SIZES * 3, strict=True)))
async def test_a_hostile_name_is_only_ever_text(book: Logbook, name: str, size: tuple[int, int]) -> None:
    who = book.write(patients.add, person("P1", family=name[:200].strip(), given=name[:200].strip()))
    episode = book.write(episodes.open_, who.id, EpisodeDraft("R", "OVERUSE")).id
    draft = book.write(sessions.start, who.id, episode)
    told = replace(complete(draft), note=name, plan=name)
    kept = book.write(sessions.save, told, draft.version)
    book.write(sessions.sign, kept.id)
    async with running(book, size) as tui:
        await tour(tui, "P1")
        shown = tui.text
        assert "Follow-ups" in shown or "Signed today" in shown
        assert "\u202e" not in shown and "\x1b" not in shown
        if name.startswith("["):
            assert name[:6] in shown


@pytest.mark.parametrize("control", ["\x1b]52;c;aGk=\x07", "a\x00b", "\x9b31m"])
async def test_control_characters_are_refused_in_the_form(book: Logbook, control: str) -> None:
    async with running(book) as tui:
        await tui.press("a")
        tui.app.screen.query_one("#in-family").value = f"X{control}"  # type: ignore[attr-defined]
        tui.app.screen.query_one("#in-given").value = "Y"  # type: ignore[attr-defined]
        tui.app.screen.query_one("#in-code").value = "P1"  # type: ignore[attr-defined]
        await tui.rest()
        await tui.press("ctrl+s")
        assert "control character" in tui.text
    assert book.read(patients.everyone) == ()


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (79, 23), (1, 1)])
async def test_a_tiny_terminal_shows_less_and_never_fails(book: Logbook, size: tuple[int, int]) -> None:
    begin(book)
    async with running(book, size) as tui:
        await tour(tui, "zw")
        assert len(tui.text.split("\n")) == size[1]


async def test_a_small_terminal_is_told_so(book: Logbook) -> None:
    async with running(book, (60, 18)) as tui:
        assert "80×24" in tui.text


async def test_a_storm_of_resizes_leaves_the_draft_alone(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "n", "n")
        for width, height in [(20, 5), (200, 60), (1, 1), (81, 25), (40, 80), (100, 22), (99, 21)] * 3:
            await tui.pilot.resize_terminal(width, height)
        await tui.pilot.resize_terminal(80, 24)
        await tui.press("n")
        assert "F5 Before" in tui.text
    assert len(book.read(sessions.get, draft.id).screening) == 3


@pytest.mark.parametrize("theme", ["hiplog-dark", "hiplog-light"])
async def test_without_colour_every_state_still_reads(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    begin(book)
    async with running(book) as tui:
        tui.app.theme = theme
        await tui.press("enter", "n", "y", "f6", "+")
        await tui.type("gmed r 30x50; gmex r")
        assert "✓ gluteus medius" in tui.text and "✗ gmex" in tui.text
        assert "F6 Needling" in tui.text and "! " in tui.text
        lines = [strip for y in range(24) for strip in tui.app.screen.render_lines(Region(0, y, 80, 1))]
        drawn = [s for strip in lines for s in strip.apply_filter(tui.app._filters[-1], BLACK)]
        assert drawn and all(grey(s.style.color) and grey(s.style.bgcolor) for s in drawn if s.style)


def grey(colour: Any) -> bool:
    """Whether a colour has no hue."""
    return colour is None or colour.triplet is None or len(set(colour.triplet)) == 1


# -- faults ----------------------------------------------------------------------------------------


async def test_a_fault_ends_on_a_page_without_names(book: Logbook, tmp_path: Path) -> None:
    admit(book)
    log = tmp_path / "state" / "hiplog.log"
    app = HiplogApp(lambda: book, log_path=log)

    def fail() -> None:
        patient_name = CANARY
        raise ValueError(f"about {patient_name}")

    with pytest.raises(ValueError, match="about"):
        async with app.run_test() as pilot:
            app.call_later(fail)
            await pilot.pause()
    said = str(app._exit_renderables[0]) if app._exit_renderables else crash.page(app._exception, log)
    assert app.return_code == 1
    assert "had to stop" in said and "HL-" in said and str(log) in said
    assert CANARY not in said and CANARY not in log.read_text()
    assert "ValueError" in log.read_text() and "fail" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


async def test_a_fault_in_a_task_is_a_notice_and_the_app_goes_on(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(book)
    from hiplog.logbook import timeline

    def broken(*_: object) -> None:
        raise RuntimeError(CANARY)

    async with running(book) as tui:
        monkeypatch.setattr(timeline, "of", broken)
        await tui.rush("/", "z", "w", "i", "enter")
        assert "a fault in the program, code HL-" in tui.notices
        assert CANARY not in tui.notices
        await tui.press("escape", "f2")
        assert "Nothing waits today." in tui.text


def failing(times: int, action: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``action`` say that the logbook is locked, so many times."""
    left = [times]

    def act(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise Unreachable("the logbook is locked by another program")
        return action(*args, **kwargs)

    return act


async def test_a_locked_logbook_keeps_the_answer_and_tries_again(
    book: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab")
        monkeypatch.setattr(sessions, "save", failing(1, sessions.save))
        tui.send("y")
        while "NOT SAVED" not in tui.text:
            await tui.pilot.pause()
        assert "locked by another program" in tui.text and "consent today: given" in tui.text
        tui.send("ctrl+q")
        while "Leave hiplog" not in tui.text:
            await tui.pilot.pause()
        await tui.pilot.press("n")
        await tui.press("7")
        assert "draft saved" in tui.lines[0]
    kept = book.read(sessions.get, draft.id)
    assert kept.consent is not None and kept.readings[0].value == 7


async def test_leaving_waits_for_what_is_not_on_disk_yet(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab")
        tui.send("y")
        while tui.app.desk.idle:
            await asyncio.sleep(0)
    assert book.read(sessions.get, draft.id).consent is not None


async def test_a_logbook_that_cannot_be_opened_says_why_and_leaves_with_its_code() -> None:
    def open_book() -> Logbook:
        raise NotFound("there is no logbook here; make one with: hiplog init")

    async with running(open_book) as tui:
        assert "The logbook could not be opened" in tui.text
        assert "make one with: hiplog init" in tui.text
        await tui.pilot.press("enter")
    assert tui.app.return_code == 3


async def test_a_slow_logbook_shows_a_word_and_the_screen_stays_alive(book: Logbook) -> None:
    go = threading.Event()

    def open_book() -> Logbook:
        go.wait()
        return book

    app = HiplogApp(open_book)
    async with app.run_test(size=(80, 24)) as pilot:
        tui = Driver(app, pilot)
        assert "Opening the logbook" in tui.text
        while "opening the logbook …" not in tui.text:
            await pilot.pause()
        await pilot.press("f1")
        assert "Every key of this screen" in tui.text
        await pilot.press("escape")
        go.set()
        while not app.desk.is_open:
            await pilot.pause()
        await tui.rest()
        assert "Nothing waits today." in tui.text and "opening" not in tui.text


async def test_a_lapsed_licence_is_said_above_the_list(book: Logbook) -> None:
    book.write(clinic.add, PractitionerDraft("DN009", "Bo Lind", expires=date(2026, 1, 31)))
    async with running(book.acting("DN009")) as tui:
        assert "! The licence of DN009 lapsed on 31 January 2026." in tui.text


async def test_a_read_only_logbook_says_so_and_refuses_in_words(book: Logbook) -> None:
    who, episode = admit(book)
    book.write(sessions.start, who.id, episode)
    closed = replace(book, banner="This logbook is open for reading only.")
    async with running(closed) as tui:
        assert "! This logbook is open for reading only." in tui.text
        await tui.press("a")
        await tui.type("P9")
        await tui.press("enter", "X", "enter", "Y", "ctrl+s")
        assert "reading only" in tui.text
        await tui.press("escape", "enter", "tab", "y")
        assert "NOT SAVED" in tui.text or "reading only" in tui.notices
        assert isinstance(tui.app.screen, SessionScreen)


def test_the_first_paint_needs_no_database_library() -> None:
    code = (
        "import sys; from hiplog.tui.app import run; from hiplog.tui.screens.today.screen import TodayScreen;"
        "print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'alembic', 'sqlcipher3')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
