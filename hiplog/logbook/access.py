"""Who acts, and how that was proven: passphrase once a start, PIN to unlock and to sign.

On an encrypted file a passphrase is whatever opens a slot of the key file; on a plain file and on a
server its Argon2id hash lies in ``credentials``, as every PIN does. Each try is one transaction, so that
wrong ones are counted across restarts; each leaves an entry in the access trail with a fingerprint of what
is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Row, select

from hiplog.clinical.errors import BadInput, Locked, Refused, SignIn, Unreachable, WrongSecret
from hiplog.logbook import clinic
from hiplog.storage import hashes, keys
from hiplog.storage.chain import Finding
from hiplog.storage.tables import audit_log, audit_payloads, credentials, practitioners
from hiplog.storage.unit import Unit

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

TRIES = 5
"""Wrong PINs in a row after which only the passphrase helps."""
SHORTEST_PIN, LONGEST_PIN = 4, 12
Entered = Literal["open", "pin", "passphrase", "recovery"]
"""How somebody came in: without a secret, or by which one."""
Secret = Literal["pin", "passphrase"]
COUNTED = ("secret.set", "pin.wrong", "pin.cleared")
PIN_FIRST = "set a passphrase first, which helps when the PIN is forgotten: hiplog user passphrase"


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
    row = book.read(_row, code)
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
        raise SignIn(f"this is not the passphrase of {book.actor}, who has an own one", book.actor)
    if secret is None:
        raise SignIn(f"{book.actor} has a {has.at_start}; it is needed to open this logbook", book.actor)
    return by_passphrase(book, secret) if has.passphrase else by_pin(book, secret)


def by_passphrase(book: Logbook, passphrase: str, code: str | None = None) -> Logbook:
    """Return ``book`` in the hands of ``code`` (else its actor), who gives the passphrase."""
    taken = _handed(book, code)
    if not _opens(taken, passphrase):
        _note(taken, "passphrase.wrong")
        raise WrongSecret(f"that is not the passphrase of {taken.actor}; nothing was changed")
    if standing(taken, taken.actor).failures:
        _unowned(taken).write(_clear)
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


def unlocked(book: Logbook, secret: str) -> None:
    """Check what the actor gives to unlock a running program: the PIN, or the passphrase instead."""
    has = standing(book, book.actor)
    if has.pin_open and secret.isdecimal() and not _opens(book, secret):
        _check_pin(book, secret)
        _note(book, "unlock", how="pin")
        return
    if has.secured and not _opens(book, secret):
        _note(book, "unlock.wrong")
        needed = "; only the passphrase helps now" if has.pin and not has.pin_open else ""
        raise WrongSecret(f"that does not unlock it{needed}")
    if has.failures:
        _unowned(book).write(_clear)
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
            raise Locked(f"the first signature of {book.actor} needs the passphrase and the PIN")
        book = by_passphrase(book, passphrase)
    if "pin" in wanted:
        if pin is None:
            raise Locked(f"the signature of {book.actor} needs the PIN")
        _check_pin(book, pin)
    return replace(book, proven=True)


def need_proof(unit: Unit) -> None:
    """Raise ``Locked`` when the actor has a PIN and has not given it for this action."""
    if unit.proven or unit.role is None:
        return
    row = _row(unit, unit.actor)
    if row is not None and row.pin_hash is not None:
        raise Locked(f"the signature of {unit.actor} needs the PIN")


def check_pin(pin: str) -> str:
    """Return ``pin`` when it can be one: 4 to 12 digits, not all the same and not simply counting."""
    if not (pin.isascii() and pin.isdecimal() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise BadInput(f"a PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits and nothing else")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise BadInput("this PIN is the first that anybody tries; take another")
    return pin


def has_row(unit: Unit, code: str) -> bool:
    """Whether anything was ever kept of ``code``."""
    return _row(unit, code) is not None


def set_pin(unit: Unit, code: str, pin: str | None) -> None:
    """Keep the hash of a PIN, or none; wrong tries are forgotten."""
    kept = None if pin is None else hashes.hashed(check_pin(pin))
    _set(unit, code, "pin", pin_hash=kept, pin_failures=0)


def set_passphrase(unit: Unit, code: str, passphrase: str | None) -> None:
    """Keep the hash of a passphrase (of a plain file, of a server), or none; wrong PINs are forgotten."""
    kept = None if passphrase is None else hashes.hashed(keys.check_passphrase(passphrase))
    _set(unit, code, "passphrase", passphrase_hash=kept, pin_failures=0)


def keep_passphrases(unit: Unit, plain: bool, passphrase: str | None) -> None:
    """After a conversion: forget every hash, and keep that of the actor on a plain file where a PIN needs it.

    Slots and hashes are two places for one thing; what lies in the other one would come back as it once was.
    """
    secured = select(practitioners.c.code).join(credentials, credentials.c.id == practitioners.c.id)
    for row in unit.all(secured):
        given = passphrase if plain and row.code == unit.actor else None
        set_passphrase(unit, row.code, given)


def note(book: Logbook, action: str, **facts: Any) -> None:
    """Log an event of the program in the access trail: a lock, an unlock, a wrong passphrase."""
    _note(book, action, **facts)


def altered(unit: Unit) -> Iterator[Finding]:
    """Say of every kept secret that is not what the access trail last saw: somebody wrote past hiplog."""
    seen = dict(_fingerprints(unit))
    live = {row.id: _fingerprint(row) for row in unit.all(select(credentials))}
    for key in sorted(seen.keys() | live.keys()):
        if seen.get(key) != live.get(key):
            message = "credentials: a passphrase or PIN is not what the access trail last recorded"
            yield Finding("altered-secret", message, table="credentials", row=key)


def _fingerprints(unit: Unit) -> Iterator[tuple[str, str | None]]:
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    query = (
        select(audit_log.c.entity_id, audit_payloads.c.body)
        .join(audit_payloads, place)
        .where(audit_log.c.chain == "access", audit_log.c.action.in_(COUNTED))
        .order_by(audit_log.c.seq)
    )
    for row in unit.all(query):
        with suppress(ValueError, KeyError, TypeError):
            yield row.entity_id, json.loads(row.body)["facts"]["fingerprint"]


def _fingerprint(row: Any) -> str:
    # Of a salted hash, so that it tells nothing about a PIN of four digits.
    told = f"{row.passphrase_hash or ''}\n{row.pin_hash or ''}\n{row.pin_failures}"
    return hashlib.sha256(told.encode()).hexdigest()


def _row(unit: Unit, code: str) -> Row[Any] | None:
    who = practitioners.c
    return unit.one(
        select(credentials).join(practitioners, who.id == credentials.c.id).where(who.code == code)
    )


def _set(unit: Unit, code: str, kind: Secret, **values: Any) -> None:
    who = clinic.practitioner(unit, code)
    if unit.one(select(credentials.c.id).where(credentials.c.id == who.id)) is None:
        blank = {"passphrase_hash": None, "pin_hash": None, "pin_failures": 0}
        unit.insert(credentials, {"id": who.id} | blank | values)
    else:
        unit.update(credentials, who.id, **values)
    _count(unit, "secret.set", who.id, kind=kind, given=next(iter(values.values())) is not None)


def _count(unit: Unit, action: str, who: str, **facts: Any) -> None:
    row = unit.one(select(credentials).where(credentials.c.id == who))
    told = None if row is None else _fingerprint(row)
    unit.access(action, "practitioner", who, fingerprint=told, **facts)


def _clear(unit: Unit) -> None:
    row = _row(unit, unit.actor)
    if row is not None:
        unit.update(credentials, row.id, pin_failures=0)
        _count(unit, "pin.cleared", row.id)


def _check_pin(book: Logbook, pin: str) -> None:
    left = book.read(_left, pin) if book.banner else _unowned(book).write(_tried, pin)
    if left is None:
        return
    if left == 0:
        raise WrongSecret(f"{TRIES} wrong PINs; only the passphrase of {book.actor} helps now")
    raise WrongSecret(f"that is not the PIN of {book.actor}; {left} {'try' if left == 1 else 'tries'} left")


def _left(unit: Unit, pin: str) -> int | None:
    """Return how many tries are left after this one, or ``None`` when it was right."""
    row = _row(unit, unit.actor)
    if row is None or row.pin_hash is None:
        raise Refused(f"{unit.actor} has no PIN; set one with: hiplog user pin")
    if row.pin_failures >= TRIES:
        return 0
    return None if hashes.fits(row.pin_hash, pin) else TRIES - row.pin_failures - 1


def _tried(unit: Unit, pin: str) -> int | None:
    left, row = _left(unit, pin), _row(unit, unit.actor)
    assert row is not None
    if left is None and row.pin_failures:
        _clear(unit)
    elif left is not None and row.pin_failures < TRIES:
        unit.update(credentials, row.id, pin_failures=row.pin_failures + 1)
        _count(unit, "pin.wrong", row.id, left=left)
    elif left is not None:
        unit.access("pin.refused", "practitioner", row.id)
    return left


def _opens(book: Logbook, passphrase: str) -> bool:
    """Whether ``passphrase`` is that of the actor."""
    if book.opening.key is None:
        row = book.read(_row, book.actor)
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
