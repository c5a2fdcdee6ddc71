"""The app on a real pseudo-terminal: signals, the last page, colour, and a draft after a kill."""

from __future__ import annotations

import os
import pty
import re
import signal
import time

import pytest
from samples import CANARY, begin, signed
from terminals import LEFT_THE_SCREEN, LONGEST_S, Terminal
from textual.drivers._writer_thread import WriterThread

from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui.terminal import Outlet

FAIL = (
    "def fail(self):\n"
    f"    patient_name = {CANARY!r}\n"
    "    raise ValueError(patient_name)\n"
    "HiplogApp.action_keys = fail\n"
)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_leaves_the_terminal_as_it_was(places: Settings, name: str) -> None:
    terminal = Terminal(places)
    terminal.until("Nothing waits today.")
    terminal.running.send_signal(getattr(signal, name))
    assert terminal.end() == 128 + getattr(signal, name)
    assert LEFT_THE_SCREEN in terminal.shown
    assert b"Traceback" not in terminal.shown


def test_ctrl_q_ends_with_zero(places: Settings) -> None:
    terminal = Terminal(places)
    terminal.until("Nothing waits today.")
    terminal.keys("\x11")
    assert terminal.end() == 0


def test_a_window_that_is_closed_without_a_signal_ends_the_program(places: Settings) -> None:
    terminal = Terminal(places)
    terminal.until("Nothing waits today.")
    os.close(terminal.ours)
    assert terminal.running.wait(LONGEST_S) == 128 + signal.SIGHUP


def test_what_is_written_after_the_window_is_gone_holds_nobody_up() -> None:
    """The framework queues thirty writes and then waits for the thread that makes them."""
    ours, theirs = pty.openpty()
    os.close(ours)
    with os.fdopen(theirs, "w") as file:
        writing = WriterThread(Outlet(file))  # type: ignore[arg-type]
        writing.start()
        for _ in range(100):
            writing.write("words for nobody")
        writing.stop()
    assert not writing.is_alive()


def test_what_was_held_back_when_the_window_went_is_let_go() -> None:
    """Python ends with a code of its own, 120, when the last flush fails; here closing the file would."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as file:
        file.write("words held back")
        os.close(ours)
        Outlet(file).flush()
    assert file.closed


def test_the_last_page_shows_no_names_and_the_exit_code_is_one(book: Logbook, places: Settings) -> None:
    signed(book)
    terminal = Terminal(places, FAIL)
    terminal.until("Follow-ups overdue")
    terminal.keys("\x1bOP")
    assert terminal.end() == 1
    last = terminal.shown.rpartition(LEFT_THE_SCREEN)[2].decode()
    assert "hiplog had to stop" in last and "Code: HL-" in last
    assert CANARY not in last and "Traceback" not in last and "patient_name" not in last
    log = places.log.read_text()
    assert "ValueError" in log and CANARY not in log


def test_no_colour_means_no_hue(places: Settings) -> None:
    terminal = Terminal(places, NO_COLOR="1", COLORTERM="truecolor")
    terminal.until("Nothing waits today.")
    terminal.keys("\x11")
    assert terminal.end() == 0
    hues = {match.groups() for match in re.finditer(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.shown)}
    assert hues and all(len(set(hue)) == 1 for hue in hues)


def test_after_a_kill_the_draft_holds_all_that_was_answered(book: Logbook, places: Settings) -> None:
    draft = begin(book)
    terminal = Terminal(places)
    terminal.until("Drafts to finish")
    terminal.keys("\r")
    terminal.until("consent today")
    terminal.keys("nnn")
    end = time.monotonic() + LONGEST_S
    while len(book.read(sessions.get, draft.id).screening) < 3:
        assert time.monotonic() < end, "three answers were not on disk"
        assert terminal._read()
    terminal.running.kill()
    assert terminal.end() == -signal.SIGKILL
    again = Terminal(places)
    again.until("Drafts to finish")
    again.keys("\r")
    again.until("Is the skin where we would needle")
    again.keys("\x11")
    assert again.end() == 0
