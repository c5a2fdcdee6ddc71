"""The session: one screen, three steps, every answer on disk as soon as it is given."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from hiplog.clinical.record import Session
from hiplog.language import _, p_
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.ahead import Hold
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import Part, joined
from hiplog.tui.screens.patient import facts
from hiplog.tui.screens.session import aside, edits, plans, signing
from hiplog.tui.screens.session.after import After
from hiplog.tui.screens.session.asking import Questions
from hiplog.tui.screens.session.entry import QuickEntry
from hiplog.tui.screens.session.fields import Answered, Edit
from hiplog.tui.screens.session.frame import PAIN, Frame, frame_of
from hiplog.tui.screens.session.grid import NeedleGrid
from hiplog.tui.screens.session.hints import KeyHints
from hiplog.tui.screens.session.keeper import Keeper
from hiplog.tui.screens.session.needling import Needling
from hiplog.tui.screens.session.side_map import WIDE_ENOUGH, SideMap
from hiplog.tui.screens.session.steps import Before, Pain, Step, keys_of, resume_at, unanswered
from hiplog.tui.tasks import task
from hiplog.tui.widgets.pain_scale import PainScale

STEPS = ("before", "needling", "after")
TITLES = {"before": p_("step", "Before"), "needling": _("Needling"), "after": _("After")}


class SessionScreen(Page[None]):
    """A draft under the hands of its therapist."""

    CSS_PATH = "session.tcss"
    HELP_TEXT = _(
        "Nothing is preset: every answer is a key, and is saved as it is given; leaving "
        "keeps the draft. Tab or the arrow keys go from field to field."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("f5", "step('before')", "session.before", p_("step", "Before"), _("Questions, consent, pain")),
        footer("f6", "step('needling')", "session.needling", _("Needling"), _("The needle grid")),
        footer("f7", "step('after')", "session.after", _("After"), _("Needles out, reactions, advice")),
        footer("s,ctrl+s", "sign", "session.sign", _("Sign"), _("Sign the session, or hear what is missing")),
        footer("ctrl+z", "undo", "session.undo", _("Undo"), _("Take the last answer back")),
        footer("f1", "app.keys", "session.keys", _("Keys"), _("Every key that works here")),
        hidden("escape", "leave", "session.leave", _("Leave"), _("Leave; the draft is kept")),
        hidden("ctrl+d", "discard", "session.discard", _("Discard"), _("Throw the draft away")),
        hidden(
            "L", "protocols", "session.protocols", _("Protocols"), _("The plans on 1 to 9: lay, keep one")
        ),
        hidden("down", "app.focus_next", "session.next", _("Next"), _("Next field")),
        hidden("up", "app.focus_previous", "session.previous", _("Back"), _("Field before")),
    ]

    def __init__(self, patient_id: str, session_id: str) -> None:
        super().__init__()
        self._patient_id, self._session_id = patient_id, session_id
        self._frame: Frame | None = None
        self._keeper: Keeper | None = None
        self._step = "before"
        self.ready = asyncio.Event()
        """Set once the fields are there, or cannot be."""

    def compose(self) -> ComposeResult:
        """Top line, facts, step on the left, pane on the right."""
        yield TopLine(_("Session"))
        yield Static(id="trouble", markup=False)
        yield Static(id="facts", markup=False)
        yield Static(id="steps", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield Vertical(id="work")
                yield KeyHints()
            with Vertical(id="beside"):
                yield SideMap()
                with VerticalScroll(id="aside", can_focus=False):
                    yield Static(id="pane", markup=False)
        yield Foot()

    def on_mount(self) -> None:
        """Read the draft."""
        self._load()

    @task
    async def _load(self) -> None:
        try:
            await self._read_draft()
        finally:
            self.ready.set()

    async def _read_draft(self) -> None:
        timeline = await self.desk.read(rooms.timeline.of, self._patient_id)
        kept = await self.desk.read(rooms.sessions.get, self._session_id)
        clinic = await self.desk.read(rooms.clinic.read)
        actor = self.desk.book.actor
        self._frame = frame_of(timeline, kept, self.desk.today(), actor, clinic.consent_form)
        self._keeper = Keeper(self.desk, kept, self._show, self.app.calm, self._ask)
        self.query_one(TopLine).place(facts.place_in(timeline, kept.number))
        self.query_one("#facts", Static).update(aside.compact(self._frame))
        await self._build(self._frame)
        self._go(self.app.places.get(kept.id) or resume_at(kept, self._frame))

    async def _build(self, frame: Frame) -> None:
        work = self.query_one("#work", Vertical)
        await work.remove_children()
        await work.mount(Before(frame, self._choose), Needling(frame), After(frame, self._choose))
        self._show()

    # -- showing -------------------------------------------------------------------------------

    @property
    def draft(self) -> Session | None:
        """The session as it stands."""
        return self._keeper.draft if self._keeper else None

    def _ask(self, base: Session, mine: Session, theirs: Session) -> asyncio.Future[Session | None]:
        """Show what two people made of one draft; the answer comes when one of them chose."""
        from hiplog.tui.dialogs.conflict import Conflict

        answer: asyncio.Future[Session | None] = asyncio.get_running_loop().create_future()

        def chosen(session: Session | None) -> None:
            if not answer.done():
                answer.set_result(session)

        self.app.push_screen(Conflict(base, mine, theirs), chosen)
        return answer

    def _show(self) -> None:
        keeper, frame = self._keeper, self._frame
        if keeper is None or frame is None or not self.is_attached:
            return
        draft = keeper.draft
        self.query_one(TopLine).state(keeper.state, matters=True)
        trouble = self.query_one("#trouble", Static)
        trouble.update(Content(shown(keeper.failure or "")))
        trouble.display = keeper.failure is not None
        for step in self.query(Step):
            step.show(draft)
        self.query_one("#pane", Static).update(aside.pane(frame, frame.findings(draft)))
        self._follow()
        self._show_steps(draft, frame)

    @on(NeedleGrid.Moved)
    def _follow(self) -> None:
        if self.draft is not None:
            self.query_one(SideMap).show(self.draft, self.query_one(NeedleGrid).row)

    def redraw(self) -> None:
        """Show it anew, with names or without."""
        if self._frame is not None and self._keeper is not None:
            number = self._keeper.kept.number
            self.query_one(TopLine).place(facts.place_in(self._frame.timeline, number))
            self._show()

    def _show_steps(self, draft: Session, frame: Frame) -> None:
        parts: list[Part] = []
        for number, name in enumerate(STEPS):
            here = name == self._step
            mark = "✓" if self.query_one(f"#{name}", Step).complete(draft, frame) else "○"
            style = "bold reverse" if here else ""
            parts += [(f" F{5 + number} {TITLES[name]} {mark} ", style), "  "]
        self.query_one("#steps", Static).update(joined(*parts))

    def _go(self, name: str) -> None:
        self._step = name
        self.app.places[self._session_id] = name
        for step in self.query(Step):
            step.display = step.id == name
        self._fit()
        self._show()
        first = self.query_one(f"#{name}", Step).first()
        if isinstance(first, Questions):
            first.to_first_open()
        if first is not None:
            self.set_focus(first)

    def on_resize(self) -> None:
        """Show the map beside the grid where there is room for it."""
        self._fit()

    def _fit(self) -> None:
        shows = self._step == "needling" and self.size.width >= WIDE_ENOUGH
        self.set_class(shows, "-mapped")
        beside = self.query_one(SideMap)
        if beside.has_focus and not shows and self._step == "needling":
            self.query_one(NeedleGrid).focus()
        beside.display = shows

    def _choose(self, measure: str, mode: str, device: str | None) -> None:
        """Take motion with another measure, mode or instrument from now on."""
        if self._frame is not None:
            self._frame = replace(self._frame, measure=measure, mode=mode, device=device)
            self._rebuild(f"motion-{'after' if self._step == 'after' else 'before'}")

    @task
    async def _rebuild(self, focus: str) -> None:
        if self._frame is not None:
            step = self._step
            await self._build(self._frame)
            self._go(step)
            self.query_one(f"#{focus}").focus()

    @on(events.DescendantFocus)
    def _hint(self) -> None:
        focused = self.focused
        entering = _("Enter takes the line   Esc leaves it") if isinstance(focused, Input) else ""
        self.query_one(KeyHints).say(entering or keys_of(focused))

    # -- answering -----------------------------------------------------------------------------

    @on(Edit)
    def _edited(self, event: Edit) -> None:
        if self._keeper is not None:
            self._keeper.do(event.change)

    @on(PainScale.Changed)
    def _pain(self, event: PainScale.Changed) -> None:
        scale, frame = event.scale, self._frame
        if isinstance(scale, Pain) and frame is not None and self._keeper is not None:
            value = None if event.value is None else Decimal(event.value)
            self._keeper.do(edits.measured(PAIN, scale.stage, value, None, None, frame.actor))

    @on(PainScale.Answered)
    def _pain_settled(self, event: PainScale.Answered) -> None:
        self._advance(event.scale)

    @on(Answered)
    def _settled(self, event: Answered) -> None:
        self._advance(event.field)

    def _advance(self, field: Widget) -> None:
        """Go to the next field without an answer, after the last field of a step to the next step."""
        step = self.query_one(f"#{self._step}", Step)
        fields = step.fields
        later = fields[fields.index(field) + 1 :] if field in fields else []
        if later and not isinstance(field, NeedleGrid):
            self.set_focus(next((w for w in later if unanswered(w)), later[0]))
        elif self._step != "after":
            self.action_step(STEPS[STEPS.index(self._step) + 1])

    @on(SideMap.Chosen)
    def _picked(self, event: SideMap.Chosen) -> None:
        self.query_one(Needling).pick(event.muscle, event.side)

    @on(SideMap.Left)
    def _map_left(self) -> None:
        self.query_one(NeedleGrid).focus()

    @on(NeedleGrid.Enter)
    def _enter(self, event: NeedleGrid.Enter) -> None:
        if self.draft is not None:
            self.query_one(QuickEntry).open(self.draft, event.row)

    @on(NeedleGrid.Protocol)
    def _protocol(self, event: NeedleGrid.Protocol) -> None:
        if self._keeper is not None:
            plans.lay(self._keeper, event.slot)

    @task
    async def action_protocols(self) -> None:
        """List the clinic's protocols; the one chosen is laid into the grid."""
        if self._keeper is not None and await plans.choose(self.app, self._keeper):
            self.action_step("needling")

    @on(QuickEntry.Taken)
    def _taken(self, event: QuickEntry.Taken) -> None:
        keeper, frame = self._keeper, self._frame
        if keeper is None or frame is None:
            return
        if event.line.as_last_time:
            keeper.call(rooms.sessions.repeat)
        if event.site is not None:
            keeper.do(edits.rewritten(event.site, event.line))
        else:
            keeper.do(edits.entered(event.line, frame.actor))
        self.query_one(NeedleGrid).focus()

    @on(QuickEntry.Closed)
    def _entry_left(self) -> None:
        self.query_one(NeedleGrid).focus()

    # -- the whole -----------------------------------------------------------------------------

    def action_step(self, name: str) -> None:
        """Go to a step."""
        if self._keeper is not None:
            self._go(name)

    def jump_fields(self) -> list[Widget]:
        """Every field of the three steps, in their order, and the map where it stands beside them."""
        beside = [self.query_one(SideMap)] if self.query_one(SideMap).display else []
        return [*(field for step in self.query(Step) for field in step.fields), *beside]

    def jump_to(self, field: Widget) -> None:
        """Put the cursor on a field of any step."""
        step = next((node for node in field.ancestors if isinstance(node, Step)), None)
        if step is not None and step.id is not None and step.id != self._step:
            self._go(step.id)
        self.set_focus(field)

    def action_undo(self) -> None:
        """Take the last saved answer back."""
        if self._keeper is not None:
            self._keeper.call(rooms.sessions.undo)

    def action_sign(self) -> None:
        """Sign, or say everything that is missing."""
        if self._keeper is not None:
            self._sign(self._keeper, self.app.ahead.hold())

    @task
    async def _sign(self, keeper: Keeper, held: Hold) -> None:
        await signing.sign(self, keeper, held)

    @task
    async def action_discard(self) -> None:
        """Throw the draft away."""
        if self._keeper is not None:
            await signing.discard(self, self._keeper)

    def action_leave(self) -> None:
        """Leave; what was answered is a draft on disk."""
        if self._keeper is not None:
            self.app.tell(_("Visit {number} is kept as a draft.").format(number=self._keeper.kept.number))
        self.dismiss(None)
