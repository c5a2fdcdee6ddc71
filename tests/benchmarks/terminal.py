"""A program on a pseudo-terminal, timed by what is seen on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyte

COLUMNS, ROWS = 120, 40
PATIENCE_S = 60
QUERIES = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
)
UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)


class Program:
    """A running program; a thread stamps what it writes, so that the emulator's own time is not counted."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: deque[tuple[float, bytes]] = deque()
        self._wake = threading.Semaphore(0)
        known = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            **(environ or {}),
        }
        self.began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(words[0], list(words), known)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                return
            stamp = time.perf_counter()
            if not data:
                return
            self._chunks.append((stamp, data))
            for pattern, answer in QUERIES:
                if pattern.search(data):
                    os.write(self._fd, answer)
            self._wake.release()

    def gone(self, text: str) -> None:
        """Wait until ``text`` stands on the screen no more."""
        end = time.perf_counter() + PATIENCE_S
        while self.count(text):
            if time.perf_counter() > end:
                raise TimeoutError(f"{text!r} stays; the screen:\n" + "\n".join(self._screen.display))
            self.settle(0.05)

    def until_other(self, pattern: re.Pattern[str], than: str | None) -> tuple[float, str]:
        """Return when ``pattern`` first matched something other than ``than``, and what."""
        end = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < end:
            while self._chunks:
                stamp, data = self._chunks.popleft()
                self._stream.feed(UNKNOWN.sub(b"", data))
                found = pattern.search("\n".join(self._screen.display))
                if found is not None and found[0] != than:
                    return stamp, found[0]
            self._wake.acquire(timeout=0.2)
        raise TimeoutError(
            f"{pattern.pattern!r} was not seen; the screen:\n" + "\n".join(self._screen.display)
        )

    def until(self, text: str, more_than: int = 0) -> float:
        """The stamp at which ``text`` stood on the screen more than so many times."""
        end = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < end:
            while self._chunks:
                stamp, data = self._chunks.popleft()
                self._stream.feed(UNKNOWN.sub(b"", data))
                if self.count(text) > more_than:
                    return stamp
            self._wake.acquire(timeout=0.2)
        raise TimeoutError(f"{text!r} was not seen; the screen:\n" + "\n".join(self._screen.display))

    def count(self, text: str) -> int:
        """How often ``text`` stands on the screen."""
        return sum(line.count(text) for line in self._screen.display)

    def settle(self, quiet: float = 0.15) -> None:
        """Wait until nothing was written for a while."""
        last = time.perf_counter()
        while time.perf_counter() - last < quiet:
            while self._chunks:
                self._stream.feed(UNKNOWN.sub(b"", self._chunks.popleft()[1]))
                last = time.perf_counter()
            self._wake.acquire(timeout=0.02)

    def press(self, keys: str) -> float:
        """Write ``keys`` and return when."""
        stamp = time.perf_counter()
        os.write(self._fd, keys.encode())
        return stamp

    def peak_mb(self) -> float:
        """The most memory that was resident so far."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def end(self) -> None:
        """Leave by ctrl+q, by force when that does not do."""
        self.press("\x11")
        end = time.perf_counter() + 10
        while time.perf_counter() < end:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.01)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        with suppress(OSError):
            os.close(self._fd)
