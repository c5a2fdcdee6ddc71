"""The program on a real pseudo-terminal with hostile names: what reached the terminal holds none of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from clocks import SetClock
from hostile import PAYLOADS, clinic_of
from terminals import Terminal

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


@pytest.fixture
def blank(tmp_path: Any) -> Settings:
    """Where a logbook of hostile names will lie."""
    from hiplog import settings

    return settings.load(at=str(tmp_path / "hostile"), environ={})


@pytest.mark.parametrize(
    "name", [n if n == "escape" else pytest.param(n, marks=pytest.mark.long) for n in WANTED]
)
def test_no_control_byte_of_a_name_reaches_the_terminal(
    blank: Settings, clock: SetClock, name: str, record_property: Any
) -> None:
    clinic_of(blank, PAYLOADS[name], clock).book.close()
    terminal = Terminal(blank)
    terminal.until("P1")
    for keys, then in (
        ("/P1", "P1"),
        ("\r", "visits"),
        ("e", "Patient P1"),
        ("\r", "ctrl+s"),
        ("\x1b", "Repeat"),
        ("p", "Aftercare"),
        ("n", "takes it off"),
        ("\x1b", "Repeat"),
        ("\r", "Screening"),
        ("\x1b", "Repeat"),
        ("\x1bOS", "Audit"),
    ):
        terminal.shown += b"\n"
        before = len(terminal.shown)
        terminal.keys(keys)
        wait(terminal, then.encode(), before)
    terminal.keys("\x11")
    assert terminal.end() == 0
    held = [part for part in BROUGHT if part in terminal.shown]
    said = [one for one in COMMANDS.findall(terminal.shown) if not one.startswith(POINTER)]
    assert held == [] and said == []
    record_property("figures", f"bytes of {name!r} on a pty: {len(terminal.shown):,}, leaked 0")


def wait(terminal: Terminal, words: bytes, after: int) -> None:
    """Read until something new was drawn; screens are drawn in pieces, so words may be cut in two."""
    import time

    end = time.monotonic() + 60
    while words not in terminal.shown[after:] and time.monotonic() < end:
        size = len(terminal.shown)
        assert terminal._read(), f"the program ended before {words!r}"
        if len(terminal.shown) == size and len(terminal.shown) > after:
            return


@pytest.mark.parametrize("part", BROUGHT)
def test_every_byte_sequence_that_is_looked_for_is_in_a_payload(part: bytes) -> None:
    assert any(part in PAYLOADS[name].encode() for name in PAYLOADS)
