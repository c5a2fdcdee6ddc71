"""``hiplog encrypt``: a plain logbook becomes an encrypted one, proven before the old file goes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import Refused

if TYPE_CHECKING:
    from hiplog.logbook.conversion import Converted


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--recovery-file", metavar="FILE", help="write the recovery code there instead of showing it"
    )
    keep_argument(parser)


def keep_argument(parser: Parser) -> None:
    """Let the old file stay."""
    parser.add_argument("--keep", action="store_true", help="keep the old file beside the new one")


def run(args: argparse.Namespace, context: Context) -> int:
    """Ask for a passphrase, convert, and name what still lies about in plain."""
    from hiplog.cli import asking
    from hiplog.logbook import conversion, vault

    if vault.is_encrypted(context.settings):
        raise Refused(f"{context.settings.path}: this logbook is encrypted already")
    passphrase = asking.new_passphrase(context.passphrase_file, "--passphrase-file")
    code = asking.new_code(args.recovery_file, "--recovery-file")
    try:
        done = conversion.encrypt(context.settings, passphrase, code, context.clock, keep=args.keep)
    except Exception:
        if not vault.is_encrypted(context.settings):
            asking.take_back(args.recovery_file)
        raise
    answer(done, context, encrypted=True)
    return 0


def answer(done: Converted, context: Context, *, encrypted: bool) -> None:
    """Say what lies where."""
    kept, plain = str(done.kept) if done.kept else None, [str(one) for one in done.plain]
    if context.json:
        told = {"database": str(done.database), "encrypted": encrypted, "kept_aside": kept}
        output.emit({**told, "plain_files_left": plain})
        return
    output.write(
        f"{done.database}: {'encrypted' if encrypted else 'plain, NOT encrypted'}; every row verified"
    )
    if kept is not None:
        output.write(f"the file before it is kept as {kept}")
    for one in plain:
        output.say(f"! not encrypted: {one}; remove it when you no longer need it")
