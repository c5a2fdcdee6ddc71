"""A hundred thousand foreign rows: told how far it is, and when stopped nothing is half done."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bundles import blank, told
from test_intake import HEAD, WIDE

from hiplog.exchange import bundle, intake
from hiplog.logbook import audit, patients, sessions
from hiplog.logbook.book import Logbook

ROWS, SITES_A_VISIT, VISITS_A_PATIENT = 100_000, 10, 10
MUSCLES = ("gmed", "gmin", "gmax", "piri", "tfl")
STOPPED = 130
HIPLOG = "import sys; from hiplog.cli import main; sys.exit(main())"


def lines(rows: int) -> Iterator[str]:
    """One row a needle site: ten sites a visit, ten visits a patient."""
    yield HEAD
    for row in range(rows):
        visit, site = divmod(row, SITES_A_VISIT)
        patient, number = divmod(visit, VISITS_A_PATIENT)
        who = f"K{patient:05d},Family {patient},Given,02/03/1956,f,right"
        seen = f"{number + 1},{number + 1:02d}/04/2024,seen {visit},9,9"
        length = 40 + 5 * (site % 4)
        yield f"{who},{seen},{MUSCLES[site % 5]},right,{length},{visit % 11},{visit % 7}"


def table(folder: Path, rows: int) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    (folder / "old.csv").write_text("\n".join(lines(rows)) + "\n", encoding="utf-8")
    (folder / "map.toml").write_text(WIDE, encoding="utf-8")
    return folder / "old.csv", folder / "map.toml"


def is_untouched(book: Logbook, before: object) -> bool:
    """Whether a logbook is as it was: no patient, no row of the trail, nothing that does not follow."""
    whole = book.read(audit.verify)
    return (whole.findings, len(book.read(patients.everyone)), whole.heads) == ((), 0, before)


class Bar:
    """What a person sees; it can be told to stop at a share of one part of the work."""

    def __init__(self, part: str = "", share: float = 2.0) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.part, self.share = part, share

    def __call__(self, part: str, done: int, total: int) -> None:
        self.told.append((part, done, total))
        if part == self.part and done >= self.share * total:
            raise KeyboardInterrupt


@pytest.mark.long
def test_a_hundred_thousand_rows_with_progress(tmp_path: Path, blank_logbook: Path) -> None:
    book, bar = blank(tmp_path / "clinic", blank_logbook), Bar()
    source, mapping = table(tmp_path / "old", ROWS)
    visits = ROWS // SITES_A_VISIT
    with told("import of foreign rows") as figures:
        taken = intake.read(book, source, mapping=mapping, progress=bar)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        figures |= {"rows": ROWS, "visits": visits, "told": len(bar.told), "memory": f"{peak} MB"}
    assert (taken.written, taken.refused) == (True, ())
    assert (taken.rows["sessions"], taken.rows["insertions"]) == (visits, ROWS)
    for part, most in (("lines", ROWS), ("sessions", visits)):
        done = [now for name, now, _ in bar.told if name == part]
        assert done == sorted(done)
        assert len(done) >= 50
        assert done[-1] == most
        assert all(now <= total for name, now, total in bar.told if name == part)
    last = book.read(sessions.of, book.read(patients.get, "K00999").id)[-1]
    assert (last.number, last.note, len(last.insertions)) == (10, f"seen {visits - 1}", 10)
    assert book.read(audit.verify).findings == ()
    book.close()


@pytest.mark.parametrize(
    ("part", "share"), [("lines", 0.5), ("sessions", 0.1), ("sessions", 0.6), ("sessions", 1.0)]
)
def test_stopped_anywhere_nothing_is_half_done(
    tmp_path: Path, blank_logbook: Path, part: str, share: float
) -> None:
    book = blank(tmp_path / "clinic", blank_logbook)
    before = book.read(audit.verify).heads
    source, mapping = table(tmp_path / "old", 9_000)
    with pytest.raises(KeyboardInterrupt):
        intake.read(book, source, mapping=mapping, progress=Bar(part, share))
    assert is_untouched(book, before)
    small, _ = table(tmp_path / "small", 200)
    assert intake.read(book, small, mapping=mapping).rows["sessions"] == 20
    book.close()


@pytest.mark.long
def test_the_stop_key_ends_an_import_and_nothing_is_written(tmp_path: Path, blank_logbook: Path) -> None:
    book = blank(tmp_path / "clinic", blank_logbook)
    before = book.read(audit.verify).heads
    source, mapping = table(tmp_path / "old", 30_000)
    words = ["--at", str(book.settings.path.parent), "import", str(source), "--map", str(mapping)]
    mine, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", HIPLOG, *words], stdout=subprocess.PIPE, stderr=theirs, stdin=theirs,
        cwd=Path(bundle.__file__).parents[2], env=os.environ | {"TERM": "xterm"},
        # Run in the background, a shell lets its children ignore the stop key.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    os.close(theirs)
    seen = read_until(mine, b"import sessions")
    child.send_signal(signal.SIGINT)
    seen += read_until(mine, b"stopped")
    out, _ = child.communicate(timeout=60)
    os.close(mine)
    assert (child.returncode, out) == (STOPPED, b"")
    assert b"import lines" in seen
    assert b"hiplog: stopped" in seen
    assert b"Traceback" not in seen
    assert is_untouched(book, before)
    book.close()


def read_until(terminal: int, words: bytes, patience_s: float = 120) -> bytes:
    """Return what a terminal shows until ``words`` are among it."""
    seen, deadline = b"", time.monotonic() + patience_s
    while words not in seen and time.monotonic() < deadline:
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            break
    return seen
