"""A patient's request in words: what was asked and what followed, the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hiplog.clinical.code_words import said
from hiplog.clinical.requests import GROUNDS, VOICES, Request, Step
from hiplog.language import _
from hiplog.logbook import dates

ABOUT = _("visit {visit}")
ABOUT_ALL = _("the whole record")
ASKED = _("Request {number}, asked on {day}, about {about}, {voice}: {wish}")
WHY = _("Why, as the patient told: {why}")
TAKEN = _("Taken down by {by}, {when}")
OPEN = _("Open: to be answered by {due}")
OVERDUE = _("! OVERDUE: was to be answered by {due}")
UNDONE = _("! Accepted, but the record is not amended yet")
STEPS = {
    "accepted": _("Accepted by {by}, {when}"),
    "denied": _("DENIED by {by}, {when}, because {ground}: {said}"),
    "extended": _("The answer was put off by {by}, {when}: {said}"),
    "withdrawn": _("Withdrawn by the patient, noted by {by}, {when}"),
    "carried_out": _("Carried out by {by}, {when}: {said}"),
    "disagreement": _("The patient disagrees, noted by {by}, {when}: {said}"),
    "rebuttal": _("Rebuttal by {by}, {when}: {said}"),
}
SAID = _("In words: {said}")
AMENDED = _("Carried out by {by}, {when}, by the amendment of: {column}")
SHORT = {
    "open": _("{number} about {about}, open until {due}"),
    "overdue": _("{number} about {about}, OVERDUE since {due}"),
    "accepted": _("{number} about {about}, accepted, to be amended"),
    "carried_out": _("{number} about {about}, accepted and amended"),
    "denied": _("{number} about {about}, denied"),
    "withdrawn": _("{number} about {about}, withdrawn"),
}
ENTRY = _("request {number}, {about}")
WAITS = {"open": _("answer by {day}"), "late": _("OVERDUE since {day}"), "accepted": _("to be amended")}


def short(asked: Request, today: date) -> str:
    """``1 about visit 3, open until Monday 2 November 2026``."""
    state = "overdue" if asked.overdue(today) else asked.state
    return SHORT[state].format(number=asked.number, about=about(asked), due=dates.words(asked.due))


def about(asked: Request) -> str:
    """Which visit it is about, or the whole record."""
    return ABOUT_ALL if asked.visit is None else ABOUT.format(visit=asked.visit)


def lines(asked: Request, zone: str, today: date) -> Iterator[str]:
    """Yield the request, what followed in order, and last what is still to be done."""
    yield ASKED.format(
        number=asked.number,
        day=dates.words(asked.asked_on),
        about=about(asked),
        voice=VOICES[asked.voice],
        wish=asked.wish,
    )
    if asked.why is not None:
        yield WHY.format(why=asked.why)
    yield TAKEN.format(by=asked.by, when=dates.moment_words(asked.at, zone))
    for step in asked.steps:
        yield from _step(step, zone)
    if asked.state == "open":
        yield (OVERDUE if asked.overdue(today) else OPEN).format(due=dates.words(asked.due))
    elif asked.state == "accepted":
        yield UNDONE


def _step(step: Step, zone: str) -> Iterator[str]:
    sentence = AMENDED if step.amendment is not None else STEPS[step.kind]
    yield sentence.format(
        by=step.by,
        when=dates.moment_words(step.at, zone),
        said=step.said,
        ground=GROUNDS.get(step.ground or "", ""),
        column=said(step.column or ""),
    )
    if step.said is not None and "{said}" not in sentence:
        yield SAID.format(said=step.said)
