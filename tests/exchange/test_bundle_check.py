"""The verifier: whatever is changed in a bundle is found, also by a Python that has never heard of hiplog."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles import blank
from lived import live, reseal

from hiplog.exchange import bundle, verify

Change = Callable[[Path], object]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, blank_logbook: Path) -> Path:
    """One bundle of each profile, made once: ``coded`` and ``named``."""
    root = tmp_path_factory.mktemp("bundles")
    book = blank(root / "clinic", blank_logbook)
    live(book)
    bundle.write(book, root / "coded")
    bundle.write(book, root / "named", identified=True, reason="test")
    book.close()
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A fresh copy of the identified bundle."""
    return Path(shutil.copytree(made / "named", tmp_path / "bundle"))


def kinds(path: Path) -> set[str]:
    return {one.kind for one in verify.check(path).findings}


def in_rows(name: str, change: Callable[[list[list[str]]], object]) -> Change:
    """A change of a table's rows, written back as the bundle writes them."""

    def apply(folder: Path) -> None:
        path = folder / "data" / f"{name}.csv"
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        change(rows)
        told = io.StringIO(newline="")
        csv.writer(told, lineterminator="\r\n").writerows(rows)
        path.write_bytes(told.getvalue().encode())

    return apply


def put(row: int, column: str, value: str) -> Callable[[list[list[str]]], object]:
    return lambda rows: rows[row].__setitem__(rows[0].index(column), value)


def swap(rows: list[list[str]]) -> None:
    rows[2], rows[3] = rows[3], rows[2]


def widen(rows: list[list[str]]) -> None:
    for row in rows:
        row.append("more")


def twice(rows: list[list[str]]) -> None:
    rows.insert(2, rows[1])


def byte(folder: Path) -> None:
    path = folder / "data" / "readings.csv"
    path.write_bytes(path.read_bytes().replace(b"6.00", b"5.00", 1))


def mark(folder: Path) -> None:
    path = folder / "data" / "sessions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


CHANGES: dict[str, tuple[Change, str]] = {
    "a dropped row": (in_rows("insertions", lambda rows: rows.pop()), "row-count"),
    "a dropped parent": (in_rows("sessions", lambda rows: rows.pop()), "dangling-key"),
    "a duplicate key": (in_rows("readings", twice), "duplicate-key"),
    "a wrong code": (in_rows("insertions", put(1, "muscle", "GMEX")), "wrong-code"),
    "a wrong state": (in_rows("sessions", put(1, "status", "gone")), "wrong-code"),
    "a dangling key": (
        in_rows("insertions", put(1, "session", "00000000-0000-4000-8000-000000000000")),
        "dangling-key",
    ),
    "an unknown therapist": (in_rows("sessions", put(1, "therapist", "XX999")), "dangling-key"),
    "an extra column": (in_rows("consents", widen), "extra-column"),
    "a time without offset": (in_rows("sessions", put(1, "occurred_at", "2026-03-02T13:00:00")), "no-offset"),
    "a time of another kind": (in_rows("sessions", put(1, "occurred_at", "02.03.2026")), "type"),
    "a day that does not exist": (in_rows("patients_identity", put(1, "birth", "2026-02-30")), "type"),
    "a byte order mark": (mark, "bom"),
    "a cut chain": (in_rows("audit_log", lambda rows: rows.pop()), "cut-chain"),
    "a chain without its middle": (in_rows("audit_log", lambda rows: rows.pop(5)), "broken-link"),
    "a reordered chain": (in_rows("audit_log", swap), "chain-order"),
    "an altered actor": (in_rows("audit_log", put(3, "actor", "DN002")), "altered-payload"),
    "an altered hash": (in_rows("audit_log", put(3, "payload_digest", "0" * 64)), "altered-row"),
    "rows in another order": (in_rows("screening", swap), "order"),
    "a formula": (in_rows("sessions", put(1, "plan", "=1+1")), "guard"),
    "an idle apostrophe": (in_rows("sessions", put(1, "plan", "'plain")), "guard"),
    "an emptied cell": (in_rows("insertions", put(1, "muscle", "")), "missing-value"),
    "a cell emptied in silence": (in_rows("insertions", put(1, "technique", "")), "cell-count"),
    "a number as words": (in_rows("insertions", put(1, "depth_mm", "deep")), "type"),
    "a number out of range": (in_rows("insertions", put(1, "diameter_mm", "3.00")), "out-of-range"),
    "a key that is none": (in_rows("insertions", put(1, "id", "1")), "type"),
    "a short row": (in_rows("readings", lambda rows: rows[1].pop()), "cells"),
    "a half quote": (
        lambda folder: (folder / "data" / "advice.csv").write_bytes(b'id,session,code\r\n"x'),
        "csv",
    ),
    "another encoding": (
        lambda folder: (folder / "data" / "advice.csv").write_bytes(b"id,session,code\r\n\xff,x,y\r\n"),
        "encoding",
    ),
    "unix line ends at the end": (
        lambda folder: (folder / "data" / "advice.csv").write_bytes(b"id,session,code\n"),
        "line-end",
    ),
}


def test_what_was_written_has_nothing_wrong(made: Path) -> None:
    for profile in ("coded", "named"):
        report = verify.check(made / profile)
        assert (report.ok, report.findings) == (True, ())
        end = json.loads((made / profile / "manifest.json").read_text())["request"]["heads"]["record"]
        assert report.head == end


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_though_every_sum_was_made_to_fit(folder: Path, what: str) -> None:
    change, kind = CHANGES[what]
    change(folder)
    assert "changed" in kinds(folder)
    reseal(folder)
    found = kinds(folder)
    assert kind in found
    assert "changed" not in found


def test_a_changed_byte_is_found_by_its_sum(folder: Path) -> None:
    byte(folder)
    found = verify.check(folder).findings
    assert {(one.file, one.kind) for one in found} == {("data/readings.csv", "changed")}


@pytest.mark.parametrize("seed", range(60))
def test_a_bundle_changed_anywhere_does_not_pass(made: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = Path(shutil.copytree(made / chance.choice(("coded", "named")), tmp_path / "bundle"))
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    path = chance.choice(files)
    held = bytearray(path.read_bytes())
    place = chance.randrange(len(held))
    what = chance.choice(("flip", "cut", "insert", "truncate", "remove", "swap"))
    if what == "flip":
        held[place] ^= 1 << chance.randrange(8)
    elif what == "cut":
        del held[place : place + chance.randint(1, 9)]
    elif what == "insert":
        held[place:place] = chance.randbytes(3)
    elif what == "truncate":
        del held[place:]
    elif what == "swap":
        held[:] = files[files.index(path) - 1].read_bytes()
    path.write_bytes(held) if what != "remove" else path.unlink()
    report = verify.check(folder)
    assert not report.ok, (path.name, what)


def test_a_file_too_many_and_one_too_few(folder: Path) -> None:
    (folder / "data" / "notes.csv").write_text("id\r\n")
    (folder / "data" / "advice.csv").unlink()
    found = {(one.file, one.kind) for one in verify.check(folder).findings}
    assert ("data/notes.csv", "extra-file") in found
    assert ("data/advice.csv", "missing-file") in found


def test_a_table_left_out_everywhere_is_missed(folder: Path) -> None:
    (folder / "data" / "amendments.csv").unlink()
    sums = [line for line in (folder / "SHA256SUMS").read_text().splitlines() if "amendments" not in line]
    (folder / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    for name, part in (("manifest.json", "tables"), ("datapackage.json", "resources")):
        told = json.loads((folder / name).read_text())
        told[part] = [
            one for one in told[part] if "amendments" not in str(one.get("file") or one.get("path"))
        ]
        (folder / name).write_text(json.dumps(told))
    reseal(folder)
    assert "missing-file" in kinds(folder)


def test_a_link_to_elsewhere_is_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    shutil.move(folder / "data" / "advice.csv", outside)
    (folder / "data" / "advice.csv").symlink_to(outside)
    assert "link" in kinds(folder)


def test_no_path_leads_out_of_the_folder(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  ../../etc/passwd\n")
    told = json.loads((folder / "datapackage.json").read_text())
    told["resources"][0]["path"] = "../../etc/passwd"
    (folder / "datapackage.json").write_text(json.dumps(told))
    found = verify.check(folder).findings
    assert {"sums", "description"} <= {one.kind for one in found}
    assert all("root:" not in one.message for one in found)


@pytest.mark.parametrize("name", ["manifest.json", "datapackage.json", "SHA256SUMS"])
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"tables": 3}', b"[" * 5000])
def test_a_broken_description_is_a_finding(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert not verify.check(folder).ok


def test_it_runs_alone_and_says_what_it_found(folder: Path, tmp_path: Path) -> None:
    alone = shutil.copy2(folder / "verify.py", tmp_path / "verify.py")
    run = [sys.executable, "-I", "-S", str(alone), str(folder)]
    fine = subprocess.run(run, cwd="/", capture_output=True, text=True)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.startswith("nothing found; the chain ends at row ")
    in_rows("insertions", put(1, "muscle", "GMEX"))(folder)
    found = subprocess.run(run, cwd="/", capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (7, "")
    assert (
        "data/insertions.csv: row 2, muscle: 'GMEX' is not a code of this column [wrong-code]" in found.stdout
    )


def test_a_copy_of_ones_own_is_the_one_in_the_bundle(folder: Path) -> None:
    own = subprocess.run([sys.executable, "-m", "hiplog.exchange.verifier"], capture_output=True, check=True)
    assert own.stdout == (folder / "verify.py").read_bytes()
    assert b"import hiplog" not in own.stdout and b"from hiplog" not in own.stdout


def test_it_imports_nothing_but_the_standard_library(made: Path) -> None:
    code = (
        "import runpy, sys; sys.argv = ['verify.py', sys.argv[1]]\n"
        "try:\n    runpy.run_path(sys.argv[1] + '/verify.py', run_name='__main__')\n"
        "except SystemExit as end:\n    print(end.code)\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(made / "coded")], capture_output=True, text=True, cwd="/"
    )
    assert done.stdout.splitlines()[-2:] == ["0", "['__main__']"] or done.stdout.splitlines()[-2:] == [
        "0",
        "[]",
    ]


@pytest.mark.parametrize(("words", "code"), [((), 2), (("a", "b"), 2), (("/nowhere/at/all",), 3)])
def test_it_says_how_it_is_used(
    words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main(list(words)) == code
    assert "usage: verify.py DIR" in capsys.readouterr().err
