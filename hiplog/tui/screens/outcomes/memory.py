"""What was read of the records, once; every answer after that comes from memory, beside the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.outcomes import dashboard, explain, kept
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.explanation import Explanation
from hiplog.outcomes.filters import Filters, Work
from hiplog.outcomes.tally import Tally
from hiplog.tui import rooms
from hiplog.tui.errand import Errand, Stopped, Told

if TYPE_CHECKING:
    from hiplog.logbook.audit import Head
    from hiplog.logbook.book import Logbook

    Known = tuple[tuple[Head, ...], Tally]


WHOLE = 20_000
"""Sessions up to which the whole record is held once a filter was typed: some seconds to read, then none."""


class Memory:
    """The records as they were counted. Reading and answering run in threads of their own.

    In a large logbook a filter takes long, and the next session must not wait for it.
    """

    def __init__(self) -> None:
        self.counts: Tally | None = None
        """The whole record counted."""
        self._source: Source | None = None
        self._book: Logbook | None = None
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
            told = _work(tell)
            kept.settle(book.read, book.write, told)
            return heads, book.read(dashboard.counted, Filters(), told)

        self._book = book
        self._reading = Errand(work)
        return True

    async def read(self) -> bool:
        """Read what was begun; return whether it came to its end, what was known before stays otherwise."""
        if self._reading is None:
            return False
        try:
            self.heads, self.counts = await self._reading.run()
            self._source = None
        except Stopped:
            return False
        finally:
            self._reading = None
        return True

    async def answer(self, filters: Filters, strict: bool) -> Dashboard | None:
        """Work the answer out; ``None`` when nothing was read, or another one was asked for meanwhile."""
        counts = self.counts
        if counts is None:
            return None
        if self._answering is not None:
            self._answering.stop()

        def work(tell: Told) -> Dashboard:
            told = _work(tell)
            found = counts if filters == Filters() else self._counted(filters, told)
            return dashboard.answered(found, filters, strict, told)

        errand = self._answering = Errand(work)
        try:
            return await errand.run()
        except Stopped:
            return None
        finally:
            if self._answering is errand:
                self._answering = None

    async def explain(self, question: str, key: str, shown: Dashboard) -> Explanation | None:
        """Take a number of ``shown`` apart."""
        if self.counts is None:
            return None

        def work(tell: Told) -> Explanation:
            source = self._read(shown.filters, _work(tell))
            return explain.explained(source, question, key, shown.filters, shown.strict)

        return await Errand(work).run()

    def _counted(self, filters: Filters, work: Work) -> Tally:
        return dashboard.tallied(self._read(filters, work), filters)

    def _read(self, filters: Filters, work: Work) -> Source:
        """The record of a small clinic whole, and kept; of a large one those who may fit, each time anew."""
        assert self.counts is not None
        assert self._book is not None
        if self._source is not None:
            return self._source
        if self.counts.number("sessions") > WHOLE:
            return self._book.read(dashboard.read, work, filters)
        self._source = self._book.read(dashboard.read, work)
        return self._source


def _work(tell: Told) -> Work:
    return Work(0, lambda done, total, what: tell(what, done, total))
