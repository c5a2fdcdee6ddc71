"""Two people changed one draft at once: what each changed, and the draft that keeps both their work.

Everything is compared with what the first of them had read. A place is a note, one needle site, one reading,
one answer; where only one of them changed a place, that change stands, and where both did, one has to be
chosen. Pure functions on frozen drafts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from hiplog.clinical.record import NeedleCount, Patient, PatientDraft, SessionDraft

Place = tuple[str, str]
Told = dict[Place, Any]
S = TypeVar("S", bound=SessionDraft)
ALONE = ("occurred_at", "zone", "therapist", "episode", "consent", "carried_from", "note", "plan")
PARTS = ("screening", "insertions", "inquiries", "readings", "advice", "co_treatments", "referrals")
PERSON = tuple(one.name for one in fields(PatientDraft))
NEEDLES = tuple(one.name for one in fields(NeedleCount))


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two drafts differ; ``both`` when each of them changed it."""

    place: Place
    mine: Any
    theirs: Any
    both: bool


def differences(base: SessionDraft, mine: SessionDraft, theirs: SessionDraft) -> tuple[Difference, ...]:
    """Return every place where ``mine`` and ``theirs`` differ, given that both began with ``base``."""
    return _differing(_flat(base), _flat(mine), _flat(theirs))


def merged(base: SessionDraft, mine: SessionDraft, theirs: S, keep_mine: Collection[Place] = ()) -> S:
    """Return ``theirs`` with what ``mine`` changed; where both changed a place, mine if in ``keep_mine``."""
    return _built(theirs, _joined(_flat(base), _flat(mine), _flat(theirs), keep_mine))


def all_mine(mine: SessionDraft, theirs: S) -> S:
    """Return ``mine`` whole, as the next state of the record that ``theirs`` is."""
    return _built(theirs, _flat(mine))


def _flat(draft: SessionDraft) -> Told:
    told: Told = {(name, ""): getattr(draft, name) for name in ALONE}
    told |= {("needles", name): getattr(draft.needles, name) for name in NEEDLES}
    for name in PARTS:
        told |= {(name, key): part for key, part in _keyed(name, getattr(draft, name))}
    return told


def _keyed(name: str, parts: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    """Name each part by what it is about, so that two answers to one question meet in one place."""
    seen: Counter[str] = Counter()
    for part in parts:
        key = _about(name, part)
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key} {seen[key]}"), part


def _about(name: str, part: Any) -> str:
    if isinstance(part, str):
        return part
    if name == "screening":
        return str(part.item)
    if name == "readings":
        return " ".join(filter(None, (part.measure, part.stage, part.side, part.mode)))
    return str(part.stage) if name == "inquiries" else str(part.id)


def _same(one: Any, other: Any) -> bool:
    """Whether two parts say the same; who wrote the same answer twice made two keys for it."""
    if one is None or other is None or isinstance(one, str) or not hasattr(one, "id"):
        return bool(one == other)
    return bool(replace(one, id="") == replace(other, id=""))


def _built(theirs: S, told: Told) -> S:
    values: dict[str, Any] = {name: told[name, ""] for name in ALONE}
    values["needles"] = NeedleCount(**{name: told["needles", name] for name in NEEDLES})
    for part in PARTS:
        kept = (value for (name, _), value in told.items() if name == part and value is not None)
        values[part] = tuple(kept)
    return replace(theirs, **values)


def patient_differences(base: Patient, mine: Patient, theirs: Patient) -> tuple[Difference, ...]:
    """The same for what is kept of a person: every field where ``mine`` and ``theirs`` differ."""
    return _differing(_person(base), _person(mine), _person(theirs))


def patient_merged(
    base: Patient, mine: Patient, theirs: Patient, keep_mine: Collection[Place] = ()
) -> Patient:
    """Return ``theirs`` with the fields that ``mine`` alone changed, and those of ``keep_mine``."""
    return _named(theirs, _joined(_person(base), _person(mine), _person(theirs), keep_mine))


def patient_mine(mine: Patient, theirs: Patient) -> Patient:
    """Return ``mine`` whole, as the next state of the person that ``theirs`` is."""
    return _named(theirs, _person(mine))


def _differing(was: Told, own: Told, other: Told) -> tuple[Difference, ...]:
    found = []
    for place in dict.fromkeys((*other, *own)):
        mine_now, theirs_now, before = own.get(place), other.get(place), was.get(place)
        if not _same(mine_now, theirs_now):
            both = not _same(mine_now, before) and not _same(theirs_now, before)
            found.append(Difference(place, mine_now, theirs_now, both))
    return tuple(found)


def _joined(was: Told, own: Told, other: Told, keep_mine: Collection[Place]) -> Told:
    told: Told = {}
    for place in dict.fromkeys((*other, *own)):
        mine_now, theirs_now, before = own.get(place), other.get(place), was.get(place)
        if _same(mine_now, before):
            told[place] = theirs_now
        elif _same(theirs_now, before):
            told[place] = mine_now
        else:
            told[place] = mine_now if place in keep_mine else theirs_now
    return told


def _person(who: Patient) -> Told:
    return {(name, ""): getattr(who, name) for name in PERSON}


def _named(theirs: Patient, told: Told) -> Patient:
    return replace(theirs, **{name: told[name, ""] for name in PERSON})
