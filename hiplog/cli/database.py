"""``hiplog database``: how the logbook's schema stands to this program, and its upgrade."""

from __future__ import annotations

import argparse
from typing import Any

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.locate import without_password
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.errors import SchemaBehind

WORDS = {
    "current": "up to date",
    "behind": "older than this program; run: hiplog database upgrade",
    "newer": "newer than this program; it opens for reading only, update hiplog to write",
    "empty": "empty; make a logbook with: hiplog init",
}


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    add("status", "say whether the schema is up to date", _status)
    add("upgrade", "back up, then bring an older schema up to date", _upgrade)


def run(args: argparse.Namespace, context: Context) -> int:
    """Do what the second word says."""
    return int(args.handler(args, context))


def _status(args: argparse.Namespace, context: Context) -> int:
    state = _look(context)
    _answer(state, context)
    return 0 if state["state"] == "current" else SchemaBehind.exit_code


def _upgrade(args: argparse.Namespace, context: Context) -> int:
    before = _look(context)
    if before["state"] == "newer":
        raise SchemaBehind(f"the schema is {WORDS['newer']}")
    with context.book(upgrade=True):
        pass
    _answer(_look(context), context)
    return 0


def _look(context: Context) -> dict[str, Any]:
    from hiplog.storage import engine, schema
    from hiplog.storage.unit import translated

    settings = context.settings
    database = engine.connect(engine.Opening(settings.database, context.key(), read_only=True))
    try:
        with translated(), database.connect() as connection:
            found = schema.revision(connection)
        return {"state": schema.state(database).value, "revision": found, "head": schema.HEAD}
    finally:
        database.dispose()


def _answer(state: dict[str, Any], context: Context) -> None:
    if context.json:
        output.emit({"database": without_password(context.settings.database), **state})
    else:
        output.write(f"schema {state['revision']} (this program: {state['head']}): {WORDS[state['state']]}")
