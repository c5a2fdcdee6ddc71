"""A patient's page: facts, the trend on real dates, and the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.record import Precaution, Session
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.foot import Foot
from hiplog.tui.keys import always, footer, hidden
from hiplog.tui.screens import opening
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import Choices, stacked
from hiplog.tui.screens.patient import actions, asked, changing, facts, looking
from hiplog.tui.screens.patient.visit import VisitScreen
from hiplog.tui.screens.today.preview import day_columns, visit_line
from hiplog.tui.tasks import newest, task
from hiplog.tui.widgets.trend_chart import TrendChart
from hiplog.tui.widgets.trend_table import TrendTable

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline
    from hiplog.outcomes.trend import PatientTrend

PAIN = "NPRS"


class PatientScreen(Page[None]):
    """Trend above the visits; side by side on a wide terminal."""

    CSS_PATH = "patient.tcss"
    HELP_TEXT = _("One patient. Pain and one more measure on real dates; ! a reaction, * a co-treatment.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("n", "new", "patient.new", _("New"), _("New session")),
        footer("r", "repeat", "patient.repeat", _("Repeat"), _("New session with the plan of the last one")),
        footer(
            "f",
            "follow_up",
            "patient.follow_up",
            _("Follow up"),
            _("Record how the patient is after the visit under the cursor"),
        ),
        footer("m", "measure", "patient.measure", _("Measure"), _("Next measure beside pain")),
        hidden("t", "table", "patient.table", _("Table"), _("The same points as a table, and back")),
        footer("f1", "app.keys", "patient.keys", _("Keys"), _("Every key of this screen")),
        hidden("b", "body", "patient.body", _("Body map"), _("Insertions of this episode on the body map")),
        always(
            "k", "memory", "patient.memory", _("Point memory"), _("What came of each place needled before")
        ),
        hidden(
            "p", "aftercare", "patient.aftercare", _("Aftercare"), _("The aftercare sheet of the last visit")
        ),
        hidden(
            "P",
            "summary",
            "patient.summary",
            _("Summary"),
            _("The visit under the cursor: copy it or write a page"),
        ),
        hidden("v", "visits", "patient.visits", _("Visits"), _("All visits, and back")),
        hidden(
            "A",
            "amend",
            "patient.amend",
            _("Amend"),
            _("Correct a field of the signed visit under the cursor"),
        ),
        hidden("X", "void", "patient.void", _("Void"), _("Declare the visit void")),
        hidden(
            "R", "requests", "patient.requests", _("Requests"), _("What the patient asked to have amended")
        ),
        hidden("c", "precaution", "patient.precaution", _("Precaution"), _("Note a precaution")),
        hidden(
            "e",
            "edit",
            "patient.edit",
            _("Edit"),
            _("Edit the patient, open or close an episode, end a precaution"),
        ),
        hidden("escape", "leave", "patient.back", _("Back"), _("Back to the worklist")),
    ]

    choices = getters.query_one("#visits", Choices)

    def __init__(self, patient_id: str) -> None:
        super().__init__()
        self._patient_id = patient_id
        self._timeline: Timeline | None = None
        self._measures: tuple[str, ...] = ()
        self._measure: str | None = None

    def compose(self) -> ComposeResult:
        """Facts, picture, visits."""
        yield TopLine("")
        yield Static(id="facts", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="picture"):
                yield TrendChart(id="chart")
                yield TrendTable(id="table")
                yield Static(id="change", markup=False)
            yield Choices(name="visits")
        yield Foot()

    def on_mount(self) -> None:
        """Keys go to the visits, and wait until these are there: one that finds no patient yet is lost."""
        self._held = self.app.ahead.hold()
        self.choices.focus()

    @on(ScreenResume)
    def _resumed(self) -> None:
        self.reload()

    @newest
    async def reload(self) -> None:
        """Read the patient anew."""
        try:
            timeline = await self._read()
        finally:
            self._held.release()
        await self._draw(timeline)

    async def _read(self) -> Timeline:
        timeline = await self.desk.read(rooms.timeline.of, self._patient_id)
        grown = self._timeline is None or len(timeline.sessions) > len(self._timeline.sessions)
        self._timeline = timeline
        measured = await self.desk.read(rooms.trend.measured, self._patient_id)
        self._measures = tuple(code for code in measured if code != PAIN)
        if self._measure not in self._measures:
            self._measure = next(iter(self._measures), None)
        self._show(timeline)
        if grown:
            self.choices.action_first()
        return timeline

    def redraw(self) -> None:
        """Show it anew, with names or without."""
        self.reload()

    def _show(self, timeline: Timeline) -> None:
        today = self.desk.today()
        self.query_one(TopLine).place(facts.place(timeline))
        self.query_one("#facts", Static).update(stacked(facts.head(timeline, today)))
        columns = day_columns(timeline.sessions, today)
        visits = [Option(visit_line(s, today, columns), id=s.id) for s in reversed(timeline.sessions)]
        none = Option(Content(_("No visit yet. n starts the first one.")), disabled=True)
        self.choices.fill(visits or [none])

    async def _draw(self, timeline: Timeline) -> None:
        pain = await self.desk.read(rooms.trend.of, self._patient_id, PAIN)
        trends = [pain]
        if self._measure is not None:
            trends.append(await self.desk.read(rooms.trend.of, self._patient_id, self._measure))
        chart = rooms.trend.together(trends)
        self.query_one(TrendChart).chart = chart
        self.query_one(TrendTable).chart = chart
        self._say_change(trends)

    def _say_change(self, trends: list[PatientTrend]) -> None:
        several = self._timeline is not None and len(self._timeline.episodes) > 1
        lines = [facts.change_line(trend, hip=several) for trend in trends]
        self.query_one("#change", Static).update(stacked(lines))

    @property
    def visit(self) -> Session | None:
        """The visit under the cursor."""
        sessions = self._timeline.sessions if self._timeline else ()
        return next((s for s in sessions if s.id == self.choices.chosen), None)

    # -- looking -------------------------------------------------------------------------------

    def action_measure(self) -> None:
        """Show the next measure beside pain."""
        if not self._measures:
            self.app.tell(_("Only pain was measured so far; a session can take a range of motion."))
        elif self._timeline is not None:
            at = self._measures.index(self._measure) + 1 if self._measure in self._measures else 0
            self._measure = self._measures[at % len(self._measures)]
            self._redraw()

    @newest
    async def _redraw(self) -> None:
        if self._timeline is not None:
            await self._draw(self._timeline)

    def action_table(self) -> None:
        """Show the table in place of the chart, or the chart again."""
        showing = self.toggle_class("-table").has_class("-table")
        self.remove_class("-visits")
        (self.query_one(TrendTable) if showing else self.choices).focus()

    def action_visits(self) -> None:
        """Give the visits all the room, or the chart its part again."""
        self.toggle_class("-visits").remove_class("-table")
        self.choices.focus()

    def action_body(self) -> None:
        """Show where needles went in the current episode."""
        if self._timeline is not None:
            looking.body(self.app, self._timeline)

    def action_memory(self) -> None:
        """Show what came of each place."""
        if self._timeline is not None:
            looking.memory(self.app, self._timeline)

    def action_aftercare(self) -> None:
        """Show the aftercare sheet."""
        if self._timeline is not None:
            looking.aftercare(self.app, self._timeline)

    @task
    async def action_summary(self) -> None:
        """Show the summary of the visit under the cursor."""
        await looking.summary(self.app, self.visit)

    @on(Choices.OptionSelected)
    def _open(self) -> None:
        visit, timeline = self.visit, self._timeline
        if visit is None or timeline is None:
            return
        if visit.status == "draft":
            opening.session(self.app, self._patient_id, visit.id)
        else:
            self.app.push_screen(
                VisitScreen(timeline.patient.name, visit, timeline.follow_ups, timeline.requests)
            )

    def action_leave(self) -> None:
        """Leave the table or the long list, else the patient."""
        if self.has_class("-table") or self.has_class("-visits"):
            self.remove_class("-table", "-visits")
            self.choices.focus()
        else:
            self.dismiss(None)

    # -- doing ---------------------------------------------------------------------------------

    def action_new(self) -> None:
        """Start a session."""
        opening.new_session(self, self._patient_id)

    def action_repeat(self) -> None:
        """Start a session with the plan of the last one."""
        opening.new_session(self, self._patient_id, repeat=True)

    @task
    async def action_follow_up(self) -> None:
        """Record a follow-up of the visit under the cursor."""
        await actions.follow_up(self.app, actions.signed(self.visit), self.reload)

    @task
    async def action_amend(self) -> None:
        """Correct a signed field."""
        await actions.amend(self.app, actions.signed(self.visit), self.reload)

    @task
    async def action_void(self) -> None:
        """Declare the visit under the cursor void."""
        await actions.void(self.app, actions.signed(self.visit), self.reload)

    @task
    async def action_requests(self) -> None:
        """Take down or answer what the patient asked to have amended."""
        found = self._timeline
        if found is not None:
            await asked.choose(self.app, self._patient_id, found.sessions, found.requests, self.reload)

    def action_precaution(self) -> None:
        """Note a precaution."""
        from hiplog.tui.dialogs.people import precaution_form

        if not self.allowed("chart"):
            return

        async def keep(draft: Precaution) -> Precaution:
            return await self.desk.write(rooms.precautions.add, self._patient_id, draft)

        order = self.desk.book.settings.date_order
        self.app.push_screen(precaution_form(self.desk.today(), order, keep), self._noted)

    def _noted(self, kept: Precaution | None) -> None:
        if kept is not None:
            self.reload()

    @task
    async def action_edit(self) -> None:
        """Change the patient, the episodes or the precautions."""
        if self._timeline is not None:
            await changing.choose(self.app, self._timeline, self.reload)
