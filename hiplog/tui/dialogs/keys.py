"""F1: every key of the screen beneath, in words."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from hiplog.language import _
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer, hidden

HIDDEN = ("screen.copy_text", "app.copy", "app.help_quit", "scroll", "page_", "app.focus", "screen.minimize")


class Keys(Dialog[None]):
    """What a screen is for and the keys that work there now, the most particular first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("f1,enter,q", "leave", "keys.close", _("Close"), _("Close this list")),
        hidden("j,down", "move(1)", "keys.down", _("Down"), _("Scroll down")),
        hidden("k,up", "move(-1)", "keys.up", _("Up"), _("Scroll up")),
    ]
    DEFAULT_CSS = """
    Keys > #box { max-height: 90%; }
    Keys Static { height: auto; }
    """

    def __init__(self, beneath: Screen[Any]) -> None:
        super().__init__()
        self._help = str(getattr(beneath, "HELP_TEXT", ""))
        self._rows = rows(beneath)

    def compose(self) -> ComposeResult:
        """The purpose, then a line a key."""
        with Box(_("Keys of this screen")):
            yield Static(_("↑ ↓: scroll    Esc: close"), classes="hint", markup=False)
            if self._help:
                yield Static(f"\n{self._help}\n", markup=False)
            lines = [Content.assemble((f"{key:<12}", "bold $primary"), text) for key, text in self._rows]
            yield Static(Content("\n").join(lines), markup=False)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one(Box).scroll_relative(y=lines, animate=False)


def rows(screen: Screen[Any]) -> list[tuple[str, str]]:
    """Return (key, what it does) for every key that works on ``screen``; keys of one action together.

    Those of a text field (to its end, a word on) come last: they are the same everywhere.
    """
    found: dict[str, tuple[list[str], str]] = {}
    for active in sorted(screen.active_bindings.values(), key=lambda one: not one.binding.id):
        binding = active.binding
        if not binding.description or any(word in binding.action for word in HIDDEN):
            continue
        keys, _ = found.setdefault(binding.action, ([], active.tooltip or binding.description))
        keys.append(screen.app.get_key_display(binding))
    return [(" ".join(dict.fromkeys(keys)), text) for keys, text in found.values()]
