"""``hiplog void``: declare a signed session void; it stays readable and is no longer counted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output, people
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.record import Patient, Session
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("code", help=_("chart code"))
    parser.add_argument("session", type=int, help=_("number of the session"))
    parser.add_argument("--reason", required=True, metavar="TEXT", help=_("why it is void"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Void the session."""
    with context.book(signs=True) as book:
        people.warn_of_licence(book, context)
        who, kept = book.write(_void, args)
    if context.json:
        output.emit(
            {"patient": who.code, "session": kept.number, "status": kept.status, "reason": kept.void_reason}
        )
    else:
        output.write(
            _("{code} session {number}: void, it is no longer counted").format(
                code=who.code, number=kept.number
            )
        )
    return 0


def _void(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Session]:
    from hiplog.logbook import sessions

    who = people.patient(unit, args.code)
    return who, sessions.void(unit, people.session(unit, who, args.session).id, args.reason)
