"""A visit typed on a real terminal, the program killed at any moment: the draft is all that was typed.

What the draft holds after each key is first found out in a run that nobody kills. Then the program is typed at
on a pseudo-terminal, and killed within a third of a second of the last key: all is there but, at most, the
answer that this key gave. Five times more the last keys come in a burst of two to four, as a paste or a slow
machine brings them: of those a beginning is there, in order and whole, never a later key without an earlier one.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import samples
from forked import Forked
from terminals import LONGEST_S, Terminal
from tui.driving import running

from hiplog import settings
from hiplog.clinical.record import Session
from hiplog.logbook import audit, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

FIND, REPEAT = "/zwi\r", "r"
KEYS = "nny624t tb ts2  4\rn331d"
"""Since last time, anything new, consent, pain, rotation; four rows; needles out, reactions, readings, advice."""
NAMES = {" ": "space", "\r": "enter"}
SOME, MOMENTS, BURSTS, BURST = 3, 20, 5, 4
LONGEST_PAUSE_S = 0.3


def returning(book: Logbook) -> None:
    """A patient with one signed visit of four sites."""
    who, episode = samples.admit(book, "P1")
    rows = tuple(samples.site(muscle, zone=None) for muscle in ("GMED", "TFL", "GMAX", "RF"))
    samples.visit(book, who.id, episode, insertions=rows)


def typed(draft: Session) -> tuple[Any, ...]:
    """What a draft holds, apart from the keys of its rows."""
    site = {row.id: row.muscle for row in draft.insertions}
    asked = {
        (
            i.stage,
            i.reporter,
            i.state,
            frozenset((r.kind, site.get(r.insertion or ""), r.soreness) for r in i.reactions),
        )
        for i in draft.inquiries
    }
    return (
        frozenset((a.item, a.answer) for a in draft.screening),
        draft.consent and (draft.consent.given, draft.consent.withdrawn),
        frozenset((r.measure, r.stage, r.value) for r in draft.readings),
        frozenset(asked),
        tuple((r.muscle, r.origin, r.twitch, r.twitch_count) for r in draft.insertions),
        (draft.needles.inserted, draft.needles.withdrawn),
        draft.advice,
    )


def draft_of(book: Logbook) -> Session | None:
    return next(iter(book.read(sessions.drafts_open)), None)


async def unhurt(book: Logbook) -> list[tuple[Any, ...]]:
    """What the draft holds after each key, when nothing happens."""
    async with running(book) as tui:
        await tui.rush(*(NAMES.get(key, key) for key in FIND + REPEAT))
        while (draft := draft_of(book)) is None:
            await tui.pilot.pause(0.05)
        await tui.rest()
        states = [typed(draft)]
        for key in KEYS:
            await tui.press(NAMES.get(key, key))
            states.append(typed(book.read(sessions.get, draft.id)))
    return states


def on_disk(terminal: Terminal, book: Logbook, wanted: tuple[Any, ...]) -> None:
    """Wait until the draft is as wanted."""
    end = time.monotonic() + LONGEST_S
    while (draft := draft_of(book)) is None or typed(draft) != wanted:
        assert time.monotonic() < end, "what was typed did not reach the disk"
        assert terminal._read()


@pytest.mark.faults
@pytest.mark.grown(by=returning)
def test_killed_at_some_moments_of_a_typed_visit(
    book: Logbook, places: Settings, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    assert_all_is_back(SOME, 1, book, places, tmp_path, figures)


@pytest.mark.long
@pytest.mark.grown(by=returning)
def test_killed_at_twenty_moments_of_a_typed_visit(
    book: Logbook, places: Settings, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    assert_all_is_back(MOMENTS, BURSTS, book, places, tmp_path, figures)


def assert_all_is_back(
    moments: int, bursts: int, book: Logbook, places: Settings, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    """Type and kill so often after a single key and after a burst, each time in a logbook of its own."""
    fresh = tmp_path / "fresh"
    shutil.copytree(places.path.parent, fresh)
    states = asyncio.run(unhurt(book))
    book.close()
    assert len(set(states)) > 15
    chance = random.Random(20)
    seen = {"kills": 0, "all there": 0, "keys on their way lost": 0, "mixed": 0, "drafts back": 0}
    for moment in range(moments + bursts):
        at = settings.load(at=str(tmp_path / f"killed-{moment}"), environ={})
        shutil.copytree(fresh, at.path.parent)
        burst = 1 if moment < moments else chance.randint(2, BURST)
        done = chance.randrange(len(KEYS) - burst + 1)
        sent = KEYS[done : done + burst]
        terminal = Forked(at)
        there = Logbook.open(at)
        terminal.until("Follow-ups overdue")
        terminal.keys(FIND + REPEAT + KEYS[:done])
        on_disk(terminal, there, states[done])
        terminal.keys(sent)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
        terminal.running.send_signal(signal.SIGKILL)
        terminal.end()
        draft = draft_of(there)
        assert draft is not None
        possible = states[done : done + len(sent) + 1]
        seen["kills"] += 1
        seen["mixed"] += typed(draft) not in possible
        seen["all there"] += typed(draft) == possible[-1]
        seen["keys on their way lost"] += typed(draft) in possible[:-1] and typed(draft) != possible[-1]
        assert there.read(audit.verify).ok
        there.close()
        seen["drafts back"] += offered(at)
    figures(f"{len(KEYS)} keys, {moments} kills at a single key, {bursts} in a burst: {seen}")
    moments += bursts
    assert (seen["kills"], seen["mixed"], seen["drafts back"]) == (moments, 0, moments)


def offered(at: Settings) -> bool:
    """Whether the draft is offered again, and opens."""
    again = Forked(at)
    again.until("Drafts to finish")
    again.keys("\r")
    again.until("visit 2")
    again.keys("\x11")
    return again.end() == 0
