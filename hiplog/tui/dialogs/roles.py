"""What each role may do, as the front door of the logbook keeps it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from hiplog.clinical import roles
from hiplog.clinical.code_words import said
from hiplog.clinical.record import ROLES
from hiplog.language import _
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens.parts import fit

WHAT, WIDE = 42, 10


class Roles(Dialog[None]):
    """The table, a row an act."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("enter,space", "leave", "dialog.close", _("Close"), _("Close this table")),
        hidden("down,j,pagedown", "move(6)", "roles.down", _("Down"), _("Scroll down")),
        hidden("up,k,pageup", "move(-6)", "roles.up", _("Up"), _("Scroll up")),
    ]

    def compose(self) -> ComposeResult:
        """Heading, rows, and what the table is worth."""
        with Box(_("Who may do what")):
            yield Static(_("↑ ↓: scroll    Enter: close"), classes="hint", markup=False)
            yield Static(line(("", *map(said, ROLES))), classes="said", markup=False)
            for row in roles.table():
                yield Static(line(row), classes="said", markup=False)
            yield Static(f"\n{roles.COURTESY}", classes="hint", markup=False)

    def action_move(self, lines: int) -> None:
        """Scroll: the table is higher than a small terminal."""
        self.query_one("#box", Box).scroll_relative(y=lines, animate=False)


def line(row: tuple[str, ...]) -> str:
    """One row; what is done takes as many lines as it needs, each role one column."""
    words, lines = row[0].split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) + 1 >= WHAT:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    cells = "".join(fit(cell, WIDE) for cell in row[1:])
    return "\n".join([f"{fit(lines[0], WHAT)}{cells}".rstrip(), *lines[1:]])
