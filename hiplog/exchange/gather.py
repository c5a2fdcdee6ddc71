"""From single facts to patients, episodes and whole visits; what contradicts itself is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from hiplog.clinical import measures, needling
from hiplog.clinical.errors import BadInput
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    PatientDraft,
    Reaction,
    Reading,
    Referral,
    ScreeningAnswer,
)
from hiplog.clinical.screening import RULES_VERSION
from hiplog.exchange import fields
from hiplog.exchange.foreign import Fact, Found
from hiplog.exchange.taken import Tally
from hiplog.language import _
from hiplog.logbook import patients

T = TypeVar("T")
Name = Callable[[str], str]

NEEDLES = ("opened", "inserted", "withdrawn", "to_sharps")
MOST_NEEDLES = 200
NO_NAME = "(no name)"
YEAR_ONLY = "Date known only to the year {year}; 1 January stands for it."


@dataclass(slots=True)
class Told:
    """What several rows say of one thing, field by field, each with the line that said it first."""

    line: int
    said: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Visit:
    """One visit as the source tells it: the session's own fields and the facts that belong to it."""

    told: Told
    parts: list[Fact] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """Everything of a source, by its own keys, in the order of the file."""

    people: dict[str, Told] = field(default_factory=dict)
    episodes: dict[tuple[str, str], Told] = field(default_factory=dict)
    precautions: dict[tuple[str, str], Told] = field(default_factory=dict)
    visits: dict[tuple[str, str], Visit] = field(default_factory=dict)


class Unfit(Exception):
    """A row that does not go with the others: its line, the field, the value and the reason."""

    def __init__(self, line: int, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.told = (line, column, value, reason)


def gather(found: Found, file: str, tally: Tally) -> Gathered:
    """Put the facts together; rows that contradict an earlier one are refused."""
    whole = Gathered()
    for fact in found.facts:
        try:
            _put(whole, fact)
        except Unfit as error:
            tally.refuse(file, *error.told)
            _spoil(found, fact)
    for fact in found.facts:
        if "session" in fact.said and fact.what != "session":
            visit = whole.visits.get(fact.visit)
            if visit is not None:
                visit.parts.append(fact)
            elif fact.visit not in found.bad_visits:
                tally.refuse(
                    file, fact.line, "session", str(fact.said["session"]), _("no row tells of this visit")
                )
    return whole


def _spoil(found: Found, fact: Fact) -> None:
    if "session" in fact.said:
        found.bad_visits.add(fact.visit)
    else:
        found.bad_patients.add(fact.patient)


def _put(whole: Gathered, fact: Fact) -> None:
    if fact.what == "patient":
        _merge(whole.people, fact.patient, fact)
    elif fact.what == "episode":
        _merge(whole.episodes, (fact.patient, str(fact.said.get("episode", "1")).casefold()), fact)
    elif fact.what == "precaution":
        _merge(whole.precautions, (fact.patient, fact.said["item"]), fact)
    elif fact.what == "session":
        place = fact.visit
        told = {place: whole.visits[place].told} if place in whole.visits else {}
        _merge(told, place, fact)
        whole.visits.setdefault(place, Visit(told[place]))


def _merge(kept: dict[Any, Told], key: Any, fact: Fact) -> None:
    told = kept.setdefault(key, Told(fact.line))
    for name, value in fact.said.items():
        if name not in told.said:
            told.said[name] = value
            told.lines[name] = fact.line
        elif told.said[name] != value:
            raise Unfit(
                fact.line,
                name,
                str(value),
                _("line {lines} says something else").format(lines=told.lines[name]),
            )


def patient(told: Told, today: date) -> PatientDraft:
    """Return the patient; a source without names leaves the chart code in their place."""
    said = told.said
    code = said["patient"]
    draft = PatientDraft(
        code, said.get("family", code), said.get("given", NO_NAME), said.get("birth"),
        said.get("sex", "unknown"), said.get("phone"), said.get("email"), said.get("note"),
    )  # fmt: skip
    try:
        return patients.clean(draft, today)
    except BadInput as error:
        raise Unfit(told.line, "", "", str(error)) from None


def episode(told: Told) -> EpisodeDraft:
    """Return the episode."""
    said = told.said
    return EpisodeDraft(
        said["side"], said["cause"], said.get("symptoms", ()), said.get("indication"), said.get("onset"),
        said.get("style"),
    )  # fmt: skip


def when(visit: Visit, zone: str, now: datetime) -> datetime:
    """Return the time of the visit: noon when no time of day is told."""
    said = visit.told.said
    try:
        at = fields.moment(said["date"].day, said.get("time"), zone, now)
    except BadInput as error:
        raise Unfit(visit.told.line, "time", "", str(error)) from None
    if at > now:
        raise Unfit(visit.told.line, "date", "", _("lies in the future"))
    return at


def needles(told: Told, wrong: list[Unfit]) -> NeedleCount:
    """Return the needle counts; a count that is none is added to ``wrong``."""
    for name in NEEDLES:
        if told.said.get(name, 0) > MOST_NEEDLES:
            reason = _("is more than {most_needles} needles").format(most_needles=MOST_NEEDLES)
            wrong.append(Unfit(told.lines[name], name, str(told.said[name]), reason))
    counts = {name: told.said.get(name) for name in NEEDLES}
    return NeedleCount(**counts, mismatch_reason=told.said.get("mismatch_reason"))


def note(told: Told) -> str | None:
    """Return the note, with a sentence when the day of the visit is not known."""
    said: str | None = told.said.get("note")
    if told.said["date"].whole:
        return said
    year = YEAR_ONLY.format(year=told.said["date"].day.year)
    return f"{said}\n{year}" if said else year


def parts(visit: Visit, name: Name, wrong: list[Unfit]) -> dict[str, Any]:
    """Return the rows of a visit as fields of a session draft; what does not fit is added to ``wrong``.

    ``name`` makes a key from a word.
    """
    kinds: dict[str, list[Fact]] = {}
    for fact in visit.parts:
        kinds.setdefault(fact.what, []).append(fact)
    consents = _unlike(kinds.get("consent", []), (), _consent, name, wrong)
    referrals = enumerate(kinds.get("referral", []))
    return {
        "needles": needles(visit.told, wrong),
        "screening": _unlike(kinds.get("screening", []), ("item",), _answer, name, wrong),
        "consent": consents[0] if consents else None,
        "insertions": _sites(kinds.get("insertion", []), name, wrong),
        "readings": _unlike(
            kinds.get("reading", []), ("measure", "stage", "side", "mode"), _reading, name, wrong
        ),
        "inquiries": _inquiries(kinds.get("inquiry", []), kinds.get("reaction", []), name, wrong),
        "advice": tuple(dict.fromkeys(fact.said["code"] for fact in kinds.get("advice", []))),
        "co_treatments": tuple(dict.fromkeys(fact.said["kind"] for fact in kinds.get("co_treatment", []))),
        "referrals": tuple(_referral(number, fact, name) for number, fact in referrals),
    }


def _unlike(
    facts: Iterable[Fact],
    keys: tuple[str, ...],
    make: Callable[[Fact, Name], T],
    name: Name,
    wrong: list[Unfit],
) -> tuple[T, ...]:
    """Make one thing for each key; a wide table may repeat it, but not say something else."""
    seen: dict[tuple[Any, ...], Fact] = {}
    made = []
    for fact in facts:
        first = seen.setdefault(tuple(fact.said.get(key) for key in keys), fact)
        try:
            if first is fact:
                made.append(make(fact, name))
            elif first.said != fact.said:
                raise Unfit(
                    fact.line, fact.what, "", _("line {line} says something else").format(line=first.line)
                )
        except Unfit as error:
            wrong.append(error)
    return tuple(made)


def _answer(fact: Fact, name: Name) -> ScreeningAnswer:
    said = fact.said
    return ScreeningAnswer(
        said["item"], said["answer"], said.get("reason"), RULES_VERSION, name(f"screening:{said['item']}")
    )


def _consent(fact: Fact, name: Name) -> Consent:
    said = fact.said
    return Consent(
        said["form_version"],
        said["given"],
        said.get("withdrawn", False),
        said.get("copy_given"),
        name("consent"),
    )


def _sites(facts: Iterable[Fact], name: Name, wrong: list[Unfit]) -> tuple[Insertion, ...]:
    made: list[Insertion] = []
    for fact in facts:
        told = {n: v for n, v in fact.said.items() if n not in ("patient", "session", "side")}
        for side in fact.said["side"]:
            site = Insertion(side=side, id=name(f"insertion:{len(made) + 1}"), **told)
            made.append(site)
        wrong += (Unfit(fact.line, "muscle", site.muscle, said) for said in needling.problems(site))
    return tuple(made)


def _reading(fact: Fact, name: Name) -> Reading:
    said = fact.said
    value, reason = said.get("value"), said.get("missing_reason")
    if value is not None and reason is not None:
        raise Unfit(fact.line, "value", str(value), _("has a value and a reason for having none"))
    wrong = None if value is None else measures.check(said["measure"], value, said.get("mode"))
    if wrong:
        raise Unfit(fact.line, "value", str(value), wrong)
    key = ":".join(str(said.get(n, "")) for n in ("measure", "stage", "side", "mode"))
    return Reading(
        said["stage"], said["measure"], value, said.get("side"), said.get("mode"), said.get("version"),
        said.get("device"), None, reason, name(f"reading:{key}"),
    )  # fmt: skip


def _inquiries(asked: list[Fact], told: list[Fact], name: Name, wrong: list[Unfit]) -> tuple[Inquiry, ...]:
    groups: dict[tuple[str, str, str], tuple[list[Fact], list[Fact]]] = {}
    for place, facts in enumerate((asked, told)):
        for fact in facts:
            key = (fact.said["stage"], fact.said["asked_how"], fact.said["reporter"])
            groups.setdefault(key, ([], []))[place].append(fact)
    made = []
    for key, (questions, effects) in groups.items():
        try:
            made.append(_inquiry(key, questions, effects, name))
        except Unfit as error:
            wrong.append(error)
    return tuple(made)


def _inquiry(key: tuple[str, str, str], asked: list[Fact], told: list[Fact], name: Name) -> Inquiry:
    first = (asked or told)[0]
    state = asked[0].said["state"] if asked else "yes"
    for other in asked[1:]:
        if other.said != first.said:
            raise Unfit(
                other.line, "inquiry", "", _("line {line} says something else").format(line=first.line)
            )
    if told and state != "yes":
        raise Unfit(
            told[0].line,
            "kind",
            told[0].said["kind"],
            _("an effect, yet line {line} says {state}").format(line=first.line, state=state),
        )
    if (key[1] == "not_asked") != (state == "not_asked"):
        raise Unfit(
            first.line, "asked_how", key[1], _("does not go with the answer {state}").format(state=state)
        )
    word = ":".join(key)
    effects = tuple(_effect(fact, name(f"reaction:{word}:{n}")) for n, fact in enumerate(told))
    hours = _hours(first, "asked_at_h")
    return Inquiry(*key, state, effects, hours, name(f"inquiry:{word}"))  # type: ignore[arg-type]


def _effect(fact: Fact, key: str) -> Reaction:
    said = fact.said
    for column, low, high in (("soreness", 0, 10), ("size_mm", 1, 500)):
        if not low <= said.get(column, low) <= high:
            raise Unfit(
                fact.line,
                column,
                str(said[column]),
                _("lies outside {low} to {high}").format(low=low, high=high),
            )
    told: dict[str, Any] = {column: _hours(fact, column) for column in ("onset_h", "duration_h")}
    plain = ("severity", "size_mm", "soreness", "action", "relatedness", "outcome", "note")
    return Reaction(said["kind"], id=key, **told, **{column: said.get(column) for column in plain})


def _hours(fact: Fact, column: str) -> Decimal | None:
    value: Decimal | None = fact.said.get(column)
    if value is not None and value < 0:
        raise Unfit(fact.line, column, str(value), _("hours since needling are not negative"))
    return value


def _referral(number: int, fact: Fact, name: Name) -> Referral:
    said: Mapping[str, Any] = fact.said
    return Referral(
        said["reason"], said["to"], said.get("urgent", False), said.get("note"), name(f"referral:{number}")
    )
