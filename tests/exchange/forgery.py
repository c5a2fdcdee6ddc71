"""Ways to damage a bundle, each with what a check has to say about it; and a forger who makes sums fit."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CELL = re.compile(r'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)')
NO_KEY = "00000000-0000-4000-8000-000000000000"
CHAIN = "data/audit_log.csv"

Rows = list[list[str]]
"""The records of a table with their quotes, the header first."""


@dataclass(frozen=True)
class Damage:
    """What was done to ``file``: the ``row`` (the header is row 1), the ``column``, and what may be found."""

    file: str
    row: int | None = None
    column: str | None = None
    kinds: frozenset[str] = frozenset()


Mutation = Callable[[Path, random.Random], Damage]


def rows_of(path: Path) -> Rows:
    """Split a table into its cells as they stand in the file."""
    text, rows, row, place = path.read_bytes().decode("utf-8"), [], [], 0
    while place < len(text):
        found = CELL.match(text, place)
        assert found is not None
        row.append(found[1])
        place = found.end()
        if found[2] != ",":
            rows.append(row)
            row = []
    return rows


def write(path: Path, rows: Rows) -> None:
    """Put a table back."""
    path.write_bytes("".join(",".join(row) + "\r\n" for row in rows).encode("utf-8"))


def fields(folder: Path, file: str) -> list[dict[str, Any]]:
    """What the descriptor says about the columns of a table."""
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (one,) = (one for one in told["resources"] if one["path"] == file)
    found: list[dict[str, Any]] = one["schema"]["fields"]
    return found


def data(folder: Path, least: int = 3) -> list[str]:
    """The tables with at least so many rows and a key of their own."""
    names = sorted(one.relative_to(folder).as_posix() for one in (folder / "data").iterdir())
    return [
        name for name in names if len(rows_of(folder / name)) > least and "id" in rows_of(folder / name)[0]
    ]


def cell(
    folder: Path, chance: random.Random, fits: Callable[[dict[str, Any], str], bool]
) -> tuple[str, Rows, int, int]:
    """Pick a cell whose column and value fit: the file, its rows, and where the cell stands."""
    places = []
    for name in [*data(folder, 1), CHAIN]:
        rows = rows_of(folder / name)
        for at, field in enumerate(fields(folder, name)):
            filled = [n for n in range(1, len(rows)) if rows[n][at] and fits(field, rows[n][at])]
            if filled:
                places.append((name, rows, chance.choice(filled), at))
    return chance.choice(places)


def changed(
    kind: str, fits: Callable[[dict[str, Any], str], bool], change: Callable[[str], str], seen_in: str = ""
) -> Mutation:
    """A mutation of one cell, which shows there or in the column ``seen_in``."""

    def apply(folder: Path, chance: random.Random) -> Damage:
        name, rows, row, at = cell(folder, chance, fits)
        rows[row][at] = change(rows[row][at])
        write(folder / name, rows)
        return Damage(name, row + 1, seen_in or rows[0][at], frozenset({kind}))

    return apply


def _has(rule: str) -> Callable[[dict[str, Any], str], bool]:
    return lambda field, value: rule in field.get("constraints", {})


def _of(kind: str) -> Callable[[dict[str, Any], str], bool]:
    return lambda field, value: field["type"] == kind


def _flipped(value: str) -> str:
    place = len(value) // 2
    return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]


def _is_reference(field: dict[str, Any], value: str) -> bool:
    return field["name"] in ("patient", "session", "episode", "inquiry", "follow_up")


FLIPS: tuple[Mutation, ...] = (
    changed("wrong-code", _has("enum"), lambda value: value[:-1] + "~" + value[-1]),
    changed("dangling-key", _is_reference, lambda value: f'"{NO_KEY}"'),
    changed("type", lambda field, value: field.get("format") == "uuid", lambda value: value.replace("-", "_", 1)),
    changed("type", _of("integer"), lambda value: f"{value}.0"),
    changed("type", _of("number"), lambda value: value.replace(".", ";")),
    changed("type", _of("boolean"), lambda value: value.upper()),
    changed("missing-value", lambda field, value: _has("required")(field, value) and field["name"] != "id", lambda value: ""),
    changed("altered-row", lambda field, value: field["name"] == "row_hash", _flipped),
    changed("altered-row", lambda field, value: field["name"] == "payload_digest", _flipped, "row_hash"),
    changed("broken-link", lambda field, value: field["name"] == "prev_hash", _flipped),
    changed("guard", lambda field, value: field["name"] in ("note", "plan", "name"), lambda value: '"=1+1"'),
    changed("guard", lambda field, value: field["name"] in ("note", "plan", "name"), lambda value: '"' + "'" + 'x"'),
)  # fmt: skip
"""One cell that is not what it was."""


def cut(folder: Path, chance: random.Random) -> Damage:
    """End a table in the middle of a row."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    last = chance.randrange(2, len(rows))
    whole = "".join(",".join(row) + "\r\n" for row in rows[:last])
    torn = ",".join(rows[last])
    torn = torn[: chance.randrange(1, len(torn))]
    (folder / name).write_bytes((whole + torn).encode("utf-8"))
    return Damage(name, last + 1, None, frozenset({"line-end", "cells", "csv", "form"}))


def cut_rows(folder: Path, chance: random.Random) -> Damage:
    """Take a session out that other tables speak of."""
    path = folder / "data" / "sessions.csv"
    rows = rows_of(path)
    asked = {row[1] for row in rows_of(folder / "data" / "screening.csv")}
    gone = chance.choice([n for n in range(1, len(rows)) if rows[n][0] in asked])
    key = rows.pop(gone)[0]
    write(path, rows)
    first = next(n for n, row in enumerate(rows_of(folder / "data" / "screening.csv"), 1) if row[1] == key)
    return Damage("data/screening.csv", first, "session", frozenset({"dangling-key"}))


def swap_rows(folder: Path, chance: random.Random) -> Damage:
    """Let two rows change places."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    one = chance.randrange(1, len(rows) - 1)
    rows[one], rows[one + 1] = rows[one + 1], rows[one]
    write(folder / name, rows)
    row = one + 1 if name == CHAIN else one + 2
    return Damage(name, row, None, frozenset({"order", "chain-order"}))


def swap_columns(folder: Path, chance: random.Random) -> Damage:
    """Let two columns change places, with their names."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    one = chance.randrange(len(rows[0]) - 1)
    for row in rows:
        row[one], row[one + 1] = row[one + 1], row[one]
    write(folder / name, rows)
    return Damage(name, 1, None, frozenset({"header"}))


def key_of(folder: Path, name: str) -> list[str]:
    """The columns that together name a row of this file, as the bundle describes itself."""
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return next(list(one["schema"]["primaryKey"]) for one in described if one["path"] == name)


def append_row(folder: Path, chance: random.Random) -> Damage:
    """Write a row twice."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    twice = chance.randrange(1, len(rows))
    rows.insert(twice, rows[twice])
    write(folder / name, rows)
    key = "seq" if name == CHAIN else ", ".join(key_of(folder, name))
    return Damage(name, twice + 2, key, frozenset({"duplicate-key"}))


def append_cell(folder: Path, chance: random.Random) -> Damage:
    """Put one cell more into a row."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    row = chance.randrange(1, len(rows))
    rows[row].append('"more"')
    write(folder / name, rows)
    return Damage(name, row + 1, None, frozenset({"cells"}))


def append_column(folder: Path, chance: random.Random) -> Damage:
    """Add a column."""
    name = chance.choice([*data(folder), CHAIN])
    rows = [[*row, '"more"' if n else "extra"] for n, row in enumerate(rows_of(folder / name))]
    write(folder / name, rows)
    return Damage(name, 1, "'extra'", frozenset({"extra-column"}))


def append_line(folder: Path, chance: random.Random) -> Damage:
    """Add an empty line at the end."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    (folder / name).write_bytes((folder / name).read_bytes() + b"\r\n")
    return Damage(name, len(rows) + 1, None, frozenset({"cells"}))


def rename_column(folder: Path, chance: random.Random) -> Damage:
    """Give a column another name."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    at = chance.randrange(len(rows[0]))
    was, rows[0][at] = rows[0][at], "renamed"
    write(folder / name, rows)
    return Damage(name, 1, was, frozenset({"missing-column"}))


def rename_file(folder: Path, chance: random.Random) -> Damage:
    """Give a table another name, in every list as well."""
    name = chance.choice([*data(folder), CHAIN])
    other = name.replace(".csv", "_new.csv")
    (folder / name).rename(folder / other)
    for listed in ("SHA256SUMS", "manifest.json", "datapackage.json"):
        path = folder / listed
        path.write_text(path.read_text(encoding="utf-8").replace(name, other), encoding="utf-8")
    return Damage(name, None, None, frozenset({"missing-file"}))


def _coded_anew(change: Callable[[str], bytes], *kinds: str, row: int | None = None) -> Mutation:
    def apply(folder: Path, chance: random.Random) -> Damage:
        name = chance.choice([*data(folder), CHAIN])
        path = folder / name
        path.write_bytes(change(path.read_bytes().decode("utf-8")))
        return Damage(name, row, None, frozenset(kinds))

    return apply


def one_line_end(folder: Path, chance: random.Random) -> Damage:
    """End one row the way of another system."""
    name = chance.choice([*data(folder), CHAIN])
    rows = rows_of(folder / name)
    short = chance.randrange(1, len(rows) - 1)
    lines = [",".join(row) + ("\n" if n == short else "\r\n") for n, row in enumerate(rows)]
    (folder / name).write_bytes("".join(lines).encode("utf-8"))
    return Damage(name, short + 1, None, frozenset({"form"}))


def other_quotes(folder: Path, chance: random.Random) -> Damage:
    """Quote a number, or take the quotes of a code."""
    name, rows, row, at = cell(
        folder,
        chance,
        lambda field, value: field["type"] in ("integer", "number") or field.get("format") == "uuid",
    )
    held = rows[row][at]
    rows[row][at] = held.strip('"') if held.startswith('"') else f'"{held}"'
    write(folder / name, rows)
    return Damage(name, row + 1, None, frozenset({"form"}))


RECODED: tuple[Mutation, ...] = (
    _coded_anew(lambda text: text.encode("utf-16"), "encoding", "csv", "header"),
    _coded_anew(lambda text: text.encode("cp037", "replace"), "encoding", "csv", "header"),
    _coded_anew(
        lambda text: (text.replace('"\r\n', 'é"\r\n') + "é").encode("latin-1", "replace"), "encoding"
    ),
    _coded_anew(lambda text: text.replace("\r\n", "\n").encode(), "line-end", "form"),
    _coded_anew(lambda text: text.replace(",", ";").encode(), "header", row=1),
    one_line_end,
    other_quotes,
)


def mark(folder: Path, chance: random.Random) -> Damage:
    """Put a byte order mark first."""
    name = chance.choice([*data(folder), CHAIN])
    (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    return Damage(name, 1, None, frozenset({"bom"}))


OFFSETS: tuple[Mutation, ...] = (
    changed("no-offset", _of("datetime"), lambda value: value[:-6]),
    changed("type", _of("datetime"), lambda value: value[:-6] + "Z"),
    changed("type", _of("datetime"), lambda value: value.replace("T", " ")),
    changed("type", _of("date"), lambda value: value.replace("-", "/")),
)


def chain_end(folder: Path, chance: random.Random) -> Damage:
    """Cut the newest rows off the chain."""
    rows = rows_of(folder / CHAIN)
    write(folder / CHAIN, rows[: -chance.randrange(1, 6)])
    return Damage(CHAIN, None, None, frozenset({"cut-chain"}))


def chain_middle(folder: Path, chance: random.Random) -> Damage:
    """Take a row out of the chain."""
    rows = rows_of(folder / CHAIN)
    gone = chance.randrange(1, len(rows) - 1)
    del rows[gone]
    write(folder / CHAIN, rows)
    return Damage(CHAIN, gone + 1, None, frozenset({"broken-link", "chain-order"}))


def chain_renumbered(folder: Path, chance: random.Random) -> Damage:
    """Take a row out of the chain and close the gap in the numbers."""
    rows = rows_of(folder / CHAIN)
    gone = chance.randrange(1, len(rows) - 1)
    del rows[gone]
    for number, row in enumerate(rows[1:], 1):
        row[0] = str(number)
    write(folder / CHAIN, rows)
    return Damage(CHAIN, gone + 1, None, frozenset({"broken-link", "altered-row"}))


IN_CELLS: dict[str, tuple[Mutation, ...]] = {
    "flip": FLIPS,
    "cut": (cut, cut_rows),
    "swap": (swap_rows, swap_columns),
    "append": (append_row, append_cell, append_column, append_line),
    "rename": (rename_column, rename_file),
    "re-encode": RECODED,
    "BOM": (mark,),
    "offset": OFFSETS,
    "chain": (chain_end, chain_middle, chain_renumbered),
}
"""Damage to the tables that no sum made to fit can hide, by the words of the list."""


def forge(folder: Path) -> None:
    """Make every sum, size and count fit again, as somebody would who wants a change to go unnoticed."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for one in manifest["tables"]:
        held = (folder / one["file"]).read_bytes()
        one["sha256"] = hashlib.sha256(held).hexdigest()
        try:
            rows = rows_of(folder / one["file"])
        except (UnicodeDecodeError, AssertionError):
            continue
        one["rows"] = len(rows) - 1
        one["filled"] = {
            name: sum(1 for row in rows[1:] if len(row) > at and row[at]) for at, name in enumerate(rows[0])
        }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for one in package["resources"]:
        held = (folder / one["path"]).read_bytes()
        one |= {"bytes": len(held), "hash": f"sha256:{hashlib.sha256(held).hexdigest()}"}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    sums = folder / "SHA256SUMS"
    names = sorted(line.split("  ", 1)[1] for line in sums.read_text(encoding="utf-8").splitlines())
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    sums.write_text("".join(lines), encoding="utf-8")


def any_byte(folder: Path, chance: random.Random, what: str) -> Damage:
    """Damage any file of the bundle anywhere, whatever it is."""
    names = sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
    name = chance.choice(names)
    path = folder / name
    held = bytearray(path.read_bytes())
    place = chance.randrange(len(held))
    if what == "flip":
        held[place] ^= 1 << chance.randrange(8)
    elif what == "cut":
        del held[place : place + chance.randint(1, 9)]
    elif what == "swap":
        other = folder / chance.choice([one for one in names if one != name])
        theirs = other.read_bytes()
        other.write_bytes(held)
        held[:] = theirs
    elif what == "append":
        held += chance.choice((b"\n", b"\r\n", b" ", b"\0", b"x", held[-60:]))
    elif what == "re-encode":
        held[:] = bytes(held).decode("utf-8").encode(chance.choice(("utf-16", "cp037")), "replace")
    elif what == "BOM":
        held[:0] = b"\xef\xbb\xbf"
    path.write_bytes(held)
    if what == "rename":
        path.rename(path.with_name(f"new_{path.name}"))
        return Damage(name, None, None, frozenset({"missing-file"}))
    return Damage(name)
