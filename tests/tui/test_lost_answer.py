"""A change whose answer was lost on its way from the server is taken over once, not written twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import chairs as ways
import pytest
import samples
from blackhole import unasked
from chairs import Clinic
from clocks import SetClock
from tui.driving import running

from hiplog.logbook import audit, sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import unit
from hiplog.tui.screens.session.keeper import Keeper


async def test_the_draft_goes_on_from_what_the_server_has(
    chairs: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "LOOK_S", 0.2)
    told: list[Exception] = []
    with ways.proxy(chairs.app.database) as line:
        at = replace(chairs.app, database=ways.through(chairs.app.database, line.port))
        book = Logbook.open(at, SetClock())
        draft = samples.begin(book)
        async with running(book, (80, 24)) as tui:
            keeper = Keeper(
                tui.app.desk, book.read(sessions.get, draft.id), lambda: None, told.append, unasked
            )
            line.cut_at, line.refuse_after_cut = b"COMMIT\x00", True
            keeper.do(lambda kept: replace(kept, note="once"))
            while keeper.failure is None:
                await asyncio.sleep(0.05)
            assert keeper.state == "! NOT SAVED, trying again"
            line.refusing = False
            while keeper.busy:
                await asyncio.sleep(0.05)
            keeper.do(lambda kept: replace(kept, plan="twice a week"))
            while keeper.busy:
                await asyncio.sleep(0.05)
        assert told == []
        again = Logbook.open(chairs.app, SetClock())
        kept = again.read(sessions.get, draft.id)
        assert (kept.note, kept.plan) == ("once", "twice a week")
        edits = [one for one in again.read(audit.events) if one.action == "session.edit"]
        assert len(edits) == 2
        assert again.read(audit.verify).ok
        again.close()
