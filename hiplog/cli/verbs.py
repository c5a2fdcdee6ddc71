"""The table of verbs: name, module, one line of help. Reading it imports none of them."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from hiplog.cli.parser import GLOBALS, Parser, UsageError
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.cli.context import Context

HELP = _(
    """\
usage: hiplog [OPTIONS] [VERB …]

The treatment-session logbook for dry needling of hip and pelvis pain.
Without a verb it opens on the terminal; hiplog VERB --help explains one verb.

verbs:
{verbs}
options (before or after the verb):
{options}"""
)


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
        Verb("init", "init", _("make a new logbook with its first practitioner")),
        Verb("demo", "demo", _("look around in an invented clinic, or write one to a file")),
        Verb("patient", "patient", _("add, list, show, find or edit patients")),
        Verb("episode", "episode", _("open, close or list the episodes of a patient")),
        Verb("precaution", "precaution", _("note, end or list standing precautions")),
        Verb("log", "log", _("log a session from one line")),
        Verb("follow-up", "follow_up", _("record what came of a session afterwards")),
        Verb("amend", "amend", _("correct a signed session, keeping what it said")),
        Verb("request", "request", _("a patient asks for an amendment: take it down, answer it, list")),
        Verb("protocol", "protocol", _("the clinic's own needle plans on the keys 1 to 9")),
        Verb("undo", "undo", _("take back the last step of a draft")),
        Verb("void", "void", _("declare a signed session void, with the reason")),
        Verb("cosign", "cosign", _("put a second signature under what a colleague has signed")),
        Verb("trend", "trend", _("how a measure went from visit to visit")),
        Verb("aftercare", "aftercare", _("the aftercare sheet of a patient")),
        Verb("outcomes", "outcomes", _("the owner's eight questions, each with n and interval")),
        Verb("summary", "summary", _("one visit as a page to print")),
        Verb("report", "report", _("the outcomes as a page to read or print")),
        Verb("export", "export", _("write the audit bundle")),
        Verb("verify", "verify", _("check an audit bundle")),
        Verb("import", "intake", _("read a bundle or foreign CSV into the logbook")),
        Verb("audit", "audit", _("check or show the audit trail, or print its heads")),
        Verb("backup", "backup", _("write a verified copy of the logbook")),
        Verb("restore", "restore", _("bring a backup back; the present file is kept beside it")),
        Verb("passphrase", "passphrase", _("change the passphrase, or set a new one by the recovery code")),
        Verb("encrypt", "encrypt", _("encrypt a plain logbook; the old file goes once the new one was read")),
        Verb("decrypt", "decrypt", _("make a plain logbook of an encrypted one")),
        Verb("drill", "drill", _("restore the newest backup into a scratch place and compare everything")),
        Verb("doctor", "doctor", _("check that the logbook and this machine are in order")),
        Verb("database", "database", _("the state of the schema, and its upgrade")),
        Verb("serve", "serve", _("the logbook in a browser of this machine")),
        Verb("clinic", "clinic", _("the clinic's own facts, and the edition of its consent form")),
        Verb("user", "user", _("add, change, disable or list users; their passphrases, PINs and roles")),
        Verb("locate", "locate", _("print where things are kept")),
        Verb("config", "config", _("show the settings of this run, write a file of them, list the keys")),
        Verb("completion", "completion", _("print the completion script of a shell")),
    )
}


def find(name: str) -> Verb:
    """Return the verb called ``name``; an unknown one raises with the nearest."""
    if name in VERBS:
        return VERBS[name]
    from difflib import get_close_matches

    near = ", ".join(get_close_matches(name, VERBS, n=2, cutoff=0.5))
    message = (
        _("{name!r} is no verb of hiplog; nearest: {near}. All of them: hiplog --help")
        if near
        else _("{name!r} is no verb of hiplog. All of them: hiplog --help")
    )
    raise UsageError(message.format(name=name[:40], near=near))


def help_text() -> str:
    """Return the text of ``hiplog --help``."""
    width = max(len(name) for name in VERBS) + 2
    verbs = "".join(f"  {verb.name:{width}}{verb.help}\n" for verb in VERBS.values())
    wide = max(len(" ".join(option.spelling)) for option in GLOBALS) + 2
    rows = [(" ".join(option.spelling), option.help) for option in GLOBALS]
    rows += [("--version", _("print the version and stop")), ("--help", _("print this and stop"))]
    options = "".join(f"  {spelling:{wide}}{about}\n" for spelling, about in rows)
    return HELP.format(verbs=verbs, options=options)
