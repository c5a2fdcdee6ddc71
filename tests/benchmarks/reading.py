"""What is read: search, history, the due list, charts, the audit trail."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hiplog.logbook import search, texts, timeline, worklist
from hiplog.logbook import sessions as visits
from hiplog.logbook.book import Logbook
from hiplog.outcomes.plot import draw
from hiplog.storage import chain
from hiplog.storage.engine import open_file

from .bench import Bench
from .charts import long_chart
from .measure import Goal, Missing, Samples, Told, figure, grown, interleave, plain, quantile

WANTED = (
    "k",
    "mü",
    "ost",
    "köst",
    "wróbel",
    "P0001",
    "zzzq",
    "annegret",
    "er",
    "an",
    "böttcher",
    "P09999",
    "xq",
    "rein",
)
LIKE = (
    "SELECT p.id, p.code, i.family, i.given, i.birth FROM patients p JOIN patients_identity i ON i.id = p.id "
    "WHERE i.family LIKE ?1 OR i.given LIKE ?1 OR p.code LIKE ?1 OR i.phone LIKE ?1 ORDER BY i.family, i.given LIMIT 30"
)
PARTS = (
    "screening", "consents", "insertions", "inquiries", "readings", "advice", "co_treatments", "referrals",
    "follow_ups", "signatures", "amendments",
)  # fmt: skip
DUE = (
    "SELECT s.patient_id, p.code, i.family, i.given, s.id, s.number, e.side, e.cause, f.due_at, f.closes_at "
    "FROM follow_ups f JOIN sessions s ON s.id = f.session_id JOIN patients p ON p.id = s.patient_id "
    "JOIN episodes e ON e.id = s.episode_id LEFT JOIN patients_identity i ON i.id = p.id "
    "WHERE f.state = 'due' AND f.due_at <= ?1 ORDER BY f.due_at, s.id LIMIT 200"
)


Ask = Callable[[Logbook], object]


def finding(bench: Bench) -> list[Told]:
    """Any substring, the first thirty by name; every query by itself, so that the slowest counts."""
    found: list[Told] = []
    tails: dict[int, float] = {}
    for size in bench.sizes:
        book, raw = _open(bench, size)
        runs: Samples = {"ours": [], "reference": []}
        for text in WANTED * bench.rounds(3):
            took = interleave(
                {
                    "ours": lambda t=text: book.read(search.find, t),  # type: ignore[misc]
                    "reference": lambda t=text: raw.execute(LIKE, (f"%{texts.folded(t)}%",)).fetchall(),  # type: ignore[misc]
                },
                1, 0,
            )  # fmt: skip
            for name in runs:
                runs[name] += took[name]
        tails[size] = quantile(runs["ours"], 0.99)
        tail = {name: [quantile(took, 0.99)] for name, took in runs.items()}
        if size == bench.largest:
            note = f"of {len(runs['ours'])} questions"
            found.append(
                figure(
                    6,
                    f"search, {size:,} patients, p99",
                    tail,
                    Goal(0.25),
                    against="LIKE on 4 columns",
                    note=note,
                )
            )
            found.append(plain(6, "search, p99 within one frame", tails[size] * 1e3, Goal(16, 4), "ms"))
        book.close()
        raw.close()
    with bench.engines() as books:
        beside = bench.beside(lambda one: [one.read(search.find, t) for t in WANTED], 6, books)
    found[0] = replace(found[0], **beside)  # type: ignore[type-var]
    return [*found, *grown(6, "search, p99", tails)]


def _open(bench: Bench, size: int) -> tuple[Logbook, Any]:
    book = bench.book(size)
    return book, open_file(book.opening)


LONG = """SELECT patient_id, count(*) FROM sessions GROUP BY patient_id ORDER BY abs(count(*) - 150), patient_id LIMIT 1"""


def history(bench: Bench) -> list[Told]:
    """The history nearest to 150 visits, whole and as much as a screen shows."""
    found: list[Told] = []
    whole: dict[int, float] = {}
    for size in bench.sizes:
        book, raw = _open(bench, size)
        patient, count = raw.execute(LONG).fetchone()
        runs = interleave(
            {
                "ours": lambda: book.read(timeline.of, patient),
                "reference": lambda: _raw_history(raw, patient),
                "first": lambda: book.read(visits.of, patient, 40),
            },
            bench.rounds(21),
            3,
        )
        whole[size] = statistics.median(runs["ours"]) * 150 / count
        if size == bench.largest:
            first = {"ours": runs["first"], "reference": runs["reference"]}
            against = "raw driver, a query a table"
            found = [
                figure(10, f"history of {count} visits", runs, Goal(1.5), against=against),
                figure(10, "its first screen, 40 visits", first, Goal(0.5), against=f"{against}, all visits"),
            ]
        book.close()
        raw.close()
    with bench.engines() as books:
        with books["plain"].engine.connect() as connection:
            patient = connection.exec_driver_sql(LONG).first()[0]  # type: ignore[index]
        asks: tuple[Ask, ...] = (
            lambda one: one.read(timeline.of, patient), lambda one: one.read(visits.of, patient, 40),
        )  # fmt: skip
        sides = [bench.beside(ask, 9, books) for ask in asks]
    found = [replace(one, **side) for one, side in zip(found, sides, strict=True)]  # type: ignore[type-var]
    return [*found, *grown(10, "history, for 150 visits", whole, 0.2)]


def _raw_history(raw: Any, patient: str) -> None:
    ids = [
        row[0]
        for row in raw.execute(
            "SELECT * FROM sessions WHERE patient_id = ? ORDER BY number", (patient,)
        ).fetchall()
    ]
    marks = ", ".join("?" * len(ids))
    for table in PARTS:
        raw.execute(f"SELECT * FROM {table} WHERE session_id IN ({marks})", ids).fetchall()
    asked = (
        f"SELECT r.* FROM reactions r JOIN inquiries i ON i.id = r.inquiry_id WHERE i.session_id IN ({marks})"
    )
    raw.execute(asked, ids).fetchall()


def due(bench: Bench) -> list[Told]:
    """The follow-ups that wait, and the whole of Today at every size."""
    found: list[Told] = []
    whole: dict[int, float] = {}
    for size in bench.sizes:
        book, raw = _open(bench, size)
        now = book.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        runs = interleave(
            {
                "ours": lambda: book.read(worklist.due),
                "reference": lambda: raw.execute(DUE, (now,)).fetchall(),
                "today": lambda: book.read(worklist.today),
            },
            bench.rounds(31),
            3,
        )
        whole[size] = statistics.median(runs["today"])
        if size == bench.largest:
            rows = len(raw.execute(DUE, (now,)).fetchall())
            found.append(figure(18, f"due list, {rows} due", runs, Goal(1.5), against="raw driver"))
        book.close()
        raw.close()
    with bench.engines() as books:
        beside = bench.beside(lambda one: one.read(worklist.due), 15, books)
    found[0] = replace(found[0], **beside)  # type: ignore[type-var]
    return [*found, *grown(18, "Today, the whole screen", whole, 0.4)]


def chart(bench: Bench) -> list[Told]:
    """Two series of two hundred visits on 100 columns and 30 rows."""
    try:
        import plotext  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        return [Missing(19, "chart of 2 x 200 visits", "plotext is not installed: pip install hiplog[bench]")]
    ours = long_chart(200)
    more = long_chart(2_000)

    def other() -> None:
        plotext.clear_figure()
        plotext.plotsize(100, 30)
        plotext.plot(list(range(200)), [n % 11 for n in range(200)])
        plotext.plot(list(range(200)), [10 + n % 35 for n in range(200)])
        plotext.build()

    runs = interleave(
        {"ours": lambda: draw(ours, 100, 30), "reference": other, "more": lambda: draw(more, 100, 30)},
        bench.rounds(15), 2,
    )  # fmt: skip
    note = f"2 x 2,000 visits: {statistics.median(runs['more']) * 1e3:.1f} ms"
    took = statistics.median(runs["ours"]) * 1e3
    return [
        figure(19, "chart of 2 x 200 visits", runs, Goal(0.25, 0.1), against="plotext", note=note),
        plain(19, "the chart within one frame", took, Goal(16), "ms"),
    ]


def trail(bench: Bench) -> list[Told]:
    """Checking the chain against walking its rows."""
    size = bench.middle
    book, raw = _open(bench, size)
    walk = (
        "SELECT a.*, p.salt, p.body FROM audit_log a JOIN audit_payloads p ON p.chain = a.chain AND p.seq = a.seq "
        "WHERE a.chain = 'record' ORDER BY a.seq"
    )
    count = raw.execute("SELECT count(*) FROM audit_log WHERE chain = 'record'").fetchone()[0]

    def walked() -> None:
        for _ in raw.execute(walk):
            pass

    def checked(one: Logbook) -> None:
        with one.engine.connect() as connection:
            assert not list(chain.verify(connection, "record"))

    runs = interleave({"ours": lambda: checked(book), "reference": walked}, bench.rounds(6))
    took = statistics.median(runs["ours"])
    found = figure(
        20, f"audit chain, {size:,} patients", runs, Goal(3.5, 2.7), against="walking the rows",
        note=f"{count / took / 1e6:.2f} M entries/s",
    )  # fmt: skip
    book.close()
    raw.close()
    with bench.engines() as books:
        found = replace(found, **bench.beside(checked, 3, books))
    return [found]


METRICS = {"search": finding, "history": history, "due": due, "chart": chart, "chain": trail}
