"""The pain field: one key answers 0 to 10, and nothing is answered until a key is pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from hiplog.language import _

TOP = 10
UNANSWERED = _("not answered")
TEN_KEYS = ("x", "t")
"""Ten has no digit of its own: ``x`` as in the Roman numeral, ``t`` as in ten."""

WORDS = ((0, _("no pain")), (4, _("mild")), (6, _("moderate")), (10, _("severe")))
"""Words by highest score: 1-4 mild, 5-6 moderate, 7-10 severe (Serlin, Pain 1995;61:277-284)."""


def pain_word(score: int) -> str:
    """Return the word of a pain score 0 to 10. Raises ``ValueError`` outside it."""
    if not 0 <= score <= TOP:
        raise ValueError(f"pain is 0 to {TOP}, not {score}")
    return next(word for highest, word in WORDS if score <= highest)


class PainScale(Widget, can_focus=True):
    """A row of eleven numbers under a question.

    ``0``-``9`` answer at once, ``x`` or ``t`` answers ten; both post :class:`Answered`, on which the
    owner moves on (``self.screen.focus_next()``). The arrow keys step through the scale and stay,
    Enter confirms, Backspace takes the answer back. A click answers too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", _("Less"), show=False),
        Binding("right", "step(1)", _("More"), show=False),
        Binding("enter", "confirm", _("Confirm"), show=False),
        Binding("backspace,delete", "clear", _("No answer"), show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pain-scale--question",
        "pain-scale--number",
        "pain-scale--chosen",
        "pain-scale--word",
    }
    """
    | Class | Description |
    | :- | :- |
    | `pain-scale--question` | What is asked. |
    | `pain-scale--number` | The numbers not chosen. |
    | `pain-scale--chosen` | The chosen number, which is also in brackets. |
    | `pain-scale--word` | The number and its word, or that nothing was answered. |
    """

    DEFAULT_CSS = """
    PainScale {
        height: 2;
        & > .pain-scale--question { color: $foreground; }
        & > .pain-scale--number { color: $foreground 75%; }
        & > .pain-scale--chosen { color: $foreground; text-style: bold reverse; }
        & > .pain-scale--word { color: $foreground; }
        &:focus > .pain-scale--question { text-style: bold; }
        &:ansi > .pain-scale--number { color: ansi_default; }
    }
    """

    value: reactive[int | None] = reactive[int | None](None)
    """The answer, 0 to 10, or ``None`` while there is none."""

    @dataclass
    class Changed(Message):
        """The answer is another one than before; ``None`` when it was taken back."""

        scale: PainScale
        value: int | None

        @property
        def control(self) -> PainScale:
            """The field it came from."""
            return self.scale

    @dataclass
    class Answered(Message):
        """A key, Enter or a click settled the answer: time to move to the next field."""

        scale: PainScale
        value: int

        @property
        def control(self) -> PainScale:
            """The field it came from."""
            return self.scale

    def __init__(
        self,
        question: str = _("pain"),
        value: int | None = None,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.question = question
        self.set_reactive(PainScale.value, value)

    def validate_value(self, value: int | None) -> int | None:
        """Keep an answer within 0 to 10."""
        return None if value is None else max(0, min(value, TOP))

    def watch_value(self, old: int | None, new: int | None) -> None:
        """Tell the owner."""
        if old != new:
            self.post_message(self.Changed(self, new))

    def render(self) -> Text:
        """The question with the answer in words, above the numbers."""
        answer = (
            UNANSWERED
            if self.value is None
            else _("{value} of {top}, {word}").format(value=self.value, top=TOP, word=pain_word(self.value))
        )
        mark = "▸ " if self.has_focus else "  "
        text = Text(no_wrap=True)
        text.append(f"{mark}{self.question}: ", self._style("question"))
        text.append(answer, self._style("word"))
        text.append("\n")
        for score in range(TOP + 1):
            chosen = score == self.value
            text.append(
                f"[{score}]" if chosen else f" {score} ", self._style("chosen" if chosen else "number")
            )
        if self.has_focus:
            text.append("  x = 10", self._style("number"))
        return text

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"pain-scale--{part}")

    def on_key(self, event: events.Key) -> None:
        """Take a digit or the key for ten as the answer."""
        score = TOP if event.key in TEN_KEYS else int(event.key) if event.key in "0123456789" else None
        if score is not None:
            event.stop()
            self._settle(score)

    def on_click(self, event: events.Click) -> None:
        """Take the number that was clicked."""
        place = event.get_content_offset(self)
        if place is not None and place.y == 1 and place.x < 3 * TOP + 4:
            self._settle(min(place.x // 3, TOP))

    def action_step(self, by: int) -> None:
        """Move along the scale; from no answer the first step lands on the near end."""
        start = (-1 if by > 0 else TOP + 1) if self.value is None else self.value
        self.value = start + by

    def action_confirm(self) -> None:
        """Settle the answer the arrows chose; without one nothing happens."""
        if self.value is not None:
            self._settle(self.value)

    def action_clear(self) -> None:
        """Take the answer back."""
        self.value = None

    def _settle(self, score: int) -> None:
        self.value = score
        self.post_message(self.Answered(self, score))


if __name__ == "__main__":
    from hiplog.tui.widgets.demo import run

    run("pain")
