"""hiplog on a real pseudo-terminal: keys go in, what was shown comes out."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

from hiplog.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LONGEST_S = 60
LEFT_THE_SCREEN = b"\x1b[?1049l"
OPEN = (
    "import sys\n"
    "from pathlib import Path\n"
    "from hiplog import settings\n"
    "from hiplog.tui.app import HiplogApp, run\n"
    "def book():\n"
    "    from hiplog.logbook.book import Logbook\n"
    "    return Logbook.open(settings.load(at=sys.argv[1], environ={}))\n"
)


class Program:
    """A program on a pseudo-terminal of ``size``, in a folder and an environment of its own."""

    size = (80, 24)

    def __init__(self, words: list[str], folder: Path, environ: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        size = {"COLUMNS": str(self.size[0]), "LINES": str(self.size[1])}
        self.running = subprocess.Popen(
            words,
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environ | size,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = b""

    def until(self, words: str, within_s: float = LONGEST_S) -> None:
        """Read until ``words`` were shown."""
        end = time.monotonic() + within_s
        while words.encode() not in self.shown:
            assert time.monotonic() < end, f"{words!r} was not shown"
            assert self._read(), f"the program ended before {words!r} was shown: {self.shown[-2000:]!r}"

    def hear(self, within_s: float) -> bool:
        """Read what is shown next, if anything is; false when the program ended."""
        ready, _, _ = select.select([self.ours], [], [], within_s)
        if not ready:
            return True
        try:
            part = os.read(self.ours, 65536)
        except OSError:
            return False
        self.shown += part
        return bool(part)

    def _read(self) -> bool:
        return self.hear(1)

    def keys(self, text: str) -> None:
        """Type."""
        os.write(self.ours, text.encode())

    def end(self) -> int:
        """Read to the end and return the exit code."""
        end = time.monotonic() + LONGEST_S
        while self._read() and self.running.poll() is None:
            assert time.monotonic() < end, f"the program does not end: {self.shown[-2000:]!r}"
        while self._read():
            pass
        os.close(self.ours)
        return self.running.wait(timeout=LONGEST_S)


class Terminal(Program):
    """The app on a logbook; ``prelude`` is run before it."""

    def __init__(self, places: Settings, prelude: str = "", **environ: str) -> None:
        known = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        known |= {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        super().__init__([sys.executable, *self.words(places, prelude)], Path.cwd(), known | environ)

    def words(self, places: Settings, prelude: str) -> list[str]:
        """What Python is told to run."""
        return ["-c", f"{OPEN}{prelude}sys.exit(run(book))\n", str(places.path.parent)]


class Command(Terminal):
    """``hiplog`` itself, with no logbook opened for it: as a person starts it; ``prelude`` holds more words."""

    def words(self, places: Settings, prelude: str) -> list[str]:
        """The command line."""
        return ["-m", "hiplog", "--at", str(places.path.parent), *prelude.split()]
