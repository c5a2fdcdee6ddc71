"""The least Textual program that takes typing; a key in the list field changes a list of thirty lines."""

from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input, OptionList, Static


class Echo(App[None]):
    """One field over one list."""

    saves = 0

    def compose(self) -> ComposeResult:
        """Field, list, state."""
        yield Input()
        yield OptionList(*(f"line {n}" for n in range(30)))
        yield Static("Ready", id="state")

    def on_mount(self) -> None:
        """Keys go to the field."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value.startswith("!"):
            found = [f"found {event.value[1:]} {n}" for n in range(30)]
            self.query_one(OptionList).set_options(found)
        if event.value.endswith("."):
            self.saves += 1
            self.query_one("#state", Static).update(f"saved {self.saves} ")


Echo().run()
