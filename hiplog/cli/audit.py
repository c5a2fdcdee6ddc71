"""``hiplog audit``: check the audit trail, print its heads, or show its newest entries."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiplog.cli import output, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError, actions
from hiplog.clinical.errors import BadInput, IntegrityFailed
from hiplog.language import _, counted, p_

if TYPE_CHECKING:
    from hiplog.logbook.anchors import Kept
    from hiplog.storage.chain import Finding, Head
    from hiplog.storage.unit import Unit

WHOLE = _("ok: every entry follows the one before it and the record is what they say")
LINKS = _("ok: every entry follows the one before it; what they recorded this login may not read")
NO_KEY = _("no key")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    verify = add("verify", _("check both chains, every row against its last image, and the guards"), _verify)
    verify.add_argument(
        "--head",
        metavar="FILE|WORDS",
        help=_("compare with heads kept outside: a file of them, or eight words"),
    )
    add("head", _("print the ends of the chains as words; keep them outside this machine"), _head)
    keyed = add(
        "key", _("the file of the seal keys: keep a copy apart, or bring it to another machine"), _key
    )
    how = keyed.add_mutually_exclusive_group()
    how.add_argument("--save", metavar="FILE", help=_("write a copy to FILE (mode 0600)"))
    how.add_argument("--bring", metavar="FILE", help=_("add the keys of such a copy to this machine"))
    how.add_argument(
        "--begin-anew",
        action="store_true",
        help=_("a key is lost for good: give it up, with --reason, and seal with a new one (an owner only)"),
    )
    keyed.add_argument("--reason", metavar="TEXT", help=_("why the key is given up; kept in the trail"))
    show = add("show", _("show the newest entries"), _show)
    show.add_argument("--last", type=int, metavar="N", default=30, help=_("how many (default 30)"))
    show.add_argument("--chain", choices=("record", "access"), help=_("one chain only"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _verify(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import anchors, audit

    kept = anchors.of(args.head) if args.head is not None else ()
    with context.book() as book:
        whole = not book.trail_only
        report = book.read(audit.verify if whole else audit.walk)
        report = replace(report, findings=report.findings + book.read(_compared, kept))
    if context.json:
        findings = [
            {"kind": one.kind, "chain": one.chain, "seq": one.seq, "table": one.table, "row": one.row,
             "message": one.message}
            for one in report.findings
        ]  # fmt: skip
        notes = [{"kind": one.kind, "chain": one.chain, "message": one.message} for one in report.notes]
        told = {"ok": report.ok, "whole": whole, "findings": findings, "notes": notes}
        output.emit({**told, **_heads(report.heads)})
    else:
        for one in report.findings:
            output.write(f"! {one.kind}: {one.message}")
        if report.ok:
            output.write(WHOLE if whole else LINKS)
            if kept:
                output.write(
                    counted(
                        len(kept),
                        "ok: {count} head kept outside agrees",
                        "ok: {count} heads kept outside agree",
                    )
                )
        for one in report.notes:
            output.write(_("note: {message}").format(message=one.message))
        _tell(report.heads)
    return 0 if report.ok else IntegrityFailed.exit_code


def _compared(unit: Unit, kept: tuple[Kept, ...]) -> tuple[Finding, ...]:
    from hiplog.logbook import anchors

    return tuple(anchors.compare(unit, kept))


def _head(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import audit

    with context.book() as book:
        heads = book.read(audit.heads)
    if context.json:
        output.emit(_heads(heads))
    else:
        _tell(heads)
    return 0


def _key(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import sealing

    if args.begin_anew:
        return _anew(args, context)
    if args.reason is not None:
        raise UsageError(_("--reason goes with --begin-anew"))
    with context.book() as book:
        about = (book.settings, book.opening)
        place = book.read(lambda unit: sealing.key_file(*about, unit))
        if args.save is not None:
            ring = book.read(lambda unit: sealing.save(*about, unit, Path(args.save)))
        elif args.bring is not None:
            ring = book.read(lambda unit: sealing.bring(*about, unit, Path(args.bring)))
        else:
            ring = book.read(lambda unit: sealing.here(*about, unit))
    names = [one.id for one in ring.keys]
    if context.json:
        output.emit({"file": str(place), "keys": names, "saved": args.save, "brought": args.bring})
        return 0
    output.write(f"{place}: {', '.join(names) or NO_KEY}")
    if args.save is not None:
        output.write(
            _("a copy lies in {save}; keep it apart from the logbook and its backups").format(save=args.save)
        )
    return 0


def _anew(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import seal_anew

    if not args.reason:
        raise UsageError(_("say why the key is given up, with --reason TEXT; it is kept in the trail"))
    with context.book() as book:
        done = seal_anew.begin(book, args.reason)
    if context.json:
        output.emit({"given_up": list(done.given_up), "key": done.key})
        return 0
    output.write(seal_anew.SAID.format(keys=", ".join(done.given_up) or "none", key=done.key))
    return 0


def _show(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import audit

    if args.last < 1:
        raise BadInput(_("--last: say a number from 1"))
    with context.book() as book:
        events = book.read(audit.events, args.last, args.chain)
    if context.json:
        told = [
            {"chain": e.chain, "seq": e.seq, "at": views.when(e.at), "actor": e.actor, "action": e.action,
             "entity": e.entity, "entity_id": e.entity_id, "hash": e.row_hash}
            for e in events
        ]  # fmt: skip
        output.emit({"entries": told})
        return 0
    rows = [(e.chain, e.seq, f"{e.at:%Y-%m-%d %H:%M}", e.actor, e.action, e.row_hash[:12]) for e in events]
    output.table((_("chain"), _("seq"), "UTC", p_("column", "by"), _("action"), _("hash")), rows)
    return 0


def _heads(heads: Sequence[Head]) -> dict[str, Any]:
    """The head of the record chain, and both."""
    from hiplog.storage import words

    told = [
        {"chain": one.chain, "seq": one.seq, "row_hash": one.row_hash, "words": words.spoken(one.row_hash)}
        for one in heads
    ]
    return {"head": next((one for one in told if one["chain"] == "record"), None), "heads": told}


def _tell(heads: Sequence[Head]) -> None:
    from hiplog.storage import words

    for one in heads:
        output.write(f"{one.chain:6}  {one.seq:>8}  {one.row_hash}")
        output.write(f"{'':18}{words.spoken(one.row_hash)}")
