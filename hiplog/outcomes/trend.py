"""One patient's trend of one measure: points on real dates, marks, and the change from first to latest.

The change runs from the first value taken before a treatment to the latest value of all, whatever its
stage; :attr:`TrendChange.to_stage` says which, because a value right after needling is not yet a
lasting one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select

from hiplog.clinical.change import ChangeResult, change
from hiplog.clinical.code_words import said
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.errors import BadInput
from hiplog.clinical.measures import GONIOMETER_NOTE, MEASURES, RATER_WARNING, Measure
from hiplog.clinical.reactions import REACTIONS
from hiplog.language import _
from hiplog.outcomes.points import Chart, Mark, Point, Series
from hiplog.storage.tables import (
    VOIDED,
    amendments,
    co_treatments,
    episodes,
    follow_ups,
    inquiries,
    reactions,
    readings,
    sessions,
)
from hiplog.storage.unit import Unit

STAGE_ORDER = {"before": 0, "after": 1, "follow_up": 2}
TAKING = ("rater", "mode", "device")
"""Marks that say a value was taken otherwise than the one before."""
CAUTIONS = {"rater": RATER_WARNING, "device": GONIOMETER_NOTE}


@dataclass(frozen=True, slots=True)
class TrendChange:
    """From the first value before treatment to the latest; ``result`` judges it by the measure's MCID."""

    start: Point
    end: Point
    result: ChangeResult

    @property
    def to_stage(self) -> str:
        """The stage of the latest value: before, after or follow_up."""
        return self.end.stage


@dataclass(frozen=True, slots=True)
class PatientTrend:
    """A measure's series along one episode (its number and its hip) with what happened on the way."""

    measure: Measure
    series: Series
    marks: tuple[Mark, ...]
    change: TrendChange | None
    episode: int | None = None
    hip: str | None = None

    @property
    def chart(self) -> Chart:
        """The same points for a picture."""
        return Chart((self.series,), self.marks)

    @property
    def taken_otherwise(self) -> tuple[Mark, ...]:
        """Where the rater, the mode or the instrument changed on the way."""
        return tuple(mark for mark in self.marks if mark.kind in TAKING)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is to be known of values taken otherwise, for a range of motion: whole sentences."""
        kinds = {mark.kind for mark in self.marks} if self.measure.unit == "deg" else set()
        return tuple(words for kind, words in CAUTIONS.items() if kind in kinds)


def together(trends: Sequence[PatientTrend]) -> Chart:
    """Return the picture of several measures: what happened on the way, and how each of them was taken."""
    first, *others = trends
    marks = [
        replace(mark, label=f"{trend.series.measure}: {mark.label}")
        for trend in others
        for mark in trend.taken_otherwise
    ]
    return Chart(
        tuple(trend.series for trend in trends), tuple(sorted((*first.marks, *marks), key=lambda m: m.at))
    )


def of(unit: Unit, patient_id: str, measure: str = "NPRS", side: str | None = None) -> PatientTrend:
    """Return the trend of ``measure`` along one episode: the latest, or with ``side`` the latest of that hip.

    Two hips, or two courses of one hip, are never drawn as one line. A sided measure is that of the
    episode's own hip unless ``side`` names the other. Voided sessions are left out.
    """
    known = known_measure(measure)
    hip = _episode(unit, patient_id, side)
    own = (side or (hip.side if hip else None)) if known.needs_side else None
    along = sessions.c.episode_id == (hip.id if hip else None)
    points = _points(_rows(unit, along, known.code, own), _amended(unit, along), ZoneInfo(unit.zone))
    series = Series(
        measure=known.code,
        label=known.name,
        unit=known.unit,
        side=own,
        better=known.better,
        low=known.low,
        high=known.high,
        points=points,
        mcid=known.mcid.absolute if known.mcid else None,
        mdc=known.mdc.absolute if known.mdc else None,
    )
    happened = (*_reaction_marks(unit, along), *_rater_marks(points), *_co_treatment_marks(unit, along))
    marks = sorted(happened, key=lambda mark: mark.at)
    number = hip.number if hip else None
    return PatientTrend(known, series, tuple(marks), _change(series), number, hip.side if hip else None)


def measured(unit: Unit, patient_id: str) -> tuple[str, ...]:
    """Return the codes of every measure that this patient has a value of, in the vocabulary's order."""
    query = (
        select(readings.c.measure)
        .join(sessions, sessions.c.id == readings.c.session_id)
        .where(sessions.c.patient_id == patient_id, readings.c.value.is_not(None))
        .where(sessions.c.id.not_in(VOIDED))
        .distinct()
    )
    found = {row.measure for row in unit.all(query)}
    return tuple(measure.code for measure in MEASURES if measure.code in found)


def known_measure(word: str) -> Measure:
    """Return the measure that ``word`` names; ``BadInput`` with the nearest ones when none or several."""
    found = MEASURES.find(word)
    if len(found) == 1:
        return found[0]
    near = found or MEASURES.nearest(word, 3)
    listed = ", ".join(f"{one.code.lower()} ({one.name})" for one in near[:4])
    sentence = (
        _("{word!r}: which measure; nearest: {listed}")
        if found
        else _("{word!r}: no such measure; nearest: {listed}")
    )
    raise BadInput(sentence.format(word=word[:40], listed=listed))


def _episode(unit: Unit, patient_id: str, side: str | None) -> Row[Any] | None:
    query = (
        select(episodes.c.id, episodes.c.side, episodes.c.number)
        .join(sessions, sessions.c.episode_id == episodes.c.id)
        .where(episodes.c.patient_id == patient_id, sessions.c.id.not_in(VOIDED))
        .order_by(sessions.c.occurred_at.desc(), sessions.c.number.desc())
    )
    found = unit.all(query)
    return next((row for row in found if row.side == side), found[0] if found else None)


def _rows(unit: Unit, along: Any, measure: str, side: str | None) -> Sequence[Row[Any]]:
    query = (
        select(readings, sessions.c.occurred_at, sessions.c.number, follow_ups.c.done_at)
        .join(sessions, sessions.c.id == readings.c.session_id)
        .outerjoin(follow_ups, follow_ups.c.id == readings.c.follow_up_id)
        .where(along, readings.c.measure == measure)
        .where(sessions.c.id.not_in(VOIDED))
    )
    if side is not None:
        query = query.where(or_(readings.c.side == side, readings.c.side.is_(None)))
    return sorted(unit.all(query), key=lambda row: (_at(row), row.number, STAGE_ORDER[row.stage], row.id))


def _at(row: Row[Any]) -> datetime:
    # A follow-up may come after a later session, so it stands where it was made.
    at: datetime = row.done_at or row.occurred_at
    return at


def _amended(unit: Unit, along: Any) -> dict[str, str | None]:
    query = (
        select(amendments.c.entity_id, amendments.c.new_value)
        .join(sessions, sessions.c.id == amendments.c.session_id)
        .where(along, amendments.c.entity == "reading")
        .order_by(amendments.c.at, amendments.c.id)
    )
    return {row.entity_id: row.new_value for row in unit.all(query)}


def _points(rows: Sequence[Row[Any]], amended: dict[str, str | None], zone: ZoneInfo) -> tuple[Point, ...]:
    points = []
    for row in rows:
        value, missing = row.value, row.missing_reason
        if row.id in amended:
            new = amended[row.id]
            value, missing = (None, "amended") if new is None else (Decimal(new), None)
        at = _at(row).astimezone(zone)
        points.append(Point(at, value, row.number, row.stage, row.tester, row.mode, missing, row.device))
    return tuple(points)


def _change(series: Series) -> TrendChange | None:
    start, later = series.baseline, series.measured
    if start is None or not later or later[-1] is start:
        return None
    result = change(series.measure, start.value, later[-1].value)
    return TrendChange(start, later[-1], result) if result else None


def _reaction_marks(unit: Unit, along: Any) -> Iterator[Mark]:
    query = (
        select(reactions.c.kind, sessions.c.occurred_at)
        .join(inquiries, inquiries.c.id == reactions.c.inquiry_id)
        .join(sessions, sessions.c.id == inquiries.c.session_id)
        .where(along, sessions.c.id.not_in(VOIDED))
        .order_by(sessions.c.occurred_at, reactions.c.kind, reactions.c.id)
    )
    zone = ZoneInfo(unit.zone)
    for row in unit.all(query):
        kind = REACTIONS.get(row.kind)
        if kind is None or kind.is_harm:
            yield Mark(row.occurred_at.astimezone(zone), "reaction", kind.label if kind else row.kind)


def _co_treatment_marks(unit: Unit, along: Any) -> Iterator[Mark]:
    query = (
        select(co_treatments.c.kind, sessions.c.occurred_at)
        .join(sessions, sessions.c.id == co_treatments.c.session_id)
        .where(along, sessions.c.id.not_in(VOIDED))
        .order_by(sessions.c.occurred_at, co_treatments.c.kind)
    )
    zone = ZoneInfo(unit.zone)
    for row in unit.all(query):
        known = CO_TREATMENTS.get(row.kind)
        yield Mark(row.occurred_at.astimezone(zone), "co_treatment", known.name if known else row.kind)


def _rater_marks(points: tuple[Point, ...]) -> Iterator[Mark]:
    taken = [point for point in points if point.value is not None]
    for before, after in pairwise(taken):
        if before.tester and after.tester and before.tester != after.tester:
            yield Mark(
                after.at,
                "rater",
                _("rater {before} → {after}").format(before=before.tester, after=after.tester),
            )
        if before.mode and after.mode and before.mode != after.mode:
            yield Mark(after.at, "mode", f"{said(before.mode)} → {said(after.mode)}")
        if before.device and after.device and before.device != after.device:
            yield Mark(
                after.at,
                "device",
                _("instrument {before} → {after}").format(before=before.device, after=after.device),
            )
