"""Every entry of the palette of every place, chosen on a real terminal: the program goes on, nothing failed."""

from __future__ import annotations

import select
import time

import pyte
import pytest
from clocks import SetClock
from driving import running
from terminals import LONGEST_S, Command
from test_every_look import LEAVING, PLACES, Wide, fill

from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui import palette

SEARCH = "Search for commands"
SIGNS = {
    "today": "Drafts to finish",
    "patient": "pain now",
    "visit": "Insertions",
    "session before": "F5 Before",
    "session needling": "t twitch, again",
    "session after": "F7 After",
    "outcomes": "[1]",
    "audit": "Completeness",
}
"""What shows that a place is there."""
KEYS = {"enter": "\r", "f3": "\x1bOR", "f4": "\x1bOS", "f6": "\x1b[17~", "f7": "\x1b[18~"}
HOME, DOWN, ESCAPE, PALETTE = "\x1bOQ", "\x1b[B", "\x1b", "\x10"
FAILED = ("a fault in the program", "Traceback", "hiplog had to stop")
QUIET_S = 0.15
LOOKS = [
    (theme, no_color) for theme in ("dark", "light", "contrast", "terminal") for no_color in (False, True)
]


class Seen:
    """A program and what its terminal shows."""

    def __init__(self, program: Command) -> None:
        self.program = program
        self.screen = pyte.Screen(*program.size)
        self.stream = pyte.ByteStream(self.screen)
        self.read = 0

    @property
    def text(self) -> str:
        """The screen as it stands."""
        return "\n".join(self.screen.display)

    def settle(self) -> None:
        """Take in what is shown, until nothing came for a while."""
        end = time.monotonic() + LONGEST_S
        while select.select([self.program.ours], [], [], QUIET_S)[0] and self.program._read():
            assert time.monotonic() < end, "it never came to rest"
        self.stream.feed(self.program.shown[self.read :])
        self.read = len(self.program.shown)

    def press(self, *keys: str) -> None:
        """Press each of the keys once the one before was worked off."""
        for key in keys:
            self.program.keys(key)
            self.settle()

    def until(self, words: str, gone: bool = False) -> None:
        """Wait until ``words`` are on the screen, or no more."""
        end = time.monotonic() + LONGEST_S
        while (words in self.text) == gone:
            assert self.program.running.poll() is None, self.text
            assert time.monotonic() < end, f"{words!r}: {self.text}"
            self.settle()

    def go(self, place: str) -> None:
        """Come back from wherever this is, and go to a place."""
        self.press(ESCAPE, ESCAPE, ESCAPE, HOME)
        self.until(SIGNS["today"])
        self.press(*(KEYS.get(key, key) for key in PLACES[place]))
        self.until(SIGNS[place])


async def titles(book: Logbook, place: str) -> list[str]:
    """The entries of a place's palette, in the order in which it lists them."""
    async with running(book) as tui:
        await tui.press(*PLACES[place])
        return sorted(one.title for one in palette.commands(tui.app, tui.app.screen))


@pytest.mark.parametrize("kind", [Command, Wide], ids=["80x24", "120x36"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("theme", "no_color"),
    [
        pytest.param(
            *look, marks=pytest.mark.long if first else pytest.mark.nightly, id="-".join(map(str, look))
        )
        for look in LOOKS
        for first in [look == LOOKS[0]]
    ],
)
async def test_every_entry_is_chosen(
    book: Logbook,
    clock: SetClock,
    places: Settings,
    place: str,
    kind: type[Command],
    theme: str,
    no_color: bool,
) -> None:
    fill(book, clock)
    places.config.write_text(f'theme = "{theme}"\nmotion = false\n', encoding="utf-8")
    entries = await titles(book, place)
    seen = Seen(kind(places, **({"NO_COLOR": "1"} if no_color else {})))
    seen.until(SIGNS["today"])
    for number, title in enumerate(entries):
        if title in LEAVING:
            continue
        seen.go(place)
        seen.press(PALETTE)
        seen.until(SEARCH)
        seen.press(DOWN * number)
        seen.until(title)
        seen.press("\r")
        seen.until(SEARCH, gone=True)
        assert not [words for words in FAILED if words in seen.text], f"{title}: {seen.text}"
    seen.go("today")
    seen.program.keys("\x11")
    assert seen.program.end() == 0
    assert len(entries) > len(LEAVING)
