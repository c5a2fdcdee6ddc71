"""The parts of a visit in words: plain values that the summary's template only has to set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hiplog.clinical.measures import MEASURES, value_text
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import SIDE_WORDS, Amendment, FollowUp, Inquiry, Reaction, Reading, Session
from hiplog.clinical.requests import Request
from hiplog.clinical.shorthand import Line, echo
from hiplog.exchange.pages.table import Table
from hiplog.logbook import request_words
from hiplog.logbook.dates import moment_words

STAGES = {"before": "before", "after": "after", "follow_up": "at follow-up"}
INQUIRY_STAGES = {"since_last": "Since last time", "session": "At this visit", "follow_up": "At follow-up"}
CONTACTS = {
    "due": "not yet done",
    "done": "done",
    "unreachable": "could not be reached",
    "cancelled": "cancelled",
}
VOID = "VOID: this session was declared void ({reason})."
VOIDED_BY = " By {by}, {when}."
SIGNED_BEFORE = " It was signed by {by}, {when}."
NO_REASON, UNKNOWN = "no reason kept", "unknown"
TOGETHER = "; {count} of them together, after the whole list"
AT_FOLLOW_UP = "At a later contact, "
MARK = "*"
"""Stands beside an amended value; what stood there before is in the table of amendments."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether the record is final: ``words``, and whether the reader must be warned."""

    words: str
    warns: bool


def state(session: Session) -> State:
    """Say that a session is signed, a draft, or void and why."""
    if session.status == "voided":
        words = VOID.format(reason=session.void_reason or NO_REASON)
        if session.voided_at is not None:
            at = moment_words(session.voided_at, session.zone)
            words += VOIDED_BY.format(by=session.voided_by, when=at)
        if session.signed_at is not None:
            signed = moment_words(session.signed_at, session.zone)
            words += SIGNED_BEFORE.format(by=session.signed_by or UNKNOWN, when=signed)
        return State(words, True)
    if session.signed_at is None:
        return State("DRAFT: not signed; it may still change.", True)
    times = len(session.amendments)
    tail = f"; {MARK} amended {'once' if times == 1 else f'{times} times'}" if times else ""
    at = moment_words(session.signed_at, session.zone)
    if session.cosigned_by:
        tail = f"; co-signed by {', '.join(session.cosigned_by)}{tail}"
    return State(f"Signed by {session.signed_by or 'unknown'}, {at}{tail}.", False)


def screening(session: Session) -> list[str]:
    """What was asked beforehand, and consent."""
    said = []
    yes = [answer for answer in session.screening if answer.answer != "none"]
    for answer in yes:
        question = QUESTIONS.get(answer.item)
        reason = f": {answer.reason}" if answer.reason else ""
        name = question.name if question else answer.item.lower()
        said.append(f"! {name}, {answer.answer.replace('_', ' ')}{reason}")
    no = len(session.screening) - len(yes)
    if no:
        together = sum(answer.asked == "together" for answer in session.screening)
        how = TOGETHER.format(count=together) if together else ""
        said.append(f"{no} question{'' if no == 1 else 's'} answered no{how}")
    if session.consent is not None:
        given = "Consent given" if session.consent.given else "! Consent not given"
        withdrawn = ", withdrawn during the visit" if session.consent.withdrawn else ""
        said.append(f"{given}{withdrawn} (form {session.consent.form_version})")
    return said


def sites(session: Session) -> Table:
    """Each needle site in words, amended ones marked."""
    changed = {made.entity_id for made in session.amendments}
    rows = []
    for number, site in enumerate(session.insertions, 1):
        mark = f" {MARK}" if site.id in changed else ""
        copied = "; copied from the last plan, not confirmed" if site.origin == "copied" else ""
        rows.append((str(number), echo(Line(insertions=(site,)))[0] + copied + mark))
    return Table("Needle sites", ("", "site, needle, technique, response"), tuple(rows))


def needles(session: Session) -> str | None:
    """The needle ledger in words, ``None`` when nothing was counted."""
    kept = session.needles
    counted = (
        (kept.opened, "opened"),
        (kept.inserted, "in"),
        (kept.withdrawn, "out"),
        (kept.to_sharps, "to sharps"),
    )
    words = ", ".join(f"{count} {word}" for count, word in counted if count is not None)
    if not words:
        return None
    changed = any(
        made.column in ("opened", "inserted", "withdrawn", "to_sharps") for made in session.amendments
    )
    agrees = (
        "the count agrees" if kept.matches else f"! the count does not agree: {kept.mismatch_reason or '–'}"
    )
    return f"{words}; {agrees}{f' {MARK}' if changed else ''}"


def readings(session: Session) -> Table:
    """A row for each measure and side, a column for each stage that has a value."""
    stages = [stage for stage in STAGES if any(one.stage == stage for one in session.readings)]
    held: dict[tuple[str, str | None, str | None], dict[str, list[str]]] = {}
    changed = {made.entity_id for made in session.amendments}
    for one in session.readings:
        words = value(one) + (f" {MARK}" if one.id in changed else "")
        held.setdefault((one.measure, one.side, one.mode), {}).setdefault(one.stage, []).append(words)
    rows = tuple(
        (measure(*key), *(", ".join(found.get(stage, ["–"])) for stage in stages))
        for key, found in held.items()
    )
    return Table("Readings", ("measure", *(STAGES[stage] for stage in stages)), rows)


def measure(code: str, side: str | None, mode: str | None) -> str:
    """``hip internal rotation, right, active``."""
    known = MEASURES.get(code)
    words = [known.name if known else code]
    words += [SIDE_WORDS[side]] if side else []
    return ", ".join([*words, mode.replace("_", " ")] if mode else words)


def value(reading: Reading) -> str:
    """``6/10`` or ``24°``; a missing value with its reason."""
    if reading.value is None:
        return f"not measured: {reading.missing_reason}"
    known = MEASURES.get(reading.measure)
    return value_text(known, reading.value) if known else str(reading.value)


def inquiry(session: Session, asked: Inquiry) -> Iterator[str]:
    """Who was asked how, and what came of it."""
    stage = INQUIRY_STAGES.get(asked.stage, asked.stage)
    if asked.state == "not_asked":
        yield f"{stage}: not asked"
        return
    how = (
        f"{ASKED_HOW.get(asked.asked_how, asked.asked_how)}, {REPORTERS.get(asked.reporter, asked.reporter)}"
    )
    answer = {"none": "none", "refused": "no answer given"}.get(asked.state, "yes")
    told = "; ".join(reaction(session, one) for one in asked.reactions)
    yield f"{stage} ({how}): {told or answer}"


def reaction(session: Session, found: Reaction) -> str:
    """``bruising or haematoma 20 mm, mild, at gluteus medius``."""
    kind = REACTIONS.get(found.kind)
    words = kind.label if kind else found.kind.lower()
    words += f" {found.size_mm} mm" if found.size_mm is not None else ""
    words += f" {found.soreness}/10" if found.soreness is not None else ""
    words += f", {found.severity}" if found.severity else ""
    site = next((one for one in session.insertions if one.id == found.insertion), None)
    words += f", at {MUSCLES[site.muscle].name} {SIDE_WORDS[site.side]}" if site else ""
    return f"{words} ({found.note})" if found.note else words


def referrals(session: Session) -> list[str]:
    """Where the patient was sent, and why."""
    said = []
    for one in session.referrals:
        known, kind = QUESTIONS.get(one.reason), REACTIONS.get(one.reason)
        why = known.name if known else kind.label if kind else one.reason.replace("_", " ").lower()
        later = AT_FOLLOW_UP if one.follow_up else ""
        note = f". {one.note}" if one.note else ""
        said.append(f"{later}{'URGENT: ' if one.urgent else ''}to {one.to}: {why}{note}")
    return said


def contacts(follow_ups: tuple[FollowUp, ...], session: Session) -> list[str]:
    """The contacts after this session: due or done, when, by whom."""
    said = []
    for one in (contact for contact in follow_ups if contact.session == session.id):
        at = one.done_at or one.due_at
        word = CONTACTS[one.state]
        due = "" if one.done_at else "due "
        by = f", by {one.by}" if one.by else ""
        said.append(f"{word}, {due}{moment_words(at, session.zone)}{by}")
    return said


def amendments(session: Session) -> Table:
    """Every correction: what, from what to what, who, when and why."""
    rows = tuple(
        (
            _place(session, made),
            made.old if made.old is not None else "nothing",
            made.new if made.new is not None else "taken back",
            made.by,
            moment_words(made.at, session.zone) if made.at else "–",
            made.reason,
        )
        for made in session.amendments
    )
    return Table(f"Amendments; the new value stands above, marked {MARK}", AMENDMENT_HEADINGS, rows)


def mark(session: Session, column: str) -> str:
    """The mark behind a heading whose text was amended, else nothing."""
    changed = any(one.entity_id == session.id and one.column == column for one in session.amendments)
    return f" {MARK}" if changed else ""


def requests(session: Session, found: tuple[Request, ...], today: date | None) -> list[list[str]]:
    """What the patient asked to have amended, of this visit or the whole record, each with what followed."""
    mine = (one for one in found if one.session in (None, session.id))
    return [list(request_words.lines(one, session.zone, today or one.asked_on)) for one in mine]


AMENDMENT_HEADINGS = ("field", "was", "is", "by", "when", "why")


def _place(session: Session, made: Amendment) -> str:
    column = made.column.replace("_mm", " in mm").replace("_min", " in min").replace("_", " ")
    for number, site in enumerate(session.insertions, 1):
        if site.id == made.entity_id:
            return f"site {number}, {column}"
    for one in session.readings:
        if one.id == made.entity_id:
            return f"{measure(one.measure, one.side, one.mode)} {STAGES[one.stage]}"
    ledger = ("opened", "inserted", "withdrawn", "to_sharps")
    return f"needles {column}" if made.column in ledger else column
