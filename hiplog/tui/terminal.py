"""Is the terminal still there? A window that is gone does not always say so with a signal."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from typing import Any

from textual.driver import Driver

LOOK_EVERY_S = 2.0


def gone(descriptor: int) -> bool:
    """Whether the other end of the terminal at ``descriptor`` was closed; the framework would spin on it."""
    if not hasattr(select, "poll"):
        return False
    ear = select.poll()
    ear.register(descriptor, select.POLLHUP)
    lost = select.POLLHUP | select.POLLERR | select.POLLNVAL
    return any(event & lost for _, event in ear.poll(0))


class Outlet:
    """The way to the terminal: once its window is closed, what is written goes nowhere.

    The framework's writing thread would end with the first error instead, and the program would wait for
    it for ever, with the logbook open behind a window that is gone.
    """

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write ``text`` where somebody is there to see it."""
        try:
            self._file.write(text)
        except OSError:
            self._nowhere()

    def flush(self) -> None:
        """Send on what was written."""
        try:
            self._file.flush()
        except OSError:
            self._nowhere()

    def _nowhere(self) -> None:
        # What is held back would fail once more when Python ends, which then has an exit code of its own.
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._file.fileno())
            os.close(nothing)

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return int(self._file.fileno())


def outliving(base: type[Driver]) -> type[Driver]:
    """Return ``base``, the framework's driver of a terminal, so that it outlives the window."""

    class Outliving(base):  # type: ignore[misc, valid-type]
        def __init__(self, *told: Any, **more: Any) -> None:
            super().__init__(*told, **more)
            self._file = Outlet(vars(self)["_file"])

    return Outliving
