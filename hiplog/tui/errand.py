"""Long work on the logbook in a thread of its own, so that the desk stays free for the next session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
Told = Callable[[str, int, int], None]
"""Told how far the work is: the part it is at, how many of it are done, and how many there are."""


class Stopped(Exception):
    """The work was stopped before it had come to its end."""


class Errand(Generic[T]):
    """One piece of work, told of its own progress; ``at`` is where it is now."""

    def __init__(self, work: Callable[[Told], T]) -> None:
        self._work = work
        self._stop = Event()
        self._end: Future[T] = Future()
        self.at = ("", 0, 0)

    @property
    def ended(self) -> bool:
        """Whether it has come to its end, one way or another."""
        return self._end.done()

    def stop(self) -> None:
        """Ask the work to end at its next report; one that is past its last ends by itself."""
        self._stop.set()

    async def run(self) -> T:
        """Do the work; raises what it raises, or ``Stopped``. It goes on when the caller goes away."""
        # Not one of the loop's own threads: those are waited for when the program ends.
        Thread(target=self._go, name="hiplog-errand", daemon=True).start()
        return await asyncio.shield(asyncio.wrap_future(self._end))

    async def settle(self) -> bool:
        """Wait for the end, whatever it is."""
        await asyncio.wait({asyncio.wrap_future(self._end)})
        return True

    def _go(self) -> None:
        self._end.set_running_or_notify_cancel()
        try:
            self._end.set_result(self._work(self._tell))
        except BaseException as error:  # noqa: BLE001 - handed on to whoever waits for the end
            self._end.set_exception(error)

    def _tell(self, part: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self.at = (part, done, total)
