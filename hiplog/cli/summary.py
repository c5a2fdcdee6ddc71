"""``hiplog summary``: one visit in words, or as an HTML file to print or to hand over."""

from __future__ import annotations

import argparse
from pathlib import Path

from hiplog.cli import output, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.language import _


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("code", help=_("chart code"))
    add("session", type=int, metavar="SESSION", help=_("the number of the visit"))
    add("--html", metavar="FILE", help=_("write a page to print (else the words are printed)"))
    add("--named", action="store_true", help=_("with the patient's name, not the chart code alone"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Write the page and say where it lies."""
    from hiplog.exchange.pages import gather, save, visit

    if args.html is None:
        return _words(args, context)
    path = Path(args.html)
    save.check(path)
    with context.book() as book:
        found = gather.visit(book, args.code, args.session, named=args.named)
    save.save(path, visit.html(found))
    if context.json:
        output.emit({"file": str(path), "session": found.session.number, "status": found.session.status})
        return 0
    output.write(str(path))
    output.say(_("with health data: keep it as safe as the logbook"))
    return 0


def _words(args: argparse.Namespace, context: Context) -> int:
    """Print the visit as the page says it, without its pictures."""
    from hiplog.exchange.pages import gather, plain

    with context.book() as book:
        found = gather.visit(book, args.code, args.session, named=args.named)
    if context.json:
        output.emit(views.session(found.session) | {"text": plain.summary(found)})
    else:
        output.write(plain.summary(found))
    return 0
