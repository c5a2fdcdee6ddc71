"""``hiplog decrypt``: an encrypted logbook becomes a plain one, proven before the old file goes."""

from __future__ import annotations

import argparse

from hiplog.cli.context import Context
from hiplog.cli.encrypt import answer, keep_argument
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import Refused


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    keep_argument(parser)


def run(args: argparse.Namespace, context: Context) -> int:
    """Convert and say what lies where."""
    from hiplog.logbook import conversion, vault

    if not vault.is_encrypted(context.settings):
        raise Refused("this logbook is a plain file already")
    secret = context.secret(f"{context.settings.path}: this logbook is encrypted")
    done = conversion.decrypt(context.settings, secret, context.clock, keep=args.keep)
    answer(done, context, encrypted=False)
    return 0
