"""The quick-entry line: it says what it understood while one types, and where it did not."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from hiplog.clinical import shorthand
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Session
from hiplog.clinical.shorthand import Line, LineDefaults, LineError, SiteReaction
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.keys import hidden
from hiplog.tui.screens.parts import joined, stacked
from hiplog.tui.screens.session import edits

HINT = "gmed r 2 30x50 fifo t3; piri r 30x75 static ret10; p6>3 ir24>31 n2/2"
HELP = _("Sites are parted by a semicolon; the order within a site is free.")


class QuickEntry(Vertical):
    """One input with its reading beneath; hidden until it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("escape", "close", "entry.close", _("Leave the line"), _("Leave the line")),
    ]
    DEFAULT_CSS = """
    QuickEntry {
        height: auto;
        max-height: 8;
        display: none;
        background: $surface;
        padding: 0 1;
        & Input { background: $panel; }
        & #understood { height: auto; max-height: 6; }
    }
    """

    input = getters.query_one(Input)

    class Taken(Message):
        """A whole line was understood: new sites, or the new text of the row ``site``."""

        def __init__(self, line: Line, site: str | None) -> None:
            super().__init__()
            self.line, self.site = line, site

    class Closed(Message):
        """The line was left."""

    def __init__(self, defaults: LineDefaults) -> None:
        super().__init__(id="entry")
        self._defaults = defaults
        self._site: str | None = None

    def compose(self) -> ComposeResult:
        """The line and what is understood."""
        yield Input(placeholder=HINT, compact=True, select_on_focus=False)
        yield Static(HELP, id="understood", markup=False)

    def open(self, draft: Session, row: Insertion | None, begun: str = "") -> None:
        """Show the line with the text of ``row``, else with what is ``begun``."""
        self._site = row.id if row else None
        self.display = True
        text = shorthand.write((row,), reactions=_line_reactions(draft, row)) if row else begun
        self.input.value = text
        self.input.cursor_position = len(text)
        self.screen.set_focus(self.input)

    def action_close(self) -> None:
        """Hide the line; what was typed and not taken is dropped."""
        self.display = False
        self.post_message(self.Closed())

    @on(Input.Changed)
    def _read(self, event: Input.Changed) -> None:
        self.query_one("#understood", Static).update(reading(event.value, self._defaults))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            self.action_close()
            return
        line, errors = shorthand.read(event.value, defaults=self._defaults)
        if errors:
            self.input.cursor_position = max(0, errors[0].column - 1)
            return
        if self._site is not None and len(line.insertions) != 1:
            only_one = joined(("✗ ", "bold $text-error"), _("this edits one row: one site, one side"))
            self.query_one("#understood", Static).update(only_one)
            return
        self.display = False
        self.post_message(self.Taken(line, self._site))


def _line_reactions(draft: Session, row: Insertion) -> tuple[SiteReaction, ...]:
    seen = edits.seen_at(draft, row.id)
    kinds = (edits.BRUISE, edits.SORENESS)
    return tuple(SiteReaction(row.id, r.kind, r.soreness) for r in seen if r.kind in kinds)


def reading(text: str, defaults: LineDefaults) -> Content:
    """Say what ``text`` means, a line each; what is not understood comes first, with its nearest meaning."""
    if not text.strip():
        return joined((HELP, "$foreground 75%"))
    line, errors = shorthand.read(text, defaults=defaults)
    refused = [joined(("✗ ", "bold $text-error"), shown(_said(error))) for error in errors]
    understood = [joined(("✓ ", "bold $primary"), shown(sentence)) for sentence in shorthand.echo(line)]
    return stacked([*refused, *understood])


def _said(error: LineError) -> str:
    return str(error)
