"""An encrypted logbook to copy from: made once a worker, for stretching a passphrase takes its time."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import samples
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys

PASSPHRASE = "correct horse battery"
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
CANARY = samples.CANARY.encode()


@dataclass(frozen=True)
class Vault:
    """Where the made one lies, and its key."""

    path: Path
    key: bytes


@cache
def made() -> Vault:
    """A closed encrypted logbook with one patient, a signed session and a draft."""
    folder = tempfile.mkdtemp(prefix="hiplog-vault-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    at = settings.load(at=folder, environ={})
    vault = keys.new_vault(PASSPHRASE, CODE, FIRST.code)
    book = Logbook.create(at, "Hip clinic", "Europe/Berlin", FIRST, SetClock(), vault)
    fill(book)
    book.close()
    return Vault(at.path, vault.key)


def fill(book: Logbook) -> None:
    """Write the canary wherever a patient's name or words can stand."""
    who, episode = samples.admit(book)
    draft = book.write(sessions.start, who.id, episode)
    book.write(sessions.save, samples.complete(draft), draft.version)
    book.write(sessions.sign, draft.id)
    second = book.write(sessions.start, who.id, episode)
    book.write(sessions.save, samples.complete(second, first=False), second.version)


def lay(places: Settings) -> bytes:
    """Put a copy of the made logbook at ``places`` and return its key."""
    vault = made()
    for source, target in ((vault.path, places.path), (keys.beside(vault.path), keys.beside(places.path))):
        target.unlink(missing_ok=True)
        shutil.copy2(source, target)
    return vault.key


def holding(word: bytes, *folders: Path) -> list[str]:
    """The files that hold ``word`` anywhere below ``folders``."""
    files = [one for folder in folders for one in sorted(folder.rglob("*")) if one.is_file()]
    return [one.name for one in files if word in one.read_bytes()]
