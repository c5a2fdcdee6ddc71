"""Heads kept outside the logbook: noted beside the log, read back from a file or from words, and compared.

A chain shows every alteration but one: when its end is cut off, what is left still follows. Only somebody
who kept the head of a later day can tell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file, private_folder
from hiplog.storage import chain, words
from hiplog.storage.chain import Finding, Head
from hiplog.storage.columns import utc_text
from hiplog.storage.tables import audit_log
from hiplog.storage.unit import Unit

_LINE = re.compile(r"\b(record|access)\s+(\d+)\s+([0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Kept:
    """A head from outside: ``begins`` is the beginning of its hash; ``seq`` and ``chain`` may be unknown."""

    begins: str
    chain: str | None = None
    seq: int | None = None


def note(book: Logbook, why: str) -> Path | None:
    """Append the present heads to the file of anchors; ``None`` when nothing is new since the last line."""
    heads = book.read(audit.heads)
    target = book.settings.anchors
    lines = [line(head) for head in heads]
    if target.exists() and all(one in target.read_text(encoding="utf-8") for one in lines):
        return None
    _append(target, why, lines, book.read(lambda unit: chain.genesis(unit.connection)), book.clock())
    return target


def restored(settings: Settings, genesis: str, heads: tuple[Head, ...], now: datetime) -> None:
    """Note the heads of a backup that took the logbook's place, so that the older file is no surprise."""
    with suppress(OSError):
        _append(settings.anchors, "restore", [line(head) for head in heads], genesis, now)


def _append(target: Path, why: str, lines: list[str], genesis: str, now: datetime) -> None:
    private_folder(target.parent)
    with suppress(FileExistsError):
        private_file(target)
    at, mark = utc_text(now), _mark(genesis)
    with target.open("a", encoding="utf-8") as file:
        file.writelines(f"{at}  {why:8}  {one}{mark}\n" for one in lines)
        file.flush()
        os.fsync(file.fileno())


def _mark(genesis: str) -> str:
    """Stands behind each noted head, for one machine may note those of several logbooks in one file."""
    return f"  of {genesis[:16]}"


def newest(book: Logbook) -> tuple[Kept, ...]:
    """Return the heads of this logbook that were noted last on this machine, if any."""
    mark = _mark(book.read(lambda unit: chain.genesis(unit.connection)))
    try:
        lines = book.settings.anchors.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found: dict[str, Kept] = {}
    for row in (_LINE.search(one) for one in lines if one.endswith(mark)):
        if row is not None:
            found[row[1]] = Kept(row[3], row[1], int(row[2]))
    return tuple(found.values())


def line(head: Head) -> str:
    """Return a head as it is noted and printed."""
    return f"{head.chain}  {head.seq}  {head.row_hash}  {words.spoken(head.row_hash)}"


def heard(text: str) -> tuple[Kept, ...]:
    """Return the heads of ``text``: the lines of a file of anchors, or eight words."""
    told = tuple(dict.fromkeys(Kept(row[3], row[1], int(row[2])) for row in _LINE.finditer(text)))
    return told or (_spoken(text),)


def of(given: str) -> tuple[Kept, ...]:
    """Return the heads that somebody names: a file of them, or the words themselves."""
    try:
        is_file = Path(given).is_file()
    except OSError:
        is_file = False
    if not is_file:
        return heard(given)
    try:
        return heard(Path(given).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            _("{given}: cannot be read as text; name the file that heads were kept in").format(given=given)
        ) from None


def _spoken(text: str) -> Kept:
    said = text.split()
    known = said[0].lower() if said and said[0].lower() in chain.CHAINS else None
    said = said[1:] if known else said
    seq = int(said[0]) if said and said[0].isascii() and said[0].isdigit() else None
    return Kept(words.heard(" ".join(said[1:] if seq is not None else said)), known, seq)


def compare(unit: Unit, kept: tuple[Kept, ...]) -> Iterator[Finding]:
    """Yield what does not agree with heads kept outside, and where the trail was cut."""
    for one in kept:
        yield from _placed(unit, one) if one.seq is not None else _anywhere(unit, one)


def _placed(unit: Unit, kept: Kept) -> Iterator[Finding]:
    name, seq = kept.chain or "record", kept.seq or 0
    end = chain.head(unit.connection, "access" if name == "access" else "record")
    found = _hash(unit, name, seq)
    if found is None:
        yield Finding(
            "cut-tail",
            _(
                "the {name} trail was cut: a head kept outside is entry {seq}, the trail ends "
                "with {last}; {lost} entries are gone, or this is an older file"
            ).format(name=name, seq=seq, last=end.seq, lost=seq - end.seq),
            name,
            seq,
        )
    elif not found.startswith(kept.begins):
        message = _(
            "entry {seq} is not the one of the head kept outside: the {name} trail was rewritten up to it"
        ).format(seq=seq, name=name)
        yield Finding("rewritten", message, name, seq)


def _hash(unit: Unit, name: str, seq: int) -> str | None:
    if seq == 0:
        return chain.genesis(unit.connection)
    query = select(audit_log.c.row_hash).where(audit_log.c.chain == name, audit_log.c.seq == seq)
    row = unit.one(query)
    return None if row is None else str(row.row_hash)


def _anywhere(unit: Unit, kept: Kept) -> Iterator[Finding]:
    query = select(audit_log.c.seq).where(audit_log.c.row_hash.startswith(kept.begins))
    if unit.one(query) is None and not chain.genesis(unit.connection).startswith(kept.begins):
        ends = ", ".join(f"{head.chain} {head.seq}" for head in audit.heads(unit))
        message = _(
            "no entry has the head that these words stand for: the trail was cut or "
            "rewritten before it, or a word is wrong (the trail ends with {ends})"
        ).format(ends=ends)
        yield Finding("head-unknown", message)
