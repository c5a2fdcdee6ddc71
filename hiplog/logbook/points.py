"""Point memory: what came of each place that was needled before, counted from the sessions kept.

It is observational. A visit's soreness and its change of pain belong to everything that was done in that
visit, unless a reaction is tied to one place; no effect of a single place can be read from them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Episode, Inquiry, Session

PAIN = "NPRS"
SORENESS = "PAIN_AFT"
LATER = "follow_up"
NEXT_TIME = "since_last"
SOUGHT = ("elicited", "none", "not_seen")
"""Twitch states in which a twitch was sought; the others say nothing about whether there would be one."""

Place = tuple[str, str, str | None]
"""A muscle code, a side and a zone, ``None`` where no zone was recorded."""


@dataclass(frozen=True, slots=True)
class Soreness:
    """What was answered about soreness after a visit; ``score`` is 0 to 10 where it was given."""

    felt: bool
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Treated:
    """One visit in which a place was needled, the ``nth`` time, counted from 1.

    ``twitch`` is whether one was elicited, ``None`` where none was sought or nothing was recorded.
    ``soreness`` is ``None`` where nobody asked. ``pain_change`` is pain after less pain before needling
    on the 0 to 10 scale, so that a negative number is less pain; ``None`` unless both were scored.
    """

    nth: int
    session: str
    number: int
    at: datetime
    twitch: bool | None
    soreness: Soreness | None
    pain_change: Decimal | None


@dataclass(frozen=True, slots=True)
class Point:
    """A place with every visit in which it was needled, oldest first."""

    muscle: str
    side: str
    zone: str | None
    visits: tuple[Treated, ...]

    @property
    def times(self) -> int:
        """In how many visits it was needled."""
        return len(self.visits)

    @property
    def twitches(self) -> tuple[int, int]:
        """In how many visits a twitch was elicited, of how many in which one was sought."""
        sought = [v.twitch for v in self.visits if v.twitch is not None]
        return sum(sought), len(sought)

    @property
    def sore(self) -> tuple[int, int]:
        """After how many visits it was sore, of how many after which somebody asked."""
        asked = [v.soreness for v in self.visits if v.soreness is not None]
        return sum(answer.felt for answer in asked), len(asked)

    @property
    def sorest(self) -> int | None:
        """The highest soreness score given."""
        scores = [v.soreness.score for v in self.visits if v.soreness and v.soreness.score is not None]
        return max(scores, default=None)

    @property
    def pain_change(self) -> Decimal | None:
        """The median change of pain in those visits."""
        changes = [v.pain_change for v in self.visits if v.pain_change is not None]
        return Decimal(median(changes)) if changes else None


def of(sessions: Iterable[Session]) -> tuple[Point, ...]:
    """Return the places of a patient's signed ``sessions``, the most often needled first.

    Drafts and voided sessions are left out. Soreness comes from the follow-ups of a visit and from what
    the next signed visit was told since last time.
    """
    signed = sorted((s for s in sessions if s.status == "signed"), key=lambda s: (s.occurred_at, s.number))
    found: dict[Place, list[Treated]] = defaultdict(list)
    for at, session in enumerate(signed):
        said = _said(session, signed[at + 1] if at + 1 < len(signed) else None)
        for place, rows in _places(session).items():
            found[place].append(_treated(len(found[place]) + 1, session, rows, said))
    points = (Point(*place, tuple(visits)) for place, visits in found.items())
    return tuple(sorted(points, key=lambda p: (-p.times, p.muscle, p.side, p.zone or "")))


def needled(rows: Iterable[Insertion]) -> Mapping[tuple[str, str], int]:
    """Return the skin insertions of ``rows`` by muscle and side."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row.muscle, row.side] += row.insertions
    return dict(counts)


def heat(sessions: Iterable[Session], episode: str | None) -> Mapping[tuple[str, str], int]:
    """Return the skin insertions of the signed sessions of ``episode``, by muscle and side."""
    counted = [one for one in sessions if one.status == "signed" and one.episode == episode]
    return needled(row for one in counted for row in one.insertions)


def current(episodes: Sequence[Episode]) -> Episode | None:
    """Return the latest open episode, else the latest of all."""
    opened = [e for e in episodes if e.closed_on is None]
    return max(opened or episodes, key=lambda e: e.number, default=None)


def _places(session: Session) -> Mapping[Place, list[Insertion]]:
    places: dict[Place, list[Insertion]] = defaultdict(list)
    for row in session.insertions:
        places[row.muscle, row.side, row.zone].append(row)
    return places


def _treated(nth: int, session: Session, rows: list[Insertion], said: list[Inquiry]) -> Treated:
    return Treated(
        nth=nth,
        session=session.id,
        number=session.number,
        at=session.occurred_at,
        twitch=_twitch(rows),
        soreness=_soreness(said, {row.id for row in rows}),
        pain_change=_pain_change(session),
    )


def _twitch(rows: list[Insertion]) -> bool | None:
    sought = [row.twitch == "elicited" for row in rows if row.twitch in SOUGHT]
    return any(sought) if sought else None


def _said(session: Session, following: Session | None) -> list[Inquiry]:
    """What was asked about the time after ``session`` and answered."""
    later = [i for i in session.inquiries if i.stage == LATER]
    if following is not None:
        later += [i for i in following.inquiries if i.stage == NEXT_TIME]
    return [i for i in later if i.state in ("none", "yes")]


def _soreness(said: list[Inquiry], rows: set[str]) -> Soreness | None:
    """The soreness of the whole visit or of these rows; that of another place is not theirs."""
    if not said:
        return None
    every = [r for i in said for r in i.reactions if r.kind == SORENESS]
    mine = [r for r in every if r.insertion is None or r.insertion in rows]
    scores = [r.soreness for r in mine if r.soreness is not None]
    felt = any(r.soreness != 0 for r in mine)
    return Soreness(felt, max(scores, default=None))


def _pain_change(session: Session) -> Decimal | None:
    before, after = session.reading(PAIN, "before"), session.reading(PAIN, "after")
    if before is None or after is None or before.value is None or after.value is None:
        return None
    return after.value - before.value
