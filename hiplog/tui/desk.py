"""The one bridge between the screens and the logbook: a single thread that does all the work on it.

``await desk.read(worklist.today)`` and ``await desk.write(patients.add, draft)`` run in that thread, so
writes go one at a time and in order, and the screen never waits for the disk. A screen that goes away
does not stop a write that has begun; :meth:`Desk.settle` waits for those when the program ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from textual.message import Message

from hiplog.clinical import roles
from hiplog.clinical.errors import Unreachable
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

T = TypeVar("T")
SLOW_AFTER_S = 0.3
"""Seconds after which a person is told that the logbook is still busy."""


class Opened(Message):
    """The logbook is open: the first screen may read."""


class Settling(Protocol):
    """Something with changes still on their way to the disk."""

    async def settle(self) -> bool:
        """Wait for them; return whether all arrived."""


class Desk:
    """Runs logbook calls in one thread; ``busy`` is called with a word while one takes long."""

    def __init__(
        self,
        open_book: Callable[[], Logbook],
        busy: Callable[[str], None],
        open_with: Callable[..., Logbook] | None = None,
        let_go: Callable[[], None] | None = None,
    ) -> None:
        self._open_book = open_book
        self._open_with = open_with or (lambda _: open_book())
        self._busy = busy
        self._let_go = let_go
        self._answers = asyncio.Event()
        self._answers.set()
        self.dropped = False
        """Whether the logbook was closed behind a lock; ``book`` then holds its plain facts only."""
        self._book: Logbook | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hiplog-desk")
        self._writing: set[asyncio.Future[Any]] = set()
        self._slow = 0
        self._in_line = False
        self._calls: set[asyncio.Future[Any]] = set()
        self.unsaved: set[Settling] = set()
        """Whoever holds changes that are not on disk yet; leaving asks first and waits for them."""

    @property
    def is_open(self) -> bool:
        """Whether the logbook was opened."""
        return self._book is not None

    @property
    def writing(self) -> bool:
        """Whether a write is under way, waiting for its turn, or could not be done yet."""
        return bool(self._writing or self.unsaved)

    @property
    def idle(self) -> bool:
        """Whether nothing is running or waiting for its turn."""
        return not self._calls and not self.unsaved

    @property
    def book(self) -> Logbook:
        """The open logbook, for its plain facts (clinic, actor, banner); ``Unreachable`` before that."""
        if self._book is None:
            raise Unreachable(_("The logbook is not open yet."))
        return self._book

    async def open(self, secret: str | None = None, who: str | None = None) -> Logbook:
        """Open the logbook in the thread, with what a person typed; ``who`` is a code."""
        given = [one for one in (secret, who) if one is not None]
        opens = partial(self._open_with, *given) if given else self._open_book
        return self._take(await self._watched(self._submit(opens), _("opening the logbook …")))

    def _take(self, book: Logbook) -> Logbook:
        """Go on with ``book``, which tells when it has to wait for another program."""
        self._book = replace(book, waits=self._stand_in_line)
        return self._book

    def _stand_in_line(self) -> None:
        # Called in the thread that writes; the screen looks at it when the write is slow.
        self._in_line = True

    async def found(self, make: Callable[[], Logbook], word: str) -> Logbook:
        """Make a logbook in the thread and go on with it. Once begun it ends, as a write does."""
        future = self._submit(make)
        self._writing.add(future)
        future.add_done_callback(self._written)
        return self._take(await self._watched(asyncio.shield(future), word))

    async def before_open(self, work: Callable[[], T], word: str) -> T:
        """Do ``work`` in the thread, before a logbook is open; ``word`` is shown when it takes long."""
        return await self._watched(self._submit(work), word)

    # -- whose hands it is in, and the lock ----------------------------------------------------------

    async def ask(self, query: Callable[..., T], *args: Any) -> T:
        """Return what ``query`` says of the logbook itself; never held back, for the lock asks this way."""
        book = self.book
        return await self._submit(lambda: query(book, *args))

    async def need(self, act: str) -> None:
        """Raise ``Forbidden`` unless the actor's role may do ``act``: before a form, not after it is filled.

        The refusal stands in the access trail as if it had been tried.
        """
        if not self.may(act):
            await self.ask(lambda book: book.need(act))

    def may(self, act: str) -> bool:
        """Whether the actor's role may do ``act``."""
        role = self.book.role
        return role is None or roles.may(role, act)

    def hand(self, book: Logbook) -> None:
        """Put the logbook into other hands; a proof holds for one action and stays behind."""
        self._book = replace(book, proven=False, waits=self._stand_in_line)

    def hold(self) -> None:
        """Keep every answer back until :meth:`release`, so that nothing goes on behind a locked screen."""
        self._answers.clear()

    def release(self) -> None:
        """Let the answers go on."""
        self._answers.set()

    async def noted(self, action: str, why: str) -> None:
        """Log an event of the screen."""
        from hiplog.logbook import access

        if not self.dropped:
            await self.ask(partial(access.note, how=why), action)

    async def drop(self) -> None:
        """Close the logbook and let go of its key; what was open stays on the screen behind the lock."""
        await self.settle()
        if self._book is None or self.dropped:
            return
        self.dropped = True
        if self._let_go is not None:
            await self._submit(self._let_go)
        self._book = await self._submit(self._book.shut)

    async def reopen(self, secret: str, who: str | None) -> None:
        """Open it again, by the passphrase."""
        given = [one for one in (secret or None, who) if one is not None]
        opens = partial(self._open_with, *given) if given else self._open_book
        self._take(await self._submit(opens))
        self.dropped = False

    # -- reading and writing -------------------------------------------------------------------------

    async def read(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Return what ``query`` reads. Whoever is cancelled meanwhile just does not get the answer."""
        await self._there()
        book = self.book
        return await self._watched(
            self._submit(lambda: book.read(query, *args, **kwargs)), _("reading the logbook …")
        )

    async def write(self, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run ``action`` in its one transaction. Once begun it ends, whatever becomes of the caller."""
        await self._there()
        return await self.write_with(self.book, action, *args, **kwargs)

    async def write_with(self, book: Logbook, action: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The same through ``book``, whose actor has just proven who that is."""
        future = self._submit(lambda: book.write(action, *args, **kwargs))
        self._writing.add(future)
        future.add_done_callback(self._written)
        return await self._watched(asyncio.shield(future), _("saving …"))

    async def call(self, action: Callable[..., T], *args: Any) -> T:
        """Run what needs the whole logbook and its own transactions. Once begun it ends, as a write does."""
        book = self.book
        future = self._submit(lambda: action(book, *args))
        self._writing.add(future)
        future.add_done_callback(self._written)
        return await self._watched(asyncio.shield(future), _("saving …"))

    async def arrived(self, mark: str) -> bool:
        """Whether a write that ended in ``Unsettled`` is in the logbook after all."""
        book = self.book
        return await self._watched(self._submit(lambda: book.arrived(mark)), _("asking the server …"))

    async def settle(self) -> None:
        """Return when no write is left; their failures belong to whoever asked for them."""
        for holder in tuple(self.unsaved):
            await holder.settle()
        while self._writing:
            await asyncio.wait(set(self._writing))

    async def close(self) -> None:
        """Let running writes end, then close the logbook."""
        self.release()
        await self.settle()
        if self._book is not None:
            await self._submit(self._book.close)
            self._book = None
        self._thread.shutdown(wait=False)

    def now(self) -> datetime:
        """The logbook's time in the clinic's zone."""
        return self.book.clock().astimezone(ZoneInfo(self.book.clinic.zone))

    def today(self) -> date:
        """The clinic's date."""
        return self.now().date()

    def _submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        def run() -> T:
            self._in_line = False
            return work()

        future = asyncio.wrap_future(self._thread.submit(run))
        self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return future

    def _written(self, future: asyncio.Future[Any]) -> None:
        self._writing.discard(future)
        if not future.cancelled():
            future.exception()  # seen, so that an abandoned write is not reported as a lost exception

    async def _there(self) -> None:
        if self.dropped:
            await self._answers.wait()

    async def _watched(self, work: Awaitable[T], word: str) -> T:
        future = asyncio.ensure_future(work)
        try:
            done, _late = await asyncio.wait({future}, timeout=SLOW_AFTER_S)
            if done:
                await self._answers.wait()
                return future.result()
            self._slow += 1
            self._busy(_("waiting: another hiplog is writing …") if self._in_line else word)
            try:
                result = await future
                await self._answers.wait()
                return result
            finally:
                self._slow -= 1
                if not self._slow:
                    self._busy("")
        except asyncio.CancelledError:
            future.cancel()
            raise
