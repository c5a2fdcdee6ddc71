"""What goes out and comes in: the audit bundle against the sqlite3 shell, an import against one unchecked."""

from __future__ import annotations

import csv
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from hiplog import settings as places
from hiplog.clinical.record import PractitionerDraft
from hiplog.exchange import bundle, intake, layout
from hiplog.logbook.book import Logbook
from hiplog.storage.columns import metadata
from hiplog.storage.engine import open_file

from .bench import Bench
from .measure import Figure, Goal, Missing, Samples, Told, figure, grown, interleave, paired, plain, quantile

TOO_LONG_S = 60.0
SHELL = shutil.which("sqlite3")
REASON = "benchmark"


def leaving(bench: Bench) -> list[Told]:
    """Every table, with digests and the guard against formulas, and what memory that takes at each size."""
    if SHELL is None:
        return [Missing(14, "export of everything", "the sqlite3 shell is not installed")]
    told: list[Told] = []
    taken: dict[int, float] = {}
    peaks: dict[int, float] = {}
    note = ""
    for size in bench.sizes:
        expected = 10 * max(taken.values(), default=0.0)
        if expected > TOO_LONG_S:
            note = f"not run with {size:,} patients, where it would take some {expected:.0f} s"
            break
        with closing(bench.book(size)) as book:
            slow = 10 * max(taken.values(), default=0.0) > TOO_LONG_S / 3
            runs = _beside_shell(bench, book, 2 if slow else 3)
            taken[size] = statistics.median(runs["ours"])
            peaks[size] = _peak(book.settings.path.parent, bench.folder / "out")
            told = [_speed(book, size, runs)]
    with bench.engines(bench.sizes[0]) as books:
        beside = bench.beside(lambda one: _write(one, bench.folder / "out"), 3, books)
    shutil.rmtree(bench.folder / "out", ignore_errors=True)
    told[0] = replace(told[0], note="; ".join(filter(None, (told[0].note, note))), **beside)  # type: ignore[union-attr, type-var, call-arg, arg-type]
    most, least = max(peaks.values()), min(peaks.values())
    listed = ", ".join(f"{mb:.0f} MB with {size:,}" for size, mb in peaks.items())
    told.append(plain(15, "memory of the export", most, Goal(80, 40), "MB", listed))
    told.append(plain(15, "memory, largest to smallest log", most / least, Goal(1.1)))
    return [*told, *grown(14, "export of everything", taken, 1.05, note)]


def _beside_shell(bench: Bench, book: Logbook, rounds: int) -> Samples:
    target = bench.folder / "out"
    with closing(open_file(book.opening)) as raw:
        # What the entries of the trail recorded is a column of its file in a bundle, and a table here.
        tables = [sheet.source for sheet in layout.profile(True) if sheet.source is not None] + [
            "audit_payloads"
        ]
        names = [t for t in dict.fromkeys(tables) if raw.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone()]

    def shell() -> None:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        lines = [".mode csv", ".headers on"]
        for name in names:
            lines += [f".once {target / name}.csv", f"SELECT * FROM {name};"]
        told = "\n".join(lines)
        subprocess.run((str(SHELL), "-readonly", str(book.settings.path)), input=told, text=True, check=True)

    runs = interleave({"ours": lambda: _write(book, target), "reference": shell}, rounds, 0)
    shutil.rmtree(target, ignore_errors=True)
    return runs


def _write(book: Logbook, target: Path) -> float:
    shutil.rmtree(target, ignore_errors=True)
    began = time.perf_counter()
    bundle.write(book, target, identified=True, reason=REASON)
    return time.perf_counter() - began


def _speed(book: Logbook, size: int, runs: Samples) -> Figure:
    """Speed is the reference's time over ours: more is better."""
    turned = {"ours": runs["reference"], "reference": runs["ours"]}
    ratios = paired(turned, "ours", "reference")
    with closing(open_file(book.opening)) as raw:
        rows = sum(
            raw.execute(f"SELECT count(*) FROM {sheet.source}").fetchone()[0]
            for sheet in layout.profile(True)
            if sheet.source is not None
        )
    made = figure(
        14, f"export of everything, {size:,} patients: speed", turned, Goal(1.0, 1.5, at_least=True),
        against="sqlite3 shell -csv", note=f"{rows / statistics.median(runs['ours']):,.0f} rows/s",
    )  # fmt: skip
    ours, other = (statistics.median(runs[name]) * 1e3 for name in ("ours", "reference"))
    return replace(made, ours=ours, reference=other, low=quantile(ratios, 0.25), high=quantile(ratios, 0.75))


def _peak(place: Path, target: Path) -> float:
    """The most memory of a program that exports and does nothing else, with its second one's, in MB."""
    shutil.rmtree(target, ignore_errors=True)
    code = f"from tests.benchmarks.handing import export_alone; export_alone({str(place)!r}, {str(target)!r})"
    ran = subprocess.run((sys.executable, "-c", code), check=True, capture_output=True, text=True)
    shutil.rmtree(target, ignore_errors=True)
    second = float(ran.stdout.split()[-1])
    return (float(re.search(r"VmHWM:\s+(\d+)", ran.stdout)[1]) + second) / 1024  # type: ignore[index]


def export_alone(place: str, target: str) -> None:
    """Export in this process and print what the system says of its memory."""
    with closing(Logbook.open(places.load(at=place, environ={}))) as book:
        bundle.write(book, Path(target), identified=True, reason=REASON)
    print(Path("/proc/self/status").read_text(encoding="utf-8"))
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def coming(bench: Bench) -> list[Told]:
    """A whole bundle read back, every file, row and entry of the trail checked, against the rows unchecked."""
    made = bench.folder / "bundle"
    shutil.rmtree(made, ignore_errors=True)
    with closing(bench.book(bench.sizes[0])) as book:
        bundle.write(book, made, identified=True, reason=REASON)
    rows = sum(1 for path in (made / "data").glob("*.csv") for _ in path.open("rb"))
    runs = interleave(
        {"ours": lambda: _taken(bench, made), "reference": lambda: _unchecked(bench, made)},
        2 if bench.quick else 3, 0,
    )  # fmt: skip
    shutil.rmtree(made, ignore_errors=True)
    shutil.rmtree(bench.folder / "in", ignore_errors=True)
    note = f"{rows:,} rows, {rows / statistics.median(runs['ours']):,.0f} rows/s"
    return [
        figure(
            16, "import of a whole bundle, all checked", runs, Goal(2.0, 1.5),
            against="csv and executemany, unchecked", note=note,
        )
    ]  # fmt: skip


def _blank(bench: Bench) -> Logbook:
    place = bench.folder / "in"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    kept = places.load(at=str(place), environ={})
    owner = PractitionerDraft(code="DN01", name="Therapist 1")
    return Logbook.create(kept, "Hip clinic", "Europe/Berlin", owner)


def _taken(bench: Bench, made: Path) -> float:
    with closing(_blank(bench)) as book:
        began = time.perf_counter()
        taken = intake.read(book, made)
        took = time.perf_counter() - began
        assert taken.written and not taken.refused
    return took


def _unchecked(bench: Bench, made: Path) -> float:
    """The same files into tables of the same shape and indexes, without rules, guards or digests."""
    with closing(_blank(bench)) as book, closing(open_file(book.opening)) as raw:
        _bare(raw)
        began = time.perf_counter()
        raw.execute("BEGIN")
        for sheet in layout.profile(True):
            if sheet.source is not None:
                _poured(raw, made / sheet.path, sheet.source)
        raw.execute("COMMIT")
        return time.perf_counter() - began


def _bare(raw: Any) -> None:
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("PRAGMA ignore_check_constraints=ON")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    for table in reversed(metadata.sorted_tables):
        raw.execute(f"DELETE FROM {table.name}")


def _poured(raw: Any, path: Path, table: str) -> None:
    known = [column.name for column in metadata.tables[table].columns]
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        places_ = {name: header.index(name) for name in known if name in header}
        marks = ", ".join("?" * len(known))
        cells = ([row[places_[n]] or None if n in places_ else "x" for n in known] for row in lines)
        raw.executemany(f"INSERT OR IGNORE INTO {table} ({', '.join(known)}) VALUES ({marks})", cells)


METRICS = {"export": leaving, "import": coming}
