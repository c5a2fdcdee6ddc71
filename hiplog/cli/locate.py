"""``hiplog locate``: print one place, for scripts and for finding things."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.language import _

PLACES = ("config", "database", "backups", "log", "anchors", "seals", "samples")
_PASSWORD = re.compile(r"(://[^:/@]*):[^@/]*@")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("place", choices=PLACES, help=_("what to find"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the place, whether or not something is there yet."""
    found = place(args.place, context)
    if context.json:
        output.emit(
            {"place": args.place, "path": found, "exists": "://" not in found and Path(found).exists()}
        )
    else:
        output.write(found)
    return 0


def place(name: str, context: Context) -> str:
    """Return where ``name`` lies."""
    settings = context.settings
    if name == "database":
        return without_password(settings.database)
    if name == "samples":
        return str(Path(__file__).resolve().parent.parent / "exchange" / "samples")
    places = {"config": settings.config, "backups": settings.backups, "log": settings.log}
    return str((places | {"anchors": settings.anchors, "seals": settings.seals})[name])


def without_password(database: str) -> str:
    """Return a database's path or URL with the password starred out."""
    return _PASSWORD.sub(r"\1:***@", database)
