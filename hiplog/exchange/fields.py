"""What a foreign row can make, field by field, and how each cell is read. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from hiplog.clinical import reactions
from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.causes import CAUSES, INDICATIONS, SYMPTOMS
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.errors import BadInput
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.needling import STYLES, TARGETS, TECHNIQUES, TWITCHES
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import ANSWER_STATES, INQUIRY_STAGES, SEXES, STAGES
from hiplog.clinical.vocabulary import Catalogue
from hiplog.exchange.codes import KNOWN
from hiplog.language import _, p_
from hiplog.logbook import dates, texts
from hiplog.settings import DateOrder

FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
SIDES = {
    "l": ("L",),
    "left": ("L",),
    "r": ("R",),
    "right": ("R",),
    "both": ("L", "R"),
    "bilateral": ("L", "R"),
}
_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader may need to know: today, and the order in which the source writes dates."""

    today: date
    order: DateOrder


Reader = Callable[[str, Reading], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how its cell is read, whether a map must fill it, and whether it is what the row is about.

    Where the ``core`` of a thing is empty, a row that no ``when`` picked makes nothing.
    """

    read: Reader
    needed: bool = False
    core: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a source prints it: ``whole`` is false when only the year is known."""

    day: date
    whole: bool = True


def _line(cell: str, how: Reading) -> str:
    return texts.line("text", cell)


def _prose(cell: str, how: Reading) -> str | None:
    return texts.prose("text", cell)


def _code(cell: str, how: Reading) -> str:
    return texts.code("code", cell)


def _key(cell: str, how: Reading) -> str:
    return texts.line("key", cell)


def _day(cell: str, how: Reading) -> date:
    return dates.past_day(cell, how.today, how.order)


def _visit_day(cell: str, how: Reading) -> Day:
    if _YEAR.fullmatch(cell):
        first = date(int(cell), 1, 1) if int(cell) else how.today
        return Day(dates.past_day(first.isoformat(), how.today), whole=False)
    return Day(dates.past_day(cell, how.today, how.order))


def _clock(cell: str, how: Reading) -> time:
    match = _CLOCK.fullmatch(cell)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise BadInput(_("is no time of day; write it from 00:00 to 23:59"))
    return time(int(match[1]), int(match[2]))


def _whole(cell: str, how: Reading) -> int:
    if not re.fullmatch(r"\d{1,6}", cell):
        raise BadInput(_("is not a whole number"))
    return int(cell)


def _number(cell: str, how: Reading) -> Decimal:
    try:
        value = Decimal(cell)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**7:
        raise BadInput(_("is not a number; write decimals with a point"))
    return value


def _flag(cell: str, how: Reading) -> bool:
    if cell.casefold() not in FLAGS:
        raise BadInput(_("is neither yes nor no; write one of them, or map the word in [make.words]"))
    return FLAGS[cell.casefold()]


def _side(cell: str, how: Reading) -> tuple[str, ...]:
    if cell.casefold() not in SIDES:
        raise BadInput(_("is no side; write L, R or both"))
    return SIDES[cell.casefold()]


def _one_side(cell: str, how: Reading) -> str:
    found = _side(cell, how)
    if len(found) > 1:
        raise BadInput(
            _("is both sides; both hips are two episodes, and each value has one side; make two rows of it")
        )
    return found[0]


def _of(catalogue: Catalogue[Any], what: str) -> Reader:
    def read(cell: str, how: Reading) -> str:
        found = catalogue.find(cell)
        if len(found) == 1:
            return str(found[0].code)
        near = ", ".join(row.code for row in (found or catalogue.nearest(cell, 3))[:4])
        if found:
            raise BadInput(_("could be several {what}; nearest: {near}").format(what=what, near=near))
        if near:
            raise BadInput(_("is no {what}; nearest: {near}").format(what=what, near=near))
        raise BadInput(_("is no {what}; write its name or its code").format(what=what))

    return read


def _several(catalogue: Catalogue[Any], what: str) -> Reader:
    one = _of(catalogue, what)
    return lambda cell, how: tuple(one(part.strip(), how) for part in re.split(r"[;|]", cell) if part.strip())


def _among(words: tuple[str, ...] | frozenset[str]) -> Reader:
    listed = {word.casefold(): word for word in words}

    def read(cell: str, how: Reading) -> str:
        if cell.casefold() not in listed:
            raise BadInput(_("is not one of {values}").format(values=", ".join(sorted(listed.values()))))
        return listed[cell.casefold()]

    return read


def _need(read: Reader, *, core: bool = False) -> Field:
    return Field(read, needed=True, core=core)


def _core(read: Reader) -> Field:
    return _need(read, core=True)


_VISIT = {"patient": _need(_key), "session": _need(_key)}
_ASKED = {
    "stage": _need(_among(INQUIRY_STAGES)),
    "asked_how": _need(_among(tuple(reactions.ASKED_HOW))),
    "reporter": _need(_among(tuple(reactions.REPORTERS))),
    "asked_at_h": Field(_number),
}

FIELDS: dict[str, dict[str, Field]] = {
    "patient": {
        "patient": _core(_code),
        "family": Field(_line),
        "given": Field(_line),
        "birth": Field(_day),
        "sex": Field(_among(SEXES)),
        "phone": Field(_line),
        "email": Field(_line),
        "note": Field(_prose),
    },
    "episode": {
        "patient": _need(_key),
        "episode": Field(_key),
        "side": _core(_one_side),
        "cause": _need(_of(CAUSES, _("cause"))),
        "symptoms": Field(_several(SYMPTOMS, _("symptom"))),
        "indication": Field(_of(INDICATIONS, _("indication"))),
        "onset": Field(_day),
        "style": Field(_of(STYLES, p_("needling", "style"))),
        "opened_on": Field(_day),
    },
    "precaution": {
        "patient": _need(_key),
        "item": _core(_of(QUESTIONS, _("screening question"))),
        "note": Field(_prose),
        "cleared_by": Field(_line),
        "since": Field(_day),
    },
    "session": {
        "patient": _need(_key),
        "session": _core(_key),
        "episode": Field(_key),
        "date": _need(_visit_day),
        "time": Field(_clock),
        "therapist": Field(_code),
        "opened": Field(_whole),
        "inserted": Field(_whole),
        "withdrawn": Field(_whole),
        "to_sharps": Field(_whole),
        "mismatch_reason": Field(_prose),
        "note": Field(_prose),
        "plan": Field(_prose),
    },
    "screening": _VISIT
    | {
        "item": _need(_of(QUESTIONS, _("screening question"))),
        "answer": _core(_among(ANSWER_STATES)),
        "reason": Field(_prose),
    },
    "consent": _VISIT
    | {
        "form_version": _need(_code),
        "given": _core(_flag),
        "withdrawn": Field(_flag),
        "copy_given": Field(_flag),
    },
    "insertion": _VISIT
    | {
        "muscle": _core(_of(MUSCLES, _("muscle"))),
        "side": _need(_side),
        "zone": Field(_line),
        "target": Field(_among(TARGETS)),
        "diameter_mm": Field(_number),
        "length_mm": Field(_whole),
        "depth_mm": Field(_whole),
        "insertions": Field(_whole),
        "technique": Field(_of(TECHNIQUES, _("technique"))),
        "passes": Field(_whole),
        "hz": Field(_number),
        "ma": Field(_number),
        "retention_min": Field(_whole),
        "twitch": Field(_among(TWITCHES)),
        "twitch_count": Field(_whole),
        "familiar_pain": Field(_flag),
    },
    "reading": _VISIT
    | {
        "measure": _need(_of(MEASURES, _("measure"))),
        "stage": _need(_among(STAGES)),
        "value": _core(_number),
        "side": Field(_one_side),
        "mode": Field(_among(KNOWN["mode"])),
        "version": Field(_code),
        "device": Field(_line),
        "missing_reason": Field(_among(KNOWN["missing"])),
    },
    "inquiry": _VISIT | _ASKED | {"state": _core(_among(ANSWER_STATES))},
    "reaction": _VISIT
    | _ASKED
    | {
        "kind": _core(_of(reactions.REACTIONS, _("reaction"))),
        "severity": Field(_among(reactions.SEVERITIES)),
        "onset_h": Field(_number),
        "duration_h": Field(_number),
        "size_mm": Field(_whole),
        "soreness": Field(_whole),
        "action": Field(_among(tuple(reactions.ACTIONS))),
        "relatedness": Field(_among(tuple(reactions.RELATEDNESS))),
        "outcome": Field(_among(tuple(reactions.OUTCOMES))),
        "note": Field(_prose),
    },
    "advice": _VISIT | {"code": _core(_of(ADVICE, _("advice")))},
    "co_treatment": _VISIT | {"kind": _core(_of(CO_TREATMENTS, _("other treatment")))},
    "referral": _VISIT
    | {
        "reason": _core(_of(QUESTIONS, _("screening question"))),
        "to": _need(_line),
        "urgent": Field(_flag),
        "note": Field(_prose),
    },
}


def moment(day: date, clock: time | None, zone: str, now: datetime) -> datetime:
    """Return the aware time of a visit; without a time of day it is noon."""
    if clock is None:
        return dates.read_moment(f"{day.isoformat()}T12:00", now, zone)
    return dates.read_moment(f"{day.isoformat()}T{clock:%H:%M}", now, zone)
