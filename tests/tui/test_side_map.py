"""The body map beside the needle grid: it follows the row, counts this session, and leads to a row."""

from __future__ import annotations

import pytest
from driving import Driver, running
from samples import begin
from textual.geometry import Offset

from hiplog.clinical.muscles import MUSCLES
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.tui.screens.session.grid import NeedleGrid
from hiplog.tui.screens.session.side_map import SideMap

WIDE = (120, 36)
SITES = "gmed r 2 30x50 i3; tfl r 30x40; gmed r 1 30x50"


async def needling(tui: Driver, line: str = SITES) -> None:
    """Take up the draft, go to the grid and type sites."""
    await tui.press("enter", "f6", "+")
    await tui.type(line)
    await tui.press("enter")


def shown(tui: Driver) -> SideMap:
    return tui.app.screen.query_one(SideMap)


@pytest.mark.parametrize("height", [24, 36])
async def test_the_map_counts_this_session_and_follows_the_row(book: Logbook, height: int) -> None:
    begin(book)
    async with running(book, (120, height)) as tui:
        await needling(tui)
        grid = tui.app.screen.query_one(NeedleGrid)
        assert grid.has_focus and shown(tui).counts == {("GMED", "R"): 4, ("TFL", "R"): 1}
        assert "[4]" in tui.text and "▸ gluteus medius, right: 4 insertions" in tui.text
        await tui.press("down")
        assert "[1]" in tui.text and "▸ tensor fasciae latae, right: 1 insertion" in tui.text
        await tui.press("x")
        assert shown(tui).counts == {("GMED", "R"): 4}
        await tui.press("f5")
        assert "schematic" not in tui.text
        await tui.press("f6")
        assert "schematic" in tui.text


async def test_a_muscle_with_a_row_puts_the_cursor_there_and_one_without_begins_one(book: Logbook) -> None:
    draft = begin(book)
    async with running(book, WIDE) as tui:
        await needling(tui)
        grid = tui.app.screen.query_one(NeedleGrid)
        await tui.press("down", "m")
        assert shown(tui).has_focus and "Enter goes to its row, or adds one" in tui.text
        shown(tui).cursor = ("GMED", "R")
        await tui.press("enter")
        assert grid.has_focus and grid.cursor == 2
        await tui.press("m", "enter")
        assert grid.cursor == 0, "again: the next row of the same muscle"
        await tui.press("m", "o", "enter")
        assert "✓ gluteus medius, left" in tui.text
        await tui.press("enter")
        assert grid.has_focus and shown(tui).counts["GMED", "L"] == 1
        await tui.press("m", "escape")
        assert grid.has_focus
    rows = book.read(sessions.get, draft.id).insertions
    assert [(row.muscle, row.side) for row in rows][-1] == ("GMED", "L")


async def test_a_click_on_the_map_goes_to_the_row(book: Logbook) -> None:
    begin(book)
    async with running(book, WIDE) as tui:
        await needling(tui)
        side = shown(tui)
        column, row = side.figure.cells["TFL", "R"]
        at = side.content_region.offset + Offset(column, row + 1)
        await tui.pilot.click(offset=(at.x, at.y))
        await tui.rest()
        grid = tui.app.screen.query_one(NeedleGrid)
        assert grid.has_focus and grid.row is not None and grid.row.muscle == "TFL"


async def test_every_muscle_of_the_vocabulary_is_reached_beside_the_grid(book: Logbook) -> None:
    begin(book)
    async with running(book, WIDE) as tui:
        await tui.press("enter", "f6", "m")
        for muscle in MUSCLES.active():
            for side in ("L", "R"):
                shown(tui).cursor = (muscle.code, side)
                await tui.pilot.pause()
                assert f"▸ {muscle.name}, " in tui.text and "[○]" in tui.text


async def test_at_eighty_columns_the_key_opens_the_map_and_a_row_is_found(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await needling(tui)
        await tui.press("down", "m")
        assert "Enter: take it" in tui.text and "▸ tensor fasciae latae" in tui.text
        await tui.press("escape", "m", "enter")
        assert tui.app.screen.query_one(NeedleGrid).cursor == 1


async def test_growing_narrow_gives_the_keys_back_to_the_grid(book: Logbook) -> None:
    begin(book)
    async with running(book, WIDE) as tui:
        await needling(tui)
        await tui.press("m")
        await tui.pilot.resize_terminal(100, 30)
        await tui.rest()
        assert tui.app.screen.query_one(NeedleGrid).has_focus and "schematic" not in tui.text
        await tui.press("t")
        assert "twitch" in tui.line_with("gluteus med")


async def test_a_code_that_the_vocabulary_does_not_know_is_left_out(book: Logbook) -> None:
    side = SideMap()
    side.counts = {("GMED", "R"): 2, ("SPLEEN", "R"): 1}
    assert side.counts == {("GMED", "R"): 2}
