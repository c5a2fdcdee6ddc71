"""Jump to any field: one key puts a letter at each, the letter puts the cursor there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.widget import Widget

from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.tui.guarded import Guarded

NOWHERE = _("There is no other field here to jump to.")


def begin(app: Guarded) -> None:
    """Show the letters over the screen on top; one that has fields out of sight says which they are."""
    from hiplog.tui.dialogs.jump import Field, Jump, name_of

    screen = app.screen
    if isinstance(screen, Jump):
        return
    fields = [Field(widget, name_of(widget)) for widget in fields_of(screen)]
    if len(fields) < 2:
        app.tell(NOWHERE)
        return
    app.push_screen(Jump(screen, fields), lambda widget: _go(screen, widget))


def fields_of(screen: Screen[Any]) -> list[Widget]:
    """Every place on ``screen`` that takes the cursor."""
    own = getattr(screen, "jump_fields", None)
    return own() if own is not None else list(screen.focus_chain)


def _go(screen: Screen[Any], widget: Widget | None) -> None:
    if widget is None or not widget.is_attached:
        return
    own = getattr(screen, "jump_to", None)
    if own is not None:
        own(widget)
    else:
        screen.set_focus(widget)
