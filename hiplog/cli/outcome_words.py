"""The owner's page as lines of text, at most 80 wide: every figure with its n, nothing said by colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from hiplog.clinical import code_words
from hiplog.language import _, counted
from hiplog.outcomes.about import About
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.dose import HeatCell
from hiplog.outcomes.explanation import Explanation
from hiplog.outcomes.groups import Group, Groups
from hiplog.outcomes.rates import FEWEST, Rate, percent, quantity
from hiplog.outcomes.therapists import PLACE_WORDS

WIDTH = 80
INDENT = "   "
TIED = "\N{NO-BREAK SPACE}"
BY = {"cause": _("By cause"), "therapist": _("By therapist"), "muscle": _("By muscle")}


def page(shown: Dashboard, split: Groups | None = None) -> Iterator[str]:
    """Yield the whole page."""
    yield _("Outcomes, {filters}").format(filters=shown.filters.words)
    yield from _wrapped(shown.caption, "")
    yield ""
    yield ", ".join(
        (
            counted(shown.patients, "{count} patient", "{count} patients"),
            counted(shown.episodes, "{count} hip", "{count} hips"),
            counted(shown.sessions, "{count} signed session", "{count} signed sessions"),
        )
    )
    yield from _wrapped(_("Responder: {rule}.").format(rule=shown.rule), "")
    yield from _wrapped(
        _("Percent with 95 % interval (Wilson); below {fewest} only n/N.").format(fewest=FEWEST), ""
    )
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
    yield _("It rests on {used}, of which {events} count (+)").format(
        used=len(told.used), events=told.rate.events
    )
    for used in told.used:
        yield f"{INDENT}{'+' if used.counts else '-'} {used.patient} {_numbers(used.sessions)}  {used.said}"
    if told.left_out:
        yield _("Left out: {left_out}").format(left_out=len(told.left_out))
    for left in told.left_out:
        yield f"{INDENT}{left.patient} {_numbers(left.sessions)}  {left.reason}"


def _numbers(sessions: tuple[int, ...]) -> str:
    return _("session {numbers}").format(numbers=", ".join(map(str, sessions)))


def improvement(shown: Dashboard) -> Iterator[str]:
    """The three lines, the change, function."""
    answer = shown.improvement
    function = answer.function
    yield from aligned(
        (
            (_("all who started"), answer.lines.started.words),
            (_("completers"), answer.lines.completers.words),
            (_("carried forward"), _("{words}, for comparison only").format(words=answer.lines.locf.words)),
            (
                _("pain change"),
                _("{words}; median (quartiles), below 0 is less").format(words=answer.change.words),
            ),
            (
                _("LEFS at least 9"),
                _("{words}; not measured twice: {missing}").format(
                    words=function.important.words, missing=function.missing
                ),
            ),
            (_("LEFS at least 10"), function.beyond_error.words),
            *(
                (_("change by session {ordinal}").format(ordinal=one.ordinal), one.change.words)
                for one in answer.by_visit
            ),
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
        line = (
            _("by {time:2} sessions  {share:22} {at_risk} followed  review without a response")
            if step.time in answer.band
            else _("by {time:2} sessions  {share:22} {at_risk} followed")
        )
        yield line.format(time=step.time, share=share, at_risk=step.at_risk)


def safety(shown: Dashboard) -> Iterator[str]:
    """What each reporter was asked and told; the two never added up."""
    answer = shown.safety
    for asked, chart in zip(answer.asked, answer.charts, strict=True):
        yield (
            _(
                "{reporter}: asked, none {none}; asked, yes {yes}; refused {refused}; not asked {not_asked}"
            ).format(
                reporter=code_words.said(asked.reporter),
                none=asked.none,
                yes=asked.yes,
                refused=asked.refused,
                not_asked=asked.not_asked,
            )
        )
        if not asked.rate.events:
            continue
        own = [one for one in answer.rates if one.reporter == asked.reporter]
        yield from aligned((f"  {one.label}", one.sessions.words) for one in own)
        yield "  " + _("by month: {words}").format(words=chart.chart.words)


def therapists(shown: Dashboard) -> Iterator[str]:
    """Each therapist's place in the funnel, by code."""
    answer = shown.therapists
    if answer.points:
        yield _("clinic: {words}").format(words=answer.centre.words)
    yield from aligned(
        (point.code, f"{point.rate.words}, {PLACE_WORDS[point.place]}") for point in answer.points
    )
    if answer.hidden:
        yield _hidden(answer.hidden, answer.hidden_hips)


def attendance(shown: Dashboard) -> Iterator[str]:
    """Who was measured again, who came how often."""
    answer = shown.attendance
    yield from aligned(((_("measured again"), answer.remeasured.words), (_("stopped"), answer.stopped.words)))
    yield from aligned(
        (_("came to session {ordinal}").format(ordinal=one.ordinal), one.came.words) for one in answer.points
    )


def completeness(shown: Dashboard) -> Iterator[str]:
    """Each rule of the record."""
    rules = shown.completeness.rules
    yield from aligned((one.rule, Rate(one.passed, one.denominator).words) for one in rules)


def dose(shown: Dashboard) -> Iterator[str]:
    """Insertions, muscles, and what went with them."""
    answer = shown.dose
    yield _("insertions a session: {words}").format(words=answer.per_session.words)
    for what, rank in ((_("soreness"), answer.soreness_rank), (_("change of pain"), answer.change_rank)):
        if rank.rho is not None:
            yield _("insertions and {what}: Spearman {rho:.2f}, n = {n}").format(
                what=what, rho=rank.rho, n=rank.n
            )
    yield from aligned((f"{one.muscle} {one.side}", _needled(one)) for one in answer.heat)


def _hidden(groups: int, hips: int) -> str:
    return counted(
        groups,
        "not shown: {count} therapist with fewer than {fewest} hips ({hips})",
        "not shown: {count} therapists with fewer than {fewest} hips ({hips})",
        fewest=FEWEST,
        hips=counted(hips, "{count} hip", "{count} hips"),
    )


def _needled(one: HeatCell) -> str:
    sessions = counted(one.sessions, "{count} session", "{count} sessions")
    insertions = counted(one.insertions, "{count} insertion", "{count} insertions")
    return f"{sessions}, {insertions}"


def by(split: Groups) -> Iterator[str]:
    """The groups that were asked for."""
    yield BY[split.by]
    if split.by == "muscle":
        yield INDENT + _("A hip stands with each of its muscles.")
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
        line = f"{one.label}: {one.lines.started.words}"
        missing = one.lines.missing
        yield _("{line}, {missing} missing").format(line=line, missing=missing) if missing else line


def _frame(about: About) -> str:
    missing = (
        _("{missing} missing: {words}").format(missing=about.missing, words=about.missing_words)
        if about.missing
        else _("none missing")
    )
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
        yield _("Left out")
    for rule, reason in sorted({one.rule: one.reason for one in shown.left_out}.items()):
        yield f"{INDENT}{rules.count(rule)}: {reason}"
