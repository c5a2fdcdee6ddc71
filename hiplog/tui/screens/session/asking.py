"""Screening: the one question of a later visit, or the whole list of a first one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.questions import FULL, QUESTIONS
from hiplog.clinical.record import AnswerState, Session
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.keys import hidden
from hiplog.tui.screens.parts import Choices, joined
from hiplog.tui.screens.session import edits
from hiplog.tui.screens.session.fields import Answered, Edit, KeyField
from hiplog.tui.screens.session.frame import Frame
from hiplog.tui.tasks import task

SHORT = "ANYTHING_NEW"
UNREAD = _("{left} questions were not on the screen yet: Space reads on, then A answers them all.")
WORDS = {"none": _("no"), "yes": _("! yes"), "refused": _("! no answer"), "not_asked": "–"}


class AnythingNew(KeyField):
    """``anything new since last time?``: ``n`` closes the screening, ``y`` opens every question."""

    KEYS = _("n nothing new   y yes: opens the list")
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("n", "answer('none')", "new.none", _("Nothing"), _("Nothing new")),
        hidden("y", "answer('yes')", "new.yes", _("Yes"), _("Something new: ask them all")),
        hidden("r", "answer('refused')", "new.refused", _("No answer"), _("No answer given")),
    ]

    def words(self, draft: Session) -> str:
        """The answer."""
        found = next((a for a in draft.screening if a.item == SHORT), None)
        return (
            {"none": _("no"), "yes": _("yes"), "refused": _("no answer")}.get(found.answer, "")
            if found
            else ""
        )

    def action_answer(self, state: AnswerState) -> None:
        """Answer."""
        self.edit(edits.answered(SHORT, state))


class Questions(Choices):
    """The questions, one a line; ``y``, ``n`` and ``r`` answer and go to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("n", "answer('none')", "screening.no", _("No"), _("No")),
        hidden("y", "answer('yes')", "screening.yes", _("Yes"), _("Yes")),
        hidden("r", "answer('refused')", "screening.refused", _("No answer"), _("No answer")),
        hidden(
            "A",
            "rest",
            "screening.rest",
            _("Rest no"),
            _("All others were asked: no; once the whole list was seen"),
        ),
        hidden(
            "space,pagedown",
            "read_on",
            "screening.read_on",
            _("Read on"),
            _("The next questions of the list"),
        ),
        hidden(
            "enter", "reason", "screening.reason", _("Reason"), _("Why needling goes on in spite of a yes")
        ),
    ]

    keys = _("y yes  n no  r no answer  Enter reason  Space reads on  A all others: no")

    jump_name = _("screening questions")

    left: Sequence[int] = ()
    """The lines without an answer."""

    def on_mount(self) -> None:
        """Begin with nothing seen."""
        self._seen: set[str] = set()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember which questions stood on the screen."""
        super().watch_scroll_y(old_value, new_value)
        self._see(int(old_value))
        self._see(int(new_value))

    def _see(self, top: int) -> None:
        if self.is_mounted and self.screen.is_current and self.has_focus:
            lines = self.options[top : top + self.scrollable_content_region.height]
            self._seen |= {line.id for line in lines if line.id}

    @property
    def unread(self) -> list[str]:
        """The questions that have not stood on the screen yet."""
        self._see(self.scroll_offset.y)
        return [line.id for line in self.options if line.id and line.id not in self._seen]

    def action_read_on(self) -> None:
        """Show the questions after those on the screen."""
        self._see(self.scroll_offset.y)
        page = self.scrollable_content_region.height
        top = min(self.scroll_offset.y + page, max(0, self.option_count - page))
        self.highlighted = min(top + page, self.option_count) - 1
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def to_first_open(self) -> None:
        """Put the cursor on the first question without an answer."""
        if self.left:
            self.highlighted = self.left[0]

    def action_answer(self, state: AnswerState) -> None:
        """Answer the question under the cursor."""
        if self.chosen is not None:
            self.post_message(Edit(edits.answered(self.chosen, state)))
            if self.highlighted == self.option_count - 1:
                self.post_message(Answered(self))
            else:
                self.action_cursor_down()

    def action_cursor_down(self) -> None:
        """Next question; past the last one the focus leaves the list."""
        if self.highlighted == self.option_count - 1:
            self.screen.focus_next()
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """The question before; past the first one the focus leaves the list."""
        if self.highlighted == 0:
            self.screen.focus_previous()
        else:
            super().action_cursor_up()

    def action_rest(self) -> None:
        """Answer no to every question still open, once all of them have stood on the screen."""
        left = len(self.unread)
        if left:
            self.app.notify(UNREAD.format(left=left), markup=False)
            return
        items = [option.id for option in self.options if option.id]
        self.post_message(Edit(edits.all_answered_none(items)))
        self.post_message(Answered(self))

    @task
    async def action_reason(self) -> None:
        """Ask why needling goes on."""
        from hiplog.tui.dialogs.text import line_form

        item = self.chosen
        if item is None:
            return

        async def keep(reason: str) -> str:
            return reason

        form = line_form(_("Needling goes on because"), _("reason"), keep, intro=QUESTIONS[item].advice)
        reason = await self.app.push_screen_wait(form)
        if reason:
            self.post_message(Edit(edits.answered(item, "yes", reason)))


class Screening(Vertical):
    """The full text of the question under the cursor above the list of all."""

    DEFAULT_CSS = """
    Screening {
        height: auto;
        & > #asked { height: 2; padding: 0 2; }
        & > Questions { height: auto; max-height: 7; }
        & > Questions:focus { max-height: 10; }
        & > Questions:focus { background: $surface; }
    }
    """

    questions = getters.query_one(Questions)

    def __init__(self, frame: Frame) -> None:
        super().__init__(id="screening")
        self._frame = frame
        self._shown: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        """Text and list."""
        yield Static(id="asked", markup=False)
        yield Questions()

    def show(self, draft: Session) -> None:
        """Show the answers; a standing precaution is its own answer."""
        answers = {a.item: a for a in draft.screening}
        standing = {p.item for p in self._frame.timeline.precautions}
        wanted = self._frame.first_visit or answers.keys() & set(FULL) or _opened(draft)
        self.display = bool(wanted)
        lines = []
        for code in FULL:
            if code in standing and code not in answers:
                continue
            state = answers[code].answer if code in answers else "not_asked"
            reason = (
                f" ({shown(answers[code].reason or '', 30)})"
                if code in answers and answers[code].reason
                else ""
            )
            lines.append((code, f"{WORDS[state]:<12}{QUESTIONS[code].name}{reason}"))
        if lines != self._shown:
            self._shown = lines
            self.questions.fill([Option(Content(text), id=code) for code, text in lines])
            waiting = WORDS["not_asked"]
            self.questions.left = [at for at, (_, text) in enumerate(lines) if text.startswith(waiting)]

    @on(Choices.OptionHighlighted)
    def _ask(self, event: Choices.OptionHighlighted) -> None:
        row = QUESTIONS.get(event.option_id)
        if row is not None:
            self.query_one("#asked", Static).update(joined((row.text, "bold")))


def _opened(draft: Session) -> bool:
    return any(a.item == SHORT and a.answer in ("yes", "refused") for a in draft.screening)
