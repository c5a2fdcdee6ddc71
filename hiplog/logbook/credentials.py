"""The secrets kept in a logbook: hashes of passphrases and PINs, and the count of wrong tries.

Where the file is encrypted a passphrase lies in a slot of the key file instead; PINs always lie here. Each
change leaves an entry in the access trail with a fingerprint of what is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import Row, bindparam, select

from hiplog.clinical.errors import BadInput, Refused
from hiplog.language import _
from hiplog.logbook import clinic
from hiplog.storage import hashes, keys
from hiplog.storage.chain import Finding
from hiplog.storage.tables import audit_log, audit_payloads, credentials, practitioners
from hiplog.storage.unit import Unit

TRIES = 5
"""Wrong PINs in a row after which only the passphrase helps."""
SHORTEST_PIN, LONGEST_PIN = 4, 12
Secret = Literal["pin", "passphrase"]
COUNTED = ("secret.set", "pin.wrong", "pin.cleared")
PIN_FIRST = _("set a passphrase first, which helps when the PIN is forgotten: hiplog user passphrase")


def check_pin(pin: str) -> str:
    """Return ``pin`` when it can be one: 4 to 12 digits, not all the same and not simply counting."""
    if not (pin.isascii() and pin.isdecimal() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise BadInput(
            _("a PIN has {shortest_pin} to {longest_pin} digits and nothing else").format(
                shortest_pin=SHORTEST_PIN, longest_pin=LONGEST_PIN
            )
        )
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise BadInput(_("this PIN is the first that anybody tries; take another"))
    return pin


_OF_CODE = (
    select(credentials)
    .join(practitioners, practitioners.c.id == credentials.c.id)
    .where(practitioners.c.code == bindparam("code_of"))
)


def row_of(unit: Unit, code: str) -> Row[Any] | None:
    """What is kept of ``code``: hashes and the number of wrong PINs; ``None`` when nothing ever was."""
    return unit.one(_OF_CODE, code_of=code)


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


def forgive(unit: Unit) -> None:
    """Forget the wrong PINs of the actor, who has given the right one or the passphrase."""
    row = row_of(unit, unit.actor)
    if row is not None:
        unit.update(credentials, row.id, pin_failures=0)
        _count(unit, "pin.cleared", row.id)


def tries_left(unit: Unit, pin: str) -> int | None:
    """Return how many tries are left after this one, or ``None`` when it was right."""
    row = row_of(unit, unit.actor)
    if row is None or row.pin_hash is None:
        raise Refused(_("{actor} has no PIN; set one with: hiplog user pin").format(actor=unit.actor))
    if row.pin_failures >= TRIES:
        return 0
    return None if hashes.fits(row.pin_hash, pin) else TRIES - row.pin_failures - 1


def try_pin(unit: Unit, pin: str) -> int | None:
    """The same, and count the try: one wrong PIN more, or none any more."""
    left, row = tries_left(unit, pin), row_of(unit, unit.actor)
    assert row is not None
    if left is None and row.pin_failures:
        forgive(unit)
    elif left is not None and row.pin_failures < TRIES:
        unit.update(credentials, row.id, pin_failures=row.pin_failures + 1)
        _count(unit, "pin.wrong", row.id, left=left)
    elif left is not None:
        unit.access("pin.refused", "practitioner", row.id)
    return left


def altered(unit: Unit) -> Iterator[Finding]:
    """Say of every kept secret that is not what the access trail last saw: somebody wrote past hiplog."""
    seen = dict(_fingerprints(unit))
    live = {row.id: _fingerprint(row) for row in unit.all(select(credentials))}
    for key in sorted(seen.keys() | live.keys()):
        if seen.get(key) != live.get(key):
            message = _("credentials: a passphrase or PIN is not what the access trail last recorded")
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
