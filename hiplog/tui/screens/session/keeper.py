"""The open draft: every change is shown at once and written at once, one after another, in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from hiplog.clinical.errors import HiplogError, Stale, Unreachable, Unsettled
from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.desk import Desk

Change = Callable[[Session], Session]
"""A pure step from one draft to the next."""
Ask = Callable[[Session, Session, Session], "asyncio.Future[Session | None]"]
"""Shows a person what was read, mine and theirs, and brings the draft that shall stand."""

RETRY_S = 2.0


class Keeper:
    """Holds the session as kept and the changes on their way to the disk.

    A change that the logbook refuses is dropped and told; one that could not be written because the
    logbook is out of reach stays and is tried again. Where somebody else saved the draft meanwhile, a person
    is shown both and says what shall stand.
    """

    def __init__(
        self,
        desk: Desk,
        kept: Session,
        shown: Callable[[], None],
        told: Callable[[Exception], None],
        ask: Ask,
    ) -> None:
        self.kept = kept
        self.saved = ""
        self.failure: str | None = None
        self._desk, self._shown, self._told = desk, shown, told
        self._queue: deque[tuple[Change | None, Callable[..., Session] | None]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._last_try = False
        self._ask = ask
        self._asking: asyncio.Future[Session | None] | None = None

    @property
    def draft(self) -> Session:
        """The session with every change that is still on its way."""
        draft = self.kept
        for change, _ in self._queue:
            if change is not None:
                draft = change(draft)
        return draft

    @property
    def busy(self) -> bool:
        """Whether something is not on disk yet."""
        return bool(self._queue)

    @property
    def state(self) -> str:
        """``draft saved 12:31:05``, ``saving …``, or that it could not be saved; ``failure`` says why."""
        if self.failure:
            return _("! NOT SAVED, trying again")
        return _("saving …") if self._queue else self.saved

    def do(self, change: Change) -> None:
        """Apply ``change`` and write it: one transaction, one undo step. One that changes nothing is none."""
        if change(self.draft) != self.draft:
            self._enqueue(change, None)

    def call(self, action: Callable[..., Session]) -> None:
        """Run a logbook action on this session as it was read (undo, repeat), after what is on its way."""
        self._enqueue(None, action)

    async def settle(self) -> bool:
        """Wait until all is on disk; return whether it is. A logbook out of reach is tried once more only."""
        self._last_try = True
        if self._asking is not None:
            self._asking.cancel()
        self._again.set()
        self.go_on()
        if self._running is not None:
            await asyncio.wait({self._running})
        self._last_try = False
        return not self._queue

    def go_on(self) -> None:
        """Write what is not on disk yet."""
        if self._queue and (self._running is None or self._running.done()):
            self._running = asyncio.create_task(self._write())

    def _enqueue(self, change: Change | None, action: Callable[..., Session] | None) -> None:
        self._queue.append((change, action))
        self._desk.unsaved.add(self)
        self._again.set()
        self.go_on()
        self._shown()

    async def _write(self) -> None:
        while self._queue:
            change, action = self._queue[0]
            try:
                if change is not None:
                    kept = await self._save(change)
                else:
                    assert action is not None
                    kept = await self._desk.write(action, self.kept.id, self.kept.version)
            except Unreachable as error:
                if isinstance(error, Unsettled) and await self._arrived(error.mark):
                    continue
                if self._desk.book.banner is None:
                    if await self._wait(str(error)):
                        continue
                    return
                self._queue.popleft()
                await self.overtaken(error)
            except Exception as error:  # noqa: BLE001 - one change fails, the draft and the rest stay
                self._queue.popleft()
                await self.overtaken(error)
            else:
                self._queue.popleft()
                self.kept, self.failure = kept, None
                self.saved = _("draft saved {time}").format(time=f"{self._desk.now():%H:%M:%S}")
            if not self._queue:
                self._desk.unsaved.discard(self)
            self._shown()

    async def _arrived(self, mark: str) -> bool:
        """Ask until it is known whether a change whose answer was lost is there; take it over if so."""
        while True:
            try:
                arrived = await self._desk.arrived(mark)
                if arrived:
                    self.kept = await self._desk.read(rooms.sessions.get, self.kept.id)
            except Unreachable as error:
                if not await self._wait(str(error)):
                    return False
                continue
            if arrived:
                self._queue.popleft()
                self.failure = None
                self.saved = _("draft saved {time}").format(time=f"{self._desk.now():%H:%M:%S}")
                if not self._queue:
                    self._desk.unsaved.discard(self)
                self._shown()
            return arrived

    async def _save(self, change: Change) -> Session:
        """Save one change; ``Stale`` is left only where nobody can be asked."""
        wanted, version = change(self.kept), self.kept.version
        while True:
            try:
                return await self._desk.write(rooms.sessions.save, wanted, version)
            except Stale:
                theirs = await self._desk.read(rooms.sessions.get, self.kept.id)
                if self._last_try or theirs.status != "draft":
                    raise
                chosen = await self._chosen(wanted, theirs)
                if chosen is None:
                    raise
                self.kept, wanted, version = theirs, chosen, theirs.version

    async def _chosen(self, mine: Session, theirs: Session) -> Session | None:
        self._asking = self._ask(self.kept, mine, theirs)
        try:
            return await self._asking
        except asyncio.CancelledError:
            return None
        finally:
            self._asking = None

    async def _wait(self, why: str) -> bool:
        """Say why, wait a little for a better moment; return whether to try again."""
        self.failure = why
        self._shown()
        if self._last_try:
            return False
        self._again.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._again.wait(), RETRY_S)
        return True

    async def overtaken(self, error: Exception) -> None:
        """Tell why something was not done; where somebody else was first, take over what there is now."""
        self._told(error)
        if isinstance(error, Stale):
            try:
                self.kept = await self._desk.read(rooms.sessions.get, self.kept.id)
            except HiplogError as gone:
                self._told(gone)
            self._shown()
