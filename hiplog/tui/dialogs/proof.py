"""The signature: what is about to be signed, and the PIN of whoever signs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.dialogs.dialog import Box
from hiplog.tui.dialogs.secrets import Secrets
from hiplog.tui.tasks import task

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.tui.app import HiplogApp

WORDS = {"passphrase": _("passphrase of {who}:"), "pin": _("PIN of {who}:")}
FIRST = _("The first signature since the start asks for both.")


class Proof(Secrets["Logbook | None"]):
    """Asks for the PIN, the first time for the passphrase too; closes with the logbook that may sign."""

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
                yield from self.field(name, WORDS[name].format(who=shown(self._who)))
            yield self.told()
            yield Static(_("Enter: sign    Esc: do not sign"), classes="hint", markup=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        fields = list(self.query(Input))
        empty = next((one for one in fields if not one.value), None)
        if empty is not None:
            empty.focus()
        elif not self._trying:
            self._trying = True
            self._try(self.typed())

    @task
    async def _try(self, given: dict[str, str]) -> None:
        try:
            fit = await self.desk.ask(rooms.access.proven, given.get("pin"), given.get("passphrase"))
        except HiplogError as error:
            self.refuse(str(error))
        else:
            self.desk.hand(fit)
            self.dismiss(fit)
        finally:
            self._trying = False


async def asked(app: HiplogApp, title: str, sentences: Sequence[str]) -> Logbook | None:
    """Return the logbook that may sign, after the PIN where there is one; ``None`` after Escape."""
    wanted = await app.desk.ask(rooms.access.needs)
    if not wanted:
        return app.desk.book
    return await app.push_screen_wait(Proof(title, sentences, wanted, app.desk.book.actor))


async def licence(app: HiplogApp) -> tuple[str, ...]:
    """What is to be said of the licence of whoever signs, as the sentences of a dialog."""
    who = await app.desk.read(rooms.clinic.practitioner, app.desk.book.actor)
    warning = rooms.clinic.licence_warning(who, app.desk.today())
    return (f"! {warning}",) if warning else ()
