"""Write what was gathered from a foreign table: new things only, under keys that stay the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from hiplog.clinical.record import Precaution, SessionDraft
from hiplog.exchange import gather
from hiplog.exchange.foreign import Found
from hiplog.exchange.gather import Gathered, Told, Unfit, Visit
from hiplog.exchange.mapping import Map
from hiplog.exchange.taken import Progress, Tally
from hiplog.language import _
from hiplog.logbook import archive, episodes, imports
from hiplog.logbook.archive import Unit

VISITS_AT_ONCE = 200
CHILDREN = ("screening", "insertions", "readings", "inquiries", "advice", "co_treatments", "referrals")


@dataclass(slots=True)
class _Work:
    """An import under way: where it writes, what the source told, the keys of its patients and episodes.

    ``therapists`` remembers which codes are a practitioner here.
    """

    unit: Unit
    made_by: Map
    file: str
    found: Found
    whole: Gathered
    tally: Tally
    key: Callable[[str], str]
    patients: dict[str, str] = field(default_factory=dict)
    episodes: dict[tuple[str, str], str] = field(default_factory=dict)
    episodes_of: dict[str, list[str]] = field(default_factory=dict)
    therapists: dict[str, bool] = field(default_factory=dict)

    def refuse(self, error: Unfit, patient: str) -> None:
        """Note a refusal and leave out what hangs on it."""
        self.tally.refuse(self.file, *error.told)
        self.found.bad_patients.add(patient)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A visit with its time, its place in the source, its key, and its rows as fields of a draft."""

    at: datetime
    place: tuple[str, str]
    visit: Visit
    key: str
    parts: dict[str, Any]


def settle(
    unit: Unit,
    made_by: Map,
    file: str,
    found: Found,
    whole: Gathered,
    tally: Tally,
    progress: Progress | None,
) -> None:
    """Add every patient, episode, precaution and visit that is not here yet."""
    unit.alone()
    space = imports.namespace(unit)
    work = _Work(
        unit, made_by, file, found, whole, tally, lambda word: str(uuid5(space, f"{made_by.source}\n{word}"))
    )
    therapist = _practitioner(work)
    for patient in _named(whole):
        _patient(work, patient)
    ordered = _ordered(work)
    first_days = _first_days(unit.zone, ordered)
    for place, told in whole.episodes.items():
        _episode(work, place, told, first_days)
    for (patient, item), told in whole.precautions.items():
        _precaution(work, patient, item, told)
    for start in range(0, len(ordered), VISITS_AT_ONCE):
        some = ordered[start : start + VISITS_AT_ONCE]
        _visits(work, some, therapist)
        if progress is not None:
            progress("sessions", start + len(some), len(ordered))


def _named(whole: Gathered) -> list[str]:
    others = (place[0] for places in (whole.episodes, whole.precautions, whole.visits) for place in places)
    return list(dict.fromkeys((*whole.people, *others)))


def _practitioner(work: _Work) -> str:
    if work.made_by.practitioner is None:
        return work.unit.actor
    code, name = work.made_by.practitioner
    key = work.key(f"practitioner\n{code.casefold()}")
    if imports.taken(work.unit, "practitioners", "code", code) is None:
        imports.add_practitioner(work.unit, key, code, name)
        work.tally.rows["practitioners"] += 1
    return code


def _patient(work: _Work, patient: str) -> None:
    told = work.whole.people.get(patient)
    if patient in work.found.bad_patients:
        work.tally.skipped += 1
        return
    if told is None:
        _known_patient(work, patient)
        return
    key = work.key(f"patient\n{patient}")
    work.patients[patient] = key
    if archive.present(work.unit, "patients", [key]):
        work.tally.already += 1
        return
    try:
        draft = gather.patient(told, work.unit.now.date())
        if imports.taken(work.unit, "patients", "code", draft.code) is not None:
            reason = _("this chart code is in the logbook already and did not come from this source")
            raise Unfit(told.line, "patient", draft.code, reason)
    except Unfit as error:
        work.refuse(error, patient)
        return
    imports.add_patient(work.unit, key, draft)
    work.tally.rows["patients"] += 1


def _known_patient(work: _Work, patient: str) -> None:
    found = imports.taken(work.unit, "patients", "code", patient)
    if found is not None:
        work.patients[patient] = found
        return
    line = _first_line(work.whole, patient)
    reason = _("no row says who this patient is, and the logbook has no such chart code")
    work.refuse(Unfit(line, "patient", patient, reason), patient)


def _first_line(whole: Gathered, patient: str) -> int:
    visits = ((place, visit.told) for place, visit in whole.visits.items())
    every = chain(whole.episodes.items(), whole.precautions.items(), visits)
    return next(told.line for place, told in every if place[0] == patient)


def _ordered(work: _Work) -> list[_Dated]:
    """Return the visits by time with all their rows made, and refuse whatever does not fit."""
    dated = []
    for place, visit in work.whole.visits.items():
        key = work.key(f"session\n{place[0]}\n{place[1]}")
        wrong: list[Unfit] = []
        parts = gather.parts(visit, partial(_child, UUID(key)), wrong)
        try:
            at = gather.when(visit, work.unit.zone, work.unit.now)
            dated.append(_Dated(at, place, visit, key, parts))
        except Unfit as error:
            wrong.append(error)
        for unfit in wrong:
            work.tally.refuse(work.file, *unfit.told)
            work.found.bad_visits.add(place)
    return sorted(dated, key=lambda one: one.at)


def _child(session: UUID, word: str) -> str:
    return str(uuid5(session, word))


def _episode(work: _Work, place: tuple[str, str], told: Told, first_days: dict[str, date]) -> None:
    patient = place[0]
    if patient in work.found.bad_patients:
        work.tally.skipped += 1
        return
    key = work.key(f"episode\n{patient}\n{place[1]}")
    work.episodes[place] = key
    work.episodes_of.setdefault(patient, []).append(key)
    if archive.present(work.unit, "episodes", [key]):
        work.tally.already += 1
        return
    opened = told.said.get("opened_on") or first_days.get(patient) or _today(work.unit)
    imports.add_episode(work.unit, key, work.patients[patient], gather.episode(told), opened)
    work.tally.rows["episodes"] += 1


def _first_days(zone: str, ordered: list[_Dated]) -> dict[str, date]:
    first: dict[str, date] = {}
    for one in ordered:
        first.setdefault(one.place[0], one.at.astimezone(ZoneInfo(zone)).date())
    return first


def _today(unit: Unit) -> date:
    return unit.now.astimezone(ZoneInfo(unit.zone)).date()


def _precaution(work: _Work, patient: str, item: str, told: Told) -> None:
    if patient in work.found.bad_patients:
        work.tally.skipped += 1
        return
    key = work.key(f"precaution\n{patient}\n{item}")
    if archive.present(work.unit, "precautions", [key]):
        work.tally.already += 1
        return
    said = told.said
    kept = Precaution(item, said.get("note"), said.get("cleared_by"), said.get("since"), None, key)
    imports.add_precaution(work.unit, work.patients[patient], kept)
    work.tally.rows["precautions"] += 1


def _visits(work: _Work, some: list[_Dated], therapist: str) -> None:
    here = archive.present(work.unit, "sessions", [dated.key for dated in some])
    drafts = [draft for dated in some if (draft := _fresh(work, dated, therapist, here)) is not None]
    if not drafts:
        return
    imports.add_sessions(work.unit, drafts)
    # Their audit rows are written now, still in the one transaction: held to the end they would fill memory.
    work.unit.settle()
    work.tally.rows["sessions"] += len(drafts)
    for draft in drafts:
        for name in CHILDREN:
            work.tally.rows[name] += len(getattr(draft, name))
        work.tally.rows["consents"] += draft.consent is not None
        work.tally.rows["reactions"] += sum(len(inquiry.reactions) for inquiry in draft.inquiries)


def _fresh(work: _Work, dated: _Dated, therapist: str, here: set[str]) -> SessionDraft | None:
    """Return the draft of a visit that is to come in, or count why it is not."""
    place, rows = dated.place, 1 + len(dated.visit.parts)
    if place in work.found.bad_visits or place[0] in work.found.bad_patients:
        work.tally.skipped += rows
        return None
    if dated.key in here:
        work.tally.already += rows
        return None
    try:
        return _draft(work, dated, therapist)
    except Unfit as error:
        work.tally.refuse(work.file, *error.told)
        work.tally.skipped += rows
        return None


def _draft(work: _Work, dated: _Dated, therapist: str) -> SessionDraft:
    told, patient = dated.visit.told, dated.place[0]
    who = told.said.get("therapist", therapist)
    if who not in work.therapists:
        work.therapists[who] = imports.taken(work.unit, "practitioners", "code", who) is not None
    if not work.therapists[who]:
        raise Unfit(
            told.line, "therapist", who, _("is no practitioner here; add one, or name one in the map")
        )
    return SessionDraft(
        id=dated.key,
        patient=work.patients[patient],
        episode=_episode_of(work, patient, dated.visit),
        therapist=who,
        occurred_at=dated.at,
        zone=work.unit.zone,
        note=gather.note(told),
        plan=told.said.get("plan"),
        origin="imported",
        **dated.parts,
    )


def _episode_of(work: _Work, patient: str, visit: Visit) -> str:
    named = visit.told.said.get("episode")
    if named is not None:
        place = (patient, str(named).casefold())
        if place not in work.episodes:
            raise Unfit(visit.told.line, "episode", str(named), _("no row tells of this episode"))
        return work.episodes[place]
    if patient not in work.episodes_of:
        kept = episodes.of(work.unit, work.patients[patient])
        work.episodes_of[patient] = [one.id for one in kept if one.closed_on is None]
    mine = work.episodes_of[patient]
    if len(mine) != 1:
        reason = (
            _("the visit's episode must be named")
            if mine
            else _("no row tells of an episode of this patient")
        )
        raise Unfit(visit.told.line, "episode", "", reason)
    return mine[0]
