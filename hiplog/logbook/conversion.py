"""Plain to encrypted and back: into a new file, proven, and the old one kept until the new one was read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hiplog.clinical.errors import BadInput, HiplogError, IntegrityFailed, Refused
from hiplog.language import _
from hiplog.logbook import audit, backups, credentials, sealing, vault
from hiplog.logbook.book import Clock, Logbook, utc_now
from hiplog.settings import Settings, sync
from hiplog.storage import convert, keys
from hiplog.storage.engine import Opening
from hiplog.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Converted:
    """What was done: the logbook, the old file if it is still kept, and every plain file left beside."""

    database: Path
    kept: Path | None
    plain: tuple[Path, ...]


def encrypt(
    settings: Settings, passphrase: str, code: str, clock: Clock = utc_now, *, keep: bool = False
) -> Converted:
    """Encrypt a plain logbook under ``passphrase`` and the recovery ``code``.

    The new file is compared row by row, put in the old one's place, opened once more with the passphrase and
    verified; only then the old file is removed, or stays under another name with ``keep``. Refused while
    another program has the logbook open. Backups made before stay plain; they are named in the answer.
    """
    keys.check_passphrase(passphrase)
    if not settings.is_file:
        raise BadInput(backups.SERVER)
    if vault.is_encrypted(settings):
        raise Refused(
            _(
                "{path}: this logbook is encrypted already; another passphrase with: hiplog passphrase change"
            ).format(path=settings.path)
        )
    who = _ready(settings, None, clock, passphrase)
    made = keys.new_vault(passphrase, code, who)
    aside = _swap(settings, Opening(settings.database), made, "encryption", clock)
    return _proven(settings, lambda: vault.unlock(settings, passphrase), "encrypt", aside, clock, keep)


def decrypt(settings: Settings, secret: str, clock: Clock = utc_now, *, keep: bool = False) -> Converted:
    """Make a plain logbook of an encrypted one, as carefully as :func:`encrypt` does the reverse."""
    key = vault.unlock(settings, secret, clock)
    if key is None:
        raise Refused(vault.PLAIN)
    who = _ready(settings, key, clock, decrypting=True)
    aside = _swap(settings, Opening(settings.database, key), None, "decryption", clock)
    kept = secret if isinstance(key, keys.OpenedKey) and key.who == who else None
    return _proven(settings, lambda: None, "decrypt", aside, clock, keep, kept)


def _ready(
    settings: Settings,
    key: bytes | None,
    clock: Clock,
    secret: str | None = None,
    *,
    decrypting: bool = False,
) -> str:
    """Return who is acting, once the logbook is known to be whole, current and writable.

    Before ``decrypting``, the keys of the seals are put where those of a plain logbook lie.
    """
    book = Logbook.open(settings, clock, key=key, secret=secret)
    try:
        if book.banner is not None:
            raise Refused(_("{banner} Nothing was changed.").format(banner=book.banner))
        _whole(book)
        if decrypting:
            book.read(lambda unit: sealing.keep_plain(settings, book.opening, unit.connection))
        return book.actor
    finally:
        book.close()


def _whole(book: Logbook) -> None:
    report = book.read(audit.verify)
    if not report.ok:
        raise IntegrityFailed(
            _("the logbook does not verify ({message}); look first: hiplog audit verify").format(
                message=report.findings[0].message
            )
        )


def _swap(settings: Settings, opening: Opening, made: keys.Vault | None, what: str, clock: Clock) -> Path:
    path = settings.path
    aside = backups.name_aside(path, what, clock())
    backups.settle(path, opening.key)
    with _part(path) as fresh, convert.alone(opening) as connection:
        convert.write(connection, opening, fresh, made.key if made else None)
        sync(fresh)
        _keep_old(path, aside)
        try:
            if made is not None:
                keys.write(keys.beside(path), made.slots)
            fresh.replace(path)
        except OSError:
            _take_back(path, aside)
            raise
    sync(path.parent)
    return aside


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """Name the new file; whatever is left under that name afterwards is removed."""
    fresh = path.with_name(f"{path.name}.converting")
    ends = ("", *backups.SIDECARS)
    try:
        for end in ends:
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
        yield fresh
    finally:
        for end in ends:
            with suppress(OSError):
                fresh.with_name(fresh.name + end).unlink(missing_ok=True)


def _keep_old(path: Path, aside: Path) -> None:
    """Give the old file and its key file a second name, so that there is a logbook at any moment."""
    for old, new in ((path, aside), (keys.beside(path), keys.beside(aside))):
        if old.exists():
            try:
                os.link(old, new)
            except OSError:
                old.rename(new)


def _take_back(path: Path, aside: Path) -> None:
    if path.exists():
        aside.unlink(missing_ok=True)
    else:
        aside.rename(path)


def _proven(
    settings: Settings,
    key: Callable[[], bytes | None],
    action: str,
    aside: Path,
    clock: Clock,
    keep: bool,
    passphrase: str | None = None,
) -> Converted:
    """Read the new file through its own door; then, and only then, let go of the old one."""
    if action == "decrypt":
        keys.beside(settings.path).unlink(missing_ok=True)
    try:
        book = Logbook.open(settings, clock, key=key(), proved=True)
        try:
            _whole(book)
            book.write(_settled, action, passphrase)
        finally:
            book.close()
    except (HiplogError, OSError):
        raise IntegrityFailed(
            _("the new file cannot be read; the old one is kept as {aside}").format(aside=aside)
        ) from None
    if not keep:
        aside.unlink()
        if action == "decrypt":
            keys.beside(aside).unlink(missing_ok=True)
    plain = tuple(one for one in vault.plain_copies(settings) if action == "encrypt")
    return Converted(settings.path, aside if keep else None, plain)


def _settled(unit: Unit, action: str, passphrase: str | None) -> None:
    """Log what was done. On a plain file a passphrase is a hash; on an encrypted one it opens a slot."""
    if action == "decrypt":
        sealing.forget_carried(unit)
    vault.noted(unit, action)
    credentials.keep_passphrases(unit, action == "decrypt", passphrase)
