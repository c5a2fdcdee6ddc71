"""What every screen has: the app, its desk, and a line at the top that says where one is."""

from __future__ import annotations

from typing import TypeVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import ScreenResume
from textual.screen import Screen
from textual.widgets import Static

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.app import HiplogApp
from hiplog.tui.desk import Desk
from hiplog.tui.tasks import task

R = TypeVar("R")


class Page(Screen[R]):
    """A full screen. ``HELP_TEXT`` is what F1 says above its keys."""

    app = getters.app(HiplogApp)
    HELP_TEXT = ""
    # Each page says itself where keys go; a line to type in would take those meant for the page.
    AUTO_FOCUS = ""

    @property
    def desk(self) -> Desk:
        """The way to the logbook."""
        return self.app.desk

    def allowed(self, act: str) -> bool:
        """Whether the actor's role may do ``act``; if not, that is told and noted at once."""
        if self.desk.may(act):
            return True
        self._refuse(act)
        return False

    @task
    async def _refuse(self, act: str) -> None:
        await self.desk.need(act)

    @on(ScreenResume)
    def _toured(self) -> None:
        self.app.tour.arrived(self)


SMALL = _("! small, 80×24 shows all")


class TopLine(Horizontal):
    """One row: the place on the left, a state (saved, reading, read-only) on the right."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        background: $panel;
        padding: 0 1;
        & > #place { width: 1fr; text-style: bold; }
        & > #state { width: auto; max-width: 50%; }
    }
    """

    app = getters.app(HiplogApp)

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self._state = ""
        self._matters = False

    def compose(self) -> ComposeResult:
        """Two texts."""
        yield Static(shown(self._place), id="place", markup=False)
        yield Static("", id="state", markup=False)

    def on_mount(self) -> None:
        """Say when the logbook takes long."""
        self.watch(self.app, "busy", self._refresh, init=False)

    def place(self, text: str) -> None:
        """Change the text on the left."""
        self.query_one("#place", Static).update(Content(shown(text)))

    def state(self, text: str, *, matters: bool = False) -> None:
        """Change the text on the right; a slow logbook takes its place while it lasts.

        A terminal that is too small is told of instead, unless the state ``matters`` more.
        """
        self._state, self._matters = text, matters
        self._refresh()

    def _refresh(self) -> None:
        size = self.app.size
        small = SMALL if size.width < 80 or size.height < 24 else ""
        state = self._state if self._matters and self._state else small or self._state
        self.query_one("#state", Static).update(Content(shown(self.app.busy or state)))

    def on_resize(self) -> None:
        """Say or no longer say that the terminal is small."""
        self._refresh()
