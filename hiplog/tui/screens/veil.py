"""The veil: a locked screen that shows nothing of any patient, and the PIN that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import always
from hiplog.tui.tasks import task

if TYPE_CHECKING:
    from hiplog.logbook.access import Standing
    from hiplog.logbook.book import Logbook

FREE = _("No PIN is set, so any key unlocks. To set one: ctrl+p, then PIN.")
GONE = _("The logbook was closed after half an hour. The passphrase of {who} opens it again.")


class Veil(Dialog[None]):
    """One field for the PIN, and on F9 one for the code of a colleague."""

    HELP_TEXT = _("Locked. What was open is as it was left, and every answer is on disk.")
    BINDINGS: ClassVar[list[BindingType]] = [
        always("f9", "colleague", "veil.colleague", _("Colleague"), _("A colleague signs in")),
        always("escape", "own", "veil.own", _("Back"), _("Back to whoever locked it")),
    ]
    DEFAULT_CSS = """
    Veil {
        background: $background;
        & Input { margin: 1 0 0 0; background: $panel; }
    }
    """

    secret = getters.query_one("#secret", Input)
    code = getters.query_one("#code", Input)

    def __init__(self, *, colleague: bool = False) -> None:
        super().__init__()
        self._colleague = colleague
        self._has: Standing | None = None
        self._trying = False

    def compose(self) -> ComposeResult:
        """What is asked, the fields, what came of the last try, the keys."""
        with Box(_("hiplog is locked")):
            yield Static("", id="asked", classes="said", markup=False)
            yield Input(id="code", placeholder=_("sign-in code of the colleague"), compact=True)
            yield Input(id="secret", password=True, compact=True)
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(
                _("Enter: unlock    F9: a colleague signs in    ctrl+q: leave"), classes="hint", markup=False
            )

    def on_mount(self) -> None:
        """Ask for what this person has."""
        self._arrange()
        self._look()

    @task
    async def _look(self) -> None:
        if not self.desk.dropped:
            self._has = await self.desk.ask(rooms.access.standing, self.desk.book.actor)
        self._arrange()

    @property
    def _free(self) -> bool:
        return self._has is not None and not self._has.secured and not self._colleague

    def _arrange(self) -> None:
        who = self.desk.book.actor
        self.code.display = self._colleague
        self.secret.display = not self._free
        if self._colleague:
            asked = _("A colleague signs in with code and PIN. What was open is kept as drafts.")
        elif self.desk.dropped:
            asked = GONE.format(who=who)
        elif self._free:
            asked = FREE
        else:
            pin = self._has is None or self._has.pin_open
            asked = (_("PIN of {who}:") if pin else _("Passphrase of {who}:")).format(who=who)
        self.query_one("#asked", Static).update(shown(asked))
        self.set_focus(self.code if self._colleague and not self.code.value else self.secret)

    def on_key(self, event: events.Key) -> None:
        """Without a PIN any key unlocks."""
        if self._free and event.key not in ("f9", "escape", "ctrl+q"):
            event.stop()
            self._try("", None)

    def action_colleague(self) -> None:
        """Ask for the code of a colleague too."""
        self._colleague = True
        self._arrange()

    def action_own(self) -> None:
        """Back to whoever locked it."""
        self._colleague = False
        self.code.clear()
        self._arrange()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self.code:
            self.set_focus(self.secret)
            return
        secret = self.secret.value
        self.secret.clear()
        if self._colleague and not self.code.value.strip():
            self.set_focus(self.code)
        elif secret or self._colleague:
            self._try(secret, self.code.value.strip() if self._colleague else None)

    @task
    async def _try(self, secret: str, code: str | None) -> None:
        if self._trying:
            return
        self._trying = True
        self._say(_("trying …") if secret else "")
        try:
            before = self.desk.book.actor
            taken = await self._taken(secret, code)
            self.desk.hand(taken)
        except HiplogError as error:
            self._say(f"✗ {error}")
            self._look()
        else:
            self.app.lock.open()
            if taken.actor != before:
                await self.app.start_over()
        finally:
            self._trying = False

    async def _taken(self, secret: str, code: str | None) -> Logbook:
        """The logbook in the hands of whoever gave the right secret."""
        desk = self.desk
        if desk.dropped:
            await desk.reopen(secret, code)
            return desk.book
        if code is not None:
            taken: Logbook = await desk.ask(rooms.access.colleague, secret, code)
            return taken
        await desk.ask(rooms.access.unlocked, secret)
        return desk.book

    def _say(self, sentence: str) -> None:
        self.query_one("#wrong", Static).update(shown(sentence))
