"""``hiplog restore``: put a verified backup in the logbook's place; the file before it is kept beside."""

from __future__ import annotations

import argparse
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.language import _


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", metavar="FILE", help=_("the backup"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Restore and say what lies where."""
    from hiplog.logbook import backups
    from hiplog.storage.engine import look

    source = Path(args.file)
    secret = (
        context.secret(_("{file}: this file is encrypted").format(file=args.file))
        if look(source) == "encrypted"
        else None
    )
    done = backups.restore(context.settings, source, context.clock(), secret)
    if context.json:
        aside = str(done.aside) if done.aside else None
        output.emit(
            {
                "database": str(done.database),
                "restored_from": str(done.source),
                "kept_aside": aside,
                "notes": list(done.notes),
            }
        )
        return 0
    output.write(_("restored: {database} from {source}").format(database=done.database, source=done.source))
    if done.aside is not None:
        output.write(_("the file before it is kept as {aside}").format(aside=done.aside))
    for words in done.notes:
        output.write(words)
    return 0
