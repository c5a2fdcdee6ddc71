"""Every entry of the palette on every screen, and a round on a real terminal in every theme: no crash, nothing cut.

The palette of a screen offers all its keys, so each entry is chosen on each screen, and what comes up is looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pyte
import pytest
from clocks import SetClock
from driving import SIZES, Driver, running
from samples import admit, complete, followed, site, visit
from terminals import LONGEST_S, Command
from textual.screen import Screen
from textual.widgets import Static

from hiplog.clinical.record import Precaution
from hiplog.logbook import precautions, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Look, Settings, ThemeName
from hiplog.tui import palette
from hiplog.tui.foot import Foot
from hiplog.tui.theme import WORDS

PLACES: dict[str, tuple[str, ...]] = {
    "today": (),
    "patient": ("/", *"berg", "enter"),
    "visit": ("/", *"berg", "enter", "down", "enter"),
    "session before": ("/", *"p-002", "enter", "n", "n"),
    "session needling": ("/", *"p-002", "enter", "n", "n", "f6"),
    "session after": ("/", *"p-002", "enter", "n", "n", "f7"),
    "outcomes": ("f3",),
    "audit": ("f4",),
}
LEAVING = {"Quit", "Lock", "Colleague"}
"""Entries after which the screen is gone; the lock and the way out have tests of their own."""
MOST_KEYS = 8


def fill(book: Logbook, clock: SetClock) -> None:
    """Somebody in every state, so that no screen is empty."""
    followed(book)
    clock.forward(days=5)
    who, hip = admit(book, "P-003", family="Berg")
    for before in (7, 6):
        visit(book, who.id, hip, before, 4, insertions=(site(), site("TFL", zone=None)))
        clock.forward(days=7)
    book.write(precautions.add, who.id, Precaution("ANTICOAG"))
    draft = book.write(sessions.start, who.id, hip)
    book.write(sessions.save, complete(draft, first=False), draft.version)


def cut_off(screen: Screen[Any]) -> Iterator[str]:
    """Fixed texts, titles and keys whose words do not fit their place."""
    for text in screen.query(Static):
        room = text.content_size
        if text.is_on_screen and room.width and text.id != "pane":
            needed = text.get_content_height(screen.size, screen.size, room.width)
            if needed > room.height:
                yield f"{text.id or type(text).__name__}: {str(text.content)[:50]!r} needs {needed} lines, has {room.height}"
    for box in screen.query("#box"):
        title = str(box.border_title or "")
        if len(title) + 2 > box.size.width + 2 or title.endswith("…"):
            yield f"title {title!r}"
    for foot in screen.query(Foot):
        for key in foot.keys:
            if key.right > foot.size.width:
                yield f"{key.what} in the footer"


async def back(tui: Driver, stack: list[Screen[Any]], mode: str) -> None:
    """Close what was opened, as a person would, until the place is there again."""
    for _ in range(MOST_KEYS):
        if tui.app.screen_stack[-1] is stack[-1] and tui.app.current_mode == mode:
            break
        await tui.press("escape")
    if tui.app.current_mode != mode:
        await tui.app.switch_mode(mode)
        await tui.rest()


async def walked(tui: Driver, keys: tuple[str, ...]) -> tuple[list[str], int]:
    """Go to a place and choose every entry of its palette; return what did not fit, and how many there were."""
    await tui.press(*keys)
    faults = [f"{type(tui.app.screen).__name__}: {fault}" for fault in cut_off(tui.app.screen)]
    stack, mode = list(tui.app.screen_stack), tui.app.current_mode
    titles = [one.title for one in palette.commands(tui.app, tui.app.screen) if one.title not in LEAVING]
    for title in titles:
        found = [one for one in palette.commands(tui.app, tui.app.screen) if one.title == title]
        if found:
            done = found[0].callback()
            if done is not None and hasattr(done, "__await__"):
                await done
            await tui.rest()
        faults += [f"{title} > {type(tui.app.screen).__name__}: {fault}" for fault in cut_off(tui.app.screen)]
        assert tui.lines, title
        tui.app.clear_notifications()
        await back(tui, stack, mode)
        if tui.app.screen is not stack[-1]:
            await tui.press("f2", *keys)
            stack, mode = list(tui.app.screen_stack), tui.app.current_mode
    return faults, len(titles)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("name", "no_color", "size"),
    [("dark", True, SIZES[0]), ("light", False, SIZES[1])],
    ids=["no-colour-80x24", "light-120x36"],
)
async def test_every_entry_of_every_palette(
    book: Logbook,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    name: ThemeName,
    no_color: bool,
    size: tuple[int, int],
) -> None:
    fill(book, clock)
    faults: list[str] = []
    monkeypatch.setenv("NO_COLOR", "1") if no_color else monkeypatch.delenv("NO_COLOR", raising=False)
    for place, keys in PLACES.items():
        opens = partial(Logbook.open, book.settings, clock)
        async with running(opens, size, look=Look(name, motion=False)) as tui:
            told, chosen = await walked(tui, keys)
            faults += [f"{place}: {fault}" for fault in told]
            assert chosen > MOST_KEYS
    assert not faults, "\n".join(sorted(set(faults)))


class Wide(Command):
    """``hiplog`` in a terminal of 120 by 36."""

    size = SIZES[1]


ROUND = (
    ("\x1bOP", "Keys of this screen"),
    ("\x1b", "-Keys of this screen"),
    ("/berg\r", "pain now"),
    ("b", "schematic"),
    ("\x1b", "-schematic"),
    ("p", "Aftercare sheet"),
    ("\x1b", "-Aftercare sheet"),
    ("k", "Point memory"),
    ("\x1b", "-Point memory"),
    ("c", "Note a precaution"),
    ("\x1b", "-Note a precaution"),
    ("n", "A draft is open"),
    ("n", "F5 Before"),
    ("\x1b[17~", "t twitch, again"),
    ("L", "Protocols of this clinic"),
    ("\x1b", "-Protocols of this clinic"),
    ("\x1b[18~", "plan"),
    ("\x1bOR", "Outcomes"),
    *((str(number), f"[{number}]") for number in range(1, 9)),
    ("d", "responder"),
    ("\x1b", "-scroll"),
    ("\x1bOS", "Completeness"),
    ("e", "Export the audit bundle"),
    ("\x1b", "-Export the audit bundle"),
    ("\x1bOQ", "Drafts to finish"),
)
"""Keys, and what shows that they did what they should; a minus in front: it is gone."""


@pytest.mark.long
@pytest.mark.parametrize("no_color", [False, True], ids=["colour", "no-colour"])
@pytest.mark.parametrize("kind", [Command, Wide], ids=["80x24", "120x36"])
def test_a_round_on_a_real_terminal_in_every_theme(
    book: Logbook, clock: SetClock, places: Settings, kind: type[Command], no_color: bool
) -> None:
    """One start, the theme changed by the palette between the rounds."""
    fill(book, clock)
    first, *others = ("terminal", "dark", "contrast", "light") if no_color else ("dark", "light", "contrast")
    others += [] if no_color else ["terminal"]
    places.config.write_text(f'theme = "{first}"\nmotion = false\n', encoding="utf-8")
    terminal = kind(places, **({"NO_COLOR": "1"} if no_color else {}))
    screen = pyte.Screen(*kind.size)
    stream = pyte.ByteStream(screen)
    read = 0

    def until(words: str) -> None:
        nonlocal read
        end = time.monotonic() + LONGEST_S
        while any(words.lstrip("-") in line for line in screen.display) == words.startswith("-"):
            before = len(terminal.shown)
            terminal._read()
            stream.feed(terminal.shown[read:])
            read = len(terminal.shown)
            alive = terminal.running.poll() is None or before != read
            assert alive and time.monotonic() < end, (
                f"{words!r} was not shown: {chr(10).join(screen.display)}"
            )

    def press(*steps: tuple[str, str]) -> None:
        for keys, words in steps:
            terminal.keys(keys)
            until(words)

    until("Drafts to finish")
    press(*ROUND)
    for name in others:
        words = WORDS[name]
        press(("\x10", "Search for commands"), (words, "in the configuration keeps it"), ("\r", f"-{words}"))
        press(*ROUND)
    terminal.keys("\x11")
    assert terminal.end() == 0
    assert b"Traceback" not in terminal.shown
