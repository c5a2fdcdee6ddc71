"""``hiplog backup``: a verified copy of the logbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.cli.progress import steps
from hiplog.clinical.errors import Unreachable
from hiplog.language import _


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help=_("where to (else the backups folder, named by time)")
    )
    parser.add_argument(
        "--due",
        action="store_true",
        help=_("only when the newest is older than 20 hours, as at the end of the terminal app; for a timer"),
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Write the copy and say where it lies."""
    from hiplog.logbook import anchors, backups
    from hiplog.storage import manifest

    if args.due:
        return _due(args, context)
    with context.book() as book, steps(_("backup")) as told:
        made = backups.make(book, Path(args.file) if args.file else None, told)
        anchors.note(book, "backup")
    if context.json:
        places = {"backup": str(made), "manifest": str(manifest.beside(made))}
        output.emit({**places, "bytes": made.stat().st_size, "verified": True})
    else:
        output.write(str(made))
    return 0


def _due(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import upkeep

    if args.file:
        raise UsageError(_("--due writes into the backups folder; name no file"))
    with context.book() as book:
        done = upkeep.at_exit(book)
    if context.json:
        output.emit({"backup": str(done.made) if done.made else None, "warning": done.warning})
    elif done.made is not None:
        output.write(str(done.made))
    elif done.warning is None:
        output.write(_("no backup is due"))
    if done.warning is not None:
        output.say(f"hiplog: {done.warning}")
    return 0 if done.warning is None else Unreachable.exit_code
