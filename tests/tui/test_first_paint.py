"""The first paint holds the worklist; what is typed before the logbook is open is not lost."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from driving import Driver
from samples import admit, begin, followed

from hiplog.errors import Unreachable
from hiplog.logbook import waiting
from hiplog.logbook.book import Logbook
from hiplog.tui.app import HiplogApp
from hiplog.tui.screens.session.screen import SessionScreen
from hiplog.tui.screens.today.screen import TodayScreen


def waits(book: Logbook, allowed: threading.Event) -> Logbook:
    assert allowed.wait(60)
    return book


@asynccontextmanager
async def looking(book: Logbook, allowed: threading.Event) -> AsyncIterator[Driver]:
    first = waiting.first(book.settings, book.clock())
    app = HiplogApp(lambda: waits(book, allowed), first=first)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        yield Driver(app, pilot)


async def test_the_worklist_stands_there_before_the_logbook_is_open(book: Logbook) -> None:
    begin(book)
    allowed = threading.Event()
    async with looking(book, allowed) as tui:
        await tui.pilot.pause()
        assert not tui.app.desk.is_open
        assert "Drafts to finish (1)" in tui.text
        assert "Hip clinic" in tui.text
        tui.send("enter")
        await tui.pilot.pause()
        assert isinstance(tui.app.screen, TodayScreen)
        allowed.set()
        await tui.rest()
        assert isinstance(tui.app.screen, SessionScreen)


async def test_keys_typed_before_the_logbook_is_open_find_their_patient(book: Logbook) -> None:
    admit(book, "P-001")
    admit(book, "P-002", family="Brandt")
    allowed = threading.Event()
    async with looking(book, allowed) as tui:
        for key in ("slash", "B", "r", "a", "enter"):
            tui.send(key)
        await tui.pilot.pause()
        allowed.set()
        await tui.rest()
        assert "Brandt" in tui.text
        assert not isinstance(tui.app.screen, TodayScreen)


async def test_a_place_asked_for_before_the_logbook_is_open_is_gone_to(book: Logbook) -> None:
    followed(book)
    allowed = threading.Event()
    async with looking(book, allowed) as tui:
        for key in ("f4", "e"):
            tui.send(key)
        await tui.pilot.pause()
        assert isinstance(tui.app.screen, TodayScreen)
        allowed.set()
        await tui.rest()
        assert tui.app.current_mode == "audit"
        assert "Export the audit bundle" in tui.text


async def test_a_logbook_that_does_not_open_lets_the_keys_go(book: Logbook) -> None:
    begin(book)
    allowed = threading.Event()
    first = waiting.first(book.settings, book.clock())

    def fails() -> Logbook:
        assert allowed.wait(60)
        raise Unreachable("the disk is gone")

    app = HiplogApp(fails, first=first)
    async with app.run_test(size=(80, 24)) as pilot:
        tui = Driver(app, pilot)
        tui.send("enter")
        await pilot.pause()
        allowed.set()
        while len(app.screen_stack) == 1:
            await pilot.pause()
        await tui.rest()
        assert "the disk is gone" in tui.text
        tui.send("enter")
        await pilot.pause()
    assert app.return_code == Unreachable.exit_code
