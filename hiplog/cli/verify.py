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

if TYPE_CHECKING:
    from hiplog.exchange.verify import Finding

MARKS = ("manifest.json", "datapackage.json", "SHA256SUMS", "data")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("bundle", metavar="DIR", help="the bundle's folder")


def run(args: argparse.Namespace, context: Context) -> int:
    """Check the bundle and name everything that is wrong with it."""
    from hiplog.exchange import verify

    folder = Path(args.bundle)
    if not folder.is_dir():
        raise NotFound(f"{folder}: no such folder; name the folder that hiplog export wrote")
    if not any((folder / name).exists() for name in MARKS):
        raise NotFound(f"{folder}: holds no bundle; name the folder that hiplog export wrote")
    report = verify.check(folder)
    if context.json:
        output.emit(
            {"ok": report.ok, "findings": [asdict(one) for one in report.findings], "head": report.head}
        )
    elif report.ok:
        output.write(f"ok: {folder} is whole and its audit chain holds")
        output.write(f"record {report.head.get('seq')}  {report.head.get('row_hash')}")
    else:
        for one in report.findings:
            output.write(f"! {_place(one)}: {one.message} ({one.kind})")
    return 0 if report.ok else IntegrityFailed.exit_code


def _place(one: Finding) -> str:
    row = f" row {one.row}" if one.row is not None else ""
    column = f" {one.column}" if one.column is not None else ""
    return f"{one.file}{row}{column}"
