"""Question 4, is it safe: reactions per session and per patient, as each reporter told them.

Therapist and patient are two rows and two charts, never added up. Only sessions that somebody was asked about
are in a denominator: silence is not "none".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiplog.clinical.reactions import (
    BOYCE_2020,
    BRADY_ANY_MILD,
    BRADY_SIGNIFICANT,
    REACTIONS,
    REPORTER_WARNING,
    PublishedRate,
)
from hiplog.language import _
from hiplog.outcomes.about import CANNOT_TELL, About, too_few
from hiplog.outcomes.calendar import months_of
from hiplog.outcomes.control import ControlChart, p_chart
from hiplog.outcomes.facts import REPORTERS, Report
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.planning import POWER, per_side
from hiplog.outcomes.rates import METHOD, Rate

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

ANY, GRAVE = "ANY", "SIGNIFICANT"
ALWAYS = ("BRUISE", "BLEED", "PAIN_DUR", "PAIN_AFT")
"""Kinds shown even when they never happened: the four commonest of Brady 2014."""


TOO_FEW = _("{cannot_tell}: {quantity} with a therapist's answer, a percentage needs {fewest}")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many sessions one reporter was asked about, and what the answer was."""

    reporter: str
    none: int
    yes: int
    refused: int
    not_asked: int

    @property
    def sessions(self) -> int:
        """All sessions."""
        return self.none + self.yes + self.refused + self.not_asked

    @property
    def rate(self) -> Rate:
        """The share with an answer."""
        return Rate(self.none + self.yes, self.sessions)


@dataclass(frozen=True, slots=True)
class ReactionRate:
    """One kind as one reporter told it: per session asked about, and per patient ever asked.

    ``kind`` ``ANY`` is any harm, ``SIGNIFICANT`` any significant or serious one. ``published`` stands beside
    the therapists' rows only, because therapists reported it.
    """

    kind: str
    label: str
    reporter: str
    sessions: Rate
    patients: Rate
    asked: Asked
    published: tuple[PublishedRate, ...] = ()

    @property
    def key(self) -> str:
        """``BRUISE:patient``."""
        return f"{self.kind}:{self.reporter}"


@dataclass(frozen=True, slots=True)
class ReporterChart:
    """Sessions with any harm by month, as one reporter told them."""

    reporter: str
    chart: ControlChart


@dataclass(frozen=True, slots=True)
class Safety:
    """The answer to question 4."""

    about: About
    asked: tuple[Asked, ...]
    rates: tuple[ReactionRate, ...]
    charts: tuple[ReporterChart, ...]

    def rate(self, kind: str, reporter: str) -> ReactionRate:
        """The row of a kind and a reporter; ``KeyError`` when it is not shown."""
        return {one.key: one for one in self.rates}[f"{kind}:{reporter}"]


def safety(found: Tally, filters: Filters) -> Safety:
    """Answer question 4 for the sessions in the period."""
    asked = tuple(_asked(found, reporter) for reporter in REPORTERS)
    rates = tuple(rate for one in asked for rate in _rates(found, one))
    charts = tuple(ReporterChart(reporter, _chart(found, reporter)) for reporter in REPORTERS)
    verdict, needed = _verdict(next(one for one in rates if one.kind == ANY))
    grave = [one for one in rates if one.kind == GRAVE and one.sessions.n]
    sessions = found.number("sessions")
    about = About(
        key="safety",
        n=sessions,
        units="sessions",
        missing=sessions - found.number("answered"),
        missing_words=_("sessions that nobody was asked about; they are in no denominator"),
        period=_("sessions: {period}").format(period=filters.period),
        definition=(
            _(
                "A session counts once for a kind, however often it was named; the denominator "
                "is the sessions this reporter was asked about."
            ),
            _("An answer to “since last time” counts for the session before."),
            REPORTER_WARNING,
            _("A twitch is a response, not a harm."),
            _(
                "Intervals: {method}; when nothing happened also the rule of three. Sessions of "
                "one patient are taken as independent; as they are alike, the true intervals "
                "are wider."
            ).format(method=METHOD),
        ),
        verdict=verdict + _grave(grave),
        needed=needed,
    )
    return Safety(about, asked, rates, charts)


def has(report: Report, kind: str) -> bool:
    """Whether a report names ``kind``, any harm, or a significant one."""
    if kind == ANY:
        return report.state == "yes"
    return report.grave if kind == GRAVE else kind in report.kinds


def harms(report: Report) -> Iterator[str | None]:
    """All that an answer counts for: ``None`` for having been given, then each kind it names."""
    if not report.asked:
        return
    yield None
    yield from (kind for kind in (ANY, GRAVE) if has(report, kind))
    yield from report.kinds


def _asked(found: Tally, reporter: str) -> Asked:
    counts = dict.fromkeys(("none", "yes", "refused", "not_asked"), 0)
    for (who, _month, state), n in found.of("asked").items():
        if who == reporter:
            counts[state] += n
    return Asked(reporter, **counts)


def _rates(found: Tally, asked: Asked) -> Iterator[ReactionRate]:
    seen = {kind for who, kind in found.of("harm") if who == asked.reporter} - {ANY, GRAVE}
    kinds = [code for code in REACTIONS.codes if code in seen or code in ALWAYS]
    for kind in (ANY, GRAVE, *kinds, *sorted(seen - set(REACTIONS.codes))):
        yield _rate(found, kind, asked)


def _rate(found: Tally, kind: str, asked: Asked) -> ReactionRate:
    ever = found.of("ever")
    patients = Rate(ever[asked.reporter, kind], ever[asked.reporter, None])
    published = _published(kind) if asked.reporter == "therapist" else ()
    sessions = Rate(found.of("harm")[asked.reporter, kind], asked.none + asked.yes)
    return ReactionRate(kind, label(kind), asked.reporter, sessions, patients, asked, published)


def label(kind: str) -> str:
    """A kind in words."""
    own = {ANY: _("any reaction"), GRAVE: _("any significant or serious reaction")}
    return own[kind] if kind in own else REACTIONS[kind].label if kind in REACTIONS else kind


def _published(kind: str) -> tuple[PublishedRate, ...]:
    if kind == ANY:
        return BRADY_ANY_MILD, BOYCE_2020["MINOR"]
    if kind == GRAVE:
        return BRADY_SIGNIFICANT, BOYCE_2020["MAJOR"]
    known = REACTIONS.get(kind)
    found = (known.rate if known else None, BOYCE_2020.get(kind))
    return tuple(rate for rate in found if rate is not None)


def _chart(found: Tally, reporter: str) -> ControlChart:
    cells = found.of("asked")
    counts = {month: [0, 0] for month in months_of({month for _who, month, _state in cells})}
    for (who, month, state), n in cells.items():
        if who == reporter and state in ("yes", "none"):
            counts[month][0] += n if state == "yes" else 0
            counts[month][1] += n
    return p_chart([(month, events, n) for month, (events, n) in counts.items()])


GRAVE_TOLD = {"therapist": _("therapists {count}"), "patient": _("patients {count}")}


def _grave(rates: Sequence[ReactionRate]) -> str:
    """What weighs more than any common rate, each reporter apart, with what it is counted of."""
    told = (GRAVE_TOLD[one.reporter].format(count=f"{one.sessions.events}/{one.sessions.n}") for one in rates)
    return _("; significant or serious: {told}").format(told=", ".join(told)) if rates else ""


def _verdict(mine: ReactionRate) -> tuple[str, int | None]:
    """Compare the therapists' rate of any reaction with Brady 2014, reported by therapists as well."""
    published = BRADY_ANY_MILD
    share = float(published.percent) / 100
    compared = {"source": published.source, "percent": published.percent}
    wanted = per_side(share, share * 2)
    if mine.sessions.shown is None:
        return (
            too_few(mine.sessions.n, "sessions", TOO_FEW),
            wanted - mine.sessions.n,
        )
    low, high = mine.sessions.shown[1:]
    if low > float(published.high or 0) / 100:
        sentence = _("reactions as therapists tell them are more than in {source} ({percent} %): look why")
        return sentence.format(**compared), 0
    if high < float(published.low or 0) / 100:
        sentence = _(
            "reactions as therapists tell them are fewer than in {source} ({percent} %): "
            "look how they are asked"
        )
        return sentence.format(**compared), 0
    needed = max(0, wanted - mine.sessions.n)
    if needed:
        sentence = _(
            "{cannot_tell} from {source} ({percent} %); about {needed} more sessions would show "
            "twice that rate ({power})"
        )
        told = sentence.format(cannot_tell=CANNOT_TELL, needed=needed, power=POWER, **compared)
        return told, needed
    sentence = _("reactions as therapists tell them are not told apart from {source} ({percent} %)")
    return sentence.format(**compared), 0
