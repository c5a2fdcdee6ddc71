"""The clinic's counts, kept: the answers for the whole record without reading the record.

``outcome_parts`` holds what each patient adds to the cells of :mod:`hiplog.outcomes.tally`, ``outcome_cells``
the sum of all of them. Every save notes whom it touched (:mod:`hiplog.storage.figures`), in its own
transaction. A look counts those people anew on top of the cells, so it is never behind; :func:`settle` then
writes that down, so that the next look need not. Drafts and follow-ups still due are looked at each time, for
time alone changes what is said of them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, insert, select, text

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.outcomes.completeness import Judged, judged
from hiplog.outcomes.facts import Facts, Hip, LeftOut
from hiplog.outcomes.filters import Filters, Stopped, Work
from hiplog.outcomes.gather import READS, facts, therapists
from hiplog.outcomes.gather import drafts as drafts_of
from hiplog.outcomes.tally import KINDS, Cells, Key, Tally, tally
from hiplog.storage import bulk, figures, quick
from hiplog.storage.refusals import translated
from hiplog.storage.tables import outcome_cells, outcome_marks, outcome_parts, patients, sessions
from hiplog.storage.unit import Unit

AT_ONCE = 400
EVERYBODY = Filters()
DRAFT = "draft"

Look = Callable[[Unit], int]
Counts = dict[str, Counter[Key]]

_ADD = text(
    "INSERT INTO outcome_cells (kind, key, n) VALUES (:kind, :key, :n) "
    "ON CONFLICT (kind, key) DO UPDATE SET n = outcome_cells.n + excluded.n"
)


@dataclass(frozen=True, slots=True)
class Unlike:
    """One cell that is kept other than a full count finds it."""

    kind: str
    key: Key
    kept: int
    counted: int


def read(unit: Unit, work: Work | None = None) -> Tally:
    """Return the counts of the whole record as it stands in this transaction."""
    told = work or Work(1)
    people = _people(unit, list(figures.marks(unit.connection)))
    told.more(-(-len(people) // AT_ONCE))
    told.step(_("reading the counts"))
    cells = _cells(unit)
    for chunk in _chunks(people):
        told.step(_("counting who changed"))
        _lay(cells, _differences(unit, chunk))
    _lay(cells, _open(unit))
    zone = ZoneInfo(unit.zone)
    return Tally(unit.now.astimezone(zone), therapists(unit), _whole(cells))


def waits(unit: Unit) -> int:
    """How many patients and sessions changed since the cells were last written."""
    row = unit.one(select(func.count()).select_from(outcome_marks))
    return int(row[0]) if row else 0


def fold(unit: Unit, most: int = AT_ONCE) -> int:
    """Count some of those who changed anew and write it down; return how many marks that were settled."""
    unit.alone()
    waiting = list(figures.marks(unit.connection, most))
    if not waiting:
        return 0
    people = _people(unit, waiting)
    with translated(), bulk.allowed(unit.connection, outcome_cells, outcome_parts, outcome_marks):
        for chunk in _chunks(people):
            fresh, added = _counted(unit, chunk), Counter[tuple[str, str]]()
            for key, body in _parts(unit, chunk).items():
                _add(added, body, -1)
                fresh.setdefault(key, {})
            for cells in fresh.values():
                _add(added, cells, 1)
            _write(unit, added, fresh)
        unit.connection.execute(
            delete(outcome_marks).where(outcome_marks.c.id == bindparam("noted")),
            [{"noted": key} for key in waiting],
        )
    return len(waiting)


def settle(read: Callable[[Look], int], write: Callable[[Look], int], work: Work | None = None) -> None:
    """Write down what changed, a few people to a transaction; where that cannot be, looks stay exact.

    ``read`` and ``write`` run an action in a transaction of its own, the second one commits it.
    """
    waiting = read(waits)
    told = work or Work(0)
    told.more(-(-waiting // AT_ONCE))
    try:
        for _part in range(-(-waiting // AT_ONCE)):
            told.step(_("counting who changed"))
            write(fold)
    except Stopped:
        raise
    except HiplogError:
        return


def unlike(unit: Unit, found_whole: Facts | None = None) -> tuple[Unlike, ...]:
    """Hold every kept cell against a count of the whole record, which may have been read already."""
    kept = read(unit)
    zone = ZoneInfo(unit.zone)
    whole = tally(found_whole or facts(unit, Work(READS)), judged(unit), zone, EVERYBODY)
    found = []
    for kind in KINDS:
        mine, theirs = kept.of(kind), whole.of(kind)
        found += [
            Unlike(kind, key, mine[key], theirs[key])
            for key in mine.keys() | theirs.keys()
            if mine[key] != theirs[key]
        ]
    return tuple(found)


def rebuild(unit: Unit, wrong: int) -> int:
    """Forget every kept count and note everybody to be counted anew; return how many that are.

    The record itself is not touched. ``wrong`` cells were found other than they should be: the entry in the
    access trail tells that.
    """
    unit.alone()
    with translated():
        figures.mark_everybody(unit.connection)
    waiting = waits(unit)
    unit.access("figures.repair", "figures", None, cells=wrong, patients=waiting)
    return waiting


def _cells(unit: Unit) -> Counts:
    query = select(outcome_cells.c.kind, outcome_cells.c.key, outcome_cells.c.n)
    rows = list(quick.rows(unit.connection, query))
    # One reading of all keys together costs a tenth of reading each.
    keys = json.loads(f"[{','.join(key for _, key, _ in rows)}]")
    found: Counts = defaultdict(Counter)
    for (kind, _, n), key in zip(rows, keys, strict=True):
        found[kind][tuple(key)] = n
    return found


def _people(unit: Unit, waiting: Sequence[str]) -> list[str]:
    """The patients behind marks, each of which is the key of a patient or of a session."""
    found: set[str] = set()
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        own = select(patients.c.id).where(patients.c.id.in_(part))
        theirs = select(sessions.c.patient_id).where(sessions.c.id.in_(part))
        found.update(row[0] for row in unit.all(own))
        found.update(row[0] for row in unit.all(theirs))
    return sorted(found)


def _chunks(people: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]


def _differences(unit: Unit, people: Sequence[str]) -> Counts:
    """What these people add now, less what they are kept with."""
    found: Counts = defaultdict(Counter)
    for sign, parts in ((1, _counted(unit, people)), (-1, _parts(unit, people))):
        for cells in parts.values():
            for kind, counts in cells.items():
                for key, n in counts.items():
                    found[kind][key] += sign * n
    return found


def _counted(unit: Unit, people: Sequence[str]) -> dict[str, Cells]:
    """Count each of these people from the record, by key of patient."""
    keys = {row.code: row.id for row in unit.all(select(patients.c.code, patients.c.id).where(_in(people)))}
    found = facts(unit, Work(READS), people)
    hips: dict[str, list[Hip]] = defaultdict(list)
    out: dict[str, list[LeftOut]] = defaultdict(list)
    rests: dict[str, list[Judged]] = defaultdict(list)
    for hip in found.hips:
        hips[hip.patient].append(hip)
    for one in found.left_out:
        if one.rule != DRAFT:
            out[one.patient].append(one)
    for session in judged(unit, people=people, settled=True):
        rests[session.patient].append(session)
    zone = ZoneInfo(unit.zone)
    counted = {}
    for code, key in keys.items():
        own = Facts(found.now, tuple(hips[code]), tuple(out[code]))
        counted[key] = tally(own, rests[code], zone, EVERYBODY).cells
    return counted


def _in(people: Sequence[str]) -> Any:
    return patients.c.id.in_(people)


def _parts(unit: Unit, people: Sequence[str]) -> dict[str, Cells]:
    query = select(outcome_parts.c.id, outcome_parts.c.body).where(outcome_parts.c.id.in_(people))
    return {row.id: _loaded(row.body) for row in unit.all(query)}


def _open(unit: Unit) -> Counts:
    """What time alone changes: drafts, and follow-ups that are still due."""
    zone = ZoneInfo(unit.zone)
    left = tuple(one for one in drafts_of(unit) if one.rule == DRAFT)
    own = Facts(unit.now.astimezone(zone), (), left)
    found = tally(own, judged(unit, settled=False), zone, EVERYBODY).cells
    return {kind: counts for kind, counts in found.items() if counts}


def _lay(cells: Counts, more: Mapping[str, Counter[Key]]) -> None:
    for kind, counts in more.items():
        mine = cells.setdefault(kind, Counter())
        for key, n in counts.items():
            mine[key] += n


def _whole(cells: Counts) -> Cells:
    """The cells that count something: a key whose people all went elsewhere is no key any more."""
    return {kind: Counter({key: n for key, n in counts.items() if n}) for kind, counts in cells.items()}


def _add(added: Counter[tuple[str, str]], cells: Cells, sign: int) -> None:
    for kind, counts in cells.items():
        for key, n in counts.items():
            added[kind, _text(key)] += sign * n


def _write(unit: Unit, added: Counter[tuple[str, str]], parts: Mapping[str, Cells]) -> None:
    connection = unit.connection
    rows = [{"kind": kind, "key": key, "n": n} for (kind, key), n in sorted(added.items()) if n]
    if rows:
        connection.execute(_ADD, rows)
        connection.execute(delete(outcome_cells).where(outcome_cells.c.n == 0))
    connection.execute(delete(outcome_parts).where(outcome_parts.c.id.in_(list(parts))))
    kept = [{"id": key, "body": _dumped(cells)} for key, cells in parts.items() if any(cells.values())]
    if kept:
        connection.execute(insert(outcome_parts), kept)


def _text(key: Iterable[Any]) -> str:
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def _dumped(cells: Cells) -> str:
    body = {kind: [[*key, n] for key, n in counts.items()] for kind, counts in cells.items() if counts}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _loaded(body: str) -> Cells:
    told = json.loads(body)
    return {kind: Counter({tuple(row[:-1]): row[-1] for row in rows}) for kind, rows in told.items()}
