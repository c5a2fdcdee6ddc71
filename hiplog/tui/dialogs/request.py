"""What a patient asked to have amended: to take it down, to read it with all that followed, to answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.requests import VOICES, Request, RequestDraft
from hiplog.language import _
from hiplog.logbook import dates
from hiplog.logbook.shown import shown
from hiplog.settings import DateOrder
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.dialogs.form import Field, Form, Values
from hiplog.tui.keys import hidden
from hiplog.tui.screens.parts import Choices

TITLE = _("Request {number} for an amendment")
NEW = _("A patient's request about {about}")
INTRO = _("It is kept for ever, whether it is accepted or denied. The answer is due within 60 days.")
NEXT = _("What follows?")
KEYS = _("Enter: do it    PgUp/PgDn: read    Esc: close")
FINAL = _("Nothing more can follow.")
STEPS = {
    "accepted": _("Accept it; the amendment follows"),
    "amend": _("Amend a signed visit now, because of it"),
    "carried_out": _("Say in words how it was carried out"),
    "denied": _("Deny it, on one of four grounds"),
    "extended": _("Put the answer off by 30 days, once"),
    "disagreement": _("Keep the patient's statement of disagreement"),
    "rebuttal": _("Answer that statement; both stay"),
    "withdrawn": _("The patient withdraws it"),
}


def possible(asked: Request) -> tuple[str, ...]:
    """What may follow now, as keys of :data:`STEPS`."""
    found = [kind for kind in STEPS if kind != "amend" and asked.refusal(kind) is None]
    amends = ["amend"] if "accepted" in found or "carried_out" in found else []
    return tuple(kind for kind in STEPS if kind in (*found, *amends))


class RequestPaper(Dialog[str]):
    """The request in words, and what may follow; the answer is a key of :data:`STEPS`."""

    HELP_TEXT = _("A patient's request: nothing of it is ever changed, what follows is added.")
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("pagedown", "turn(1)", "request.down", _("Down"), _("Read on")),
        hidden("pageup", "turn(-1)", "request.up", _("Up"), _("Read back")),
    ]
    DEFAULT_CSS = """
    RequestPaper #told { height: auto; max-height: 11; scrollbar-size-vertical: 1; }
    RequestPaper Choices { height: auto; max-height: 7; background: $surface; }
    """

    def __init__(self, asked: Request, lines: Sequence[str]) -> None:
        super().__init__()
        self._asked, self._lines = asked, tuple(lines)

    def compose(self) -> ComposeResult:
        """The words, then the ways on."""
        steps = possible(self._asked)
        with Box(TITLE.format(number=self._asked.number)):
            with VerticalScroll(id="told", can_focus=False):
                text = "\n".join(shown(line, newlines=True) for line in self._lines)
                yield Static(Content(text), classes="said", markup=False)
            yield Static(f"\n{NEXT if steps else FINAL}", classes="hint", markup=False)
            yield Choices()
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Keys go to the ways on."""
        choices = self.query_one(Choices)
        choices.fill([Option(Content(STEPS[kind]), id=kind) for kind in possible(self._asked)])
        choices.focus()

    def action_turn(self, pages: int) -> None:
        """Scroll the words."""
        told = self.query_one("#told", VerticalScroll)
        told.scroll_relative(y=pages * max(1, told.size.height - 1), animate=False)

    @on(Choices.OptionSelected)
    def _chosen(self, event: Choices.OptionSelected) -> None:
        if event.option_id is not None:
            self.dismiss(event.option_id)


def request_form(
    about: str,
    session: str | None,
    today: date,
    order: DateOrder,
    keep: Callable[[RequestDraft], Awaitable[Request]],
) -> Form[RequestDraft, Request]:
    """Ask what the patient wants changed in ``about``; ``session`` is the key of a visit."""
    voices = tuple(VOICES.items())

    def build(values: Values) -> RequestDraft:
        asked = dates.past_day(values["asked"], today, order, what=_("asked on"))
        voice = reads.choice(values["voice"], voices)
        return RequestDraft(asked, values["wish"], values["why"] or None, voice, session)

    def say_day(text: str) -> str:
        return dates.words(dates.past_day(text, today, order, what=_("asked on")))

    fields = (
        Field("wish", _("shall read"), _("what shall be changed, and to what"), needed=True),
        Field("why", _("why"), _("as the patient told; may stay empty")),
        Field("asked", _("asked on"), "2026-03-02", str(today), say_day, needed=True),
        Field(
            "voice",
            _("whose words"),
            _("p, r or n"),
            "patient",
            lambda text: VOICES[reads.choice(text, voices)],
            needed=True,
        ),
    )
    form: Form[RequestDraft, Request] = Form(NEW.format(about=about), fields, build, keep, intro=INTRO)
    form.add_class("-long")
    return form
