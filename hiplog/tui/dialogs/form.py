"""A form: one row a field, each saying at once what it understood; it closes only when all is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hiplog.clinical.errors import BadInput, HiplogError
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import hidden
from hiplog.tui.tasks import task

D = TypeVar("D")
R = TypeVar("R")
Read = Callable[[str], str]
Values = Mapping[str, str]
ONE = _("Enter: save    Esc: cancel")
SEVERAL = _("Enter: next field    ctrl+s: save    Esc: cancel")


class GoOn(BadInput):
    """What was typed is right so far, and not whole yet."""


@dataclass(frozen=True, slots=True)
class Field:
    """One row. ``read`` says in words what the text means, or raises ``HiplogError`` saying why not.

    ``hint`` stands in the empty field; a ``needed`` one may not stay empty; of a ``secret`` one nothing is
    shown.
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    read: Read | None = None
    needed: bool = False
    secret: bool = False

    def problem(self, text: str) -> HiplogError | None:
        """Why ``text`` cannot stand, or ``None``."""
        if not text.strip():
            return BadInput(_("needed")) if self.needed else None
        try:
            self.said(text)
        except HiplogError as error:
            return error
        return None

    def said(self, text: str) -> str:
        """What ``text`` is understood to mean."""
        return self.read(text) if self.read and text.strip() else ""


class Row(Horizontal):
    """Label, entry and echo of one field."""

    DEFAULT_CSS = """
    Row {
        height: auto;
        & > .label { width: 14; }
        & > Input { width: 26; background: $panel; }
        & > Input:focus { background: $block-cursor-background; }
        & > .echo { width: 1fr; height: auto; padding-left: 1; color: $foreground 80%; }
        & > .echo.wrong { color: $text-error; }
    }
    """

    def __init__(self, field: Field) -> None:
        super().__init__(classes="row")
        self.field = field

    def compose(self) -> ComposeResult:
        """Three cells."""
        yield Static(shown(self.field.label), classes="label", markup=False)
        field = self.field
        yield Input(
            field.value,
            placeholder=field.hint,
            password=field.secret,
            compact=True,
            id=f"in-{field.name}",
        )
        yield Static("", classes="echo", markup=False)

    def on_mount(self) -> None:
        """Say what a value that stands there already means."""
        self.say(strict=False)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    def say(self, *, strict: bool) -> bool:
        """Show what is understood, or what is wrong; return whether it may stand.

        A needed field that is still empty is only held against it when ``strict``.
        """
        echo = self.query_one(".echo", Static)
        problem = self.field.problem(self.text)
        going = isinstance(problem, GoOn) and not strict
        if problem and not going and (strict or self.text.strip()):
            echo.set_class(True, "wrong")
            echo.update(f"✗ {shown(str(problem))}")
            return False
        echo.set_class(False, "wrong")
        words = str(problem) if going else "" if problem else self.field.said(self.text)
        echo.update(shown(words))
        return problem is None


class Form(Dialog[R], Generic[D, R]):
    """Fields in rows. ``build`` makes a draft of the texts, ``keep`` saves it; a refusal stays in the form.

    Enter goes to the next field and saves after the last, ctrl+s saves from anywhere.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", _("Save"), id="form.save", tooltip=_("Save and close"), priority=True),
        hidden("down", "app.focus_next", "form.next", _("Next"), _("Next field")),
        hidden("up", "app.focus_previous", "form.back", _("Back"), _("Field before")),
    ]
    DEFAULT_CSS = """
    Form {
        &.-long Input { width: 1fr; }
        &.-long .echo { width: 1fr; max-width: 20; }
    }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        build: Callable[[Values], D],
        keep: Callable[[D], Awaitable[R]],
        *,
        intro: str = "",
    ) -> None:
        super().__init__()
        self._title, self._fields, self._intro = title, tuple(fields), intro
        self._build, self._keep = build, keep
        self._saving = False
        self._refused = False

    def compose(self) -> ComposeResult:
        """The rows, then what is wrong with the whole."""
        with Box(self._title):
            if self._intro:
                yield Static(f"{shown(self._intro, newlines=True)}\n", classes="said", markup=False)
            for field in self._fields:
                yield Row(field)
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(ONE if len(self._fields) == 1 else SEVERAL, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start in the first empty field."""
        rows = list(self.query(Row))
        first = next((row for row in rows if not row.text), rows[0])
        first.query_one(Input).focus()
        self.watch(self.query_one(Box), "virtual_size", self._keep_in_sight, init=False)

    @property
    def values(self) -> dict[str, str]:
        """The texts by field name."""
        return {row.field.name: row.text.strip() for row in self.query(Row)}

    @on(Input.Changed)
    def _echo(self, event: Input.Changed) -> None:
        self._refused = False
        if isinstance(event.input.parent, Row):
            event.input.parent.say(strict=False)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        rows = list(self.query(Row))
        at = rows.index(event.input.parent) if isinstance(event.input.parent, Row) else 0
        if not rows[at].say(strict=True):
            return
        if at + 1 < len(rows):
            rows[at + 1].query_one(Input).focus()
        else:
            self.action_save()

    def action_save(self) -> None:
        """Check every field, then save."""
        wrong = [row for row in self.query(Row) if not row.say(strict=True)]
        if wrong:
            wrong[0].query_one(Input).focus()
        elif not self._saving:
            self._save()

    @task
    async def _save(self) -> None:
        self._saving = True
        try:
            result = await self._keep(self._build(self.values))
        except HiplogError as error:
            self._refuse(str(error))
        else:
            await self._come_on_top()
            self.dismiss(result)
        finally:
            self._saving = False

    def _refuse(self, sentence: str) -> None:
        """Say why it was not kept, where it can be seen: a long form may have scrolled away from it."""
        self._refused = True
        self.query_one("#wrong", Static).update(f"✗ {shown(sentence)}")
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Also when the sentence gets its lines, or something above it that was still being read."""
        if self._refused:
            self.call_after_refresh(self.query_one("#wrong", Static).scroll_visible, animate=False)

    async def _come_on_top(self) -> None:
        # Dismissing closes whatever screen lies on top, so a question above the form is answered first.
        while not self.is_current:
            await asyncio.sleep(0.05)
