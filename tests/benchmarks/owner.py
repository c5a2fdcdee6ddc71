"""The owner's page: against plain SQL and DuckDB over the same file, asked for the heart of what it answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard
from hiplog.outcomes.filters import Filters
from hiplog.storage.engine import open_file

from .bench import Bench
from .measure import Figure, Goal, Samples, Told, figure, grown, interleave

TOO_LONG_S = 45.0
# Change of pain by visit, reactions by therapist and month, sites by muscle: less than the page answers,
# so that the reference is flattered.
CHANGES = """
WITH pain AS (
  SELECT s.episode_id, s.therapist_id, r.value,
         row_number() OVER (PARTITION BY s.episode_id ORDER BY s.occurred_at, s.number) AS visit
  FROM {log}sessions s JOIN {log}readings r ON r.session_id = s.id
  WHERE s.status = 'signed' AND r.measure = 'NPRS' AND r.stage = 'before'{only}
)
SELECT p.visit, count(*), avg(p.value - f.value), sum(CASE WHEN f.value - p.value >= 2 THEN 1 ELSE 0 END)
FROM pain p JOIN pain f ON f.episode_id = p.episode_id AND f.visit = 1 GROUP BY p.visit ORDER BY p.visit
"""
HARMS = """
SELECT s.therapist_id, substr(s.occurred_at, 1, 7), count(DISTINCT s.id), count(r.id)
FROM {log}sessions s JOIN {log}inquiries i ON i.session_id = s.id
LEFT JOIN {log}reactions r ON r.inquiry_id = i.id
WHERE s.status = 'signed'{only} GROUP BY 1, 2
"""
SITES = """
SELECT n.muscle, count(*), sum(n.insertions) FROM {log}insertions n JOIN {log}sessions s ON s.id = n.session_id
WHERE s.status = 'signed'{only} GROUP BY n.muscle
"""
QUERIES = (CHANGES, HARMS, SITES)
WAYS = {"whole": "everything", "some": "one therapist, one year"}


def page(bench: Bench) -> list[Told]:
    """The page at every size, of everything and of one therapist's year."""
    taken: dict[str, dict[int, float]] = {way: {} for way in WAYS}
    told: list[Told] = []
    note = ""
    for size in bench.sizes:
        expected = 10 * max(taken["whole"].values(), default=0.0)
        if expected > TOO_LONG_S:
            note = f"not run with {size:,} patients, where it would take some {expected:.0f} s"
            break
        with _open(bench, size) as book:
            filters = _filters(book)
            asks: dict[str, Callable[[], object]] = {
                "whole": lambda one=book: one.read(dashboard.of),  # type: ignore[misc]
                "some": lambda one=book, f=filters: one.read(dashboard.of, f),  # type: ignore[misc]
            }
            rounds = bench.rounds(9) if _once(asks["whole"]) < 0.5 else 3
            for way, samples in interleave(asks, rounds, 0).items():
                taken[way][size] = statistics.median(samples)
            last = bench.sizes[bench.sizes.index(size) + 1 :]
            if not last or 10 * taken["whole"][size] > TOO_LONG_S:
                told += _against(book, size, filters, asks, note)
    with bench.engines(bench.sizes[0]) as books:
        beside = {
            "whole": bench.beside(lambda one: one.read(dashboard.of), 3, books),
            "some": bench.beside(lambda one: one.read(dashboard.of, _filters(books["plain"])), 3, books),
        }
    told = [replace(one, **beside[way]) for one, way in zip(told, ("some", "whole"), strict=True)]  # type: ignore[type-var]
    limit = {"some": 0.6, "whole": 0.6}
    for way, words in WAYS.items():
        told += grown(12, f"dashboard, {words}", taken[way], limit[way], note)
    return told


def _open(bench: Bench, size: int) -> Any:
    from contextlib import closing

    return closing(bench.book(size))


def _filters(book: Logbook) -> Filters:
    today = book.clock().date()
    return Filters(since=today - timedelta(days=730), until=today - timedelta(days=365), therapist="DN03")


def _once(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _against(
    book: Logbook, size: int, filters: Filters, asks: dict[str, Callable[[], object]], note: str
) -> list[Told]:
    """Filtered first, as the table has it; the reference is whichever of the two ways is quicker."""
    raw = open_file(book.opening)
    duck = _duck(book.settings.path)
    who = raw.execute("SELECT id FROM practitioners WHERE code = ?", (filters.therapist,)).fetchone()[0]
    only = f" AND s.therapist_id = '{who}' AND s.occurred_at >= '{filters.since}' AND s.occurred_at < '{filters.until}'"
    goals = {"some": Goal(0.15, 0.1), "whole": Goal(0.01)}
    found: list[Told] = []
    for way in ("some", "whole"):
        rule = only if way == "some" else ""
        candidates: dict[str, Callable[[], object]] = {
            "ours": asks[way],
            "sql": lambda r=rule: [raw.execute(q.format(log="", only=r)).fetchall() for q in QUERIES],  # type: ignore[misc]
        }
        if duck is not None:
            candidates["duckdb"] = lambda r=rule: [  # type: ignore[misc]
                duck.execute(q.format(log="log.", only=r)).fetchall() for q in QUERIES
            ]
        samples = interleave(candidates, 3, 1)
        found.append(_best(samples, f"dashboard, {WAYS[way]}, {size:,} patients", goals[way], note))
    raw.close()
    return found


def _best(samples: Samples, name: str, goal: Goal, note: str) -> Figure:
    medians = {way: statistics.median(took) for way, took in samples.items() if way != "ours"}
    best = min(medians, key=medians.__getitem__)
    listed = ", ".join(f"{way} {took * 1e3:,.0f} ms" for way, took in medians.items())
    runs = {"ours": samples["ours"], "reference": samples[best]}
    against = (
        f"best of SQL and DuckDB ({best})" if "duckdb" in medians else "plain SQL (DuckDB is not installed)"
    )
    return figure(11, name, runs, goal, against=against, note="; ".join(filter(None, (listed, note))))


def _duck(path: Path) -> Any:
    """DuckDB with the file attached; its reader of SQLite comes as a package of its own."""
    with suppress(ImportError):
        import duckdb  # type: ignore[import-not-found]
        import duckdb_ext  # type: ignore[import-not-found]

        connection = duckdb.connect()
        here = Path(next(iter(duckdb_ext.__path__)))
        found = next(here.rglob("sqlite_scanner.duckdb_extension"), None)
        if found is None:
            return None
        connection.execute(f"LOAD '{found}'")
        connection.execute(f"ATTACH '{path}' AS log (TYPE sqlite, READ_ONLY)")
        return connection
    return None


METRICS = {"dashboard": page}
