"""The secrets of an encrypted logbook: opening with one, changing one, and what else lies about in plain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hiplog.clinical.errors import Locked, NotFound, Refused, WrongSecret
from hiplog.language import _
from hiplog.logbook import attempts
from hiplog.logbook.book import Clock, Logbook, utc_now
from hiplog.settings import Settings
from hiplog.storage import keys
from hiplog.storage.engine import HEADER, look
from hiplog.storage.unit import Unit

PLAIN = _("this logbook is not encrypted and has no passphrase; encrypt it with: hiplog encrypt")


def is_encrypted(settings: Settings) -> bool:
    """Whether the logbook is an encrypted file; raises what ``engine.look`` raises when it is no logbook."""
    return settings.is_file and look(settings.path) == "encrypted"


def key_of(path: Path, secret: str | None) -> bytes | None:
    """Return the data key that ``secret`` unwraps, or ``None`` for a plain file.

    ``Locked`` when the file is encrypted and nothing was given, ``WrongSecret`` when that does not open it,
    ``IntegrityFailed`` when the key file is damaged.
    """
    if look(path) == "plain":
        return None
    if secret is None:
        raise Locked(_("{path}: this file is encrypted; it opens with its passphrase only").format(path=path))
    return keys.OpenedKey.of(*keys.unwrap(keys.read(keys.beside(path)), secret))


def unlock(settings: Settings, secret: str | None, clock: Clock = utc_now) -> bytes | None:
    """Return the key of the logbook, as :func:`key_of`; a server has none. A wrong one is noted."""
    if not settings.is_file:
        return None
    with _noting(settings, clock):
        return key_of(settings.path, secret)


@contextmanager
def _noting(settings: Settings, clock: Clock) -> Iterator[None]:
    try:
        yield
    except WrongSecret:
        attempts.note(settings.path, clock())
        raise


def change(settings: Settings, old: str, new: str, clock: Clock = utc_now) -> None:
    """Let ``new`` open the logbook instead of the passphrase ``old``; the data key stays as it is."""
    slots = _slots(settings)
    with _noting(settings, clock):
        key, opened = keys.unwrap(slots, old)
    if opened.kind == "recovery":
        raise Refused(_("that is the recovery code; a new passphrase by it: hiplog passphrase recover"))
    fresh = keys.wrap(key, keys.check_passphrase(new), "passphrase", opened.who)
    changed = [fresh if slot is opened else slot for slot in slots]
    keep(replace(settings, actor=opened.who), key, changed, "passphrase.change", clock)


def recover(settings: Settings, code: str, new: str, new_code: str, clock: Clock = utc_now) -> None:
    """Let ``new`` open the logbook instead of a forgotten passphrase; the code is used up by it.

    The passphrase replaced is that of ``settings.actor``, else the first one of the key file.
    """
    slots = _slots(settings)
    with _noting(settings, clock):
        key, opened = keys.unwrap([slot for slot in slots if slot.kind == "recovery"], code)
    held = [slot.who for slot in slots if slot.kind == "passphrase"]
    who = settings.actor if settings.actor in held else next(iter(held), "")
    kept = [slot for slot in slots if slot is not opened and slot.who != who]
    made = [
        keys.wrap(key, keys.check_passphrase(new), "passphrase", who),
        keys.wrap(key, new_code, "recovery", ""),
    ]
    keep(replace(settings, actor=who or None), key, [*made, *kept], "passphrase.recover", clock)


def noted(unit: Unit, /, action: str, **facts: str) -> None:
    """Log in the access trail that the locks of the logbook were changed."""
    unit.access(action, "clinic", **facts)


def plain_copies(settings: Settings) -> tuple[Path, ...]:
    """Return every unencrypted SQLite file in the logbook's and the backups folder, itself included."""
    folders = {settings.path.absolute().parent, settings.backups.absolute()}
    files = [one for folder in sorted(folders) if folder.is_dir() for one in sorted(folder.iterdir())]
    return tuple(one for one in files if one.is_file() and _is_plain(one))


def _is_plain(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) == HEADER
    except OSError:
        return False


def _slots(settings: Settings) -> tuple[keys.Slot, ...]:
    if not settings.is_file or look(settings.path) == "plain":
        raise NotFound(PLAIN)
    return keys.read(keys.beside(settings.path))


def keep(
    settings: Settings, key: bytes, slots: list[keys.Slot], action: str, clock: Clock, **facts: str
) -> None:
    """Write the slots and log that they changed; ``settings.actor`` has proven who that is."""
    # The logbook is opened first: slots for a key that does not fit would shut it for good.
    book = Logbook.open(settings, clock, key=key, proved=True)
    try:
        book.write(noted, action, **facts)
        keys.write(keys.beside(settings.path), slots)
    finally:
        book.close()
