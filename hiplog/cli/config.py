"""``hiplog config show``: the settings of this run and where they come from."""

from __future__ import annotations

import argparse

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.locate import without_password
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.errors import HiplogError

HELP = """\
The configuration is a TOML file; every key may be left out:
  database = "/path/or/postgresql-url"
  backups = "/folder"
  second_backups = "/another/disk"    (each automatic backup goes there as well)
  seal_keys = "/folder"   (the seal keys of plain logbooks and of servers, apart from the database)
  as = "DN001"
  date_order = "ymd"      (or "dmy", "mdy")
Flags come before HIPLOG_DB and HIPLOG_AS, those before the file, the file before the default."""


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    actions(parser)("show", "show the settings of this run", _show)


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _encrypted(context: Context) -> str:
    from hiplog.logbook import vault

    try:
        return "yes" if vault.is_encrypted(context.settings) else "NO, a plain file"
    except HiplogError as error:
        return str(error)


def _show(args: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    values = {
        "database": without_password(settings.database),
        "config": str(settings.config),
        "backups": str(settings.backups),
        "log": str(settings.log),
        "seal_keys": str(settings.seals),
        "as": settings.actor,
        "date_order": settings.date_order,
    }
    if settings.second is not None:
        values["second_backups"] = str(settings.second)
    if settings.is_file and settings.path.exists():
        values["encrypted"] = _encrypted(context)
    if context.json:
        output.emit({**values, "config_exists": settings.config.is_file()})
        return 0
    output.table(
        ("setting", "value"), [(name, value or "(first practitioner)") for name, value in values.items()]
    )
    output.say(f"\n{HELP}")
    return 0
