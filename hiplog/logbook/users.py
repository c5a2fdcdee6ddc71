"""The users of a logbook: who may open it, with which passphrase and PIN.

On an encrypted file each user's passphrase wraps the same data key in a slot of its own, so that adding,
changing or removing one never touches the file itself.
"""

from __future__ import annotations

from dataclasses import replace

from hiplog.clinical.errors import Refused
from hiplog.clinical.record import Practitioner, PractitionerDraft
from hiplog.language import _
from hiplog.logbook import access, clinic, credentials, vault
from hiplog.logbook.book import Logbook
from hiplog.storage import keys
from hiplog.storage.unit import Unit


def add(
    book: Logbook, draft: PractitionerDraft, passphrase: str | None = None, pin: str | None = None
) -> Practitioner:
    """Add a practitioner, with a passphrase and a PIN where they are given."""
    book.need("users")
    if passphrase is not None:
        keys.check_passphrase(passphrase)
    if pin is not None:
        _needs_passphrase(passphrase is not None)
        credentials.check_pin(pin)
    made = book.write(clinic.add, draft)
    if passphrase is not None:
        set_passphrase(book, made.code, passphrase)
    if pin is not None:
        book.write(credentials.set_pin, made.code, pin)
    return made


def set_passphrase(book: Logbook, code: str, passphrase: str) -> None:
    """Give ``code`` a passphrase instead of the one before; that of somebody else only an owner may set."""
    who = _theirs(book, code)
    keys.check_passphrase(passphrase)
    if book.opening.key is None:
        book.write(credentials.set_passphrase, who.code, passphrase)
        return
    slot = keys.wrap(book.opening.key, passphrase, "passphrase", who.code)
    _keep(book, [*_slots_but(book, who.code), slot], "passphrase.set", who.code)


def set_pin(book: Logbook, code: str, pin: str | None) -> None:
    """Give ``code`` a PIN, or none; that of somebody else only an owner may set."""
    who = _theirs(book, code)
    if pin is not None:
        credentials.check_pin(pin)
        _needs_passphrase(access.standing(book, who.code).passphrase)
    book.write(credentials.set_pin, who.code, pin)


def disable(book: Logbook, code: str) -> Practitioner:
    """Let ``code`` act and open no more; what that person signed stays. The slot leaves the key file."""
    book.need("users")
    kept = book.write(_disabled, code)
    if book.opening.key is not None:
        _keep(book, _slots_but(book, kept.code), "passphrase.remove", kept.code)
    return kept


def enable(book: Logbook, code: str) -> Practitioner:
    """Let ``code`` act again; on an encrypted file an owner then sets a new passphrase."""
    book.need("users")
    return book.write(clinic.set_active, code, True)


def _disabled(unit: Unit, code: str) -> Practitioner:
    kept = clinic.set_active(unit, code, False)
    if credentials.row_of(unit, kept.code) is not None:
        credentials.set_passphrase(unit, kept.code, None)
        credentials.set_pin(unit, kept.code, None)
    return kept


def _theirs(book: Logbook, code: str) -> Practitioner:
    who = book.read(clinic.practitioner, code)
    if who.code != book.actor:
        book.need("users")
    if not who.active:
        raise Refused(_("{code} is disabled; first: hiplog user enable {code}").format(code=who.code))
    return who


def _needs_passphrase(there: bool) -> None:
    if not there:
        raise Refused(_("a PIN alone is not enough; {advice}").format(advice=credentials.PIN_FIRST))


def _slots_but(book: Logbook, code: str) -> list[keys.Slot]:
    held = keys.read(keys.beside(book.settings.path))
    return [slot for slot in held if not (slot.kind == "passphrase" and slot.who == code)]


def _keep(book: Logbook, slots: list[keys.Slot], action: str, code: str) -> None:
    key = book.opening.key
    assert key is not None
    vault.keep(replace(book.settings, actor=book.actor), key, slots, action, book.clock, who=code)
