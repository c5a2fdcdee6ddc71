"""``hiplog encrypt``: a plain logbook becomes an encrypted one, proven before the old file goes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import Refused
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.logbook.conversion import Converted


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--recovery-file", metavar="FILE", help=_("write the recovery code there instead of showing it")
    )
    keep_argument(parser)


def keep_argument(parser: Parser) -> None:
    """Let the old file stay."""
    parser.add_argument("--keep", action="store_true", help=_("keep the old file beside the new one"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Ask for a passphrase, convert, and name what still lies about in plain."""
    from hiplog.cli import asking
    from hiplog.logbook import conversion, vault

    if vault.is_encrypted(context.settings):
        raise Refused(
            _(
                "{path}: this logbook is encrypted already; another passphrase with: hiplog passphrase change"
            ).format(path=context.settings.path)
        )
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
        (
            _("{path}: encrypted; every row verified")
            if encrypted
            else _("{path}: plain, NOT encrypted; every row verified")
        ).format(path=done.database)
    )
    if kept is not None:
        output.write(_("the file before it is kept as {kept}").format(kept=kept))
    for one in plain:
        output.say(_("! not encrypted: {one}; remove it when you no longer need it").format(one=one))
