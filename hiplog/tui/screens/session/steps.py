"""What the steps of a session share, and the first of them: before needling."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from hiplog.clinical import measures
from hiplog.clinical.code_words import said
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import SIDE_WORDS, Session, Stage
from hiplog.language import _
from hiplog.logbook import texts
from hiplog.logbook.shown import shown
from hiplog.tui.keys import hidden
from hiplog.tui.screens.parts import measure_name, stacked
from hiplog.tui.screens.session import aside, edits
from hiplog.tui.screens.session.asking import AnythingNew, Questions, Screening
from hiplog.tui.screens.session.fields import ConsentField, KeyField, NumberField
from hiplog.tui.screens.session.frame import PAIN, Frame
from hiplog.tui.screens.session.grid import NeedleGrid
from hiplog.tui.screens.session.keeper import Change
from hiplog.tui.screens.session.reported import ReportedField
from hiplog.tui.tasks import task
from hiplog.tui.widgets.pain_scale import PainScale

NO_DEVICE = _("not said")
PAIN_NOW: dict[Stage, str] = {
    "before": _("pain before needling, now"),
    "after": _("pain after needling, now"),
    "follow_up": _("pain at follow-up, now"),
}
DEVICE, DEVICE_TITLE = _("instrument"), _("Instrument")
DEVICE_WHY = _("As in goniometer, inclinometer, phone. A change of it is marked on the trend.")


class Step(VerticalScroll, can_focus=False):
    """A step: its fields one under another."""

    def show(self, draft: Session) -> None:
        """Show the draft in every field."""
        for field in self.query(KeyField):
            field.show(draft)

    @property
    def fields(self) -> list[Widget]:
        """Its fields as they stand one under another, whether or not the step itself is shown."""
        return [w for w in self.query("*") if w.focusable and _displayed(w, self)]

    def first(self) -> Widget | None:
        """The field where the cursor starts: the first without an answer, else the first."""
        fields = [w for w in self.query("*") if w.focusable and w.display and unanswered(w)]
        every = [w for w in self.query("*") if w.focusable and w.display]
        return next(iter(fields or every), None)

    def complete(self, draft: Session, frame: Frame) -> bool:
        """Whether what the step must hold is there."""
        raise NotImplementedError


def keys_of(widget: Widget | None) -> str:
    """The keys that work in ``widget``, for the foot of the screen."""
    if isinstance(widget, PainScale):
        return _("0 to 9, x is 10   arrows step   Backspace takes it back")
    return str(getattr(widget, "keys", ""))


def unanswered(widget: Widget) -> bool:
    """Whether the field still waits for an answer."""
    if isinstance(widget, KeyField):
        return not widget.answered and not widget.optional
    if isinstance(widget, PainScale):
        return widget.value is None
    return bool(widget.left) if isinstance(widget, Questions) else isinstance(widget, NeedleGrid)


def _displayed(widget: Widget, step: Step) -> bool:
    nodes = [node for node in widget.ancestors_with_self if isinstance(node, Widget)]
    return all(node.display for node in nodes[: nodes.index(step)])


class Pain(PainScale):
    """Pain at one stage."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(PAIN_NOW[stage], id=f"pain-{stage}")
        self.stage = stage

    def show(self, draft: Session) -> None:
        """Take the value from the draft without telling it again."""
        reading = draft.reading(PAIN, self.stage)
        value = int(reading.value) if reading is not None and reading.value is not None else None
        if value != self.value:
            with self.prevent(PainScale.Changed):
                self.value = value


class Motion(NumberField):
    """One other measure at one stage; ``m`` chooses which, ``a`` active or passive, ``i`` the instrument."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("m", "measure", "motion.measure", _("Measure"), _("Take another measure")),
        hidden("a", "mode", "motion.mode", _("Active or passive"), _("Active or passive")),
        hidden("i", "device", "motion.device", _("Instrument"), _("What it is measured with")),
    ]

    def __init__(self, stage: Stage, frame: Frame, chosen: Callable[[str, str, str | None], None]) -> None:
        measure = MEASURES[frame.measure]
        side = frame.side_for(measure.code)
        words = [measure_name(measure.code), SIDE_WORDS[side] if side else "", said(frame.mode), said(stage)]
        mode = frame.mode if frame.mode in measure.modes else None

        def read(draft: Session) -> Decimal | None:
            found = (r for r in draft.readings if (r.measure, r.stage, r.side) == (measure.code, stage, side))
            return next((r.value for r in found), None)

        def write(value: Decimal | None) -> Change:
            return edits.measured(measure.code, stage, value, side, mode, frame.actor, frame.device)

        super().__init__(
            " ".join(word for word in words if word),
            read,
            write,
            high=measure.high,
            unit="°" if measure.unit == "deg" else f" {said(measure.unit)}",
            check=lambda value: measures.check(measure.code, value, mode),
            fractions=measure.step < 1,
            signed=measure.low < 0,
            name=f"motion-{stage}",
        )
        self._frame, self._chosen = frame, chosen

    @property
    def keys(self) -> str:
        """Digits and what can be changed."""
        told = _("digits   m other measure   i instrument: {device}")
        if self._frame.mode:
            told = _("digits   m other measure   a active/passive   i instrument: {device}")
        return told.format(device=shown(self._frame.device or NO_DEVICE, 20))

    @task
    async def action_measure(self) -> None:
        """Choose the measure."""
        from hiplog.tui.dialogs.pick import Pick

        lines = [(m.code, f"{m.name} ({said(m.unit)})") for m in MEASURES.active() if m.kind != "pain"]
        code = await self.app.push_screen_wait(Pick(_("Which measure?"), lines))
        if code is not None:
            modes = MEASURES[code].modes
            mode = self._frame.mode if self._frame.mode in modes else ("passive" if modes else "")
            self._chosen(code, mode, None)

    def action_mode(self) -> None:
        """Take it actively or passively."""
        if self._frame.mode:
            other = "active" if self._frame.mode == "passive" else "passive"
            self._chosen(self._frame.measure, other, self._frame.device)

    @task
    async def action_device(self) -> None:
        """Say what it is measured with; the readings of this measure say so from now on."""
        from hiplog.tui.dialogs.text import line_form

        async def keep(device: str) -> str:
            return texts.line(DEVICE, device)

        form = line_form(DEVICE_TITLE, DEVICE, keep, intro=DEVICE_WHY, value=self._frame.device or "")
        device = await self.app.push_screen_wait(form)
        if device:
            self._chosen(self._frame.measure, self._frame.mode, device)


class Before(Step):
    """Since last time, screening, consent, pain, motion."""

    def __init__(self, frame: Frame, chosen: Callable[[str, str, str | None], None]) -> None:
        super().__init__(id="before")
        self._frame, self._chosen = frame, chosen

    def compose(self) -> ComposeResult:
        """The fields in the order they are asked."""
        if not self._frame.first_visit:
            yield ReportedField(_("since last time"), "since_last")
            yield AnythingNew(_("anything new"))
        yield Screening(self._frame)
        yield Static(id="stops", markup=False)
        yield ConsentField(_("consent today"), self._frame.consent_form)
        yield Pain("before")
        yield Motion("before", self._frame, self._chosen)

    def show(self, draft: Session) -> None:
        """Show answers and what they bring."""
        super().show(draft)
        self.query_one(Pain).show(draft)
        self.query_one(Screening).show(draft)
        findings = self._frame.findings(draft)
        self.query_one("#stops", Static).update(stacked([aside.told_finding(f) for f in findings]))
        self.query_one("#stops").display = bool(findings)

    def complete(self, draft: Session, frame: Frame) -> bool:
        """Screened, consent answered, pain scored."""
        screened = not frame.open_questions(draft)
        return screened and draft.consent is not None and draft.reading(PAIN, "before") is not None


def resume_at(draft: Session, frame: Frame) -> str:
    """The step at which a draft is taken up again."""
    later = draft.needles.withdrawn is not None or any(r.stage == "after" for r in draft.readings)
    if later or edits.inquiry_of(draft, "session", "patient") or draft.advice:
        return "after"
    asked = draft.consent is not None and draft.reading(PAIN, "before") is not None
    return "needling" if asked and not frame.open_questions(draft) else "before"
