"""The parts of a visit in words: plain values that the summary's template only has to set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hiplog.clinical import code_words, consequences
from hiplog.clinical.measures import MEASURES, value_text
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import SIDE_WORDS, Amendment, FollowUp, Inquiry, Reaction, Reading, Session
from hiplog.clinical.requests import Request
from hiplog.clinical.shorthand import Line, echo
from hiplog.exchange.pages.table import Table
from hiplog.language import _, counted, p_
from hiplog.logbook import request_words
from hiplog.logbook.dates import moment_words

STAGES = {"before": _("before"), "after": _("after"), "follow_up": _("at follow-up")}
INQUIRY_STAGES = {
    "since_last": _("Since last time"),
    "session": _("At this visit"),
    "follow_up": _("At follow-up"),
}
CONTACTS = {
    "due": _("not yet done"),
    "done": _("done"),
    "unreachable": _("could not be reached"),
    "cancelled": _("cancelled"),
}
VOID = _("VOID: this session was declared void ({reason}).")
VOIDED_BY = _("By {by}, {when}.")
SIGNED_BEFORE = _("It was signed by {by}, {when}.")
NO_REASON, UNKNOWN = _("no reason kept"), _("unknown")
TOGETHER = _("{count} of them together, after the whole list")
CONSENT = {
    (True, False): _("Consent given (form {form})"),
    (True, True): _("Consent given, withdrawn during the visit (form {form})"),
    (False, False): _("! Consent not given (form {form})"),
    (False, True): _("! Consent not given, withdrawn during the visit (form {form})"),
}
LEDGER = {
    "opened": _("{count} opened"),
    "inserted": _("{count} in"),
    "withdrawn": _("{count} out"),
    "to_sharps": _("{count} to sharps"),
}
COLUMNS = {
    "diameter_mm": _("diameter in mm"),
    "length_mm": _("length in mm"),
    "depth_mm": _("depth in mm"),
    "retention_min": _("retention in min"),
}
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
        return State(" ".join(_void(session)), True)
    if session.signed_at is None:
        return State(_("DRAFT: not signed; it may still change."), True)
    at = moment_words(session.signed_at, session.zone)
    parts = [_("Signed by {by}, {when}").format(by=session.signed_by or UNKNOWN, when=at)]
    if session.cosigned_by:
        parts.append(_("co-signed by {names}").format(names=", ".join(session.cosigned_by)))
    if session.amendments:
        times = len(session.amendments)
        parts.append(counted(times, "{mark} amended once", "{mark} amended {count} times", mark=MARK))
    return State("; ".join(parts) + ".", False)


def _void(session: Session) -> Iterator[str]:
    yield VOID.format(reason=session.void_reason or NO_REASON)
    if session.voided_at is not None:
        yield VOIDED_BY.format(by=session.voided_by, when=moment_words(session.voided_at, session.zone))
    if session.signed_at is not None:
        signed = moment_words(session.signed_at, session.zone)
        yield SIGNED_BEFORE.format(by=session.signed_by or UNKNOWN, when=signed)


def screening(session: Session) -> list[str]:
    """What was asked beforehand, and consent."""
    said = []
    yes = [answer for answer in session.screening if answer.answer != "none"]
    for answer in yes:
        question = QUESTIONS.get(answer.item)
        reason = f": {answer.reason}" if answer.reason else ""
        name = question.name if question else answer.item.lower()
        said.append(f"! {name}, {code_words.said(answer.answer)}{reason}")
    no = len(session.screening) - len(yes)
    if no:
        together = sum(answer.asked == "together" for answer in session.screening)
        line = counted(no, "{count} question answered no", "{count} questions answered no")
        said.append(f"{line}; {TOGETHER.format(count=together)}" if together else line)
    if session.consent is not None:
        state = CONSENT[session.consent.given, session.consent.withdrawn]
        said.append(state.format(form=session.consent.form_version))
    return said


def sites(session: Session) -> Table:
    """Each needle site in words, amended ones marked."""
    changed = {made.entity_id for made in session.amendments}
    rows = []
    for number, site in enumerate(session.insertions, 1):
        mark = f" {MARK}" if site.id in changed else ""
        words = echo(Line(insertions=(site,)))[0]
        if site.origin == "copied":
            words = "; ".join((words, _("copied from the last plan, not confirmed")))
        rows.append((str(number), words + mark))
    return Table(_("Needle sites"), ("", _("site, needle, technique, response")), tuple(rows))


def needles(session: Session) -> str | None:
    """The needle ledger in words, ``None`` when nothing was counted."""
    kept = session.needles
    counts = ((getattr(kept, name), word) for name, word in LEDGER.items())
    words = ", ".join(word.format(count=count) for count, word in counts if count is not None)
    if not words:
        return None
    changed = any(made.column in LEDGER for made in session.amendments)
    agrees = (
        _("the count agrees")
        if kept.matches
        else _("! the count does not agree: {reason}").format(reason=kept.mismatch_reason or "–")
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
    return Table(_("Readings"), (_("measure"), *(STAGES[stage] for stage in stages)), rows)


def measure(code: str, side: str | None, mode: str | None) -> str:
    """``hip internal rotation, right, active``."""
    known = MEASURES.get(code)
    words = [known.name if known else code]
    words += [SIDE_WORDS[side]] if side else []
    return ", ".join([*words, code_words.said(mode)] if mode else words)


def value(reading: Reading) -> str:
    """``6/10`` or ``24°``; a missing value with its reason."""
    if reading.value is None:
        return _("not measured: {reason}").format(reason=reading.missing_reason)
    known = MEASURES.get(reading.measure)
    return value_text(known, reading.value) if known else str(reading.value)


def inquiry(session: Session, asked: Inquiry) -> Iterator[str]:
    """Who was asked how, and what came of it."""
    stage = INQUIRY_STAGES.get(asked.stage, asked.stage)
    if asked.state == "not_asked":
        yield _("{stage}: not asked").format(stage=stage)
        return
    how = (
        f"{ASKED_HOW.get(asked.asked_how, asked.asked_how)}, {REPORTERS.get(asked.reporter, asked.reporter)}"
    )
    answers = {"none": p_("reactions", "none"), "refused": _("no answer given")}
    answer = answers.get(asked.state, _("yes"))
    told = "; ".join(reaction(session, one) for one in asked.reactions)
    yield f"{stage} ({how}): {told or answer}"
    yield from (f"! {sentence}" for sentence in consequences.of(asked))


def reaction(session: Session, found: Reaction) -> str:
    """``bruising or haematoma 20 mm, mild, at gluteus medius``."""
    kind = REACTIONS.get(found.kind)
    words = kind.label if kind else found.kind.lower()
    words += f" {found.size_mm} mm" if found.size_mm is not None else ""
    words += f" {found.soreness}/10" if found.soreness is not None else ""
    words += f", {code_words.said(found.severity)}" if found.severity else ""
    site = next((one for one in session.insertions if one.id == found.insertion), None)
    if site is not None:
        where = f"{MUSCLES[site.muscle].name} {SIDE_WORDS[site.side]}"
        words = _("{reaction}, at {site}").format(reaction=words, site=where)
    return f"{words} ({found.note})" if found.note else words


def referrals(session: Session) -> list[str]:
    """Where the patient was sent, and why."""
    said = []
    for one in session.referrals:
        known, kind = QUESTIONS.get(one.reason), REACTIONS.get(one.reason)
        why = known.name if known else kind.label if kind else one.reason.replace("_", " ").lower()
        words = _("to {to}: {why}").format(to=one.to, why=why)
        if one.urgent:
            words = _("URGENT: {referral}").format(referral=words)
        if one.follow_up:
            words = _("At a later contact, {referral}").format(referral=words)
        said.append(f"{words}. {one.note}" if one.note else words)
    return said


def contacts(follow_ups: tuple[FollowUp, ...], session: Session) -> list[str]:
    """The contacts after this session: due or done, when, by whom."""
    said = []
    for one in (contact for contact in follow_ups if contact.session == session.id):
        at = one.done_at or one.due_at
        words = _("{state}, {when}") if one.done_at else _("{state}, due {when}")
        words = words.format(state=CONTACTS[one.state], when=moment_words(at, session.zone))
        said.append(_("{contact}, by {by}").format(contact=words, by=one.by) if one.by else words)
    return said


def amendments(session: Session) -> Table:
    """Every correction: what, from what to what, who, when and why."""
    rows = tuple(
        (
            _place(session, made),
            made.old if made.old is not None else _("nothing"),
            made.new if made.new is not None else _("taken back"),
            made.by,
            moment_words(made.at, session.zone) if made.at else "–",
            made.reason,
        )
        for made in session.amendments
    )
    title = _("Amendments; the new value stands above, marked {mark}").format(mark=MARK)
    return Table(title, AMENDMENT_HEADINGS, rows)


def mark(session: Session, column: str) -> str:
    """The mark behind a heading whose text was amended, else nothing."""
    changed = any(one.entity_id == session.id and one.column == column for one in session.amendments)
    return f" {MARK}" if changed else ""


def requests(session: Session, found: tuple[Request, ...], today: date | None) -> list[list[str]]:
    """What the patient asked to have amended, of this visit or the whole record, each with what followed."""
    mine = (one for one in found if one.session in (None, session.id))
    return [list(request_words.lines(one, session.zone, today or one.asked_on)) for one in mine]


AMENDMENT_HEADINGS = (
    _("field"), p_("amendment", "was"), p_("amendment", "is"), p_("column", "by"), _("when"), _("why"),
)  # fmt: skip


def _place(session: Session, made: Amendment) -> str:
    column = COLUMNS.get(made.column) or code_words.said(made.column)
    for number, site in enumerate(session.insertions, 1):
        if site.id == made.entity_id:
            return _("site {number}, {column}").format(number=number, column=column)
    for one in session.readings:
        if one.id == made.entity_id:
            return f"{measure(one.measure, one.side, one.mode)} {STAGES[one.stage]}"
    return _("needles {column}").format(column=column) if made.column in LEDGER else column
