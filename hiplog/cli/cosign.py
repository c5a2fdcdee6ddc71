"""``hiplog cosign``: a colleague's second signature under a signed session."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output, people, views
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


def run(args: argparse.Namespace, context: Context) -> int:
    """Co-sign the session."""
    with context.book(signs=True) as book:
        people.warn_of_licence(book, context)
        who, kept = book.write(_cosign, args)
    if context.json:
        output.emit(views.session(kept))
    else:
        output.write(
            _("{code} session {number}: co-signed by {cosigned_by}").format(
                code=who.code, number=kept.number, cosigned_by=kept.cosigned_by[-1]
            )
        )
    return 0


def _cosign(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Session]:
    from hiplog.logbook import sessions

    who = people.patient(unit, args.code)
    return who, sessions.cosign(unit, people.session(unit, who, args.session).id)
