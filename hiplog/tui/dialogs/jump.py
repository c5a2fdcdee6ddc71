"""Jump letters: one at every field of the screen beneath."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from hiplog.language import _
from hiplog.logbook.shown import cells, shown
from hiplog.tui.dialogs.dialog import Dialog
from hiplog.tui.keys import footer

LETTERS = string.ascii_lowercase + string.ascii_uppercase
HINT = _("a letter: go there    Esc: stay")
ELSEWHERE = _("not in sight:")
SPACE = "   "


@dataclass(frozen=True, slots=True)
class Field:
    """A place for the cursor, and what it is called where it cannot be seen."""

    widget: Widget
    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A field with its letter; ``at`` is where the letter stands, ``None`` for a field out of sight."""

    letter: str
    field: Field
    at: Offset | None


class Jump(Dialog[Widget]):
    """The letters over the screen beneath, and below them those of the fields that are out of sight."""

    HELP_TEXT = _("A letter puts the cursor on its field; fields out of sight stand at the foot.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape", "leave", "jump.stay", _("Stay"), _("Stay where the cursor is")),
    ]
    DEFAULT_CSS = """
    Jump {
        background: $background 30%;
        & > .letter { position: absolute; width: 2; height: 1; text-style: bold reverse; }
        & > #elsewhere { dock: bottom; width: 100%; height: auto; background: $surface; padding: 0 1; }
    }
    """

    def __init__(self, beneath: Screen[Any], fields: Sequence[Field]) -> None:
        super().__init__()
        self._spots = spots(beneath, fields)
        self._first: Size | None = None

    def compose(self) -> ComposeResult:
        """A label for each field in sight; the others in lines at the foot."""
        for spot in self._spots:
            if spot.at is not None:
                label = Static(f"{spot.letter} ", classes="letter", markup=False)
                label.styles.offset = (spot.at.x, spot.at.y)
                yield label
        yield Static(
            Content("\n").join(_foot(self._spots, self.app.size.width)), id="elsewhere", markup=False
        )

    def on_key(self, event: events.Key) -> None:
        """Take the letter; a key that is none stays without an effect."""
        if event.character is not None and event.character in LETTERS:
            event.stop()
            found = next((s for s in self._spots if s.letter == event.character), None)
            if found is not None:
                self.dismiss(found.field.widget)

    def on_resize(self, event: events.Resize) -> None:
        """Go away when the terminal changes its size: the letters would point elsewhere."""
        if self._first is not None and event.size != self._first:
            self.dismiss(None)
        self._first = event.size


def name_of(widget: Widget) -> str:
    """What a field is called: its own label, that of its row, else what kind of thing it is."""
    own = (getattr(widget, name, None) for name in ("label", "question", "jump_name"))
    of_row = getattr(getattr(widget.parent, "field", None), "label", None)
    kind = widget.id or type(widget).__name__.lower()
    return str(next((name for name in (*own, of_row) if name), kind))


def spots(screen: Screen[Any], fields: Sequence[Field]) -> list[Spot]:
    """Give every field a letter, and a place where it can be seen above the foot."""
    lettered = list(zip(LETTERS, fields, strict=False))
    seen = [_seen(screen, field.widget) for _, field in lettered]
    rows = 0
    for _ in range(2):
        # What the foot covers is listed in it, which may make it a row higher.
        edge = screen.app.size.height - rows
        found = [
            Spot(letter, field, at if at is not None and at.y < edge else None)
            for (letter, field), at in zip(lettered, seen, strict=True)
        ]
        rows = len(_foot(found, screen.app.size.width))
    return found


def _seen(screen: Screen[Any], widget: Widget) -> Offset | None:
    if not all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget)):
        return None
    region, clip = widget.region, widget.region
    for node in widget.ancestors:
        if isinstance(node, Widget) and node is not screen:
            clip = clip.intersection(node.content_region if node.is_scrollable else node.region)
    return Offset(region.x, clip.y) if clip.area else None


def _foot(found: Sequence[Spot], width: int) -> list[Content]:
    """The lines at the foot: the keys, then every field out of sight after its letter."""
    hidden = [spot for spot in found if spot.at is None]
    lines, room = [Content.assemble((HINT, "bold"))], width - 2
    if not hidden:
        return lines
    line: list[tuple[str, str]] = [(ELSEWHERE, "")]
    for spot in hidden:
        name = shown(spot.field.name, 40)
        if sum(cells(text) for text, _ in line) + cells(name) + len(SPACE) + 4 > room:
            lines.append(Content.assemble(*line))
            line = []
        line += [(SPACE if line else "", ""), (f" {spot.letter} ", "bold reverse"), (f" {name}", "")]
    return [*lines, Content.assemble(*line)]
