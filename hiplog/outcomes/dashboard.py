"""The owner's eight questions answered at once: the one value that screen, report, JSON and bundle read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hiplog.clinical.errors import NotFound
from hiplog.language import _
from hiplog.outcomes import attendance as presence
from hiplog.outcomes import cohort, gather, kept
from hiplog.outcomes.about import About
from hiplog.outcomes.attendance import Attendance
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.completeness import Judged, judged
from hiplog.outcomes.dose import Dose, dose
from hiplog.outcomes.facts import Facts, LeftOut
from hiplog.outcomes.filters import Cancelled, Filters, Progress, Work, checked
from hiplog.outcomes.gather import facts
from hiplog.outcomes.groups import By, Causes, Groups, causes, groups
from hiplog.outcomes.improvement import Improvement, improvement
from hiplog.outcomes.safety import Safety, safety
from hiplog.outcomes.sessions_needed import SessionsNeeded, sessions_needed
from hiplog.outcomes.tally import Tally, tally
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
    wanted = known(gather.therapists(unit), filters or Filters())
    work = Work(ANSWERS, progress, cancelled)
    return answered(counted(unit, wanted, work), wanted, strict, work)


def counted(unit: Unit, filters: Filters, work: Work | None = None) -> Tally:
    """Count what checked ``filters`` let through: of the whole record what is kept, else who may fit."""
    told = work or Work(0)
    if filters == Filters():
        told.more(1)
        return kept.read(unit, told)
    told.more(READS + 1)
    source = read(unit, told, filters)
    told.step(_("counting"))
    return tallied(source, filters)


def tallied(source: Source, filters: Filters) -> Tally:
    """Count what ``filters`` let through of what was read."""
    return tally(source.facts, source.judged, source.zone, filters)


def known(codes: Sequence[str], filters: Filters) -> Filters:
    """Return checked filters, their therapist being one of ``codes``, else ``NotFound``."""
    wanted = checked(filters)
    if wanted.therapist is not None and wanted.therapist not in codes:
        listed = ", ".join(codes)
        raise NotFound(
            _("{therapist!r}: no therapist has this code; there are: {listed}").format(
                therapist=wanted.therapist[:40], listed=listed
            )
        )
    return wanted


def read(unit: Unit, work: Work | None = None, filters: Filters | None = None) -> Source:
    """Read what the answers rest on; with ``filters`` of those patients only who may come into them."""
    told = work or Work(READS)
    people = gather.fitting(unit, filters) if filters is not None and filters != Filters() else None
    found = facts(unit, told, people)
    told.step(_("reading records"))
    return Source(found, tuple(judged(unit, people=people)), ZoneInfo(unit.zone))


def answer(source: Source, filters: Filters, strict: bool = False, work: Work | None = None) -> Dashboard:
    """Work the answers out of what was read; touches no database. ``filters`` are checked ones."""
    told = work or Work(ANSWERS + 1)
    told.step(_("counting"))
    return answered(tallied(source, filters), filters, strict, told)


def answered(found: Tally, filters: Filters, strict: bool = False, work: Work | None = None) -> Dashboard:
    """Work the answers out of what was counted: the one way, however the counts were come by."""
    told = work or Work(ANSWERS)
    told.step(_("change of pain"))
    change = improvement(found, filters, strict=strict)
    by_cause = causes(found, filters, strict=strict)
    told.step(_("sessions to a change"))
    course = sessions_needed(found, filters, strict=strict)
    told.step(_("reactions"))
    harm = safety(found, filters)
    told.step(_("therapists"))
    funnel = therapists(found, filters, strict=strict)
    told.step(_("attendance and records"))
    came = presence.attendance(found, filters)
    complete = records(found, filters)
    told.step(_("dose"))
    given = dose(found, filters)
    return Dashboard(
        filters=filters,
        strict=strict,
        rule=cohort.rule_words(strict=strict),
        patients=found.number("patients"),
        episodes=found.number("hips"),
        sessions=found.number("sessions"),
        improvement=change,
        causes=by_cause,
        time=course,
        safety=harm,
        therapists=funnel,
        attendance=came,
        completeness=complete,
        dose=given,
        left_out=found.left_out(),
        therapists_known=found.therapists,
    )


def split(source: Source, by: By, filters: Filters, strict: bool = False) -> Groups:
    """The hips begun in the period by cause, therapist or muscle."""
    return groups(cohort.cases(source.facts.begun(filters), strict=strict), by)
