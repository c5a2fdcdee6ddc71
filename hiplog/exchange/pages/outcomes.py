"""The answers on change of pain: improvement, causes, sessions needed, therapists, as figures and tables."""

from __future__ import annotations

from hiplog.exchange.figures.funnel import funnel
from hiplog.exchange.figures.intervals import intervals, of_rate
from hiplog.exchange.figures.pairs import pairs
from hiplog.exchange.figures.survival import survival
from hiplog.exchange.pages.answer import Answer, Picture
from hiplog.exchange.pages.table import Table
from hiplog.outcomes.cohort import STATE_WORDS, Lines
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.groups import Causes
from hiplog.outcomes.improvement import Improvement
from hiplog.outcomes.rates import FEWEST, percent
from hiplog.outcomes.sessions_needed import SessionsNeeded
from hiplog.outcomes.survival import Step
from hiplog.outcomes.therapists import Funnel

RESPONDERS = "share of hips with an important fall of pain"
LINES = (
    ("all who started", "started"),
    ("completers", "completers"),
    ("last observation carried forward", "locf"),
)
LINE_HEADINGS = tuple(word for word, _ in LINES)


def improvement(found: Improvement) -> Answer:
    """Question 1."""
    shares = [of_rate(word, getattr(found.lines, line)) for word, line in LINES]
    function = found.function
    shares += [
        of_rate("LEFS: at least 9 points better", function.important, "square"),
        of_rate("LEFS: at least 10 points better", function.beyond_error, "square"),
    ]
    notes = [f"pain: {found.rule}", "LEFS: 9 is the MCID, 10 lies beyond the hip's measurement error of 9.9"]
    drawn = intervals(shares, "lines", "Responders by each way of counting", "share of hips", notes=notes)
    states = tuple((STATE_WORDS[state], str(count)) for state, count in found.states)
    visits = tuple((str(v.ordinal), str(v.change.n), _change(v.change.words)) for v in found.by_visit)
    months = tuple(
        (m.month, m.lines.started.words, m.lines.completers.words, m.change.words) for m in found.by_month
    )
    return Answer(
        found.about,
        (
            Picture(
                pairs(found),
                f"Change of pain (final minus first), median and quartiles: {found.change.words}",
                (
                    Table("What each hip counts as", ("counts as", "hips"), states),
                    Table(
                        "Change of pain before needling, by session", ("session", "hips", "change"), visits
                    ),
                ),
            ),
            Picture(
                drawn,
                "Share with 95 % interval (Wilson).",
                (
                    Table("The ways of counting", ("way", "hips = share (95 %)"), _line_rows(found)),
                    Table("By month of the first visit", ("month", *LINE_HEADINGS[:2], "change"), months),
                ),
            ),
        ),
    )


def _change(words: str) -> str:
    return words.partition(", n = ")[0]


def _line_rows(found: Improvement) -> tuple[tuple[str, ...], ...]:
    rows = [(word, getattr(found.lines, line).words) for word, line in LINES]
    rows.append(("LEFS at least 9 points (MCID)", found.function.important.words))
    rows.append(("LEFS at least 10 points (beyond error)", found.function.beyond_error.words))
    rows.append(("LEFS not measured twice", str(found.function.missing)))
    return tuple(rows)


def causes(found: Causes) -> Answer:
    """Question 2."""
    split = found.split
    everybody = split.everybody
    line = None if everybody.shown is None else (everybody.shown[0], f"all hips, {everybody.words}")
    rows = [of_rate(one.label, one.lines.started) for one in split.groups]
    drawn = intervals(rows, "causes", "Responders by cause", RESPONDERS, line=line)
    table = tuple(
        (one.label, *_lines(one.lines), one.change.words, _needed(one.needed)) for one in split.groups
    )
    headings = ("cause", *LINE_HEADINGS, "change of pain", "more hips that would tell")
    caption = "All who started count; share with 95 % interval (Wilson)."
    return Answer(found.about, (Picture(drawn, caption, (Table("By cause", headings, table),)),))


def _lines(lines: Lines) -> tuple[str, ...]:
    return tuple(getattr(lines, line).words for _, line in LINES)


def _needed(count: int | None) -> str:
    if count is None:
        return "–"
    return "apart already" if count == 0 else str(count)


def time(found: SessionsNeeded) -> Answer:
    """Question 3."""
    title = "Share that reached an important fall of pain, by session"
    drawn = survival(found.steps, "time", title, "share that has reached it", band=found.band)
    few = found.about.n < FEWEST
    rows = tuple(
        (str(step.time), str(step.at_risk), str(step.events), str(step.censored), *_so_far(step))
        for step in found.steps
    )
    headings = ("sessions", "followed", "reached it", "last seen", "share so far", "95 %")
    low, high = found.band
    median = (
        "cannot tell yet"
        if few or found.median is None
        else f"after {found.median} session{'s' * (found.median != 1)}"
    )
    caption = f"Half had reached it: {median}."
    caption += f" Without a change by sessions {low} to {high} a medical review is asked for."
    return Answer(found.about, (Picture(drawn, caption, (Table("Step by step", headings, rows),)),))


def _so_far(step: Step) -> tuple[str, str]:
    """Share and interval while enough hips are followed, as on the screen."""
    if step.shown is None:
        return f"fewer than {FEWEST} followed", "–"
    reached, low, high = step.shown
    return f"{percent(reached)} %", f"{percent(low)}–{percent(high)} %"


def therapists(found: Funnel) -> Answer:
    """Question 5."""
    rows = tuple(
        (
            point.code,
            point.rate.words,
            f"{percent(point.exact[0])}–{percent(point.exact[1])} %",
            f"{percent(point.limits.low95)}–{percent(point.limits.high95)} %",
            f"{percent(point.limits.low998)}–{percent(point.limits.high998)} %",
            point.place,
        )
        for point in found.points
    )
    headings = ("therapist", "responders", "exact 95 %", "95 % limits", "99.8 % limits", "lies")
    caption = f"Clinic: {found.centre.words}. In the order of the codes, no ranking."
    if found.hidden:
        caption += f" {found.hidden} therapists with {found.hidden_hips} hips are too few to show."
    if found.dispersion is not None:
        caption += f" Dispersion {found.dispersion:.2f} (near 1: chance alone)."
    return Answer(found.about, (Picture(funnel(found), caption, (Table("By therapist", headings, rows),)),))


def answers(found: Dashboard) -> dict[str, Answer]:
    """The four answers by their key."""
    made = (
        improvement(found.improvement), causes(found.causes), time(found.time), therapists(found.therapists)
    )  # fmt: skip
    return {one.about.key: one for one in made}
