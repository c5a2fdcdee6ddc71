"""``hiplog init``: found a clinic with its first practitioner, in a new file or an empty database."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.clinical.errors import BadInput
from hiplog.clinical.record import PractitionerDraft
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

DEFAULT_CODE = "DN001"
DEFAULT_CLINIC = _("Clinic")
PLAIN = _("! the file is NOT encrypted; keep it on an encrypted disk, or run: hiplog encrypt")
ENCRYPTED = _("the file is encrypted; its key file (.keys) belongs to it and is part of every backup")
LOCALTIME = Path("/etc/localtime")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--plain", action="store_true", help=_("do not encrypt; whoever gets at the file reads it")
    )
    parser.add_argument(
        "--recovery-file", metavar="FILE", help=_("write the recovery code there instead of showing it")
    )
    founding(parser)


def founding(parser: Parser) -> None:
    """Declare what is said of a new clinic and its first practitioner."""
    parser.add_argument("--clinic", metavar="NAME", default=DEFAULT_CLINIC, help=_("name of the clinic"))
    parser.add_argument(
        "--zone", metavar="ZONE", help=_("IANA time zone, as Europe/Berlin (else the machine's)")
    )
    parser.add_argument(
        "--practitioner", metavar="NAME", help=_("who will sign sessions; the name is printed")
    )
    parser.add_argument(
        "--code",
        default=DEFAULT_CODE,
        help=_("sign-in code (default {code})").format(code=DEFAULT_CODE),
    )
    parser.add_argument("--licence", metavar="NO", help=_("licence number"))
    parser.add_argument("--expires", metavar="DATE", help=_("day the licence lapses"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Make the logbook and say where it lies."""
    _may_be_asked(args, context)
    who, zone = first(args, context)
    book = _made(args, context, who, zone)
    encrypted = book.opening.key is not None
    try:
        if context.json:
            made = {"database": _place(context), "clinic": book.clinic.name, "zone": book.clinic.zone}
            output.emit({**made, "practitioner": book.actor, "encrypted": encrypted})
        else:
            output.write(_("new logbook: {place}").format(place=_place(context)))
            output.say(
                _("{name}, days counted in {zone}; first practitioner {actor}").format(
                    name=book.clinic.name, zone=book.clinic.zone, actor=book.actor
                )
            )
            output.say(ENCRYPTED if encrypted else PLAIN)
    finally:
        book.close()
    return 0


def first(args: argparse.Namespace, context: Context) -> tuple[PractitionerDraft, str]:
    """Return the first practitioner and the clinic's zone, as said, or asked for.

    Every refusal comes here, before anything is made.
    """
    from hiplog.logbook import clinic, texts

    zone = clinic.known_zone(args.zone or machine_zone())
    expires = _expires(args.expires, context)
    who = PractitionerDraft(args.code, _practitioner(args.practitioner), args.licence, expires)
    texts.code(_("practitioner code"), who.code)
    texts.line(_("practitioner name"), who.name)
    texts.line(_("clinic name"), args.clinic)
    return who, zone


def _may_be_asked(args: argparse.Namespace, context: Context) -> None:
    """Refuse before anything is asked when an encrypted file cannot be made."""
    if args.plain:
        return
    if not context.settings.is_file:
        raise UsageError(_("a database server encrypts its own disks; say --plain to make a logbook on one"))
    from hiplog.cli import asking
    from hiplog.logbook.book import room_for

    room_for(context.settings.path)
    if not asking.can_ask() and not (context.passphrase_file and args.recovery_file):
        raise UsageError(
            _(
                "without a terminal an encrypted logbook needs --passphrase-file FILE and "
                "--recovery-file FILE; or say --plain if the disk is encrypted or you accept an "
                "unencrypted file"
            )
        )


def _made(args: argparse.Namespace, context: Context, who: PractitionerDraft, zone: str) -> Logbook:
    from hiplog.cli import asking
    from hiplog.logbook import founding

    settings = context.settings
    wanted = founding.Founding(args.clinic, zone, settings.date_order, who)
    if args.plain:
        return founding.found(settings, wanted, context.clock)
    passphrase = asking.new_passphrase(context.passphrase_file, "--passphrase-file")
    code = asking.new_code(args.recovery_file, "--recovery-file")
    try:
        return founding.found(settings, replace(wanted, passphrase=passphrase, recovery=code), context.clock)
    except BaseException:
        asking.take_back(args.recovery_file)
        raise


def machine_zone() -> str:
    """The time zone this machine is set to; UTC when it cannot be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named and LOCALTIME.is_symlink():
        named = str(LOCALTIME.readlink()).partition("zoneinfo/")[2]
    return named if named in available_timezones() else "UTC"


def _practitioner(name: str | None) -> str:
    if name is not None:
        return name
    if sys.stdin is None or not (sys.stdin.isatty() and output.talks_to_terminal()):
        raise UsageError(_("say who needles: --practitioner NAME"))
    print(_("Name of the practitioner, as it shall be printed: "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _expires(text: str | None, context: Context) -> date | None:
    if text is None:
        return None
    return dates.read_day(text, context.today("UTC"), context.settings.date_order, what="--expires")


def _place(context: Context) -> str:
    from hiplog.cli.locate import without_password

    named = without_password(context.settings.database)
    if not named:
        raise BadInput(_("no place for the logbook is set; name one with --db PATH"))
    return named
