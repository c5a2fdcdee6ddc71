"""A terminal that is resized without end, closed or ended by the system: every answer is on disk."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import struct
import termios
import time

import pytest
import samples
from forked import Forked
from terminals import LEFT_THE_SCREEN, LONGEST_S, Terminal

from hiplog.logbook import audit, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

SHAPES = ((20, 5), (1, 1), (300, 100), (80, 24), (79, 23), (200, 10), (40, 80))
WAYS = ("SIGTERM", "SIGHUP", "closed")
SOME, ENDS = 4, 20


def resize(terminal: Terminal, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    terminal.running.send_signal(signal.SIGWINCH)


def at_the_draft(places: Settings) -> Terminal:
    terminal = Forked(places)
    terminal.until("Drafts to finish")
    terminal.keys("\r")
    terminal.until("consent today")
    return terminal


def answered(terminal: Terminal, book: Logbook, draft: str, count: int) -> None:
    """Return when so many answers are on disk."""
    end = time.monotonic() + LONGEST_S
    while len(book.read(sessions.get, draft).screening) < count:
        assert time.monotonic() < end, f"{count} answers were not on disk"
        assert terminal._read()


@pytest.mark.faults
def test_fifty_resizes_between_the_keys(book: Logbook, places: Settings, figures: samples.Any) -> None:
    draft, chance = samples.begin(book), random.Random(50)
    terminal = at_the_draft(places)
    for number in range(50):
        resize(terminal, *chance.choice(SHAPES))
        if number % 10 == 9:
            terminal.keys("n")
            answered(terminal, book, draft.id, number // 10 + 1)
    resize(terminal, 80, 24)
    terminal.keys("\x11")
    assert terminal.end() == 0
    kept = book.read(sessions.get, draft.id)
    figures(f"50 resizes, {len(kept.screening)} of 5 answers on disk, left by ctrl+q with 0")
    assert len(kept.screening) == 5
    assert b"Traceback" not in terminal.shown


@pytest.mark.faults
@pytest.mark.parametrize("way", WAYS)
def test_ended_some_times_after_an_answer(
    book: Logbook, places: Settings, way: str, figures: samples.Any
) -> None:
    assert_kept_when_ended(SOME, book, places, way, figures)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_ended_twenty_times_after_an_answer(
    book: Logbook, places: Settings, way: str, figures: samples.Any
) -> None:
    assert_kept_when_ended(ENDS, book, places, way, figures)


def assert_kept_when_ended(
    ends: int, book: Logbook, places: Settings, way: str, figures: samples.Any
) -> None:
    """Answer a question and end the program in that way, so often."""
    kept = 0
    for number in range(ends):
        draft = samples.begin(book, f"P-{number:03}")
        terminal = at_the_draft(places)
        terminal.keys("n")
        answered(terminal, book, draft.id, 1)
        if way == "closed":
            os.close(terminal.ours)
            assert terminal.running.wait(LONGEST_S) == 128 + signal.SIGHUP
        else:
            terminal.running.send_signal(getattr(signal, way))
            assert terminal.end() == 128 + getattr(signal, way)
            assert LEFT_THE_SCREEN in terminal.shown and b"Traceback" not in terminal.shown
        kept += len(book.read(sessions.get, draft.id).screening)
        book.write(sessions.discard, draft.id)
    figures(f"{way}: ended {ends} times, {kept} of {ends} answers on disk")
    assert kept == ends
    assert book.read(audit.verify).ok
