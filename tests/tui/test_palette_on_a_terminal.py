"""Every entry of every palette, chosen by keys on a real terminal: nothing ends the program, nothing stays blank.

Each place at both sizes is walked in one look with the long tests, the looks taking turns; all looks with the
nightly ones. Whether a label is cut off is seen inside the program, in ``test_every_look``; so are the steps of a
session, for what their palettes offer changes with every entry that is chosen.
"""

from __future__ import annotations

import time
from functools import partial

import pyte
import pytest
from clocks import SetClock
from driving import SIZES, running
from terminals import LONGEST_S, Command
from test_every_look import LEAVING, PLACES, fill

from hiplog.logbook.book import Logbook
from hiplog.settings import Look, Settings
from hiplog.tui import palette

DOWN, ENTER, ESCAPE, PALETTE, TODAY, QUIT = "\x1b[B", "\r", "\x1b", "\x10", "\x1bOQ", "\x11"
TYPED = {"enter": ENTER, "down": DOWN, "f3": "\x1bOR", "f4": "\x1bOS"}
SIGNS = {
    "today": "Drafts to finish",
    "patient": "r Repeat",
    "visit": "A Amend",
    "outcomes": "uncontrolled before",
    "audit": "keep both heads",
}
"""What stands on the screen when the place is there."""
LOOKS = ("dark", "light", "contrast", "terminal", "NO_COLOR")
QUIET_S, SETTLED_S = 0.25, 2.0
WORDLESS = 3
TRIES, THERE_S = 4, 8.0


class Seen:
    """The program on a terminal and what a person in front of it sees."""

    def __init__(self, places: Settings, size: tuple[int, int], look: str) -> None:
        theme = "dark" if look == "NO_COLOR" else look
        places.config.write_text(f'theme = "{theme}"\nmotion = false\n', encoding="utf-8")
        kind = type("Sized", (Command,), {"size": size})
        self.terminal = kind(places, **({"NO_COLOR": "1"} if look == "NO_COLOR" else {}))
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._read = 0

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def keys(self, *typed: str) -> None:
        for one in typed:
            self.terminal.keys(one)

    def until(self, words: str) -> None:
        end = time.monotonic() + LONGEST_S
        while words not in self.text:
            alive = self._listen() or self.terminal.running.poll() is None
            assert alive, f"the program ended before {words!r} was shown:\n{self.text}"
            assert time.monotonic() < end, f"{words!r} was not shown:\n{self.text}"

    def shows(self, words: str, within_s: float) -> bool:
        """Whether ``words`` come to stand there in that time."""
        end = time.monotonic() + within_s
        while words not in self.text and time.monotonic() < end:
            self._listen(0.1)
        return words in self.text

    def settle(self) -> None:
        """Wait until nothing more is drawn, or for as long as a person would."""
        end = time.monotonic() + SETTLED_S
        quiet = time.monotonic()
        while time.monotonic() < end and time.monotonic() - quiet < QUIET_S:
            if self._listen(0.05):
                quiet = time.monotonic()

    def _listen(self, within_s: float = 1.0) -> bool:
        before = len(self.terminal.shown)
        self.terminal.hear(within_s)
        self._stream.feed(self.terminal.shown[self._read :])
        self._read = len(self.terminal.shown)
        return self._read != before


def typed(keys: tuple[str, ...]) -> list[str]:
    return [TYPED.get(key, key) for key in keys]


async def entries(book: Logbook, clock: SetClock, keys: tuple[str, ...]) -> list[str]:
    """The names in the palette of a place, in the order in which it lists them."""
    async with running(partial(Logbook.open, book.settings, clock), look=Look("dark", motion=False)) as tui:
        await tui.press(*keys)
        return sorted(one.title for one in palette.commands(tui.app, tui.app.screen))


def opened(places: Settings, size: tuple[int, int], look: str) -> Seen:
    """The program with its logbook open: what it shows first is read before that."""
    seen = Seen(places, size, look)
    seen.until(SIGNS["today"])
    seen.keys(TYPED["f4"])
    seen.until(SIGNS["audit"])
    return seen


def go(seen: Seen, place: str) -> None:
    """From wherever it is to the place, by the keys that a person would use; once more where one came too early."""
    for _ in range(TRIES):
        seen.keys(*[ESCAPE] * WORDLESS)
        seen.settle()
        seen.keys(TODAY)
        seen.until(SIGNS["today"])
        for key in typed(PLACES[place]):
            seen.keys(key)
            seen.settle()
        if seen.shows(SIGNS[place], THERE_S):
            return
    raise AssertionError(f"{SIGNS[place]!r} was not come to:\n{seen.text}")


def choose(seen: Seen, number: int, title: str) -> None:
    seen.keys(PALETTE)
    seen.until("Search for commands")
    seen.settle()
    for _ in range(number):
        seen.keys(DOWN)
    seen.until(title)
    seen.keys(ENTER)
    seen.settle()


def combinations() -> list[object]:
    found: list[object] = []
    for at, place in enumerate(SIGNS):
        for wide, size in enumerate(SIZES):
            for turn, look in enumerate(LOOKS):
                mark = pytest.mark.long if turn == (2 * at + wide) % len(LOOKS) else pytest.mark.nightly
                found.append(pytest.param(place, size, look, marks=mark, id=f"{place}-{size[0]}-{look}"))
    return found


@pytest.mark.parametrize(("place", "size", "look"), combinations())
async def test_every_entry_chosen_by_keys(
    book: Logbook, clock: SetClock, places: Settings, place: str, size: tuple[int, int], look: str
) -> None:
    fill(book, clock)
    titles = await entries(book, clock, PLACES[place])
    seen = opened(places, size, look)
    chosen = 0
    for number, title in enumerate(titles):
        if title in LEAVING:
            continue
        go(seen, place)
        choose(seen, number, title)
        chosen += 1
        assert seen.terminal.running.poll() is None, f"{title} ended the program:\n{seen.text}"
        assert len(seen.text.split()) > WORDLESS, f"{title} left nothing on the screen"
    assert chosen == len(titles) - len(LEAVING) > 10
    go(seen, "today")
    seen.keys(QUIT)
    assert seen.terminal.end() == 0
    assert b"Traceback" not in seen.terminal.shown


@pytest.mark.long
@pytest.mark.parametrize(
    ("title", "sign"), [("Lock", "hiplog is locked"), ("Colleague", "colleague"), ("Quit", "")]
)
async def test_the_entries_that_leave_the_screen(
    book: Logbook, clock: SetClock, places: Settings, title: str, sign: str
) -> None:
    fill(book, clock)
    titles = await entries(book, clock, ())
    seen = opened(places, SIZES[0], "dark")
    go(seen, "today")
    choose(seen, titles.index(title), title)
    if sign:
        seen.until(sign)
        seen.keys(QUIT)
    assert seen.terminal.end() == 0
    assert b"Traceback" not in seen.terminal.shown
