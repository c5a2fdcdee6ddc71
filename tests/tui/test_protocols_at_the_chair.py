"""Protocols at the chair: laid by a digit, confirmed row by row, kept from a visit, renamed, taken off."""

from __future__ import annotations

import pytest
from driving import SIZES, running
from samples import admit, begin, signed, site, visit

from hiplog.logbook import protocols, sessions
from hiplog.logbook.book import Logbook

both_sizes = pytest.mark.parametrize("size", SIZES)


def three(book: Logbook) -> None:
    rows = (site("GMED", zone=None), site("TFL", zone=None), site("PIRI", zone=None))
    book.write(protocols.write, 3, "Lateral hip", "R", rows)


@both_sizes
async def test_a_digit_lays_the_plan_and_space_confirms_each_row(
    book: Logbook, size: tuple[int, int]
) -> None:
    three(book)
    draft = begin(book)
    async with running(book, size) as tui:
        await tui.press("enter", "f6", "3")
        assert "3 sites, 3 not confirmed" in tui.text and "0 needles in" in tui.text
        laid = book.read(sessions.get, draft.id)
        assert [(r.muscle, r.origin, r.twitch) for r in laid.insertions] == [
            ("GMED", "copied", None), ("TFL", "copied", None), ("PIRI", "copied", None),
        ]  # fmt: skip
        await tui.press("t", "space", "space")
        assert "2 needles in" in tui.text and "3 sites, 1 not confirmed" in tui.text
    kept = book.read(sessions.get, draft.id)
    assert [r.origin for r in kept.insertions] == ["confirmed", "confirmed", "copied"]
    assert kept.inquiries == () and kept.readings == ()


async def test_a_digit_after_s_is_soreness_and_elsewhere_a_number(book: Logbook) -> None:
    three(book)
    who, episode = admit(book, "P1")
    visit(book, who.id, episode, 6, 4)
    async with running(book) as tui:
        await tui.press("/", *"zwi", "enter", "r", "n", "n", "y", "3", "2", "4")
        await tui.press("s", "3")
        (row,) = book.read(sessions.of, who.id)[-1].insertions
        seen = book.read(sessions.of, who.id)[-1].inquiries[-1].reactions
        assert [(r.kind, r.insertion, r.soreness) for r in seen] == [("PAIN_AFT", row.id, 3)]
        await tui.press("3")
        assert len(book.read(sessions.of, who.id)[-1].insertions) == 3
        assert book.read(sessions.of, who.id)[-1].reading("NPRS", "before").value == 3


async def test_one_undo_takes_a_laid_plan_back(book: Logbook) -> None:
    three(book)
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "3", "ctrl+z")
        assert "No site yet" in tui.text and "1 to 9 lays a protocol" in tui.text
    assert book.read(sessions.get, draft.id).insertions == ()


async def test_a_free_key_says_so_and_changes_nothing(book: Logbook) -> None:
    three(book)
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "7")
        assert "no protocol lies on 7; there are: 3" in tui.notices
    assert book.read(sessions.get, draft.id).version == draft.version


@both_sizes
async def test_the_plan_of_a_visit_is_kept_renamed_replaced_and_removed(
    book: Logbook, size: tuple[int, int]
) -> None:
    begin(book)
    async with running(book, size) as tui:
        await tui.press("enter", "L")
        assert "Protocols of this clinic" in tui.text and "No protocol yet" in tui.text
        await tui.press("s")
        assert "This visit has no needle sites to keep." in tui.notices
        await tui.press("escape", "f6", "+")
        await tui.type("gmed r 2 30x50 fifo t3")
        await tui.press("enter", "L", "j", "s")
        await tui.type("Lateral [/hip")
        await tui.press("enter")
        assert "2  Lateral [/hip, right" in tui.text and "gmed r 2 30x50 fifo" in tui.text
        (kept,) = book.read(protocols.everyone)
        assert (kept.slot, kept.name, kept.line) == (2, "Lateral [/hip", "gmed r 2 30x50 fifo")
        await tui.press("n", "ctrl+u")
        await tui.type("Side")
        await tui.press("enter")
        assert "2  Side, right" in tui.text
        await tui.press("s")
        assert "Key 2 is taken" in tui.text and "Side gives way" in tui.text
        await tui.press("n")
        assert book.read(protocols.get, 2).name == "Side"
        await tui.press("x")
        assert "Remove the protocol on key 2" in tui.text
        await tui.press("y")
        assert "2  – free" in tui.text
    assert book.read(protocols.everyone) == ()


async def test_the_list_lays_the_one_chosen_from_any_step(book: Logbook) -> None:
    three(book)
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "L", "3")
        assert "3 sites, 3 not confirmed" in tui.text
    assert len(book.read(sessions.get, draft.id).insertions) == 3


async def test_a_signed_visit_gives_its_plan_too(book: Logbook) -> None:
    signed(book)
    async with running(book) as tui:
        await tui.press("enter", "enter", "L", "s")
        await tui.type("As signed")
        await tui.press("enter", "escape")
        assert "signed by DN001" in tui.text
    assert book.read(protocols.get, 1).name == "As signed"


async def test_the_palette_reaches_the_protocols(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "ctrl+p")
        await tui.type("protocols")
        assert "Protocols" in tui.text
        await tui.press("enter")
        assert "Protocols of this clinic" in tui.text
