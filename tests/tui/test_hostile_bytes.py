"""The program on a real pseudo-terminal with hostile names: what reached the terminal holds none of it."""

from __future__ import annotations

import re
import time
from typing import Any

import pyte
import pytest
from clocks import SetClock
from hostile import PAYLOADS, clinic_of
from terminals import LONGEST_S, Terminal

from hiplog.settings import Settings

POINTER = b"\x1b]22;"
"""The shape of the mouse pointer, which the framework itself sets."""
WANTED = ("escape", "clipboard", "NUL", "direction", "lines", "live link")
BROUGHT = tuple(
    part.encode()
    for part in (
        "\x1b[31mred", "\x1b[2J\x1b]0;", "\x1b]0;title", "\x1bP+q", "\x1b]52;", "\x9b", "\x90", "\x9c", "\x85",
        "\x00", "\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\ufeff", "\u2060", "\u2028", "\ttab",
    )
)  # fmt: skip
"""Byte sequences that only the payloads hold; hiplog itself writes none of them."""
COMMANDS = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP.*?\x1b\\", re.DOTALL)
"""Commands to the terminal: titles, links, the clipboard, strings."""

WALK = (
    ("/P1", "2 visits, 3 Mar", "Today"),
    ("\r", "Repeat", "Find"),
    ("e", "Change what?", ""),
    ("\r", "birth date", "Change what?"),
    ("\x1b", "Repeat", "birth date"),
    ("p", "Aftercare sheet", ""),
    ("n", "n takes it off", ""),
    ("\x1b", "Repeat", "Aftercare sheet"),
    ("\r", "needles opened", "Repeat"),
    ("\x1b", "Repeat", "needles opened"),
    ("\x1bOS", "Completeness", "Repeat"),
)
"""Keys, the words that then stand on the screen, and the words that went."""


@pytest.fixture
def blank(tmp_path: Any) -> Settings:
    """Where a logbook of hostile names will lie."""
    from hiplog import settings

    return settings.load(at=str(tmp_path / "hostile"), environ={})


@pytest.mark.parametrize(
    "name", [n if n == "escape" else pytest.param(n, marks=pytest.mark.faults) for n in WANTED]
)
def test_no_control_byte_of_a_name_reaches_the_terminal(
    blank: Settings, clock: SetClock, name: str, record_property: Any
) -> None:
    clinic_of(blank, PAYLOADS[name], clock).book.close()
    terminal = Terminal(blank)
    terminal.until("P1")
    eye = Eye(terminal)
    for keys, shown, gone in WALK:
        terminal.keys(keys)
        eye.wait(shown, gone)
    terminal.keys("\x11")
    assert terminal.end() == 0
    held = [part for part in BROUGHT if part in terminal.shown]
    said = [one for one in COMMANDS.findall(terminal.shown) if not one.startswith(POINTER)]
    assert held == [] and said == []
    record_property("figures", f"bytes of {name!r} on a pty: {len(terminal.shown):,}, leaked 0")


class Eye:
    """What a terminal shows after every byte so far."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.read = terminal, 0
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)

    def wait(self, words: str, gone: str) -> None:
        """Read until ``words`` stand on the screen and ``gone`` no longer does."""
        end = time.monotonic() + LONGEST_S
        while words not in (seen := self.look()) or (gone and gone in seen):
            assert time.monotonic() < end, f"{words!r} did not come:\n{seen}"
            assert self.terminal._read(), f"the program ended before {words!r}"

    def look(self) -> str:
        """The screen as lines of text."""
        self.stream.feed(self.terminal.shown[self.read :])
        self.read = len(self.terminal.shown)
        return "\n".join(self.screen.display)


@pytest.mark.parametrize("part", BROUGHT)
def test_every_byte_sequence_that_is_looked_for_is_in_a_payload(part: bytes) -> None:
    assert any(part in PAYLOADS[name].encode() for name in PAYLOADS)
