"""What was read of the records, once; every answer after that comes from memory, beside the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.outcomes import dashboard, explain
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.explanation import Explanation
from hiplog.outcomes.filters import Filters, Work
from hiplog.tui import rooms
from hiplog.tui.errand import Errand, Stopped, Told

if TYPE_CHECKING:
    from hiplog.logbook.audit import Head
    from hiplog.logbook.book import Logbook

    Known = tuple[tuple[Head, ...], Source]


class Memory:
    """The records as they were read. Reading and answering run in threads of their own.

    In a large logbook both take long, and the next session must not wait for them.
    """

    def __init__(self) -> None:
        self.source: Source | None = None
        self.heads: tuple[Head, ...] = ()
        """Where the trail ended when the records were read."""
        self._reading: Errand[Known] | None = None
        self._answering: Errand[Dashboard] | None = None

    @property
    def reading(self) -> bool:
        """Whether the records are being read."""
        return self._reading is not None

    @property
    def answering(self) -> bool:
        """Whether an answer is being worked out."""
        return self._answering is not None

    @property
    def at(self) -> tuple[str, int, int]:
        """How far the reading is: the part, how many are done, how many there are."""
        return self._reading.at if self._reading is not None else ("", 0, 0)

    def stop(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.stop()

    def begin(self, book: Logbook) -> bool:
        """Make ready to read; return whether there is need to, for it may be under way."""
        if self._reading is not None:
            return False

        def work(tell: Told) -> Known:
            # The ends of the trail first: what is written meanwhile is then missed by neither.
            heads = book.read(rooms.audit.heads)
            return heads, book.read(dashboard.read, _work(tell, dashboard.READS))

        self._reading = Errand(work)
        return True

    async def read(self) -> bool:
        """Read what was begun; return whether it came to its end, what was known before stays otherwise."""
        if self._reading is None:
            return False
        try:
            self.heads, self.source = await self._reading.run()
        except Stopped:
            return False
        finally:
            self._reading = None
        return True

    async def answer(self, filters: Filters, strict: bool) -> Dashboard | None:
        """Work the answer out; ``None`` when nothing was read, or another one was asked for meanwhile."""
        source = self.source
        if source is None:
            return None
        if self._answering is not None:
            self._answering.stop()
        errand = self._answering = Errand(
            lambda tell: dashboard.answer(source, filters, strict, _work(tell, dashboard.ANSWERS))
        )
        try:
            return await errand.run()
        except Stopped:
            return None
        finally:
            if self._answering is errand:
                self._answering = None

    async def explain(self, question: str, key: str, shown: Dashboard) -> Explanation | None:
        """Take a number of ``shown`` apart."""
        source = self.source
        if source is None:
            return None
        return await Errand(
            lambda _: explain.explained(source, question, key, shown.filters, shown.strict)
        ).run()


def _work(tell: Told, steps: int) -> Work:
    return Work(steps, lambda done, total, what: tell(what, done, total))
