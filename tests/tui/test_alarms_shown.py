"""The worklist warns of a clock set back, a disk nearly full and old backups, in words above the list."""

from __future__ import annotations

import shutil
from collections import namedtuple

import clients
import pytest
from clocks import SetClock
from driving import SIZES, Driver, running
from samples import begin, signed

from hiplog.logbook.book import Logbook

Disk = namedtuple("Disk", "total used free")


@pytest.mark.parametrize("size", SIZES)
async def test_each_alarm_stands_above_the_list(
    book: Logbook, clock: SetClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    begin(book)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**9, 0, 150_000_000))
    clock.forward(days=30)
    async with running(book, size, alarmed=True) as tui:
        said = " ".join(tui.text.split())
        assert "! Only 150 MB are free" in said
        assert "no backup lies here" in said
        assert "Drafts to finish" in said
    clock.forward(days=-60)


async def test_a_clock_set_back_stands_there_too(book: Logbook, clock: SetClock) -> None:
    begin(book)
    clock.forward(days=-2)
    async with running(book, alarmed=True) as tui:
        assert "! The clock of this computer reads" in tui.text


async def test_an_invented_clinic_is_not_warned_about(book: Logbook, clock: SetClock) -> None:
    begin(book)
    clock.forward(days=30)
    async with running(book) as tui:
        assert "backup" not in tui.text


async def checked(tui: Driver) -> None:
    """Wait until the check at the start has come to its end."""
    for _ in range(2000):
        if tui.app.trail.done:
            await tui.rest()
            return
        await tui.pilot.pause(0.02)
    raise AssertionError("the check at the start did not end")


@pytest.mark.parametrize("size", SIZES)
async def test_a_record_that_does_not_verify_is_said_above_the_list(
    book: Logbook, size: tuple[int, int]
) -> None:
    signed(book)
    with clients.unguarded(book.settings) as execute:
        execute("UPDATE sessions SET note = 'x' WHERE status = 'signed'")
    async with running(book, size, alarmed=True) as tui:
        await checked(tui)
        said = " ".join(tui.text.split())
        assert "! The newest part of the record does not verify" in said
        assert "sessions: note differ" in said and "Press F4 and then v" in said
        assert "the worklist (F2) says what" in tui.notices


async def test_a_whole_record_says_nothing(book: Logbook) -> None:
    signed(book)
    async with running(book, alarmed=True) as tui:
        await checked(tui)
        assert tui.app.trail.wrong == "" and "does not verify" not in tui.text
