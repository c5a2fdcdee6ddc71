"""An export of thirty times the rows takes no more memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bundles import told
from lived import live
from sqlalchemy import text

from hiplog.exchange import bundle
from hiplog.logbook import archive
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

SIZES = (10_000, 100_000, 300_000)
ROOM_MB = 8
EXPORT = """
import sys
from pathlib import Path
from hiplog import settings
from hiplog.exchange import bundle
from hiplog.logbook.book import Logbook
book = Logbook.open(settings.load(at=sys.argv[1], environ={}))
made = bundle.write(book, Path(sys.argv[2]), identified=True, reason="size", excel=True)
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
print(sum(made.rows.values()), int(status.split()[0]) // 1024)
"""
COUNTED = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
KEY = "printf('%08x-0000-4000-8000-%012x', i, i)"
# One row each, copied as often as wanted; what is imported or missing stands among the exclusions as well.
COPIES = {
    "patients": (1, {"id": KEY, "code": "'C' || i", "pseudonym": "'P' || i"}),
    "sessions": (1, {"id": KEY, "patient_id": KEY, "origin": "'imported'"}),
    "readings": (2, {"id": KEY, "value": "NULL", "missing_reason": "'refused'"}),
    "audit_log": (1, {"seq": "i + 100000", "prev_hash": "printf('%064x', i)", "row_hash": "printf('%064x', i + 1)"}),
    "audit_payloads": (1, {"seq": "i + 100000", "body": "hex(zeroblob(750))"}),
}  # fmt: skip
ROWS_A_COPY = 1 + 1 + 2 + 1 + 3


def enlarge(book: Logbook, first: int, last: int) -> None:
    """Lay many copies of one row into the tables, past the audit, as nobody could in use."""
    with book.engine.begin() as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table, (times, changes) in COPIES.items():
            names = archive.columns(table) if table != "audit_payloads" else ("chain", "seq", "salt", "body")
            wanted = ", ".join(changes.get(name, name) for name in names)
            one = f"(SELECT * FROM {table} WHERE {ONE.get(table, '1')} LIMIT 1)"
            counted = COUNTED.format(first=first * times + 1, last=last * times)
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({', '.join(names)}) {counted} SELECT {wanted} FROM n, {one}"
            )


ONE = {"sessions": "status = 'signed'", "audit_log": "chain = 'record'", "audit_payloads": "chain = 'record'"}


@pytest.mark.long
@pytest.mark.grown(by=live)
def test_memory_does_not_grow_with_the_rows(book: Logbook, places: Settings, tmp_path: Path) -> None:
    peaks: dict[int, int] = {}
    before = 0
    with told("memory of an export") as figures:
        for size in SIZES:
            enlarge(book, before, size // ROWS_A_COPY)
            before = size // ROWS_A_COPY
            done = subprocess.run(
                [sys.executable, "-c", EXPORT, str(places.path.parent), str(tmp_path / "bundle")],
                capture_output=True, text=True, check=True, cwd=Path(bundle.__file__).parents[2],
            )  # fmt: skip
            rows, peaks[size] = map(int, done.stdout.split())
            assert size * 0.95 < rows < size * 1.1
            figures[f"{rows} rows"] = f"{peaks[size]} MB"
    assert max(peaks.values()) - peaks[10_000] < ROOM_MB + archive.SMALL_CACHE_KB // 1024
    assert abs(peaks[300_000] - peaks[100_000]) < ROOM_MB
