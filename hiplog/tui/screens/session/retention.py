"""The retention timer: how long the needles of each open session have been in, by the monotonic clock.

It lives as long as the program, so that leaving a session and coming back does not stop it. It is a help
to the eye: nothing of it is written into the record.
"""

from __future__ import annotations

import time

from hiplog.language import _

STARTED: dict[str, float] = {}
"""When the timer of each session was started, in seconds of the monotonic clock."""


def toggle(session: str, now: float | None = None) -> None:
    """Start the timer of ``session``, or stop the one that runs."""
    if session in STARTED:
        del STARTED[session]
    else:
        STARTED[session] = time.monotonic() if now is None else now


def words(session: str, now: float | None = None) -> str:
    """Say how long it has run, empty when it does not run."""
    if session not in STARTED:
        return ""
    at = time.monotonic() if now is None else now
    return _("needles in for {span}   r stops").format(span=span(at - STARTED[session]))


def span(seconds: float) -> str:
    """``45 s``, ``3 min 20 s``, ``1 h 5 min``."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min {whole} s").format(minutes=minutes, whole=whole % 60) if minutes else f"{whole} s"
