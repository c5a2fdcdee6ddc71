"""``hiplog clinic``: the clinic's own facts, and the edition of the consent form it uses."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.language import _, p_

if TYPE_CHECKING:
    from hiplog.logbook.clinic import Clinic

NAMED = {"name": _("name"), "zone": p_("clinic", "zone"), "consent_form": _("consent form")}


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    add("show", _("name, time zone and consent form"), _show)
    form = add("consent-form", _("say which edition of the consent form is in use from now on"), _form)
    form.add_argument(
        "edition", help=_("as in 1, v2.1 or 2026-01; each consent keeps the one it was given by")
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _show(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import clinic

    with context.book() as book:
        return _answer(book.read(clinic.read), context)


def _form(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import clinic

    with context.book() as book:
        return _answer(book.write(clinic.set_consent_form, args.edition), context)


def _answer(kept: Clinic, context: Context) -> int:
    told = {"name": kept.name, "zone": kept.zone, "consent_form": kept.consent_form}
    if context.json:
        output.emit({"clinic": told})
    else:
        output.table((_("clinic"), ""), [(NAMED[name], value) for name, value in told.items()])
    return 0
