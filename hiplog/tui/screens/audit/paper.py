"""Something of the audit to read: one entry as it was written, or everything that a check found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens.audit.lines import Local, when
from hiplog.tui.screens.audit.state import finding_line, grouped
from hiplog.tui.screens.parts import joined, stacked

if TYPE_CHECKING:
    from hiplog.logbook.audit import Finding
    from hiplog.logbook.entry import Change, Entry

KEYS = _("↑ ↓: scroll    Esc: close")
HOW = {"insert": _("added"), "update": _("changed"), "delete": _("removed")}
STATES = {
    "erased": _("Its identity was erased; that it was written, when and by whom stands."),
    "lost": _("! What it recorded is gone."),
    "unreadable": _("! What it recorded cannot be read."),
}
NAME = 17
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z")
MOST_ROWS, MOST_FINDINGS = 200, 500


class Paper(Dialog[None]):
    """Lines to read; Enter or Escape closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("enter,q", "leave", "paper.close", _("Close"), _("Close")),
        hidden("j,down", "move(1)", "paper.down", _("Down"), _("Scroll down")),
        hidden("k,up", "move(-1)", "paper.up", _("Up"), _("Scroll up")),
        hidden("pagedown,space", "move(15)", "paper.page_down", _("Page down"), _("Scroll a page down")),
        hidden("pageup", "move(-15)", "paper.page_up", _("Page up"), _("Scroll a page up")),
    ]
    DEFAULT_CSS = """
    Paper > #box { max-height: 90%; }
    Paper Static { height: auto; }
    """

    def __init__(self, title: str, lines: Sequence[Content]) -> None:
        super().__init__()
        self._title, self._lines = title, list(lines)

    def compose(self) -> ComposeResult:
        """How to close, where it is seen however long the text is, and the lines."""
        with Box(self._title):
            yield Static(f"{KEYS}\n", classes="hint", markup=False)
            yield Static(stacked(self._lines), markup=False)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one(Box).scroll_relative(y=lines, animate=False)


def entry_lines(entry: Entry, local: Local, zone: str, findings: Sequence[Finding]) -> list[Content]:
    """Who did what and when, every field as it was and as it became, and the hashes."""
    line = entry.line
    told = [
        joined((f"{shown(line.action)}   {shown(line.about)}", "bold")),
        joined(f"{shown(line.actor)}, {when(line, local)} {zone}"),
        *(finding_line(finding) for finding in findings),
        joined(""),
    ]
    if entry.state in STATES:
        told += [joined(STATES[entry.state]), joined("")]
    for change in entry.changes[:MOST_ROWS]:
        told += [*_change_lines(change), joined("")]
    if len(entry.changes) > MOST_ROWS:
        told += [
            joined(_("and {changes:,} more rows").format(changes=len(entry.changes) - MOST_ROWS)),
            joined(""),
        ]
    told += [joined(f"{name:<{NAME}} {shown(value)}") for name, value in entry.facts]
    return [*told, *_hash_lines(_("hash"), entry.row_hash), *_hash_lines(_("follows"), entry.prev_hash)]


def _change_lines(change: Change) -> list[Content]:
    head = joined(
        (f"{change.table} {shown(change.row)[:8]}", "bold $primary"), f"  {HOW.get(change.how, '')}"
    )
    return [head, *(_field_line(change.how, f.name, f.old, f.new) for f in change.fields)]


def _field_line(how: str, name: str, old: str | None, new: str | None) -> Content:
    before, after = (_TIME.sub(r"\1 \2Z", shown(text or _("none"))) for text in (old, new))
    value = after if how == "insert" else before if how == "delete" else f"{before} → {after}"
    return joined((f" {name:<{NAME}} ", "$foreground 80%"), value)


def _hash_lines(name: str, digest: str) -> list[Content]:
    half = len(digest) // 2
    parts = (grouped(digest[:half], 8), grouped(digest[half:], 8))
    return [joined(f"{name if not at else '':<8} ", (part, "$secondary")) for at, part in enumerate(parts)]


def findings_lines(findings: Sequence[Finding]) -> list[Content]:
    """Every finding, up to a number that can still be read."""
    told = [finding_line(finding) for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        left = len(findings) - MOST_FINDINGS
        told.append(joined(_("and {left:,} more; all of them with: hiplog audit verify").format(left=left)))
    return told
