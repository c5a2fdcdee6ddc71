"""Typing ahead: keys are delivered one at a time, and kept while a screen is being opened.

Left alone the framework hands a burst of keys (fast typing, a paste, a loaded machine) to whatever has the
focus when the first of them arrives. Here each key has acted, and the cursor has moved on, before the next
one is delivered; so a visit typed without looking reaches its fields in order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from textual.app import App
from textual.events import Key

NEVER_HELD = {"ctrl+q"}
LONGEST_S = 1.0
"""A widget that takes longer than this over a key does not hold up the next one."""
LONGEST_HOLD_S = 20.0
"""Keys are never kept longer than this, whatever became of what was being opened."""


class Hold:
    """Keys are kept until it is released; releasing it twice is no harm."""

    def __init__(self, owner: TypeAhead) -> None:
        self._owner = owner

    def release(self) -> None:
        """Let the keys go on."""
        self._owner.let_go(self)


class TypeAhead:
    """The keys on their way; ``deliver`` hands one to the screen on top."""

    def __init__(self, app: App[None], deliver: Callable[[Key], Awaitable[None]]) -> None:
        self._app, self._deliver = app, deliver
        self._keys: deque[Key] = deque()
        self._holds: set[Hold] = set()
        self._delivering: asyncio.Task[None] | None = None
        self._first: tuple[Hold, Callable[[], object]] | None = None

    @property
    def busy(self) -> bool:
        """Whether a key has not acted yet, or something is being opened."""
        return bool(self._keys or self._holds) or not self._at_rest

    @property
    def _at_rest(self) -> bool:
        return self._delivering is None or self._delivering.done()

    def takes(self, key: Key) -> bool:
        """Take charge of ``key``; return whether it was: not one that was delivered, nor a way out."""
        if key.is_forwarded or key.key in NEVER_HELD:
            return False
        self._keys.append(key)
        self._go_on()
        return True

    def hold(self) -> Hold:
        """Keep what is typed from now on until the hold is released, at the latest after some seconds."""
        held = Hold(self)
        self._holds.add(held)
        asyncio.get_running_loop().call_later(LONGEST_HOLD_S, held.release)
        return held

    def let_go(self, held: Hold) -> None:
        """Deliver what was kept, unless something else still holds it."""
        self._holds.discard(held)
        self._go_on()

    def once_open(self, act: Callable[[], object]) -> None:
        """Do ``act`` as soon as the logbook is open, and keep what is typed after it until then."""
        if self._first is None:
            self._first = (self.hold(), act)

    def opened(self, *, act: bool = True) -> None:
        """The logbook is open, or will not be without a question: then nothing is done."""
        first, self._first = self._first, None
        if first is not None:
            if act:
                first[1]()
            first[0].release()

    @contextmanager
    def asking(self, held: Hold) -> Iterator[None]:
        """A question comes up while keys are held: those typed for something else must not answer it."""
        self._keys.clear()
        self._holds.discard(held)
        try:
            yield
        finally:
            self._holds.add(held)

    def _go_on(self) -> None:
        if self._keys and not self._holds and self._at_rest:
            self._delivering = asyncio.create_task(self._deliver_all())

    async def _deliver_all(self) -> None:
        while self._keys and not self._holds:
            await self._deliver(self._keys.popleft())
            await self.settle()

    async def settle(self) -> None:
        """Return when the focused widget and all it stands in have worked off what they were sent."""
        start = self._app.focused or self._app.screen
        for node in start.ancestors_with_self:
            passed = asyncio.Event()
            if node.call_later(passed.set):
                try:
                    await asyncio.wait_for(passed.wait(), LONGEST_S)
                except TimeoutError:
                    return
