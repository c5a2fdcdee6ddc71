"""The table of verbs: name, module, one line of help. Reading it imports none of them."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from hiplog.cli.parser import GLOBALS, Parser, UsageError

if TYPE_CHECKING:
    from hiplog.cli.context import Context


class Module(Protocol):
    """What the module of a verb offers."""

    def add_arguments(self, parser: Parser) -> None:
        """Declare the arguments of the verb."""

    def run(self, args: argparse.Namespace, context: Context) -> int:
        """Do it and return the exit code."""


class Verb(NamedTuple):
    """One verb; ``module`` lies in this package."""

    name: str
    module: str
    help: str

    def load(self) -> Module:
        """Import the verb's module."""
        return cast("Module", import_module(f"hiplog.cli.{self.module}"))


VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("init", "init", "make a new logbook with its first practitioner"),
        Verb("demo", "demo", "look around in an invented clinic, or write one to a file"),
        Verb("patient", "patient", "add, list, show, find or edit patients"),
        Verb("episode", "episode", "open, close or list the episodes of a patient"),
        Verb("precaution", "precaution", "note, end or list standing precautions"),
        Verb("log", "log", "log a session from one line"),
        Verb("follow-up", "follow_up", "record what came of a session afterwards"),
        Verb("amend", "amend", "correct a signed session, keeping what it said"),
        Verb("request", "request", "a patient asks for an amendment: take it down, answer it, list"),
        Verb("protocol", "protocol", "the clinic's own needle plans on the keys 1 to 9"),
        Verb("undo", "undo", "take back the last step of a draft"),
        Verb("void", "void", "declare a signed session void, with the reason"),
        Verb("cosign", "cosign", "put a second signature under what a colleague has signed"),
        Verb("trend", "trend", "how a measure went from visit to visit"),
        Verb("aftercare", "aftercare", "the aftercare sheet of a patient"),
        Verb("outcomes", "outcomes", "the owner's eight questions, each with n and interval"),
        Verb("summary", "summary", "one visit as a page to print"),
        Verb("report", "report", "the outcomes as a page to read or print"),
        Verb("export", "export", "write the audit bundle"),
        Verb("verify", "verify", "check an audit bundle"),
        Verb("import", "intake", "read a bundle or foreign CSV into the logbook"),
        Verb("audit", "audit", "check or show the audit trail, or print its heads"),
        Verb("backup", "backup", "write a verified copy of the logbook"),
        Verb("restore", "restore", "bring a backup back; the present file is kept beside it"),
        Verb("passphrase", "passphrase", "change the passphrase, or set a new one by the recovery code"),
        Verb("encrypt", "encrypt", "encrypt a plain logbook; the old file goes once the new one was read"),
        Verb("decrypt", "decrypt", "make a plain logbook of an encrypted one"),
        Verb("drill", "drill", "restore the newest backup into a scratch place and compare everything"),
        Verb("doctor", "doctor", "check that the logbook and this machine are in order"),
        Verb("database", "database", "the state of the schema, and its upgrade"),
        Verb("serve", "serve", "the logbook in a browser of this machine"),
        Verb("clinic", "clinic", "the clinic's own facts, and the edition of its consent form"),
        Verb("user", "user", "add, change, disable or list users; their passphrases, PINs and roles"),
        Verb("locate", "locate", "print where things are kept"),
        Verb("config", "config", "show the settings of this run, write a file of them, list the keys"),
        Verb("completion", "completion", "print the completion script of a shell"),
    )
}


def find(name: str) -> Verb:
    """Return the verb called ``name``; an unknown one raises with the nearest."""
    if name in VERBS:
        return VERBS[name]
    from difflib import get_close_matches

    near = get_close_matches(name, VERBS, n=2, cutoff=0.5)
    tail = f"; nearest: {', '.join(near)}" if near else ""
    raise UsageError(f"{name[:40]!r} is no verb of hiplog{tail}. All of them: hiplog --help")


def help_text() -> str:
    """Return the text of ``hiplog --help``."""
    width = max(len(name) for name in VERBS) + 2
    verbs = "".join(f"  {verb.name:{width}}{verb.help}\n" for verb in VERBS.values())
    wide = max(len(" ".join(option.spelling)) for option in GLOBALS) + 2
    options = "".join(f"  {' '.join(option.spelling):{wide}}{option.help}\n" for option in GLOBALS)
    return (
        "usage: hiplog [OPTIONS] [VERB …]\n\n"
        "The treatment-session logbook for dry needling of hip and pelvis pain.\n"
        "Without a verb it opens on the terminal; hiplog VERB --help explains one verb.\n\n"
        f"verbs:\n{verbs}\noptions (before or after the verb):\n{options}"
        f"  {'--version':{wide}}print the version and stop\n"
        f"  {'--help':{wide}}print this and stop\n"
    )
