"""The signature: what is about to be signed, and the PIN of whoever signs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.tasks import task

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.tui.app import HiplogApp

WORDS = {"passphrase": "passphrase", "pin": "PIN"}
FIRST = "The first signature since the start asks for both."


class Proof(Dialog["Logbook | None"]):
    """Asks for the PIN, the first time for the passphrase too; closes with the logbook that may sign."""

    DEFAULT_CSS = """
    Proof {
        & Input { width: 30; background: $panel; }
        & .label { height: 1; }
    }
    """

    def __init__(self, title: str, sentences: Sequence[str], wanted: Sequence[str], who: str) -> None:
        super().__init__()
        self._title, self._sentences = title, tuple(sentences)
        self._wanted, self._who = tuple(wanted), who
        self._trying = False

    def compose(self) -> ComposeResult:
        """The sentences, a field for each secret, and what came of the last try."""
        with Box(self._title):
            for sentence in self._sentences:
                yield Static(shown(sentence), classes="said", markup=False)
            if len(self._wanted) > 1:
                yield Static(FIRST, classes="said", markup=False)
            for name in self._wanted:
                yield Static(f"{WORDS[name]} of {shown(self._who)}:", classes="label", markup=False)
                yield Input(id=f"in-{name}", password=True, compact=True)
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static("Enter: sign    Esc: do not sign", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Ready for the first secret."""
        self.query(Input).first().focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        fields = list(self.query(Input))
        empty = next((one for one in fields if not one.value), None)
        if empty is not None:
            empty.focus()
        elif not self._trying:
            self._trying = True
            self._try({one.id or "": one.value for one in fields})

    @task
    async def _try(self, given: dict[str, str]) -> None:
        try:
            fit = await self.desk.ask(rooms.access.proven, given.get("in-pin"), given.get("in-passphrase"))
        except HiplogError as error:
            self._refuse(str(error))
        else:
            self.desk.hand(fit)
            self.dismiss(fit)
        finally:
            self._trying = False

    def _refuse(self, sentence: str) -> None:
        for field in self.query(Input):
            field.clear()
        self.query(Input).first().focus()
        self.query_one("#wrong", Static).update(f"✗ {shown(sentence)}")


async def asked(app: HiplogApp, title: str, sentences: Sequence[str]) -> Logbook | None:
    """Return the logbook that may sign, after the PIN where there is one; ``None`` after Escape."""
    wanted = await app.desk.ask(rooms.access.needs)
    if not wanted:
        return app.desk.book
    return await app.push_screen_wait(Proof(title, sentences, wanted, app.desk.book.actor))
