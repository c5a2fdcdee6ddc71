"""``hiplog serve``: the logbook in the browser of this machine, or behind the clinic's own proxy."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import BadInput, NotFound, Unreachable
from hiplog.language import _
from hiplog.settings import Settings

PORT, MOST = 8000, 4


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--port", type=int, default=PORT, help=_("port on this machine (default {port})").format(port=PORT)
    )
    parser.add_argument(
        "--behind-proxy",
        metavar="ORIGIN",
        help=_("the address people type, as https://logbook.example; the proxy adds TLS, keeps Host"),
    )
    parser.add_argument(
        "--most", type=int, default=MOST, help=_("tabs open at once (default {most})").format(most=MOST)
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Serve until it is stopped; only this machine can connect."""
    try:
        from hiplog.cli import gate
    except ModuleNotFoundError:
        raise Unreachable(_("the browser needs textual-serve: install hiplog with the extra 'web'")) from None
    if not 1 <= args.port <= 65_535 or not 1 <= args.most <= 50:
        raise BadInput(_("--port lies between 1 and 65535, --most between 1 and 50"))
    settings = context.settings
    if settings.is_file and not settings.path.exists():
        raise NotFound(_("{path}: no logbook here; make one with: hiplog init").format(path=settings.path))
    _free(args.port)
    door = gate.Gate.at(args.port, args.behind_proxy, args.most)
    gate.run([sys.executable, "-m", "hiplog", *_globals(args, settings)], door, args.port, output.say)
    return 0


def _globals(args: argparse.Namespace, settings: Settings) -> list[str]:
    """The same options for the process of a tab, which runs in a folder of its own."""
    database = str(settings.path.absolute()) if settings.is_file else settings.database
    named = {"--db": database, "--as": args.actor}
    paths = {"--at": args.at, "--passphrase-file": args.passphrase_file}
    named |= {flag: str(Path(path).absolute()) for flag, path in paths.items() if path is not None}
    return [word for flag, value in named.items() if value is not None for word in (flag, str(value))]


def _free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise Unreachable(
            _("port {port} cannot be used here ({strerror}); name another").format(
                port=port, strerror=error.strerror
            )
        ) from None
