"""The worklist warns of a clock set back, a disk nearly full and old backups, in words above the list."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from clocks import SetClock
from driving import SIZES, running
from samples import begin

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
