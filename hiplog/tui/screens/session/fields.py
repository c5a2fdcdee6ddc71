"""Fields that a single key answers. Nothing is preset; an answered field moves the cursor on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from hiplog.clinical.record import Session
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.keys import hidden
from hiplog.tui.screens.parts import joined
from hiplog.tui.screens.session import consenting
from hiplog.tui.screens.session.keeper import Change

UNANSWERED = _("not answered")
OPTIONAL = _("not counted")
FORM = _("(form {edition})")


@dataclass
class Edit(Message):
    """A field was answered: apply ``change`` to the draft."""

    change: Change


@dataclass
class Answered(Message):
    """The answer is settled: the cursor may move to the next field."""

    field: Widget


class KeyField(Widget, can_focus=True):
    """One row: ``label: answer``. Its ``keys`` are shown at the foot while the cursor is on it."""

    KEYS: ClassVar[str] = ""
    DEFAULT_CSS = """
    KeyField { height: auto; min-height: 1; }
    KeyField:focus { background: $block-cursor-blurred-background; text-style: bold; }
    """

    def __init__(self, label: str, *, name: str | None = None) -> None:
        super().__init__(id=name)
        self.label = label
        self.answer = ""
        self.wrong = ""
        self.optional = False
        """Whether the cursor may pass by without an answer."""

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return bool(self.answer)

    def show(self, draft: Session) -> None:
        """Take the answer from the draft."""
        self.answer = self.words(draft)
        self.refresh(layout=True)

    def words(self, draft: Session) -> str:
        """The answer in words, empty while there is none."""
        raise NotImplementedError

    def render(self) -> Content:
        """The row."""
        mark = "▸ " if self.has_focus else "  "
        answer = (
            (shown(self.answer), "bold")
            if self.answer
            else (OPTIONAL if self.optional else UNANSWERED, "italic")
        )
        wrong = f"   ✗ {shown(self.wrong)}" if self.wrong else ""
        return joined(f"{mark}{self.label}: ", answer, (wrong, "$text-error"))

    @property
    def keys(self) -> str:
        """The keys to show under the cursor."""
        return self.KEYS

    def edit(self, change: Change, *, settled: bool = True) -> None:
        """Send a change up, and that the cursor may move on."""
        self.wrong = ""
        self.post_message(Edit(change))
        if settled:
            self.post_message(Answered(self))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh(layout=True)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh(layout=True)


class NumberField(KeyField):
    """Digits; the cursor moves on by itself once no further digit could fit.

    ``read`` takes the value from the draft, ``write`` makes the change, ``check`` says why a value cannot be.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("enter", "take", "number.take", _("Take"), _("Take the number typed")),
        hidden("backspace,delete", "erase", "number.erase", _("Erase"), _("Take the number back")),
    ]

    def __init__(
        self,
        label: str,
        read: Callable[[Session], Decimal | int | None],
        write: Callable[[Decimal | None], Change],
        *,
        high: Decimal,
        unit: str = "",
        moves_on: bool = True,
        check: Callable[[Decimal], str | None] | None = None,
        fractions: bool = False,
        signed: bool = False,
        optional: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(label, name=name)
        self.optional = optional
        self._read, self._write, self._check = read, write, check
        self._high, self._unit, self._moves_on = high, unit, moves_on
        self._fractions, self._signed = fractions, signed
        self._typed = ""

    @property
    def keys(self) -> str:
        """Digits, and Enter where the field cannot know that the number is whole."""
        return _("digits") if self._moves_on else _("digits, then Enter")

    def words(self, draft: Session) -> str:
        """The typed digits with a cursor, else the kept value."""
        if self._typed:
            return f"{self._typed}_"
        value = self._read(draft)
        if value is None:
            return ""
        number = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
        return f"{number}{self._unit}"

    def on_key(self, event: events.Key) -> None:
        """Take a digit, a point, a sign."""
        char = event.character or ""
        if (
            (char.isdecimal() and char.isascii() and len(self._typed) < 6)
            or (char == "." and self._fractions and "." not in self._typed)
            or (char == "-" and self._signed and not self._typed)
        ):
            self._type(char)
        else:
            return
        event.stop()

    def _type(self, char: str) -> None:
        self.wrong = ""
        self._typed += char
        self.answer = f"{self._typed}_"
        self.refresh(layout=True)
        if self._moves_on and not self._fractions and self._full():
            self.action_take()

    def _full(self) -> bool:
        digits = self._typed.lstrip("-")
        return bool(digits) and (len(digits) >= len(f"{self._high:f}") or int(digits) * 10 > self._high)

    def action_take(self) -> None:
        """Check and keep what was typed; without anything typed, move on from a kept value."""
        if not self._typed:
            if self.answered:
                self.post_message(Answered(self))
            return
        try:
            value = Decimal(self._typed)
        except InvalidOperation:
            value = Decimal("NaN")
        self._typed = ""
        problem = self._problem(value)
        if problem:
            self.answer, self.wrong = "", problem
            self.refresh(layout=True)
        else:
            self.edit(self._write(value))

    def _problem(self, value: Decimal) -> str | None:
        if value.is_nan():
            return _("not a number")
        if self._check is not None:
            return self._check(value)
        return None if value <= self._high else _("at most {high:f}").format(high=self._high)

    def action_erase(self) -> None:
        """Take the last digit back, then the value."""
        if self._typed:
            self._typed = self._typed[:-1]
            self.answer = f"{self._typed}_" if self._typed else ""
            self.refresh(layout=True)
        else:
            self.edit(self._write(None), settled=False)

    def on_blur(self) -> None:
        """Leaving keeps what was typed: nothing typed is lost."""
        if self._typed and self._typed != "-":
            self._moved_away()
        super().on_blur()

    def _moved_away(self) -> None:
        typed, self._typed = self._typed, ""
        problem = self._problem(Decimal(typed)) if typed.strip("-.") else _("not a number")
        if problem:
            self.wrong = problem
        else:
            self.edit(self._write(Decimal(typed)), settled=False)


class ConsentField(KeyField):
    """Consent: given, refused, or withdrawn while the visit is under way."""

    KEYS = _("y given   n not given   w withdrawn")
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("y", "answer('given')", "consent.given", _("Given"), _("Consent is given")),
        hidden("n", "answer('refused')", "consent.refused", _("Not given"), _("Not given")),
        hidden(
            "w",
            "answer('withdrawn')",
            "consent.withdrawn",
            _("Withdrawn"),
            _("Given, and withdrawn during the visit"),
        ),
    ]

    def __init__(self, label: str, form: str) -> None:
        super().__init__(label)
        self._form = form

    def words(self, draft: Session) -> str:
        """Given, not given or withdrawn, and by which edition of the form."""
        if draft.consent is None:
            return ""
        form = FORM.format(edition=draft.consent.form_version)
        if draft.consent.withdrawn:
            return _("! withdrawn {form}").format(form=form)
        return (
            _("given {form}").format(form=form)
            if draft.consent.given
            else _("! not given {form}").format(form=form)
        )

    def action_answer(self, answer: str) -> None:
        """Answer."""
        if answer == "withdrawn":
            self.edit(consenting.withdrawn(self._form))
        else:
            self.edit(consenting.consented(self._form, answer == "given"))


class OpenField(KeyField):
    """A field that Enter opens in a dialog; other keys may answer it too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("enter", "open", "field.open", _("Open"), _("Open this field")),
    ]

    def __init__(
        self,
        label: str,
        read: Callable[[Session], str],
        opens: Callable[[], object],
        keys: str = _("Enter writes"),
    ) -> None:
        super().__init__(label)
        self._read, self._opens, self._keys = read, opens, keys

    @property
    def keys(self) -> str:
        """What Enter does."""
        return self._keys

    def words(self, draft: Session) -> str:
        """The text, cut to a line."""
        return shown(self._read(draft).replace("\n", " "), 56)

    def action_open(self) -> None:
        """Open the dialog."""
        self._opens()
