"""The clipboard as far as a terminal has one: text is sent by OSC 52, and no terminal says what became of it.

Terminals that are known to have none are told of before anything is claimed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.logbook.shown import shown

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

SENT = _("Sent to the terminal's clipboard. Nothing to paste? Then the terminal keeps it shut{otherwise}.")
NONE = _("{terminal} has no clipboard that a program can reach{otherwise}.")
WRITES = _(": w writes a page")
"""What to do instead, where there is something."""
CONSOLES = {
    "linux": _("The system console"),
    "dumb": _("This terminal"),
    "vt100": _("This terminal"),
    "": _("This terminal"),
}
"""Values of TERM whose terminals know no OSC 52."""
APPLE = _("Apple's Terminal")
SCREEN = _("A terminal inside GNU screen")


def missing(environ: Mapping[str, str]) -> str | None:
    """Name the terminal when it is one without a clipboard, else ``None``."""
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return APPLE
    if environ.get("STY"):
        return SCREEN
    return CONSOLES.get(environ.get("TERM", ""))


def copy(app: HiplogApp, text: str, otherwise: str = "") -> None:
    """Send ``text`` to the clipboard and say so, or that there is none and what would do ``otherwise``."""
    without = missing(os.environ)
    if without is not None and not app.is_web:
        app.tell(NONE.format(terminal=without, otherwise=otherwise), grave=True)
        return
    app.copy_to_clipboard(shown(text, newlines=True))
    app.tell(SENT.format(otherwise=otherwise))
