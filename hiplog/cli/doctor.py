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
    from hiplog.logbook.verdict import Check
    from hiplog.outcomes.kept import Unlike
    from hiplog.outcomes.recount import Counted
    from hiplog.storage.unit import Unit

INTEGRITY = (
    "opens", "pages", "links", "audit", "seals", "rows", "guards", "drafts", "secrets", "heads", "tables",
    "figures",
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
MISCOUNTED = _("{cells:,} kept counts differ from the record, of {kinds}; count them anew with: {way}")
WAY = "hiplog doctor --repair"
REPAIRED = _(
    "{cells:,} kept counts differed from the record; all were counted anew, as the access trail tells"
)
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
    parser.add_argument(
        "--repair",
        action="store_true",
        help=_("with all that --full does; count the owner's figures anew where they differ from the record"),
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Look at everything and say what is wrong; a logbook that cannot be opened is the first finding."""
    from hiplog.logbook import health
    from hiplog.logbook.verdict import Check

    try:
        with context.book() as book:
            full = args.full or args.repair
            found = [*health.checks(book, full), _figures(book, full, repair=args.repair)]
        code = _code(found)
    except HiplogError as error:
        found, code = [Check("opens", False, str(error))], error.exit_code
    ok = all(one.ok for one in found)
    if context.json:
        checks = [
            {"name": one.name, "ok": one.ok, "message": one.message, "looked": one.looked} for one in found
        ]
        output.emit({"ok": ok, "checks": checks})
    elif args.full or args.repair:
        output.table(HEADINGS, [(NAMED.get(one.name, one.name), _result(one), one.message) for one in found])
    else:
        for one in found:
            mark = "ok " if one.ok else "!! "
            name = NAMED.get(one.name, one.name)
            output.write(f"{mark if one.looked else '–  '} {name}: {one.message}")
    return code


def _figures(book: Logbook, full: bool, *, repair: bool) -> Check:
    from hiplog.logbook.verdict import Check

    if not full:
        return Check("figures", True, ONLY_FULL, looked=False)
    try:
        counted, miscounted = book.read(_counted)
    except (HiplogError, ValueError, ArithmeticError):
        return Check("figures", False, _("they cannot be counted: a value in the record cannot be read"))
    unlike = [one for one in counted if one.shown != one.again]
    told = ", ".join(f"{one.again:,} {one.name}" for one in counted)
    words = "; ".join(UNLIKE.format(name=o.name, shown=o.shown, again=o.again) for o in unlike)
    if unlike or not miscounted:
        return Check("figures", not unlike, words or FIGURES.format(told=told))
    if repair:
        _repair(book, len(miscounted))
        return Check("figures", True, REPAIRED.format(cells=len(miscounted)))
    kinds = ", ".join(sorted({one.kind for one in miscounted}))
    return Check("figures", False, MISCOUNTED.format(cells=len(miscounted), kinds=kinds, way=WAY))


def _counted(unit: Unit) -> tuple[tuple[Counted, ...], tuple[Unlike, ...]]:
    from hiplog.outcomes import gather, kept, recount
    from hiplog.outcomes.filters import Work

    found = gather.facts(unit, Work(gather.READS))
    return recount.of(unit, found), kept.unlike(unit, found)


def _repair(book: Logbook, wrong: int) -> None:
    from hiplog.outcomes import kept

    book.write(kept.rebuild, wrong)
    kept.settle(book.read, book.write)


def _result(one: Check) -> str:
    return NOT_LOOKED if not one.looked else OK if one.ok else WRONG


def _code(found: Sequence[Check]) -> int:
    bad = [one.name for one in found if not one.ok]
    if not bad:
        return 0
    return IntegrityFailed.exit_code if set(bad) & set(INTEGRITY) else HiplogError.exit_code
