"""The newest part of the trail is checked once the first screen is there, beside everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.errand import Errand

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

AFTER_S = 0.5
"""Seconds that the worklist has for itself first."""
TOLD = _("Something is wrong with the audit trail: the worklist (F2) says what, and what to do.")


class TrailCheck:
    """The check at the start: ``wrong`` is what it found, in a sentence, ``done`` that it came to its end."""

    def __init__(self, app: HiplogApp) -> None:
        self._app = app
        self.wrong = ""
        self.done = False

    def begin(self) -> None:
        """Check a little later, unless this logbook is one that nobody needs to be warned about."""
        if self._app.alarmed:
            self._app.set_timer(AFTER_S, self._start)

    def _start(self) -> None:
        self._app.run_worker(self._check(), name="start-check", exit_on_error=False)

    async def _check(self) -> None:
        desk = self._app.desk
        if not desk.is_open or desk.dropped:
            return
        book = desk.book
        wrong = await Errand(lambda _: rooms.startcheck.look(book)).run()
        self.done = True
        if wrong is not None and not desk.dropped:
            self.wrong = wrong
            self._app.tell(TOLD, grave=True)
            redraw = getattr(self._app.screen, "redraw", None)
            if redraw is not None:
                redraw()
