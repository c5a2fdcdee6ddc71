"""Reading the facts: seven plain queries, the same text on SQLite and PostgreSQL, joined in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select

from hiplog.clinical.measures import GROUP_MEAN
from hiplog.language import _
from hiplog.outcomes.facts import (
    FUNCTION,
    NOT_ASKED,
    PAIN,
    Facts,
    Hip,
    LeftOut,
    Site,
    Value,
    Visit,
)
from hiplog.outcomes.filters import Filters, Work
from hiplog.outcomes.reports import Told, reports
from hiplog.storage.tables import (
    VOIDED,
    amendments,
    episodes,
    follow_ups,
    inquiries,
    insertions,
    patients,
    practitioners,
    reactions,
    readings,
    sessions,
    signatures,
)
from hiplog.storage.unit import Unit

READS = 7
STAGES = {"before": 0, "after": 1, "follow_up": 2}

Rows = dict[str, list[Row[Any]]]
People = Sequence[str] | Select[Any]
Amended = dict[tuple[str, str], str | None]


class Parts(NamedTuple):
    """What belongs to sessions, by their key; corrections by the key of the row and its field."""

    scores: Rows
    sites: Rows
    amended: Amended
    told: Told


def facts(unit: Unit, work: Work, people: People | None = None) -> Facts:
    """Read the whole record, or that of some people; ``Stopped`` when ``work`` is cancelled.

    ``people`` are keys of patients or a query of them; whoever is among them is read whole.
    """
    mine = _Of(people)
    work.step(_("reading sessions"))
    rows = unit.all(mine.patients(_sessions(), sessions.c.patient_id))
    void = {row.session_id for row in unit.all(mine.sessions(VOIDED, signatures.c.session_id))}
    work.step(_("reading corrections"))
    corrected = unit.all(mine.sessions(_amendments(), amendments.c.session_id))
    amended = {(row.entity_id, row.field): row.new_value for row in corrected}
    work.step(_("reading scores"))
    scores = _by_session(unit.all(mine.sessions(_readings(), readings.c.session_id)))
    work.step(_("reading needle sites"))
    sites = _by_session(unit.all(mine.sessions(_sites(), insertions.c.session_id)))
    work.step(_("reading reactions"))
    counted = [row for row in rows if row.status == "signed" and row.id not in void]
    told = reports(counted, unit.all(mine.sessions(_inquiries(), inquiries.c.session_id)))
    work.step(_("reading therapists"))
    known = therapists(unit)
    work.step("joining")
    zone = ZoneInfo(unit.zone)
    parts = Parts(scores, sites, amended, told)
    hips = _hips(counted, [_visit(row, parts, zone) for row in counted])
    work.listen()
    return Facts(unit.now.astimezone(zone), hips, tuple(_left_out(rows, void, zone)), known)


def therapists(unit: Unit) -> tuple[str, ...]:
    """Every code of a practitioner, in their order."""
    return tuple(row.code for row in unit.all(select(practitioners.c.code).order_by(practitioners.c.code)))


@dataclass(frozen=True, slots=True)
class _Of:
    """Narrows a query to some people's rows; the same query where no people are given."""

    people: People | None

    def patients(self, query: Select[Any], column: Any) -> Select[Any]:
        return query if self.people is None else query.where(column.in_(self.people))

    def sessions(self, query: Select[Any], column: Any) -> Select[Any]:
        if self.people is None:
            return query
        own = select(sessions.c.id).where(sessions.c.patient_id.in_(self.people))
        return query.where(column.in_(own))


def _sessions() -> Select[Any]:
    columns = (sessions.c.id, sessions.c.patient_id, sessions.c.number, sessions.c.occurred_at)
    hip = (episodes.c.number.label("episode"), episodes.c.side, episodes.c.cause, episodes.c.closed_on)
    people = (patients.c.code.label("patient"), practitioners.c.code.label("therapist"))
    return (
        select(*columns, sessions.c.status, sessions.c.episode_id, *hip, *people)
        .join(episodes, episodes.c.id == sessions.c.episode_id)
        .join(patients, patients.c.id == sessions.c.patient_id)
        .join(practitioners, practitioners.c.id == sessions.c.therapist_id)
        .order_by(sessions.c.occurred_at, sessions.c.number, sessions.c.id)
    )


def _amendments() -> Select[Any]:
    columns = (amendments.c.entity_id, amendments.c.field, amendments.c.new_value)
    wanted = amendments.c.field.in_(("value", "insertions"))
    return select(*columns).where(wanted).order_by(amendments.c.at, amendments.c.id)


def _readings() -> Select[Any]:
    columns = (readings.c.id, readings.c.session_id, readings.c.measure, readings.c.stage)
    more = (readings.c.value, readings.c.mode, readings.c.side, follow_ups.c.done_at)
    return (
        select(*columns, *more)
        .outerjoin(follow_ups, follow_ups.c.id == readings.c.follow_up_id)
        .where(readings.c.measure.in_((PAIN, FUNCTION)))
        .order_by(readings.c.id)
    )


def _sites() -> Select[Any]:
    columns = (insertions.c.id, insertions.c.session_id, insertions.c.muscle, insertions.c.side)
    return select(*columns, insertions.c.insertions).order_by(insertions.c.session_id, insertions.c.seq)


def _inquiries() -> Select[Any]:
    columns = (inquiries.c.session_id, inquiries.c.stage, inquiries.c.reporter, inquiries.c.state)
    told = (reactions.c.kind, reactions.c.severity, reactions.c.soreness)
    joined = select(*columns, inquiries.c.id, *told).outerjoin(
        reactions, reactions.c.inquiry_id == inquiries.c.id
    )
    return joined.order_by(inquiries.c.id)


def _by_session(rows: Iterable[Row[Any]]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.session_id].append(row)
    return found


def _visit(row: Row[Any], parts: Parts, zone: ZoneInfo) -> Visit:
    own = parts.scores.get(row.id, [])
    at = row.occurred_at.astimezone(zone)
    return Visit(
        id=row.id,
        patient=row.patient,
        number=row.number,
        ordinal=0,
        at=at,
        therapist=row.therapist,
        pain=_values(own, PAIN, row.side, at, parts.amended),
        function=_values(own, FUNCTION, row.side, at, parts.amended),
        group_mean=any(score.mode == GROUP_MEAN for score in own),
        sites=tuple(_site(site, parts.amended) for site in parts.sites.get(row.id, [])),
        by_therapist=parts.told.get((row.id, "therapist"), NOT_ASKED),
        by_patient=parts.told.get((row.id, "patient"), NOT_ASKED),
    )


def _site(row: Row[Any], amended: Amended) -> Site:
    new = amended.get((row.id, "insertions"))
    return Site(row.muscle, row.side, row.insertions if new is None else int(new))


def _values(
    rows: Sequence[Row[Any]], measure: str, side: str, at: datetime, amended: Amended
) -> tuple[Value, ...]:
    """The patient's own values, oldest first; the hip's own side goes before one without a side."""
    found: dict[tuple[str, datetime], tuple[bool, Value]] = {}
    for row in rows:
        value = _value(row, amended)
        if row.measure != measure or row.mode == GROUP_MEAN or row.side not in (None, side) or value is None:
            continue
        when = row.done_at.astimezone(at.tzinfo) if row.done_at else at
        kept = found.get((row.stage, when))
        if kept is None or (row.side is not None and not kept[0]):
            found[row.stage, when] = (row.side is not None, Value(when, row.stage, value))
    return tuple(sorted((value for _, value in found.values()), key=lambda v: (v.at, STAGES[v.stage])))


def _value(row: Row[Any], amended: Amended) -> Decimal | None:
    if (row.id, "value") not in amended:
        return row.value  # type: ignore[no-any-return]
    new = amended[row.id, "value"]
    return None if new is None else Decimal(new)


def _hips(rows: Sequence[Row[Any]], visits: Sequence[Visit]) -> tuple[Hip, ...]:
    grouped: dict[str, list[Visit]] = defaultdict(list)
    about: dict[str, Row[Any]] = {}
    for row, visit in zip(rows, visits, strict=True):
        mine = grouped[row.episode_id]
        mine.append(replace(visit, ordinal=len(mine) + 1))
        about[row.episode_id] = row
    return tuple(_hip(about[key], tuple(mine)) for key, mine in grouped.items())


def _hip(row: Row[Any], visits: tuple[Visit, ...]) -> Hip:
    closed = row.closed_on is not None
    return Hip(row.episode_id, row.patient, row.episode, row.side, row.cause, closed, visits)


def fitting(unit: Unit, filters: Filters) -> Select[Any]:
    """Return a query of the patients with a session that ``filters`` let through: only theirs counts."""
    query = select(sessions.c.patient_id).distinct()
    place = ZoneInfo(unit.zone)
    if filters.since is not None:
        query = query.where(sessions.c.occurred_at >= datetime.combine(filters.since, time(), place))
    if filters.until is not None:
        end = datetime.combine(filters.until + timedelta(days=1), time(), place)
        query = query.where(sessions.c.occurred_at < end)
    if filters.therapist is not None:
        own = select(practitioners.c.id).where(practitioners.c.code == filters.therapist)
        query = query.where(sessions.c.therapist_id.in_(own))
    for column, wanted in ((episodes.c.cause, filters.cause), (episodes.c.side, filters.side)):
        if wanted is not None:
            query = query.where(sessions.c.episode_id.in_(select(episodes.c.id).where(column == wanted)))
    return query


def drafts(unit: Unit) -> Iterator[LeftOut]:
    """Yield the sessions that are not signed yet."""
    query = _sessions().where(sessions.c.status == "draft")
    void = {row.session_id for row in unit.all(_voided_drafts())}
    return _left_out(unit.all(query), void, ZoneInfo(unit.zone))


def _voided_drafts() -> Select[Any]:
    draft = select(sessions.c.id).where(sessions.c.status == "draft")
    return VOIDED.where(signatures.c.session_id.in_(draft))


def _left_out(rows: Sequence[Row[Any]], void: set[str], zone: ZoneInfo) -> Iterator[LeftOut]:
    for row in rows:
        rule = "voided" if row.id in void else "draft" if row.status == "draft" else None
        if rule is not None:
            day = row.occurred_at.astimezone(zone).date()
            yield LeftOut(row.patient, row.number, rule, day, row.therapist, row.cause, row.side)
