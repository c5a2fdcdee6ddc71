"""``hiplog drill``: restore the newest backup into a scratch place and compare everything."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical.errors import IntegrityFailed
from hiplog.language import _, counted

MANIFEST = _("its manifest agrees: sum, heads, rows of each table, schema")
NO_MANIFEST = _("no manifest lies beside it, so what was written down when it was made could not be compared")


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb: it has none of its own."""


def run(args: argparse.Namespace, context: Context) -> int:
    """Do the drill and say what was compared and what was wrong."""
    from hiplog.logbook import drill

    with context.book() as book:
        done = drill.run(book)
    if context.json:
        told = {
            "manifest": done.manifest,
            "ok": done.ok,
            "backup": str(done.copy),
            "rows": done.rows,
            "tables": done.tables,
        }
        heads = [asdict(head) for head in done.heads]
        output.emit({**told, "heads": heads, "entries_since": done.behind, "wrong": list(done.wrong)})
        return 0 if done.ok else IntegrityFailed.exit_code
    for words in done.wrong:
        output.write(f"! {words}")
    if done.ok:
        output.write(_("ok: {copy} was restored into a scratch place and compared").format(copy=done.copy))
        output.write(
            _("{rows:,} rows in {tables} tables, each as it was; both trails and heads agree").format(
                rows=done.rows, tables=done.tables
            )
        )
    if not done.manifest:
        output.write(NO_MANIFEST)
    elif done.ok:
        output.write(MANIFEST)
    output.write(
        counted(
            done.behind,
            "{count:,} entry of the record is newer than this backup",
            "{count:,} entries of the record are newer than this backup",
        )
    )
    return 0 if done.ok else IntegrityFailed.exit_code
