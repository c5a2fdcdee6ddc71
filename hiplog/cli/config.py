"""``hiplog config``: the settings of this run, a file to begin with, and the keys that can be moved."""

from __future__ import annotations

import argparse
from pathlib import Path

from hiplog import settings as places
from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.locate import without_password
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.errors import HiplogError, Refused
from hiplog.language import _
from hiplog.settings import Settings

EXAMPLE = _(
    """\
# hiplog's configuration. Take the # away from a line to use it; what stays commented keeps its default.
# Flags come before HIPLOG_DB and HIPLOG_AS, those before this file, this file before the default.

# database = "/path/to/hiplog.db"        # or a postgresql:// address
# backups = "/folder"                    # where backups go
# second_backups = "/another/disk"       # each automatic backup goes there as well
# seal_keys = "/folder"                  # the seal keys of plain logbooks and of servers, apart from them
# as = "DN001"                           # who is at work; else the first practitioner
# date_order = "ymd"                     # how you type days: ymd, dmy or mdy

# language = "de"                        # en or de; else HIPLOG_LANGUAGE, else what this machine speaks
# theme = "dark"                         # dark, light, contrast, or terminal for its own colours
# motion = true                          # false: nothing glides or fades

# [keys]                                 # your own keys; hiplog config keys lists every name
# "today.find" = "f"
"""
)


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    add("show", _("show the settings of this run"), _show)
    add("init", _("write a configuration file with every setting in it, commented"), _init)
    add("keys", _("list every key that [keys] can move, by name"), _keys)


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _encrypted(context: Context) -> str:
    from hiplog.logbook import vault

    try:
        return _("yes") if vault.is_encrypted(context.settings) else _("NO, a plain file")
    except HiplogError as error:
        return str(error)


def _values(context: Context) -> dict[str, str | None]:
    settings = context.settings
    values = {
        "database": without_password(settings.database),
        "config": str(settings.config),
        "backups": str(settings.backups),
        "log": str(settings.log),
        "seal_keys": str(settings.seals),
        "as": settings.actor,
        "date_order": settings.date_order,
        "language": settings.language,
        "theme": settings.look.theme,
        "motion": "true" if settings.look.motion else "false",
    }
    if settings.second is not None:
        values["second_backups"] = str(settings.second)
    if settings.is_file and settings.path.exists():
        values["encrypted"] = _encrypted(context)
    return values


def _show(args: argparse.Namespace, context: Context) -> int:
    settings = context.settings
    values, moved = _values(context), dict(settings.look.keys)
    if context.json:
        output.emit({**values, "keys": moved, "config_exists": settings.config.is_file()})
    else:
        lines = [*values.items(), *((f"keys {name}", key) for name, key in moved.items())]
        output.table(
            (_("setting"), _("value")), [(name, value or _("(first practitioner)")) for name, value in lines]
        )
    for sentence in _faults(moved):
        output.say(f"! {sentence}")
    if not settings.config.is_file():
        output.say(
            "\n"
            + _("there is no {path} yet; hiplog config init writes one to begin with").format(
                path=settings.config
            )
        )
    return 0


def _faults(moved: dict[str, str]) -> list[str]:
    if not moved:
        return []
    from hiplog.tui import keys

    return keys.faults(moved)


def _init(args: argparse.Namespace, context: Context) -> int:
    path = context.settings.config
    places.private_folder(path.parent)
    try:
        places.private_file(path)
    except FileExistsError:
        raise Refused(
            _(
                "{path}: there is one already; nothing was written over it. Change it with an "
                "editor, or move it away first"
            ).format(path=path)
        ) from None
    path.write_text(EXAMPLE, encoding="utf-8")
    if context.json:
        output.emit({"config": str(path)})
    else:
        output.write(str(path))
    return 0


def begin(settings: Settings) -> Path:
    """Write a configuration that keeps how days are typed, and every other setting as a comment."""
    places.private_folder(settings.config.parent)
    lines = EXAMPLE.replace('# date_order = "ymd"  ', f'date_order = "{settings.date_order}"    ')
    places.private_file(settings.config).write_text(lines, encoding="utf-8")
    return settings.config


def _keys(args: argparse.Namespace, context: Context) -> int:
    from hiplog.tui import keys

    moved = dict(context.settings.look.keys)
    rows = [(name, moved.get(name, built), about) for name, (built, about) in keys.known().items()]
    if context.json:
        output.emit({"keys": [{"name": name, "keys": key, "about": about} for name, key, about in rows]})
    else:
        output.table((_("name"), _("keys"), _("what it does")), rows)
    return 0
