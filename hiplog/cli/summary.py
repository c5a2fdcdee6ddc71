"""``hiplog summary``: one visit as an HTML file, to print or to hand over."""

from __future__ import annotations

import argparse
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("code", help="chart code")
    add("session", type=int, metavar="SESSION", help="the number of the visit")
    add("--html", metavar="FILE", required=True, help="the page to write")
    add("--named", action="store_true", help="with the patient's name, not the chart code alone")


def run(args: argparse.Namespace, context: Context) -> int:
    """Write the page and say where it lies."""
    from hiplog.exchange.pages import gather, save, visit

    path = Path(args.html)
    save.check(path)
    with context.book() as book:
        found = gather.visit(book, args.code, args.session, named=args.named)
    save.save(path, visit.html(found))
    if context.json:
        output.emit({"file": str(path), "session": found.session.number, "status": found.session.status})
        return 0
    output.write(str(path))
    output.say("with health data: keep it as safe as the logbook")
    return 0
