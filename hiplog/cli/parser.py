"""Reading the words of a command: no abbreviations, and global options before or after the verb."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from hiplog.clinical.errors import BadInput
from hiplog.language import _, later

_DAYS_AGO = re.compile(r"-\d{1,5}d(T.*)?")
# What argparse itself says; it looks them up by its own ``_`` and ``ngettext``.
_ITS_WORDS = (
    later("usage: "),
    later("positional arguments"),
    later("options"),
    later("show this help message and exit"),
    later("argument %(argument_name)s: %(message)s"),
    later("unknown parser %(parser_name)r (choices: %(choices)s)"),
    later("unrecognized arguments: %s"),
    later("not allowed with argument %s"),
    later("ignored explicit argument %r"),
    later("the following arguments are required: %s"),
    later("one of the arguments %s is required"),
    later("expected one argument"),
    later("expected %s argument"),
    later("expected %s arguments"),
    later("expected at most one argument"),
    later("expected at least one argument"),
    later("invalid %(type)s value: %(value)r"),
    later("invalid choice: %(value)r (choose from %(choices)s)"),
)
vars(argparse)["_"] = _
vars(argparse)["ngettext"] = lambda one, many, count: _(one if count == 1 else many)


class UsageError(BadInput):
    """The words of the command do not fit; ``usage`` is the line that shows how they would."""

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of leaving, and that takes no shortened option."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(message, self.format_usage().strip())


class Option(NamedTuple):
    """A global option; ``metavar`` is ``None`` for a switch."""

    flag: str
    metavar: str | None
    help: str
    dest: str

    @property
    def spelling(self) -> tuple[str, ...]:
        """The flag and what follows it."""
        return (self.flag,) if self.metavar is None else (self.flag, self.metavar)


GLOBALS = (
    Option("--db", "PATH|URL", _("the logbook (else HIPLOG_DB, the configuration, the default place)"), "db"),
    Option("--at", "DIR", _("keep configuration, logbook, backups and log in one folder"), "at"),
    Option("--as", "CODE", _("act as this practitioner"), "actor"),
    Option("--passphrase-file", "FILE", _("file (mode 0600) with the passphrase"), "passphrase_file"),
    Option("--pin-file", "FILE", _("file (mode 0600) with the PIN that signs"), "pin_file"),
    Option("--json", None, _("answer with one JSON object"), "json"),
)


def add_globals(parser: argparse.ArgumentParser) -> None:
    """Let ``parser`` take the global options; what is not given leaves no trace."""
    group = parser.add_argument_group(_("options of every verb"))
    for option in GLOBALS:
        if option.metavar is None:
            group.add_argument(
                option.flag,
                dest=option.dest,
                action="store_true",
                default=argparse.SUPPRESS,
                help=option.help,
            )
        else:
            group.add_argument(
                option.flag,
                dest=option.dest,
                metavar=option.metavar,
                default=argparse.SUPPRESS,
                help=option.help,
            )


def parse_globals(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Read the options that stand before the verb and return them with the words from the verb on."""
    place = _verb_place(words)
    parser = Parser(prog="hiplog", add_help=False, usage=_("hiplog [OPTIONS] [VERB …]"))
    add_globals(parser)
    parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--version", action="store_true")
    start = argparse.Namespace(db=None, at=None, actor=None, json=False, passphrase_file=None, pin_file=None)
    return parser.parse_args(list(words[:place]), start), list(words[place:])


def verb_parser(name: str, about: str) -> Parser:
    """Return the parser of one verb, ready to be given its arguments."""
    parser = Parser(prog=f"hiplog {name}", description=f"{about[0].upper()}{about[1:]}.")
    add_globals(parser)
    return parser


def actions(parser: argparse.ArgumentParser) -> Callable[[str, str, Callable[..., int]], Parser]:
    """Give a verb its second words; the result adds one: name, help, and what it runs."""
    known = parser.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)

    def add(name: str, about: str, handler: Callable[..., int]) -> Parser:
        sub: Parser = known.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        add_globals(sub)
        sub.set_defaults(handler=handler)
        return sub

    return add


def joined(words: Sequence[str]) -> list[str]:
    """Tie a day such as ``-3d`` to the option before it, which would take it for an option of its own."""
    tied: list[str] = []
    for word in words:
        if _DAYS_AGO.fullmatch(word) and tied and tied[-1].startswith("--") and "=" not in tied[-1]:
            tied[-1] = f"{tied[-1]}={word}"
        else:
            tied.append(word)
    return tied


def wanted_json(words: Sequence[str]) -> bool:
    """Whether the answer, an error too, is to be JSON; known before anything is parsed."""
    return "--json" in words


def _verb_place(words: Sequence[str]) -> int:
    valued = {option.flag for option in GLOBALS if option.metavar is not None}
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in valued else 1
    return min(place, len(words))
