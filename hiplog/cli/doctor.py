"""``hiplog doctor``: is the logbook well, and is this machine fit for it?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import HiplogError, IntegrityFailed

if TYPE_CHECKING:
    from hiplog.logbook.health import Check

INTEGRITY = ("pages", "links", "audit")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--full", action="store_true", help="read every page and compare every index")


def run(args: argparse.Namespace, context: Context) -> int:
    """Look at everything and say what is wrong; a logbook that cannot be opened is the first finding."""
    from hiplog.logbook import health

    try:
        with context.book() as book:
            found = list(health.checks(book, args.full))
        code = _code(found)
    except HiplogError as error:
        found, code = [health.Check("opens", False, str(error))], error.exit_code
    ok = all(one.ok for one in found)
    if context.json:
        checks = [{"name": one.name, "ok": one.ok, "message": one.message} for one in found]
        output.emit({"ok": ok, "checks": checks})
    else:
        for one in found:
            output.write(f"{'ok ' if one.ok else '!! '} {one.name}: {one.message}")
    return code


def _code(found: Sequence[Check]) -> int:
    bad = [one.name for one in found if not one.ok]
    if not bad:
        return 0
    return IntegrityFailed.exit_code if set(bad) & set(INTEGRITY) else HiplogError.exit_code
