"""Fourteen ways to forge a logbook with another program, and which of three checks finds each.

On a plain logbook whose seals lie apart, on an encrypted one whose file key the forger has, and on one from
the time before there were seals (HMAC): there whoever may write the file can write the whole trail anew, and it
follows, so that only a head kept outside finds attack 13.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import samples
from clocks import FIRST, SetClock
from sqlcipher3 import dbapi2

from hiplog import settings
from hiplog.logbook import anchors, audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import chain, keys, seals
from hiplog.storage.columns import UtcTime

OLD = "old.db"
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
File = sqlite3.Connection


def for_forgers(book: Logbook) -> None:
    """A signed visit and four people, an old copy, four more, an anchor, and two that no anchor covers."""
    samples.signed(book)
    for n in range(4):
        samples.admit(book, f"A-{n}")


def later(book: Logbook) -> None:
    for n in range(4):
        samples.admit(book, f"B-{n}")
    anchors.note(book, "exit")
    for n in range(2):
        samples.admit(book, f"C-{n}")


@dataclass(frozen=True)
class Target:
    """A closed logbook and what its forger has: the file's key, where it is encrypted, and the seal keys."""

    places: Settings
    key: bytes | None
    ring: seals.Ring

    @property
    def path(self) -> Path:
        return self.places.path

    def connect(self, path: Path) -> File:
        """Open ``path`` with any program that can."""
        if self.key is None:
            return sqlite3.connect(path, isolation_level=None)
        file: File = dbapi2.connect(str(path), isolation_level=None)
        file.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
        return file

    def open(self) -> Logbook:
        """Open it with hiplog."""
        return Logbook.open(self.places, SetClock(), key=self.key)


@contextmanager
def forging(target: Target) -> Iterator[File]:
    """Any program at the file: guards dropped, and put back as a careful forger would."""
    with closing(target.connect(target.path)) as file:
        guards = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            file.execute(f"DROP TRIGGER {name}")
        yield file
        for _, body in guards:
            file.execute(body)


def sql(*statements: str) -> Callable[[File, Target], None]:
    def forge(file: File, _: Target) -> None:
        for statement in statements:
            assert file.execute(statement).rowcount > 0, statement

    return forge


BOTH = ("audit_payloads", "audit_log")
RECORD = "chain = 'record'"


def of(action: str, code: str) -> str:
    """The number of the entry of ``action`` about a patient, as a subquery."""
    return (
        f"(SELECT seq FROM audit_log WHERE {RECORD} AND action = '{action}' "
        f"AND entity_id = (SELECT id FROM patients WHERE code = '{code}'))"
    )


def number(file: File, action: str, code: str) -> int:
    return int(file.execute(f"SELECT {of(action, code)}").fetchone()[0])


def swap(file: File, _: Target) -> None:
    first, second = (number(file, "patient.add", code) for code in ("A-1", "A-2"))
    for table in BOTH:
        for old, new in ((first, -1), (second, first), (-1, second)):
            file.execute(f"UPDATE {table} SET seq = {new} WHERE {RECORD} AND seq = {old}")


def drop(file: File, _: Target, renumber: bool = False) -> None:
    seq = number(file, "patient.add", "A-2")
    for table in BOTH:
        file.execute(f"DELETE FROM {table} WHERE {RECORD} AND seq = {seq}")
        if renumber:
            file.execute(f"UPDATE {table} SET seq = -seq WHERE {RECORD} AND seq > {seq}")
            file.execute(f"UPDATE {table} SET seq = -seq - 1 WHERE {RECORD} AND seq < 0")


def cut(first: str) -> Callable[[File, Target], None]:
    """Everything from the admission of a patient on is gone, from the trail and from the tables."""

    def forge(file: File, _: Target) -> None:
        seq = number(file, "patient.add", first)
        gone = f"SELECT id FROM patients WHERE code >= '{first}' AND code NOT LIKE 'P-%'"
        for table, column in (("episodes", "patient_id"), ("patients_identity", "id"), ("patients", "id")):
            file.execute(f"DELETE FROM {table} WHERE {column} IN ({gone})")
        for table in BOTH:
            file.execute(f"DELETE FROM {table} WHERE {RECORD} AND seq >= {seq}")

    return forge


def old_file(file: File, target: Target) -> None:
    with closing(target.connect(target.path.with_name(OLD))) as old:
        old.backup(file)
    for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        file.execute(f"DROP TRIGGER {name}")


def rewrite(file: File, target: Target, key: seals.SealKey | None = None) -> None:
    """The value of a signed reading, the entry that recorded it, and every hash from there to the end."""
    file.execute("UPDATE readings SET value = 1 WHERE value = 6")
    query = (
        "SELECT l.*, p.salt, p.body FROM audit_log l JOIN audit_payloads p USING (chain, seq) "
        "WHERE chain = 'record' ORDER BY seq"
    )
    asked = file.execute(query)
    names = [column[0] for column in asked.description]
    before = ""
    for row in [dict(zip(names, one, strict=True)) for one in asked.fetchall()]:
        body = json.loads(row["body"])
        for change in body["changes"]:
            if change["table"] == "readings" and change["row"] and change["row"]["value"].startswith("6"):
                change["row"]["value"] = "1" + change["row"]["value"][1:]
        written = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        told: dict[str, Any] = row | {"at": UtcTime().process_result_value(row["at"], None)}  # type: ignore[arg-type]
        digest = chain.payload_digest(row["salt"], told, written)
        before = before or row["prev_hash"]
        hashed = chain.row_hash("record", row["seq"], before, digest)
        place = (row["seq"],)
        file.execute(f"UPDATE audit_payloads SET body = ? WHERE {RECORD} AND seq = ?", (written, *place))
        columns = "payload_digest = ?, prev_hash = ?, row_hash = ?, mac = ?"
        mac = seals.seal(key, hashed) if key else row["mac"]
        file.execute(
            f"UPDATE audit_log SET {columns} WHERE {RECORD} AND seq = ?",
            (digest, before, hashed, mac, *place),
        )
        before = hashed


def rewrite_with_key(file: File, target: Target) -> None:
    """The same by somebody who got hold of the seal key as well."""
    rewrite(file, target, target.ring.current)


def unsealed(file: File, target: Target) -> None:
    """Rewritten as a logbook from the time before there were seals."""
    rewrite(file, target)
    file.execute("UPDATE audit_log SET mac = NULL")
    file.execute("DELETE FROM clinic_settings WHERE id = 'seals'")


class Attack(NamedTuple):
    """What is done, and whether the chain, the state check and a head kept outside find it."""

    name: str
    forge: Callable[[File, Target], None]
    chain: bool
    state: bool
    anchor: bool
    seal: bool = False
    """Whether it is the seal alone by which the chain finds it."""


ATTACKS = (
    Attack("1 edit a live row", sql("UPDATE sessions SET note = 'nothing'"), False, True, False),
    Attack("2 delete a live row", sql("DELETE FROM readings WHERE value = 6"), False, True, False),
    Attack(
        "3 insert a live row",
        sql("INSERT INTO clinic_settings (id, value) VALUES ('motto', 'be well')"),
        False,
        True,
        False,
    ),
    Attack(
        "4 edit what an entry recorded",
        sql(
            "UPDATE audit_payloads SET body = replace(body, 'A-1', 'A-9') "
            f"WHERE {RECORD} AND seq = {of('patient.add', 'A-1')}"
        ),
        True,
        True,
        False,
    ),
    Attack(
        "5 edit the time of an entry",
        sql(f"UPDATE audit_log SET at = '2026-01-01T00:00:00.000Z' WHERE {RECORD} AND seq = 5"),
        True,
        False,
        False,
    ),
    Attack(
        "6 edit the actor of an entry",
        sql(f"UPDATE audit_log SET actor = 'DN009' WHERE {RECORD} AND seq = 5"),
        True,
        False,
        False,
    ),
    Attack("7 swap two entries", swap, True, False, False),
    Attack("8 delete an entry", drop, True, True, False),
    Attack("9 delete an entry and renumber", lambda file, target: drop(file, target, True), True, True, True),
    Attack("10 cut the end after the anchor", cut("C-0"), False, False, False),
    Attack("11 cut the end before the anchor", cut("B-2"), False, False, True),
    Attack("12 put an older file back", old_file, False, False, True),
    Attack("13 write the whole trail anew, without the key", rewrite, True, False, True, True),
    Attack("14 write the whole trail anew, with the key", rewrite_with_key, False, False, True),
    Attack("13b the same, as if there had been no seals yet", unsealed, True, False, True, True),
)


def found(book: Logbook, kept: tuple[anchors.Kept, ...]) -> tuple[bool, bool, bool]:
    def look(unit: Any) -> tuple[bool, bool, bool]:
        walked = [one for name in chain.CHAINS for one in chain.verify(unit.connection, name)]
        return bool(walked), bool(list(audit._state(unit))), bool(list(anchors.compare(unit, kept)))

    return book.read(look)


KINDS = ("plain, sealed", "encrypted, sealed", "plain, before there were seals")
NO_PLACE_FOR_KEYS = Path("/proc/no-folder-can-be-made-here")


def target_of(kind: str, folder: Path) -> Target:
    """Make the logbook that will be forged, with its old copy beside it; return it closed."""
    places = settings.load(at=str(folder), environ={})
    vault = keys.new_vault("correct horse battery", CODE, FIRST.code) if "encrypted" in kind else None
    book = Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock(), vault)
    for_forgers(book)
    ring = seals.of(book.engine)
    book.close()
    target = Target(places, vault.key if vault else None, ring)
    if "before" in kind:
        with forging(target) as file:
            sql("UPDATE audit_log SET mac = NULL", "DELETE FROM clinic_settings WHERE id = 'seals'")(
                file, target
            )
        target = replace(target, places=replace(places, seal_keys=NO_PLACE_FOR_KEYS), ring=seals.Ring())
    shutil.copy2(target.path, target.path.with_name(OLD))
    return target


@pytest.mark.parametrize("kind", KINDS)
def test_fourteen_attacks(kind: str, figures: samples.Any, tmp_path: Path) -> None:
    target = target_of(kind, tmp_path / "clinic")
    book = target.open()
    later(book)
    kept = anchors.of(str(target.places.anchors))
    assert found(book, kept) == (False, False, False)
    book.close()
    shutil.copy2(target.path, tmp_path / "whole.db")
    seen: dict[str, tuple[bool, bool, bool]] = {}
    for attack in ATTACKS:
        shutil.copy2(tmp_path / "whole.db", target.path)
        with forging(target) as file:
            attack.forge(file, target)
        book = target.open()
        seen[attack.name] = found(book, kept)
        book.close()
        marks = "  ".join("found" if one else "  –  " for one in seen[attack.name])
        figures(f"{attack.name:54}{marks}")
    by_seal = {"plain, sealed": {"13", "13b"}, "encrypted, sealed": {"13"}}.get(kind, set())
    wanted = {
        one.name: (one.chain if not one.seal else one.name.split()[0] in by_seal, one.state, one.anchor)
        for one in ATTACKS
    }
    assert seen == wanted
    assert len(seen) == 15
