"""Point memory: every place needled before, and beneath it what came of each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.muscles import MUSCLES
from hiplog.language import _
from hiplog.logbook.points import Point, Soreness, Treated
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices, fit, joined, short_day, stacked

NAME, ZONE, TIMES, TWITCH, SORE = 24, 6, 6, 9, 18
HEADINGS = (
    (_("muscle"), NAME), ("s", 1), (_("zone"), ZONE), (_("times"), TIMES), (_("twitch"), TWITCH),
    (_("sore after"), SORE),
)  # fmt: skip
HEAD = " ".join(["", *(fit(word, width) for word, width in HEADINGS), _("pain")])
CAUTION = _(
    "Observational: soreness and pain are those of the whole visit, so they are no effect of one place."
)

CLOSES = _("Esc: close")


class Memory(Dialog[None]):
    """The places, most often needled first; the one under the cursor is told visit by visit."""

    HELP_TEXT = _(
        "Twitch: visits with one, of those in which one was sought. Sore after: of "
        "those after which somebody asked, and the highest score. Pain: the median "
        "change, after less before needling."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape", "leave", "memory.close", _("Close"), _("Close the point memory")),
    ]
    DEFAULT_CSS = """
    Memory {
        & > #box { width: 80; height: 100%; max-height: 36; padding: 0; }
        & Choices { height: 2fr; background: $surface; }
        & #told { height: 1fr; border-top: solid $border-blurred; scrollbar-size-vertical: 1; }
        & #visits { height: auto; padding: 0 1; }
        & .hint, & #head { padding: 0; }
        & .hint { padding: 0 1; }
    }
    """

    def __init__(self, points: Sequence[Point], local: Callable[[datetime], datetime], today: date) -> None:
        super().__init__()
        self._points, self._local, self._today = tuple(points), local, today

    def compose(self) -> ComposeResult:
        """Headings, places, visits, what it is not."""
        with Box(_("Point memory")):
            yield Static(joined((HEAD, "$foreground 75%")), id="head", markup=False)
            yield Choices()
            with VerticalScroll(id="told", can_focus=False):
                yield Static(id="visits", markup=False)
            yield Static(f"{CAUTION}\n{CLOSES}", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the places."""
        options = [Option(Content(point_line(p)), id=str(at)) for at, p in enumerate(self._points)]
        none = Option(
            Content(_("Nothing yet: sign a visit with needle sites, and they stand here.")), disabled=True
        )
        choices = self.query_one(Choices)
        choices.fill(options or [none])
        choices.focus()

    @on(Choices.OptionHighlighted)
    def _tell(self, event: Choices.OptionHighlighted) -> None:
        if event.option_id is None:
            return
        visits = reversed(self._points[int(event.option_id)].visits)
        lines = [joined(visit_words(v, short_day(self._local(v.at), self._today))) for v in visits]
        self.query_one("#visits", Static).update(stacked(lines))


def point_line(point: Point) -> str:
    """One place as a row of the table."""
    muscle = MUSCLES.get(point.muscle)
    name = muscle.name if muscle else point.muscle
    parts = (
        fit(name, NAME),
        point.side,
        fit(point.zone or "–", ZONE),
        fit(f"{point.times}×", TIMES),
        fit(_share(point.twitches, "–"), TWITCH),
        fit(_sore(point), SORE),
        _signed(point.pain_change),
    )
    return " ".join(parts)


def _share(counted: tuple[int, int], none: str) -> str:
    some, every = counted
    return _("{some} of {every}").format(some=some, every=every) if every else none


def _sore(point: Point) -> str:
    words = _share(point.sore, _("not asked"))
    return (
        words if point.sorest is None else _("{words}, to {sorest}").format(words=words, sorest=point.sorest)
    )


def _signed(change: Decimal | None) -> str:
    if change is None:
        return "–"
    plain = f"{abs(change).normalize():f}"
    return f"−{plain}" if change < 0 else f"+{plain}" if change > 0 else "±0"


def visit_words(visit: Treated, on: str) -> str:
    """``3rd time, 2 Mar: twitch, sore after 4 of 10, pain −3``."""
    twitch = {None: _("twitch not known"), True: _("twitch"), False: _("no twitch")}[visit.twitch]
    pain = (
        _("pain not scored twice")
        if visit.pain_change is None
        else _("pain {signed}").format(signed=_signed(visit.pain_change))
    )
    return _("{nth} time, {on}: {twitch}, {felt}, {pain}").format(
        nth=nth(visit.nth), on=on, twitch=twitch, felt=_felt(visit.soreness), pain=pain
    )


def _felt(soreness: Soreness | None) -> str:
    if soreness is None:
        return _("soreness not asked")
    if not soreness.felt:
        return _("not sore after")
    return (
        _("sore after")
        if soreness.score is None
        else _("sore after {score} of 10").format(score=soreness.score)
    )


def nth(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``11th``."""
    ending = 0 if number % 100 in (11, 12, 13) else number % 10
    forms = {1: _("{number}st"), 2: _("{number}nd"), 3: _("{number}rd")}
    return forms.get(ending, _("{number}th")).format(number=number)
