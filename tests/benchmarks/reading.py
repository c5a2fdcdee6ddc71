"""What is read: search, history, the due list, charts, the audit trail."""

from __future__ import annotations

from typing import Any

from hiplog.logbook import search, texts, timeline, worklist
from hiplog.logbook import sessions as visits
from hiplog.outcomes.plot import draw
from hiplog.outcomes.points import Chart
from hiplog.storage import chain
from hiplog.storage.engine import open_file

from .bench import Bench
from .measure import Figure, Samples, figure, growth, interleave, plain, quantile

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


def finding(bench: Bench) -> list[Figure]:
    """Any substring, the first thirty by name; every query by itself, so that the slowest counts."""
    found = []
    tails: list[tuple[float, float]] = []
    for size in bench.sizes:
        book = bench.book(size)
        raw = open_file(book.opening)
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
        tails.append((size, quantile(runs["ours"], 0.99)))
        tail = {name: [quantile(took, 0.99)] for name, took in runs.items()}
        found.append(figure(6, f"search, {size:,} patients, p99", tail, 0.25, against="LIKE on 4 columns"))
        book.close()
        raw.close()
    if len(tails) > 1:
        found.append(plain(6, "search, growth of p99", growth(tails), 1.0, "k"))
    return found


def history(bench: Bench) -> list[Figure]:
    """The longest history of the log, whole and as much as a screen shows."""
    book = bench.book(bench.largest)
    raw = open_file(book.opening)
    most = "SELECT patient_id FROM sessions WHERE number BETWEEN 140 AND 160 ORDER BY number DESC LIMIT 1"
    patient = raw.execute(most).fetchone()[0]
    runs = interleave(
        {
            "ours": lambda: book.read(timeline.of, patient),
            "reference": lambda: _raw_history(raw, patient),
            "first": lambda: book.read(visits.of, patient, 40),
        },
        bench.rounds(21),
        3,
    )
    first = {"ours": runs["first"], "reference": runs["reference"]}
    book.close()
    raw.close()
    return [
        figure(10, "history of 150 visits", runs, 1.5, against="raw driver, a query a table"),
        figure(10, "its first screen, 40 visits", first, 0.5, against="raw driver, all visits"),
    ]


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


def due(bench: Bench) -> list[Figure]:
    """The follow-ups that wait, and the whole of Today at every size."""
    found, whole = [], []
    for size in bench.sizes:
        book = bench.book(size)
        raw = open_file(book.opening)
        now = book.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        runs = interleave(
            {
                "ours": lambda: book.read(worklist.due),
                "reference": lambda: raw.execute(DUE, (now,)).fetchall(),
                "today": lambda: book.read(worklist.today),
            },
            bench.rounds(15),
            2,
        )
        if size == bench.largest:
            found.append(figure(18, "due list", runs, 1.5, against="raw driver"))
        whole.append((size, quantile(runs["today"], 0.5)))
        book.close()
        raw.close()
    if len(whole) > 1:
        found.append(
            plain(
                18,
                "Today whole, growth",
                growth(whole),
                0.4,
                "k",
                note=f"{whole[-1][1] * 1e3:.1f} ms at the largest",
            )
        )
    return found


def chart(bench: Bench) -> list[Figure]:
    """Two series of two hundred visits on 100 columns and 30 rows."""
    try:
        import plotext  # type: ignore[import-not-found]
    except ModuleNotFoundError:
        return []
    ours = _chart(200)

    def other() -> None:
        plotext.clear_figure()
        plotext.plotsize(100, 30)
        plotext.plot(list(range(200)), [n % 11 for n in range(200)])
        plotext.plot(list(range(200)), [10 + n % 35 for n in range(200)])
        plotext.build()

    runs = interleave({"ours": lambda: draw(ours, 100, 30), "reference": other}, bench.rounds(15), 2)
    return [figure(19, "chart of 2 x 200 visits", runs, 0.25, against="plotext")]


def _chart(visits_: int) -> Chart:
    from .charts import long_chart

    return long_chart(visits_)


def trail(bench: Bench) -> list[Figure]:
    """Checking the chain against walking its rows."""
    size = bench.sizes[min(1, len(bench.sizes) - 1)]
    book = bench.book(size)
    raw = open_file(book.opening)
    walk = (
        "SELECT a.*, p.salt, p.body FROM audit_log a JOIN audit_payloads p ON p.chain = a.chain AND p.seq = a.seq "
        "WHERE a.chain = 'record' ORDER BY a.seq"
    )

    def walked() -> None:
        for _ in raw.execute(walk):
            pass

    def checked() -> None:
        with book.engine.connect() as connection:
            assert not list(chain.verify(connection, "record"))

    runs = interleave({"ours": checked, "reference": walked}, bench.rounds(6))
    book.close()
    raw.close()
    return [figure(20, f"audit chain, {size:,} patients", runs, 3.5, against="walking the rows")]


METRICS = {"search": finding, "history": history, "due": due, "chart": chart, "chain": trail}
