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
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.exchange.taken import Refusal, Taken

SHOWN = 20


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", metavar="PATH", help=_("a bundle's folder or a CSV file"))
    parser.add_argument("--map", metavar="FILE.toml", help=_("what the columns of a foreign CSV mean"))
    parser.add_argument("--dry-run", action="store_true", help=_("read everything and write nothing"))
    parser.add_argument(
        "--skip-bad", metavar="FILE", help=_("take the rows that can be read, write the others to FILE")
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Import and say how many rows came in, were there already, or cannot be read."""
    from hiplog.exchange import intake

    source = Path(args.path)
    if not source.exists():
        raise NotFound(
            _("{source}: no such file or folder; name a bundle's folder or a table").format(source=source)
        )
    with context.book() as book, parts(_("import")) as told:
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
    rows = [(name, number) for name, number in taken.rows.items() if number]
    if rows:
        output.table((_("table"), _("rows taken") if taken.written else _("rows readable")), rows)
    output.write(
        (
            _("{rows:,} rows taken, {already:,} were here already")
            if taken.written
            else _("{rows:,} rows readable, {already:,} were here already")
        ).format(rows=sum(taken.rows.values()), already=taken.already)
    )
    for one in taken.refused[:SHOWN]:
        output.say(f"! {one}")
    if len(taken.refused) > SHOWN:
        output.say(
            _("! … and {refused:,} more; --json names all of them").format(refused=len(taken.refused) - SHOWN)
        )
    if args.skip_bad and taken.refused:
        output.say(
            _("{refused:,} rows that cannot be read are in {skip_bad}").format(
                refused=len(taken.refused), skip_bad=args.skip_bad
            )
        )
    if not taken.written:
        output.say(_("nothing was written (--dry-run)") if args.dry_run else _("nothing was written"))
