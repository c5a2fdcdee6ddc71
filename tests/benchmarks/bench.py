"""The run: which sizes, how many rounds, and the logbooks, made once and kept between runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hiplog import settings as places
from hiplog.logbook.book import Logbook

from . import clinic


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

    def rounds(self, wanted: int) -> int:
        """So many rounds, a few in a quick run."""
        return max(3, wanted // 3) if self.quick else wanted

    def place(self, patients: int) -> Path:
        """The folder of a logbook of this size; made when there is none yet."""
        place = self.folder / f"c{patients}"
        if not (place / "hiplog.db").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            clinic.build(place, patients, tell=True)
        else:
            self._upgraded(place)
        return place

    def _upgraded(self, place: Path) -> None:
        kept = places.load(at=str(place), environ={})
        Logbook.open(kept, lambda: datetime.now(UTC), upgrade=True).close()
        shutil.rmtree(place / "backups", ignore_errors=True)

    def book(self, patients: int) -> Logbook:
        """The logbook of this size, open."""
        return Logbook.open(places.load(at=str(self.place(patients)), environ={}))

    def copy(self, patients: int) -> Logbook:
        """A copy of it to write into, open."""
        place = self.folder / "scratch"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        shutil.copy(self.place(patients) / "hiplog.db", place / "hiplog.db")
        return Logbook.open(places.load(at=str(place), environ={}))


def where() -> Path:
    """``HIPLOG_BENCH`` names the folder; else one of the system's for temporary files."""
    return Path(os.environ.get("HIPLOG_BENCH") or Path(tempfile.gettempdir()) / "hiplog-bench")
