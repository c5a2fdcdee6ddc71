"""An app with a lock: screens come and go beneath its veil, and only the veil is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from rich.console import RenderableType
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.filter import LineFilter
from textual.screen import Screen

from hiplog.language import _
from hiplog.tui.lock import Lock
from hiplog.tui.net import NET
from hiplog.tui.privacy import PRIVACY
from hiplog.tui.tasks import started

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp
    from hiplog.tui.tour import Tour


class Guarded(App[None]):
    """What the lock, the privacy key and the change of hands need of the framework."""

    lock: Lock
    tour: Tour

    # -- the lock ------------------------------------------------------------------------------

    def action_lock(self) -> None:
        """Lock the screen."""
        self.lock.close("key")

    def action_colleague(self) -> None:
        """Let a colleague sign in."""
        self.lock.close("colleague", colleague=True)

    def action_jump(self) -> None:
        """Show a letter at every field of the screen on top."""
        from hiplog.tui import jumping

        jumping.begin(self)

    def action_roles(self) -> None:
        """Show what each role may do."""
        from hiplog.tui.dialogs.roles import Roles

        self.push_screen(Roles())

    def action_consent_form(self) -> None:
        """Say which edition of the consent form is in use."""
        from hiplog.tui.dialogs import consent_form

        app = cast("HiplogApp", self)
        started(app, consent_form.ask, app)

    def action_tour(self) -> None:
        """Begin the tour of an invented clinic, or end it."""
        self.tour.turn()

    def action_skip(self) -> None:
        """Go on to the next step of the tour."""
        self.tour.skip()

    def action_pin(self) -> None:
        """Set, change or take away the own PIN."""
        self._own_secret("pin")

    def action_passphrase(self) -> None:
        """Set or change the own passphrase."""
        self._own_secret("passphrase")

    def _own_secret(self, kind: Literal["pin", "passphrase"]) -> None:
        from hiplog.tui.dialogs import own_secret

        app = cast("HiplogApp", self)
        started(app, own_secret.ask, app, kind)

    async def action_privacy(self) -> None:
        """Show names as initials and hide notes, or show them again."""
        self.tell(_("Names are initials, notes are hidden.") if PRIVACY.turn() else _("Names are shown."))
        for screen in self.screen_stack:
            again = getattr(screen, "redraw", None)
            if again is not None:
                again()

    async def start_over(self) -> None:
        """Close everything that was open, for other hands; drafts stay."""
        while len(self.screen_stack) > 1:
            self.screen.dismiss(None)
        await self.action_today()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Behind a lock no key of the app works but the way out."""
        return not self.lock.locked or action in ("quit", "focus_next", "focus_previous")

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Open a screen; behind a lock it opens beneath the veil."""
        with self.lock.beneath(self._screen_stack):
            return super().push_screen(*args, **kwargs)

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top; behind a lock the one beneath the veil."""
        with self.lock.beneath(self._screen_stack):
            return super().pop_screen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line passes on its way to the terminal, the net first of all."""
        return (NET, *super().get_line_filters())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # The paint's own door: whatever happens behind a lock, only the veil reaches the terminal.
        if self.lock.veil is None or screen is self.lock.veil:
            super()._display(screen, renderable)

    def tell(self, sentence: str, *, grave: bool = False) -> None:
        """Show a sentence for some seconds."""
        raise NotImplementedError

    async def action_today(self) -> None:
        """Return to the worklist."""
        raise NotImplementedError
