"""The newest part of the trail is checked once the first screen is there, beside everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.tui import rooms
from hiplog.tui.errand import Errand

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

AFTER_S = 0.5
"""Seconds that the worklist has for itself first."""
TOLD = "Something is wrong with the audit trail: the worklist (F2) says what, and what to do."


def begin(app: HiplogApp) -> None:
    """Check a little later, unless this logbook is one that nobody needs to be warned about."""
    if app.alarmed:
        app.set_timer(AFTER_S, lambda: app.run_worker(_check(app), name="start-check", exit_on_error=False))


async def _check(app: HiplogApp) -> None:
    if not app.desk.is_open or app.desk.dropped:
        return
    book = app.desk.book
    wrong = await Errand(lambda _: rooms.startcheck.look(book)).run()
    app.trail_checked = True
    if wrong is not None and not app.desk.dropped:
        app.trail = wrong
        app.tell(TOLD, grave=True)
