"""``hiplog report``: the owner's eight questions as one HTML file, to read or to print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.cli.progress import parts
from hiplog.language import _, counted
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.outcomes.filters import Filters


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("file", metavar="FILE.html", help=_("the page to write; an older page of hiplog there is replaced"))
    add("--from", dest="since", metavar="DATE", help=_("from this day on"))
    add("--to", dest="until", metavar="DATE", help=_("up to this day"))
    add("--cause", metavar="CAUSE", help=_("one cause only"))
    add("--therapist", metavar="CODE", help=_("one therapist only"))
    add("--side", metavar="l|r", help=_("one side only"))
    add("--strict", action="store_true", help=_("a responder needs both forms of the rule, not either"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Write the page and say where it lies."""
    from hiplog.exchange.pages import report, save
    from hiplog.outcomes import dashboard, kept

    path = Path(args.file)
    save.check(path)
    with context.book() as book:
        wanted = _filters(args, context, book)
        with parts(_("report")) as told:
            progress = None if told is None else lambda done, total, what: told(what, done, total)
            kept.settle(book.read, book.write)
            found = book.read(dashboard.of, wanted, args.strict, progress)
        page = report.html(found, book.clinic.name, book.clinic.zone, context.clock())
    save.save(path, page)
    if context.json:
        seen = {"patients": found.patients, "episodes": found.episodes, "sessions": found.sessions}
        output.emit({"file": str(path), "period": found.filters.words} | seen)
        return 0
    output.write(str(path))
    output.say(
        ", ".join(
            (
                counted(found.patients, "{count} patient", "{count} patients"),
                counted(found.episodes, "{count} hip", "{count} hips"),
                counted(found.sessions, "{count} session", "{count} sessions"),
            )
        )
    )
    output.say(_("with chart codes: keep it as safe as the logbook"))
    return 0


def _filters(args: argparse.Namespace, context: Context, book: Logbook) -> Filters:
    from hiplog.outcomes.filters import Filters, checked

    today, order = context.today(book.clinic.zone), context.settings.date_order
    since = dates.read_day(args.since, today, order, what="--from") if args.since else None
    until = dates.read_day(args.until, today, order, what="--to") if args.until else None
    return checked(Filters(since, until, args.cause, args.therapist, args.side))
