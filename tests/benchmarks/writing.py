"""What is written: one durable save, many rows, a backup, several writers at once."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from hiplog.clinical import screening
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Consent, Inquiry, NeedleCount, Reading, SessionDraft, new_id
from hiplog.logbook import sessions as visits
from hiplog.logbook.book import Logbook
from hiplog.settings import load, sync
from hiplog.storage import backup, figures
from hiplog.storage.engine import open_file
from hiplog.storage.tables import metadata

from .bench import Bench
from .measure import Goal, Missing, Samples, Told, figure, grown, interleave, plain

SECONDS = 4.0


def a_visit(book: Logbook, patient: str, episode: str) -> SessionDraft:
    """A returning patient's session: four sites, four readings, asked about reactions."""
    from decimal import Decimal

    sites = tuple(
        Insertion(
            muscle, "R", diameter_mm=Decimal("0.30"), length_mm=50, depth_mm=30, technique="FIFO", zone="1"
        )
        for muscle in ("GMED", "GMIN", "TFL", "PIRI")
    )
    scores = tuple(Reading(stage, "NPRS", Decimal(v)) for stage, v in (("before", 6), ("after", 4)))
    return SessionDraft(
        new_id(), patient, episode, book.actor, book.clock(), book.clinic.zone,
        screening=screening.all_clear(False), consent=Consent("2026-01", given=True), insertions=sites,
        readings=scores, inquiries=(Inquiry("session", "checklist", "therapist", "none"),),
        needles=NeedleCount(4, 4, 4, 4), note="tolerated well",
    )  # fmt: skip


def patient_of(raw: Any, skip: int) -> tuple[str, str]:
    """A patient who was here before, with the hip."""
    query = "SELECT patient_id, id FROM episodes WHERE number = 1 AND EXISTS (SELECT 1 FROM sessions s WHERE s.episode_id = episodes.id) LIMIT 1 OFFSET ?"
    return tuple(raw.execute(query, (skip,)).fetchone())  # type: ignore[return-value]


class Replayed:
    """The same rows once more by the driver itself, under fresh keys: what the file and the disk ask for."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.rows: list[tuple[str, tuple[Any, ...]]] = []
        self.last = raw.execute("SELECT max(seq) FROM audit_log WHERE chain = 'access'").fetchone()[0] or 0

    def learn(self, session: str) -> None:
        """Keep every row that a saved session has, parents before children."""
        tables = [t for t in metadata.sorted_tables if "session_id" in t.c or t.name == "sessions"]
        for table in tables:
            column = "id" if table.name == "sessions" else "session_id"
            marks = ", ".join("?" * len(table.columns))
            names = ", ".join(c.name for c in table.columns)
            query = f"SELECT {names} FROM {table.name} WHERE {column} = ?"
            insert = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"
            self.rows += [(insert, row) for row in self.raw.execute(query, (session,)).fetchall()]
        self.session = session
        order = "ORDER BY a.seq DESC LIMIT 1"
        joined = "audit_log a JOIN audit_payloads p ON p.chain = a.chain AND p.seq = a.seq"
        self.log = self.raw.execute(
            f"SELECT a.* FROM {joined} WHERE a.entity_id = ? {order}", (session,)
        ).fetchone()
        self.body = self.raw.execute(
            f"SELECT p.* FROM {joined} WHERE a.entity_id = ? {order}", (session,)
        ).fetchone()

    def __call__(self) -> None:
        """One immediate transaction, one commit; the trail's row goes to the other chain."""
        keys = {row[0]: new_id() for _, row in self.rows}
        number = random.randrange(1_000, 2**31)
        run = self.raw.execute
        run("BEGIN IMMEDIATE")
        for insert, row in self.rows:
            fresh = tuple(keys.get(cell, cell) for cell in row)
            if insert.startswith("INSERT INTO sessions"):
                names = insert[insert.index("(") + 1 : insert.index(")")].split(", ")
                fresh = tuple(
                    {"number": number, "status": "draft", "signed_by": None, "signed_at": None}.get(n, c)
                    for n, c in zip(names, fresh, strict=True)
                )
            run(insert, fresh)
        self.last += 1
        h = f"{random.getrandbits(256):064x}"
        log = ("access", self.last, *self.log[2:9], h, h[::-1], None)
        run(f"INSERT INTO audit_log VALUES ({', '.join('?' * len(log))})", log)
        run("INSERT INTO audit_payloads VALUES (?, ?, ?, ?)", ("access", self.last, *self.body[2:]))
        run("COMMIT")


def save(bench: Bench) -> list[Told]:
    """A whole session signed in one action against the same rows by the driver."""
    found: list[Told] = []
    with bench.copy(bench.middle) as book:
        samples = _saving(book, bench.rounds(60))
        found.append(
            figure(
                8, "durable save of a session", samples, Goal(2.0, 1.5),
                against="raw driver, the same rows, WAL FULL",
            )
        )  # fmt: skip
        counting = _counting(book, bench.rounds(40))
        place = book.settings.path.parent
        kib = _written(book)
        syncs = _syncs(place)
    if shutil.which("strace") is None:
        found.append(Missing(8, "fdatasync a save", "strace is not installed"))
    else:
        found.append(plain(8, "fdatasync a save", syncs, Goal(1)))
    found.append(
        figure(
            13, "what the owner's figures cost a save", counting, Goal(1.6, 1.3),
            against="a save that does not note whom it touched",
        )
    )  # fmt: skip
    note = f"{kib['raw']:.0f} KiB by the raw driver, the same rows"
    found.append(plain(8, "written a save", kib["ours"], Goal(64, 40), "KiB", note))
    with bench.engines() as books:
        turns = {name: _turns(one) for name, one in books.items()}
        beside = bench.beside(lambda one: _enter(one, turns), 20, books)
    found[0] = replace(found[0], **beside)  # type: ignore[type-var]
    sizes = {size: _median_save(bench, size) for size in bench.sizes}
    return [*found, *grown(8, "durable save", sizes, 0.1)]


def _saving(book: Logbook, rounds: int) -> Samples:
    raw = open_file(book.opening)
    people = [patient_of(raw, n * 7) for n in range(60)]
    turn = iter(people * 20)
    replayed = Replayed(raw)
    replayed.learn(book.write(visits.enter, a_visit(book, *people[0]), signed=True))
    runs = interleave(
        {
            "ours": lambda: book.write(visits.enter, a_visit(book, *next(turn)), signed=True),
            "reference": replayed,
        },
        rounds,
        3,
    )
    raw.close()
    return runs


def _counting(book: Logbook, rounds: int) -> Samples:
    """The same save with and without the note for the figures, which is all that they cost it."""
    turns = {"only": _turns(book)}

    def without() -> None:
        with patch.object(figures, "mark", lambda *_: None):
            _enter(book, turns)

    return interleave({"ours": lambda: _enter(book, turns), "reference": without}, rounds, 3)


def _median_save(bench: Bench, size: int) -> float:
    """Into the kept logbook itself: some dozen visits more are nothing beside what it holds."""
    book = bench.book(size)
    turns = {"only": _turns(book)}
    took = interleave({"ours": lambda: _enter(book, turns)}, bench.rounds(20), 3)["ours"]
    book.close()
    return statistics.median(took)


def _turns(book: Logbook) -> Iterator[tuple[str, str]]:
    """Patients who were here before, with their hip, one after the other and again."""
    query = (
        "SELECT e.patient_id, e.id FROM episodes e WHERE e.number = 1 "
        "AND EXISTS (SELECT 1 FROM sessions s WHERE s.episode_id = e.id) ORDER BY e.id LIMIT 60"
    )
    with book.engine.connect() as connection:
        people = [tuple(row) for row in connection.exec_driver_sql(query)]
    return cycle(people)  # type: ignore[arg-type]


def _enter(book: Logbook, turns: dict[str, Iterator[tuple[str, str]]]) -> None:
    mine = turns.get("only") or turns[_engine(book)]
    book.write(visits.enter, a_visit(book, *next(mine)), signed=True)


def _engine(book: Logbook) -> str:
    if not book.opening.is_file:
        return "server"
    return "plain" if book.opening.key is None else "encrypted"


def _written(book: Logbook) -> dict[str, float]:
    """What twenty saves add to the WAL, in KiB a save."""
    raw = open_file(book.opening)
    people = [patient_of(raw, n * 11) for n in range(21)]
    raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with book.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
    replayed = Replayed(raw)
    replayed.learn(book.write(visits.enter, a_visit(book, *people[0]), signed=True))
    ours = _wal_growth(book, lambda n: book.write(visits.enter, a_visit(book, *people[n]), signed=True))
    other = _wal_growth(book, lambda n: replayed())
    raw.close()
    return {"ours": ours, "raw": other}


def _wal_growth(book: Logbook, save_one: Any) -> float:
    wal = book.settings.path.with_name("hiplog.db-wal")
    before = wal.stat().st_size
    for number in range(1, 21):
        save_one(number)
    return (wal.stat().st_size - before) / 20 / 1024


def _syncs(place: Path) -> float:
    if shutil.which("strace") is None:
        return float("nan")
    # What a start and an end cost falls out of the difference.
    return (_traced(place, 20) - _traced(place, 10)) / 10


def _traced(place: Path, count: int) -> int:
    code = f"from tests.benchmarks.writing import saves; saves({str(place)!r}, {count})"
    ran = subprocess.run(
        ("strace", "-f", "-e", "trace=fdatasync,fsync", sys.executable, "-c", code),
        check=True,
        capture_output=True,
        text=True,
    )
    return len(re.findall(r"sync\(\d+", ran.stderr))


def saves(place: str, count: int) -> None:
    """So many saves in this process, checkpoints left for later."""
    book = Logbook.open(load(at=place, environ={}))
    with book.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
    raw = open_file(book.opening)
    raw.execute("PRAGMA wal_autocheckpoint=0")
    for number in range(count):
        book.write(visits.enter, a_visit(book, *patient_of(raw, 200 + number)), signed=True)
    os._exit(0)


def copying(bench: Bench) -> list[Told]:
    """The bytes of a backup, without the checks that follow, against cp and a sync; and the whole of it."""
    size = bench.middle
    book = bench.book(size)
    target = bench.folder / "copy.db"

    def copied() -> None:
        target.unlink(missing_ok=True)
        shutil.copy(book.settings.path, target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())

    def ours() -> None:
        target.unlink(missing_ok=True)
        target.touch()
        backup._fill(book.engine, target, book.opening, None)
        sync(target)

    runs = interleave({"ours": ours, "reference": copied}, bench.rounds(5))
    target.unlink(missing_ok=True)
    book.close()
    return [figure(21, f"backup, {size:,} patients", runs, Goal(3.0), against="cp + fsync")]


def writers(bench: Bench) -> list[Told]:
    """Eight programs that save back to back against one, in turns."""
    with bench.copy(bench.sizes[0], "written") as book:
        place = book.settings.path.parent
        told = [(_round(place, 1), _round(place, 8)) for _ in range(1 if bench.quick else 3)]
    shares = [eight.rate / one.rate for one, eight in told]
    middle = sorted(shares)[len(shares) // 2]
    alone, together = told[shares.index(middle)]
    again = [one for pair in told for one in pair]
    return [
        plain(
            22, "8 writers: saves/s of one", middle, Goal(0.85, at_least=True),
            note=f"{alone.rate:.0f} and {together.rate:.0f} saves/s",
        ),
        plain(22, "8 writers: worst wait", max(one.worst for one in again), Goal(0.5), "s"),
        plain(22, "8 writers: least to most", min(one.fairness for one in again), Goal(0.5, at_least=True)),
        plain(22, "8 writers: failed or lost", sum(one.failed for one in again), Goal(0)),
    ]  # fmt: skip


class Round(NamedTuple):
    """What so many writers did: saves a second, the longest save, fewest to most, and what went wrong."""

    rate: float
    worst: float
    fairness: float
    failed: int


def _round(place: Path, count: int) -> Round:
    queue: Any = multiprocessing.Queue()
    start: Any = multiprocessing.Barrier(count)
    running = [
        multiprocessing.Process(target=_writer, args=(str(place), n, start, queue)) for n in range(count)
    ]
    for one in running:
        one.start()
    told = [queue.get(timeout=120) for _ in running]
    for one in running:
        one.join()
    book = Logbook.open(load(at=str(place), environ={}))
    raw = open_file(book.opening)
    kept = {row[0] for row in raw.execute("SELECT id FROM sessions").fetchall()}
    lost = sum(key not in kept for _, keys, _ in told for key in keys)
    raw.close()
    book.close()
    saved = [len(keys) for _, keys, _ in told]
    waits = [wait for found, _, _ in told for wait in found]
    failed = lost + sum(bad for _, _, bad in told)
    return Round(sum(saved) / SECONDS, max(waits), min(saved) / max(saved), failed)


def _writer(place: str, number: int, start: Any, queue: Any) -> None:
    book = Logbook.open(load(at=place, environ={}))
    raw = open_file(book.opening)
    people = [patient_of(raw, number * 20 + n) for n in range(20)]
    raw.close()
    start.wait()
    took, keys, failed = [], [], 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        draft = a_visit(book, *people[len(keys) % 20])
        began = time.perf_counter()
        try:
            keys.append(book.write(visits.enter, draft, signed=True))
        except Exception:
            failed += 1
        took.append(time.perf_counter() - began)
    queue.put((took, keys, failed))
    book.close()


def bulk(bench: Bench) -> list[Told]:
    """Rows put back word for word, as a restore does, against executemany."""
    with bench.copy(bench.sizes[0]) as book:
        return [_bulk(bench, book)]


def _bulk(bench: Bench, book: Logbook) -> Told:
    from hiplog.logbook import imports

    raw = open_file(book.opening)
    session = raw.execute("SELECT id FROM sessions LIMIT 1").fetchone()[0]
    raw.execute("DROP TRIGGER guard_readings_INSERT".lower())
    names = [c.name for c in metadata.tables["readings"].columns]
    insert = f"INSERT INTO readings ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    count = 5_000 if bench.quick else 20_000

    def fresh() -> list[dict[str, Any]]:
        empty = dict.fromkeys(names)
        return [
            empty
            | {
                "id": new_id(),
                "session_id": session,
                "stage": "before",
                "measure": "NPRS",
                "value": "5.00",
                "unit": "points",
            }
            for _ in range(count)
        ]

    def ours() -> float:
        rows, began = fresh(), time.perf_counter()
        book.write(imports.restore, "readings", rows)
        return time.perf_counter() - began

    def other() -> float:
        rows = [tuple({**row, "value": 5.0}.values()) for row in fresh()]
        began = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(insert, rows)
        raw.execute("COMMIT")
        return time.perf_counter() - began

    runs = interleave({"ours": ours, "reference": other}, bench.rounds(6))
    raw.close()
    return figure(17, f"bulk load, {count:,} rows", runs, Goal(1.3, 1.05), against="raw executemany")


METRICS = {"save": save, "backup": copying, "writers": writers, "bulk": bulk}
