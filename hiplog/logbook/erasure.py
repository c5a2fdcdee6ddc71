"""Erasing who a person is: the owner's act. The coded record stays, with a tombstone, and still verifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from hiplog.clinical import roles
from hiplog.clinical.errors import BadInput, HiplogError, Refused
from hiplog.clinical.record import Patient
from hiplog.language import _
from hiplog.logbook import patients, texts, upkeep
from hiplog.logbook.book import Logbook
from hiplog.storage import emptying, scrub
from hiplog.storage.tables import patients as people
from hiplog.storage.tables import patients_identity
from hiplog.storage.unit import Unit

STAYS = (
    _(
        "Gone for good: names, birth date, telephone, e-mail, the note on the person, "
        "and what the audit trail recorded of them."
    ),
    _(
        "Staying: the chart code, sex, visits and their notes, requests for amendment, "
        "as the treatment record. A name inside a note stays: it is part of what was "
        "signed."
    ),
    _(
        "Backups, bundles and printed pages made before today still hold the identity. "
        "hiplog does not reach into them: remove those that you may remove."
    ),
)
"""What a person is told before."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: the patient as it now reads, and how many backups here still hold the identity."""

    patient: Patient
    backups: int
    warning: str | None = None


def erase(book: Logbook, code: str, typed: str, reason: str) -> Erased:
    """Erase the identity of the patient with chart code ``code``, once ``typed`` repeats it.

    Nothing of it is left in the logbook's file: neither rows, nor free pages, nor the search keys, nor the
    audit trail's record of them, of which the digests stay. Raises ``Refused`` for anybody but an owner, for
    an identity already erased, and for a reason that names the person; ``BadInput`` when ``typed`` differs.
    """
    who = book.write(_erase, code, typed, reason)
    held = len(upkeep.copies(book.settings.backups)) if book.opening.is_file else 0
    try:
        scrub.clean(book.engine)
    except HiplogError as error:
        return Erased(who, held, str(error))
    return Erased(who, held)


def _erase(unit: Unit, code: str, typed: str, reason: str) -> Patient:
    roles.require(unit.role, "erase", unit.actor)
    who = patients.get(unit, code)
    if typed.strip().lower() != who.code.lower():
        raise BadInput(
            _("type the chart code {code} to confirm; something else was typed. Nothing was erased").format(
                code=who.code
            )
        )
    if who.erased:
        raise Refused(
            _("{code}: the identity was erased already; there is nothing to erase again").format(
                code=who.code
            )
        )
    why = _reason(who, reason)
    unit.alone()
    told = emptying.identity_of(unit.connection, who.id)
    others = sorted({key for _seq, body in told for key in _others(body, who.id)})
    emptying.empty(unit.connection, [seq for seq, _body in told])
    unit.delete(patients_identity, who.id)
    unit.update(people, who.id, who.version, erased_at=unit.now)
    unit.record("patient.erase", "patient", who.id)
    for key in others:
        _record_anew(unit, key)
    unit.access("erase", "patient", who.id, reason=why)
    return patients.by_id(unit, who.id)


def _reason(who: Patient, reason: str) -> str:
    why = texts.line(_("reason"), reason)
    for name in (who.family, who.given, who.phone, who.email):
        if name and texts.folded(name) in texts.folded(why):
            raise Refused(
                _("the reason names the person, and it stays in the trail; say it without the name")
            )
    return why


def _others(body: str, person_id: str) -> Iterator[str]:
    """Other people whose identity the same entry recorded, as an import does."""
    for change in json.loads(body)["changes"]:
        if change["table"] == patients_identity.name and change["id"] != person_id:
            yield change["id"]


def _record_anew(unit: Unit, person_id: str) -> None:
    row = unit.one(select(patients_identity).where(patients_identity.c.id == person_id))
    if row is not None:
        unit.note(patients_identity, person_id, dict(row._mapping))
        unit.record("patient.recorded", "patient", person_id)


def clean(book: Logbook) -> None:
    """Do again what erasing could not do while others had the file open."""
    if book.banner is not None:
        raise Refused(_("{banner} Nothing was changed.").format(banner=book.banner))
    scrub.clean(book.engine)
