"""The answers on change of pain: improvement, causes, sessions needed, therapists, as figures and tables."""

from __future__ import annotations

from hiplog.exchange.figures.funnel import funnel
from hiplog.exchange.figures.intervals import intervals, of_rate
from hiplog.exchange.figures.pairs import pairs
from hiplog.exchange.figures.survival import survival
from hiplog.exchange.pages.answer import Answer, Picture
from hiplog.exchange.pages.table import Table
from hiplog.language import _, counted, p_
from hiplog.outcomes.cohort import STATE_WORDS, Lines
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.groups import Causes
from hiplog.outcomes.improvement import Improvement
from hiplog.outcomes.rates import FEWEST, percent
from hiplog.outcomes.sessions_needed import SessionsNeeded
from hiplog.outcomes.survival import Step
from hiplog.outcomes.therapists import PLACE_WORDS, Funnel

RESPONDERS = _("share of hips with an important fall of pain")
LINES = (
    (_("all who started"), "started"),
    (_("completers"), "completers"),
    (_("last observation carried forward"), "locf"),
)
LINE_HEADINGS = tuple(word for word, _line in LINES)


def improvement(found: Improvement) -> Answer:
    """Question 1."""
    shares = [of_rate(word, getattr(found.lines, line)) for word, line in LINES]
    function = found.function
    shares += [
        of_rate(_("LEFS: at least 9 points better"), function.important, "square"),
        of_rate(_("LEFS: at least 10 points better"), function.beyond_error, "square"),
    ]
    notes = [
        _("pain: {rule}").format(rule=found.rule),
        _("LEFS: 9 is the MCID, 10 lies beyond the hip's measurement error of 9.9"),
    ]
    drawn = intervals(
        shares, "lines", _("Responders by each way of counting"), _("share of hips"), notes=notes
    )
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
                _("Change of pain (final minus first), median and quartiles: {words}").format(
                    words=found.change.words
                ),
                (
                    Table(_("What each hip counts as"), (_("counts as"), _("hips")), states),
                    Table(
                        _("Change of pain before needling, by session"),
                        (_("session"), _("hips"), _("change")),
                        visits,
                    ),
                ),
            ),
            Picture(
                drawn,
                _("Share with 95 % interval (Wilson)."),
                (
                    Table(_("The ways of counting"), (_("way"), _("hips = share (95 %)")), _line_rows(found)),
                    Table(
                        _("By month of the first visit"),
                        (_("month"), *LINE_HEADINGS[:2], _("change")),
                        months,
                    ),
                ),
            ),
        ),
    )


def _change(words: str) -> str:
    return words.partition(", n = ")[0]


def _line_rows(found: Improvement) -> tuple[tuple[str, ...], ...]:
    rows = [(word, getattr(found.lines, line).words) for word, line in LINES]
    rows.append((_("LEFS at least 9 points (MCID)"), found.function.important.words))
    rows.append((_("LEFS at least 10 points (beyond error)"), found.function.beyond_error.words))
    rows.append((_("LEFS not measured twice"), str(found.function.missing)))
    return tuple(rows)


def causes(found: Causes) -> Answer:
    """Question 2."""
    split = found.split
    everybody = split.everybody
    line = (
        None
        if everybody.shown is None
        else (everybody.shown[0], _("all hips, {words}").format(words=everybody.words))
    )
    rows = [of_rate(one.label, one.lines.started) for one in split.groups]
    drawn = intervals(rows, "causes", _("Responders by cause"), RESPONDERS, line=line)
    table = tuple(
        (one.label, *_lines(one.lines), one.change.words, _needed(one.needed)) for one in split.groups
    )
    headings = (_("cause"), *LINE_HEADINGS, _("change of pain"), _("more hips that would tell"))
    caption = _("All who started count; share with 95 % interval (Wilson).")
    return Answer(found.about, (Picture(drawn, caption, (Table(_("By cause"), headings, table),)),))


def _lines(lines: Lines) -> tuple[str, ...]:
    return tuple(getattr(lines, line).words for _word, line in LINES)


def _needed(count: int | None) -> str:
    if count is None:
        return "–"
    return _("apart already") if count == 0 else str(count)


def time(found: SessionsNeeded) -> Answer:
    """Question 3."""
    title = _("Share that reached an important fall of pain, by session")
    drawn = survival(found.steps, "time", title, _("share that has reached it"), band=found.band)
    few = found.about.n < FEWEST
    rows = tuple(
        (str(step.time), str(step.at_risk), str(step.events), str(step.censored), *_so_far(step))
        for step in found.steps
    )
    headings = (_("sessions"), _("followed"), _("reached it"), _("last seen"), _("share so far"), "95 %")
    low, high = found.band
    median = (
        _("Half had reached it: cannot tell yet.")
        if few or found.median is None
        else counted(
            found.median,
            "Half had reached it: after {count} session.",
            "Half had reached it: after {count} sessions.",
        )
    )
    review = _("Without a change by sessions {low} to {high} a medical review is asked for.")
    caption = f"{median} {review.format(low=low, high=high)}"
    return Answer(found.about, (Picture(drawn, caption, (Table(_("Step by step"), headings, rows),)),))


def _so_far(step: Step) -> tuple[str, str]:
    """Share and interval while enough hips are followed, as on the screen."""
    if step.shown is None:
        return _("fewer than {fewest} followed").format(fewest=FEWEST), "–"
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
            PLACE_WORDS[point.place],
        )
        for point in found.points
    )
    headings = (
        _("therapist"), _("responders"), _("exact 95 %"), _("95 % limits"), _("99.8 % limits"),
        p_("funnel", "lies"),
    )  # fmt: skip
    told = [_("Clinic: {centre}. In the order of the codes, no ranking.").format(centre=found.centre.words)]
    if found.hidden:
        few = _("{count} therapists with {hips} hips are too few to show.")
        told.append(few.format(count=found.hidden, hips=found.hidden_hips))
    if found.dispersion is not None:
        told.append(_("Dispersion {value:.2f} (near 1: chance alone).").format(value=found.dispersion))
    table = Table(_("By therapist"), headings, rows)
    return Answer(found.about, (Picture(funnel(found), " ".join(told), (table,)),))


def answers(found: Dashboard) -> dict[str, Answer]:
    """The four answers by their key."""
    made = (
        improvement(found.improvement), causes(found.causes), time(found.time), therapists(found.therapists)
    )  # fmt: skip
    return {one.about.key: one for one in made}
