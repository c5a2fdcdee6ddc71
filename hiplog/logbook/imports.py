"""What comes from another record: rows as they were, or visits signed as imported."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import String, bindparam, cast, delete, func, insert, select, update

from hiplog.clinical.errors import IntegrityFailed
from hiplog.clinical.record import EpisodeDraft, PatientDraft, Practitioner, Precaution, SessionDraft
from hiplog.language import _
from hiplog.logbook import archive, audit, clinic, patients, sealing, session_rows, signing
from hiplog.logbook.book import Logbook
from hiplog.storage import bulk, chain, figures, grants, guards
from hiplog.storage.columns import metadata
from hiplog.storage.refusals import translated
from hiplog.storage.tables import (
    audit_log,
    audit_payloads,
    clinic_settings,
    credentials,
    episodes,
    patients_identity,
    practitioners,
    sessions,
    signatures,
)
from hiplog.storage.tables import patients as people
from hiplog.storage.unit import Unit

KEY = "intake_key"
MEANING = "imported"


def is_blank(unit: Unit) -> bool:
    """Whether the logbook was founded and nothing happened since."""
    return archive.count(unit, "patients") == 0 and chain.head(unit.connection, "record").seq <= 1


def clear(unit: Unit) -> None:
    """Take out what founding put in and lay the guards aside; only for a blank logbook, before a restore."""
    if not is_blank(unit):
        raise IntegrityFailed(_("only a logbook that holds nothing yet can be filled from a bundle"))
    with translated():
        grants.take_over(unit.connection)
    _lay_guards_aside(unit)
    gone = (audit_payloads, audit_log, credentials, practitioners, clinic_settings)
    with translated(), bulk.allowed(unit.connection, *gone):
        for table in gone:
            unit.connection.execute(delete(table))


def _lay_guards_aside(unit: Unit) -> None:
    server = unit.connection.dialect.name == "postgresql"
    for rule in guards.rules():
        where = f" ON {rule.table}" if server else ""
        unit.connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {rule.name}{where}")


def restore(unit: Unit, table_name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put rows back word for word, without an audit of their own: the audit rows are among them."""
    kept = archive.records(rows, table_name)
    if kept:
        with translated():
            unit.connection.execute(insert(metadata.tables[table_name]), kept)


def relink(unit: Unit, links: Sequence[tuple[str, str]]) -> None:
    """Say of each session which one its plan was carried from, once all of them are there."""
    statement = (
        update(sessions).where(sessions.c.id == bindparam("row_id")).values(carried_from=bindparam("target"))
    )
    if links:
        with translated():
            unit.connection.execute(statement, [{"row_id": one, "target": other} for one, other in links])


def close(unit: Unit, book: Logbook) -> None:
    """Put the guards back and hold every row against the trail; ``IntegrityFailed`` where it differs.

    The seals are those of the logbook it comes from; from here on this one's own key seals.
    """
    guards.install(unit.connection)
    figures.mark_everybody(unit.connection)
    wrong = next((one for one in audit.verify(unit).findings if not one.kind.startswith("seal-")), None)
    if wrong is not None:
        raise IntegrityFailed(
            _(
                "the bundle is not what its audit trail says ({message}); nothing was written. Check "
                "the bundle with: hiplog verify"
            ).format(message=wrong.message)
        )
    sealing.adopt(unit, book.settings, book.opening)


def states(unit: Unit, keys: Sequence[str]) -> dict[str, str]:
    """Return the state of each session that is here."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), archive.KEYS_AT_ONCE):
        part = keys[start : start + archive.KEYS_AT_ONCE]
        rows = unit.all(select(sessions.c.id, sessions.c.status).where(sessions.c.id.in_(part)))
        found |= {row.id: row.status for row in rows}
    return found


def last_number(unit: Unit, table_name: str, patient_id: str) -> int:
    """Return the highest number of a patient's sessions or episodes, 0 when there is none."""
    table = metadata.tables[table_name]
    row = unit.one(select(func.max(table.c.number)).where(table.c.patient_id == patient_id))
    return int(row[0] or 0) if row else 0


def taken(unit: Unit, table_name: str, column: str, value: Any) -> str | None:
    """Return the key of the row that holds ``value``, in any case of letters, or ``None``."""
    table = metadata.tables[table_name]
    told = func.lower(cast(table.c[column], String))
    row = unit.one(select(table.c.id).where(told == str(value).lower()))
    return None if row is None else str(row.id)


def namespace(unit: Unit) -> UUID:
    """Return the secret from which keys of imported rows are made; the first import draws it.

    It is secret because a key made of a chart code alone could be guessed back to that code.
    """
    row = unit.one(select(clinic_settings.c.value).where(clinic_settings.c.id == KEY))
    if row is not None:
        return UUID(row.value)
    drawn = uuid4()
    unit.insert(clinic_settings, {"id": KEY, "value": str(drawn)})
    unit.record("clinic.intake_key", "clinic", None)
    return drawn


def add_practitioner(unit: Unit, key: str, code: str, name: str) -> None:
    """Add somebody who needled elsewhere: named in records, without a way to sign in."""
    row = {"id": key, "code": code, "name": name, "role": "therapist", "active": False, "version": 1}
    unit.insert(practitioners, row)
    unit.record("practitioner.import", "practitioner", key)


def add_patient(unit: Unit, key: str, draft: PatientDraft) -> None:
    """Add a patient under a given key."""
    kept = patients.clean(draft, unit.now.date())
    coded = {"pseudonym": f"P-{token_hex(5)}", "version": 1}
    unit.insert(people, {"id": key, "code": kept.code, "sex": kept.sex, **coded})
    unit.insert(patients_identity, {"id": key, **patients.identity(kept)})
    unit.record("patient.import", "patient", key)


def add_episode(unit: Unit, key: str, patient_id: str, draft: EpisodeDraft, opened_on: date) -> None:
    """Add an episode under a given key; the patient's next number is taken."""
    number = last_number(unit, "episodes", patient_id) + 1
    row = {"id": key, "patient_id": patient_id, "number": number, "side": draft.side, "cause": draft.cause}
    told = {
        "symptoms": " ".join(draft.symptoms) or None,
        "indication": draft.indication,
        "onset": draft.onset,
    }
    unit.insert(episodes, row | told | {"style": draft.style, "opened_on": opened_on, "version": 1})
    unit.record("episode.import", "patient", patient_id)


def add_precaution(unit: Unit, patient_id: str, kept: Precaution) -> None:
    """Add a standing fact under its own key."""
    archive.add(unit, "precautions", [asdict(kept) | {"patient_id": patient_id}])
    unit.record("precaution.import", "patient", patient_id)


def add_sessions(unit: Unit, drafts: Sequence[SessionDraft]) -> None:
    """Add visits written down elsewhere; who imports them signs for the copy, not for the visit.

    They are not held to the rules of signing, for what the source does not say must stay unsaid. Each gets
    an audit row of its own; they are written together because a table may bring a hundred thousand.
    """
    signer = clinic.practitioner(unit, unit.actor)
    who = {code: clinic.practitioner(unit, code).id for code in sorted({draft.therapist for draft in drafts})}
    states = [_state(unit, draft, who[draft.therapist]) for draft in drafts]
    numbers = _last_numbers(unit, {draft.patient for draft in drafts})
    digests = {}
    for draft, state in zip(drafts, states, strict=True):
        numbers[draft.patient] += 1
        fresh = {"number": numbers[draft.patient], "recorded_at": unit.now, "status": "draft", "version": 1}
        digests[draft.id] = hashlib.sha256(session_rows.dump(state).encode()).hexdigest()
        state["sessions"][draft.id] |= fresh
    for table in (sessions, *session_rows.CHILDREN):
        unit.insert(table, *(row for state in states for row in state[table.name].values()))
    signed = {"status": "signed", "signed_by": signer.id, "signed_at": unit.now}
    for key, digest in digests.items():
        unit.update(sessions, key, 1, **signed, content_hash=digest)
    rows = [_signature(unit, signer, key, digest) for key, digest in digests.items()]
    unit.insert(signatures, *rows)
    unit.record_each("session.import", "session", _owners(drafts, states, rows))


def _state(unit: Unit, draft: SessionDraft, therapist_id: str) -> session_rows.State:
    # Only answers carry what the rules made of them; without any there is nothing to ask the rules.
    found = signing.findings(unit, draft) if draft.screening else ()
    return session_rows.wanted(draft, therapist_id, {finding.item: finding.action for finding in found})


def _last_numbers(unit: Unit, patient_ids: Collection[str]) -> dict[str, int]:
    keys, found = list(patient_ids), dict.fromkeys(patient_ids, 0)
    for start in range(0, len(keys), archive.KEYS_AT_ONCE):
        mine = sessions.c.patient_id.in_(keys[start : start + archive.KEYS_AT_ONCE])
        query = select(sessions.c.patient_id, func.max(sessions.c.number).label("last")).where(mine)
        found |= {row.patient_id: row.last for row in unit.all(query.group_by(sessions.c.patient_id))}
    return found


def _signature(unit: Unit, signer: Practitioner, session_id: str, digest: str) -> dict[str, Any]:
    row = {"id": str(uuid5(UUID(session_id), MEANING)), "session_id": session_id, "meaning": MEANING}
    who = {"practitioner_id": signer.id, "printed_name": signer.name, "at": unit.now, "zone": unit.zone}
    return row | who | {"content_hash": digest, "reason": None}


def _owners(
    drafts: Sequence[SessionDraft], states: Sequence[session_rows.State], signed: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Map every row of these visits to the visit it belongs to."""
    owners = {row["id"]: row["session_id"] for row in signed}
    for draft, state in zip(drafts, states, strict=True):
        owners |= dict.fromkeys((key for rows in state.values() for key in rows), draft.id)
    return owners
