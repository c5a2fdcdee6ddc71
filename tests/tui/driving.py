"""Drive the app by keys and read what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from hiplog.logbook.book import Logbook
from hiplog.tui.app import HiplogApp

SIZES = ((80, 24), (120, 36))
CHARACTERS = {"space": " ", "minus": "-", "plus": "+"}
LOOPS_A_TURN = 25
CALM_TURNS = 5
MOST_TURNS = 4000
PAUSE_S = 0.002


class Driver:
    """A running app: press keys, then look once everything has come to rest."""

    def __init__(self, app: HiplogApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.pressed = 0

    async def rest(self) -> None:
        """Return when the logbook is idle and every widget has worked off its messages."""
        calm = 0
        for _ in range(MOST_TURNS):
            if self.app.desk._calls:
                await asyncio.wait(set(self.app.desk._calls))
            for _ in range(LOOPS_A_TURN):
                await asyncio.sleep(0)
            self.app.screen._on_timer_update()
            calm = calm + 1 if self._idle else 0
            if not calm:
                # What is under way may be in a thread, which gets on while this loop sleeps.
                await asyncio.sleep(PAUSE_S)
            if calm >= CALM_TURNS:
                await self.pilot._wait_for_screen()
                self.app.screen._on_timer_update()
                return
        raise AssertionError("the app did not come to rest")

    @property
    def _idle(self) -> bool:
        """Whether nothing is under way but, at most, a question to the person."""
        asking = self.app.screen.is_modal
        if not self.app.screen.is_mounted or self.app.ahead.busy or not self.app._message_queue.empty():
            return False
        return self.app.desk.idle and (asking or all(w.is_finished for w in self.app.workers))

    def send(self, key: str) -> None:
        """Send one key, as the terminal would; a character may stand for itself."""
        driver = self.app._driver
        assert driver is not None
        char = CHARACTERS.get(key, key if len(key) == 1 else None)
        name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
        driver.send_message(events.Key(name, char))
        self.pressed += 1

    async def press(self, *keys: str) -> None:
        """Press keys one after another, resting after each."""
        for key in keys:
            self.send(key)
            await self.rest()

    async def rush(self, *keys: str) -> None:
        """Press keys as fast as a paste, none waiting for what the one before sets going."""
        for key in keys:
            self.send(key)
        await self.rest()

    async def type(self, text: str) -> None:
        """Type a text in one go."""
        await self.rush(*text)

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def notices(self) -> str:
        """What the notices on the screen say."""
        return "\n".join(str(n.message) for n in self.app._notifications)

    @property
    def lines(self) -> list[str]:
        """The screen's lines that are not empty."""
        return [line for line in self.text.splitlines() if line.strip()]

    def line_with(self, words: str) -> str:
        """The first line that holds ``words``."""
        return next(line for line in self.lines if words in line)


@asynccontextmanager
async def running(
    book: Logbook | Callable[[], Logbook], size: tuple[int, int] = (80, 24), **more: Any
) -> AsyncIterator[Driver]:
    """Run the app on ``book`` in a terminal of ``size``; it is at rest when it begins."""
    opens = book if callable(book) else (lambda: book)
    app = HiplogApp(opens, **more)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot)
        while not app.desk.is_open and len(app.screen_stack) == 1:
            await pilot.pause()
        await driver.rest()
        yield driver
