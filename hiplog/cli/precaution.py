"""``hiplog precaution``: standing facts that every later screening respects."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import codes, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.errors import NotFound
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import Precaution
from hiplog.language import _, p_
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    new = add("add", _("note a precaution"), _add)
    new.add_argument("code", help=_("chart code"))
    new.add_argument("item", help=_("screening item, as ANTICOAG, THA, OSTEOPOR"))
    new.add_argument("--note", metavar="TEXT", help=_("what exactly"))
    new.add_argument("--cleared-by", metavar="NAME", help=_("surgeon or physician who allowed needling"))
    new.add_argument("--since", metavar="DATE", help=_("since when"))
    ended = add("end", _("say that a precaution no longer stands"), _end)
    ended.add_argument("code", help=_("chart code"))
    ended.add_argument("item", help=_("screening item"))
    add("list", _("list the precautions that stand"), _list).add_argument("code", help=_("chart code"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _add(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        today, order = context.today(book.clinic.zone), context.settings.date_order
        since = dates.past_day(args.since, today, order, what="--since") if args.since else None
        item = codes.choose(_("precaution"), args.item, QUESTIONS).code
        made = book.write(_note, args.code, Precaution(item, args.note, args.cleared_by, since))
    return _answer(made, context, _("noted: {precaution}"))


def _note(unit: Unit, code: str, draft: Precaution) -> Precaution:
    from hiplog.logbook import precautions

    return precautions.add(unit, people.patient(unit, code).id, draft)


def _end(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        made = book.write(_finish, args.code, codes.choose(_("precaution"), args.item, QUESTIONS).code)
    return _answer(made, context, _("ended: {precaution}"))


def _finish(unit: Unit, code: str, item: str) -> Precaution:
    from hiplog.logbook import precautions

    who = people.patient(unit, code)
    standing = precautions.of(unit, who.id)
    found = [one for one in standing if one.item == item]
    if not found:
        named = ", ".join(one.item for one in standing) or p_("precautions", "none")
        raise NotFound(
            _("{code} has no standing precaution {item}; there are: {named}").format(
                code=who.code, item=item, named=named
            )
        )
    for one in found:
        precautions.end(unit, one.id)
    return found[0]


def _list(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        standing = book.read(_of, args.code)
    if context.json:
        output.emit({"precautions": [views.precaution(one) for one in standing]})
        return 0
    for one in standing:
        output.write(words(one))
    if not standing:
        output.say(_("no precautions stand"))
    return 0


def _of(unit: Unit, code: str) -> tuple[Precaution, ...]:
    from hiplog.logbook import precautions

    return precautions.of(unit, people.patient(unit, code).id)


def _answer(made: Precaution, context: Context, done: str) -> int:
    if context.json:
        output.emit({"precaution": views.precaution(made)})
    else:
        output.write(done.format(precaution=words(made)))
    return 0


def words(one: Precaution) -> str:
    """Say a precaution in one line."""
    question = QUESTIONS.get(one.item)
    name = f" ({question.name})" if question else ""
    parts = [f"{one.item}{name}"]
    if one.since:
        parts.append(_("since {day}").format(day=dates.words(one.since)))
    if one.cleared_by:
        parts.append(_("cleared by {name}").format(name=one.cleared_by))
    return ", ".join(parts) + (f": {one.note}" if one.note else "")
