"""What the check of the trail said, in words: holds or not, how many entries, where both chains end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from hiplog.language import _, counted
from hiplog.logbook.shown import shown
from hiplog.tui.screens.parts import joined

if TYPE_CHECKING:
    from hiplog.logbook.audit import Finding, Head, Report

GROUP, GROUPS = 4, 4
LISTED = 3
GRAVE = "bold $accent"


@dataclass(frozen=True, slots=True)
class Checked:
    """A report and the clinic's time it was made at."""

    report: Report
    at: datetime


def lines(heads: Sequence[Head], checked: Checked | None, checking: bool) -> list[Content]:
    """The lines at the top of the screen."""
    found = checked.report.findings if checked else ()
    told = [_verdict(heads, checked, checking), *_ends(heads), *map(finding_line, found[:LISTED])]
    if len(found) > LISTED:
        told.append(joined("  ", _("and {count} more; w lists them all").format(count=len(found) - LISTED)))
    told += [joined("· ", shown(one.message)) for one in (checked.report.notes if checked else ())[:LISTED]]
    return told


def _verdict(heads: Sequence[Head], checked: Checked | None, checking: bool) -> Content:
    if checking:
        return joined(("… ", "bold"), _("checking every entry of the trail and every row against it"))
    if checked is None:
        return joined(("○ ", "bold"), _("not checked yet; v checks it"))
    entries = sum(head.seq for head in heads)
    when = _("   checked {time}").format(time=f"{checked.at:%H:%M}")
    if not checked.report.ok:
        wrong = counted(
            len(checked.report.findings),
            "not ok: {count} thing is wrong with the trail of {entries:,} entries",
            "not ok: {count} things are wrong with the trail of {entries:,} entries",
            entries=entries,
        )
        return joined(("! ", GRAVE), (wrong, "bold"), when)
    seen = sum(head.seq for head in checked.report.heads)
    words = _("ok: {seen:,} entries follow one another and match the record").format(seen=seen)
    if entries != seen:
        when = _("; {count:,} since {time}").format(count=entries - seen, time=f"{checked.at:%H:%M}")
    return joined(("✓ ", "bold $primary"), (words, "bold"), when)


def _ends(heads: Sequence[Head]) -> list[Content]:
    width = max((len(f"{head.seq:,}") for head in heads), default=1)
    told = [
        joined(f"  {head.chain:<7} {head.seq:>{width},}  ", (grouped(head.row_hash), "$secondary"))
        for head in heads
    ]
    if told:
        told[-1] = joined(told[-1], _("   keep both heads outside this machine"))
    return told


def grouped(digest: str, groups: int = GROUPS) -> str:
    """The first groups of a hash, four letters each, to print or read aloud."""
    text = shown(digest[: GROUP * groups])
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def place_of(finding: Finding) -> str:
    """Where something is wrong: an entry of a chain, a row of a table, or the database."""
    if finding.row is not None:
        return f"{finding.table} {shown(str(finding.row))[:8]}"
    if finding.seq is not None:
        return f"{finding.chain} {finding.seq}"
    return finding.table or finding.chain or _("database")


def finding_line(finding: Finding) -> Content:
    """Kind, place and sentence."""
    return joined(
        ("! ", GRAVE),
        (f"{finding.kind}, {place_of(finding)}: ", "bold"),
        shown(finding.message.removeprefix(f"{finding.table}: ")),
    )
