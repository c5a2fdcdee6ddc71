"""The tour of an invented clinic: the five things a therapist does, told at the foot of the screens.

Each step is over once the screen it leads to is there; ``ctrl+n`` skips it, ``ctrl+t`` begins and ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.foot import Foot
from hiplog.tui.tasks import started

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

OFFER = _("New here? ctrl+t: a tour of the five things one does.    ctrl+n: no, thanks.")
ONLY_INVENTED = _("The tour writes as you do, so it walks through an invented clinic only: hiplog demo")
ENDED = _("The tour is over; ctrl+t begins it again, F1 lists the keys of every screen.")
KEYS = _("ctrl+n: skip    ctrl+t: end")


class Step(NamedTuple):
    """What to do, and the kind of screen that is there once it is done."""

    name: str
    words: str
    until: str


STEPS = (
    Step(
        _("find"),
        _("/ finds anybody by any part of a name or chart code. Type / {letters}, Enter opens the chart."),
        "PatientScreen",
    ),
    Step(
        _("log"),
        _("r begins a visit with the plan of the last one, n an empty one. Press r. Nothing is preset."),
        "SessionScreen",
    ),
    Step(
        _("sign"),
        _(
            "Answer line by line. F6: t counts a twitch, Space says treated. F7: what came "
            "of it. s signs, or says what is missing; Esc keeps the draft."
        ),
        "PatientScreen",
    ),
    Step(
        _("trend"),
        _(
            "Pain and one measure on real dates, the change that matters drawn in. m: next "
            "measure, t: as a table, b: body map. Then F4."
        ),
        "AuditScreen",
    ),
    Step(
        _("audit"),
        _(
            "Who wrote what and when; nothing is overwritten. v checks every row, e writes "
            "the bundle for an auditor. That was all: F1 says the rest."
        ),
        "",
    ),
)
LETTERS = 5


class TourStrip(Static):
    """What to do next, above the footer."""

    DEFAULT_CSS = """
    TourStrip { height: auto; padding: 0 1; background: $panel; border-top: solid $border; }
    """


class Tour:
    """Where the tour is: not begun, offered, or at a step."""

    def __init__(self, app: HiplogApp) -> None:
        self._app = app
        self.at: int | None = None
        self.offered = False
        self._letters = ""

    @property
    def words(self) -> Content | None:
        """What the strip says now; ``None`` when there is none."""
        if self.at is None:
            return Content(OFFER) if self.offered else None
        step = STEPS[self.at]
        number = _("{at} of {all}, {step}: ").format(at=self.at + 1, all=len(STEPS), step=step.name)
        words = step.words.format(letters=self._letters)
        return Content.assemble((number, "bold $primary"), words, (f"   {KEYS}", "$foreground 75%"))

    def offer(self) -> None:
        """Offer it once, in an invented clinic."""
        self.offered = self.at is None
        self._show(self._app.screen)

    def turn(self) -> None:
        """Begin at the first step, or end; not where records are real."""
        if not self._app.invented:
            self._app.tell(ONLY_INVENTED)
            return
        if self.at is None:
            started(self._app, self._begin)
        else:
            self.at = None
            self._go_on(ended=True)

    async def _begin(self) -> None:
        """Choose somebody who comes regularly and has no draft, for a visit of whom everything is there."""
        desk = self._app.desk
        today = await desk.read(rooms.worklist.today)
        drafted = {item.patient_id for item in today.drafts}
        seen = (*today.overdue, *today.due, *today.signed_today, *today.recent)
        who = next((item.name for item in seen if item.patient_id not in drafted), "")
        self._letters = rooms.texts.folded(who)[:LETTERS]
        self.at = 0
        self._go_on(ended=False)

    def skip(self) -> None:
        """Go to the next step; past the last one, or instead of the offer, end."""
        if self.at is None and not self.offered:
            return
        at = len(STEPS) if self.at is None else self.at + 1
        self.at = at if at < len(STEPS) else None
        self._go_on(ended=self.at is None)

    def arrived(self, screen: Screen[Any]) -> None:
        """A screen came up: the step that led there is done."""
        if self.at is not None and type(screen).__name__ == STEPS[self.at].until:
            self.at += 1
        self._show(screen)

    def _go_on(self, *, ended: bool) -> None:
        self.offered = False
        if ended:
            self._app.tell(ENDED)
        self._show(self._app.screen)

    def _show(self, screen: Screen[Any]) -> None:
        words = self.words
        strips = screen.query(TourStrip)
        if words is None:
            strips.remove()
        elif strips:
            strips.first().update(words)
        else:
            self._lay(screen, TourStrip(words))

    def _lay(self, screen: Screen[Any], strip: TourStrip) -> None:
        try:
            screen.mount(strip, before=screen.query_one(Foot))
        except NoMatches:
            # A dialog has no foot of its own; the screen beneath keeps what it says.
            return
