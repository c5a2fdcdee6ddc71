"""``hiplog amend``: correct one field of a signed session; what it said before stays in the record."""

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
    parser.add_argument(
        "field", help=_("note, plan, reading.nprs.before, insertion.2.depth_mm, needles.withdrawn …")
    )
    parser.add_argument("value", help=_("what it shall say; '' takes the value back"))
    parser.add_argument("--request", type=int, metavar="N", help=_("carries out the patient's request N"))
    parser.add_argument("--reason", required=True, metavar="TEXT", help=_("why it is corrected"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Amend and say what changed."""
    with context.book(signs=True) as book:
        people.warn_of_licence(book, context)
        who, kept = book.write(_amend, args)
    last = kept.amendments[-1]
    if context.json:
        told = {
            "column": last.column,
            "old": last.old,
            "new": last.new,
            "reason": last.reason,
            "by": last.by,
        }
        output.emit(views.session(kept) | {"amendment": told})
    else:
        change = f"{_quoted(last.old)} → {_quoted(last.new)}"
        output.write(
            _("{code} session {number}: {field} {change}, by {by}").format(
                code=who.code, number=kept.number, field=args.field, change=change, by=last.by
            )
        )
    return 0


def _amend(unit: Unit, args: argparse.Namespace) -> tuple[Patient, Session]:
    from hiplog.logbook import amendments, requests

    who = people.patient(unit, args.code)
    kept = people.session(unit, who, args.session)
    if args.request is not None:
        asked = requests.numbered(unit, who.id, args.request)
        return who, requests.amend(unit, asked.id, kept.id, args.field, args.value, args.reason)
    return who, amendments.amend(unit, kept.id, args.field, args.value, args.reason)


def _quoted(value: str | None) -> str:
    return _("nothing") if value is None else value
