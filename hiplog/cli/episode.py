"""``hiplog episode``: open, close and list the hips that are treated, with their causes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, cast

from hiplog.cli import codes, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.causes import CAUSES, INDICATIONS, SYMPTOMS
from hiplog.clinical.record import SIDE_WORDS, Episode, EpisodeDraft, Side
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    new = add("add", _("open an episode: one hip with its cause"), _add)
    new.add_argument("code", help=_("chart code"))
    new.add_argument("--side", required=True, metavar="l|r", help=_("left or right hip"))
    new.add_argument(
        "--cause",
        required=True,
        help=_("one of {codes}").format(codes=", ".join(c.code.lower() for c in CAUSES.active())),
    )
    symptoms = ", ".join(s.code.lower() for s in SYMPTOMS.active())
    new.add_argument(
        "--symptom",
        action="append",
        default=[],
        metavar="S",
        help=_("any of {symptoms}").format(symptoms=symptoms),
    )
    new.add_argument("--indication", metavar="I", help=_("clinical indication, when a diagnosis was made"))
    new.add_argument("--onset", metavar="DATE", help=_("when it began"))
    closed = add("close", _("close an episode"), _close)
    closed.add_argument("code", help=_("chart code"))
    closed.add_argument("--episode", type=int, metavar="N", help=_("which one (else the only open one)"))
    closed.add_argument("--reason", required=True, metavar="TEXT", help=_("why: discharged, moved away …"))
    add("list", _("list a patient's episodes"), _list).add_argument("code", help=_("chart code"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _add(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        today, order = context.today(book.clinic.zone), context.settings.date_order
        draft = EpisodeDraft(
            side=cast("Side", codes.side(args.side)),
            cause=codes.choose("--cause", args.cause, CAUSES).code,
            symptoms=tuple(codes.choose("--symptom", one, SYMPTOMS).code for one in args.symptom),
            indication=codes.choose("--indication", args.indication, INDICATIONS).code
            if args.indication
            else None,
            onset=dates.past_day(args.onset, today, order, what="--onset") if args.onset else None,
        )
        made = book.write(_open, args.code, draft)
    return _answer(made, context, _("opened: episode {episode}"))


def _open(unit: Unit, code: str, draft: EpisodeDraft) -> Episode:
    from hiplog.logbook import episodes

    return episodes.open_(unit, people.patient(unit, code).id, draft)


def _close(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        made = book.write(_end, args.code, args.episode, args.reason)
    return _answer(made, context, _("closed: episode {episode}"))


def _end(unit: Unit, code: str, number: int | None, reason: str) -> Episode:
    from hiplog.logbook import episodes

    who = people.patient(unit, code)
    chosen = people.open_episode(unit, who) if number is None else people.episode(unit, who, number)
    return episodes.close(unit, chosen.id, reason)


def _answer(made: Episode, context: Context, done: str) -> int:
    if context.json:
        output.emit({"episode": views.episode(made)})
    else:
        output.write(done.format(episode=words(made)))
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    with context.book() as book:
        kept = book.read(_of, args.code)
    if context.json:
        output.emit({"episodes": [views.episode(one) for one in kept]})
        return 0
    for one in kept:
        output.write(words(one))
    if not kept:
        output.say(_("no episodes yet"))
    return 0


def _of(unit: Unit, code: str) -> tuple[Episode, ...]:
    from hiplog.logbook import episodes

    return episodes.of(unit, people.patient(unit, code).id)


def words(one: Episode) -> str:
    """Say an episode in one line."""
    line = _("{number}: {side} hip, {cause} ({icd10})").format(
        number=one.number,
        side=SIDE_WORDS[one.side],
        cause=CAUSES[one.cause].name,
        icd10=" ".join(one.icd10),
    )
    if one.onset:
        line = ", ".join((line, _("since {day}").format(day=dates.words(one.onset))))
    parts = [line]
    if one.symptoms:
        parts.append(", ".join(SYMPTOMS[s].name for s in one.symptoms))
    if one.closed_on:
        parts.append(_("closed {day}: {reason}").format(day=one.closed_on, reason=one.close_reason))
    return "; ".join(parts)
