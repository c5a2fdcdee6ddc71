"""The owner's eight questions answered at once: the one value that screen, report, JSON and bundle read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hiplog.clinical.errors import NotFound
from hiplog.outcomes import attendance as presence
from hiplog.outcomes import cohort, gather
from hiplog.outcomes.about import About
from hiplog.outcomes.attendance import Attendance
from hiplog.outcomes.cohort import CAPTION, Case
from hiplog.outcomes.completeness import Judged, judged
from hiplog.outcomes.dose import Dose, dose
from hiplog.outcomes.facts import Facts, LeftOut
from hiplog.outcomes.filters import Cancelled, Filters, Progress, Work, checked
from hiplog.outcomes.gather import facts
from hiplog.outcomes.groups import By, Causes, Groups, causes, groups
from hiplog.outcomes.improvement import Improvement, improvement
from hiplog.outcomes.safety import Safety, safety
from hiplog.outcomes.sessions_needed import SessionsNeeded, sessions_needed
from hiplog.outcomes.therapists import Funnel, therapists
from hiplog.outcomes.weeks import Records, records
from hiplog.storage.unit import Unit

READS = gather.READS + 1
ANSWERS = 6


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the owner's page shows for one set of filters.

    ``patients``, ``episodes`` and ``sessions`` are those seen in the period; the hips that the answers on
    change count are those *begun* in it. ``therapists_known`` are the codes a filter may name.
    """

    filters: Filters
    strict: bool
    rule: str
    patients: int
    episodes: int
    sessions: int
    improvement: Improvement
    causes: Causes
    time: SessionsNeeded
    safety: Safety
    therapists: Funnel
    attendance: Attendance
    completeness: Records
    dose: Dose
    left_out: tuple[LeftOut, ...]
    therapists_known: tuple[str, ...]
    caption: str = CAPTION

    @property
    def abouts(self) -> tuple[About, ...]:
        """The frame of each answer, in the order of the questions."""
        answers = (self.improvement, self.causes, self.time, self.safety)
        more = (self.therapists, self.attendance, self.completeness, self.dose)
        return tuple(answer.about for answer in (*answers, *more))


@dataclass(frozen=True, slots=True)
class Source:
    """All that the answers rest on, read once: other filters need no other read."""

    facts: Facts
    judged: tuple[Judged, ...]
    zone: ZoneInfo


def of(
    unit: Unit,
    filters: Filters | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Dashboard:
    """Answer the eight questions.

    ``strict`` asks for both forms of the responder rule instead of either. ``progress`` is told of each step,
    ``cancelled`` asked before it; :class:`~hiplog.outcomes.filters.Stopped` when it says so. Raises
    ``BadInput`` for filters that cannot be, ``NotFound`` for a therapist nobody knows.
    """
    wanted = checked(filters or Filters())
    work = Work(READS + ANSWERS, progress, cancelled)
    source = read(unit, work)
    return answer(source, known(source, wanted), strict, work)


def known(source: Source, filters: Filters) -> Filters:
    """Return checked filters, their therapist being one of the logbook's, else ``NotFound``."""
    wanted, codes = checked(filters), source.facts.therapists
    if wanted.therapist is not None and wanted.therapist not in codes:
        listed = ", ".join(codes)
        raise NotFound(f"{wanted.therapist[:40]!r}: no therapist has this code; there are: {listed}")
    return wanted


def read(unit: Unit, work: Work | None = None) -> Source:
    """Read what the answers rest on; for a screen whose filters change as they are typed."""
    told = work or Work(READS)
    found = facts(unit, told)
    told.step("reading records")
    return Source(found, tuple(judged(unit)), ZoneInfo(unit.zone))


def answer(source: Source, filters: Filters, strict: bool = False, work: Work | None = None) -> Dashboard:
    """Work the answers out of what was read; touches no database. ``filters`` are checked ones."""
    told = work or Work(ANSWERS)
    found = source.facts
    seen = found.seen(filters)
    hips = cohort.cases(found.begun(filters), strict=strict)
    told.step("change of pain")
    change = improvement(hips, filters, strict=strict)
    by_cause = causes(hips, filters, strict=strict)
    told.step("sessions to a change")
    course = sessions_needed(hips, filters, strict=strict)
    told.step("reactions")
    harm = safety([visit for _, visit in seen], filters)
    told.step("therapists")
    funnel = therapists(hips, filters, strict=strict)
    told.step("attendance and records")
    came = presence.attendance(hips, found.now, filters)
    kept = records(source.judged, source.zone, filters)
    told.step("dose")
    given = dose(seen, filters)
    return Dashboard(
        filters=filters,
        strict=strict,
        rule=cohort.rule_words(strict=strict),
        patients=len({hip.patient for hip, _ in seen}),
        episodes=len({hip.id for hip, _ in seen}),
        sessions=len(seen),
        improvement=change,
        causes=by_cause,
        time=course,
        safety=harm,
        therapists=funnel,
        attendance=came,
        completeness=kept,
        dose=given,
        left_out=(*(one for one in found.left_out if one.fits(filters)), *excluded(hips)),
        therapists_known=found.therapists,
    )


def excluded(judged_hips: Sequence[Case]) -> Iterator[LeftOut]:
    """The hips that no line counts, each at its first session."""
    for case in judged_hips:
        if case.state in cohort.EXCLUDED:
            hip, first = case.hip, case.hip.first
            yield LeftOut(
                hip.patient, first.number, case.state, first.day, first.therapist, hip.cause, hip.side
            )


def split(source: Source, by: By, filters: Filters, strict: bool = False) -> Groups:
    """The hips begun in the period by cause, therapist or muscle."""
    return groups(cohort.cases(source.facts.begun(filters), strict=strict), by)
