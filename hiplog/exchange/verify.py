"""Check an audit bundle with nothing but Python 3.11: sums, types, keys, codes, times and the audit chain.

    python3 -I -S verify.py DIR [--json]

Exit code 0 when nothing was found, 7 when something was, 3 when there is no bundle. In every bundle lies one
file made of this one and its two parts; it imports nothing of hiplog and works out every hash by itself.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from hiplog.exchange.verify_cells import INTEGER, judge_of
from hiplog.exchange.verify_chain import wrong_links

FORMAT, VERSION = "hiplog-audit-bundle", 1
MANIFEST, DESCRIPTOR, SUMS = "manifest.json", "datapackage.json", "SHA256SUMS"
TABLES = frozenset((
    "practitioners", "patients", "episodes", "precautions", "sessions", "signatures", "screening", "consents",
    "insertions", "follow_ups", "inquiries", "reactions", "readings", "advice", "referrals", "co_treatments",
    "amendments", "audit_log", "completeness", "exclusions",
))  # fmt: skip
CHAIN = "data/audit_log.csv"
NEEDED = {f"data/{table}.csv" for table in TABLES}
PLAIN = {"README.txt", "verify.py", "data_dictionary.csv", "code_lists.csv", MANIFEST, DESCRIPTOR}
BOM = b"\xef\xbb\xbf"
MOST = 50
FOUND, ABSENT = 7, 3

_PATH = re.compile(r"(data/)?[a-z_]+\.csv")
_SUM = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: the file, the row (the header is row 1), the column, a code and a sentence."""

    file: str
    row: int | None
    column: str | None
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found, and the end of the audit chain as it stands in the bundle."""

    ok: bool
    findings: tuple[Finding, ...]
    head: dict[str, Any]


@dataclass(slots=True)
class _Bundle:
    root: Path
    findings: list[Finding] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)

    def find(
        self, file: str, kind: str, message: str, row: int | None = None, column: str | None = None
    ) -> None:
        """Note a finding; of one kind in one file the first few are enough."""
        self.counts[file, kind] = self.counts.get((file, kind), 0) + 1
        if self.counts[file, kind] <= MOST:
            self.findings.append(Finding(file, row, column, kind, message))


def check(path: Path) -> Report:
    """Return everything wrong with the bundle in ``path``; what cannot be read is a finding too."""
    bundle = _Bundle(Path(path))
    _check_files(bundle)
    manifest, package = _json(bundle, MANIFEST), _json(bundle, DESCRIPTOR)
    if (manifest.get("format"), manifest.get("format_version")) != (FORMAT, VERSION):
        bundle.find(MANIFEST, "format", f"is not a manifest of {FORMAT}, version {VERSION}")
    try:
        _check_tables(bundle, manifest, package)
        _check_chain(bundle, manifest)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, re.error) as error:
        message = f"the description of the bundle cannot be followed ({type(error).__name__})"
        bundle.find(DESCRIPTOR, "description", message)
    return Report(not bundle.findings, tuple(bundle.findings), bundle.head)


def _check_files(bundle: _Bundle) -> None:
    root, listed = bundle.root, _sums(bundle)
    there = {
        one.relative_to(root).as_posix() for one in root.rglob("*") if one.is_symlink() or not one.is_dir()
    }
    for name in sorted(there - listed.keys() - {SUMS}):
        bundle.find(name, "extra-file", "the file does not stand in SHA256SUMS")
    for name in sorted((listed.keys() | PLAIN | NEEDED) - there):
        bundle.find(name, "missing-file", "the file is missing")
    for name in sorted(there):
        if (root / name).is_symlink():
            bundle.find(name, "link", "is a link, not a file of its own")
        elif name in listed and _sha256(root / name) != listed[name]:
            bundle.find(name, "changed", "the file was changed: its SHA-256 is not the one in SHA256SUMS")
        elif name.startswith("excel/"):
            places = [root / "data" / Path(name).name, root / Path(name).name]
            if not any(one.is_file() and _sha256(one, BOM) == listed.get(name) for one in places):
                bundle.find(name, "copy", "is not the table of the same name with a byte order mark")


def _sums(bundle: _Bundle) -> dict[str, str]:
    listed: dict[str, str] = {}
    *lines, end = _text(bundle, SUMS).split("\n")
    if end:
        bundle.find(SUMS, "line-end", "the last line does not end", len(lines) + 1)
    for number, line in enumerate((*lines, end) if end else lines, 1):
        match = _SUM.fullmatch(line)
        if match is None or Path(match[2]).is_absolute() or ".." in Path(match[2]).parts:
            bundle.find(SUMS, "sums", "the line is not a SHA-256 and a file of the bundle", number)
            continue
        if match[2] <= max(listed, default=""):
            bundle.find(SUMS, "order", "the files are not listed once each, by name", number)
        listed[match[2]] = match[1]
    return listed


def _check_tables(bundle: _Bundle, manifest: dict[str, Any], package: dict[str, Any]) -> None:
    told = {table["file"]: table for table in manifest["tables"]}
    resources = [one for one in package["resources"] if _PATH.fullmatch(one["path"])]
    bundle.paths = {one["name"]: one["path"] for one in resources}
    described = set(bundle.paths.values())
    if len(resources) < len(package["resources"]):
        bundle.find(DESCRIPTOR, "description", "a path leads out of the bundle")
    for name in sorted((NEEDED | told.keys()) - described):
        bundle.find(DESCRIPTOR, "description", f"{name} is not described")
    for one in resources:
        if (bundle.root / one["path"]).is_file():
            _check_table(bundle, one, told.get(one["path"]))


def _check_table(bundle: _Bundle, resource: dict[str, Any], told: dict[str, Any] | None) -> None:
    file, schema = resource["path"], resource["schema"]
    names = [one["name"] for one in schema["fields"]]
    judges = [judge_of(one) for one in schema["fields"]]
    keys = [names.index(name) for name in schema["primaryKey"]]
    seen: dict[tuple[int, ...], set[tuple[str, ...]]] = {tuple(keys): set()}
    for place, one in enumerate(schema["fields"]):
        if one.get("constraints", {}).get("unique"):
            seen[(place,)] = set()
    foreign = [_foreign(bundle, resource["name"], names, key) for key in schema.get("foreignKeys", [])]
    filled, rows = [0] * len(names), 0
    sorts = file.startswith("data/") and file != CHAIN
    last: tuple[str, ...] = ()
    quoted = [one["type"] == "string" for one in schema["fields"]]
    for number, cells in _rows(bundle, file, names, quoted):
        rows += 1
        for place, cell in enumerate(cells):
            filled[place] += cell != ""
            wrong = judges[place](cell)
            if wrong:
                bundle.find(file, *wrong, row=number, column=names[place])
        for places, known in seen.items():
            value = tuple(cells[place] for place in places)
            if value in known:
                column = ", ".join(names[place] for place in places)
                bundle.find(file, "duplicate-key", "the value stands there twice", number, column)
            known.add(value)
        key = tuple(cells[place] for place in keys)
        if sorts and key < last:
            bundle.find(file, "order", "the rows are not sorted by key", number, names[keys[0]])
        last = key
        for place, targets, to in foreign:
            if cells[place] and cells[place] not in targets:
                bundle.find(file, "dangling-key", f"there is no such row in {to}", number, names[place])
    _check_counts(bundle, file, told, rows, dict(zip(names, filled, strict=True)))


def _check_counts(
    bundle: _Bundle, file: str, told: dict[str, Any] | None, rows: int, filled: dict[str, int]
) -> None:
    if told is None:
        bundle.find(MANIFEST, "description", f"{file} is not in the manifest")
        return
    if told["rows"] != rows:
        bundle.find(file, "row-count", f"has {rows} rows, the manifest says {told['rows']}")
    if told["sha256"] != _sha256(bundle.root / file):
        bundle.find(file, "changed", "the file was changed: its SHA-256 is not the one in the manifest")
    for name in sorted(filled.keys() | told["filled"].keys()):
        here, there = filled.get(name), told["filled"].get(name)
        if here != there:
            bundle.find(file, "cell-count", f"{here} filled cells, the manifest says {there}", column=name)


def _foreign(bundle: _Bundle, name: str, names: list[str], key: dict[str, Any]) -> tuple[int, set[str], str]:
    target, column = key["reference"]["resource"] or name, key["reference"]["fields"][0]
    path = bundle.paths.get(target, "")
    if (target, column) not in bundle.keys:
        records = _records(_Bundle(bundle.root), path)
        header = next(records, (1, []))[1]
        at = header.index(column) if column in header else len(header)
        bundle.keys[target, column] = {cells[at] for _, cells in records if len(cells) > at}
    return names.index(key["fields"][0]), bundle.keys[target, column], path


def _rows(bundle: _Bundle, file: str, names: list[str], quoted: list[bool]) -> Iterator[tuple[int, Cells]]:
    for number, cells in _records(bundle, file, quoted):
        if number > 1 and len(cells) == len(names):
            yield number, cells
        elif number > 1:
            message = f"has {len(cells)} cells, the table has {len(names)} columns"
            bundle.find(file, "cells", message, number)
        elif cells != names:
            for name in [name for name in cells if name not in names]:
                bundle.find(file, "extra-column", "the column is not described", 1, ascii(name[:40]))
            for name in [name for name in names if name not in cells]:
                bundle.find(file, "missing-column", "the column is missing", 1, name)
            bundle.find(file, "header", "the columns are not those described, in their order", 1)


def _records(bundle: _Bundle, file: str, quoted: list[bool] | None = None) -> Iterator[tuple[int, Cells]]:
    """Yield every record with its number, the header as 1, without holding the file.

    With ``quoted``, which columns are text, its bytes are held against the one way a table is written.
    """
    csv.field_size_limit(2**31 - 1)
    path, number = bundle.root / file, 0
    try:
        with path.open("rb") as raw:
            start = raw.read(3)
            raw.seek(max(0, raw.seek(0, 2) - 2))
            if raw.read(2) != b"\r\n":
                bundle.find(file, "line-end", "the last line does not end in CR LF")
        if start == BOM:
            bundle.find(file, "bom", "begins with a byte order mark", 1)
        mark = BOM if start == BOM else b""
        with path.open(encoding="utf-8", newline="") as text, path.open("rb") as raw:
            text.seek(len(mark))
            raw.seek(len(mark))
            for number, cells in enumerate(csv.reader(text, strict=True), 1):
                if quoted is not None and not _is_in_form(bundle, file, raw, number, cells, quoted):
                    quoted = None
                yield number, cells
    except UnicodeDecodeError:
        bundle.find(file, "encoding", "is not UTF-8 from here on", number + 1)
    except csv.Error:
        bundle.find(file, "csv", "cannot be read as CSV from here on", number + 1)
    except OSError:
        bundle.find(file, "unreadable", "cannot be read")


def _is_in_form(
    bundle: _Bundle, file: str, raw: BinaryIO, number: int, cells: Cells, quoted: list[bool]
) -> bool:
    """Whether a record stands there in the one way a bundle is written; after one that is not, none is."""
    if number == 1:
        wanted = ",".join(cells)
    elif len(cells) != len(quoted):
        return False
    else:
        wanted = ",".join([_quoted(c) if text and c else c for c, text in zip(cells, quoted, strict=True)])
    line = f"{wanted}\r\n".encode()
    if raw.read(len(line)) == line:
        return True
    message = "is not written as a bundle writes: text in quotes, values bare, rows ended by CR LF"
    bundle.find(file, "form", message, number)
    return False


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else f'"{cell}"'


def _check_chain(bundle: _Bundle, manifest: dict[str, Any]) -> None:
    file, chain = CHAIN, manifest["chain"]
    before, seq, header = chain["genesis"], 0, None
    for number, cells in _records(_Bundle(bundle.root), file):
        header = header or cells
        if number == 1 or len(cells) != len(header):
            continue
        row = dict(zip(header, cells, strict=True))
        for kind, message, column in wrong_links(row, before, seq, chain):
            bundle.find(file, kind, message, number, column)
        before, seq = row["row_hash"], int(row["seq"]) if INTEGER.fullmatch(row["seq"]) else seq + 1
    bundle.head = {"chain": chain["name"], "seq": seq, "row_hash": before}
    end = manifest["request"]["heads"]["record"]
    if (end["seq"], end["row_hash"]) != (seq, before):
        message = f"the chain ends at row {seq}, the manifest says row {end['seq']}, or with another hash"
        bundle.find(file, "cut-chain", message)


def _sha256(path: Path, first: bytes = b"") -> str:
    """Return the hash of a file, as if ``first`` stood before it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.sha256(first)).hexdigest()


def _text(bundle: _Bundle, name: str) -> str:
    try:
        return (bundle.root / name).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        bundle.find(name, "unreadable", "cannot be read")
        return ""


def _json(bundle: _Bundle, name: str) -> dict[str, Any]:
    try:
        told = json.loads(_text(bundle, name) or "{}")
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        return told
    bundle.find(name, "unreadable", "is not JSON as this bundle needs it")
    return {}


def main(arguments: list[str] | None = None) -> int:
    """Check the bundle named on the command line, print what was found, return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    names = [one for one in given if one != "--json"]
    if len(names) != 1 or not Path(names[0]).is_dir():
        sys.stderr.write("usage: verify.py DIR [--json]     DIR is the folder of a bundle\n")
        return ABSENT if len(names) == 1 else 2
    report = check(Path(names[0]))
    if "--json" in given:
        sys.stdout.write(json.dumps({"schema_version": 1, **asdict(report)}) + "\n")
    else:
        _say(report)
    return 0 if report.ok else FOUND


def _say(report: Report) -> None:
    for one in report.findings:
        place = ", ".join(p for p in (f"row {one.row}" if one.row else "", one.column or "") if p)
        sys.stdout.write(f"{one.file}{': ' + place if place else ''}: {one.message} [{one.kind}]\n")
    end = f"the chain ends at row {report.head.get('seq')}, head {report.head.get('row_hash')}"
    found = "nothing found" if report.ok else f"{len(report.findings)} findings"
    sys.stdout.write(f"{found}; {end}\n")


if __name__ == "__main__":
    sys.exit(main())
