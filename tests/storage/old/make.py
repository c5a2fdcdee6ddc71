"""How the logbooks of an old revision were made: run once, by the last program that wrote that revision.

    python tests/storage/old/make.py          # writes tests/storage/old/REVISION/

Each folder holds, for ever, what a clinic of that day had on its disk:

- ``plain.db.gz``, the demo clinic of twelve patients (seed 1, ending on 2 March 2026), which has rows in every
  table: drafts, amendments, follow-ups, referrals;
- ``encrypted.db.gz`` with its key file ``encrypted.db.keys``, a demo clinic of three patients after
  ``hiplog encrypt``; its passphrase and recovery code are below;
- ``facts.json``: the rows of each table and the heads of both trails on the day it was made.

A file that is there is never made anew: a newer program would write another file, and prove nothing.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from hiplog import settings
from hiplog.exchange import demo
from hiplog.logbook import audit, conversion, vault
from hiplog.logbook.book import Logbook
from hiplog.storage import keys, schema
from hiplog.storage.columns import metadata
from hiplog.storage.unit import Unit

HERE = Path(__file__).parent
PASSPHRASE, CODE = "correct horse battery", "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
SEED = 1
DAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def main() -> int:
    """Make both files and their facts in the folder of this program's revision."""
    target = HERE / schema.HEAD
    if target.exists():
        print(f"{target}: exists already; an old logbook is never made anew", file=sys.stderr)
        return 1
    target.mkdir()
    facts = {"revision": schema.HEAD, "plain": plain(target), "encrypted": encrypted(target)}
    (target / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 0


def plain(target: Path) -> object:
    """Make the plain file and return what is in it."""
    with tempfile.TemporaryDirectory() as folder:
        places = settings.load(at=folder, environ={})
        facts = ended(clinic(places, 12))
        pack(places.path, target / "plain.db.gz")
        return facts


def encrypted(target: Path) -> object:
    """Make the encrypted file with its key file and return what is in it."""
    with tempfile.TemporaryDirectory() as folder:
        places = settings.load(at=folder, environ={})
        clinic(places, 3).close()
        conversion.encrypt(places, PASSPHRASE, CODE, lambda: DAY)
        facts = ended(Logbook.open(places, lambda: DAY, key=vault.unlock(places, PASSPHRASE)))
        pack(places.path, target / "encrypted.db.gz")
        (target / "encrypted.db.keys").write_bytes(keys.beside(places.path).read_bytes())
        return facts


def clinic(places: settings.Settings, patients: int) -> Logbook:
    """Make the invented clinic, closed once so that all of it stands in its one file."""
    demo.make(places, patients=patients, seed=SEED, now=DAY, clock=lambda: DAY).close()
    return Logbook.open(places, lambda: DAY)


def ended(book: Logbook) -> object:
    """Return what is in the logbook, and close it."""
    facts = book.read(told)
    book.close()
    return facts


def told(unit: Unit) -> dict[str, object]:
    """What is in the logbook: rows by table, heads by trail."""
    counts = {
        table.name: unit.connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar_one()
        for table in metadata.sorted_tables
    }
    heads = {
        head.chain: {key: asdict(head)[key] for key in ("seq", "row_hash")} for head in audit.heads(unit)
    }
    return {"rows": counts, "heads": heads}


def pack(source: Path, target: Path) -> None:
    """Write ``source`` compressed, without a time or a name in it."""
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))


if __name__ == "__main__":
    raise SystemExit(main())
