"""``hiplog protocol``: the clinic's own needle plans on the keys 1 to 9, saved from any session."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import codes, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError, actions
from hiplog.clinical.errors import Refused
from hiplog.clinical.record import SIDE_WORDS, Side
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.logbook.protocols import Protocol
    from hiplog.storage.unit import Unit

NONE = _("no protocol yet; keep one with: hiplog protocol save 1 NAME --of CODE")
ONE_SOURCE = _("say where the plan comes from: --of CODE, or --line LINE --side l|r")
TAKEN = _("{slot} holds {name!r}; say --replace to put the new plan in its place, or take another key")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    add("list", _("what lies on the keys 1 to 9"), _list)
    _on_key(add("show", _("one protocol with every site of its plan"), _show))
    kept = _on_key(add("save", _("keep a plan: never its results"), _save))
    kept.add_argument("name", help=_("what the clinic calls it"))
    kept.add_argument("--of", metavar="CODE", help=_("the plan of this patient's session"))
    kept.add_argument(
        "--session", type=int, metavar="N", help=_("which session (else the newest with sites)")
    )
    kept.add_argument("--line", metavar="LINE", help=_("the plan as a quick-entry line"))
    kept.add_argument("--side", metavar="l|r", help=_("the hip the line is written for"))
    kept.add_argument(
        "--replace", action="store_true", help=_("put it in the place of the one that lies there")
    )
    named = _on_key(add("rename", _("give it another name; the plan stays"), _rename))
    named.add_argument("name", help=_("the new name"))
    _on_key(add("remove", _("take it off its key; it stays in the audit trail"), _remove))


def _on_key(parser: Parser) -> Parser:
    parser.add_argument("slot", type=int, metavar="KEY", help=_("1 to 9"))
    return parser


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _list(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import protocols

    with context.book() as book:
        kept = book.read(protocols.everyone)
    if context.json:
        output.emit({"protocols": [views.protocol(one) for one in kept]})
        return 0
    for one in kept:
        output.write(words(one))
    if not kept:
        output.say(NONE)
    return 0


def _show(args: argparse.Namespace, context: Context) -> int:
    from hiplog.clinical.shorthand import Line, echo
    from hiplog.logbook import protocols

    with context.book() as book:
        kept = book.read(protocols.get, args.slot)
    rows = kept.rows(kept.side)
    if context.json:
        sites = [views.insertion(row) for row in rows]
        output.emit({"protocol": views.protocol(kept) | {"insertions": sites}})
        return 0
    output.write(words(kept))
    for sentence in echo(Line(insertions=rows)):
        output.write(f"  {sentence}")
    return 0


def _save(args: argparse.Namespace, context: Context) -> int:
    if (args.of is None) == (args.line is None):
        raise UsageError(ONE_SOURCE)
    if args.line is not None and args.side is None:
        raise UsageError(ONE_SOURCE)
    with context.book() as book:
        return _answer(book.write(_kept, args), _("kept: {protocol}"), context)


def _kept(unit: Unit, args: argparse.Namespace) -> Protocol:
    from hiplog.clinical import shorthand
    from hiplog.logbook import protocols

    there = next((one for one in protocols.everyone(unit) if one.slot == args.slot), None)
    if there is not None and not args.replace:
        raise Refused(TAKEN.format(slot=args.slot, name=there.name))
    if args.of is not None:
        return protocols.save(unit, args.slot, args.name, _session(unit, args))
    side: Side = "L" if codes.side(args.side) == "L" else "R"
    line = shorthand.parse(args.line)
    return protocols.write(unit, args.slot, args.name, side, line.insertions)


def _session(unit: Unit, args: argparse.Namespace) -> str:
    from hiplog.logbook import sessions

    who = people.patient(unit, args.of)
    if args.session is not None:
        return people.session(unit, who, args.session).id
    planned = [one for one in sessions.of(unit, who.id) if one.insertions and one.status != "voided"]
    if not planned:
        raise Refused(
            _("{code} has no session with needle sites to make a protocol of").format(code=who.code)
        )
    return planned[-1].id


def _rename(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import protocols

    with context.book() as book:
        return _answer(book.write(protocols.rename, args.slot, args.name), _("renamed: {protocol}"), context)


def _remove(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import protocols

    with context.book() as book:
        return _answer(book.write(protocols.remove, args.slot), _("removed: {protocol}"), context)


def _answer(kept: Protocol, done: str, context: Context) -> int:
    if context.json:
        output.emit({"protocol": views.protocol(kept)})
    else:
        output.write(done.format(protocol=words(kept)))
    return 0


def words(one: Protocol) -> str:
    """Say a protocol in one line: ``3  Lateral hip (right): gmed r 2 30x50 fifo``."""
    return f"{one.slot}  {one.name} ({SIDE_WORDS[one.side]}): {one.line}"
