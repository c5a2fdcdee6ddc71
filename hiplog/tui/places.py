"""The places of the app: the keys that lead to one from everywhere, the looks, and the way out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen

from hiplog.language import _
from hiplog.settings import Look, ThemeName
from hiplog.tui import theme as themes
from hiplog.tui.ahead import Hold, TypeAhead
from hiplog.tui.desk import Desk
from hiplog.tui.guarded import Guarded

if TYPE_CHECKING:
    from hiplog.logbook.waiting import FirstLook


SOON_S, LOOK_S = 0.5, 0.01
"""How long a save may take before it is asked whether to leave, and how often that is looked at."""


def _today() -> Screen[Any]:
    from hiplog.tui.screens.today.screen import TodayScreen

    return TodayScreen()


def _outcomes() -> Screen[Any]:
    from hiplog.tui.screens.outcomes.screen import OutcomesScreen

    return OutcomesScreen()


def _audit() -> Screen[Any]:
    from hiplog.tui.screens.audit.screen import AuditScreen

    return AuditScreen()


class Places(Guarded):
    """An app that goes from place to place, and asks before it leaves."""

    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "today": _today,
        "outcomes": _outcomes,
        "audit": _audit,
    }
    DEFAULT_MODE = "today"

    desk: Desk
    ahead: TypeAhead
    first: FirstLook | None

    def action_command_palette(self) -> None:
        """Show the palette of commands."""
        from hiplog.tui.commands import Commands

        if not Commands.is_open(self):  # type: ignore[arg-type]
            self.push_screen(Commands(id="--command-palette", placeholder=_("Search for commands…")))

    def action_keys(self) -> None:
        """Show the keys of this screen."""
        from hiplog.tui.dialogs.keys import Keys

        if not isinstance(self.screen, Keys):
            self.push_screen(Keys(self.screen))

    async def action_today(self) -> None:
        """Return to the worklist; whatever was open keeps its draft."""
        if self.current_mode != "today":
            await self.switch_mode("today")
        while len(self.screen_stack) > 1 and not self.screen.is_modal:
            await self.pop_screen()
        if not self.screen.is_modal:
            await self.screen.run_action("clear")

    async def action_outcomes(self) -> None:
        """Go to the outcomes screen; what was open stays as it is."""
        await self._go("outcomes")

    async def action_audit(self) -> None:
        """Go to the audit screen; what was open stays as it is."""
        await self._go("audit")

    async def _go(self, place: str) -> None:
        if self.desk.is_open:
            await self.switch_mode(place)
        elif self.first is not None:
            self.ahead.once_open(lambda: self.call_later(self._arrive, place, self.ahead.hold()))

    async def _arrive(self, place: str, held: Hold) -> None:
        try:
            await self.switch_mode(place)
        finally:
            held.release()

    async def action_quit(self) -> None:
        """Leave, after asking when something is still being saved that takes long."""
        self.run_worker(self._quit(), group="quit", exclusive=True)

    async def _quit(self) -> None:
        from hiplog.tui.dialogs.message import Confirm

        end = time.monotonic() + SOON_S
        while self.desk.writing and not self.lock.locked and time.monotonic() < end:
            await asyncio.sleep(LOOK_S)
        if isinstance(self.screen, Confirm):
            return
        if not self.desk.writing or self.lock.locked:
            self.exit()
            return
        question = _("Something is still being saved. Leave as soon as it is on disk?")
        self.push_screen(Confirm(_("Leave hiplog"), [question]), self._leave_if)

    def _leave_if(self, sure: bool | None) -> None:
        if sure:
            self.exit()

    def action_light(self) -> None:
        """Change between dark and light."""
        self.action_theme("light" if self.current_theme.dark else "dark")

    def action_theme(self, name: ThemeName) -> None:
        """Wear another theme until hiplog is left; the configuration says which one it begins with."""
        self.theme = themes.of(Look(name), no_color=self.no_color)
