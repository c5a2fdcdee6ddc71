"""hiplog on a pseudo-terminal in a child of the test itself: begun in a moment, for what is done many times."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import sys
import termios
import time
import traceback
import warnings

from terminals import Terminal

from hiplog import settings
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui import app
from hiplog.tui.screens.session import screen as _session  # loaded here, so that no child has to
from hiplog.tui.screens.today import screen as _today

LOADED = (_session, _today)


class Child:
    """A process of our own, with the words of ``subprocess.Popen`` that a terminal needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """The exit code once it has ended, minus the signal for one that was killed."""
        if self._code is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if done else None
        return self._code

    def wait(self, timeout: float) -> int:
        """Return the exit code when it has ended."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            assert time.monotonic() < end, "the program did not end"
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to it and to nobody else."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Forked(Terminal):
    """The real program on a real terminal of 80 by 24; only its modules were loaded beforehand."""

    def __init__(self, places: Settings) -> None:
        self.ours, theirs = pty.openpty()
        pid = os.fork()
        if pid == 0:
            os.close(self.ours)
            _live(theirs, places)
        os.close(theirs)
        self.running = Child(pid)  # type: ignore[assignment]
        self.shown = b""


def _live(terminal: int, places: Settings) -> None:
    code = 70
    try:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for standard in range(3):
            os.dup2(terminal, standard)
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        os.environ.pop("NO_COLOR", None)
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
        warnings.simplefilter("ignore")
        at = settings.load(at=str(places.path.parent), environ={})
        code = app.run(lambda: Logbook.open(at))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
