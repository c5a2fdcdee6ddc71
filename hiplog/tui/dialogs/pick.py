"""Choose from a list: one line (typing narrows it), or several lines by Space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.logbook.texts import folded
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices

Line = tuple[str, str]


class Pick(Dialog[str]):
    """Lines (code, words) under a field that narrows them; Enter takes the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down", "step(1)", _("Down"), id="pick.down", tooltip=_("Next line"), show=False, priority=True
        ),
        Binding("up", "step(-1)", _("Up"), id="pick.up", tooltip=_("Line before"), show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Pick Input { background: $panel; }
    Pick Choices { height: auto; max-height: 14; background: $surface; text-wrap: wrap; }
    """

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title, self._lines = title, tuple(lines)

    def compose(self) -> ComposeResult:
        """The field, the lines, the keys."""
        with Box(self._title):
            yield Input(placeholder=_("type to narrow"), compact=True)
            yield Choices()
            yield Static(_("Enter: take    Esc: cancel"), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show all lines."""
        self._narrow("")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = folded(text).split()
        kept = [line for line in self._lines if all(w in folded(*line) for w in words)]
        options = [Option(Content(shown(words_of)), id=code) for code, words_of in kept]
        self.query_one(Choices).fill(options or [Option(Content(_("nothing fits")), disabled=True)])

    def action_step(self, by: int) -> None:
        """Move in the list while typing."""
        choices = self.query_one(Choices)
        if by > 0:
            choices.action_cursor_down()
        else:
            choices.action_cursor_up()

    @on(Input.Submitted)
    def _take(self) -> None:
        chosen = self.query_one(Choices).chosen
        if chosen is not None:
            self.dismiss(chosen)

    @on(Choices.OptionSelected)
    def _clicked(self, event: Choices.OptionSelected) -> None:
        if event.option_id is not None:
            self.dismiss(event.option_id)


class Tick(Dialog[tuple[str, ...]]):
    """Lines (code, words) ticked by Space; Enter takes the ticked ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("space,x", "tick", "tick.tick", _("Tick"), _("Tick or untick this line")),
        Binding("enter", "take", _("Take"), id="tick.take", tooltip=_("Take what is ticked"), priority=True),
    ]
    DEFAULT_CSS = """
    Tick Choices { height: auto; max-height: 16; background: $surface; text-wrap: wrap; }
    """

    def __init__(self, title: str, lines: Sequence[Line], ticked: Iterable[str] = ()) -> None:
        super().__init__()
        self._title, self._lines, self._ticked = title, tuple(lines), set(ticked)

    def compose(self) -> ComposeResult:
        """The lines and the keys."""
        with Box(self._title):
            yield Choices()
            yield Static(_("Space: tick    Enter: take    Esc: cancel"), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the lines."""
        self._fill()
        self.query_one(Choices).focus()

    def _fill(self) -> None:
        options = [
            Option(Content(f"{self._mark(code)} {shown(words)}"), id=code) for code, words in self._lines
        ]
        self.query_one(Choices).fill(options)

    def _mark(self, code: str) -> str:
        return "[x]" if code in self._ticked else "[ ]"

    def action_tick(self) -> None:
        """Change the line under the cursor."""
        code = self.query_one(Choices).chosen
        if code is not None:
            self._ticked ^= {code}
            self._fill()

    def action_take(self) -> None:
        """Close with the ticked codes in their printed order."""
        self.dismiss(tuple(code for code, _ in self._lines if code in self._ticked))
