"""A write that has to wait for another program says so, and is made when its turn comes."""

from __future__ import annotations

import asyncio
from contextlib import closing

import samples

from hiplog.logbook import patients
from hiplog.logbook.book import Logbook
from hiplog.storage.engine import open_file
from hiplog.tui import desk


async def test_waiting_for_another_program_is_said_and_ends_in_a_save(book: Logbook) -> None:
    if not book.opening.is_file:
        return
    words: list[str] = []
    said = asyncio.Event()

    def tell(word: str) -> None:
        words.append(word)
        if word:
            said.set()

    hand = desk.Desk(lambda: book, tell)
    await hand.open()
    with closing(open_file(book.opening)) as other:
        other.execute("BEGIN IMMEDIATE")
        saving = asyncio.ensure_future(hand.write(patients.add, samples.person("P77")))
        await asyncio.wait_for(said.wait(), 30)
        assert words == ["waiting: another hiplog is writing …"]
        assert not saving.done()
        other.execute("COMMIT")
        kept = await saving
    assert kept.code == "P77"
    assert words[-1] == ""
    await hand.close()
