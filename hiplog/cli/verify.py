"""``hiplog verify``: check an audit bundle; no logbook is needed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import IntegrityFailed, NotFound
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.exchange.verify import Finding

MARKS = ("manifest.json", "datapackage.json", "SHA256SUMS", "data")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("bundle", metavar="DIR", help=_("the bundle's folder"))


def run(args: argparse.Namespace, context: Context) -> int:
    """Check the bundle and name everything that is wrong with it."""
    from hiplog.exchange import verify

    folder = Path(args.bundle)
    if not folder.is_dir():
        raise NotFound(
            _("{folder}: no such folder; name the folder that hiplog export wrote").format(folder=folder)
        )
    if not any((folder / name).exists() for name in MARKS):
        raise NotFound(
            _("{folder}: holds no bundle; name the folder that hiplog export wrote").format(folder=folder)
        )
    report = verify.check(folder)
    if context.json:
        output.emit(
            {"ok": report.ok, "findings": [asdict(one) for one in report.findings], "head": report.head}
        )
    elif report.ok:
        output.write(_("ok: {folder} is whole and its audit chain holds").format(folder=folder))
        output.write(f"record {report.head.get('seq')}  {report.head.get('row_hash')}")
    else:
        for one in report.findings:
            output.write(f"! {_place(one)}: {one.message} ({one.kind})")
    return 0 if report.ok else IntegrityFailed.exit_code


def _place(one: Finding) -> str:
    place = one.file if one.row is None else _("{file} row {row}").format(file=one.file, row=one.row)
    return place if one.column is None else f"{place} {one.column}"
