"""``hiplog export``: the audit bundle, or the same as FHIR; de-identified unless asked otherwise."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser, UsageError
from hiplog.cli.progress import parts
from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook import dates

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    add = parser.add_argument
    add("folder", metavar="DIR", help=_("the folder to make; for fhir a .json or .ndjson file"))
    add("--from", dest="since", metavar="DATE", help=_("sessions from this day on"))
    add("--to", dest="until", metavar="DATE", help=_("sessions up to this day"))
    add("--identified", action="store_true", help=_("with names and dates; needs --reason and is logged"))
    add("--reason", metavar="TEXT", help=_("why identities leave the logbook"))
    add("--format", choices=("csv", "fhir"), default="csv", help=_("format (default csv)"))
    add("--excel", action="store_true", help=_("a second copy that spreadsheets open safely"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Write what was asked for and say where it lies."""
    if args.identified and not (args.reason or "").strip():
        raise UsageError(_("--identified: say why identities leave the logbook, with --reason TEXT"))
    if args.reason and not args.identified:
        raise UsageError(_("--reason goes with --identified only"))
    if args.excel and args.format != "csv":
        raise UsageError(_("--excel goes with --format csv only"))
    from hiplog.logbook import anchors

    with context.book() as book, parts(_("export")) as told:
        asked = _days(args, context, book) | {"identified": args.identified, "reason": args.reason}
        write = _bundle if args.format == "csv" else _fhir
        answer, lines = write(book, args, asked | {"progress": told})
        anchors.note(book, "export")
    if context.json:
        profile = "identified" if args.identified else "deidentified"
        output.emit({"bundle": answer.pop("path"), "profile": profile} | answer)
        return 0
    output.write(answer["path"])
    for line in lines:
        output.say(line)
    return 0


def _days(args: argparse.Namespace, context: Context, book: Logbook) -> dict[str, Any]:
    today, order = context.today(book.clinic.zone), context.settings.date_order
    since = dates.read_day(args.since, today, order, what="--from") if args.since else None
    until = dates.read_day(args.until, today, order, what="--to") if args.until else None
    if since and until and since > until:
        raise BadInput(
            _("--from: {since} comes after --to, {until}").format(
                since=dates.words(since), until=dates.words(until)
            )
        )
    return {"since": since, "until": until}


def _bundle(
    book: Logbook, args: argparse.Namespace, asked: dict[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    from hiplog.exchange import bundle

    made = bundle.write(book, Path(args.folder), excel=args.excel, **asked)
    answer = {"path": str(made.path), "files": list(made.files), "rows": made.rows}
    lines = (
        _("{rows:,} rows in {files} files").format(rows=sum(made.rows.values()), files=len(made.files)),
        _warning(args),
        _("check it with: hiplog verify {path}").format(path=made.path),
    )
    return answer | {"head": made.heads["record"]}, lines


def _fhir(
    book: Logbook, args: argparse.Namespace, asked: dict[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    from hiplog.exchange.fhir import export

    made = export.write(book, Path(args.folder), **asked)
    answer = {"path": str(made.path), "resources": made.resources, "sha256": made.sha256, "head": made.head}
    lines = (
        _("{resources:,} resources, FHIR R4B, sha256 {sha256}").format(
            resources=sum(made.resources.values()), sha256=made.sha256
        ),
        _warning(args),
    )
    return answer, lines


def _warning(args: argparse.Namespace) -> str:
    return (
        _("with names: keep it as safe as the logbook")
        if args.identified
        else _("de-identified; no free text")
    )
