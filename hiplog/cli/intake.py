"""``hiplog import``: read a bundle, or a foreign CSV with a mapping, into the logbook."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.cli.progress import parts
from hiplog.clinical.errors import BadInput, NotFound

if TYPE_CHECKING:
    from hiplog.exchange.taken import Refusal, Taken

SHOWN = 20


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", metavar="PATH", help="a bundle's folder or a CSV file")
    parser.add_argument("--map", metavar="FILE.toml", help="what the columns of a foreign CSV mean")
    parser.add_argument("--dry-run", action="store_true", help="read everything and write nothing")
    parser.add_argument(
        "--skip-bad", metavar="FILE", help="take the rows that can be read, write the others to FILE"
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Import and say how many rows came in, were there already, or cannot be read."""
    from hiplog.exchange import intake

    source = Path(args.path)
    if not source.exists():
        raise NotFound(f"{source}: no such file or folder")
    with context.book() as book, parts("import") as told:
        taken = intake.read(
            book,
            source,
            mapping=Path(args.map) if args.map else None,
            dry_run=args.dry_run,
            skip_bad=Path(args.skip_bad) if args.skip_bad else None,
            progress=told,
        )
    if context.json:
        output.emit(_as_json(taken, dry_run=args.dry_run))
    else:
        _tell(taken, args)
    return BadInput.exit_code if taken.refused and not args.skip_bad else 0


def _as_json(taken: Taken, *, dry_run: bool) -> dict[str, object]:
    return {
        "written": taken.written,
        "dry_run": dry_run,
        "restored": taken.restored,
        "rows": taken.rows,
        "already": taken.already,
        "skipped": taken.skipped,
        "refused": [_refusal(one) for one in taken.refused],
    }


def _refusal(one: Refusal) -> dict[str, object]:
    return {
        "file": one.file,
        "row": one.line,
        "column": one.column,
        "value": one.value,
        "message": one.reason,
    }


def _tell(taken: Taken, args: argparse.Namespace) -> None:
    done = "taken" if taken.written else "readable"
    rows = [(name, number) for name, number in taken.rows.items() if number]
    if rows:
        output.table(("table", f"rows {done}"), rows)
    output.write(f"{sum(taken.rows.values()):,} rows {done}, {taken.already:,} were here already")
    for one in taken.refused[:SHOWN]:
        output.say(f"! {one}")
    if len(taken.refused) > SHOWN:
        output.say(f"! … and {len(taken.refused) - SHOWN:,} more; --json names all of them")
    if args.skip_bad and taken.refused:
        output.say(f"{len(taken.refused):,} rows that cannot be read are in {args.skip_bad}")
    if not taken.written:
        output.say("nothing was written" + (" (--dry-run)" if args.dry_run else ""))
