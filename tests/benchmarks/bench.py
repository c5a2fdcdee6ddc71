"""The run: which sizes, how many rounds, and the logbooks, made once and kept between runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hiplog import settings as places
from hiplog.logbook import upkeep
from hiplog.logbook.book import Logbook
from hiplog.outcomes import kept as counts
from hiplog.storage import backup
from hiplog.storage.head import HEAD

from . import clinic, engines
from .measure import beside, interleave


@dataclass(frozen=True, slots=True)
class Bench:
    """``sizes`` are numbers of patients, smallest first; ``folder`` keeps the logbooks."""

    sizes: tuple[int, ...]
    quick: bool
    folder: Path

    @property
    def largest(self) -> int:
        """The size of the main figures."""
        return self.sizes[-1]

    @property
    def middle(self) -> int:
        """The size at which engines are set beside each other, and what takes minutes at the largest."""
        return self.sizes[min(1, len(self.sizes) - 1)]

    def rounds(self, wanted: int) -> int:
        """So many rounds, a few in a quick run."""
        return max(3, wanted // 3) if self.quick else wanted

    def place(self, patients: int) -> Path:
        """The folder of a logbook of this size; made when there is none yet, or none of this version."""
        place = self.folder / f"c{patients}"
        made = place / "made.txt"
        if not made.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            clinic.build(place, patients, tell=True)
        elif made.read_text(encoding="utf-8") != HEAD:
            self._upgraded(place)
        made.write_text(HEAD, encoding="utf-8")
        _spare(place)
        return place

    def _upgraded(self, place: Path) -> None:
        kept = places.load(at=str(place), environ={})
        book = Logbook.open(kept, lambda: datetime.now(UTC), upgrade=True)
        counts.settle(book.read, book.write)
        book.close()

    def book(self, patients: int) -> Logbook:
        """The logbook of this size, open."""
        return Logbook.open(places.load(at=str(self.place(patients)), environ={}))

    @contextmanager
    def copy(self, patients: int, name: str = "scratch") -> Iterator[Logbook]:
        """A copy of it to write into, open, and gone afterwards."""
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        source = self.place(patients)
        shutil.copy(source / "hiplog.db", place / "hiplog.db")
        shutil.copytree(source / "keys", place / "keys")
        _spare(place)
        book = Logbook.open(places.load(at=str(place), environ={}))
        try:
            yield book
        finally:
            book.close()
            shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def engines(self, size: int | None = None) -> Iterator[dict[str, Logbook]]:
        """The same clinic, of the middle size, as a plain file, as an encrypted one, and on PostgreSQL."""
        patients = size or (self.sizes[0] if self.quick else self.middle)
        place = self.place(patients)
        with ExitStack() as open_:
            book = self.book(patients)
            open_.callback(book.close)
            coded = engines.encrypted(place, self.folder / place.name.replace("c", "e"))
            open_.callback(coded.close)
            server = open_.enter_context(engines.server(book, place, self.folder))
            yield {"plain": book, "encrypted": coded, "server": server}

    def beside(
        self, ask: Callable[[Logbook], Any], rounds: int, books: dict[str, Logbook]
    ) -> dict[str, float]:
        """What ``ask`` takes of the other engines as ratios to the plain file, in turns."""
        candidates = {name: (lambda one=book: ask(one)) for name, book in books.items()}
        return beside(interleave(candidates, self.rounds(rounds)))  # type: ignore[arg-type]


def _spare(place: Path) -> None:
    """Have a backup stand there as if just made, so that no program copies gigabytes while another is timed."""
    backups = place / "backups"
    shutil.rmtree(backups, ignore_errors=True)
    backups.mkdir()
    (backups / backup.name_for(datetime.now(UTC), upkeep.AUTOMATIC)).touch()


def where() -> Path:
    """``HIPLOG_BENCH`` names the folder; else one of the system's for temporary files."""
    return Path(os.environ.get("HIPLOG_BENCH") or Path(tempfile.gettempdir()) / "hiplog-bench")
