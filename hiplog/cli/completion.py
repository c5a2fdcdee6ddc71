"""``hiplog completion``: the completion script of a shell, made from the same tree that reads the words."""

from __future__ import annotations

import argparse
import sys

from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, add_globals
from hiplog.language import _

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("shell", choices=SHELLS, help=_("which shell"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the script."""
    import shtab

    sys.stdout.write(shtab.complete(tree(), args.shell))
    return 0


def tree() -> Parser:
    """Return the whole command line as one parser; the only place that imports every verb."""
    from hiplog.cli.verbs import VERBS

    root = Parser(prog="hiplog", description="The treatment-session logbook for dry needling.")
    add_globals(root)
    root.add_argument("--version", action="store_true", help="print the version and stop")
    known = root.add_subparsers(dest="verb", parser_class=Parser)
    for verb in VERBS.values():
        parser: Parser = known.add_parser(verb.name, help=verb.help, description=verb.help)
        add_globals(parser)
        verb.load().add_arguments(parser)
    return root
