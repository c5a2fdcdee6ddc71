"""The last step of a session: needles out, reactions, pain, advice, plan."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from hiplog.clinical.aftercare import ADVICE, sheet_defaults
from hiplog.clinical.code_words import said
from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.tui.app import HiplogApp
from hiplog.tui.keys import hidden
from hiplog.tui.privacy import worded
from hiplog.tui.screens.session import edits
from hiplog.tui.screens.session.fields import NumberField, OpenField
from hiplog.tui.screens.session.frame import Frame
from hiplog.tui.screens.session.keeper import Change
from hiplog.tui.screens.session.reported import ReportedField
from hiplog.tui.screens.session.steps import Motion, Pain, Step
from hiplog.tui.tasks import task

MOST_NEEDLES = Decimal(200)


class After(Step):
    """Needles out, reactions, pain, motion, advice, plan."""

    app = getters.app(HiplogApp)

    def __init__(self, frame: Frame, chosen: Callable[[str, str, str | None], None]) -> None:
        super().__init__(id="after")
        self._frame, self._chosen = frame, chosen
        self._draft: Session | None = None

    def compose(self) -> ComposeResult:
        """The fields in the order they come."""
        yield _count(_("needles out"), "withdrawn")
        yield _count(_("needles in"), "inserted")
        yield OpenField(
            _("mismatch"),
            lambda d: d.needles.mismatch_reason or "",
            self._mismatch,
            _("Enter opens the search list"),
        )
        yield ReportedField(_("reactions"), "session", name="reactions")
        yield Pain("after")
        yield Motion("after", self._frame, self._chosen)
        yield _count(_("needles opened"), "opened", optional=True)
        yield _count(_("to sharps"), "to_sharps", optional=True)
        yield AdviceField(_("advice given"), _advice, self._advise)
        yield OpenField(_("plan"), lambda d: worded(d.plan or ""), lambda: self._write("plan"))
        yield OpenField(_("note"), lambda d: worded(d.note or ""), lambda: self._write("note"))

    def show(self, draft: Session) -> None:
        """Show the fields; the mismatch only where the counts differ."""
        self._draft = draft
        super().show(draft)
        self.query_one(Pain).show(draft)
        counts = draft.needles
        both = counts.inserted is not None and counts.withdrawn is not None
        differs = both and not counts.matches
        self.query(OpenField).first().display = differs or counts.mismatch_reason is not None

    def complete(self, draft: Session, frame: Frame) -> bool:
        """Needles counted out and reactions asked."""
        asked = edits.inquiry_of(draft, "session", "patient") is not None
        return draft.needles.withdrawn is not None and asked

    @task
    async def _mismatch(self) -> None:
        from hiplog.tui.dialogs.search import NeedleSearch

        draft = self._draft
        if draft is None:
            return
        said = await self.app.push_screen_wait(NeedleSearch(draft.needles))
        if said is not None:
            self.query(OpenField).first().edit(edits.mismatch(said))

    @task
    async def _advise(self) -> None:
        from hiplog.tui.dialogs.pick import Tick

        lines = [(row.code, row.text) for row in ADVICE.active()]
        given = await self.app.push_screen_wait(
            Tick(_("Advice given"), lines, self._draft.advice if self._draft else ())
        )
        if given is not None:
            self.query_one(AdviceField).edit(edits.advised(given))

    @task
    async def _write(self, name: str) -> None:
        from hiplog.tui.dialogs.text import Note

        draft = self._draft
        old = (draft.plan if name == "plan" else draft.note) if draft else None
        text = await self.app.push_screen_wait(Note(said(name), old or ""))
        if text is not None:
            change = edits.planned(text) if name == "plan" else edits.noted(text)
            self.query(OpenField).last().edit(change, settled=False)

    def on_advice_field_sheet(self) -> None:
        """Show the sheet of the draft."""
        from hiplog.tui.dialogs import aftercare as sheets

        if self._draft is not None:
            clinic = self.app.desk.book.clinic
            self.app.push_screen(sheets.of(self._frame.timeline.patient, self._draft, clinic))


class AdviceField(OpenField):
    """Advice by code: ``d`` is the usual set, Enter ticks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("d", "defaults", "advice.defaults", _("Usual"), _("The usual advice")),
        hidden("p", "sheet", "advice.sheet", _("Sheet"), _("The aftercare sheet: read, copy or write it")),
    ]

    class Sheet(Message):
        """The sheet of this draft is wanted."""

    @property
    def keys(self) -> str:
        """Both ways."""
        return _("d the usual set   Enter ticks   p shows the sheet")

    def action_defaults(self) -> None:
        """The usual set was given."""
        self.edit(edits.advised(sheet_defaults()))

    def action_sheet(self) -> None:
        """Show what the patient takes along."""
        self.post_message(self.Sheet())


def _advice(draft: Session) -> str:
    return ", ".join(code.lower() for code in draft.advice)


def _count(label: str, name: str, *, optional: bool = False) -> NumberField:
    def write(value: Decimal | None) -> Change:
        return edits.counted(name, None if value is None else int(value))

    return NumberField(
        label,
        lambda draft: getattr(draft.needles, name),
        write,
        high=MOST_NEEDLES,
        moves_on=False,
        optional=optional,
        name=f"count-{name}",
    )
