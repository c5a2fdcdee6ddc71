"""The numbers that rest on hips, taken apart: lines, change, causes, time, therapists, attendance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from hiplog.clinical.change import LefsResponse, lefs_response
from hiplog.language import _, counted
from hiplog.outcomes.attendance import STOPPED_AFTER, end
from hiplog.outcomes.cohort import (
    DEFINITIONS,
    EXCLUDED,
    MEASURED,
    MISSING,
    STATE_WORDS,
    Case,
    State,
    ended,
    lines,
    pain_change,
    pair,
    rule_words,
)
from hiplog.outcomes.explanation import Asking, Explanation, Omitted, Used, told
from hiplog.outcomes.facts import FUNCTION, PAIN
from hiplog.outcomes.rates import FEWEST, Rate
from hiplog.outcomes.sessions_needed import courses
from hiplog.outcomes.spread import QUARTILES, spread
from hiplog.outcomes.survival import METHOD, kaplan_meier, median_time

ENDS = {"closed": _("closed"), "waiting": _("waiting"), "stopped": _("stopped")}
LINES = ("started", "completers", "locf")
_OUTSIDE: dict[str, tuple[State, ...]] = {
    "started": EXCLUDED,
    "completers": (*MISSING, *EXCLUDED),
    "locf": ("no_baseline", *EXCLUDED),
    "pain_change": (*MISSING, *EXCLUDED),
}


def improvement(asking: Asking, key: str) -> Explanation | None:
    """Explain a number of question 1."""
    word, _colon, rest = key.partition(":")
    cases = asking.cases()
    if key in LINES:
        return _line(asking, "improvement", key, key, cases)
    if key == "pain_change":
        return _pain_change(asking, cases)
    if key in ("lefs_9", "lefs_10"):
        return _function(asking, key, cases)
    if word == "month":
        own = [case for case in cases if case.hip.first.month == rest]
        return _line(asking, "improvement", key, "started", own) if own else None
    if word == "visit" and rest.isdecimal():
        return _visit(asking, key, int(rest), cases)
    return None


def cause(asking: Asking, key: str) -> Explanation | None:
    """Explain the share of one cause."""
    own = [case for case in asking.cases() if case.hip.cause == key.upper()]
    return _line(asking, "causes", key, "started", own) if own else None


def therapist(asking: Asking, key: str) -> Explanation | None:
    """Explain the share of one therapist; below ten hips there is none."""
    own = [case for case in asking.cases() if case.hip.therapist == key]
    if lines(ended(own)).started.n < FEWEST:
        return None
    return _line(asking, "therapists", key, "started", own)


def time(asking: Asking, key: str) -> Explanation | None:
    """Explain the median, or who was at risk after so many sessions."""
    followed = courses(asking.cases(), strict=asking.strict)
    word, _colon, rest = key.partition(":")
    times = [one.sessions for one in followed]
    if key == "median":
        own = [(one, one.reached) for one in followed]
        found = median_time(kaplan_meier(times, [one.reached for one in followed]))
        figure = (
            _("half had not reached it")
            if found is None
            else counted(found, "after {count} session", "after {count} sessions")
        )
    elif word == "sessions" and rest.isdecimal() and int(rest) in times:
        wanted = int(rest)
        own = [(one, one.reached and one.sessions == wanted) for one in followed if one.sessions >= wanted]
        figure = _("{events} of {n} at risk").format(events=sum(had for _one, had in own), n=len(own))
    else:
        return None
    used = tuple(
        Used(
            one.case.hip.patient,
            tuple(visit.number for visit in one.case.hip.visits),
            _seen_by(one.reached, one.sessions),
            had,
        )
        for one, had in own
    )
    left = _omitted(asking, asking.cases(), ("no_baseline", *EXCLUDED))
    rule = (rule_words(strict=asking.strict), METHOD)
    return Explanation("time", key, figure, rule, used, left)


def _seen_by(reached: bool, sessions: int) -> str:
    if reached:
        return counted(
            sessions, "change seen by {count} session given", "change seen by {count} sessions given"
        )
    return counted(sessions, "no change by {count} session given", "no change by {count} sessions given")


def attendance(asking: Asking, key: str) -> Explanation | None:
    """Explain who came, who was measured again, who stopped."""
    word, _colon, rest = key.partition(":")
    own = [case for case in asking.cases() if case.state != "group_mean"]
    now = asking.source.facts.now
    if key == "remeasured":
        counts = [case.pair.final is not None for case in own]
        rule = _("measured again at a later session or at its follow-up")
    elif key == "stopped":
        counts = [end(case.hip, now) == "stopped" for case in own]
        rule = _("open, and no visit for {days} days").format(days=STOPPED_AFTER.days)
    elif word == "session" and rest.isdecimal():
        counts = [len(case.hip.visits) >= int(rest) for case in own]
        rule = _("came to session {number} of the episode").format(number=rest)
    else:
        return None
    used = tuple(
        Used(
            case.hip.patient, tuple(visit.number for visit in case.hip.visits), ENDS[end(case.hip, now)], yes
        )
        for case, yes in zip(own, counts, strict=True)
    )
    left = _omitted(asking, asking.cases(), ("group_mean",))
    return Explanation("attendance", key, Rate(sum(counts), len(counts)).words, (rule,), used, left)


def _line(asking: Asking, question: str, key: str, line: str, cases: Sequence[Case]) -> Explanation:
    inside = [case for case in cases if case.state not in _OUTSIDE[line]]
    counts = [case.locf is True if line == "locf" else case.state == "responder" for case in inside]
    used = tuple(_used(case, yes) for case, yes in zip(inside, counts, strict=True))
    rule = (
        _("Responder: {rule}.").format(rule=rule_words(strict=asking.strict)),
        DEFINITIONS[line],
        *(DEFINITIONS[word] for word in ("unit", "baseline", "final")),
    )
    left = _omitted(asking, cases, _OUTSIDE[line])
    return Explanation(question, key, Rate(sum(counts), len(counts)).words, rule, used, left)


def _used(case: Case, counts: bool) -> Used:
    numbers = [case.hip.first.number]
    if case.pair.final_visit is not None:
        numbers.append(case.pair.final_visit.number)
    final = case.pair.final.value if case.pair.final else None
    said = _("{side} hip, pain {scores}: {state}").format(
        side=case.hip.side, scores=told((case.pair.baseline, final)), state=STATE_WORDS[case.state]
    )
    return Used(case.hip.patient, tuple(numbers), said, counts)


def _pain_change(asking: Asking, cases: Sequence[Case]) -> Explanation:
    used = tuple(_used(case, True) for case in cases if case.state in MEASURED)
    rule = (DEFINITIONS["change"], *(DEFINITIONS[word] for word in ("unit", "baseline", "final")), QUARTILES)
    left = _omitted(asking, cases, _OUTSIDE["pain_change"])
    return Explanation("improvement", "pain_change", pain_change(ended(cases)).words, rule, used, left)


def _function(asking: Asking, key: str, cases: Sequence[Case]) -> Explanation:
    used, left = [], []
    for case in cases:
        found = pair(case.hip, FUNCTION)
        response = lefs_response(found.baseline, found.final.value if found.final else None)
        if case.hip.group_mean or response is None or found.final is None or found.final_visit is None:
            reason = STATE_WORDS["group_mean"] if case.hip.group_mean else _("LEFS was not measured twice")
            left.append(Omitted(case.hip.patient, (case.hip.first.number,), reason))
            continue
        numbers = (case.hip.first.number, found.final_visit.number)
        said = _("{side} hip, LEFS {scores}").format(
            side=case.hip.side, scores=told((found.baseline, found.final.value))
        )
        used.append(Used(case.hip.patient, numbers, said, _lefs(key, response)))
    words = _("at least 9 points (MCID, Binkley 1999)")
    if key == "lefs_10":
        words = _("at least 10 points (beyond the hip MDC of 9.9, Pua 2009)")
    figure = Rate(sum(one.counts for one in used), len(used)).words
    return Explanation("improvement", key, figure, (words,), tuple(used), (*left, *asking.unread()))


def _lefs(key: str, response: LefsResponse) -> bool:
    return response.important if key == "lefs_9" else response.beyond_error


def _visit(asking: Asking, key: str, ordinal: int, cases: Sequence[Case]) -> Explanation | None:
    used, changes = [], []
    for case in cases:
        at = [visit for visit in case.hip.visits[1:] if visit.ordinal == ordinal]
        before = [value.value for visit in at for value in visit.values(PAIN) if value.stage == "before"]
        if case.pair.baseline is None or case.locf is None or not before:
            continue
        changes.append(float(before[-1] - case.pair.baseline))
        numbers = (case.hip.first.number, at[0].number)
        said = _("{side} hip, pain {scores}").format(
            side=case.hip.side, scores=told((case.pair.baseline, before[-1]))
        )
        used.append(Used(case.hip.patient, numbers, said, True))
    if not used:
        return None
    rule = (
        _("Pain before needling at session {ordinal} minus the baseline.").format(ordinal=ordinal),
        QUARTILES,
    )
    left = _omitted(asking, cases, ("no_baseline", *EXCLUDED))
    return Explanation("improvement", key, spread(changes).words, rule, tuple(used), left)


def _omitted(asking: Asking, cases: Iterable[Case], states: Sequence[State]) -> tuple[Omitted, ...]:
    own = (
        Omitted(case.hip.patient, (case.hip.first.number,), STATE_WORDS[case.state])
        for case in cases
        if case.state in states
    )
    return tuple(chain(own, asking.unread()))
