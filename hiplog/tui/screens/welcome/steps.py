"""The steps of the first start: each a few fields or a choice, and what is wrong with them beside each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook import founding, texts
from hiplog.logbook.dates import ORDER_WORDS
from hiplog.logbook.shown import shown
from hiplog.settings import DateOrder
from hiplog.tui.dialogs.form import Field, GoOn, Row
from hiplog.tui.screens.parts import Choices, joined
from hiplog.tui.screens.welcome import words

Choice = tuple[str, str, str]
MOST_ZONES = 200


class Done(Message):
    """The step called ``name`` is answered; the next one may come."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Step(Vertical):
    """One step. ``holds`` says what is wrong beside the fields, and whether nothing is."""

    def begin(self) -> None:
        """Put the cursor where it belongs."""
        rows = list(self.query(Row))
        if rows:
            next((row for row in rows if not row.text), rows[0]).query_one(Input).focus()

    def holds(self) -> bool:
        """Check every field; the first wrong one gets the cursor."""
        wrong = [row for row in self.query(Row) if not row.say(strict=True)]
        if wrong:
            wrong[0].query_one(Input).focus()
        return not wrong

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.query_one(f"#in-{name}", Input).value.strip()

    def move(self, by: int) -> None:
        """The arrow keys go from field to field."""
        if by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    @on(Input.Changed)
    def _echo(self, event: Input.Changed) -> None:
        if isinstance(event.input.parent, Row):
            event.input.parent.say(strict=False)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        rows = list(self.query(Row))
        at = rows.index(event.input.parent) if isinstance(event.input.parent, Row) else 0
        if not rows[at].say(strict=True):
            return
        if at + 1 < len(rows):
            rows[at + 1].query_one(Input).focus()
        elif self.holds():
            self.post_message(Done(self.id or ""))


class ChoiceStep(Step):
    """One of a few things, each with what it means."""

    def __init__(self, name: str, asked: str, choices: Sequence[Choice], more: str = "") -> None:
        super().__init__(id=name)
        self._asked, self._choices, self._more = asked, tuple(choices), more

    def compose(self) -> ComposeResult:
        """The question and the choices."""
        yield Static(f"{shown(self._asked)}\n", classes="said", markup=False)
        yield Choices()
        yield Static(self._more, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the choices."""
        options = [
            Option(joined((title, "bold"), f"\n  {means}"), id=key) for key, title, means in self._choices
        ]
        self.query_one(Choices).fill(options)

    def begin(self) -> None:
        """The arrow keys work at once."""
        self.query_one(Choices).focus()

    def move(self, by: int) -> None:
        """The arrow keys go from choice to choice."""
        choices = self.query_one(Choices)
        if by > 0:
            choices.action_cursor_down()
        else:
            choices.action_cursor_up()

    @property
    def chosen(self) -> str:
        """The choice under the cursor."""
        return self.query_one(Choices).chosen or self._choices[0][0]

    @on(Choices.OptionSelected)
    def _selected(self, event: Choices.OptionSelected) -> None:
        event.stop()
        self.post_message(Done(self.id or ""))


class ClinicStep(Step):
    """Name, time zone with a search, and how days are typed."""

    def __init__(self, zone: str, order: DateOrder | None, now: Callable[[], datetime]) -> None:
        super().__init__(id="clinic")
        self._zone, self._order, self._now = zone, order, now

    def compose(self) -> ComposeResult:
        """Three fields, and the zones that fit what is typed."""
        yield Static(f"{words.CLINIC_ASKED}\n", classes="said", markup=False)
        yield Row(Field("clinic", _("clinic"), _("as printed"), "", _line(_("clinic name")), needed=True))
        yield Row(Field("zone", _("time zone"), "Europe/Berlin", self._zone, self._say_zone, needed=True))
        order = self._order or ""
        yield Row(Field("order", _("dates"), _("d, m or y first"), order, _say_order, needed=True))
        yield Choices(name="zones")

    def on_mount(self) -> None:
        """The list of zones shows while one is searched; the keys stay in the field."""
        zones = self.query_one("#zones", Choices)
        zones.can_focus = False
        zones.display = False

    def _say_zone(self, text: str) -> str:
        fitting = founding.zones_like(text)
        try:
            return founding.time_there(founding.zone(text), self._now())
        except BadInput:
            if not fitting:
                raise BadInput(words.ZONE_NONE) from None
        raise GoOn(words.ZONE_SOME.format(count=len(fitting)))

    @on(Input.Changed, "#in-zone")
    def _narrow(self, event: Input.Changed) -> None:
        zones = self.query_one("#zones", Choices)
        fitting = founding.zones_like(event.value) if event.input.has_focus else ()
        named = event.value.strip() in fitting
        zones.fill([Option(Content(name), id=name) for name in fitting[:MOST_ZONES]])
        zones.display = bool(fitting) and not named

    @on(Input.Submitted, "#in-zone")
    def _take(self, event: Input.Submitted) -> None:
        zones = self.query_one("#zones", Choices)
        if zones.display and zones.chosen is not None:
            event.input.value = zones.chosen
            zones.display = False

    @on(Choices.OptionSelected, "#zones")
    def _clicked(self, event: Choices.OptionSelected) -> None:
        event.stop()
        self.query_one("#in-zone", Input).value = event.option_id or ""
        self.query_one("#zones", Choices).display = False

    def move(self, by: int) -> None:
        """While zones are searched, the arrow keys go through them."""
        zones = self.query_one("#zones", Choices)
        if not (zones.display and self.query_one("#in-zone", Input).has_focus):
            super().move(by)
        elif by > 0:
            zones.action_cursor_down()
        else:
            zones.action_cursor_up()

    @property
    def zone(self) -> str:
        """The zone by its own name."""
        return founding.zone(self.text("zone"))

    @property
    def order(self) -> DateOrder:
        """How days are typed."""
        return _order(self.text("order"))


class PersonStep(Step):
    """Who needles here first, and owns the clinic."""

    def __init__(self) -> None:
        super().__init__(id="person")

    def compose(self) -> ComposeResult:
        """Name and code."""
        yield Static(f"{words.PERSON_ASKED}\n", classes="said", markup=False)
        yield Row(Field("name", _("your name"), "Ada Moore", "", _line(_("practitioner name")), needed=True))
        yield Row(Field("code", _("sign-in code"), "", "DN001", _say_code, needed=True))


class PassphraseStep(Step):
    """A passphrase twice, with its strength in words."""

    def __init__(self) -> None:
        super().__init__(id="words")

    def compose(self) -> ComposeResult:
        """Two fields that show nothing of what is typed."""
        yield Static(f"{words.WORDS_ASKED}\n", classes="said", markup=False)
        yield Row(Field("first", _("passphrase"), read=founding.strength, needed=True, secret=True))
        yield Row(Field("second", _("once more"), read=self._compare, needed=True, secret=True))

    def _compare(self, text: str) -> str:
        first = self.passphrase
        if text == first:
            return words.TWICE_SAME
        if first.startswith(text):
            raise GoOn(words.TWICE_NOT_YET)
        raise BadInput(words.TWICE_NOT_YET)

    @on(Input.Changed, "#in-first")
    def _again(self) -> None:
        second = self.query_one("#in-second", Input)
        if second.value and isinstance(second.parent, Row):
            second.parent.say(strict=False)

    @property
    def passphrase(self) -> str:
        """The passphrase as typed, blanks and all."""
        return self.query_one("#in-first", Input).value

    def forget(self) -> None:
        """Empty both fields."""
        for field in self.query(Input):
            field.clear()


class CodeStep(Step):
    """The recovery code, shown and typed back once."""

    def __init__(self) -> None:
        super().__init__(id="code")
        self.code = founding.code()

    def compose(self) -> ComposeResult:
        """The code and a field."""
        yield Static(f"{words.CODE_ASKED}\n", classes="said", markup=False)
        yield Static(Content.assemble(("    " + self.code, "bold $primary"), "\n"), markup=False)
        yield Row(Field("back", _("type it back"), read=self._compare, needed=True))
        yield Static("", id="printed", classes="said", markup=False)

    def _compare(self, text: str) -> str:
        wrong = founding.compared(text, self.code)
        if wrong is None:
            return words.CODE_RIGHT
        if founding.is_begun(text, self.code):
            raise GoOn(words.CODE_GOES_ON)
        raise BadInput(words.CODE_WRONG.format(number=wrong))


class ReadyStep(Step, can_focus=True):
    """All of it once more; Enter makes it."""

    def __init__(self) -> None:
        super().__init__(id="ready")

    def compose(self) -> ComposeResult:
        """A line a thing."""
        yield Static(f"{words.READY_ASKED}\n", classes="said", markup=False)
        yield Static("", id="summary", markup=False)

    def show(self, told: dict[str, str]) -> None:
        """Show what was answered."""
        lines = [joined((f"{label:<14}", "bold $primary"), shown(told[key])) for key, label in words.SUMMARY]
        self.query_one("#summary", Static).update(Content("\n").join(lines))

    def begin(self) -> None:
        """Enter is for the whole."""
        self.focus()


def _line(what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        texts.line(what, text)
        return ""

    return read


def _say_code(text: str) -> str:
    texts.code(_("sign-in code"), text)
    return ""


def _order(text: str) -> DateOrder:
    typed = text.strip().lower()
    found = [
        order
        for order in ORDER_WORDS
        if typed and (order.startswith(typed) or words.ORDERS[order].startswith(typed))
    ]
    if len(found) != 1:
        raise BadInput(words.ORDER_ASKED)
    return found[0]


def _say_order(text: str) -> str:
    order = _order(text)
    return words.ORDER_SAID.format(order=words.ORDERS[order], example=ORDER_WORDS[order])
