"""``hiplog doctor``: is the logbook well, and is this machine fit for it?"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import HiplogError, IntegrityFailed
from hiplog.language import _, p_

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.logbook.health import Check

INTEGRITY = (
    "opens", "pages", "links", "audit", "seals", "rows", "guards", "drafts", "secrets", "heads", "figures",
)  # fmt: skip
NAMED = {
    "opens": _("opens"), "writable": _("writable"), "schema": p_("doctor", "schema"), "sqlite": "sqlite",
    "pages": _("pages"), "indexes": _("indexes"), "links": _("links"), "encryption": _("encryption"),
    "copies": _("copies"), "backups": _("backups"), "space": _("space"), "clock": _("clock"),
    "permissions": _("permissions"), "login": _("login"), "line": p_("doctor", "line"), "audit": _("audit"),
    "seals": _("seals"), "rows": _("rows"), "guards": _("guards"), "drafts": _("drafts"),
    "secrets": _("secrets"), "heads": _("heads"), "manifests": _("manifests"), "content": _("content"),
    "figures": _("figures"),
}  # fmt: skip
OK, WRONG, NOT_LOOKED = _("ok"), _("!! WRONG"), "–"
HEADINGS = (_("check"), _("result"), _("what was found"))
FIGURES = _("counted twice alike: {told}")
UNLIKE = _("{name}: the outcomes have {shown:,}, the record {again:,}")
ONLY_FULL = _("not counted again; hiplog doctor --full does")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "--full",
        action="store_true",
        help=_(
            "read every page and index, take the trail apart, count the figures again; a table of all of it"
        ),
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Look at everything and say what is wrong; a logbook that cannot be opened is the first finding."""
    from hiplog.logbook import health

    try:
        with context.book() as book:
            found = [*health.checks(book, args.full), _figures(book, args.full)]
        code = _code(found)
    except HiplogError as error:
        found, code = [health.Check("opens", False, str(error))], error.exit_code
    ok = all(one.ok for one in found)
    if context.json:
        checks = [
            {"name": one.name, "ok": one.ok, "message": one.message, "looked": one.looked} for one in found
        ]
        output.emit({"ok": ok, "checks": checks})
    elif args.full:
        output.table(HEADINGS, [(NAMED.get(one.name, one.name), _result(one), one.message) for one in found])
    else:
        for one in found:
            mark = "ok " if one.ok else "!! "
            name = NAMED.get(one.name, one.name)
            output.write(f"{mark if one.looked else '–  '} {name}: {one.message}")
    return code


def _figures(book: Logbook, full: bool) -> Check:
    from hiplog.logbook.health import Check
    from hiplog.outcomes.recount import recount

    if not full:
        return Check("figures", True, ONLY_FULL, looked=False)
    try:
        figures = book.read(recount)
    except (HiplogError, ValueError, ArithmeticError):
        return Check("figures", False, _("they cannot be counted: a value in the record cannot be read"))
    unlike = [one for one in figures if one.shown != one.again]
    told = ", ".join(f"{one.again:,} {one.name}" for one in figures)
    words = "; ".join(UNLIKE.format(name=o.name, shown=o.shown, again=o.again) for o in unlike)
    return Check("figures", not unlike, words or FIGURES.format(told=told))


def _result(one: Check) -> str:
    return NOT_LOOKED if not one.looked else OK if one.ok else WRONG


def _code(found: Sequence[Check]) -> int:
    bad = [one.name for one in found if not one.ok]
    if not bad:
        return 0
    return IntegrityFailed.exit_code if set(bad) & set(INTEGRITY) else HiplogError.exit_code
