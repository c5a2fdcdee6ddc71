"""``hiplog follow-up``: what came of a session in the days after it, who was asked and how."""

from __future__ import annotations

import argparse
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hiplog.cli import answers, codes, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.clinical import code_words, consequences
from hiplog.clinical.errors import BadInput
from hiplog.clinical.measures import check
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.reactions import REACTIONS
from hiplog.clinical.record import FollowUp, Inquiry, Patient, Reaction, Reading, Referral, Session
from hiplog.language import _, p_

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit

Done = tuple[Patient, Session, FollowUp]
HOW = {"checklist": _("checklist"), "open": p_("asked", "open")}
GRAVE = ("significant", "serious")
REASONS = frozenset((*REACTIONS.codes, *QUESTIONS.codes))
SENT = _("sent on to {to}")
SAY_WHO = _("! nobody is noted as told; --refer-to WHO keeps to whom the patient was sent")
NO_REFERRAL = _("say to whom the patient was sent: --refer-to WHO")
NOBODY_ASKED = _("--unreachable: nobody was reached, so nobody was sent on")
WHY = _("say why the patient was sent on: --refer-reason CODE, or the reaction with --reaction")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("code", help=_("chart code"))
    add(
        "--session",
        type=int,
        metavar="N",
        help=_("which session (else the newest one due, else the last signed)"),
    )
    add("--by", choices=("patient", "therapist"), help=_("who reports"))
    add("--asked", choices=("checklist", "open"), help=_("how it was asked"))
    add("--soreness", type=int, metavar="N", help=_("soreness 0-10; 0 is none"))
    add("--bruise", type=int, metavar="MM", help=_("a bruise of so many millimetres"))
    add("--reaction", action="append", default=[], metavar="KIND[:SEVERITY]", help=_("any other reaction"))
    add("--none", action="store_true", help=_("asked, and there was none"))
    add("--refer-to", metavar="WHO", help=_("to whom the patient was sent on; kept with this contact"))
    add("--refer-reason", metavar="CODE", help=_("why (else the gravest reaction reported)"))
    add("--refer-note", metavar="TEXT", help=_("a note on the referral"))
    add("--urgent", action="store_true", help=_("it was urgent"))
    add("--pain", type=int, metavar="N", help=_("pain now, 0-10"))
    add("--unreachable", action="store_true", help=_("the patient could not be reached"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Record the follow-up and say what it means."""
    inquiry = None if args.unreachable else _inquiry(args)
    readings = () if args.pain is None else (_pain(args.pain),)
    if args.unreachable and (
        args.none or args.soreness is not None or args.bruise or args.reaction or readings
    ):
        raise UsageError(_("--unreachable: nobody was asked, so nothing can be reported"))
    sent = _referrals(args, inquiry)
    with context.book() as book:
        who, session, done = book.write(_record, args, inquiry, readings, sent)
        to_do = book.read(_to_do, session, inquiry) if inquiry else ()
    told = inquiry.reactions if inquiry else ()
    if context.json:
        state = "not_asked" if inquiry is None else inquiry.state
        body = {"session": session.number, "state": done.state, "answer": state}
        output.emit(
            body
            | {"inquiry": views.inquiry(inquiry) if inquiry else None}
            | {"referrals": [views.referral(one) | {"follow_up": True} for one in sent]}
        )
    else:
        output.write(
            _("{code} session {number}: follow-up {answer}").format(
                code=who.code, number=session.number, answer=_words(inquiry, told)
            )
        )
        for referral in sent:
            output.write(SENT.format(to=referral.to))
    for one in told:
        _warn(one)
    for sentence in to_do:
        output.say(f"! {sentence}")
    if any(one.severity in GRAVE for one in told) and not sent:
        output.say(SAY_WHO)
    return 0


def _referrals(args: argparse.Namespace, inquiry: Inquiry | None) -> tuple[Referral, ...]:
    if args.refer_to is None:
        if args.refer_reason or args.refer_note or args.urgent:
            raise UsageError(NO_REFERRAL)
        return ()
    if inquiry is None:
        raise UsageError(NOBODY_ASKED)
    reason = _reason(args.refer_reason, inquiry)
    return (Referral(reason, args.refer_to, args.urgent, args.refer_note),)


def _reason(said: str | None, inquiry: Inquiry) -> str:
    if said is not None:
        return (
            said.upper() if said.upper() in REASONS else codes.choose("--refer-reason", said, REACTIONS).code
        )
    told = sorted(inquiry.reactions, key=lambda one: one.severity not in GRAVE)
    if not told:
        raise UsageError(WHY)
    return told[0].kind


def _inquiry(args: argparse.Namespace) -> Inquiry:
    if args.by is None or args.asked is None:
        raise UsageError(
            _("say who reports and how it was asked: --by patient|therapist --asked checklist|open")
        )
    told = _reactions(args)
    if args.none and told:
        raise UsageError(_("--none and a reaction cannot both be true"))
    if not args.none and not told and args.soreness is None:
        raise UsageError(_("say what came of it: --soreness, --bruise, --reaction, or --none"))
    return Inquiry("follow_up", args.asked, args.by, "yes" if told else "none", told)


def _reactions(args: argparse.Namespace) -> tuple[Reaction, ...]:
    told = list(answers.reactions(args.reaction, "--reaction"))
    if args.soreness is not None and not 0 <= args.soreness <= 10:
        raise BadInput(_("--soreness: {soreness} lies outside 0 to 10").format(soreness=args.soreness))
    if args.soreness:
        told.append(Reaction("PAIN_AFT", "mild", soreness=args.soreness))
    if args.bruise is not None:
        if not 1 <= args.bruise <= 500:
            raise BadInput(_("--bruise: {bruise} mm lies outside 1 to 500 mm").format(bruise=args.bruise))
        told.append(Reaction("BRUISE", "mild", size_mm=args.bruise))
    return tuple(told)


def _pain(score: int) -> Reading:
    value = Decimal(score)
    problem = check("NPRS", value)
    if problem is not None:
        raise BadInput(f"--pain: {problem}")
    return Reading("follow_up", "NPRS", value)


def _record(
    unit: Unit,
    args: argparse.Namespace,
    inquiry: Inquiry | None,
    readings: tuple[Reading, ...],
    sent: tuple[Referral, ...],
) -> Done:
    from hiplog.logbook import followups

    who = people.patient(unit, args.code)
    session = people.session(unit, who, args.session) if args.session is not None else _due(unit, who)
    if inquiry is None:
        return who, session, followups.unreachable(unit, session.id)
    taken = tuple(replace(one, tester=unit.actor) for one in readings)
    return who, session, followups.record(unit, session.id, inquiry, taken, sent)


def _to_do(unit: Unit, session: Session, inquiry: Inquiry) -> tuple[str, ...]:
    """What the contact just recorded asks of the clinic."""
    from hiplog.logbook import followups

    return tuple(consequences.of(replace(inquiry, asked_at_h=followups.asked_last(unit, session.id))))


def _due(unit: Unit, who: Patient) -> Session:
    """The newest session whose follow-up is still due, else the last signed one."""
    from hiplog.logbook import followups, sessions

    due = [one for one in followups.of(unit, who.id) if one.state == "due"]
    if not due:
        return people.last_session(unit, who, "signed")
    return sessions.get(unit, max(due, key=lambda one: one.due_at).session)


def _words(inquiry: Inquiry | None, told: tuple[Reaction, ...]) -> str:
    if inquiry is None:
        return _("not possible, could not be reached")
    named = ", ".join(REACTIONS[one.kind].label for one in told) or p_("reactions", "none")
    return _("asked by {how}, {reporter}: {named}").format(
        how=HOW.get(inquiry.asked_how, inquiry.asked_how),
        reporter=code_words.said(inquiry.reporter),
        named=named,
    )


def _warn(reaction: Reaction) -> None:
    """Say when a reaction is one that a physician should see."""
    if reaction.severity in GRAVE:
        output.say(_("! refer: {label}; medical review").format(label=REACTIONS[reaction.kind].label))
