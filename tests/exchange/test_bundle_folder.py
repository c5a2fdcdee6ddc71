"""The folder of a bundle: whole under its name or not there, whatever stops the writing."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from samples import signed

from hiplog.clinical.errors import BadInput, Refused, Unreachable
from hiplog.exchange import bundle, folder, verify
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook


@pytest.mark.grown(by=signed)
def test_what_a_crash_left_is_cleared_away(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    (tmp_path / "bundle.part" / "data").mkdir(parents=True)
    (tmp_path / "bundle.part" / "data" / "patients.csv").write_text("half")
    bundle.write(book, target)
    assert not (tmp_path / "bundle.part").exists()
    target.rename(tmp_path / "bundle.replaced")
    bundle.write(book, target)
    assert [one.name for one in tmp_path.glob("bundle*")] == ["bundle"]
    (tmp_path / "bundle.replaced" / "data").mkdir(parents=True)
    bundle.write(book, target)
    assert [one.name for one in tmp_path.glob("bundle*")] == ["bundle"]


@pytest.mark.grown(by=signed)
def test_the_last_whole_bundle_comes_back_before_anything_is_written(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    bundle.write(book, target)
    target.rename(tmp_path / "bundle.replaced")
    target.mkdir()
    with pytest.raises(Refused):
        bundle.write(book, target, identified=True)
    with pytest.raises(ZeroDivisionError):
        bundle.write(book, target, progress=lambda *_: 1 // 0)
    assert verify.check(target).ok
    assert [one.name for one in tmp_path.glob("bundle*")] == ["bundle"]


@pytest.mark.grown(by=signed)
def test_a_folder_of_other_things_is_never_touched(book: Logbook, tmp_path: Path) -> None:
    mine = tmp_path / "holiday"
    mine.mkdir()
    (mine / "beach.jpg").write_bytes(b"sea")
    (mine / "manifest.json").write_text(json.dumps({"format": "of another program"}))
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(mine)
    for name in ("holiday", "file", "link"):
        with pytest.raises(BadInput):
            bundle.write(book, tmp_path / name)
    beside = tmp_path / "fresh.part"
    beside.mkdir()
    (beside / "thesis.doc").write_text("x")
    with pytest.raises(BadInput, match="in the way"):
        bundle.write(book, tmp_path / "fresh")
    assert (mine / "beach.jpg").read_bytes() == b"sea"
    assert (beside / "thesis.doc").exists()
    beside.rename(tmp_path / "fresh.replaced")
    with pytest.raises(BadInput, match="in the way"):
        bundle.write(book, tmp_path / "fresh")
    assert (tmp_path / "fresh.replaced" / "thesis.doc").exists()
    assert book.read(audit.events, 5, "access") == ()


@pytest.mark.grown(by=signed)
def test_an_empty_folder_and_an_old_bundle_are_taken(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "bundle"
    target.mkdir(parents=True)
    bundle.write(book, target, excel=True)
    bundle.write(book, target)
    assert not (target / "excel").exists()
    assert verify.check(target).ok


@pytest.mark.grown(by=signed)
def test_a_place_that_cannot_be_written_is_named(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((BadInput, Unreachable), match="file"):
        bundle.write(book, tmp_path / "file" / "bundle")


def test_a_long_table_is_never_held_in_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (1_000, 100_000):
        tracemalloc.start()
        folder.write(tmp_path, f"{rows}.csv", (f"{row},{'x' * 80}\r\n" for row in range(rows)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
