"""The last line of a screen: its keys and what they do, as one text.

The library's own footer makes a widget of every key and makes them all anew whenever the focus moves;
four of five style look-ups of a session went into that line. This one is drawn as one text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

KEY = "bold $footer-key-foreground on $footer-key-background"
WHAT = "$footer-description-foreground on $footer-description-background"


@dataclass(frozen=True, slots=True)
class FootKey:
    """One key of the line: what is pressed, how it is written, what it does, where it stands.

    ``left`` and ``right`` are columns from the left edge of the line, the right one no longer part of it.
    """

    key: str
    written: str
    what: str
    sentence: str
    barred: bool
    left: int
    right: int

    @property
    def content(self) -> Content:
        """The key and its word, with a space on both sides."""
        dim = " dim" if self.barred else ""
        return Content.assemble((f" {self.written} ", KEY + dim), (f"{self.what} ", WHAT + dim))


class Foot(Widget, can_focus=False):
    """The keys that are shown of the screen and of what has the focus; a click presses one."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Foot {
        dock: bottom;
        height: 1;
        color: $footer-foreground;
        background: $footer-background;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        pointer: pointer;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys: tuple[FootKey, ...] = ()

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def render(self) -> Content:
        """All keys in one line; what does not fit ends in an ellipsis."""
        return Content("").join(one.content for one in self.keys)

    def _follow(self, screen: Screen[Any]) -> None:
        if screen is self.screen and self.is_attached and (keys := self._found()) != self.keys:
            self.keys = keys
            self.refresh()

    def _found(self) -> tuple[FootKey, ...]:
        found: dict[str, FootKey] = {}
        left = 0
        for _node, binding, enabled, sentence in self.screen.active_bindings.values():
            if not binding.show or binding.action in found:
                continue
            written = self.app.get_key_display(binding)
            key = FootKey(binding.key, written, binding.description, sentence, not enabled, left, left)
            left += key.content.cell_length
            found[binding.action] = replace(key, right=left)
        return tuple(found.values())

    def _at(self, x: int) -> FootKey | None:
        return next((one for one in self.keys if one.left <= x < one.right), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say of the key under the pointer what it does."""
        under = self._at(event.x)
        if under is None or not under.sentence:
            self.tooltip = None
        else:
            self.tooltip = Content(under.sentence)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the pointer."""
        under = self._at(event.x)
        if under is None:
            return
        if under.barred:
            self.app.bell()
        else:
            self.app.simulate_key(under.key)
