"""``hiplog request``: a patient asks for an amendment; it is taken down, answered, and never lost."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.record import Patient
from hiplog.clinical.requests import GROUNDS, VOICES, Request, RequestDraft
from hiplog.language import _
from hiplog.logbook import dates, request_words

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit

ANSWERS = {
    "accept": ("accepted", _("say yes; then amend with: hiplog amend CODE SESSION … --request N")),
    "deny": ("denied", _("say no, on one of four grounds and with the reason")),
    "extend": ("extended", _("put the answer off, once, by 30 days, with the reason")),
    "withdraw": ("withdrawn", _("the patient takes the request back")),
    "disagree": ("disagreement", _("keep the patient's statement of disagreement with a denial")),
    "rebut": ("rebuttal", _("answer that statement; both stay")),
}
OPTIONAL = ("accept", "withdraw")
NONE = _("nobody asked for an amendment")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    new = add("add", _("take down what a patient asks to have changed"), _add)
    new.add_argument("code", help=_("chart code"))
    new.add_argument("--wish", required=True, metavar="TEXT", help=_("what shall be changed"))
    new.add_argument("--asked", required=True, metavar="DATE", help=_("when it was asked"))
    new.add_argument("--session", type=int, metavar="N", help=_("the visit (else the record as a whole)"))
    new.add_argument("--why", metavar="TEXT", help=_("why, as the patient told"))
    voices = "; ".join(f"{code}: {words}" for code, words in VOICES.items())
    new.add_argument(
        "--words",
        choices=tuple(VOICES),
        default="patient",
        help=_("whose words ({voices})").format(voices=voices),
    )
    for name, (kind, about) in ANSWERS.items():
        answered = _of_request(add(name, about, _answer))
        answered.set_defaults(kind=kind)
        told = _("the reason, or the statement, in words")
        answered.add_argument("--said", required=name not in OPTIONAL, metavar="TEXT", help=told)
        if kind == "denied":
            grounds = "; ".join(f"{code}: {words}" for code, words in GROUNDS.items())
            answered.add_argument("--ground", required=True, choices=tuple(GROUNDS), help=grounds)
    done = _of_request(add("done", _("say how it was carried out, where no field of a visit changed"), _done))
    done.add_argument("--said", required=True, metavar="TEXT", help=_("what was done"))
    _of_request(add("show", _("one request with everything that followed"), _show))
    listed = add("list", _("the requests of a patient, or all that wait"), _list)
    listed.add_argument("code", nargs="?", help=_("chart code (else all that wait)"))


def _of_request(parser: Parser) -> Parser:
    parser.add_argument("code", help=_("chart code"))
    parser.add_argument("number", type=int, metavar="N", help=_("number of the request"))
    return parser


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _add(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        today, order = context.today(book.clinic.zone), context.settings.date_order
        asked = dates.past_day(args.asked, today, order, what="--asked")
        who, made = book.write(_take_down, args, RequestDraft(asked, args.wish, args.why, args.words))
        return _tell(who, made, context, book.clinic.zone)


def _take_down(unit: Unit, args: argparse.Namespace, draft: RequestDraft) -> tuple[Patient, Request]:
    from dataclasses import replace

    from hiplog.logbook import requests

    who = people.patient(unit, args.code)
    if args.session is not None:
        draft = replace(draft, session=people.session(unit, who, args.session).id)
    return who, requests.add(unit, who.id, draft)


def _answer(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        who, kept = book.write(_answered, args)
        return _tell(who, kept, context, book.clinic.zone)


def _answered(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Request]:
    from hiplog.logbook import requests

    who, asked = _found(unit, args)
    return who, requests.answer(unit, asked.id, args.kind, args.said, getattr(args, "ground", None))


def _done(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        who, kept = book.write(_carried_out, args)
        return _tell(who, kept, context, book.clinic.zone)


def _carried_out(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Request]:
    from hiplog.logbook import requests

    who, asked = _found(unit, args)
    return who, requests.carry_out(unit, asked.id, args.said)


def _show(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        who, kept = book.read(_found, args)
        return _tell(who, kept, context, book.clinic.zone)


def _found(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Request]:
    from hiplog.logbook import requests

    who = people.patient(unit, args.code)
    return who, requests.numbered(unit, who.id, args.number)


def _list(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        kept = book.read(_listed, args.code)
        today = context.today(book.clinic.zone)
    if context.json:
        output.emit({"requests": [views.request(one) | {"patient": who.code} for who, one in kept]})
        return 0
    for who, one in kept:
        words = request_words.short(one, today)
        output.write(_("{code} request {words}").format(code=who.code, words=words))
    if not kept:
        output.say(NONE)
    return 0


def _listed(unit: Unit, code: str | None) -> list[tuple[Patient, Request]]:
    from hiplog.logbook import patients, requests

    if code is not None:
        who = people.patient(unit, code)
        return [(who, one) for one in requests.of(unit, who.id)]
    return [(patients.by_id(unit, one.patient), one) for one in requests.waiting(unit, 1000)]


def _tell(who: Patient, kept: Request, context: Context, zone: str) -> int:
    if context.json:
        output.emit({"request": views.request(kept) | {"patient": who.code}})
        return 0
    for line in request_words.lines(kept, zone, context.today(zone)):
        output.write(line)
    return 0
