"""What anybody would notice on a screen: words cut off, a crowded footer, a cursor out of sight, a stray hue."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from textual.app import App
from textual.command import CommandPalette
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from hiplog.tui.foot import Foot

MOST_IN_FOOTER = 6


def faults(app: App[None], no_color: bool) -> list[str]:
    """Everything that is wrong with the screen on top, in words."""
    screen = app.screen
    found = [*_cut(screen), *_crowded(screen), *_lost(screen), *_unsaid(screen)]
    return [*found, *(_hued(screen) if no_color else ())]


def _cut(screen: Screen[object]) -> Iterator[str]:
    """Fixed texts whose words do not fit their place."""
    for text in screen.query(Static):
        room = text.content_size
        if not text.is_on_screen or not room.width:
            continue
        needed = text.get_content_height(screen.size, screen.size, room.width)
        if needed > room.height:
            yield f"cut off: {_name(text)} {str(text.content)[:60]!r} needs {needed} lines, has {room.height}"
    for entry in screen.query(Input):
        hint = entry.placeholder
        if entry.is_on_screen and not entry.value and cell_len(str(hint)) > entry.content_size.width:
            yield f"cut off: the hint {str(hint)!r} has {entry.content_size.width} columns"
    for box in screen.query("#box"):
        title = str(box.border_title or "")
        if len(title) + 4 > box.size.width + 2 or title.endswith("…"):
            yield f"cut off: the title {title!r}"


def _crowded(screen: Screen[object]) -> Iterator[str]:
    shown = {active.binding.action for active in screen.active_bindings.values() if active.binding.show}
    for foot in screen.query(Foot):
        if len(shown) > MOST_IN_FOOTER:
            yield f"{len(shown)} keys in the footer"
        for key in foot.keys:
            if key.right > foot.size.width:
                yield f"cut off: {key.written} {key.what} in the footer"


def _lost(screen: Screen[object]) -> Iterator[str]:
    """Whatever has the focus must be seen, of a list the line under the cursor."""
    focused = screen.focused
    if isinstance(screen, CommandPalette):  # its line lies over its list, by the framework's own rules
        return
    if focused is None:
        if any(w.focusable and w.is_on_screen for w in screen.query("*")):
            yield "nothing has the focus"
        return
    line = focused.region
    if isinstance(focused, OptionList) and focused.highlighted is not None:
        place = focused.highlighted - focused.scroll_offset.y
        inner = focused.content_region
        line = Region(inner.x, inner.y + min(max(place, -1), inner.height), inner.width, 1)
    if not _in_sight(screen, focused, line):
        yield f"out of sight: {_name(focused)} has the focus"


def _unsaid(screen: Screen[object]) -> Iterator[str]:
    """A dialog says how to go on, and that stands on the screen."""
    hints = [hint for hint in screen.query(".hint") if str(getattr(hint, "content", "")).strip()]
    if screen.is_modal and hints and not any(_in_sight(screen, hint, hint.region) for hint in hints):
        yield "out of sight: how to close this dialog"


def _in_sight(screen: Screen[object], widget: Widget, line: Region) -> bool:
    seen = line.intersection(screen.region)
    for above in widget.ancestors:
        if isinstance(above, Widget):
            seen = seen.intersection(above.region)
    return seen.area > 0


def _hued(screen: Screen[object]) -> Iterator[str]:
    """Without colour everything is black, white or a grey between."""
    for strip in screen._compositor.render_strips():
        for text, style, _ in strip:
            inks = (style.color, style.bgcolor) if style else ()
            if text.strip() and any(len(set(ink.get_truecolor())) > 1 for ink in inks if ink):
                yield f"coloured in spite of NO_COLOR: {text.strip()[:40]!r}"
                return


def _name(widget: Widget) -> str:
    return f"{type(widget).__name__}{f'#{widget.id}' if widget.id else ''}"
