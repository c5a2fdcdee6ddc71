"""Who acts, and how that was proven: passphrase once a start, PIN to unlock and to sign.

On an encrypted file a passphrase is whatever opens a slot of the key file; on a plain file and on a
server its Argon2id hash lies with the :mod:`hiplog.logbook.credentials`, as every PIN does. Each try is one
transaction, so that wrong ones are counted across restarts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from hiplog.clinical.errors import Locked, SignIn, Unreachable, WrongSecret
from hiplog.language import _, counted
from hiplog.logbook import attempts, credentials
from hiplog.logbook.credentials import TRIES, Secret
from hiplog.storage import hashes, keys
from hiplog.storage.tables import practitioners
from hiplog.storage.unit import Unit

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

Entered = Literal["open", "pin", "passphrase", "recovery"]
"""How somebody came in: without a secret, or by which one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which secrets somebody has, and how many wrong PINs were given since the last right one."""

    passphrase: bool = False
    pin: bool = False
    failures: int = 0

    @property
    def secured(self) -> bool:
        """Whether anything is asked of this person at all."""
        return self.passphrase or self.pin

    @property
    def pin_open(self) -> bool:
        """Whether the PIN still helps."""
        return self.pin and self.failures < TRIES

    @property
    def at_start(self) -> Secret:
        """What is asked when the program starts: the passphrase, where there is one."""
        return "passphrase" if self.passphrase else "pin"


def standing(book: Logbook, code: str) -> Standing:
    """Return which secrets ``code`` has in this logbook."""
    row = book.read(credentials.row_of, code)
    own = book.opening.key is not None and any(slot.who == code for slot in _slots(book))
    if row is None:
        return Standing(own)
    words = own if book.opening.key is not None else row.passphrase_hash is not None
    return Standing(words, row.pin_hash is not None, row.pin_failures)


def admit(book: Logbook, key: bytes | None, secret: str | None) -> Logbook:
    """Return ``book`` in the hands of its proven actor; ``SignIn`` says what is still missing."""
    if isinstance(key, keys.OpenedKey):
        if key.kind == "recovery":
            return _entered(book, "recovery")
        if key.who == book.actor:
            return _entered(book, "passphrase")
    elif key is not None:
        return book
    has = standing(book, book.actor)
    if not has.secured:
        return book
    if book.opening.key is not None and has.passphrase:
        raise SignIn(
            _("this is not the passphrase of {actor}, who has an own one; give that").format(
                actor=book.actor
            ),
            book.actor,
        )
    if secret is None:
        raise SignIn(
            (
                _("{actor} has a passphrase; it is needed to open this logbook")
                if has.at_start == "passphrase"
                else _("{actor} has a PIN; it is needed to open this logbook")
            ).format(actor=book.actor),
            book.actor,
        )
    return by_passphrase(book, secret) if has.passphrase else by_pin(book, secret)


def by_passphrase(book: Logbook, passphrase: str, code: str | None = None) -> Logbook:
    """Return ``book`` in the hands of ``code`` (else its actor), who gives the passphrase."""
    taken = _handed(book, code)
    if not _opens(taken, passphrase):
        _note(taken, "passphrase.wrong")
        raise WrongSecret(
            _("that is not the passphrase of {actor}; nothing was changed, try again").format(
                actor=taken.actor
            )
        )
    if standing(taken, taken.actor).failures:
        _unowned(taken).write(credentials.forgive)
    return _entered(taken, "passphrase")


def by_pin(book: Logbook, pin: str, code: str | None = None) -> Logbook:
    """Return ``book`` in the hands of ``code`` (else its actor), who gives the PIN."""
    taken = _handed(book, code)
    _check_pin(taken, pin)
    return _entered(taken, "pin")


def colleague(book: Logbook, secret: str, code: str) -> Logbook:
    """Return a running logbook in the hands of a colleague, who gives PIN or passphrase."""
    taken = _handed(book, code)
    has = standing(taken, taken.actor)
    if not has.secured:
        return _entered(taken, "open")
    if has.pin_open and secret.isdecimal() and not _opens(taken, secret):
        return by_pin(taken, secret)
    return by_passphrase(taken, secret)


def confirmed(book: Logbook, passphrase: str) -> None:
    """Check the passphrase of the actor before the own secrets are changed, as at an unlocked screen."""
    if not _opens(book, passphrase):
        _note(book, "passphrase.wrong")
        raise WrongSecret(
            _("that is not the passphrase of {actor}; nothing was changed, try again").format(
                actor=book.actor
            )
        )


def tell_tries(book: Logbook) -> None:
    """Take into the access trail what was tried at the closed door since it was last opened."""
    if book.banner is not None or not book.opening.is_file:
        return
    claimed = attempts.claim(book.settings.path)
    if claimed is None:
        return
    tried = attempts.read(claimed)
    if tried is not None:
        _note(book, "passphrase.tried", tries=tried.count, first=tried.first, last=tried.last)
    claimed.unlink(missing_ok=True)


def unlocked(book: Logbook, secret: str) -> None:
    """Check what the actor gives to unlock a running program: the PIN, or the passphrase instead."""
    has = standing(book, book.actor)
    if has.pin_open and secret.isdecimal() and not _opens(book, secret):
        _check_pin(book, secret)
        _note(book, "unlock", how="pin")
        return
    if has.secured and not _opens(book, secret):
        _note(book, "unlock.wrong")
        used_up = has.pin and not has.pin_open
        raise WrongSecret(
            _("that does not unlock it; only the passphrase helps now")
            if used_up
            else _("that does not unlock it")
        )
    if has.failures:
        _unowned(book).write(credentials.forgive)
    _note(book, "unlock", how="passphrase" if has.secured else "open")


def needs(book: Logbook) -> tuple[Secret, ...]:
    """What the actor must give to sign: nothing without a PIN; the first time in a run the passphrase too.

    21 CFR 11.200(a)(1): the first signing of a session with both components, the next ones with one; the code
    and passphrase given at the start are that first time.
    """
    has = standing(book, book.actor)
    if not has.pin:
        return ()
    both = has.passphrase and (book.entered not in ("passphrase", "recovery") or not has.pin_open)
    return ("passphrase", "pin") if both else ("pin",)


def proven(book: Logbook, pin: str | None = None, passphrase: str | None = None) -> Logbook:
    """Return ``book`` fit to sign with, once the actor has given what :func:`needs` asks for."""
    wanted = needs(book)
    if "passphrase" in wanted:
        if passphrase is None:
            raise Locked(
                _("the first signature of {actor} needs the passphrase and the PIN").format(actor=book.actor)
            )
        book = by_passphrase(book, passphrase)
    if "pin" in wanted:
        if pin is None:
            raise Locked(_("the signature of {actor} needs the PIN").format(actor=book.actor))
        _check_pin(book, pin)
    return replace(book, proven=True)


def need_proof(unit: Unit) -> None:
    """Raise ``Locked`` when the actor has a PIN and has not given it for this action."""
    if unit.proven or unit.role is None:
        return
    row = credentials.row_of(unit, unit.actor)
    if row is not None and row.pin_hash is not None:
        raise Locked(_("the signature of {actor} needs the PIN").format(actor=unit.actor))


def note(book: Logbook, action: str, **facts: Any) -> None:
    """Log an event of the program in the access trail: a lock, an unlock, a wrong passphrase."""
    _note(book, action, **facts)


def _check_pin(book: Logbook, pin: str) -> None:
    if book.banner is None:
        left = _unowned(book).write(credentials.try_pin, pin)
    else:
        left = book.read(credentials.tries_left, pin)
    if left is None:
        return
    if left == 0:
        raise WrongSecret(
            _("{tries} wrong PINs; only the passphrase of {actor} helps now").format(
                tries=TRIES, actor=book.actor
            )
        )
    raise WrongSecret(
        counted(
            left,
            "that is not the PIN of {actor}; {count} try left",
            "that is not the PIN of {actor}; {count} tries left",
            actor=book.actor,
        )
    )


def _opens(book: Logbook, passphrase: str) -> bool:
    """Whether ``passphrase`` is that of the actor."""
    if book.opening.key is None:
        row = book.read(credentials.row_of, book.actor)
        return row is not None and hashes.fits(row.passphrase_hash, passphrase)
    own = [slot for slot in _slots(book) if slot.kind == "passphrase" and slot.who == book.actor]
    try:
        keys.unwrap(own, passphrase)
    except WrongSecret:
        return False
    return True


def _slots(book: Logbook) -> tuple[keys.Slot, ...]:
    return keys.read(keys.beside(book.settings.path))


def _handed(book: Logbook, code: str | None) -> Logbook:
    return book if code is None or code == book.actor else book.acting(code)


def _unowned(book: Logbook) -> Logbook:
    """The same logbook in the program's own hands, which no role holds back."""
    return replace(book, role=None, proven=False)


def _entered(book: Logbook, how: Entered) -> Logbook:
    _note(book, "sign-in", how=how)
    return replace(book, entered=how)


def _note(book: Logbook, action: str, **facts: Any) -> None:
    if book.banner is None:
        # A full disk or another writer must not keep anybody from reading.
        with suppress(Unreachable):
            _unowned(book).write(_noted, action, facts)


def _noted(unit: Unit, action: str, facts: dict[str, Any]) -> None:
    row = unit.one(select(practitioners.c.id).where(practitioners.c.code == unit.actor))
    unit.access(action, "practitioner", row.id if row else None, **facts)
