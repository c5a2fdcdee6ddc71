"""A patient's request in words: what was asked and what followed, the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hiplog.clinical.requests import GROUNDS, VOICES, Request, Step
from hiplog.logbook import dates

ABOUT = "visit {visit}"
ABOUT_ALL = "the whole record"
ASKED = "Request {number}, asked on {day}, about {about}, {voice}: {wish}"
WHY = "Why, as the patient told: {why}"
TAKEN = "Taken down by {by}, {when}"
OPEN = "Open: to be answered by {due}"
OVERDUE = "! OVERDUE: was to be answered by {due}"
UNDONE = "! Accepted, but the record is not amended yet"
STEPS = {
    "accepted": "Accepted by {by}, {when}",
    "denied": "DENIED by {by}, {when}, because {ground}: {said}",
    "extended": "The answer was put off by {by}, {when}: {said}",
    "withdrawn": "Withdrawn by the patient, noted by {by}, {when}",
    "carried_out": "Carried out by {by}, {when}: {said}",
    "disagreement": "The patient disagrees, noted by {by}, {when}: {said}",
    "rebuttal": "Rebuttal by {by}, {when}: {said}",
}
SAID = "In words: {said}"
AMENDED = "Carried out by {by}, {when}, by the amendment of: {column}"
SHORT = {
    "open": "{number} about {about}, open until {due}",
    "overdue": "{number} about {about}, OVERDUE since {due}",
    "accepted": "{number} about {about}, accepted, to be amended",
    "carried_out": "{number} about {about}, accepted and amended",
    "denied": "{number} about {about}, denied",
    "withdrawn": "{number} about {about}, withdrawn",
}
ENTRY = "request {number}, {about}"
WAITS = {"open": "answer by {day}", "late": "OVERDUE since {day}", "accepted": "to be amended"}


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
        column=(step.column or "").replace("_", " "),
    )
    if step.said is not None and "{said}" not in sentence:
        yield SAID.format(said=step.said)
