"""Fields for what nobody may read on the screen: emptied again whenever they were not taken."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.widgets import Input, Static

from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Dialog

R = TypeVar("R")


class Secrets(Dialog[R]):
    """A dialog that asks for secrets one below the other, ready for the first of them."""

    DEFAULT_CSS = """
    Secrets {
        & Input { width: 30; background: $panel; }
        & .label { height: 1; }
    }
    """

    def field(self, name: str, label: str) -> ComposeResult:
        """A field and, above it, what belongs in there."""
        yield Static(label, classes="label", markup=False)
        yield Input(id=f"in-{name}", password=True, compact=True)

    def told(self) -> Static:
        """Where :meth:`refuse` says why."""
        return Static("", id="wrong", classes="wrong", markup=False)

    def on_mount(self) -> None:
        """Ready for the first field."""
        self.query(Input).first().focus()

    def typed(self) -> dict[str, str]:
        """What stands in the fields, by their names."""
        return {(one.id or "").removeprefix("in-"): one.value for one in self.query(Input)}

    def refuse(self, sentence: str) -> None:
        """Empty every field and say why nothing came of it."""
        for field in self.query(Input):
            field.clear()
        self.query(Input).first().focus()
        self.query_one("#wrong", Static).update(f"✗ {shown(sentence)}")
