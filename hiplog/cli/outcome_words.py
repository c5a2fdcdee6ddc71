"""The owner's page as lines of text, at most 80 wide: every figure with its n, nothing said by colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from hiplog.outcomes.about import About
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.dose import HeatCell
from hiplog.outcomes.explanation import Explanation
from hiplog.outcomes.groups import Group, Groups
from hiplog.outcomes.rates import FEWEST, Rate, percent, quantity

WIDTH = 80
INDENT = "   "
TIED = "\N{NO-BREAK SPACE}"


def page(shown: Dashboard, split: Groups | None = None) -> Iterator[str]:
    """Yield the whole page."""
    yield f"Outcomes, {shown.filters.words}"
    yield from _wrapped(shown.caption, "")
    yield ""
    counts = ((shown.patients, "patients"), (shown.episodes, "hips"), (shown.sessions, "signed sessions"))
    yield ", ".join(quantity(n, units) for n, units in counts)
    yield from _wrapped(f"Responder: {shown.rule}.", "")
    yield from _wrapped(f"Percent with 95 % interval (Wilson); below {FEWEST} only n/N.", "")
    answers = (improvement, causes, time, safety, therapists, attendance, completeness, dose)
    for number, (about, answer) in enumerate(zip(shown.abouts, answers, strict=True), 1):
        yield ""
        yield f"{number}  {about.question}"
        yield from _wrapped(_verdict(about))
        yield from _hanging(answer(shown))
        yield from _wrapped(_frame(about))
    if split is not None:
        yield ""
        yield from by(split)
    yield from _left_out(shown)


def explanation(told: Explanation) -> Iterator[str]:
    """Yield a number taken apart: ``+`` marks what counts, ``-`` what does not."""
    yield f"{told.question}:{told.key}  {told.figure}"
    for sentence in told.rule:
        yield from _wrapped(sentence, "")
    yield ""
    yield f"It rests on {len(told.used)}, of which {told.rate.events} count (+)"
    for used in told.used:
        yield f"{INDENT}{'+' if used.counts else '-'} {used.patient} {_numbers(used.sessions)}  {used.said}"
    if told.left_out:
        yield f"Left out: {len(told.left_out)}"
    for left in told.left_out:
        yield f"{INDENT}{left.patient} {_numbers(left.sessions)}  {left.reason}"


def _numbers(sessions: tuple[int, ...]) -> str:
    return f"session {', '.join(map(str, sessions))}"


def improvement(shown: Dashboard) -> Iterator[str]:
    """The three lines, the change, function."""
    answer = shown.improvement
    function = answer.function
    yield from aligned(
        (
            ("all who started", answer.lines.started.words),
            ("completers", answer.lines.completers.words),
            ("carried forward", f"{answer.lines.locf.words}, for comparison only"),
            ("pain change", f"{answer.change.words}; median (quartiles), below 0 is less"),
            (
                "LEFS at least 9",
                f"{function.important.words}; not measured twice: {function.missing}",
            ),
            ("LEFS at least 10", function.beyond_error.words),
            *((f"change by session {one.ordinal}", one.change.words) for one in answer.by_visit),
        )
    )


def causes(shown: Dashboard) -> Iterator[str]:
    """A line for each cause."""
    yield from _groups(shown.causes.split.groups)


def time(shown: Dashboard) -> Iterator[str]:
    """How many hips had the change by each number of sessions, while enough are followed."""
    answer = shown.time
    for step in answer.steps:
        if step.shown is None or step.time == 0:
            continue
        reached, low, high = map(percent, step.shown)
        share = f"{reached} % ({low}–{high})"
        marked = "  review without a response" if step.time in answer.band else ""
        yield f"by {step.time:2} sessions  {share:22} {step.at_risk} followed{marked}".rstrip()


def safety(shown: Dashboard) -> Iterator[str]:
    """What each reporter was asked and told; the two never added up."""
    answer = shown.safety
    for asked, chart in zip(answer.asked, answer.charts, strict=True):
        yield (
            f"{asked.reporter}: asked, none {asked.none}; asked, yes {asked.yes}; "
            f"refused {asked.refused}; not asked {asked.not_asked}"
        )
        if not asked.rate.events:
            continue
        own = [one for one in answer.rates if one.reporter == asked.reporter]
        yield from aligned((f"  {one.label}", one.sessions.words) for one in own)
        yield f"  by month: {chart.chart.words}"


def therapists(shown: Dashboard) -> Iterator[str]:
    """Each therapist's place in the funnel, by code."""
    answer = shown.therapists
    if answer.points:
        yield f"clinic: {answer.centre.words}"
    yield from aligned((point.code, f"{point.rate.words}, {point.place}") for point in answer.points)
    if answer.hidden:
        yield _hidden(answer.hidden, answer.hidden_hips)


def attendance(shown: Dashboard) -> Iterator[str]:
    """Who was measured again, who came how often."""
    answer = shown.attendance
    yield from aligned((("measured again", answer.remeasured.words), ("stopped", answer.stopped.words)))
    yield from aligned((f"came to session {one.ordinal}", one.came.words) for one in answer.points)


def completeness(shown: Dashboard) -> Iterator[str]:
    """Each rule of the record."""
    rules = shown.completeness.rules
    yield from aligned((one.rule, Rate(one.passed, one.denominator).words) for one in rules)


def dose(shown: Dashboard) -> Iterator[str]:
    """Insertions, muscles, and what went with them."""
    answer = shown.dose
    yield f"insertions a session: {answer.per_session.words}"
    for what, rank in (("soreness", answer.soreness_rank), ("change of pain", answer.change_rank)):
        if rank.rho is not None:
            yield f"insertions and {what}: Spearman {rank.rho:.2f}, n = {rank.n}"
    yield from aligned((f"{one.muscle} {one.side}", _needled(one)) for one in answer.heat)


def _hidden(groups: int, hips: int) -> str:
    who = quantity(groups, "therapists")
    return f"not shown: {who} with fewer than {FEWEST} hips ({quantity(hips, 'hips')})"


def _needled(one: HeatCell) -> str:
    return f"{quantity(one.sessions, 'sessions')}, {quantity(one.insertions, 'insertions')}"


def by(split: Groups) -> Iterator[str]:
    """The groups that were asked for."""
    yield f"By {split.by}"
    if split.by == "muscle":
        yield f"{INDENT}A hip stands with each of its muscles."
    yield from _hanging(_groups(split.groups))
    if split.hidden:
        yield from _wrapped(_hidden(split.hidden, split.hidden_hips))


def aligned(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Two columns."""
    kept = list(rows)
    width = max((len(name) for name, _ in kept), default=0)
    yield from (f"{name:{width}}  {words}" for name, words in kept)


def _groups(groups: Iterable[Group]) -> Iterator[str]:
    for one in groups:
        missing = f", {one.lines.missing} missing" if one.lines.missing else ""
        yield f"{one.label}: {one.lines.started.words}{missing}"


def _frame(about: About) -> str:
    missing = f"{about.missing} missing: {about.missing_words}" if about.missing else "none missing"
    return f"n = {quantity(about.n, about.units)}. {about.period[0].upper()}{about.period[1:]}. {missing}."


def _verdict(about: About) -> str:
    return f"{about.verdict[0].upper()}{about.verdict[1:]}."


def _wrapped(text: str, indent: str = INDENT, hanging: str | None = None) -> Iterator[str]:
    # A number stays on one line with its % and with what it is a share of.
    kept = text.replace(" %", f"{TIED}%").replace(" = ", f"{TIED}={TIED}")
    after = indent if hanging is None else hanging
    for line in wrap(kept, WIDTH, initial_indent=indent, subsequent_indent=after):
        yield line.replace(TIED, " ")


def _hanging(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from _wrapped(line, hanging=INDENT * 3)


def _left_out(shown: Dashboard) -> Iterator[str]:
    rules = [one.rule for one in shown.left_out]
    if rules:
        yield ""
        yield "Left out"
    for rule, reason in sorted({one.rule: one.reason for one in shown.left_out}.items()):
        yield f"{INDENT}{rules.count(rule)}: {reason}"
