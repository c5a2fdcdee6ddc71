"""``hiplog user``: the practitioners who may act in this logbook."""

from __future__ import annotations

import argparse
from typing import cast

from hiplog.cli import output, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.record import ROLES, PractitionerDraft, Role
from hiplog.logbook import dates


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    new = add("add", "add a practitioner", _add)
    new.add_argument("code", help="sign-in code")
    new.add_argument("--name", required=True, metavar="NAME", help="name as printed with a signature")
    new.add_argument("--licence", metavar="NO", help="licence number")
    new.add_argument("--expires", metavar="DATE", help="day the licence lapses")
    new.add_argument("--training", metavar="TEXT", help="needling training")
    new.add_argument("--role", choices=ROLES, default="therapist", help="role (default therapist)")
    add("list", "list the practitioners", _list)


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _add(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import clinic

    with context.book() as book:
        today, order = context.today(book.clinic.zone), context.settings.date_order
        expires = dates.read_day(args.expires, today, order, what="--expires") if args.expires else None
        draft = PractitionerDraft(
            args.code, args.name, args.licence, expires, args.training, cast("Role", args.role)
        )
        made = book.write(clinic.add, draft)
    if context.json:
        output.emit({"practitioner": views.practitioner(made)})
    else:
        output.write(f"added: {made.code}  {made.name} ({made.role})")
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import clinic

    with context.book() as book:
        kept = book.read(clinic.everyone)
        today = context.today(book.clinic.zone)
    if context.json:
        output.emit({"practitioners": [views.practitioner(who) for who in kept]})
        return 0
    rows = [(who.code, who.name, who.role, who.licence or "", who.expires or "") for who in kept]
    output.table(("code", "name", "role", "licence", "expires"), rows)
    for who in kept:
        warning = clinic.licence_warning(who, today)
        if warning is not None:
            output.say(f"! {warning}")
    return 0
