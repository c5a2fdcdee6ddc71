"""Is the terminal still there? A window that is gone does not always say so with a signal."""

from __future__ import annotations

import select

LOOK_EVERY_S = 2.0


def gone(descriptor: int) -> bool:
    """Whether the other end of the terminal at ``descriptor`` was closed; the framework would spin on it."""
    if not hasattr(select, "poll"):
        return False
    ear = select.poll()
    ear.register(descriptor, select.POLLHUP)
    lost = select.POLLHUP | select.POLLERR | select.POLLNVAL
    return any(event & lost for _, event in ear.poll(0))
