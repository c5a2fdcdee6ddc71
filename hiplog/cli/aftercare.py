"""``hiplog aftercare``: the advice given after the last session, to read out, or as a page to print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.clinical.aftercare import ADVICE
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.exchange.pages.aftercare import Sheet


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("code", help=_("chart code"))
    parser.add_argument("--session", type=int, metavar="N", help=_("which session (else the last one)"))
    parser.add_argument("--html", metavar="FILE", help=_("write a page to print, A5 or A4"))
    parser.add_argument("--named", action="store_true", help=_("with the patient's name on the page"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Print the sheet: the advice ticked in the session, else the usual sentences."""
    from hiplog.exchange.pages import aftercare, gather, save

    if args.named and not args.html:
        raise UsageError(_("--named goes with --html FILE only"))
    path = Path(args.html) if args.html else None
    if path is not None:
        save.check(path)
    with context.book() as book:
        sheet = gather.sheet(book, args.code, args.session, named=args.named)
    if path is not None:
        save.save(path, aftercare.html(sheet))
    _answer(sheet, path, context)
    return 0


def _answer(sheet: Sheet, path: Path | None, context: Context) -> None:
    from hiplog.exchange.pages.aftercare import chosen

    rows = chosen(sheet.advice)
    if context.json:
        given = [{"code": row.code, "text": row.text, "evidence": row.evidence} for row in rows]
        ticked = any(code in ADVICE and not ADVICE[code].for_therapist for code in sheet.advice)
        told = {"session": sheet.session, "given": ticked, "advice": given}
        output.emit(told if path is None else told | {"file": str(path)})
    elif path is not None:
        output.write(str(path))
    else:
        day = dates.moment_words(sheet.at, sheet.zone) if sheet.at else _("no session yet")
        output.write(_("{clinic}: after your treatment ({day})").format(clinic=sheet.clinic, day=day) + "\n")
        for row in rows:
            output.write(f"- {row.text}")
