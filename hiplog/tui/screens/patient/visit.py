"""One visit, to read: what was done, what was found, and every amendment beside what it changed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from hiplog.clinical.record import FollowUp, Session
from hiplog.clinical.requests import Request
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer, hidden
from hiplog.tui.privacy import named
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import day, local, stacked
from hiplog.tui.screens.patient import actions, asked, looking, visit_text
from hiplog.tui.screens.session import plans
from hiplog.tui.tasks import newest, task


class VisitScreen(Page[None]):
    """Read a visit; ``A`` amends, ``C`` co-signs, ``X`` voids, ``f`` follows up, ``R`` shows requests."""

    CSS_PATH = "visit.tcss"
    HELP_TEXT = _("A visit as signed. * marks an amended value; what stood there before is beneath it.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("escape,backspace", "leave", "visit.back", _("Back"), _("Back to the patient")),
        footer("A", "amend", "visit.amend", _("Amend"), _("Correct a signed field, with a reason")),
        footer("C", "cosign", "visit.cosign", _("Co-sign"), _("Put a second signature under this visit")),
        footer("X", "void", "visit.void", _("Void"), _("Declare this visit void, with a reason")),
        footer("f", "follow_up", "visit.follow_up", _("Follow up"), _("Record how the patient is")),
        footer("f1", "app.keys", "visit.keys", _("Keys"), _("Every key of this screen")),
        hidden(
            "L",
            "protocols",
            "visit.protocols",
            _("Protocols"),
            _("Keep this plan as a protocol on a key 1 to 9"),
        ),
        hidden("R", "requests", "visit.requests", _("Requests"), _("What the patient asked to have amended")),
        hidden("p,P", "summary", "visit.summary", _("Summary"), _("This visit to copy or to print")),
        hidden("j,down", "move(1)", "visit.down", _("Down"), _("Scroll down")),
        hidden("k,up", "move(-1)", "visit.up", _("Up"), _("Scroll up")),
    ]

    def __init__(
        self,
        who: str,
        visit: Session,
        follow_ups: tuple[FollowUp, ...],
        requests: tuple[Request, ...] = (),
    ) -> None:
        super().__init__()
        self._who, self._visit, self._follow_ups, self._requests = who, visit, follow_ups, requests

    def compose(self) -> ComposeResult:
        """Top line and text."""
        yield TopLine(self._place)
        with VerticalScroll(id="paper", can_focus=False):
            yield Static(id="text", markup=False)
        yield Foot()

    def on_mount(self) -> None:
        """Show the visit."""
        self._show()

    def _show(self) -> None:
        told = visit_text.lines(self._visit, self._follow_ups, self._requests, self.desk.today())
        self.query_one("#text", Static).update(stacked(told))

    @newest
    async def reload(self) -> None:
        """Read the visit anew."""
        self._visit = await self.desk.read(rooms.sessions.get, self._visit.id)
        self._follow_ups = await self.desk.read(rooms.followups.of, self._visit.patient)
        self._requests = await self.desk.read(rooms.requests.of, self._visit.patient)
        self._show()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#paper", VerticalScroll).scroll_relative(y=lines, animate=False)

    @task
    async def action_amend(self) -> None:
        """Correct a signed field."""
        await actions.amend(self.app, actions.signed(self._visit), self.reload)

    @task
    async def action_void(self) -> None:
        """Declare the visit void."""
        await actions.void(self.app, actions.signed(self._visit), self.reload)

    @task
    async def action_cosign(self) -> None:
        """Put a second signature under the visit."""
        await actions.cosign(self.app, actions.signed(self._visit), self.reload)

    @task
    async def action_protocols(self) -> None:
        """Keep the plan of this visit as a protocol of the clinic."""
        await plans.keep(self.app, self._visit)

    @task
    async def action_requests(self) -> None:
        """Take down or answer what the patient asked to have amended."""
        await asked.choose(self.app, self._visit.patient, (self._visit,), self._requests, self.reload)

    @task
    async def action_summary(self) -> None:
        """Show the visit as it is printed."""
        await looking.summary(self.app, self._visit)

    def redraw(self) -> None:
        """Show it anew, with names or without."""
        self.query_one(TopLine).place(self._place)
        self._show()

    @property
    def _place(self) -> str:
        return _("{named}   visit {number}, {day}").format(
            named=named(self._who), number=self._visit.number, day=day(local(self._visit))
        )

    @task
    async def action_follow_up(self) -> None:
        """Record a follow-up."""
        await actions.follow_up(self.app, actions.signed(self._visit), self.reload)
