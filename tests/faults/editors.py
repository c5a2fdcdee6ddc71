"""Two editors of one draft who take turns in any order: the program's own keeper, a desk without a thread.

What each of them sees is followed: a write that the logbook takes must come from somebody who had seen
everything that was in it, or who was shown both drafts and chose.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple

import samples

from hiplog.clinical import merging
from hiplog.clinical.record import NeedleCount, ScreeningAnswer, Session
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.tui.screens.session.keeper import Keeper

Choice = Literal["mine", "theirs", "merge", "merge mine"]
Facts = dict[str, Any]


class Act(NamedTuple):
    """One thing an editor does: a field and what is put there, or ``undo``."""

    what: str
    value: int


def change(act: Act) -> Callable[[Session], Session]:
    """Return the change of a draft that ``act`` is."""

    def note(draft: Session) -> Session:
        return replace(draft, note=f"note {act.value}")

    def plan(draft: Session) -> Session:
        return replace(draft, plan=f"plan {act.value}")

    def pain(draft: Session) -> Session:
        return replace(draft, readings=(samples.pain(act.value),))

    def answer(draft: Session) -> Session:
        item = ("FEVER", "LOCAL_INF", "BLEED_DIS")[act.value % 3]
        others = tuple(one for one in draft.screening if one.item != item)
        return replace(
            draft, screening=(*others, ScreeningAnswer(item, "none" if act.value % 2 else "refused"))
        )

    def site(draft: Session) -> Session:
        return replace(draft, insertions=(*draft.insertions, samples.site(depth_mm=20 + act.value)))

    def strike(draft: Session) -> Session:
        return replace(draft, insertions=draft.insertions[1:])

    def needles(draft: Session) -> Session:
        return replace(draft, needles=NeedleCount(inserted=act.value, withdrawn=act.value))

    return {
        "note": note,
        "plan": plan,
        "pain": pain,
        "answer": answer,
        "site": site,
        "strike": strike,
        "needles": needles,
    }[act.what]


def facts(draft: Session) -> Facts:
    """What a draft says, place by place; the program's own merging has no part in this."""
    told: Facts = {"note": draft.note, "plan": draft.plan}
    told |= {f"needles {name}": getattr(draft.needles, name) for name in ("inserted", "withdrawn")}
    told |= {f"pain {one.stage}": one.value for one in draft.readings}
    told |= {f"answer {one.item}": one.answer for one in draft.screening}
    told |= {f"site {one.id}": one.depth_mm for one in draft.insertions}
    return {name: value for name, value in told.items() if value is not None}


def expected(base: Session, mine: Session, theirs: Session, choice: Choice) -> Facts:
    """What shall stand after a conflict, by hand."""
    was, own, other = facts(base), facts(mine), facts(theirs)
    if choice in ("mine", "theirs"):
        return own if choice == "mine" else other
    told: Facts = {}
    for place in was.keys() | own.keys() | other.keys():
        before, here, there = was.get(place), own.get(place), other.get(place)
        both = here != before and there != before
        told[place] = (
            (here if choice == "merge mine" else there) if both else there if here == before else here
        )
    return {place: value for place, value in told.items() if value is not None}


class Turns:
    """Who goes on next: each call of an editor waits here until it is named."""

    def __init__(self, order: Iterator[int]) -> None:
        self._order, self._waiting = order, dict[int, asyncio.Future[None]]()

    async def mine(self, who: int) -> None:
        """Return when it is the turn of ``who``."""
        self._waiting[who] = asyncio.get_running_loop().create_future()
        await self._waiting[who]

    async def run(self, editors: Sequence[asyncio.Task[None]]) -> None:
        """Let the editors take turns until all have ended."""
        while not all(one.done() for one in editors):
            for _ in range(12):  # whoever can go on without a turn does so first
                await asyncio.sleep(0)
            if self._waiting:
                wanted = next(self._order, 0)
                who = wanted if wanted in self._waiting else next(iter(self._waiting))
                self._waiting.pop(who).set_result(None)


@dataclass
class Record:
    """The draft as it is in the logbook, followed from outside, and what happened to it."""

    truth: Session
    acknowledged: int = 0
    seen: Counter[str] = field(default_factory=Counter)


@dataclass
class Chair:
    """One editor: a logbook of its own, a keeper, and what stands on that screen. Also the keeper's desk."""

    who: int
    book: Logbook
    turns: Turns
    record: Record
    choices: Iterator[Choice]
    sees: Session
    unsaved: set[Any] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    wanted: Facts | None = None

    async def read(self, query: Callable[..., Session], *args: Any) -> Session:
        """Read, when it is this editor's turn; what was read stands on the screen."""
        await self.turns.mine(self.who)
        self.sees = self.book.read(query, *args)
        assert self.sees == self.record.truth
        return self.sees

    async def write(self, action: Callable[..., Session], *args: Any) -> Session:
        """Write, when it is this editor's turn; nothing unseen may go under."""
        await self.turns.mine(self.who)
        kept = self.book.write(action, *args)
        changed = kept.version != self.record.truth.version
        assert self.sees == self.record.truth or not changed, f"{action.__name__} over what was never shown"
        if self.wanted is not None:
            assert facts(kept) == self.wanted
            self.wanted = None
        self.record.acknowledged += changed
        self.record.seen[action.__name__] += 1
        self.sees = self.record.truth = kept
        return kept

    def now(self) -> datetime:
        """The time, for the line that says when it was saved."""
        return self.book.clock()

    def ask(self, base: Session, mine: Session, theirs: Session) -> asyncio.Future[Session | None]:
        """The conflict screen: the person looks, others go on meanwhile, then one choice is made."""
        choice = next(self.choices, "merge")
        self.record.seen[f"conflict: {choice}"] += 1
        return asyncio.ensure_future(self._chosen(choice, base, mine, theirs))

    async def _chosen(self, choice: Choice, base: Session, mine: Session, theirs: Session) -> Session | None:
        await self.turns.mine(self.who)
        self.wanted = expected(base, mine, theirs, choice)
        if choice == "mine":
            return merging.all_mine(mine, theirs)
        if choice == "theirs":
            return theirs
        both = [one.place for one in merging.differences(base, mine, theirs) if one.both]
        return merging.merged(base, mine, theirs, both if choice == "merge mine" else ())

    async def work(self, acts: Sequence[Act]) -> None:
        """Do everything in ``acts``, each when the one before is on disk or was given up."""
        keeper = Keeper(self, self.sees, lambda: None, self._hear, self.ask)  # type: ignore[arg-type]
        for act in acts:
            if act.what == "undo":
                keeper.call(sessions.undo)
            else:
                keeper.do(change(act))
            while keeper.busy:
                await asyncio.sleep(0)

    def _hear(self, error: Exception) -> None:
        self.told.append(f"{type(error).__name__}: {error}")
        self.wanted = None


def meet(
    books: Sequence[Logbook],
    draft: Session,
    scripts: Sequence[Sequence[Act]],
    order: Sequence[int],
    choices: Sequence[Choice],
) -> tuple[Record, list[Chair]]:
    """Let two editors work on ``draft`` in the ``order`` of turns; return what became of it."""

    async def together() -> tuple[Record, list[Chair]]:
        record, turns, chosen = Record(draft), Turns(iter(order)), iter(choices)
        chairs = [Chair(n, book, turns, record, chosen, draft) for n, book in enumerate(books)]
        tasks = [asyncio.create_task(chair.work(acts)) for chair, acts in zip(chairs, scripts, strict=True)]
        try:
            await turns.run(tasks)
        finally:
            for task in tasks:
                task.cancel()
        for task in tasks:
            task.result()
        return record, chairs

    return asyncio.run(together())
