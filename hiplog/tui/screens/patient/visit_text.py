"""A visit in words, section by section; an amended value carries a mark and what stood there before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual.content import Content

from hiplog.clinical import consequences
from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.code_words import said
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import SIDE_WORDS, Consent, FollowUp, Inquiry, Reaction, Session
from hiplog.clinical.requests import Request
from hiplog.clinical.shorthand import Line, echo
from hiplog.language import _, counted
from hiplog.logbook import request_words
from hiplog.logbook.shown import shown
from hiplog.tui.privacy import asked, worded
from hiplog.tui.screens.parts import day, joined, measure_name, reading_words

STAGES = {"before": _("before"), "after": _("after"), "follow_up": _("at follow-up")}
INQUIRY_STAGES = {
    "since_last": _("since last time"),
    "session": _("during the visit"),
    "follow_up": _("at follow-up"),
}
MARK = "*"
FREE = ("note", "plan")
VOIDED_BY = _("declared void by {by}, {when}")
SIGNED_BEFORE = _("signed by {by}, {when}")
TOGETHER = _("; {count} of them together, after the whole list")
REFERRED = _("Referred")
REQUESTS = _("What the patient asked to have amended")


def lines(
    session: Session,
    follow_ups: tuple[FollowUp, ...] = (),
    requests: tuple[Request, ...] = (),
    today: date | None = None,
) -> list[Content]:
    """The whole visit, one line of text after another; ``today`` tells whether an answer is overdue."""
    found = [
        *_state(session),
        *_section(_("Screening"), _screening(session)),
        *_section(_("Readings"), _readings(session)),
        *_section(_("Needle sites"), _sites(session)),
        *_section(_("Reactions"), _inquiries(session)),
        *_section(REFERRED, _referrals(session)),
        *_section(_("Afterwards"), _afterwards(session)),
        *_section(_("Follow-up"), _follow_ups(session, follow_ups)),
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
        found = [
            joined((_("VOIDED: {reason}").format(reason=shown(worded(session.void_reason))), "bold $accent"))
        ]
        if session.voided_at is not None:
            by = shown(session.voided_by or "?")
            found.append(joined(VOIDED_BY.format(by=by, when=_stamp(session.voided_at, zone))))
        if session.signed_at is not None:
            by = shown(session.signed_by or "?")
            found.append(joined(SIGNED_BEFORE.format(by=by, when=_stamp(session.signed_at, zone))))
        return [*found, joined("")]
    if session.signed_at is None:
        return [joined((_("○ draft, not signed"), "bold $accent")), joined("")]
    signed = _("✓ signed by {by}, {when}").format(
        by=shown(session.signed_by or "?"), when=_stamp(session.signed_at, zone)
    )
    if session.cosigned_by:
        signed += _("; co-signed by {by}").format(by=shown(", ".join(session.cosigned_by)))
    made = len(session.amendments)
    if made:
        signed += counted(made, "; {mark} amended once", "; {mark} amended {count} times", mark=MARK)
    return [joined(signed), joined("")]


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
            old = shown((worded(made.old) if free and made.old else made.old) or _("nothing"), 60)
            reason = shown(worded(made.reason), 80)
            told = _("{column} was {old}; {reason} ({by}{when})")
            words = told.format(
                column=said(made.column), old=old, reason=reason, by=shown(made.by), when=when
            )
            yield f"  {MARK} {words}"


def _screening(session: Session) -> Iterator[str]:
    yes = [a for a in session.screening if a.answer in ("yes", "refused")]
    for answer in yes:
        row = QUESTIONS.get(answer.item)
        reason = f"; {shown(answer.reason)}" if answer.reason else ""
        yield f"! {row.name if row else answer.item.lower()}: {said(answer.answer)}{reason}"
    none = len(session.screening) - len(yes)
    if none:
        together = sum(a.asked == "together" for a in session.screening)
        how = TOGETHER.format(count=together) if together else ""
        yield _("{none} of {all} answered no{how}").format(none=none, all=len(session.screening), how=how)
    if session.consent:
        yield _consent_words(session.consent).format(form=shown(session.consent.form_version, 40))


def _consent_words(consent: Consent) -> str:
    if not consent.given:
        return _("consent not given (form {form})")
    if consent.withdrawn:
        return _("consent given, withdrawn during the visit (form {form})")
    return _("consent given (form {form})")


def _readings(session: Session) -> Iterator[str]:
    for reading in session.readings:
        side = f" {SIDE_WORDS[reading.side]}" if reading.side else ""
        mode = said(reading.mode) if reading.mode else None
        took = ", ".join(shown(one, 30) for one in (mode, reading.device, reading.tester) if one)
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
        state = _("{site}, not confirmed").format(site=words) if site.origin == "copied" else words
        yield f"{number} {state}{f' {MARK}' if changed else ''}"
        yield from changed
    needles = session.needles
    counts = (
        (needles.inserted, _("{count} in")), (needles.withdrawn, _("{count} out")),
        (needles.opened, _("{count} opened")),
    )  # fmt: skip
    told = ", ".join(words.format(count=count) for count, words in counts if count is not None)
    changed = list(_amended(session, session.id, ("opened", "inserted", "withdrawn", "to_sharps")))
    if told or changed:
        words = _("needles: {counts}").format(counts=told or _("not counted"))
        yield f"{words}{f' {MARK}' if changed else ''}"
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
        yield _("{stage}: not asked").format(stage=stage)
        return
    told = "; ".join(reaction_words(r) for r in inquiry.reactions)
    answer = told or {"none": _("none"), "refused": _("no answer given")}.get(inquiry.state, inquiry.state)
    yield f"{stage}: {answer}"
    yield f"  {how}, {REPORTERS.get(inquiry.reporter, inquiry.reporter)}"
    yield from (f"  ! {sentence}" for sentence in consequences.of(inquiry))


def reaction_words(reaction: Reaction) -> str:
    """``bruising or haematoma 20 mm, mild``."""
    kind = REACTIONS.get(reaction.kind)
    words = kind.label if kind else reaction.kind.lower()
    if reaction.size_mm is not None:
        words += f" {reaction.size_mm} mm"
    if reaction.soreness is not None:
        words += " " + _("{score} of 10").format(score=reaction.soreness)
    words += f", {said(reaction.severity)}" if reaction.severity else ""
    words += _("; refer: medical review") if reaction.action == "referred" else ""
    return f"{words} ({shown(worded(reaction.note), 80)})" if reaction.note else words


def _referrals(session: Session) -> Iterator[str]:
    for sent in session.referrals:
        known, kind = QUESTIONS.get(sent.reason), REACTIONS.get(sent.reason)
        why = known.name if known else kind.label if kind else sent.reason.lower()
        to = shown(worded(sent.to), 60)
        to = _("{to} at follow-up").format(to=to) if sent.follow_up else to
        to = _("! urgent: {to}").format(to=to) if sent.urgent else to
        note = f" ({shown(worded(sent.note), 80)})" if sent.note else ""
        yield f"{to}: {why}{note}"


def _afterwards(session: Session) -> Iterator[str]:
    for code in session.advice:
        row = ADVICE.get(code)
        yield _("advice: {text}").format(text=row.text if row else code)
    for name, text in (("plan", session.plan), ("note", session.note)):
        changed = list(_amended(session, session.id, (name,)))
        if text or changed:
            words = shown(worded(text or _("taken back")), newlines=True)
            yield f"{said(name)}: {words}{f' {MARK}' if changed else ''}"
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
            state = f"{said(contact.state)}{done}"
            words = _("due {when}") if contact.state == "due" else _("{state}, due {when}")
            yield words.format(state=state, when=_stamp(contact.due_at, zone))
