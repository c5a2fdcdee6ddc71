"""The tour of the demo clinic by real keys: offered, followed word by word, skipped, ended; never on real records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from driving import SIZES, Driver, running

from hiplog import settings
from hiplog.exchange import demo
from hiplog.logbook.book import Logbook
from hiplog.tui.tour import STEPS, TourStrip

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


@pytest.fixture
def invented(tmp_path: Path) -> Iterator[Logbook]:
    made = demo.make(settings.load(at=str(tmp_path / "demo"), environ={}), patients=40, seed=1, now=NOW)
    book = replace(made, clock=lambda: NOW)
    yield book
    book.close()


def told(tui: Driver) -> str:
    """What the strip says, or nothing."""
    strips = tui.app.screen.query(TourStrip)
    return str(strips.first().content) if strips else ""


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_offered_and_goes_through_the_five_things(
    invented: Logbook, size: tuple[int, int]
) -> None:
    async with running(invented, size, invented=True) as tui:
        assert "New here? ctrl+t" in tui.text
        await tui.press("ctrl+t")
        assert told(tui).startswith("1 of 5, find") and "1 of 5, find" in tui.text
        letters = re.search(r"Type / (\w+), Enter", told(tui))
        assert letters is not None
        await tui.press("/", *letters[1], "enter")
        assert told(tui).startswith("2 of 5, log")
        await tui.press("r")
        assert told(tui).startswith("3 of 5, sign") and "s signs" in tui.text
        await tui.press("f6", "f7", "s", "escape", "escape")
        assert told(tui).startswith("4 of 5, trend") and "Then F4." in tui.text
        await tui.press("m", "t", "t", "f4")
        assert told(tui).startswith("5 of 5, audit") and "e writes the bundle" in tui.text
        await tui.press("ctrl+n")
        assert told(tui) == "" and "The tour is over" in tui.notices
        await tui.press("f2")
        assert told(tui) == ""


async def test_it_can_be_declined_begun_from_the_palette_and_left_at_any_step(invented: Logbook) -> None:
    async with running(invented, invented=True) as tui:
        await tui.press("ctrl+n")
        assert "New here?" not in tui.text
        await tui.press("ctrl+p", *"tour", "enter")
        await tui.rest()
        assert told(tui).startswith("1 of 5")
        for number in range(2, len(STEPS) + 1):
            await tui.press("ctrl+n")
            assert told(tui).startswith(f"{number} of 5")
        await tui.press("ctrl+t")
        assert told(tui) == ""


async def test_on_real_records_it_says_where_it_is_at_home(book: Logbook) -> None:
    async with running(book) as tui:
        assert "New here?" not in tui.text
        await tui.press("ctrl+t", "ctrl+n")
        assert "hiplog demo" in tui.notices and told(tui) == ""
