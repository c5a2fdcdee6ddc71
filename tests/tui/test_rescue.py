"""A logbook that does not open, on the screen: the newest whole backup is offered and brought back by a key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from clocks import SetClock
from driving import SIZES, running
from samples import CANARY, begin

from hiplog.logbook import backups, rescue, upkeep
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


@pytest.fixture
def door(book: Logbook, places: Settings, clock: SetClock) -> Callable[[], Logbook]:
    """Open the logbook, whose file has been emptied since its backup."""
    begin(book)
    upkeep.make(book)
    book.close()
    places.path.write_bytes(b"")

    def open_book() -> Logbook:
        with rescue.offering(places):
            return Logbook.open(places, clock)

    return open_book


@pytest.mark.parametrize("size", SIZES)
async def test_yes_brings_the_backup_back_and_opens_it(
    door: Callable[[], Logbook], places: Settings, clock: SetClock, size: tuple[int, int]
) -> None:
    def bring_back(backup: Path) -> None:
        backups.restore(places, backup, clock())

    async with running(door, size, bring_back=bring_back) as tui:
        assert "is empty" in tui.text
        assert "Bring this backup back now?" in tui.text and CANARY not in tui.text
        await tui.press("y")
        assert "Drafts to finish" in tui.text and CANARY in tui.text
    (aside,) = places.path.parent.glob("hiplog-before-restore-*.db")
    assert aside.read_bytes() == b""


async def test_no_leaves_everything_as_it_is(door: Callable[[], Logbook], places: Settings) -> None:
    async with running(door, bring_back=lambda _: pytest.fail("nobody asked for it")) as tui:
        await tui.press("n")
    assert tui.app.return_code == 7
    assert places.path.read_bytes() == b""
