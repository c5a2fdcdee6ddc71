"""The lines of the log: when, by whom, what was done, to whom in codes, and which entry it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from hiplog.language import _
from hiplog.tui.screens.parts import fit, joined

if TYPE_CHECKING:
    from hiplog.logbook.trail import Line

Local = Callable[[datetime], datetime]
Key = tuple[str, int]
ACTOR, ACTION, ABOUT, PLACE = 7, 20, 14, 10
NONE = _("No entry fits; Esc clears what was typed.")


def key_of(line: Line) -> str:
    """The id of a line."""
    return f"{line.chain}:{line.seq}"


def options(lines: Sequence[Line], local: Local, wrong: Set[Key]) -> list[Option]:
    """One option a line; those that the check named are marked ``!``."""
    return [Option(_line(line, local, (line.chain, line.seq) in wrong), id=key_of(line)) for line in lines]


def nothing() -> list[Option]:
    """What stands there when nothing fits."""
    return [Option(Content(NONE), disabled=True)]


def _line(line: Line, local: Local, wrong: bool) -> Content:
    number = f"#{line.seq}" if line.chain == "record" else f"{line.chain} #{line.seq}"
    return joined(
        ("! " if wrong else "  ", "bold $accent"),
        f"{when(line, local)} {fit(line.actor, ACTOR)} {fit(line.action, ACTION)} {fit(line.about, ABOUT)} ",
        (f"{fit(number, PLACE)}", "$secondary"),
    )


def when(line: Line, local: Local) -> str:
    """``2026-11-23 10:32`` in the clinic's zone; a time that cannot be read says so."""
    return _("no readable time") if line.at is None else f"{local(line.at):%Y-%m-%d %H:%M}"
