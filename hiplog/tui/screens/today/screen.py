"""The worklist: what waits, who was here, and finding anybody as one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from hiplog.clinical.record import Episode, EpisodeDraft, Patient, PatientDraft
from hiplog.language import _, days
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.ahead import Hold
from hiplog.tui.desk import Opened
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens import opening
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import Choices
from hiplog.tui.screens.today import rows
from hiplog.tui.screens.today.preview import Preview
from hiplog.tui.tasks import newest, task

if TYPE_CHECKING:
    from hiplog.logbook.search import Found
    from hiplog.logbook.worklist import Item

PLAIN = _("! not encrypted")
OPENING = _("Opening the logbook …")


class TodayScreen(Page[None]):
    """Worklist on the left, the patient under the cursor on the right when there is room."""

    CSS_PATH = "today.tcss"
    HELP_TEXT = _("What waits today. ○ draft, ! follow-up overdue, · follow-up due, ✓ signed today.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("slash", "find", "today.find", _("Find"), _("Find by any part of a name or chart code")),
        footer("n", "new", "today.new", _("New session"), _("New session for the patient under the cursor")),
        footer("a", "add", "today.add", _("Add patient"), _("Add a patient")),
        footer("f1", "app.keys", "today.keys", _("Keys"), _("Every key of this screen")),
        hidden("escape", "clear", "today.clear", _("Worklist"), _("Back to the worklist")),
    ]

    choices = getters.query_one("#choices", Choices)
    finder = getters.query_one("#finder", Input)

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, Item] = {}
        self._found: tuple[Found, ...] | None = None
        self._found_for = ""

    def compose(self) -> ComposeResult:
        """Top line, banner, finder, list and preview; the worklist stands there from the first paint."""
        first = self.app.first
        yield TopLine(self._place(first.clinic, first.now) if first else _("Today"))
        yield Static("", id="banner", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="work"):
                yield Input(id="finder", placeholder=_("any part of a name or chart code"), compact=True)
                choices, empty = Choices(name="choices"), Static(OPENING, id="empty", markup=False)
                if first is not None:
                    self._items = rows.by_key(first.today)
                    choices.add_options(rows.worklist(first.today, first.now))
                    empty.display = not self._items
                yield choices
                yield empty
            yield Preview(id="preview")
        yield Foot()

    def on_mount(self) -> None:
        """Wait for the logbook with the list ready for keys."""
        self.choices.focus()
        if self._items:
            self.choices.action_first()

    @on(Opened)
    def _opened(self) -> None:
        self.query_one(TopLine).place(self._place(self.desk.book.clinic.name, self.desk.now()))
        self.refresh_list()

    @staticmethod
    def _place(clinic: str, now: datetime) -> str:
        return f"{clinic}   {days.full(now)}"

    @on(ScreenResume)
    def _resumed(self) -> None:
        if self.desk.is_open:
            self.refresh_list()

    def _once_open(self, act: Callable[[], object]) -> None:
        if self.app.first is not None:
            self.app.ahead.once_open(act)

    def redraw(self) -> None:
        """Show it anew, with names or without."""
        if self.desk.is_open:
            self.refresh_list()

    @newest
    async def refresh_list(self) -> None:
        """Read the worklist anew and say what must be said above it."""
        today = await self.desk.read(rooms.worklist.today)
        self._items = rows.by_key(today)
        await self._say_banner()
        if self._found is None and not (self.finder.display and self.finder.value):
            nobody = not self._items and not await self.desk.read(rooms.search.find, "", 1)
            self._show(rows.worklist(today, self.desk.now()), rows.FIRST if nobody else rows.EMPTY)
        else:
            await self._search(self.finder.value)
        self._look()

    async def _say_banner(self) -> None:
        book = self.desk.book
        who = await self.desk.read(rooms.clinic.practitioner, book.actor)
        warning = rooms.clinic.licence_warning(who, self.desk.today())
        alarms = await self.desk.read(rooms.alarms.all_of, book) if self.app.alarmed else ()
        told = (self.app.trail.wrong, book.banner, warning, *alarms)
        sentences = [f"! {sentence}" for sentence in told if sentence]
        banner = self.query_one("#banner", Static)
        banner.update(Content(shown("\n".join(sentences), newlines=True)))
        banner.set_class(bool(sentences), "-said")
        self.query_one(TopLine).state(f"{book.actor}  {PLAIN}" if book.is_plain else book.actor)

    def _show(self, options: list[Option], otherwise: tuple[str, ...] = rows.EMPTY) -> None:
        empty = self.query_one("#empty", Static)
        empty.update(Content("" if options else "\n".join(otherwise)))
        empty.display = not options
        self.choices.display = bool(options)
        self.choices.fill(options)
        if options and not self.finder.has_focus:
            self.choices.focus()
        elif self.choices.has_focus:
            self.set_focus(None)

    # -- finding -------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Open the finder."""
        self.finder.display = True
        self.set_focus(self.finder)

    def action_clear(self) -> None:
        """Close the finder and show the worklist."""
        self.finder.clear()
        self.finder.display = False
        self._found = None
        self.choices.focus()
        if self.desk.is_open:
            self.refresh_list()

    @on(Input.Changed, "#finder")
    def _typed(self, event: Input.Changed) -> None:
        if self.finder.display and self.desk.is_open:
            self.search(event.value)

    @newest
    async def search(self, text: str) -> None:
        """Show who fits ``text``."""
        await self._search(text)
        self._look()

    async def _search(self, text: str) -> None:
        self._found = await self.desk.read(rooms.search.find, text)
        self._found_for = text
        self._show(rows.found(self._found, self.desk.today()))

    @on(Input.Submitted, "#finder")
    def _submitted(self) -> None:
        if self.desk.is_open:
            self._open_found(self.app.ahead.hold())
        else:
            self._once_open(self._submitted)

    @task
    async def _open_found(self, held: Hold) -> None:
        try:
            # Enter may come before the last letter's answer: the list must be that of what stands there.
            if self._found_for != self.finder.value or self._found is None:
                await self._search(self.finder.value)
            self.action_open()
        finally:
            held.release()

    def on_key(self, event: object) -> None:
        """From the finder, the down key goes into the list."""
        if getattr(event, "key", "") == "down" and self.finder.has_focus:
            self.choices.focus()

    # -- the patient under the cursor ------------------------------------------------------------

    @property
    def patient_id(self) -> str | None:
        """The patient under the cursor."""
        key = self.choices.chosen if self.choices.display else None
        if key is None:
            return None
        kind, _, rest = key.partition(":")
        return rest if kind == "patient" else self._items[key].patient_id

    @on(Choices.OptionHighlighted)
    def _moved(self) -> None:
        self._look()

    @newest
    async def _look(self) -> None:
        preview = self.query_one(Preview)
        patient = self.patient_id
        if patient is None or not preview.display or not self.desk.is_open:
            preview.clear()
            return
        timeline = await self.desk.read(rooms.timeline.of, patient)
        preview.show(timeline, self.desk.today())

    @on(Choices.OptionSelected)
    def _selected(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the patient under the cursor; a draft opens at the step it was left."""
        key, patient = self.choices.chosen, self.patient_id
        if patient is None:
            return
        if not self.desk.is_open:
            self._once_open(self.action_open)
            return
        self.set_focus(self.choices)
        if key in self._items and self._items[key].state == "draft":
            opening.session(self.app, patient, self._items[key].session_id)
        else:
            opening.patient(self.app, patient)

    def action_new(self) -> None:
        """Start a session for the patient under the cursor."""
        if self.patient_id is None:
            self.app.tell(_("First choose a patient: / finds one, a adds one."))
        elif self.desk.is_open:
            opening.new_session(self, self.patient_id)
        else:
            self._once_open(self.action_new)

    def action_add(self) -> None:
        """Ask who the new patient is, then which hip."""
        from hiplog.tui.dialogs.people import patient_form

        if not self.desk.is_open:
            self._once_open(self.action_add)
            return
        if not self.allowed("chart"):
            return

        async def keep(draft: PatientDraft) -> Patient:
            return await self.desk.write(rooms.patients.add, draft)

        order = self.desk.book.settings.date_order
        self.app.push_screen(patient_form(self.desk.today(), order, keep), self._added)

    def _added(self, patient: Patient | None) -> None:
        if patient is None:
            return
        from hiplog.tui.dialogs.people import episode_form

        async def keep(draft: EpisodeDraft) -> Episode:
            return await self.desk.write(rooms.episodes.open_, patient.id, draft)

        self.app.tell(_("{code} is added. Which hip is it?").format(code=patient.code))
        order = self.desk.book.settings.date_order
        self.app.push_screen(
            episode_form(self.desk.today(), order, keep), lambda _: opening.patient(self.app, patient.id)
        )
