"""A patient's name, looked for where it has no place: file names, what is left in temp folders, errors, logs, exports.

Five people carry it, on a plain logbook and on an encrypted one. In the plain one the logbook's own file and
whole copies of it hold the name, and nothing else does; in the encrypted one no file at all.
"""

from __future__ import annotations

import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dying
import pytest
import samples
import vaults
from clocks import FIRST, SetClock
from sqlalchemy import insert
from vaults import CODE, PASSPHRASE

from hiplog import cli, settings
from hiplog.exchange import bundle
from hiplog.exchange.fhir import export
from hiplog.logbook import backups, drill, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file
from hiplog.storage import keys
from hiplog.storage.tables import patients_identity
from hiplog.tui import crash

WORD = samples.CANARY
COPIES = (".db", ".db.part", ".db-wal", ".db-shm", ".db-journal")
Act = Callable[[Logbook], object]


class Clinic:
    """A closed logbook with the name in it, and how to open it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.places = settings.load(at=str(folder / "clinic"), environ={})
        vault = keys.new_vault(PASSPHRASE, CODE, FIRST.code) if kind == "encrypted" else None
        self.key = vault.key if vault else None
        self.word = private_file(folder / "word")
        self.word.write_text(f"{PASSPHRASE}\n")
        book = Logbook.create(self.places, "Hip clinic", "Europe/Berlin", FIRST, SetClock(), vault)
        vaults.fill(book)
        for n in range(4):
            samples.admit(book, f"Q-{n}", given=WORD)
        book.close()

    def open(self) -> Logbook:
        """Open it."""
        return Logbook.open(self.places, SetClock(), key=self.key)

    def holding(self, *folders: Path) -> list[str]:
        """The files below ``folders`` that hold the name and must not, and those that are called by it."""
        files = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
        named = [one.name for one in files if WORD.casefold() in one.name.casefold()]
        mayhold = () if self.key else COPIES
        return named + [
            one.name
            for one in files
            if not one.name.endswith(mayhold or "/") and WORD.encode() in one.read_bytes()
        ]


@pytest.fixture(params=["plain", "encrypted"])
def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Clinic:
    return Clinic(request.param, tmp_path)


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    yield folder


def test_the_name_is_in_no_file_it_has_no_place_in(
    clinic: Clinic, temp: Path, tmp_path: Path, figures: samples.Any
) -> None:
    """Backups and their names, what a drill and an export leave when they are killed, and the default exports."""
    out = tmp_path / "out"
    book = clinic.open()
    made = backups.make(book)
    book.close()
    looked = [one.name for one in made.parent.iterdir()]
    assert clinic.holding(clinic.places.path.parent) == []

    def work(say: dying.Say) -> None:
        opened = clinic.open()
        say(".")
        drill.run(opened)
        bundle.write(opened, out / "coded")

    takes = dying.spent_by(work)
    left = 0
    for part in range(8):
        shutil.rmtree(out, ignore_errors=True)
        dying.killed(work, None, spent=takes * (part + 0.5) / 8)
        left += len([one for one in (*temp.rglob("*"), *out.rglob("*")) if one.is_file()])
        assert clinic.holding(temp, out) == []
    assert left
    shutil.rmtree(out, ignore_errors=True)
    book = clinic.open()
    bundle.write(book, out / "bundle")
    export.write(book, out / "fhir.json")
    bundle.write(book, tmp_path / "named", identified=True, reason="so that the search can fail")
    book.close()
    exported = [one for one in out.rglob("*") if one.is_file()]
    assert clinic.holding(out) == []
    assert clinic.holding(tmp_path / "named") != []
    figures(f"{len(looked)} backup files, {left} left by 8 kills, {len(exported)} exported: the name in none")


def twice(book: Logbook) -> object:
    return book.write(patients.add, samples.person("P-001"))


def stale(book: Logbook) -> object:
    draft = book.read(sessions.drafts_open)[0]
    return book.write(sessions.save, replace(draft, note=WORD), draft.version - 1)


def unfinished(book: Logbook) -> object:
    draft = book.write(sessions.start, draft_of(book).patient, draft_of(book).episode)
    return book.write(sessions.sign, draft.id)


def draft_of(book: Logbook) -> Any:
    return book.read(sessions.drafts_open)[0]


def obeyed(book: Logbook) -> object:
    return book.write(patients.add, samples.person("P-9", given=f"{WORD}\x07{WORD}"))


def endless(book: Logbook) -> object:
    return book.write(patients.add, samples.person("P-9", given=WORD * 40))


def unknown(book: Logbook) -> object:
    return book.read(patients.get, "P-00")


def past_the_rules(book: Logbook) -> object:
    row = {"id": "nobody", "family": WORD, "given": WORD, "search_key": WORD}
    return book.write(lambda work: work.connection.execute(insert(patients_identity), [row]))


ACTS: tuple[Act, ...] = (twice, stale, unfinished, obeyed, endless, unknown, past_the_rules)


def test_no_error_says_it(clinic: Clinic, figures: samples.Any) -> None:
    book = clinic.open()
    kinds = []
    for act in ACTS:
        with pytest.raises(Exception) as raised:
            act(book)
        told = f"{raised.value} {raised.value!r} {''.join(traceback.format_exception(raised.value))}"
        assert WORD.casefold() not in told.casefold(), act.__name__
        kinds.append(f"{act.__name__} {type(raised.value).__name__}")
    book.close()
    figures(f"{len(kinds)} errors: {', '.join(kinds)}; the name in none")


def test_no_crash_says_it(
    clinic: Clinic,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    figures: samples.Any,
) -> None:
    def fail(self: Logbook, *_: object, **__: object) -> None:
        local = WORD
        raise RuntimeError(f"what nobody foresaw about {local}")

    places: Settings = clinic.places
    monkeypatch.setattr(Logbook, "read", fail)
    word = ("--passphrase-file", str(clinic.word)) if clinic.key else ()
    code = cli.main(["--at", str(places.path.parent), "patient", "list", *word], clock=SetClock())
    said = capsys.readouterr()
    with pytest.raises(RuntimeError) as raised:
        fail(None)  # type: ignore[arg-type]
    assert crash.keep(raised.value, places.log, SetClock()())
    page = crash.page(raised.value, places.log)
    written = places.log.read_text()
    assert code == 1
    assert "RuntimeError" in written and written.count("HL-") == 1
    for words in (said.out, said.err, page, written):
        assert WORD.casefold() not in words.casefold()
    figures(
        f"two crashes, {len(said.err)} + {len(page)} characters shown, {len(written)} logged: the name in none"
    )
