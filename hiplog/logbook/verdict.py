"""What one look at the logbook came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``looked`` is false for what was not, and ``message`` says why."""

    name: str
    ok: bool
    message: str
    looked: bool = True
