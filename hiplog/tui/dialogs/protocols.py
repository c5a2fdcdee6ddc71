"""The clinic's protocols on the keys 1 to 9: look at them, lay one, keep a session's plan as one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.record import SIDE_WORDS
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import DIGITS, footer, hidden
from hiplog.tui.screens.parts import Choices
from hiplog.tui.tasks import task

if TYPE_CHECKING:
    from hiplog.logbook.protocols import Protocol

SLOTS = range(1, 10)
TITLE = _("Protocols of this clinic")
EMPTY = _("No protocol yet: s keeps the plan of this visit on the key under the cursor.")
EMPTY_HERE = _("No protocol yet: L in a visit with needle sites keeps its plan on a key.")
ABOUT = _(
    "A plan only, never results. Laid on the other hip it is mirrored; every row waits to be confirmed."
)
FREE = _("– free")
LAY_KEYS = _("1…9 or Enter: lay   ")
SAVE_KEYS = _("s: keep this visit's plan   ")
OTHER_KEYS = _("n: rename   x: remove   Esc: close")
NO_PLAN = _("This visit has no needle sites to keep.")
IN_THE_GRID = _("A protocol is laid in the needle grid of a visit.")
NAME_TITLE, NAME_LABEL = _("Protocol on key {slot}"), _("name")
KEPT, RENAMED, REMOVED = _("Kept on key {slot}."), _("Key {slot} is renamed."), _("Key {slot} is free.")
NOTHING_THERE = _("Nothing lies on key {slot}.")
REPLACE_TITLE, REPLACE = _("Key {slot} is taken"), _("{name} gives way to the plan of this visit.")
REMOVE_TITLE, REMOVE = (
    _("Remove the protocol on key {slot}"),
    _("{name} is taken off; it stays in the audit trail."),
)


class Protocols(Dialog[int]):
    """Nine lines; closes with the key to lay, else with nothing. ``plan`` is the session that may be kept."""

    HELP_TEXT = ABOUT
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            hidden(
                str(n),
                f"lay({n})",
                f"protocols.lay_{word}",
                _("Lay {n}").format(n=n),
                _("Lay the protocol on key {n}").format(n=n),
            )
            for n, word in enumerate(DIGITS, 1)
        ),
        footer("s", "keep", "protocols.save", _("Keep"), _("Keep the plan of this visit on this key")),
        footer("n", "name", "protocols.rename", _("Rename"), _("Give the protocol another name")),
        footer("x,delete", "remove", "protocols.remove", _("Remove"), _("Take the protocol off this key")),
    ]
    DEFAULT_CSS = """
    Protocols Choices { height: auto; max-height: 9; background: $surface; }
    Protocols #plan { height: auto; min-height: 2; max-height: 4; margin-top: 1; }
    """

    def __init__(self, known: tuple[Protocol, ...], plan: str | None, *, laying: bool) -> None:
        super().__init__()
        self._known = {one.slot: one for one in known}
        self._plan, self._laying = plan, laying

    def compose(self) -> ComposeResult:
        """What it is, the nine keys, the plan under the cursor, the keys."""
        with Box(TITLE):
            yield Static(f"{ABOUT}\n", classes="said", markup=False)
            yield Choices()
            yield Static(id="plan", markup=False)
            keys = f"{LAY_KEYS if self._laying else ''}{SAVE_KEYS if self._plan else ''}{OTHER_KEYS}"
            yield Static(keys, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show what lies where."""
        self._fill()
        self.query_one(Choices).focus()

    def _fill(self) -> None:
        lines = [Option(Content(slot_line(slot, self._known.get(slot))), id=str(slot)) for slot in SLOTS]
        self.query_one(Choices).fill(lines)
        self._tell()

    @property
    def slot(self) -> int:
        """The key under the cursor."""
        return int(self.query_one(Choices).chosen or 1)

    @on(Choices.OptionHighlighted)
    def _tell(self) -> None:
        there = self._known.get(self.slot)
        empty = "" if self._known else EMPTY if self._plan else EMPTY_HERE
        self.query_one("#plan", Static).update(shown(there.line, 280) if there else empty)

    @on(Choices.OptionSelected)
    def _chosen(self, event: Choices.OptionSelected) -> None:
        self.action_lay(int(event.option_id or 1))

    def action_lay(self, slot: int) -> None:
        """Close and lay the protocol; a free key says so."""
        if not self._laying:
            self.query_one(Choices).highlighted = slot - 1
            self.app.tell(IN_THE_GRID)
        elif slot in self._known:
            self.dismiss(slot)
        else:
            self.app.tell(NOTHING_THERE.format(slot=slot))

    @task
    async def action_keep(self) -> None:
        """Ask for a name and keep the plan; one that lies there gives way after a yes."""
        plan, slot = self._plan, self.slot
        if plan is None:
            self.app.tell(NO_PLAN)
            return
        await self.desk.need("chart")
        there = self._known.get(slot)
        if there and not await self._sure(REPLACE_TITLE, REPLACE, there):
            return

        async def keep(name: str) -> Protocol:
            return await self.desk.write(rooms.protocols.save, slot, name, plan)

        await self._ask(slot, there.name if there else "", keep, KEPT)

    @task
    async def action_name(self) -> None:
        """Ask for another name."""
        slot = self.slot
        there = self._known.get(slot)
        if there is None:
            self.app.tell(NOTHING_THERE.format(slot=slot))
            return
        await self.desk.need("chart")

        async def keep(name: str) -> Protocol:
            return await self.desk.write(rooms.protocols.rename, slot, name)

        await self._ask(slot, there.name, keep, RENAMED)

    @task
    async def action_remove(self) -> None:
        """Take it off its key after a yes."""
        slot = self.slot
        there = self._known.get(slot)
        if there is None:
            self.app.tell(NOTHING_THERE.format(slot=slot))
            return
        await self.desk.need("chart")
        if await self._sure(REMOVE_TITLE, REMOVE, there):
            await self.desk.write(rooms.protocols.remove, slot)
            del self._known[slot]
            self._fill()
            self.app.tell(REMOVED.format(slot=slot))

    async def _sure(self, title: str, sentence: str, there: Protocol) -> bool:
        from hiplog.tui.dialogs.message import Confirm

        told = Confirm(title.format(slot=there.slot), [sentence.format(name=there.name)])
        return await self.app.push_screen_wait(told) is True

    async def _ask(self, slot: int, name: str, keep: Callable[[str], Awaitable[Protocol]], told: str) -> None:
        from hiplog.tui.dialogs.text import line_form

        form = line_form(NAME_TITLE.format(slot=slot), NAME_LABEL, keep, value=name)
        made = await self.app.push_screen_wait(form)
        if made is not None:
            self._known[slot] = made
            self._fill()
            self.app.tell(told.format(slot=slot))


def slot_line(slot: int, there: Protocol | None) -> str:
    """``3  Lateral hip, right``, or that the key is free."""
    return f"{slot}  {shown(there.name, 50)}, {SIDE_WORDS[there.side]}" if there else f"{slot}  {FREE}"
