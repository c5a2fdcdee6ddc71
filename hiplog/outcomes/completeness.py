"""How complete the records are: each rule with what it applies to and how many meet it.

Sessions that were voided or imported are left out: a void one is no longer counted, and an imported one says
how another record was kept. What was not due yet when the last entry was made is left out as well. That
entry, not the clock, is the measure of time, so the same record always gives the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from hiplog.clinical.measures import MEASURES
from hiplog.language import _
from hiplog.outcomes.statistics import wilson
from hiplog.storage.tables import (
    audit_log,
    consents,
    episodes,
    follow_ups,
    patients,
    practitioners,
    readings,
    screening,
    sessions,
    signatures,
)
from hiplog.storage.unit import Unit

SIGN_WITHIN = timedelta(hours=24)
PAIN = tuple(m.code for m in MEASURES if m.kind == "pain" and m.code.startswith(("NPRS", "VAS")))


@dataclass(frozen=True, slots=True)
class Completeness:
    """One rule: ``passed`` of ``denominator``, with the 95 % interval after Wilson; all ``None`` of none."""

    rule: str
    label: str
    denominator: int
    passed: int

    @property
    def rate(self) -> float | None:
        """Passed divided by denominator."""
        return self.passed / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound of the rate."""
        return wilson(self.passed, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Judged:
    """One session, or its follow-up, held against the rules that apply to it."""

    patient: str
    session: int
    therapist: str
    cause: str
    side: str
    occurred_at: datetime
    met: tuple[tuple[str, bool], ...]


Judge = Callable[[Row[Any], datetime], bool | None]
"""Whether a row meets a rule; ``None`` when the rule does not apply to it."""


def of(unit: Unit, since: date | None = None, until: date | None = None) -> tuple[Completeness, ...]:
    """Return every rule for the sessions from ``since`` to ``until``, both days included."""
    return count(judged(unit, since, until))


def count(found: Iterable[Judged]) -> tuple[Completeness, ...]:
    """Return every rule with what it applied to among ``found``."""
    return added(Counter(verdict for one in found for verdict in one.met))


def added(counts: Mapping[tuple[str, bool], int]) -> tuple[Completeness, ...]:
    """Return every rule, broken and met so often."""
    met = {rule: (counts.get((rule, False), 0), counts.get((rule, True), 0)) for rule, *_ in RULES}
    return tuple(Completeness(rule, label, sum(met[rule]), met[rule][1]) for rule, label, _ in RULES)


def judged(
    unit: Unit,
    since: date | None = None,
    until: date | None = None,
    people: Sequence[str] | Select[Any] | None = None,
    settled: bool | None = None,
) -> Iterator[Judged]:
    """Yield every session of the period, then every follow-up, with the rules that apply to it.

    ``people`` are keys of patients or a query of them. ``settled`` leaves out drafts and follow-ups that are
    still due, of which time alone changes the verdict; false leaves out all others.
    """
    now = _last_entry(unit)
    sources = ((SESSION_RULES, _sessions, _SIGNED), (FOLLOW_UP_RULES, _follow_ups, _CLOSED))
    for rules, query, rests in sources:
        wanted = query(unit, since, until)
        if people is not None:
            wanted = wanted.where(sessions.c.patient_id.in_(people))
        if settled is not None:
            wanted = wanted.where(rests[0] if settled else rests[1])
        for row in unit.stream(wanted):
            verdicts = ((rule, judge(row, now)) for rule, _, judge in rules)
            met = tuple((rule, verdict) for rule, verdict in verdicts if verdict is not None)
            who = (row.patient, row.number, row.therapist, row.cause, row.side, row.visited_at)
            yield Judged(*who, met)


def _signed(row: Row[Any], now: datetime) -> bool | None:
    return bool(row.status == "signed")


def _signed_in_time(row: Row[Any], now: datetime) -> bool | None:
    limit = row.occurred_at + SIGN_WITHIN
    if row.signed_at is not None:
        return bool(row.signed_at <= limit)
    return False if now > limit else None


def _of_signed(met: Callable[[Row[Any]], bool]) -> Judge:
    return lambda row, now: bool(met(row)) if row.status == "signed" else None


def _counts_match(row: Row[Any]) -> bool:
    inside = row.needles_inserted is not None and row.needles_inserted == row.needles_withdrawn
    either = row.needles_opened is None or row.needles_to_sharps is None
    return inside and (either or row.needles_opened == row.needles_to_sharps)


def _closed_in_time(row: Row[Any], now: datetime) -> bool | None:
    if row.state == "done":
        return bool(row.done_at <= row.closes_at)
    return False if row.state == "unreachable" or now > row.closes_at else None


SESSION_RULES: tuple[tuple[str, str, Judge], ...] = (
    ("signed", _("the session is signed"), _signed),
    ("signed_24h", _("it was signed within 24 h of the visit"), _signed_in_time),
    (
        "screening",
        _("signed, and every screening question was answered"),
        _of_signed(lambda r: r.asked and not r.left),
    ),
    (
        "consent",
        _("signed, and consent was given and not withdrawn"),
        _of_signed(lambda r: bool(r.consented)),
    ),
    ("needles", _("signed, and as many needles came out as went in"), _of_signed(_counts_match)),
    (
        "pain_before",
        _("signed, and pain before needling was measured"),
        _of_signed(lambda r: bool(r.pain_before)),
    ),
    ("pain_after", _("signed, and pain afterwards was measured"), _of_signed(lambda r: bool(r.pain_after))),
)
FOLLOW_UP_RULES: tuple[tuple[str, str, Judge], ...] = (
    ("follow_up_72h", _("the follow-up reached the patient before it closed at 72 h"), _closed_in_time),
)
RULES = (*SESSION_RULES, *FOLLOW_UP_RULES)


def counted(unit: Unit, since: date | None, until: date | None) -> ColumnElement[bool]:
    """The rule for sessions that count: entered here, not voided, inside the range."""
    void = select(signatures.c.id).where(
        signatures.c.session_id == sessions.c.id, signatures.c.meaning == "void"
    )
    rule = (sessions.c.origin == "entered") & ~void.exists()
    place = ZoneInfo(unit.zone)
    if since is not None:
        rule &= sessions.c.occurred_at >= datetime.combine(since, time(), place)
    if until is not None:
        rule &= sessions.c.occurred_at < datetime.combine(until + timedelta(days=1), time(), place)
    return rule


def _sessions(unit: Unit, since: date | None, until: date | None) -> Select[Any]:
    query = select(
        *WHO,
        sessions.c.status,
        sessions.c.occurred_at,
        sessions.c.signed_at,
        sessions.c.needles_opened,
        sessions.c.needles_inserted,
        sessions.c.needles_withdrawn,
        sessions.c.needles_to_sharps,
        _number(screening, screening.c.answer.is_not(None)).label("asked"),
        _number(screening, screening.c.answer.in_(("not_asked", "refused"))).label("left"),
        _number(consents, consents.c.given & ~consents.c.withdrawn).label("consented"),
        _number(readings, _pain("before")).label("pain_before"),
        _number(readings, _pain("after")).label("pain_after"),
    )
    return _named(query.select_from(sessions)).where(counted(unit, since, until))


WHO = (
    patients.c.code.label("patient"),
    practitioners.c.code.label("therapist"),
    episodes.c.cause,
    episodes.c.side,
    sessions.c.number,
    sessions.c.occurred_at.label("visited_at"),
)


def _named(query: Select[Any]) -> Select[Any]:
    return (
        query.join(patients, patients.c.id == sessions.c.patient_id)
        .join(practitioners, practitioners.c.id == sessions.c.therapist_id)
        .join(episodes, episodes.c.id == sessions.c.episode_id)
    )


def _pain(stage: str) -> ColumnElement[bool]:
    return readings.c.measure.in_(PAIN) & (readings.c.stage == stage) & readings.c.value.is_not(None)


def _number(table: Any, rule: ColumnElement[bool]) -> Any:
    return select(func.count()).where(table.c.session_id == sessions.c.id, rule).scalar_subquery()


def _follow_ups(unit: Unit, since: date | None, until: date | None) -> Select[Any]:
    columns = (*WHO, follow_ups.c.state, follow_ups.c.done_at, follow_ups.c.closes_at)
    joined = select(*columns).select_from(follow_ups).join(sessions, sessions.c.id == follow_ups.c.session_id)
    return _named(joined).where(counted(unit, since, until), or_(follow_ups.c.state != "cancelled"))


_SIGNED = (sessions.c.status == "signed", sessions.c.status == "draft")
_CLOSED = (follow_ups.c.state != "due", follow_ups.c.state == "due")


def _last_entry(unit: Unit) -> datetime:
    of_record = select(audit_log.c.at).where(audit_log.c.chain == "record")
    row = unit.one(of_record.order_by(audit_log.c.seq.desc()).limit(1))
    return row[0] if row else datetime.min.replace(tzinfo=UTC)
