"""Equal things counted: all that the answers need of hips, sessions and records, however many there are.

A cell is a kind, a key of plain values and how often it was found. Two tallies are added cell by cell, so
those of all patients are the tally of the clinic; as some things are counted once for a patient (``ever``), a
tally is made of whole patients. Every cell stands for both responder rules; :meth:`Tally.ended` looks at one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hiplog.clinical.change import lefs_response
from hiplog.outcomes.calendar import week
from hiplog.outcomes.cohort import EXCLUDED, MEASURED, Case, Ended, cases, pair
from hiplog.outcomes.completeness import Judged
from hiplog.outcomes.dose import change_pair, sore_pair
from hiplog.outcomes.facts import FUNCTION, PAIN, REPORTERS, Facts, Hip, LeftOut, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.safety import harms
from hiplog.outcomes.sessions_needed import course
from hiplog.outcomes.weeks import LACKS, SESSIONS, fitting

Key = tuple[Any, ...]
Cells = Mapping[str, Counter[Key]]

KINDS = {
    "cause": "hips by cause, and what each came to by either rule and by both",
    "month": "the same by the month in which they began",
    "therapist": "the same by who began them",
    "pair": "first and final score and what the hip counts as",
    "lefs": "at least 9 and at least 10 points of LEFS better, nothing where it was not measured twice",
    "visit": "ordinal of a session and change of pain before needling since the baseline",
    "course": "sessions until the change or the last score, and whether it was seen",
    "course_strict": "the same by both forms of the rule",
    "again": "whether a hip was measured again",
    "came": "sessions of a hip, and the day of its last one while it is open",
    "patients": "patients seen",
    "hips": "hips seen",
    "sessions": "sessions seen",
    "asked": "reporter, month and state of the answer",
    "answered": "sessions that anybody was asked about",
    "harm": "sessions by reporter and kind of reaction",
    "ever": "patients by reporter and kind of reaction, with no kind: ever asked",
    "dose": "sessions by month and skin insertions",
    "heat": "sessions by muscle and side",
    "holes": "skin insertions by muscle and side",
    "sore": "insertions and soreness",
    "moved": "insertions and change of pain to the next session",
    "rule": "a rule of the record and whether it was met",
    "week": "therapist, week and what its sessions lack",
    "out": "one session or hip that is left out",
}


class Both(NamedTuple):
    """What a hip came to by either form of the rule and by both; the change is the same."""

    either: Ended
    strict: Ended


@dataclass(frozen=True, slots=True)
class Tally:
    """The cells of what was looked at; ``now`` in clinic time, ``therapists`` every known code."""

    now: datetime
    therapists: tuple[str, ...]
    cells: Cells

    def of(self, kind: str) -> Counter[Key]:
        """The cells of one kind by key."""
        return self.cells.get(kind) or Counter()

    def number(self, kind: str) -> int:
        """All that was counted of a kind."""
        return self.of(kind).total()

    def ended(self, kind: str, *, strict: bool) -> dict[str, Counter[Ended]]:
        """What hips came to by one rule, by cause, month or therapist."""
        found: dict[str, Counter[Ended]] = defaultdict(Counter)
        for (group, state, locf, strict_state, strict_locf, change), n in self.of(kind).items():
            one = Ended(strict_state, strict_locf, change) if strict else Ended(state, locf, change)
            found[group][one] += n
        return dict(found)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Every session and hip that is left out, by day and chart code."""
        rows = (LeftOut.of_key(key) for key in self.of("out"))
        return tuple(sorted(rows, key=lambda one: (one.day, one.patient, one.session, one.rule)))


def tally(found: Facts, judged: Iterable[Judged], zone: ZoneInfo, filters: Filters) -> Tally:
    """Count what ``filters`` let through."""
    cells: dict[str, Counter[Key]] = defaultdict(Counter)
    begun = found.begun(filters)
    for case, strict in zip(cases(begun), cases(begun, strict=True), strict=True):
        _hip(cells, case, strict)
    seen = found.seen(filters)
    _people(cells, seen)
    for hip, visit in seen:
        _session(cells, hip, visit)
    _records(cells, fitting(judged, zone, filters), zone)
    for one in found.left_out:
        if one.fits(filters):
            cells["out"][one.key] += 1
    return Tally(found.now, found.therapists, cells)


def _hip(cells: dict[str, Counter[Key]], case: Case, strict: Case) -> None:
    hip, found = case.hip, case.pair
    change = None if case.change is None else float(case.change)
    came_to = (case.state, case.locf, strict.state, strict.locf, change)
    for kind, group in (("cause", hip.cause), ("month", hip.first.month), ("therapist", hip.therapist)):
        cells[kind][group, *came_to] += 1
    final = found.final.value if found.final and case.state in MEASURED else None
    cells["pair"][_number(found.baseline), _number(final), case.state, strict.state] += 1
    for kind, one in (("course", course(case, strict=False)), ("course_strict", course(case, strict=True))):
        if one is not None:
            cells[kind][one.sessions, one.reached] += 1
    if case.state in EXCLUDED:
        cells["out"][LeftOut.whole(hip, case.state).key] += 1
    if found.baseline is not None and case.locf is not None:
        for visit in hip.visits[1:]:
            before = [value.value for value in visit.values(PAIN) if value.stage == "before"]
            if before:
                cells["visit"][visit.ordinal, float(before[-1] - found.baseline)] += 1
    if not hip.group_mean:
        _own(cells, hip, again=found.final is not None)


def _own(cells: dict[str, Counter[Key]], hip: Hip, *, again: bool) -> None:
    """What counts of a patient's own scores only, not of published means."""
    lefs = pair(hip, FUNCTION)
    response = lefs_response(lefs.baseline, lefs.final.value) if lefs.final is not None else None
    cells["lefs"][() if response is None else (response.important, response.beyond_error)] += 1
    cells["again"][(again,)] += 1
    cells["came"][len(hip.visits), None if hip.closed else hip.visits[-1].day.isoformat()] += 1


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _people(cells: dict[str, Counter[Key]], seen: Iterable[tuple[Hip, Visit]]) -> None:
    """What is counted once for a patient or a hip, however often either came."""
    hips: dict[str, set[str]] = defaultdict(set)
    told: dict[str, set[Key]] = defaultdict(set)
    for hip, visit in seen:
        hips[hip.patient].add(hip.id)
        mine = told[hip.patient]
        for reporter in REPORTERS:
            mine.update((reporter, kind) for kind in harms(visit.report(reporter)))
    if hips:
        cells["patients"][()] += len(hips)
        cells["hips"][()] += sum(map(len, hips.values()))
    for mine in told.values():
        cells["ever"].update(mine)


def _session(cells: dict[str, Counter[Key]], hip: Hip, visit: Visit) -> None:
    cells["sessions"][()] += 1
    if visit.by_therapist.asked or visit.by_patient.asked:
        cells["answered"][()] += 1
    month = visit.month
    for reporter in REPORTERS:
        report = visit.report(reporter)
        cells["asked"][reporter, month, report.state] += 1
        for kind in harms(report):
            if kind is not None:
                cells["harm"][reporter, kind] += 1
    if not visit.sites:
        return
    cells["dose"][month, visit.insertions] += 1
    for muscle, side in {(site.muscle, site.side) for site in visit.sites}:
        cells["heat"][muscle, side] += 1
    for site in visit.sites:
        cells["holes"][site.muscle, site.side] += site.insertions
    for kind, found in (("sore", sore_pair(visit)), ("moved", change_pair(hip, visit))):
        if found is not None:
            cells[kind][found] += 1


def _records(cells: dict[str, Counter[Key]], found: Iterable[Judged], zone: ZoneInfo) -> None:
    for one in found:
        met = dict(one.met)
        for rule, verdict in met.items():
            cells["rule"][rule, verdict] += 1
        if "signed" in met:
            when = week(one.occurred_at.astimezone(zone).date())
            cells["week"][one.therapist, when, SESSIONS] += 1
            for lack, rule in LACKS.items():
                if met.get(rule) is False:
                    cells["week"][one.therapist, when, lack] += 1
