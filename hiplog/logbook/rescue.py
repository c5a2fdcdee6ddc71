"""A logbook file that does not open: say so, and name the newest backup that is whole."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hiplog.clinical.errors import HiplogError, IntegrityFailed
from hiplog.language import _, days
from hiplog.logbook import upkeep
from hiplog.settings import Settings
from hiplog.storage import backup, keys
from hiplog.storage.engine import Opening, look

ADVICE = "hiplog restore FILE"
KEPT = _("the file that is there is kept beside it")


class Damaged(IntegrityFailed):
    """The logbook does not open, but :attr:`backup` does."""

    def __init__(self, message: str, backup: Path) -> None:
        super().__init__(message)
        self.backup = backup


@dataclass(frozen=True, slots=True)
class Good:
    """A backup to go on from; ``proven`` when its pages and trails were read, not only its beginning."""

    copy: upkeep.Copy
    proven: bool


@contextmanager
def offering(settings: Settings, key: bytes | None = None) -> Iterator[None]:
    """Turn the failure of opening a damaged, empty or foreign file into one that offers a backup."""
    try:
        yield
    except Damaged:
        raise
    except IntegrityFailed as error:
        if not settings.is_file:
            raise
        raise _offered(settings, error, key) from None


def newest_good(settings: Settings, key: bytes | None = None) -> Good | None:
    """Return the newest backup that is whole, from the backups folder and the second place, or ``None``.

    A plain one is read whole, an encrypted one when ``key`` opens it. Without its key only its header and
    its key file are looked at; restoring verifies it before anything is changed.
    """
    places = [settings.backups, *([settings.second] if settings.second else [])]
    there = [one for place in places for one in upkeep.copies(place)]
    for one in sorted(there, key=lambda copy: copy.at, reverse=True):
        found = _good(one, key)
        if found is not None:
            return found
    return None


def _good(one: upkeep.Copy, key: bytes | None) -> Good | None:
    try:
        if look(one.path) == "plain":
            wrong = backup.check(Opening(str(one.path), read_only=True))
            return None if wrong else Good(one, proven=True)
        keys.read(keys.beside(one.path))
        if key is None:
            return Good(one, proven=False)
        wrong = backup.check(Opening(str(one.path), key, read_only=True))
        return None if wrong else Good(one, proven=True)
    except (HiplogError, OSError):
        return None


def _offered(settings: Settings, error: IntegrityFailed, key: bytes | None) -> IntegrityFailed:
    found = newest_good(settings, key)
    if found is None:
        return IntegrityFailed(
            _("{error}. No whole backup lies in {backups}").format(error=error, backups=settings.backups)
        )
    path = found.copy.path
    how = _("was read and is whole") if found.proven else _("is verified before anything is changed")
    said = _("hiplog restore {path} (the newest backup, of {day} {at:%H:%M} UTC, {how}; {kept})").format(
        path=shlex.quote(str(path)), day=days.long(found.copy.at), at=found.copy.at, how=how, kept=KEPT
    )
    words = str(error)
    told = (
        words.replace(ADVICE, said)
        if ADVICE in words
        else _("{words}. Restore a backup with: {said}").format(words=words, said=said)
    )
    return Damaged(told, path)
