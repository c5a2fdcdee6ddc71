"""Export: which days, with or without names, where to; what will be in it; how far it is; where it went."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from hiplog.clinical.errors import HiplogError, Refused
from hiplog.language import _, counted
from hiplog.logbook.shown import shown
from hiplog.tui import clipboard
from hiplog.tui.desk import Desk
from hiplog.tui.dialogs import export_plan
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.dialogs.export_plan import Plan
from hiplog.tui.dialogs.form import Form, Row, Values
from hiplog.tui.dialogs.message import Confirm
from hiplog.tui.errand import Errand, Stopped
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import stacked
from hiplog.tui.tasks import newest

if TYPE_CHECKING:
    from hiplog.exchange.bundle import Written
    from hiplog.exchange.contents import Contents

TICK_S = 0.1
FILLING = _("Enter: next field    ctrl+s: write it    Esc: cancel")
WRITING = _("Esc: stop")
CLOSING = _("c: copy the command    Enter: close")


class ExportForm(Form[Plan, "Written"]):
    """The form, what will be in the bundle beneath it, and the progress while it is written."""

    DEFAULT_CSS = """
    ExportForm #in-reason, ExportForm #in-folder { width: 1fr; }
    ExportForm #row-reason .echo, ExportForm #row-folder .echo { width: auto; max-width: 26; }
    ExportForm #contents { height: auto; margin-top: 1; }
    ExportForm #progress { height: auto; }
    """

    def __init__(self, desk: Desk) -> None:
        def build(values: Values) -> Plan:
            return export_plan.plan_of(desk, values)

        super().__init__(_("Export the audit bundle"), export_plan.fields(desk), build, self._write)
        self._errand: Errand[Written] | None = None
        self._asking: Confirm | None = None
        self._contents: Contents | None = None
        self._done: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """The rows, the contents, the progress, what is wrong."""
        with Box(self._title):
            for field in self._fields:
                yield Row(field)
            yield Static(_("counting …"), id="contents", markup=False)
            yield Static("", id="progress", markup=False)
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(FILLING, id="hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start in the first field, with everything counted."""
        for row in self.query(Row):
            row.id = f"row-{row.field.name}"
        super().on_mount()
        self.set_interval(TICK_S, self._say_progress)
        self.count()

    # -- what will be in it --------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#wrong", Static).update("")
        self.count()

    @newest
    async def count(self) -> None:
        """Say what a bundle of what stands in the fields will hold."""
        place = self.query_one("#contents", Static)
        try:
            # The reason is asked for when it is written, not while the tables are counted.
            plan = export_plan.plan_of(self.desk, {**self.values, "reason": self.values["reason"] or "-"})
        except HiplogError as error:
            place.update(f"○ {shown(str(error))}")
            return
        self._contents = await self.desk.read(export_plan.count, plan)
        place.update(stacked(export_plan.contents_lines(plan, self._contents)))

    # -- writing -------------------------------------------------------------------------------

    async def _write(self, plan: Plan) -> Written:
        self._done.clear()
        self._contents = await self.desk.read(export_plan.count, plan)
        book = self.desk.book
        errand = self._errand = Errand(lambda tell: export_plan.write(book, plan, tell))
        self.desk.unsaved.add(errand)
        self._lock(True)
        try:
            return await errand.run()
        except Stopped:
            raise Refused(
                _("stopped: no bundle was written, and nothing is left of it; e starts again")
            ) from None
        finally:
            if errand.ended:
                self.desk.unsaved.discard(errand)
                await self._be_current()
            # Else the program is being left: the desk waits for the bundle.

    async def _be_current(self) -> None:
        """Take the question away and wait for other ones: a form is dismissed only when it lies on top."""
        self._errand = None
        if self._asking is not None and self._asking.is_current:
            await self._asking.dismiss(False)
        while not self.is_current:
            await asyncio.sleep(TICK_S)
        self._lock(False)
        self._say_progress()

    def _lock(self, locked: bool) -> None:
        for field in self.query(Input):
            field.disabled = locked
        self.query_one("#hint", Static).update(WRITING if locked else FILLING)
        if not locked:
            self.query_one("#in-folder").focus()

    def _say_progress(self) -> None:
        place = self.query_one("#progress", Static)
        if self._errand is None or self._contents is None:
            place.update("")
            return
        part, done, _ = self._errand.at
        self._done[part] = done
        place.update(export_plan.progress_line(part, sum(self._done.values()), self._contents.total))

    def action_leave(self) -> None:
        """Close; while it is being written, ask first."""
        if self._errand is None:
            self.dismiss(None)
        elif self._asking is None:
            question = _("The bundle is not whole yet. Stop, and leave nothing of it?")
            self._asking = Confirm(_("Stop the export"), [question])
            self.app.push_screen(self._asking, self._answered)

    def _answered(self, stop: bool | None) -> None:
        self._asking = None
        if stop and self._errand is not None:
            self._errand.stop()


class Exported(Dialog[None]):
    """Where the bundle went and how anybody can check it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("c", "copy", "exported.copy", _("Copy"), _("Copy the command that checks the bundle")),
        footer("enter", "leave", "exported.close", _("Close"), _("Close")),
    ]
    DEFAULT_CSS = """
    Exported .command { height: auto; padding: 0 2; background: $panel; text-style: bold; }
    """

    def __init__(self, made: Written) -> None:
        super().__init__()
        self._made = made
        self._command = f"hiplog verify {shlex.quote(str(made.path))}"

    def compose(self) -> ComposeResult:
        """Folder, size, command."""
        from hiplog.exchange import layout

        named = "patients_identity" in self._made.rows
        rows = sum(self._made.rows[sheet.name] for sheet in layout.profile(named))
        safety = (
            _("! It holds names: keep it as safe as the logbook.")
            if named
            else _("No names and no free text are in it.")
        )
        files = len(self._made.files)
        in_files = counted(
            files, "{rows} rows in {count} file.", "{rows} rows in {count} files.", rows=f"{rows:,}"
        )
        with Box(_("The bundle is written")):
            yield Static(f"✓ {shown(str(self._made.path))}", classes="said", markup=False)
            yield Static(
                f"{in_files} {safety}\n",
                classes="said",
                markup=False,
            )
            yield Static(_("Anybody who has hiplog checks it with:"), classes="said", markup=False)
            yield Static(shown(self._command), classes="command", markup=False)
            yield Static(
                _("and anybody who has only Python with verify.py, as README.txt in it says."),
                classes="said",
                markup=False,
            )
            yield Static(f"\n{CLOSING}", classes="hint", markup=False)

    def action_copy(self) -> None:
        """Hand the command to the terminal's clipboard."""
        clipboard.copy(self.app, self._command)


def export_form(desk: Desk) -> ExportForm:
    """Ask what to export and where to."""
    return ExportForm(desk)
