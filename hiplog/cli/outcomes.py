"""``hiplog outcomes``: the owner's eight questions as a calm page of text, or as one JSON object."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.cli.progress import ToldOf, parts
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.outcomes.explanation import Explanation
    from hiplog.outcomes.filters import Filters, Work


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("--from", dest="since", metavar="D", help=_("from this day on"))
    add("--to", dest="until", metavar="D", help=_("up to this day"))
    add("--by", choices=("cause", "therapist", "muscle"), help=_("add the same lines split by this"))
    add("--cause", metavar="CAUSE", help=_("only hips with this cause"))
    add("--therapist", metavar="CODE", help=_("only this therapist"))
    add("--side", metavar="l|r", help=_("only left or right hips"))
    add(
        "--explain",
        metavar="QUESTION:KEY",
        help=_("what stands behind a number, as improvement:started"),
    )
    add("--strict", action="store_true", help=_("a responder needs both points and percent"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Answer the eight questions."""
    from hiplog.cli import outcome_words
    from hiplog.outcomes import dashboard, gather, kept, plain
    from hiplog.outcomes.explain import explain

    with context.book() as book:
        wanted = dashboard.known(book.read(gather.therapists), _filters(args, context, book))
        if args.explain is not None:
            question, _sep, key = args.explain.partition(":")
            return _explain(book.read(explain, question, key, wanted, args.strict), context)
        with parts(_("outcomes")) as told:
            work = _work(told)
            kept.settle(book.read, book.write, work)
            found = book.read(dashboard.counted, wanted, work)
            source = book.read(dashboard.read, work, wanted) if args.by else None
    shown = dashboard.answered(found, wanted, args.strict)
    split = dashboard.split(source, args.by, wanted, args.strict) if source else None
    if context.json:
        output.emit(plain.dashboard(shown, split))
        return 0
    for line in outcome_words.page(shown, split):
        output.write(line)
    return 0


def _explain(told: Explanation, context: Context) -> int:
    from hiplog.cli import outcome_words
    from hiplog.outcomes import plain

    if context.json:
        output.emit(plain.explanation(told))
        return 0
    for line in outcome_words.explanation(told):
        output.write(line)
    return 0


def _work(told: ToldOf | None) -> Work:
    from hiplog.outcomes.filters import Work

    if told is None:
        return Work(0)
    return Work(0, lambda done, total, what: told(what, done, total))


def _filters(args: argparse.Namespace, context: Context, book: Logbook) -> Filters:
    from hiplog.outcomes.filters import Filters, checked

    today, order = context.today(book.clinic.zone), context.settings.date_order
    since = dates.read_day(args.since, today, order, what="--from") if args.since else None
    until = dates.read_day(args.until, today, order, what="--to") if args.until else None
    return checked(Filters(since, until, args.cause, args.therapist, args.side))
