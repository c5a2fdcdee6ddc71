"""The bundle of a whole clinic: before strangers' tools, and there and back between databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import clinics
import pytest
from bundles import (
    blank,
    clinic,
    files,
    foreign_keys,
    frictionless,
    knows_hiplog,
    summed,
    told,
    verified,
)
from clocks import SetClock
from lived import in_place, reseal

from hiplog import settings
from hiplog.exchange import bundle, intake, layout
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook

OF_THE_REQUEST = {"SHA256SUMS", "manifest.json"}


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """A clinic of 100 patients, made once."""
    book = clinic(tmp_path_factory.mktemp("hundred"), 100)
    yield book
    book.close()


def both(book: Logbook, folder: Path) -> tuple[Path, Path]:
    """Write one bundle of each profile."""
    coded = bundle.write(book, folder / "coded").path
    return coded, named(book, folder / "named")


def named(book: Logbook, folder: Path) -> Path:
    return bundle.write(book, folder, identified=True, reason="moving").path


def standing(folder: Path, outside: Path) -> int:
    """Have a bundle checked with a Python that has no hiplog and by ``sha256sum``; return its files."""
    assert not knows_hiplog(outside)
    assert verified(folder, outside) == (0, [])
    listed = len((folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert summed(folder) == (0, listed)
    assert listed == len(files(folder)) - 1
    return listed


def strangers(folder: Path, outside: Path) -> dict[str, int]:
    """Have a bundle checked by every tool that is not ours; return what they looked at."""
    listed = standing(folder, outside)
    report = frictionless(folder)
    assert (report["valid"], report["stats"]["errors"], report["errors"]) == (True, 0, [])
    rows = sum(task["stats"]["rows"] for task in report["tasks"])
    written = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert rows == sum(table["rows"] for table in written)
    return {"files": listed, "tables": len(report["tasks"]), "keys": foreign_keys(folder), "rows": rows}


def check_both(book: Logbook, folder: Path, patients: int) -> None:
    outside = folder / "elsewhere"
    outside.mkdir()
    coded, whole = both(book, folder)
    with told(f"frictionless, sha256sum and verify.py, {patients} patients") as figures:
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(strangers, (coded, whole), (outside, outside)))
        figures |= {"coded": found[0], "named": found[1]}
    assert [one["tables"] for one in found] == [
        len(layout.profile(identified)) + 2 for identified in (False, True)
    ]
    assert [one["keys"] for one in found] == [32, 33]
    assert rows_of(coded)["data/patients.csv"] == patients


def rows_of(folder: Path) -> dict[str | None, int]:
    """The rows of every file as the manifest counts them; under ``None`` all of them."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    counts: dict[str | None, int] = {one["file"]: one["rows"] for one in told}
    return counts | {None: sum(counts.values())}


def test_strangers_tools_accept_a_clinic_of_a_hundred(hundred: Logbook, tmp_path: Path) -> None:
    check_both(hundred, tmp_path, 100)


@pytest.mark.long
def test_strangers_tools_accept_a_clinic_of_two_thousand(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The slow validator reads the wider profile; it has every column and key of the other one."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    with told("making the clinic"):
        book = clinics.large(tmp_path_factory, tmp_path / "clinic")
    with told("writing both profiles") as figures:
        coded, whole = both(book, tmp_path)
        figures["rows"] = rows_of(coded)[None] + rows_of(whole)[None]
    with (
        told("frictionless, sha256sum and verify.py, 2000 patients") as figures,
        ThreadPoolExecutor(2) as pool,
    ):
        begun = pool.submit(strangers, whole, outside)
        figures["files"] = standing(coded, outside)
        again = bundle.write(book, tmp_path / "again").path
        figures |= begun.result()
    assert figures["keys"] == 33
    assert rows_of(coded)["data/patients.csv"] == rows_of(whole)["data/patients_identity.csv"] == 2000
    assert differing(again, coded) == OF_THE_REQUEST
    book.close()


def test_the_validator_does_follow_the_keys(hundred: Logbook, tmp_path: Path) -> None:
    folder = bundle.write(hundred, tmp_path / "bundle").path
    path = folder / "data" / "advice.csv"
    session = path.read_bytes().splitlines()[1].split(b",")[1].strip(b'"')
    in_place(path, session, b"00000000-0000-4000-8000-000000000000")
    kinds = {error["type"] for task in frictionless(folder)["tasks"] for error in task["errors"]}
    assert "foreign-key" in kinds
    reseal(folder)
    assert verified(folder)[0] == 7


def differing(one: Path, other: Path) -> set[str]:
    """The files that are not the same, byte for byte."""
    here, there = files(one), files(other)
    return {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}


def test_twice_the_same_bytes(hundred: Logbook, tmp_path: Path) -> None:
    first, second = both(hundred, tmp_path / "first"), both(hundred, tmp_path / "second")
    assert [differing(*pair) for pair in zip(first, second, strict=True)] == [OF_THE_REQUEST, OF_THE_REQUEST]


@pytest.mark.long
def test_from_database_to_database_and_back_the_same_bytes(
    hundred: Logbook, tmp_path: Path, nursery: Any, blank_logbook: Path
) -> None:
    last = named(hundred, tmp_path / "0")
    origin = last
    before = json.loads((origin / "manifest.json").read_text(encoding="utf-8"))
    with ExitStack() as stack, told("there and back") as figures:
        for number, which in enumerate(("postgresql", "postgresql", "sqlite", "sqlite"), 1):
            target = blank_on(which, tmp_path / f"c{number}", nursery, blank_logbook, stack)
            assert intake.read(target, last).restored
            opened = Logbook.open(target.settings, SetClock()).acting(hundred.actor)
            assert opened.read(audit.verify).findings == ()
            last = named(opened, tmp_path / str(number))
            assert differing(origin, last) == OF_THE_REQUEST, which
            after = json.loads((last / "manifest.json").read_text(encoding="utf-8"))
            assert {**after, "request": 0} == {**before, "request": 0}
            opened.close()
        figures |= {"databases": 5, "rows": sum(table["rows"] for table in before["tables"])}


def blank_on(which: str, folder: Path, nursery: Any, template: Path, stack: ExitStack) -> Logbook:
    if which == "sqlite":
        return blank(folder, template)
    places = settings.load(at=str(folder), environ={})
    settings.private_folder(places.path.parent)
    book = Logbook.open(stack.enter_context(nursery.copied("postgresql", None, places)), SetClock())
    stack.callback(book.close)
    return book
