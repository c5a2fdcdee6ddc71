"""Hostile words in every text, on every screen and dialog of the app: shown as text, obeyed by nothing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from clocks import SetClock
from driving import SIZES, Driver, running
from hostile import PAYLOADS, QUICK, clinic_of
from openers import BASES, kinds, openers
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, TextArea

from hiplog import settings
from hiplog.errors import Refused
from hiplog.logbook.shown import shown
from hiplog.tui import clipboard
from hiplog.tui.foot import Foot

FOOTER_KEYS = 6
JOINERS = "\u200c\u200d"
CAUGHT = "\ufffd"
"""What the net writes: outside of an entry it means that a widget forgot to make its words fit to be shown."""


def obeyed(text: str) -> list[str]:
    """The characters of ``text`` that a terminal obeys."""
    bad = ("Cc", "Cs", "Zl", "Zp", "Cf")
    return [c for c in text if unicodedata.category(c) in bad and c not in JOINERS]


def leaks(tui: Driver) -> list[str]:
    """Every line of the screen that holds something a terminal obeys, or a link that somebody typed."""
    found = []
    for strip in tui.app.screen._compositor.render_strips():
        meta = [str(segment.style.meta) for segment in strip if segment.style is not None]
        links = [segment.style.link for segment in strip if segment.style is not None]
        if obeyed(strip.text) or any("app.quit" in one for one in meta) or any(links):
            found.append(strip.text)
    return found


def forgotten(tui: Driver) -> list[str]:
    """Lines where the net had to catch something that is not being typed."""
    stack = tui.app.screen_stack
    entries: list[Region] = [w.region for s in stack for kind in (Input, TextArea) for w in s.query(kind)]
    return [
        line
        for row, line in enumerate(tui.text.split("\n"))
        if CAUGHT in line and not any(one.y <= row < one.bottom for one in entries)
    ]


def footer_keys(tui: Driver) -> int:
    """How many keys stand in the footer."""
    return sum(len(foot.keys) for foot in tui.app.screen.query(Foot))


ALL = [pytest.param(name, marks=() if name in QUICK else pytest.mark.faults) for name in PAYLOADS]


@pytest.mark.parametrize("name", ALL)
async def test_every_screen_and_dialog_shows_it_as_text(
    tmp_path: Path, clock: SetClock, name: str, record_property: Any
) -> None:
    words = PAYLOADS[name]
    held = clinic_of(settings.load(at=str(tmp_path), environ={}), words, clock)
    opened: set[type] = set()
    widgets = shown_at = 0
    wrong: list[tuple[str, str, str]] = []
    size = SIZES[list(PAYLOADS).index(name) % len(SIZES)]
    async with running(held.book, size) as tui:
        app = tui.app
        for opener in openers(app, held, words):
            await app.push_screen(opener.make())
            await tui.rest()
            for key in ("", *opener.keys):
                if key:
                    await tui.press(key)
                wrong += [(opener.kind.__name__, key, line) for line in (*leaks(tui), *forgotten(tui))]
                assert footer_keys(tui) <= FOOTER_KEYS, opener.kind.__name__
                widgets += len([w for w in app.screen.query(Widget) if w.region.area])
                shown_at += shown(words, 3).rstrip("…") in tui.text
            opened.add(opener.kind)
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            await tui.rest()
        for sentence in (words, f"{words} {words}"):
            app.tell(sentence)
            app.tell(sentence, grave=True)
            app.calm(Refused(sentence))
            app.busy = sentence
            app.screen.tooltip = clipboard.NONE
            await tui.rest()
            assert leaks(tui) == [] and forgotten(tui) == [], "a notice"
        assert wrong == []
        assert app.is_running and app.return_code is None
    assert kinds() <= opened, "tests/tui/openers.py opens every screen and dialog"
    assert shown_at >= 15, "it is on the screens at all"
    record_property("figures", f"hostile text {name!r}: {widgets} widgets, crashes 0, leaked 0")


def test_the_bases_are_never_opened_themselves() -> None:
    assert not BASES & kinds() and len(kinds()) >= 25


def test_a_terminal_obeys_what_these_tests_look_for() -> None:
    found: Counter[str] = Counter(name for name, words in PAYLOADS.items() if obeyed(words))
    assert set(found) >= {"escape", "clipboard", "NUL", "direction", "lines"}
