"""To set, change or take away the own PIN, and to set or change the own passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

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
    from hiplog.logbook.access import Standing
    from hiplog.tui.app import HiplogApp

Kind = Literal["pin", "passphrase"]
TITLES = {"pin": _("The PIN of {who}"), "passphrase": _("The passphrase of {who}")}
ABOUT = {
    "pin": _("It signs and unlocks: 4 to 12 digits, five tries. Leave both fields empty for no PIN."),
    "passphrase": _(
        "Asked for when hiplog starts; it helps when the PIN is forgotten. 8 characters or more."
    ),
}
NEW = {"pin": _("New PIN:"), "passphrase": _("New passphrase:")}
SET = {"pin": _("The PIN is set."), "passphrase": _("The passphrase is set.")}
NOW = _("Passphrase as it is now:")
AGAIN = _("The same again:")
GONE = _("There is no PIN any more; whoever sits here signs without one.")
FIRST = _("First a passphrase, which helps when the PIN is forgotten: ctrl+p, then Passphrase.")
DIFFER = _("these two were not the same; nothing was changed")
NONE = _("a passphrase cannot be empty; nothing was changed")
HINT = _("Enter: next field, then keep    Esc: cancel")


class OwnSecret(Secrets[None]):
    """The present passphrase where there is one, then the new secret twice; nothing typed is ever shown."""

    HELP_TEXT = _(
        "What proves that it is you. It is kept as a hash or wraps the key; nobody can read it back."
    )
    DEFAULT_CSS = """
    OwnSecret Input { width: 40; }
    """

    def __init__(self, kind: Kind, who: str, has: Standing) -> None:
        super().__init__()
        self._kind, self._who, self._has = kind, who, has
        self._keeping = False

    def compose(self) -> ComposeResult:
        """What it is for, a field for each secret, and what came of it."""
        with Box(TITLES[self._kind].format(who=shown(self._who))):
            yield Static(ABOUT[self._kind], classes="said", markup=False)
            for name, label in self._fields():
                yield from self.field(name, label)
            yield self.told()
            yield Static(HINT, classes="hint", markup=False)

    def _fields(self) -> tuple[tuple[str, str], ...]:
        now = (("now", NOW),) if self._has.passphrase else ()
        return (*now, ("new", NEW[self._kind]), ("again", AGAIN))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id != "in-again":
            self.focus_next()
        elif not self._keeping:
            self._keeping = True
            self._keep(self.typed())

    @task
    async def _keep(self, typed: dict[str, str]) -> None:
        new = typed["new"]
        try:
            if new != typed["again"]:
                self.refuse(DIFFER)
            elif not new and self._kind == "passphrase":
                self.refuse(NONE)
            else:
                await self._set(typed.get("now", ""), new)
                self.app.tell(SET[self._kind] if new else GONE)
                self.dismiss(None)
        except HiplogError as error:
            self.refuse(str(error))
        finally:
            self._keeping = False

    async def _set(self, now: str, new: str) -> None:
        if self._has.passphrase:
            await self.desk.ask(rooms.access.confirmed, now)
        if self._kind == "pin":
            await self.desk.call(rooms.users.set_pin, self._who, new or None)
        else:
            await self.desk.call(rooms.users.set_passphrase, self._who, new)


async def ask(app: HiplogApp, kind: Kind) -> None:
    """Open the dialog for whoever acts; a PIN wants a passphrase first."""
    if not app.desk.is_open:
        return
    who = app.desk.book.actor
    has: Standing = await app.desk.ask(rooms.access.standing, who)
    if kind == "pin" and not has.passphrase:
        app.tell(FIRST, grave=True)
    else:
        app.push_screen(OwnSecret(kind, who, has))
