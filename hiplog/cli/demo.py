"""``hiplog demo``: an invented clinic to look around in, or written to a file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hiplog import settings as places
from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.cli.progress import steps
from hiplog.language import _
from hiplog.settings import Settings

PATIENTS = 40


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--patients",
        type=int,
        default=PATIENTS,
        metavar="N",
        help=_("how many (default {patients})").format(patients=PATIENTS),
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help=_("the same seed makes the same clinic")
    )
    parser.add_argument("--out", metavar="FILE", help=_("write it to this file instead of opening it"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Make the clinic; without ``--out`` open it on the terminal and throw it away afterwards."""
    if args.out is not None:
        made = replace(context.settings, database=args.out)
        _make(made, args, context)
        if context.json:
            output.emit({"database": args.out, "patients": args.patients, "seed": args.seed})
        else:
            output.write(args.out)
            output.say(_("open it with: hiplog --db {out}").format(out=args.out))
        return 0
    if not (output.is_terminal() and output.talks_to_terminal()):
        raise UsageError(_("there is no terminal to open it on; write it to a file with --out FILE"))
    with TemporaryDirectory(prefix="hiplog-demo-") as folder:
        settings = places.load(at=folder, environ={})
        _make(settings, args, context)
        from hiplog.cli import screen

        return screen.show(settings, context)


def _make(settings: Settings, args: argparse.Namespace, context: Context) -> None:
    from hiplog.exchange import demo

    if settings.is_file and Path(settings.database).exists():
        raise UsageError(
            _("{database}: exists already; nothing was written over it").format(database=settings.database)
        )
    with steps(_("invented clinic")) as told:
        book = demo.make(settings, patients=args.patients, seed=args.seed, now=context.clock(), progress=told)
    book.close()
