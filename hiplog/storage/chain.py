"""The hash chain over audit rows: append, walk, head.

Each row holds ``payload_digest = SHA-256(salt, what was done and the row images)`` and
``row_hash = SHA-256(version, chain, seq, previous hash, payload digest)``. The salt and the images stand
in a table of their own, so identity can be erased and the chain still verifies, and short values
cannot be guessed back from a digest. Two chains are kept: ``record`` (every change of the logbook) and
``access`` (exports, checks, backups), so that looking does not alter the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, select, true
from sqlalchemy import text as sql

from hiplog.errors import Refused
from hiplog.language import _
from hiplog.storage import canonical, kept, quick, seals
from hiplog.storage.tables import audit_log, audit_payloads, clinic_settings
from hiplog.storage.times import utc_text

Chain = Literal["record", "access"]
CHAINS: tuple[Chain, ...] = ("record", "access")
FORMAT = "hiplog-audit-v1"
GENESIS = "genesis"
# Only what an action with this ending recorded may ever be emptied.
ERASABLE = ".identity"
TOLD = ("zone", "actor", "action", "entity", "entity_id")
REPLACED = _(
    "this logbook was filled from a bundle while it was open here; close hiplog and "
    "open it again. Nothing was saved"
)
# Any fixed number does: it names the lock that serialises appends on PostgreSQL.
APPEND_LOCK = 4_857_476


@dataclass(frozen=True, slots=True)
class Entry:
    """What one user action did: ``body`` is canonical JSON of the row images it wrote."""

    chain: Chain
    at: datetime
    zone: str
    actor: str
    action: str
    entity: str
    entity_id: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many rows, and the hash of the last."""

    chain: str
    seq: int
    row_hash: str


_GENESIS = select(clinic_settings.c.value).where(clinic_settings.c.id == GENESIS)
_HEAD = (
    select(audit_log.c.seq, audit_log.c.row_hash)
    .where(audit_log.c.chain == bindparam("on"))
    .order_by(audit_log.c.seq.desc())
    .limit(1)
)


def genesis(connection: Connection) -> str:
    """Return the hash that the first row of either chain follows."""
    return str(connection.execute(_GENESIS).scalar())


def head(connection: Connection, chain: Chain) -> Head:
    """Return the current end of ``chain``."""
    row = connection.execute(_HEAD, {"on": chain}).first()
    return Head(chain, row.seq, row.row_hash) if row else Head(chain, 0, genesis(connection))


def includes(connection: Connection, end: Head) -> bool:
    """Whether ``end`` is an entry of the trail, or its very beginning."""
    if end.seq == 0:
        return end.row_hash == genesis(connection)
    query = select(audit_log.c.row_hash).where(audit_log.c.chain == end.chain, audit_log.c.seq == end.seq)
    return bool(connection.execute(query).scalar() == end.row_hash)


def append(connection: Connection, entries: list[Entry]) -> str | None:
    """Add ``entries`` to the ends of their chains, inside the caller's transaction; return the last hash."""
    if not entries:
        return None
    lock(connection)
    ring = seals.of(connection)
    key = ring.current
    if ring.genesis is not None and ring.genesis != genesis(connection):
        raise Refused(REPLACED)
    ends: dict[str, Head] = {name: head(connection, name) for name in CHAINS}
    if key is not None:
        seals.take_up(connection, key, ends["record"].seq + 1, ends["access"].seq + 1)
    rows, payloads = [], []
    for entry in entries:
        row, payload = _row(entry, ends[entry.chain], token_hex(16))
        row["mac"] = seals.seal(key, row["row_hash"]) if key is not None else None
        ends[entry.chain] = Head(entry.chain, row["seq"], row["row_hash"])
        rows.append(row)
        payloads.append(payload)
    kept.insert(connection, audit_log, rows)
    kept.insert(connection, audit_payloads, payloads)
    return str(rows[-1]["row_hash"])


def holds(connection: Connection, hashed: str) -> bool:
    """Whether the row with this hash was committed; waits for every transaction that could still do it."""
    lock(connection)
    query = select(audit_log.c.seq).where(audit_log.c.row_hash == hashed)
    return connection.execute(query).first() is not None


def lock(connection: Connection) -> None:
    """Let one writer at a time go on until its commit; on SQLite every writing transaction does."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": APPEND_LOCK})


def _row(entry: Entry, end: Head, salt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    what = {
        "at": entry.at,
        "zone": entry.zone,
        "actor": entry.actor,
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
    }
    place = {"chain": entry.chain, "seq": end.seq + 1}
    digest = payload_digest(salt, what, entry.body)
    hashed = row_hash(entry.chain, end.seq + 1, end.row_hash, digest)
    row = {
        **place,
        **what,
        "payload_digest": digest,
        "prev_hash": end.row_hash,
        "row_hash": hashed,
    }
    return row, {**place, "salt": salt, "body": entry.body}


def payload_digest(salt: str, what: Mapping[str, Any], body: str) -> str:
    """Digest of what was done; ``what`` has at, zone, actor, action, entity and entity_id."""
    told = {name: what[name] for name in TOLD}
    stamped = {**told, "at": utc_text(what["at"]), "body": body}
    return _sha(f"{salt}\n{canonical.dumps(stamped)}")


def row_hash(chain: str, seq: int, prev_hash: str, digest: str) -> str:
    """Hash of one row, which the next row carries on."""
    return _sha(f"{FORMAT}\0{chain}\0{seq}\0{prev_hash}\0{digest}")


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: ``kind`` is a code, ``message`` a sentence, ``seq`` the row of the chain."""

    kind: str
    message: str
    chain: str | None = None
    seq: int | None = None
    table: str | None = None
    row: str | None = None


def verify(connection: Connection, chain: Chain, last: int | None = None) -> Iterator[Finding]:
    """Walk ``chain`` from its genesis and yield everything that does not follow.

    With ``last`` only so many of its newest rows are walked; what stands before them is taken as it is.
    """
    before = beginning(connection, chain, last)
    joined = audit_log.outerjoin(
        audit_payloads,
        (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq),
    )
    query = (
        select(audit_log, audit_payloads.c.salt, audit_payloads.c.body, audit_payloads.c.seq.label("kept"))
        .select_from(joined)
        .where(audit_log.c.chain == chain, audit_log.c.seq > before.seq if last else true())
        .order_by(audit_log.c.seq)
    )
    names = [str(column.key) for column in query.selected_columns]
    said = seals.periods(connection)
    ring = _fitting(connection, seals.placed(seals.of(connection), said))
    watch = seals.Watch(chain, ring, said, vouched(connection, ring))
    try:
        for row in quick.rows(connection, query):
            seq, mac, hashed = row[1], row[11], row[10]
            if not _in_order(row, before):
                yield from _judge(quick.named(names, row), before)
            watch.see(seq, hashed, mac)
            before = Head(chain, seq, hashed)
    except (ValueError, TypeError):
        seq = before.seq + 1
        yield _found("altered-row", _("row {seq} holds what cannot be read"), chain, seq)
    yield from (Finding(kind, message, chain, seq) for kind, message, seq in watch.wrong())
    if last is None:
        yield from _orphans(connection, chain)


def beginning(connection: Connection, chain: Chain, last: int | None) -> Head:
    """Return the row before the newest ``last`` ones; where that is none, or for ``None``, the genesis."""
    start = 0 if last is None else head(connection, chain).seq - last
    query = select(audit_log.c.seq, audit_log.c.row_hash).where(audit_log.c.chain == chain)
    newest = query.where(audit_log.c.seq <= start).order_by(audit_log.c.seq.desc()).limit(1)
    row = connection.execute(newest).first() if start > 0 else None
    return Head(chain, row.seq, row.row_hash) if row else Head(chain, 0, genesis(connection))


def _in_order(row: Sequence[Any], before: Head) -> bool:
    """Whether nothing is wrong with a row of :func:`verify`, asked quickly; :func:`_judge` says what is."""
    chain, seq, at, zone, actor, action, entity, entity_id, digest, prev, hashed, _, salt, body, _ = row
    if seq != before.seq + 1 or prev != before.row_hash or body is None:
        return False
    try:
        told = quick.entry(action, actor, at, body, entity, entity_id, zone)
    except TypeError:
        return False
    return bool(digest == _sha(f"{salt or ''}\n{told}") and hashed == row_hash(chain, seq, prev, digest))


def _fitting(connection: Connection, ring: seals.Ring) -> seals.Ring:
    """The keys, or none where the logbook was filled from a bundle since they were found for its trail."""
    replaced = ring.genesis is not None and ring.genesis != genesis(connection)
    return seals.Ring() if replaced else ring


def vouched(connection: Connection, ring: seals.Ring) -> seals.Vouched:
    """Return what entries that a key at hand has sealed say of seals that cannot be checked here."""
    place = (audit_log.c.chain == audit_payloads.c.chain) & (audit_log.c.seq == audit_payloads.c.seq)
    query = (
        select(audit_log, audit_payloads.c.salt, audit_payloads.c.body)
        .join(audit_payloads, place)
        .where(audit_log.c.chain == "access", audit_log.c.action.in_((seals.ANEW, seals.BROUGHT)))
    )
    given_up: set[str] = set()
    brought: list[tuple[int, int]] = []
    try:
        for row in connection.execute(query).mappings():
            if not _sealed(dict(row), ring):
                continue
            facts = json.loads(row["body"])["facts"]
            given_up.update(facts.get("given_up", ()))
            brought += [(int(first), int(last)) for first, last in facts.get("entries", ())]
    except (ValueError, TypeError, KeyError):
        # What cannot be read vouches for nothing; the walk of its own chain says what is wrong with it.
        pass
    return seals.Vouched(frozenset(given_up), tuple(brought))


def _sealed(row: Mapping[str, Any], ring: seals.Ring) -> bool:
    if row["body"] is None or row["mac"] is None:
        return False
    digest = payload_digest(row["salt"] or "", row, row["body"])
    hashed = row_hash(row["chain"], row["seq"], row["prev_hash"], digest)
    return hashed == row["row_hash"] and ring.holds(hashed, row["mac"])


def unsealed(connection: Connection, ring: seals.Ring) -> list[tuple[int, int]]:
    """Return the runs of entries of the record that no key of ``ring`` has sealed."""
    query = select(audit_log.c.seq, audit_log.c.row_hash, audit_log.c.mac).where(
        audit_log.c.chain == "record"
    )
    runs: list[tuple[int, int]] = []
    for row in connection.execute(query.order_by(audit_log.c.seq).execution_options(yield_per=1000)):
        if row.mac is not None and ring.holds(row.row_hash, row.mac):
            continue
        if runs and runs[-1][1] == row.seq - 1:
            runs[-1] = (runs[-1][0], row.seq)
        else:
            runs.append((row.seq, row.seq))
    return runs


def walk(connection: Connection, chain: Chain) -> Iterator[Finding]:
    """Walk the links of ``chain`` alone, for a login that may not read what the rows recorded."""
    kept = select(audit_payloads.c.seq).where(audit_payloads.c.chain == chain).scalar_subquery()
    there = audit_log.c.seq.in_(kept).label("there")
    query = select(audit_log, there).where(audit_log.c.chain == chain).order_by(audit_log.c.seq)
    before = Head(chain, 0, genesis(connection))
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        yield from _follows(dict(row), before)
        if not row["there"]:
            yield _found("missing-payload", _("row {seq} lost what it recorded"), chain, row["seq"])
        before = Head(chain, row["seq"], row["row_hash"])


def _orphans(connection: Connection, chain: Chain) -> Iterator[Finding]:
    # A payload that no row of the chain vouches for could make an altered record look right.
    vouched = select(audit_log.c.seq).where(audit_log.c.chain == chain)
    query = select(audit_payloads.c.seq).where(
        audit_payloads.c.chain == chain, audit_payloads.c.seq.not_in(vouched)
    )
    for row in connection.execute(query.order_by(audit_payloads.c.seq)):
        yield _found("orphan-payload", _("what row {seq} recorded is there, the row is not"), chain, row.seq)


def _found(kind: str, sentence: str, chain: str, seq: int, **places: int) -> Finding:
    return Finding(kind, sentence.format(seq=seq, **places), chain, seq)


def _follows(row: Mapping[str, Any], before: Head) -> Iterator[Finding]:
    chain, seq = row["chain"], row["seq"]
    if seq != before.seq + 1:
        yield _found(
            "gap", _("row {seq} follows row {last}; rows between are missing"), chain, seq, last=before.seq
        )
    if row["prev_hash"] != before.row_hash:
        yield _found("broken-link", _("row {seq} does not follow the row before it"), chain, seq)
    if row["row_hash"] != row_hash(chain, seq, row["prev_hash"], row["payload_digest"]):
        yield _found("altered-row", _("row {seq} was altered"), chain, seq)


def _judge(row: Mapping[str, Any], before: Head) -> Iterator[Finding]:
    chain, seq = row["chain"], row["seq"]
    yield from _follows(row, before)
    if row["kept"] is None:
        yield _found("missing-payload", _("row {seq} lost what it recorded"), chain, seq)
    elif row["body"] is None:
        if not row["action"].endswith(ERASABLE):
            yield _found("missing-payload", _("what row {seq} recorded was emptied"), chain, seq)
    elif row["payload_digest"] != payload_digest(row["salt"] or "", row, row["body"]):
        yield _found("altered-payload", _("what row {seq} recorded was altered"), chain, seq)


def count(connection: Connection, chain: Chain) -> int:
    """Return the number of rows in ``chain``."""
    query = select(func.count()).select_from(audit_log).where(audit_log.c.chain == chain)
    return int(connection.execute(query).scalar_one())


def first_hash(identity: str, made_at: datetime) -> str:
    """The genesis of a new logbook, from its random identity and the time it was made."""
    return _sha(f"{FORMAT}\0{identity}\0{utc_text(made_at)}")
