"""``hiplog database``: how the logbook's schema stands to this program, its upgrade, and a server set up."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from hiplog.cli import init, output
from hiplog.cli.context import Context
from hiplog.cli.locate import without_password
from hiplog.cli.parser import Parser, actions
from hiplog.clinical.errors import BadInput, SchemaBehind
from hiplog.language import _

WORDS = {
    "current": _("up to date"),
    "behind": _("older than this program; run: hiplog database upgrade"),
    "newer": _("newer than this program; it opens for reading only, update hiplog to write"),
    "empty": _("empty; make a logbook with: hiplog init"),
}

FOR = {
    "app": _("every chair (HIPLOG_DB or --db):"),
    "audit": _("an auditor; the trail, no patient:"),
    "upgrade": _("database upgrade, import, erasure:"),
}
SERVER = _(
    """The owner of the tables has no login. The chairs' login adds and reads, changes drafts only, and
can neither alter the audit trail nor switch a guard off: the server refuses it.

Over a network, have the server prove itself and encrypt the line; each URL then ends in
  ?sslmode=verify-full&sslrootcert=/path/to/authority.crt
A server certificate of the clinic's own, good for one host name:
  openssl req -new -x509 -days 825 -nodes -subj /CN=HOST -addext subjectAltName=DNS:HOST \\
    -keyout server.key -out server.crt
  (postgresql.conf: ssl = on; pg_hba.conf: hostssl NAME all 0.0.0.0/0 scram-sha-256; sslrootcert=server.crt)

A clinic moves from a file to a server and back as an identified bundle, its audit trail with it:
  hiplog export bundle --identified --reason "move to the server"
  hiplog --db URL-OF-UPGRADES import bundle
"""
)


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = actions(parser)
    add("status", _("say whether the schema is up to date"), _status)
    add("upgrade", _("back up, then bring an older schema up to date"), _upgrade)
    create = add(
        "create", _("set up PostgreSQL for several chairs: a database, its roles, its founder"), _create
    )
    create.formatter_class = argparse.RawDescriptionHelpFormatter
    create.epilog = SERVER
    create.add_argument(
        "url", metavar="URL", help=_("postgresql://ADMIN@HOST/NAME, an administrator's login")
    )
    create.add_argument(
        "--logins", metavar="FILE", required=True, help=_("new private file for the passwords")
    )
    init.founding(create)


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
        raise SchemaBehind(_("the schema is {words}").format(words=WORDS["newer"]))
    with context.book(upgrade=True):
        pass
    _answer(_look(context), context)
    return 0


def _create(args: argparse.Namespace, context: Context) -> int:
    from hiplog.logbook import server

    at = replace(context.settings, database=args.url)
    if at.is_file:
        raise BadInput(
            _("{url!r} is no postgresql:// URL; write postgresql://USER@HOST/DATABASE").format(
                url=args.url[:80]
            )
        )
    first, zone = init.first(args, context)
    made = server.create(at, args.clinic, zone, first, Path(args.logins), context.clock)
    if context.json:
        output.emit({"database": without_password(args.url), "logins": made.logins, "weak": list(made.weak)})
        return 0
    output.write(_("new logbook: {place}").format(place=without_password(args.url)))
    for kind, url in made.logins.items():
        output.write(f"{FOR[kind]:40}{url}")
    output.say(
        _("the passwords stand in {logins} (mode 0600): give each machine only its own line").format(
            logins=args.logins
        )
    )
    for one in made.weak:
        output.say(
            _("! {one}: the server could lose or silently damage what it acknowledged").format(one=one)
        )
    return 0


def _look(context: Context) -> dict[str, Any]:
    from hiplog.storage import engine, postgres, schema
    from hiplog.storage.refusals import translated

    settings = context.settings
    database = engine.connect(engine.Opening(settings.database, context.key(), read_only=True))
    try:
        with translated(), database.connect() as connection:
            found = schema.revision(connection)
            weak = [] if context.settings.is_file else postgres.weaknesses(connection)
        state = {"state": schema.state(database).value, "revision": found, "head": schema.HEAD}
        return state | ({} if context.settings.is_file else {"weak": weak})
    finally:
        database.dispose()


def _answer(state: dict[str, Any], context: Context) -> None:
    if context.json:
        output.emit({"database": without_password(context.settings.database), **state})
    else:
        output.write(
            _("schema {found} (this program: {head}): {words}").format(
                found=state["revision"], head=state["head"], words=WORDS[state["state"]]
            )
        )
        for one in state.get("weak", []):
            output.say(
                _("! {one}: the server could lose or silently damage what it acknowledged").format(one=one)
            )
