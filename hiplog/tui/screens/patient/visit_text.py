"""A visit in words, section by section; an amended value carries a mark and what stood there before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import SIDE_WORDS, FollowUp, Inquiry, Reaction, Session
from hiplog.clinical.requests import Request
from hiplog.clinical.shorthand import Line, echo
from hiplog.logbook import request_words
from hiplog.logbook.shown import shown
from hiplog.tui.privacy import asked, worded
from hiplog.tui.screens.parts import day, joined, measure_name, reading_words

STAGES = {"before": "before", "after": "after", "follow_up": "at follow-up"}
INQUIRY_STAGES = {"since_last": "since last time", "session": "during the visit", "follow_up": "at follow-up"}
MARK = "*"
FREE = ("note", "plan")
VOIDED_BY = "declared void by {by}, {when}"
SIGNED_BEFORE = "signed by {by}, {when}"
TOGETHER = "; {count} of them together, after the whole list"
REFERRED, AT_FOLLOW_UP = "Referred", " at follow-up"
REQUESTS = "What the patient asked to have amended"


def lines(
    session: Session,
    follow_ups: tuple[FollowUp, ...] = (),
    requests: tuple[Request, ...] = (),
    today: date | None = None,
) -> list[Content]:
    """The whole visit, one line of text after another; ``today`` tells whether an answer is overdue."""
    found = [
        *_state(session),
        *_section("Screening", _screening(session)),
        *_section("Readings", _readings(session)),
        *_section("Needle sites", _sites(session)),
        *_section("Reactions", _inquiries(session)),
        *_section(REFERRED, _referrals(session)),
        *_section("Afterwards", _afterwards(session)),
        *_section("Follow-up", _follow_ups(session, follow_ups)),
        *_section(REQUESTS, _requests(session, requests, today)),
    ]
    return found[:-1] if found and not found[-1].plain else found


def _section(title: str, body: Iterator[str]) -> list[Content]:
    told = list(body)
    if not told:
        return []
    return [joined((title, "bold $primary")), *(joined(f"  {line}") for line in told), joined("")]


def _state(session: Session) -> list[Content]:
    zone = ZoneInfo(session.zone)
    if session.void_reason:
        found = [joined((f"VOIDED: {shown(worded(session.void_reason))}", "bold $accent"))]
        if session.voided_at is not None:
            by = shown(session.voided_by or "?")
            found.append(joined(VOIDED_BY.format(by=by, when=_stamp(session.voided_at, zone))))
        if session.signed_at is not None:
            by = shown(session.signed_by or "?")
            found.append(joined(SIGNED_BEFORE.format(by=by, when=_stamp(session.signed_at, zone))))
        return [*found, joined("")]
    if session.signed_at is None:
        return [joined(("○ draft, not signed", "bold $accent")), joined("")]
    signed = f"✓ signed by {shown(session.signed_by or '?')}, {_stamp(session.signed_at, zone)}"
    if session.cosigned_by:
        signed += f"; co-signed by {shown(', '.join(session.cosigned_by))}"
    made = len(session.amendments)
    return [joined(f"{signed}{f'; {MARK} amended {made} times' if made > 1 else ''}"
                   f"{f'; {MARK} amended once' if made == 1 else ''}"), joined("")]  # fmt: skip


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{day(local)} {local:%H:%M}"


def _amended(session: Session, entity_id: str, columns: tuple[str, ...] = ()) -> Iterator[str]:
    """What stood there before, one line an amendment."""
    zone = ZoneInfo(session.zone)
    for made in session.amendments:
        if made.entity_id == entity_id and (not columns or made.column in columns):
            when = f", {_stamp(made.at, zone)}" if made.at else ""
            free = made.column in FREE
            old = shown((worded(made.old) if free and made.old else made.old) or "nothing", 60)
            reason = shown(worded(made.reason), 80)
            yield f"  {MARK} {made.column.replace('_', ' ')} was {old}; {reason} ({shown(made.by)}{when})"


def _screening(session: Session) -> Iterator[str]:
    yes = [a for a in session.screening if a.answer in ("yes", "refused")]
    for answer in yes:
        row = QUESTIONS.get(answer.item)
        reason = f"; {shown(answer.reason)}" if answer.reason else ""
        yield f"! {row.name if row else answer.item.lower()}: {answer.answer}{reason}"
    none = len(session.screening) - len(yes)
    if none:
        together = sum(a.asked == "together" for a in session.screening)
        how = TOGETHER.format(count=together) if together else ""
        yield f"{none} of {len(session.screening)} answered no{how}"
    if session.consent:
        given = "given" if session.consent.given else "not given"
        gone = ", withdrawn during the visit" if session.consent.withdrawn else ""
        yield f"consent {given}{gone} (form {shown(session.consent.form_version, 40)})"


def _readings(session: Session) -> Iterator[str]:
    for reading in session.readings:
        side = f" {SIDE_WORDS[reading.side]}" if reading.side else ""
        took = ", ".join(shown(one, 30) for one in (reading.mode, reading.device, reading.tester) if one)
        how = f" ({took})" if took else ""
        changed = list(_amended(session, reading.id))
        mark = f" {MARK}" if changed else ""
        name = f"{measure_name(reading.measure)}{side}{how}"
        yield f"{name} {STAGES[reading.stage]}: {reading_words(reading)}{mark}"
        yield from changed


def _sites(session: Session) -> Iterator[str]:
    for number, site in enumerate(session.insertions, 1):
        changed = list(_amended(session, site.id))
        words = echo(Line(insertions=(site,)))[0]
        state = ", not confirmed" if site.origin == "copied" else ""
        yield f"{number} {words}{state}{f' {MARK}' if changed else ''}"
        yield from changed
    needles = session.needles
    counted = ((needles.inserted, "in"), (needles.withdrawn, "out"), (needles.opened, "opened"))
    told = ", ".join(f"{count} {word}" for count, word in counted if count is not None)
    changed = list(_amended(session, session.id, ("opened", "inserted", "withdrawn", "to_sharps")))
    if told or changed:
        yield f"needles: {told or 'not counted'}{f' {MARK}' if changed else ''}"
        yield from changed
    if needles.mismatch_reason:
        yield f"! {shown(needles.mismatch_reason)}"


def _inquiries(session: Session) -> Iterator[str]:
    for inquiry in session.inquiries:
        yield from inquiry_lines(inquiry)


def inquiry_lines(inquiry: Inquiry) -> Iterator[str]:
    """Who was asked how, and what came of it."""
    stage = INQUIRY_STAGES.get(inquiry.stage, inquiry.stage)
    how = ASKED_HOW.get(inquiry.asked_how, inquiry.asked_how)
    if inquiry.state == "not_asked":
        yield f"{stage}: not asked"
        return
    told = "; ".join(reaction_words(r) for r in inquiry.reactions)
    answer = told or {"none": "none", "refused": "no answer given"}.get(inquiry.state, inquiry.state)
    yield f"{stage}: {answer}"
    yield f"  {how}, {REPORTERS.get(inquiry.reporter, inquiry.reporter)}"


def reaction_words(reaction: Reaction) -> str:
    """``bruising or haematoma 20 mm, mild``."""
    kind = REACTIONS.get(reaction.kind)
    words = kind.label if kind else reaction.kind.lower()
    if reaction.size_mm is not None:
        words += f" {reaction.size_mm} mm"
    if reaction.soreness is not None:
        words += f" {reaction.soreness} of 10"
    words += f", {reaction.severity}" if reaction.severity else ""
    words += "; refer: medical review" if reaction.action == "referred" else ""
    return f"{words} ({shown(worded(reaction.note), 80)})" if reaction.note else words


def _referrals(session: Session) -> Iterator[str]:
    for sent in session.referrals:
        known, kind = QUESTIONS.get(sent.reason), REACTIONS.get(sent.reason)
        why = known.name if known else kind.label if kind else sent.reason.lower()
        urgent = "! urgent: " if sent.urgent else ""
        note = f" ({shown(worded(sent.note), 80)})" if sent.note else ""
        yield f"{urgent}{shown(worded(sent.to), 60)}{AT_FOLLOW_UP if sent.follow_up else ''}: {why}{note}"


def _afterwards(session: Session) -> Iterator[str]:
    for code in session.advice:
        row = ADVICE.get(code)
        yield f"advice: {row.text if row else code}"
    for name, text in (("plan", session.plan), ("note", session.note)):
        changed = list(_amended(session, session.id, (name,)))
        if text or changed:
            words = shown(worded(text or "taken back"), newlines=True)
            yield f"{name}: {words}{f' {MARK}' if changed else ''}"
            yield from changed


def _requests(session: Session, found: tuple[Request, ...], today: date | None) -> Iterator[str]:
    for one in found:
        if one.session in (None, session.id):
            told = request_words.lines(asked(one), session.zone, today or one.asked_on)
            yield from (shown(line, newlines=True) for line in told)


def _follow_ups(session: Session, follow_ups: tuple[FollowUp, ...]) -> Iterator[str]:
    zone = ZoneInfo(session.zone)
    for contact in follow_ups:
        if contact.session == session.id:
            done = f" {_stamp(contact.done_at, zone)}" if contact.done_at else ""
            yield f"{contact.state}{done}, due {_stamp(contact.due_at, zone)}"
