"""The app: one window on one logbook, with its themes, its keys for everywhere, and its error door."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.reactive import reactive
from textual.screen import Screen

from hiplog.clinical.errors import HiplogError, Locked, WrongSecret
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.settings import Look
from hiplog.tui import crash, palette, terminal
from hiplog.tui import theme as themes
from hiplog.tui.ahead import TypeAhead
from hiplog.tui.desk import Desk, Opened
from hiplog.tui.keys import always, hidden
from hiplog.tui.lock import LOOK_EVERY_S, Lock
from hiplog.tui.places import Places
from hiplog.tui.privacy import PRIVACY
from hiplog.tui.start_check import TrailCheck
from hiplog.tui.tour import Tour

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.logbook.waiting import FirstLook
    from hiplog.tui.screens.welcome.founder import Founder

SIGNALS = ("SIGTERM", "SIGHUP")
NOTICE_S, GRAVE_S = 5, 8


class HiplogApp(Places):
    """The running program. ``open_book`` is called once, in the desk's thread, after the first paint.

    When it raises ``Locked``, a person is asked, and ``open_with`` is called with what was typed.
    """

    TITLE = "hiplog"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("f1", "keys", "app.keys", _("Keys"), _("Every key of this screen")),
        hidden("f2", "today", "app.today", _("Today"), _("Back to the worklist")),
        hidden("f3", "outcomes", "app.outcomes", _("Outcomes"), _("The eight questions of the owner")),
        hidden("f4", "audit", "app.audit", _("Audit"), _("The audit trail, completeness and export")),
        hidden(
            "f8", "privacy", "app.privacy", _("Privacy"), _("Names as initials, notes hidden; again: shown")
        ),
        hidden("f9", "colleague", "app.colleague", _("Colleague"), _("A colleague signs in; drafts stay")),
        always("ctrl+o", "jump", "app.jump", _("Jump"), _("A letter at every field; the letter goes there")),
        always(
            "ctrl+t", "tour", "app.tour", _("Tour"), _("The tour of an invented clinic: begin it, end it")
        ),
        always("ctrl+n", "skip", "app.skip", _("Next of the tour"), _("Go on to the next step of the tour")),
        always("ctrl+l", "lock", "app.lock", _("Lock"), _("Lock the screen; drafts stay")),
        always("ctrl+q", "quit", "app.quit", _("Quit"), _("Leave hiplog; drafts stay")),
    ]

    busy: reactive[str] = reactive("")
    """A word while the logbook takes long, else empty."""

    def __init__(
        self,
        open_book: Callable[[], Logbook],
        *,
        log_path: Path | None = None,
        open_with: Callable[..., Logbook] | None = None,
        let_go: Callable[[], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        look: Look | None = None,
        bring_back: Callable[[Path], None] | None = None,
        alarmed: bool = False,
        invented: bool = False,
        founder: Founder | None = None,
        first: FirstLook | None = None,
    ) -> None:
        super().__init__()
        PRIVACY.on = False
        self.first = first
        self.alarmed = alarmed
        """Whether the worklist warns of clock, disk and old backups; an invented clinic needs no warning."""
        self.invented = invented
        """Whether the clinic is an invented one, in which nothing can be done wrong."""
        self._founder = founder
        self.trail = TrailCheck(self)
        self._bring_back = bring_back
        self.desk = Desk(open_book, self._say_busy, open_with, let_go)
        self.lock = Lock(self, monotonic)
        self._can_unlock = open_with is not None
        self.ahead = TypeAhead(self, super().on_event)
        self.tour = Tour(self)
        self.log_path = log_path
        self.places: dict[str, str] = {}
        """The step at which each open session was left."""
        self._wear(look or Look())

    def _wear(self, look: Look) -> None:
        for known in themes.THEMES.values():
            self.register_theme(known)
        self.theme = themes.of(look, no_color=self.no_color)
        self.animation_level = self.animation_level if look.motion else "none"
        self.set_keymap(dict(look.keys))

    def get_driver_class(self) -> type[Driver]:
        """The framework's driver; on a terminal one that outlives the window."""
        base = super().get_driver_class()
        return terminal.outliving(base) if base.__name__ == "LinuxDriver" else base

    def on_mount(self) -> None:
        """Look after the lock; leave in good order when the terminal is closed or the system asks."""
        self.set_interval(LOOK_EVERY_S, self.lock.look)
        if self.is_headless:
            return
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                asyncio.get_running_loop().add_signal_handler(number, self._leave_on, number)
        self.set_interval(terminal.LOOK_EVERY_S, self._leave_a_closed_terminal)

    def _leave_a_closed_terminal(self) -> None:
        if terminal.gone(sys.__stdin__.fileno() if sys.__stdin__ else -1):
            self._leave_on(signal.SIGHUP)

    async def on_event(self, event: events.Event) -> None:
        """Deliver keys one at a time, and keep those typed while a screen is being opened."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self.lock.touch()
        if not (isinstance(event, events.Key) and self.ahead.takes(event)):
            await super().on_event(event)

    def on_ready(self) -> None:
        """Open the logbook once the first screen is on the terminal."""
        self.call_after_refresh(self.start_opening)

    def start_opening(self) -> None:
        """Open the logbook behind whatever is shown."""
        gc.enable()
        gc.freeze()
        if self._founder is not None:
            from hiplog.tui.screens.welcome.screen import Welcome

            self.push_screen(Welcome(self._founder), lambda _: self.opened())
            return
        self.run_worker(self._open(), name="open", exit_on_error=False)

    async def _open(self) -> None:
        try:
            await self.desk.open()
        except HiplogError as error:
            await self._refused(error)
        except Exception as error:  # noqa: BLE001 - a fault while opening is told on the last page
            self._handle_exception(error)
        else:
            self.opened()

    def opened(self) -> None:
        """The logbook is open: tell the screen that waits for it."""
        self.log_path = self.log_path or self.desk.book.settings.log
        self.screen.post_message(Opened())
        self.ahead.opened()
        if self.invented:
            self.tour.offer()
        self.trail.begin()

    async def _refused(self, error: HiplogError) -> None:
        """Ask for the passphrase when that is all it wants; else say why, and leave."""
        self.ahead.opened(act=False)
        if not (self._can_unlock and isinstance(error, Locked) and not isinstance(error, WrongSecret)):
            self.cannot_open(error)
            return
        from hiplog.tui.screens.unlock import Unlock

        await self.push_screen(Unlock(error), lambda _: self.opened())

    def cannot_open(self, error: HiplogError) -> None:
        """Say why there is nothing to show; offer the backup that the error names, else leave."""
        from hiplog.tui.dialogs.message import Message as Notice
        from hiplog.tui.screens import rescue

        if self._bring_back is not None and rescue.offer(self, error, self._bring_back):
            return

        def leave(_: object) -> None:
            self.exit(return_code=error.exit_code)

        self.push_screen(Notice(_("The logbook could not be opened"), [str(error)], closes=_("leave")), leave)

    def _say_busy(self, word: str) -> None:
        self.busy = word

    def _leave_on(self, number: int) -> None:
        self.exit(return_code=128 + number)

    def tell(self, sentence: str, *, grave: bool = False) -> None:
        """Show a sentence for some seconds; it is never read as markup. Behind a lock it waits.

        One that is still on the screen is not shown a second time.
        """
        if self.lock.locked:
            self.lock.kept.append((sentence, grave))
            self.bell()
            return
        words = f"! {shown(sentence)}" if grave else shown(sentence)
        if any(str(notice.message) == words for notice in self._notifications):
            return
        if grave:
            self.notify(words, severity="warning", timeout=GRAVE_S, markup=False)
        else:
            self.notify(words, timeout=NOTICE_S, markup=False)

    def hand_over(self, path: Path) -> None:
        """Give a file or folder that was written to the browser, where there is one."""
        if self.is_web:
            from hiplog.tui import handing

            self.deliver_binary(handing.packed(path), save_filename=handing.name_of(path))

    def calm(self, error: Exception) -> None:
        """Turn a failure into a notice; a fault of the program is noted in the log under a code."""
        if isinstance(error, HiplogError):
            self.tell(str(error), grave=True)
            return
        crash.keep(error, self.log_path, datetime.now(UTC))
        self.tell(
            _("That did not work: a fault in the program, code {code}.").format(code=crash.code_of(error)),
            grave=True,
        )

    async def on_unmount(self) -> None:
        """Wait for what is being written, then close the logbook."""
        await self.desk.close()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers; no screenshot, for it would show a patient."""
        return palette.commands(self, screen)

    def panic(self, *renderables: RenderableType) -> None:
        """Show the last page instead of what the exception says about itself."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """End with a calm page: the framework's own would print local variables, so patient data."""
        if self._exit_renderables:
            return
        error = self._exception or RuntimeError()
        kept = crash.keep(error, self.log_path, datetime.now(UTC))
        self._exit_renderables.append(Text(crash.page(error, self.log_path if kept else None)))
        self._close_messages_no_wait()


def run(open_book: Callable[[], Logbook], **how: Any) -> int:
    """Run the app, made as ``how`` says, until it is left; return the exit code."""
    app = HiplogApp(open_book, **how)
    app.run()
    return app.return_code or 0
