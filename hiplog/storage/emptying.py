"""What the audit trail recorded of an identity: found for an erasure, and taken out; the digests stay."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from hiplog.storage import bulk
from hiplog.storage.chain import ERASABLE
from hiplog.storage.tables import audit_log, audit_payloads


def identity_of(connection: Connection, person_id: str) -> list[tuple[int, str]]:
    """Return the entries that recorded who ``person_id`` is, each with its body."""
    query = (
        select(audit_payloads.c.seq, audit_payloads.c.body)
        .join(
            audit_log,
            (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq),
        )
        .where(audit_log.c.chain == "record", audit_log.c.action.endswith(ERASABLE, autoescape=True))
        .where(audit_payloads.c.body.contains(person_id, autoescape=True))
        .order_by(audit_payloads.c.seq)
    )
    return [(row.seq, row.body) for row in connection.execute(query)]


def empty(connection: Connection, seqs: list[int]) -> None:
    """Take out of the trail what these entries recorded of an identity; their digests stay."""
    with bulk.allowed(connection, audit_payloads):
        for seq in seqs:
            place = (audit_payloads.c.chain == "record") & (audit_payloads.c.seq == seq)
            connection.execute(update(audit_payloads).where(place).values(body=None, salt=None))
