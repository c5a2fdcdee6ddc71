"""The answers on care: reactions, attendance, records and dose, as figures and tables."""

from __future__ import annotations

from collections.abc import Sequence

from hiplog.clinical import code_words
from hiplog.clinical.reactions import BRADY_ANY_MILD, PublishedRate
from hiplog.clinical.record import SIDE_WORDS
from hiplog.exchange.figures.attendance import attendance as bars
from hiplog.exchange.figures.bubbles import bubbles
from hiplog.exchange.figures.control import Reference, control
from hiplog.exchange.figures.heat import heat
from hiplog.exchange.figures.intervals import intervals, of_rate
from hiplog.exchange.figures.weeks import weeks
from hiplog.exchange.pages.answer import Answer, Picture
from hiplog.exchange.pages.table import Table
from hiplog.language import _, counted, english, p_
from hiplog.outcomes.attendance import Attendance
from hiplog.outcomes.control import SIGNAL_WORDS, ControlChart
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.dose import Dose, DosePoint
from hiplog.outcomes.rates import Rate, percent
from hiplog.outcomes.safety import ReactionRate, Safety
from hiplog.outcomes.spread import Correlation
from hiplog.outcomes.weeks import LACKS, Records, WeekCell

REACTIONS_BY = {
    "therapist": _("Reactions as therapists reported"),
    "patient": _("Reactions as patients reported"),
}
MONTHS_BY = {
    "therapist": _("Sessions with any reaction by month, as therapists reported"),
    "patient": _("Sessions with any reaction by month, as patients reported"),
}
PUBLISHED_NOTE = _(
    "faint bands: published rates, Brady 2014 (wider) and Boyce 2020 (narrow; events, not sessions)"
)

LACK_WORDS = {
    "unsigned": _("unsigned"),
    "late": p_("signed", "late"),
    "no_consent": _("no consent"),
    "no_outcome": _("no outcome"),
    "count_mismatch": _("count mismatch"),
}


def safety(found: Safety) -> Answer:
    """Question 4: the two reporters one after the other, never added up."""
    pictures: list[Picture] = []
    for one in found.charts:
        mine = [rate for rate in found.rates if rate.reporter == one.reporter]
        pictures += [_rates(one.reporter, mine), _months(one.reporter, one.chart)]
    asked = tuple(
        (
            code_words.said(one.reporter),
            str(one.yes),
            str(one.none),
            str(one.refused),
            str(one.not_asked),
            one.rate.words,
        )
        for one in found.asked
    )
    headings = (
        p_("heading", "asked"), _("yes"), p_("reactions", "none"), _("no answer given"), _("not asked"),
        _("answered"),
    )  # fmt: skip
    table = Table(_("Sessions by what was asked and answered"), headings, asked)
    first = pictures[0]
    return Answer(found.about, (Picture(first.figure, first.caption, (table, *first.tables)), *pictures[1:]))


def _rates(reporter: str, rates: Sequence[ReactionRate]) -> Picture:
    title = REACTIONS_BY[reporter]
    rows = [of_rate(one.label, one.sessions, "disc", _bands(one.published)) for one in rates]
    notes = [PUBLISHED_NOTE] if any(one.published for one in rates) else []
    axis = _("share of sessions asked about")
    drawn = intervals(rows, f"reactions-{reporter}", title, axis, notes=notes)
    table = tuple(
        (one.label, one.sessions.words, one.patients.words, "; ".join(_published(p) for p in one.published))
        for one in rates
    )
    headings = (_("reaction"), _("sessions"), _("patients ever"), _("published"))
    return Picture(drawn, f"{title}.", (Table(title, headings, table),))


def _bands(published: tuple[PublishedRate, ...]) -> tuple[tuple[float, float], ...]:
    return tuple(
        (
            float(rate.percent if rate.low is None else rate.low) / 100,
            float(rate.percent if rate.high is None else rate.high) / 100,
        )
        for rate in published
    )


def _published(rate: PublishedRate) -> str:
    limits = f" ({rate.low}–{rate.high})" if rate.low is not None and rate.high is not None else ""
    unit = "" if rate.unit == "treatments" else f" {rate.unit}"
    sign = "" if english(rate.unit).startswith("events per 100") else " %"
    return f"{rate.source.split(';')[0].split(',')[0]}: {rate.percent}{sign}{limits}{unit}"


def _months(reporter: str, chart: ControlChart) -> Picture:
    low, high = _bands((BRADY_ANY_MILD,))[0]
    published = (Reference(low, high, _("any mild reaction, Brady 2014 (therapists)")),)
    references = published if reporter == "therapist" else ()
    title = MONTHS_BY[reporter]
    drawn = control(
        chart, f"months-{reporter}", title, _("share of sessions asked about"), references=references
    )
    return Picture(drawn, f"{title}: {chart.words}.", (_control_table(title, chart),))


def _control_table(title: str, chart: ControlChart) -> Table:
    rows = []
    for point in chart.points:
        if point.events is not None:
            value = Rate(point.events, point.n).words
        else:
            value = "–" if point.value is None else f"{point.value:g}"
        limits = "–" if point.low is None or point.high is None else _limits(chart, point.low, point.high)
        rows.append((point.label, value, str(point.n), limits, SIGNAL_WORDS[point.signal]))
    return Table(title, (_("month"), _("value"), _("sessions"), _("limits"), _("signal")), tuple(rows))


def _limits(chart: ControlChart, low: float, high: float) -> str:
    if chart.kind == "p":
        return f"{percent(low)}–{percent(high)} %"
    return f"{low:.2f}–{high:.2f}"


def attendance(found: Attendance) -> Answer:
    """Question 6."""
    rows = tuple(
        (
            str(point.ordinal),
            point.came.words,
            str(point.closed),
            str(point.waiting),
            str(point.stopped),
        )
        for point in found.points
    )
    headings = (
        _("session"), _("hips that came"), _("last, closed"), _("last, may come again"), _("last, stopped"),
    )  # fmt: skip
    caption = _("Measured again: {again}. Stopped coming: {stopped}.").format(
        again=found.remeasured.words, stopped=found.stopped.words
    )
    return Answer(found.about, (Picture(bars(found), caption, (Table(_("By session"), headings, rows),)),))


def records(found: Records) -> Answer:
    """Question 7."""
    rules = [of_rate(one.label, Rate(one.passed, one.denominator)) for one in found.rules]
    drawn = intervals(rules, "rules", _("How often each rule is kept"), _("share kept"))
    table = tuple((one.label, Rate(one.passed, one.denominator).words) for one in found.rules)
    kept = Picture(
        drawn,
        _("Share with 95 % interval (Wilson)."),
        (Table(_("Rules"), (_("rule"), p_("rule", "kept")), table),),
    )
    grid = Picture(
        weeks(found.weeks), _("The newest year, by therapist and ISO week."), (_week_table(found.weeks),)
    )
    return Answer(found.about, (kept, grid))


def _week_table(cells: Sequence[WeekCell]) -> Table:
    """A row a week, a column a therapist: sessions, and in words what they lack."""
    people = sorted({cell.therapist for cell in cells})
    held = {(cell.week, cell.therapist): cell for cell in cells}
    rows = tuple(
        (week, *(_week_words(held.get((week, person))) for person in people))
        for week in sorted({cell.week for cell in cells})
    )
    return Table(_("Sessions by week, and what they lack"), (_("week"), *people), rows)


def _week_words(cell: WeekCell | None) -> str:
    if cell is None:
        return "–"
    lacks = [f"{getattr(cell, lack)} {LACK_WORDS[lack]}" for lack in LACKS if getattr(cell, lack)]
    if not lacks:
        return f"{cell.sessions}"
    return counted(
        cell.sessions, "{count} session: {lacks}", "{count} sessions: {lacks}", lacks=", ".join(lacks)
    )


def dose(found: Dose) -> Answer:
    """Question 8."""
    cells = tuple(
        (cell.label, SIDE_WORDS[cell.side], str(cell.sessions), str(cell.insertions)) for cell in found.heat
    )
    headings = (_("muscle"), _("side"), _("sessions"), _("skin insertions"))
    sites = Picture(
        heat(found.heat),
        _("Skin insertions in a session, median and quartiles: {words}").format(
            words=found.per_session.words
        ),
        (Table(_("Muscles"), headings, cells),),
    )
    after = _("soreness the patient reported, 0–10")
    sore = _follows(found.soreness, found.soreness_rank, "soreness", after)
    moved = _follows(found.change, found.change_rank, "change", _("change of pain to the next session"))
    title = _("Median skin insertions by month")
    course = control(found.by_month, "dose-months", title, _("skin insertions, median"))
    monthly = Picture(course, f"{title}: {found.by_month.words}.", (_control_table(title, found.by_month),))
    return Answer(found.about, (sites, sore, moved, monthly))


def _follows(points: Sequence[DosePoint], rank: Correlation, name: str, words: str) -> Picture:
    verdict = _rank(rank)
    title = _("Skin insertions and {words} (observational)").format(words=words)
    drawn = bubbles(points, f"dose-{name}", title, words, verdict)
    caption = _("Sessions by insertions and {words}").format(words=words)
    return Picture(drawn, f"{title}: {verdict}.", (_crossed(points, caption),))


def _crossed(points: Sequence[DosePoint], caption: str) -> Table:
    """A row for each number of insertions, a column for each value, and how many sessions had both."""
    held = {(one.insertions, one.value): one.sessions for one in points}
    values = sorted({one.value for one in points})
    rows = tuple(
        (str(row), *(str(held.get((row, value), "–")) for value in values))
        for row in sorted({one.insertions for one in points})
    )
    return Table(caption, (_("insertions"), *(f"{value:g}" for value in values)), rows)


def _rank(rank: Correlation) -> str:
    if rank.rho is None:
        return _("no correlation can be given, n = {n}").format(n=rank.n)
    if rank.low is None or rank.high is None:
        return _("rank correlation {rho:.2f}, n = {n}").format(rho=rank.rho, n=rank.n)
    return _("rank correlation {rho:.2f} ({low:.2f} to {high:.2f}), n = {n}").format(
        rho=rank.rho, low=rank.low, high=rank.high, n=rank.n
    )


def answers(found: Dashboard) -> dict[str, Answer]:
    """The four answers by their key."""
    made = (
        safety(found.safety), attendance(found.attendance), records(found.completeness), dose(found.dose)
    )  # fmt: skip
    return {one.about.key: one for one in made}
