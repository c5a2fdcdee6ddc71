"""The locked door: the passphrase or the recovery code, before anything of the clinic is shown."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError, Locked, NotFound, Refused, SignIn, WrongSecret
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.tasks import task

TRIES = 3
WAIT_S = 30.0
"""Seconds to wait after every third wrong try."""
ASKED = _("This logbook is encrypted. Type its passphrase, or the recovery code from the paper.")
SIGN_IN = _("Sign in: the code, then the passphrase of whoever works here now.")
LOCKED_OUT = 4
"""Exit code of a person who left without having opened it."""


class Unlock(Dialog[None]):
    """One field that shows nothing of what is typed; it closes when the logbook is open."""

    HELP_TEXT = ASKED
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape", "leave", "unlock.leave", _("Leave"), _("Leave hiplog without opening the logbook")),
    ]
    DEFAULT_CSS = """
    Unlock {
        background: $background;
        & Input { margin: 1 0; background: $panel; }
    }
    """

    secret = getters.query_one("#secret", Input)

    def __init__(self, wanted: Locked) -> None:
        super().__init__()
        self._who = wanted.who if isinstance(wanted, SignIn) else None
        self._wrong = 0
        self._trying = False

    def compose(self) -> ComposeResult:
        """The question, the field, and what came of the last try."""
        with Box(_("hiplog is locked")):
            yield Static(ASKED if self._who is None else SIGN_IN, classes="said", markup=False)
            if self._who is not None:
                yield Input(self._who, id="who", compact=True)
            yield Input(id="secret", password=True, compact=True)
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(_("Enter: open    Esc: leave"), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Ready for typing."""
        self.secret.focus()

    @on(Input.Submitted, "#who")
    def _to_secret(self, event: Input.Submitted) -> None:
        event.stop()
        self.secret.focus()

    @on(Input.Submitted, "#secret")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value and not self._trying:
            self._trying = True
            self.secret.clear()
            self._say(_("trying …"))
            self._try(event.value)

    @task
    async def _try(self, secret: str) -> None:
        try:
            await self.desk.open(secret, self.query_one("#who", Input).value if self._who else None)
        except WrongSecret:
            self._refuse()
        except (SignIn, NotFound, Refused) as error:
            self._say(f"✗ {error}")
        except HiplogError as error:
            self.app.cannot_open(error)
        else:
            self.dismiss(None)
        finally:
            self._trying = False

    def _refuse(self) -> None:
        self._wrong += 1
        if self._wrong % TRIES:
            self._say(_("✗ That does not open it. Nothing was changed; try again."))
            return
        self.secret.disabled = True
        self._say(
            _("✗ {wrong} wrong tries. Wait {seconds:.0f} seconds, then try again.").format(
                wrong=self._wrong, seconds=WAIT_S
            )
        )
        self.set_timer(WAIT_S, self._again)

    def _again(self) -> None:
        self.secret.disabled = False
        self.secret.focus()
        self._say(_("You may try again."))

    def _say(self, sentence: str) -> None:
        self.query_one("#wrong", Static).update(shown(sentence))

    def action_leave(self) -> None:
        """Leave the program; there is nothing to see behind this screen."""
        self.app.exit(return_code=LOCKED_OUT)
