"""``hiplog decrypt``: an encrypted logbook becomes a plain one, proven before the old file goes."""

from __future__ import annotations

import argparse

from hiplog.cli.context import Context
from hiplog.cli.encrypt import answer, keep_argument
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import Refused
from hiplog.language import _


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    keep_argument(parser)


def run(args: argparse.Namespace, context: Context) -> int:
    """Convert and say what lies where."""
    from hiplog.logbook import conversion, vault

    if not vault.is_encrypted(context.settings):
        raise Refused(_("this logbook is a plain file already; encrypt it with: hiplog encrypt"))
    secret = context.secret(_("{path}: this logbook is encrypted").format(path=context.settings.path))
    done = conversion.decrypt(context.settings, secret, context.clock, keep=args.keep)
    answer(done, context, encrypted=False)
    return 0
