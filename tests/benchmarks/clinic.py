"""A logbook of any size written straight through the schema: a recipe, not a data file.

The rows go past the unit of work, in blocks, with the audit trail that it would have written: the chain
verifies and the live rows match their last images. One day's session is one audit entry. Not drawn:
the full questions of a first visit, drafts, amendments, void sessions; tests write those by the front door.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hiplog import settings as places
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.record import PractitionerDraft
from hiplog.logbook import texts
from hiplog.logbook.book import Logbook
from hiplog.outcomes import kept
from hiplog.storage import canonical, chain, figures, guards, seals
from hiplog.storage.columns import Fixed, utc_text
from hiplog.storage.engine import connect, open_file
from hiplog.storage.tables import metadata

from .plan import DAY, THERAPISTS, Clinic, Person, Visit, plan

SEED = 7
BLOCK = 2_000
ZONE = "Europe/Berlin"
SIZES = (1_000, 10_000, 100_000)
NEEDLED = tuple(muscle.code for muscle in MUSCLES)[:22]
KINDS = ("BRUISE", "BLEED", "PAIN_AFT", "PAIN_DUR", "FATIGUE", "HEADACHE")
NOTES = (
    None,
    None,
    None,
    "tolerated well",
    "Tender over the trochanter; walked 20 min yesterday.",
    "=sleeps badly",
)
FAST = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "cache_size=-600000",
    "locking_mode=EXCLUSIVE",
    "foreign_keys=OFF",
    "secure_delete=OFF",
    "ignore_check_constraints=ON",
)


@dataclass(slots=True)
class Rows:
    """Rows on their way into the tables, and what the audit says of them."""

    by_table: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: str, **values: Any) -> None:
        """One row; decimals are given as the text that the audit keeps."""
        shape = SHAPES[table]
        image = shape.empty | values
        self.changes.append({"table": table, "id": image["id"], "op": "insert", "row": image})
        self.by_table.setdefault(table, []).append(
            tuple(
                float(image[n]) if n in shape.decimals and image[n] is not None else image[n]
                for n in shape.names
            )
        )


class Shape:
    """What a table looks like: its columns, an image with nothing in it, and which columns are decimals."""

    def __init__(self, name: str) -> None:
        table = metadata.tables[name]
        self.names = [column.name for column in table.columns]
        self.empty: dict[str, Any] = dict.fromkeys(self.names)
        self.decimals = {c.name for c in table.columns if isinstance(c.type, Fixed)}
        marks = ", ".join("?" * len(self.names))
        self.insert = f"INSERT INTO {name} ({', '.join(self.names)}) VALUES ({marks})"


SHAPES = {name: Shape(name) for name in metadata.tables}


def build(
    folder: Path, patients: int, seed: int = SEED, today: date | None = None, tell: bool = False
) -> Path:
    """Write a plain logbook of ``patients`` into ``folder`` and return the logbook's path."""
    began = time.perf_counter()
    day = today or datetime.now(UTC).date()
    clinic = plan(patients, seed, day)
    book = _founded(folder, clinic, day)
    path = book.settings.path
    with _bare(path) as connection:
        writer = Writer(connection, seed, day, seals.of(book.engine).current)
        writer.people(clinic)
        writer.visits(clinic)
    book = Logbook.open(book.settings, lambda: datetime.now(UTC))
    _finish(book)
    if tell:
        took = time.perf_counter() - began
        rows = writer.written
        print(
            f"{patients:,} patients, {len(clinic.visits):,} sessions, {rows:,} rows in {took:.0f} s: "
            f"{took / rows * 1e6:.1f} s a million rows, {path.stat().st_size / 1e6:,.0f} MB",
            file=sys.stderr,
        )
    return path


def _founded(folder: Path, clinic: Clinic, day: date) -> Logbook:
    kept = places.load(at=str(folder), environ={})
    first = datetime.fromordinal(min(person.hips[0][2] for person in clinic.people)).replace(tzinfo=UTC)
    owner = PractitionerDraft(code="DN01", name="Therapist 1")
    book = Logbook.create(kept, "Hip clinic", ZONE, owner, lambda: first)
    book.close()
    return book


@contextmanager
def _bare(path: Path) -> Iterator[Any]:
    """The file without guards and without indexes that can be made later, for as long as rows pour in."""
    from hiplog.storage.engine import Opening

    connection = open_file(Opening(str(path)))
    for pragma in FAST:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    later = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for name, _ in later:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("BEGIN")
    yield connection
    for _, sql in later:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.close()
    # A file left in exclusive mode without a journal goes back to how hiplog keeps one.
    open_file(Opening(str(path))).close()


def _finish(book: Logbook) -> None:
    with connect(book.opening).begin() as connection:
        guards.install(connection)
        figures.mark_everybody(connection)
    kept.settle(book.read, book.write)
    book.close()


class Writer:
    """Turns the plan into rows and audit entries, block by block."""

    def __init__(self, connection: Any, seed: int, today: date, sealing: seals.SealKey | None) -> None:
        self.sealing = sealing
        self.connection = connection
        self.luck = Random(seed)
        self.written = 0
        self.now = today.toordinal() * DAY + 20 * 60
        self.therapists = [self._founder()]
        self.hips: dict[tuple[int, int], str] = {}
        self.keys: dict[int, str] = {}
        last = "SELECT seq, row_hash FROM audit_log WHERE chain = 'record' ORDER BY seq DESC LIMIT 1"
        self.seq, self.prev = connection.execute(last).fetchone()
        self._days: dict[int, str] = {}

    def _founder(self) -> str:
        return str(self.connection.execute("SELECT id FROM practitioners").fetchone()[0])

    def people(self, clinic: Clinic) -> None:
        """The other therapists, everybody with identity and hips; a patient is two audit entries."""
        self._therapists()
        ends = {(v.person, v.hip): v.minute for v in clinic.visits}
        for start in range(0, len(clinic.people), BLOCK):
            rows = Rows()
            for person in clinic.people[start : start + BLOCK]:
                self._person(rows, person, ends)
            self._flush(rows)

    def _therapists(self) -> None:
        rows = Rows()
        for number in range(2, THERAPISTS + 1):
            self.therapists.append(self._key())
            rows.add(
                "practitioners",
                id=self.therapists[-1],
                code=f"DN{number:02}",
                name=f"Therapist {number}",
                role="therapist",
                active=True,
                version=1,
            )
            self._enter(rows, 0, "practitioner.add", "practitioner", self.therapists[-1])
        self._flush(rows)

    def _person(self, rows: Rows, person: Person, ends: dict[tuple[int, int], int]) -> None:
        key = self.keys[person.number] = self._key()
        code, at = f"P{person.number:06}", person.hips[0][2] * DAY
        rows.add(
            "patients",
            id=key,
            code=code,
            pseudonym=f"P-{self.luck.getrandbits(40):010x}",
            sex=person.sex,
            version=1,
        )
        for number, (side, cause, first) in enumerate(person.hips):
            hip = self.hips[person.number, number] = self._key()
            last = ends.get((person.number, number))
            over = last is not None and self.now - last > 90 * DAY
            rows.add(
                "episodes",
                id=hip,
                patient_id=key,
                number=number + 1,
                side=side,
                cause=cause,
                opened_on=date.fromordinal(first).isoformat(),
                version=1,
                closed_on=date.fromordinal(last // DAY + 14).isoformat() if over and last else None,
            )
        self._enter(rows, at, "patient.add", "patient", key)
        folded = texts.folded(person.family, person.given, person.family, code)[:1000]
        rows.add(
            "patients_identity",
            id=key,
            family=person.family,
            given=person.given,
            birth=person.birth.isoformat(),
            phone=person.phone,
            search_key=folded,
        )
        self._enter(rows, at, f"patient.add{chain.ERASABLE}", "patient", key)

    def visits(self, clinic: Clinic) -> None:
        """Every session with all that belongs to it; one audit entry each."""
        for start in range(0, len(clinic.visits), BLOCK):
            rows = Rows()
            for visit in clinic.visits[start : start + BLOCK]:
                self._visit(rows, visit, clinic.people[visit.person - 1].hips[visit.hip][0])
            self._flush(rows)

    def _visit(self, rows: Rows, visit: Visit, side: str) -> None:
        key, by = self._key(), self.therapists[visit.therapist]
        at, signed = self._stamp(visit.minute), self._stamp(visit.minute + 20)
        digest = hashlib.sha256(key.encode()).hexdigest()
        own = {"session_id": key}
        sites = 1 + visit.bits % 3
        needles = dict.fromkeys(
            ("needles_opened", "needles_inserted", "needles_withdrawn", "needles_to_sharps"), sites
        )
        rows.add(
            "sessions",
            id=key,
            patient_id=self.keys[visit.person],
            episode_id=self.hips[visit.person, visit.hip],
            therapist_id=by,
            number=visit.number,
            occurred_at=at,
            zone=ZONE,
            recorded_at=signed,
            status="signed",
            origin="entered",
            note=NOTES[visit.bits % len(NOTES)],
            signed_by=by,
            signed_at=signed,
            content_hash=digest,
            version=3,
            **needles,
        )
        rows.add(
            "signatures",
            id=self._key(),
            meaning="author",
            practitioner_id=by,
            zone=ZONE,
            at=signed,
            printed_name=f"Therapist {visit.therapist + 1}",
            content_hash=digest,
            **own,
        )
        rows.add(
            "screening", id=self._key(), item="ANYTHING_NEW", answer="none", rule_version="2026.1", **own
        )
        rows.add("consents", id=self._key(), form_version="2026-01", given=True, withdrawn=False, **own)
        for seq in range(1, sites + 1):
            luck = visit.bits >> (seq * 5)
            rows.add(
                "insertions",
                id=self._key(),
                seq=seq,
                muscle=NEEDLED[luck % len(NEEDLED)],
                side=side,
                target="muscle",
                diameter_mm="0.30",
                length_mm=50,
                depth_mm=15 + luck % 30,
                insertions=1 + luck % 4,
                technique="FIFO",
                twitch=("elicited", "none", "not_sought")[luck % 3],
                origin="typed",
                **own,
            )
        self._readings(rows, visit, own)
        self._asked(rows, visit, own)
        self._enter(rows, visit.minute + 20, "session.enter", "session", key)

    def _readings(self, rows: Rows, visit: Visit, own: dict[str, str]) -> None:
        for stage, value in (("before", visit.before), ("after", visit.after)):
            rows.add(
                "readings",
                id=self._key(),
                stage=stage,
                measure="NPRS",
                value=f"{value}.00",
                unit="points",
                **own,
            )
        if visit.bits >> 5 & 7 == 0:
            score = 30 + visit.bits % 50
            rows.add(
                "readings",
                id=self._key(),
                stage="before",
                measure="LEFS",
                value=f"{score}.00",
                unit="points",
                **own,
            )

    def _asked(self, rows: Rows, visit: Visit, own: dict[str, str]) -> None:
        luck = visit.bits >> 24
        self._inquiry(rows, luck, own, stage="session", reporter="therapist", follow_up_id=None)
        age = self.now - visit.minute
        key, state = self._key(), "done" if luck % 16 else "unreachable"
        if age < 2 * DAY or (luck >> 9) % 4096 == 0:
            state = "due"
        done = None if state == "due" else self._stamp(visit.minute + 50 * 60)
        rows.add(
            "follow_ups",
            id=key,
            due_at=self._stamp(visit.minute + DAY),
            closes_at=self._stamp(visit.minute + 3 * DAY),
            state=state,
            done_at=done,
            by_id=self.therapists[visit.therapist] if done else None,
            version=2 if done else 1,
            **own,
        )
        if state == "done":
            self._inquiry(rows, luck >> 7, own, stage="follow_up", reporter="patient", follow_up_id=key)

    def _inquiry(self, rows: Rows, luck: int, own: dict[str, str], **about: Any) -> None:
        key, state = self._key(), "none" if luck % 4 else "yes"
        rows.add("inquiries", id=key, asked_how="checklist", state=state, **about, **own)
        if state == "yes":
            sore = luck % 7 if about["reporter"] == "patient" else None
            rows.add(
                "reactions",
                id=self._key(),
                inquiry_id=key,
                kind=KINDS[(luck >> 2) % len(KINDS)],
                severity="mild",
                soreness=sore,
            )

    def _enter(self, rows: Rows, minute: int, action: str, entity: str, key: str) -> None:
        body = canonical.dumps({"v": 1, "changes": rows.changes})
        rows.changes = []
        at, salt = self._stamp(minute), f"{self.luck.getrandbits(128):032x}"
        told = {
            "zone": ZONE,
            "actor": "DN01",
            "action": action,
            "entity": entity,
            "entity_id": key,
            "at": at,
            "body": body,
        }
        digest = hashlib.sha256(f"{salt}\n{canonical.dumps(told)}".encode()).hexdigest()
        self.seq += 1
        hashed = chain.row_hash("record", self.seq, self.prev, digest)
        mac = None if self.sealing is None else seals.seal(self.sealing, hashed)
        row = ("record", self.seq, at, ZONE, "DN01", action, entity, key, digest, self.prev, hashed, mac)
        rows.by_table.setdefault("audit_log", []).append(row)
        rows.by_table.setdefault("audit_payloads", []).append(("record", self.seq, salt, body))
        self.prev = hashed

    def _flush(self, rows: Rows) -> None:
        for name, found in rows.by_table.items():
            self.connection.executemany(SHAPES[name].insert, found)
            self.written += len(found)

    def _key(self) -> str:
        h = f"{self.luck.getrandbits(128):032x}"
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

    def _stamp(self, minute: int) -> str:
        day, rest = divmod(minute, DAY)
        text = self._days.get(day)
        if text is None:
            text = self._days[day] = utc_text(
                datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=max(0, day - 1))
            )[:11]
        return f"{text}{rest // 60:02}:{rest % 60:02}:00.000Z"
