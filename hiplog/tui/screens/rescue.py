"""A damaged logbook: the newest whole backup is offered, and brought back by one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.clinical.errors import HiplogError
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

ASKED = _("Bring this backup back now? The file that is there is kept beside it, under another name.")
DONE = _("The backup is back in its place; the file before it is kept beside it.")


def offer(app: HiplogApp, error: HiplogError, bring_back: Callable[[Path], None]) -> bool:
    """Ask whether the backup that ``error`` names shall be brought back; return whether there is one."""
    backup = getattr(error, "backup", None)
    if not isinstance(backup, Path):
        return False
    from hiplog.tui.dialogs.message import Confirm

    def answered(sure: bool | None) -> None:
        if sure:
            app.run_worker(_restored(app, partial(bring_back, backup)), exit_on_error=False)
        else:
            app.exit(return_code=error.exit_code)

    app.push_screen(Confirm(_("The logbook could not be opened"), [str(error), ASKED]), answered)
    return True


async def _restored(app: HiplogApp, work: Callable[[], None]) -> None:
    from hiplog.tui.screens.unlock import Unlock

    try:
        await app.desk.before_open(work, _("bringing the backup back …"))
    except HiplogError as error:
        app.cannot_open(error)
        return
    except Exception as error:  # noqa: BLE001 - told on the last page
        app._handle_exception(error)
        return
    app.tell(DONE)
    # A person at the locked door types the passphrase once more; it may be that of the backup's day.
    if not isinstance(app.screen, Unlock):
        app.start_opening()
