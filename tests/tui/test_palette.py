"""The palette: each thing once, under a name of its own, with a sentence of its own."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from driving import Driver, running
from samples import begin, signed

from hiplog.logbook.book import Logbook
from hiplog.tui import palette

LONGEST_S = 20
NONE = "No command of that name"
PLACES = {
    "today": (),
    "outcomes": ("f3",),
    "audit": ("f4",),
    "patient": ("/", *"zwi", "enter"),
    "visit": ("/", *"zwi", "enter", "enter"),
}


def offered(tui: Driver) -> list[tuple[str, str]]:
    return [(one.title, one.help) for one in palette.commands(tui.app, tui.app.screen)]


def assert_once(told: list[tuple[str, str]]) -> None:
    for words in (Counter(title.lower() for title, _ in told), Counter(sentence for _, sentence in told)):
        assert {word for word, times in words.items() if times > 1} <= {palette.UNTIL_LEFT}


@pytest.mark.parametrize("place", PLACES)
async def test_no_name_and_no_sentence_stands_twice(book: Logbook, place: str) -> None:
    signed(book)
    async with running(book) as tui:
        await tui.press(*PLACES[place])
        assert_once(offered(tui))


async def test_nor_in_any_step_of_a_session(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter")
        for step in ("f5", "f6", "f7"):
            await tui.press(step)
            told = offered(tui)
            assert_once(told)
            assert {"Before", "Needling", "After", "Sign", "Protocols"} <= {title for title, _ in told}
            assert next(sentence for title, sentence in told if title == "Sign").count("(") == 1


async def test_a_name_that_no_command_has_is_said_in_words_of_hiplog(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.press("ctrl+p", *"zzz9")
        async with asyncio.timeout(LONGEST_S):
            while NONE not in tui.text:
                await asyncio.sleep(0.05)
                await tui.rest()
        await tui.press("enter", *["backspace"] * 4, *"lock", "enter")
        assert NONE not in tui.text and tui.app.lock.locked
