"""``hiplog follow-up``: what came of a session in the days after it, who was asked and how."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING

from hiplog.cli import answers, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.clinical.errors import BadInput
from hiplog.clinical.measures import check
from hiplog.clinical.reactions import REACTIONS
from hiplog.clinical.record import FollowUp, Inquiry, Patient, Reaction, Reading, Session

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit

Done = tuple[Patient, Session, FollowUp]
GRAVE = ("significant", "serious")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("code", help="chart code")
    add(
        "--session",
        type=int,
        metavar="N",
        help="which session (else the newest one due, else the last signed)",
    )
    add("--by", choices=("patient", "therapist"), help="who reports")
    add("--asked", choices=("checklist", "open"), help="how it was asked")
    add("--soreness", type=int, metavar="N", help="soreness 0-10; 0 is none")
    add("--bruise", type=int, metavar="MM", help="a bruise of so many millimetres")
    add("--reaction", action="append", default=[], metavar="KIND[:SEVERITY]", help="any other reaction")
    add("--none", action="store_true", help="asked, and there was none")
    add("--pain", type=int, metavar="N", help="pain now, 0-10")
    add("--unreachable", action="store_true", help="the patient could not be reached")


def run(args: argparse.Namespace, context: Context) -> int:
    """Record the follow-up and say what it means."""
    inquiry = None if args.unreachable else _inquiry(args)
    readings = () if args.pain is None else (_pain(args.pain),)
    if args.unreachable and (
        args.none or args.soreness is not None or args.bruise or args.reaction or readings
    ):
        raise UsageError("--unreachable: nobody was asked, so nothing can be reported")
    with context.book() as book:
        who, session, done = book.write(_record, args, inquiry, readings)
    told = inquiry.reactions if inquiry else ()
    if context.json:
        state = "not_asked" if inquiry is None else inquiry.state
        body = {"session": session.number, "state": done.state, "answer": state}
        output.emit(body | {"inquiry": views.inquiry(inquiry) if inquiry else None})
    else:
        output.write(f"{who.code} session {session.number}: follow-up {_words(inquiry, told)}")
    for one in told:
        _warn(one)
    return 0


def _inquiry(args: argparse.Namespace) -> Inquiry:
    if args.by is None or args.asked is None:
        raise UsageError(
            "say who reports and how it was asked: --by patient|therapist --asked checklist|open"
        )
    told = _reactions(args)
    if args.none and told:
        raise UsageError("--none and a reaction cannot both be true")
    if not args.none and not told and args.soreness is None:
        raise UsageError("say what came of it: --soreness, --bruise, --reaction, or --none")
    return Inquiry("follow_up", args.asked, args.by, "yes" if told else "none", told)


def _reactions(args: argparse.Namespace) -> tuple[Reaction, ...]:
    told = list(answers.reactions(args.reaction, "--reaction"))
    if args.soreness is not None and not 0 <= args.soreness <= 10:
        raise BadInput(f"--soreness: {args.soreness} lies outside 0 to 10")
    if args.soreness:
        told.append(Reaction("PAIN_AFT", "mild", soreness=args.soreness))
    if args.bruise is not None:
        if not 1 <= args.bruise <= 500:
            raise BadInput(f"--bruise: {args.bruise} mm lies outside 1 to 500 mm")
        told.append(Reaction("BRUISE", "mild", size_mm=args.bruise))
    return tuple(told)


def _pain(score: int) -> Reading:
    value = Decimal(score)
    problem = check("NPRS", value)
    if problem is not None:
        raise BadInput(f"--pain: {problem}")
    return Reading("follow_up", "NPRS", value)


def _record(
    unit: Unit, args: argparse.Namespace, inquiry: Inquiry | None, readings: tuple[Reading, ...]
) -> Done:
    from hiplog.logbook import followups

    who = people.patient(unit, args.code)
    session = people.session(unit, who, args.session) if args.session is not None else _due(unit, who)
    if inquiry is None:
        return who, session, followups.unreachable(unit, session.id)
    return who, session, followups.record(unit, session.id, inquiry, readings)


def _due(unit: Unit, who: Patient) -> Session:
    """The newest session whose follow-up is still due, else the last signed one."""
    from hiplog.logbook import followups, sessions

    due = [one for one in followups.of(unit, who.id) if one.state == "due"]
    if not due:
        return people.last_session(unit, who, "signed")
    return sessions.get(unit, max(due, key=lambda one: one.due_at).session)


def _words(inquiry: Inquiry | None, told: tuple[Reaction, ...]) -> str:
    if inquiry is None:
        return "not possible, could not be reached"
    named = ", ".join(REACTIONS[one.kind].label for one in told) or "none"
    return f"asked by {inquiry.asked_how}, {inquiry.reporter}: {named}"


def _warn(reaction: Reaction) -> None:
    """Say when a reaction is one that a physician should see."""
    if reaction.severity in GRAVE:
        output.say(f"! refer: {REACTIONS[reaction.kind].label}; medical review")
