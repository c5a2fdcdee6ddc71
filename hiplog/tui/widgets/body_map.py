"""The body map: where needles went, as numbers on a schematic of hip and pelvis from four directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from hiplog.clinical.body import VIEW_WORDS
from hiplog.clinical.muscles import MUSCLES, VIEWS, View
from hiplog.clinical.record import SIDE_WORDS, SIDES
from hiplog.language import _, counted
from hiplog.tui.keys import hidden
from hiplog.tui.widgets.body_layout import MIN_COLUMNS, MIN_ROWS, Figure, Key, figure, nearest

FACING: dict[View, str] = {"lateral": _("{view}, front outward"), "medial": _("{view}, front inward")}
FOOT: dict[View, str] = {
    "lateral": _("schematic, front outward; numbers: insertions"),
    "medial": _("schematic, front inward; numbers: insertions"),
}
NO_COUNTS: Mapping[Key, int] = {}
UNTOUCHED = "○"
HEAD_ROWS = 1
FOOT_ROWS = 2
ROOM_FOR_FACING = 60
"""Columns from which the heading says too which way the bodies face; below, the last line does."""


class BodyMap(Widget, can_focus=True):
    """A figure with a marker for each muscle: how many insertions it had, ``○`` for none.

    Arrow keys go to the nearest muscle in that direction, ``o`` to the other side, ``v`` and ``V`` to
    the next and the previous view; Enter or a click posts :class:`Chosen`. The muscle under the cursor
    is in brackets and named in words below, so the map reads without colour. It is never the only way
    to enter a site, and in a space too small to draw it names the muscles only.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("left,h", "move(-1, 0)", "map.left", _("Left"), _("The nearest muscle to the left")),
        hidden("right,l", "move(1, 0)", "map.right", _("Right"), _("The nearest muscle to the right")),
        hidden("up,k", "move(0, -1)", "map.up", _("Up"), _("The nearest muscle above")),
        hidden("down,j", "move(0, 1)", "map.down", _("Down"), _("The nearest muscle below")),
        hidden("v", "turn(1)", "map.view", _("Next view"), _("Look from the next direction")),
        hidden("V", "turn(-1)", "map.view_before", _("Previous view"), _("Look from the direction before")),
        hidden("o", "cross", "map.side", _("Other side"), _("The same muscle on the other side")),
        hidden("enter", "choose", "map.choose", _("Choose"), _("Take the muscle under the cursor")),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "body-map--outline", "body-map--text", "body-map--none", "body-map--count", "body-map--cursor"
    }  # fmt: skip
    """
    | Class | Description |
    | :- | :- |
    | `body-map--outline` | The drawing. |
    | `body-map--text` | Views, sides and the name below. |
    | `body-map--none` | A muscle without insertions. |
    | `body-map--count` | The number of insertions. |
    | `body-map--cursor` | The muscle under the cursor, which is also in brackets. |
    """

    DEFAULT_CSS = """
    BodyMap {
        height: 1fr;
        min-height: 15;
        & > .body-map--outline { color: $foreground 45%; }
        & > .body-map--text { color: $foreground 85%; }
        & > .body-map--none { color: $foreground 70%; }
        & > .body-map--count { color: $foreground; text-style: bold; }
        & > .body-map--cursor { color: $foreground; text-style: bold; }
        &:focus > .body-map--cursor { text-style: bold reverse; }
        &:ansi > .body-map--outline { color: ansi_default; text-style: dim; }
        &:ansi > .body-map--text, &:ansi > .body-map--none { color: ansi_default; }
        &:ansi > .body-map--count, &:ansi > .body-map--cursor { color: ansi_default; }
    }
    """

    counts: reactive[Mapping[Key, int]] = reactive(NO_COUNTS)
    """Insertions by muscle code and side; give a new mapping to change it."""

    cursor: reactive[Key] = reactive(("GMAX", "L"))
    """The muscle code and side under the cursor; the view follows it."""

    @dataclass
    class Chosen(Message):
        """A muscle was chosen, by Enter or by a click."""

        body: BodyMap
        muscle: str
        side: str

        @property
        def control(self) -> BodyMap:
            """The map it came from."""
            return self.body

    def __init__(
        self,
        counts: Mapping[Key, int] = NO_COUNTS,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.set_reactive(BodyMap.counts, self.validate_counts(counts))

    @property
    def view(self) -> View:
        """The direction one looks from."""
        return MUSCLES[self.cursor[0]].view

    @property
    def figure(self) -> Figure:
        """The picture of the present view at the present size."""
        columns, rows = self.size.width, self.size.height - HEAD_ROWS - FOOT_ROWS
        return figure(self.view, max(columns, MIN_COLUMNS), max(rows, MIN_ROWS))

    def validate_counts(self, counts: Mapping[Key, int]) -> Mapping[Key, int]:
        """Leave out what has no place on the map, such as a muscle brought in under another code."""
        return {(code.upper(), side): n for (code, side), n in counts.items() if has_place(code, side)}

    def validate_cursor(self, cursor: Key) -> Key:
        """Keep the cursor on a muscle that there is; ``ValueError`` for any other."""
        muscle, side = cursor
        if not has_place(muscle, side):
            raise ValueError(f"no muscle {muscle!r} on side {side!r}")
        return muscle.upper(), side

    def render(self) -> Text:
        """The views, the figure with its markers, and in words what is under the cursor."""
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(self._heading() + "\n", self._style("text"))
        if self.size.width < MIN_COLUMNS or self.size.height < HEAD_ROWS + MIN_ROWS + FOOT_ROWS:
            words = _("no room to draw: needs {width} columns, {height} rows")
            text.append(words.format(width=MIN_COLUMNS, height=15) + "\n", self._style("text"))
        else:
            for line in self._lines():
                text.append_text(line)
                text.append("\n")
        text.append(self._named() + "\n", self._style("count"))
        text.append(self._foot(), self._style("text"))
        return text

    def _heading(self) -> str:
        parts = []
        for view in VIEWS:
            total = sum(n for (code, _), n in self.counts.items() if MUSCLES[code].view == view)
            word = f"{VIEW_WORDS[view]} {total}"
            parts.append(f"[{self._facing(view, word)}]" if view == self.view else f" {word} ")
        return " ".join(parts)

    def _facing(self, view: View, word: str) -> str:
        return (
            FACING[view].format(view=word) if view in FACING and self.size.width >= ROOM_FOR_FACING else word
        )

    def _foot(self) -> str:
        if self.size.width >= ROOM_FOR_FACING:
            return _("schematic; numbers are insertions, ○ none")
        return FOOT.get(self.view) or _("schematic; numbers: insertions")

    def _named(self) -> str:
        code, side = self.cursor
        count = self.counts.get(self.cursor, 0)
        told = counted(count, "{count} insertion", "{count} insertions") if count else _("no insertions")
        return f"▸ {MUSCLES[code].name}, {SIDE_WORDS[side]}: {told}"

    def _lines(self) -> list[Text]:
        drawing = self.figure
        lines = [Text(row, self._style("outline"), no_wrap=True) for row in drawing.rows]
        for column, row, word in drawing.labels:
            lines[row] = _over(lines[row], column, Text(word, self._style("text")))
        for key, (column, row) in drawing.cells.items():
            count = self.counts.get(key, 0)
            marker = str(count) if count else UNTOUCHED
            if key == self.cursor:
                lines[row] = _over(lines[row], column - 1, Text(f"[{marker}]", self._style("cursor")))
            else:
                style = self._style("count" if count else "none")
                lines[row] = _over(lines[row], column, Text(marker, style))
        return lines

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"body-map--{part}")

    def on_click(self, event: events.Click) -> None:
        """Choose the muscle whose marker was clicked, or the column beside it."""
        place = event.get_content_offset(self)
        if place is None:
            return
        for key, (column, row) in self.figure.cells.items():
            if row == place.y - HEAD_ROWS and abs(column - place.x) <= 1:
                self.cursor = key
                self.action_choose()
                return

    def action_move(self, right: int, down: int) -> None:
        """Go to the nearest muscle in a direction; stay where there is none."""
        self.cursor = nearest(self.figure.cells, self.cursor, right, down)

    def action_turn(self, by: int) -> None:
        """Look from the next direction, at a muscle that was needled if there is one."""
        view = VIEWS[(VIEWS.index(self.view) + by) % len(VIEWS)]
        side = self.cursor[1]
        seen = [muscle.code for muscle in MUSCLES if muscle.view == view and not muscle.retired]
        needled = [code for code in seen if self.counts.get((code, side), 0)]
        self.cursor = ((needled or seen)[0], side)

    def action_cross(self) -> None:
        """Go to the same muscle on the other side."""
        muscle, side = self.cursor
        self.cursor = (muscle, "R" if side == "L" else "L")

    def action_choose(self) -> None:
        """Tell the owner which muscle and side are under the cursor."""
        self.post_message(self.Chosen(self, *self.cursor))


def has_place(muscle: str, side: str) -> bool:
    """Whether the map has a marker for ``muscle`` on ``side``."""
    known = MUSCLES.get(muscle)
    return known is not None and not known.retired and side in SIDES


def _over(line: Text, column: int, word: Text) -> Text:
    """Lay ``word`` over ``line`` from ``column`` on."""
    before, after = line[:column], line[column + len(word) :]
    return Text.assemble(before, word, after)


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("body")
