"""Screening: what the answers and standing precautions forbid, caution or send to a physician."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hiplog.clinical.code_words import said
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.questions import ACTIONS, FULL, QUESTIONS, RULES_VERSION, Action, Question
from hiplog.clinical.record import AskedAs, Precaution, ScreeningAnswer
from hiplog.language import _

__all__ = [
    "ADULT_AGE",
    "ELECTRICAL",
    "LUMBOPELVIC",
    "QUESTIONS",
    "RULES_VERSION",
    "Finding",
    "Question",
    "all_clear",
    "barred",
    "blocks",
    "screen",
    "unanswered",
]

ADULT_AGE = 18
"""Years below which the CHILD caution stands whatever was answered."""

ELECTRICAL = frozenset({"EDN", "PENS"})
"""Techniques that pass a current; an electrical implant bars them (APTA 2013; ASAP 2007/2013)."""

LUMBOPELVIC = frozenset({"QL", "MULT", "PSOA", "ILIA", "OBIN", "LEVA"})
"""Muscles to avoid in pregnancy: lumbar, abdominal path or pelvic floor. hiplog's own list."""

SHORT = "ANYTHING_NEW"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about this session.

    ``muscles`` are the planned muscles it bars or cautions; empty means the whole session.
    ``overridden`` is true when a recorded reason or clearance, given in ``override_reason``, lets the
    session go on. ``asks_clearance`` is true while a surgeon's or physician's name is still wanted.
    """

    item: str
    action: Action
    muscles: tuple[str, ...]
    reason: str
    override_allowed: bool
    urgent: bool = False
    overridden: bool = False
    override_reason: str | None = field(default=None, repr=False)
    asks_clearance: bool = False
    rule_version: str = RULES_VERSION


@dataclass(frozen=True, slots=True)
class _Fact:
    """One item that holds today, with the reason typed for it and who cleared it, if anybody."""

    item: str
    reason: str | None = None
    cleared_by: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is about to be needled."""

    muscles: tuple[str, ...]
    electrical: bool


def screen(
    answers: Iterable[ScreeningAnswer],
    precautions: Iterable[Precaution],
    muscles: Iterable[str],
    *,
    techniques: Iterable[str] = (),
    age: int | None = None,
) -> tuple[Finding, ...]:
    """Return every finding, the gravest first; an empty tuple means go.

    ``muscles`` and ``techniques`` are the planned codes, ``age`` whole years or ``None`` if unknown.
    A yes and a refusal to answer count alike: what is not known is taken as present. A precaution
    stands whatever was answered today, until it is ended. With no muscle planned a rule that would
    bar muscles says so as a caution for the whole session.
    """
    plan = _Plan(tuple(dict.fromkeys(code.upper() for code in muscles)), _electrical(techniques))
    facts = _facts(answers, precautions)
    if age is not None and age < ADULT_AGE:
        facts.setdefault("CHILD", _Fact("CHILD"))
    findings = [finding for fact in facts.values() for finding in _judge(fact, plan)]
    return tuple(sorted(findings, key=_gravity))


def blocks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that forbid signing: a stop or refer that nothing overrides."""
    return tuple(f for f in findings if f.action != "caution" and not f.overridden)


def barred(
    answers: Iterable[ScreeningAnswer], precautions: Iterable[Precaution]
) -> dict[str, tuple[str, ...]]:
    """Return the muscles that must not be needled today, each with the items that bar it.

    For a picker or body map, before anything is planned. Rules for the whole session or for a place
    that only the therapist can name are not in it.
    """
    every = tuple(muscle.code for muscle in MUSCLES)
    found: dict[str, tuple[str, ...]] = {}
    for finding in blocks(screen(answers, precautions, every)):
        for code in finding.muscles:
            found[code] = (*found.get(code, ()), finding.item)
    return found


def unanswered(
    answers: Iterable[ScreeningAnswer], precautions: Iterable[Precaution], first_visit: bool
) -> tuple[str, ...]:
    """Return the codes of the questions still open, in the order they are asked.

    A first session asks all. Later "anything new?" is enough when answered none; answered yes or
    refused it opens all the others. A question is closed by an answer or by an active precaution,
    which is its own standing answer.
    """
    states = {a.item: a.answer for a in answers if a.answer != "not_asked"}
    if not first_visit:
        if states.get(SHORT) == "none" or (SHORT not in states and set(FULL) <= states.keys()):
            return ()
        if SHORT not in states:
            return (SHORT,)
    known = states.keys() | {p.item for p in precautions if p.ended_on is None}
    return tuple(code for code in FULL if code not in known)


def all_clear(first_visit: bool) -> tuple[ScreeningAnswer, ...]:
    """Return an answer of none to all that must be asked: every question, or only "anything new?"."""
    items = FULL if first_visit else (SHORT,)
    how: AskedAs = "together" if first_visit else "singly"
    return tuple(ScreeningAnswer(item, "none", rule_version=RULES_VERSION, asked=how) for item in items)


def _electrical(techniques: Iterable[str]) -> bool:
    return any(code.upper() in ELECTRICAL for code in techniques)


def _facts(answers: Iterable[ScreeningAnswer], precautions: Iterable[Precaution]) -> dict[str, _Fact]:
    """Merge both sources into one fact an item; the clearance of an acute item never covers a new yes."""
    facts = {
        p.item.upper(): _Fact(p.item.upper(), cleared_by=p.cleared_by)
        for p in precautions
        if p.ended_on is None
    }
    for answer in answers:
        item = answer.item.upper()
        reason = (answer.reason or "").strip() or None
        if answer.answer in ("yes", "refused"):
            cleared = facts[item].cleared_by if item in facts and _is_standing(item) else None
            facts[item] = _Fact(item, reason, cleared, answer.answer == "refused")
        elif reason and item in facts:
            facts[item] = _Fact(item, reason, facts[item].cleared_by)
    return facts


def _is_standing(item: str) -> bool:
    question = QUESTIONS.get(item)
    return question is not None and question.standing


def _judge(fact: _Fact, plan: _Plan) -> list[Finding]:
    """Return the findings of one fact for this plan."""
    question = QUESTIONS.get(fact.item)
    if question is None:
        return [_unknown(fact)]
    if question.scope == "electrical":
        return _judge_electrical(question, fact, plan)
    if question.scope in ("incompressible", "lumbopelvic"):
        return _judge_muscles(question, fact, plan)
    return [_finding(question, fact, question.action, ())]


def _judge_muscles(question: Question, fact: _Fact, plan: _Plan) -> list[Finding]:
    """Stop the planned muscles inside the scope and caution the others."""
    inside = tuple(code for code in plan.muscles if _inside(question, code))
    rest = tuple(code for code in plan.muscles if code not in inside)
    found = [_finding(question, fact, "stop", inside)] if inside else []
    if rest or not inside:
        found.append(_finding(question, fact, "caution", rest))
    return found


def _judge_electrical(question: Question, fact: _Fact, plan: _Plan) -> list[Finding]:
    """Stop a session planned with current; manual needling is cautioned."""
    if plan.electrical:
        return [_finding(question, fact, "stop", ())]
    return [_finding(question, fact, "caution", ())]


def _inside(question: Question, code: str) -> bool:
    """Whether a muscle lies in the scope; one that is not in the catalogue cannot be taken as safe."""
    if question.scope == "lumbopelvic":
        return code in LUMBOPELVIC
    muscle = MUSCLES.get(code)
    return muscle is None or muscle.compressible == "no"


def _finding(question: Question, fact: _Fact, action: Action, muscles: tuple[str, ...]) -> Finding:
    override = _override(question, fact, action)
    return Finding(
        item=question.code,
        action=action,
        muscles=muscles,
        reason=_sentence(question, fact, action, muscles),
        override_allowed=action == "caution" or question.override_allowed,
        urgent=question.urgent,
        overridden=override is not None,
        override_reason=override,
        asks_clearance=question.asks_clearance and fact.cleared_by is None,
    )


def _override(question: Question, fact: _Fact, action: Action) -> str | None:
    """Return the reason or clearance that lets this finding pass, or ``None``.

    A named physician is what a refer asks for, so a clearance lifts any refer; it lifts no stop that
    the rule calls absolute.
    """
    if fact.cleared_by is not None and (action != "stop" or question.override_allowed):
        # English in every language: it is kept with the answer of the session.
        return f"cleared by {fact.cleared_by}"
    if action == "caution" or question.override_allowed:
        return fact.reason
    return None


def _sentence(question: Question, fact: _Fact, action: Action, muscles: tuple[str, ...]) -> str:
    """Say in one sentence what stands, why, and what to do; codes only, never the patient's words."""
    about = _("{name} (not answered, taken as present)") if fact.refused else "{name}"
    scope = _("{action} for {muscles}") if muscles else _bare_scope(question, action)
    where = scope.format(action=said(action), muscles=", ".join(muscles))
    told = [f"{about.format(name=question.name)}: {where}", question.why, question.advice]
    if question.asks_clearance and fact.cleared_by is None:
        told.append(_("no clearance by a surgeon or physician is recorded"))
    return "; ".join(told)


def _bare_scope(question: Question, action: Action) -> str:
    """Say what a finding without muscles is about."""
    if question.scope == "electrical":
        return (
            _("{action} needling with current")
            if action == "stop"
            else _("{action} manual needling, current is barred")
        )
    if question.scope in ("incompressible", "lumbopelvic"):
        inside = ", ".join(m.code for m in MUSCLES if _inside(question, m.code))
        return _("{action} the session, {inside} are barred").replace("{inside}", inside)
    if question.scope == "site":
        return _("{action} at that site")
    return _("{action} in that limb") if question.scope == "limb" else _("{action} the session")


def _unknown(fact: _Fact) -> Finding:
    """Keep an item this edition does not know as a caution: a yes is never dropped."""
    return Finding(
        item=fact.item,
        action="caution",
        muscles=(),
        reason=_("{item} is not a question of these rules; judge it yourself").format(item=fact.item[:24]),
        override_allowed=True,
        overridden=fact.reason is not None,
        override_reason=fact.reason,
    )


def _gravity(finding: Finding) -> tuple[bool, int]:
    """Sort key: urgent first, then refer, stop, caution; ties keep the order they were found in."""
    return (not finding.urgent, ACTIONS.index(finding.action))
