"""Wrong secrets tried at a closed door: counted beside the logbook, told in its trail by who gets in next.

Nothing can be written into an encrypted file without its key, so each wrong passphrase leaves a line in a
small private file beside it: the time, and neither what was typed nor by whom. Whoever opens the logbook
next takes the lines into the access trail.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MOST_BYTES = 32_768
"""Beyond this nothing more is noted: about a thousand tries say enough."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong secrets were tried, the first and the last of them when, as UTC text."""

    count: int
    first: str
    last: str


def beside(database: Path) -> Path:
    """Where the tries at ``database`` are noted."""
    return database.with_name(database.name + ".tries")


def note(database: Path, now: datetime) -> None:
    """Add one line; a disk that takes none must not hide that the secret was wrong."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with suppress(OSError):
        place = os.open(beside(database), flags, 0o600)
        try:
            if os.fstat(place).st_size < MOST_BYTES:
                os.write(place, f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode())
        finally:
            os.close(place)


def claim(database: Path) -> Path | None:
    """Take the notes for oneself, so that of two programs one tells them; ``None`` when there are none."""
    mine = beside(database).with_name(f"{beside(database).name}.{os.getpid()}")
    try:
        if not beside(database).is_file():
            return None
        beside(database).replace(mine)
    except OSError:
        return None
    return mine


def read(claimed: Path) -> Tries | None:
    """What the notes say; a line that is no time was written by somebody else and counts as a try too."""
    try:
        lines = claimed.read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return None
    times = sorted(line for line in lines if _is_time(line))
    return Tries(len(lines), times[0], times[-1]) if times else None


def _is_time(line: str) -> bool:
    try:
        datetime.strptime(line, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
