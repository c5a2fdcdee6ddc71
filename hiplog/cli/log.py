"""``hiplog log``: a whole session from one line.

The line and every option are read before anything is written. A new session is made unless ``--session``
names a draft to go on with. With ``--sign`` a session that cannot be signed
stays as a draft, every reason told.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hiplog.cli import drafting, output, people, views
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.clinical import code_words
from hiplog.clinical.errors import Refused
from hiplog.clinical.record import Patient, Session
from hiplog.clinical.screening import Finding
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.storage.unit import Unit

EXAMPLE = _(
    """\
the line, sites parted by ; and the order within a site free:
  gmed r 2 30x50 fifo t3      muscle, side, zone, needle, technique, twitches
  piri r 30x75 static ret10 t-   retention in minutes, twitch sought and none
  tfl r =                     needle and technique as at the site before
  p6>3 ir24>31 n2/2           pain, range of motion before > after, needles in / out
  .                           the plan of last time"""
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the command: the session, what screening says, why it is not signed."""

    session: Session
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...] = ()


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLE
    add = parser.add_argument
    add("code", help=_("chart code"))
    add("line", help=_("the session in one line ('' to go on with a draft)"))
    add(
        "--on",
        metavar="DATE[THH:MM]",
        help=_("when it took place (else now); a past day without a time is noon"),
    )
    add("--episode", type=int, metavar="N", help=_("which episode (else the one the sites' side fits)"))
    add("--session", type=int, metavar="N", help=_("go on with this draft instead of a new session"))
    add("--protocol", type=int, metavar="1-9", help=_("lay this protocol's plan first, as needled"))
    add(
        "--screen",
        action="append",
        default=[],
        metavar="clear|ITEM=yes[:REASON]",
        help=_("answers to the screening"),
    )
    add("--consent", choices=("yes", "withdrawn"), help=_("consent at this session"))
    add(
        "--reaction",
        action="append",
        default=[],
        metavar="none|KIND[:SEVERITY]",
        help=_("reactions asked about"),
    )
    add(
        "--since-last",
        action="append",
        default=[],
        metavar="none|KIND[:SEVERITY]",
        help=_("reactions since last time"),
    )
    add("--asked", choices=("checklist", "open"), help=_("how reactions were asked"))
    add("--device", metavar="TEXT", help=_("what motion was measured with, as goniometer"))
    add("--note", metavar="TEXT", help=_("a note"))
    add("--plan", metavar="TEXT", help=_("the plan for next time"))
    add("--advice", action="append", default=[], metavar="CODE", help=_("aftercare advice given, or all"))
    add(
        "--co-treatment", action="append", default=[], metavar="KIND", help=_("what was done beside needling")
    )
    add("--mismatch", metavar="REASON", help=_("why the needle counts differ, once it is settled"))
    add("--sign", action="store_true", help=_("sign it"))
    add("--dry-run", action="store_true", help=_("say what was understood and write nothing"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Log the session and answer with it."""
    if args.dry_run and args.sign:
        raise UsageError(_("--dry-run writes nothing, so there is nothing to sign; leave one of them out"))
    with context.book(signs=args.sign) as book:
        people.warn_of_licence(book, context)
        at = _moment(args.on, context, book)
        who, draft, said = book.read(drafting.compose, args, at)
        output.say(f"{who.code}, {dates.moment_words(draft.occurred_at, book.clinic.zone)}")
        for sentence in said:
            output.say(f"  {sentence}")
        if args.dry_run:
            done = book.read(_imagine, draft)
        else:
            done = _save(book, draft, going_on=args.session is not None, signed=args.sign)
    return _answer(done, who, args, context)


def _moment(text: str | None, context: Context, book: Logbook) -> datetime | None:
    if text is None:
        return None
    now, zone = context.clock(), book.clinic.zone
    moment = dates.read_moment(text, now, zone, context.settings.date_order, what="--on")
    return dates.not_after(moment, now, zone, what="--on")


def _imagine(unit: Unit, draft: Session) -> Outcome:
    from hiplog.logbook import sessions

    return Outcome(draft, sessions.findings(unit, draft), sessions.objections(unit, draft))


def _save(book: Logbook, draft: Session, *, going_on: bool, signed: bool) -> Outcome:
    """Write the session in one action; when it cannot be signed, as a draft with the reasons."""
    keep = _go_on if going_on else _enter
    if not signed:
        return book.write(keep, draft, False)
    try:
        return book.write(keep, draft, True)
    except Refused as error:
        if not error.reasons:
            raise
        return replace(book.write(keep, draft, False), reasons=error.reasons)


def _enter(unit: Unit, draft: Session, signed: bool) -> Outcome:
    from hiplog.logbook import sessions

    return _outcome(unit, sessions.get(unit, sessions.enter(unit, draft, signed=signed)))


def _go_on(unit: Unit, draft: Session, signed: bool) -> Outcome:
    from hiplog.logbook import sessions

    kept = sessions.save(unit, draft, draft.version)
    return _outcome(unit, sessions.sign(unit, kept.id) if signed else kept)


def _outcome(unit: Unit, kept: Session) -> Outcome:
    from hiplog.logbook import sessions

    return Outcome(kept, sessions.findings(unit, kept))


def _answer(done: Outcome, who: Patient, args: argparse.Namespace, context: Context) -> int:
    refused = bool(done.reasons) and args.sign
    if context.json:
        body = views.session(done.session, done.findings)
        if args.dry_run:
            body |= {"session": None, "dry_run": True}
        output.emit(body | {"reasons": list(done.reasons)})
    else:
        _tell(done, who, args)
    if refused:
        output.say(
            _("hiplog: session {number} cannot be signed yet; it is kept as a draft").format(
                number=done.session.number
            )
        )
        for reason in done.reasons:
            output.say(f"  - {reason}")
    return Refused.exit_code if refused else 0


def _tell(done: Outcome, who: Patient, args: argparse.Namespace) -> None:
    for one in done.findings:
        mark = _("allowed") if one.overridden else code_words.said(one.action)
        output.write(f"! {mark}: {one.reason}")
    if args.dry_run:
        output.write(_("nothing was written (--dry-run)"))
        for reason in done.reasons:
            output.say("  " + _("not ready to sign: {reason}").format(reason=reason))
        return
    output.write(
        _("{code} session {number}: {status}").format(
            code=who.code, number=done.session.number, status=code_words.said(done.session.status)
        )
    )
    if done.session.status == "draft" and not args.sign:
        output.say(
            _("sign it with: hiplog log {code} '' --session {number} --sign").format(
                code=who.code, number=done.session.number
            )
        )
