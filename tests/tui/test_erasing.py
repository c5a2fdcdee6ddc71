"""Erasing an identity from the patient's screen: nothing happens until the chart code is typed."""

from __future__ import annotations

import samples
from driving import running

from hiplog.logbook import patients
from hiplog.logbook.book import Logbook


async def to_form(tui, letters: str) -> None:  # type: ignore[no-untyped-def]
    await tui.rush("/", *letters, "enter")
    await tui.press("e")
    while "Erase the identity for good" not in tui.text:
        await tui.pilot.pause()
    await tui.type("erase")
    await tui.press("enter")


async def test_the_code_typed_and_a_reason_erase_it(book: Logbook) -> None:
    samples.admit(book, "P-7")
    async with running(book) as tui:
        await to_form(tui, "P-7")
        assert "Erase the identity of P-7" in tui.text and "Backups" in tui.text
        await tui.type("P-8")
        await tui.press("enter")
        await tui.type("asked in writing")
        await tui.press("ctrl+s")
        assert "something else was typed" in tui.text
        assert not book.read(patients.get, "P-7").erased
        await tui.press("escape")
        assert not book.read(patients.get, "P-7").erased
        await to_form(tui, "P-7")
        await tui.type("p-7")
        await tui.press("enter")
        await tui.type("asked in writing")
        await tui.press("ctrl+s")
        assert book.read(patients.get, "P-7").erased
        assert samples.CANARY not in tui.text and "is erased" in tui.notices
