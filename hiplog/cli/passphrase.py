"""``hiplog passphrase``: another passphrase for an encrypted logbook, by the old one or the recovery code."""

from __future__ import annotations

import argparse

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, actions
from hiplog.language import _

NEW = _("file (mode 0600) with the new passphrase")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    changing = add("change", _("set a new passphrase; the old one opens the logbook no more"), _change)
    changing.add_argument("--new-passphrase-file", metavar="FILE", help=NEW)
    recovering = add("recover", _("set a new passphrase, and a new code, by the recovery code"), _recover)
    recovering.add_argument("--recovery-file", metavar="FILE", help=_("file (mode 0600) with the code"))
    recovering.add_argument("--new-passphrase-file", metavar="FILE", help=NEW)
    recovering.add_argument("--new-recovery-file", metavar="FILE", help=_("write the new code there"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _change(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.clinical.errors import Refused
    from hiplog.logbook import vault

    if not vault.is_encrypted(context.settings):
        raise Refused(vault.PLAIN)
    old = context.secret(_("{path}: this logbook is encrypted").format(path=context.settings.path))
    vault.unlock(context.settings, old, context.clock)
    new = asking.new_passphrase(args.new_passphrase_file, "--new-passphrase-file")
    vault.change(context.settings, old, new, context.clock)
    return _done(_("the passphrase is changed; backups made before it open with the old one"), context)


def _recover(args: argparse.Namespace, context: Context) -> int:
    from hiplog.cli import asking
    from hiplog.clinical.errors import Refused
    from hiplog.logbook import vault

    if not vault.is_encrypted(context.settings):
        raise Refused(vault.PLAIN)
    otherwise = _(
        "there is no terminal to ask for the recovery code; name its file with --recovery-file FILE"
    )
    old = asking.secret(args.recovery_file, _("Recovery code: "), otherwise)
    vault.unlock(context.settings, old, context.clock)
    new = asking.new_passphrase(args.new_passphrase_file, "--new-passphrase-file")
    code = asking.new_code(args.new_recovery_file, "--new-recovery-file")
    try:
        vault.recover(context.settings, old, new, code, context.clock)
    except BaseException:
        asking.take_back(args.new_recovery_file)
        raise
    return _done(
        _("a new passphrase and a new recovery code are set; the old code opens nothing now"), context
    )


def _done(sentence: str, context: Context) -> int:
    if context.json:
        output.emit({"database": context.settings.database, "changed": True})
    else:
        output.write(sentence)
    return 0
