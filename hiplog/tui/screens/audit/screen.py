"""The audit screen: whether the trail holds, the trail itself, how complete the records are, and export."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Input, Static

from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.errand import Errand
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens.audit import complete, lines, state
from hiplog.tui.screens.audit.lines import Key
from hiplog.tui.screens.audit.paper import Paper, entry_lines, findings_lines
from hiplog.tui.screens.audit.state import Checked
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import Choices, clock_of, joined, stacked
from hiplog.tui.tasks import newest, task

if TYPE_CHECKING:
    from hiplog.exchange.bundle import Written
    from hiplog.logbook.audit import Finding, Head
    from hiplog.logbook.trail import Asked, Line

NEAR_END = 12
"""How many lines before the last one the next page is fetched."""


class AuditScreen(Page[None]):
    """State on top, the log beneath it, completeness at the foot; the entry beside when there is room."""

    CSS_PATH = "audit.tcss"
    HELP_TEXT = _(
        "Who wrote what and when. ✓ the trail holds, ! something is wrong, … being "
        "checked. The filter takes words (who, what was done, chart code) and days: "
        "sign dn001 2026-11, or 2026-11-01..2026-11-15."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("v", "check", "audit.check", _("Check"), _("Check both chains, every row and the guards")),
        footer(
            "slash", "find", "audit.find", _("Filter"), _("Narrow the log by who, what, chart code or days")
        ),
        footer("e", "export", "audit.export", _("Export"), _("Write the audit bundle to a folder")),
        footer("c", "room", "audit.room", _("Log only"), _("Give the log all the room, and back")),
        footer("f1", "app.keys", "audit.keys", _("Keys"), _("Every key of this screen")),
        hidden("w", "wrong", "audit.wrong", _("Wrong"), _("Everything that the check found")),
        hidden("escape", "clear", "audit.clear", _("Back"), _("Clear the filter, or back to where you were")),
    ]

    choices = getters.query_one("#log", Choices)
    finder = getters.query_one("#finder", Input)

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._after: tuple[int, ...] | None = None
        self._heads: tuple[Head, ...] = ()
        self._checked: Checked | None = None
        self._checking = False

    def compose(self) -> ComposeResult:
        """Top line, state, finder and log beside the entry, completeness."""
        yield TopLine(_("Audit"))
        yield Static(id="trail", markup=False)
        with Horizontal(id="panes"):
            with Vertical(id="work"):
                yield Static(id="title", markup=False)
                yield Input(id="finder", placeholder=_("who, what, chart code, 2026-11"), compact=True)
                yield Choices(name="log")
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="entry", markup=False)
        yield Static(id="complete", markup=False)
        yield Foot()

    def on_mount(self) -> None:
        """Keys go to the log; the trail is checked once."""
        self.query_one(TopLine).place(_("Audit   {name}").format(name=self.desk.book.clinic.name))
        self.query_one(TopLine).state(self.desk.book.actor)
        self.choices.focus()
        self.action_check()

    @on(ScreenResume)
    def _resumed(self) -> None:
        self.refresh_log()

    # -- the log -------------------------------------------------------------------------------

    @property
    def asked(self) -> Asked:
        """What the finder asks for."""
        wanted: Asked = rooms.trail.asked(self.finder.value)
        return wanted

    @newest
    async def refresh_log(self) -> None:
        """Read the newest page, the ends of the chains, and completeness."""
        await self._first_page()
        self._heads = await self.desk.read(rooms.audit.heads)
        self._say_state()
        rows = await self.desk.read(rooms.completeness.of)
        self.query_one("#complete", Static).update(stacked(complete.lines(rows)))

    @newest
    async def search(self) -> None:
        """Show what fits the finder."""
        await self._first_page()

    async def _first_page(self) -> None:
        page = await self.desk.read(rooms.trail.page, self.asked)
        self._lines, self._after = list(page.lines), page.after
        self._fill()

    async def _reread(self) -> None:
        """Show the lines as they stand now; who has paged on stays where they are."""
        if len(self._lines) > rooms.trail.PAGE:
            self._fill()
        else:
            await self._first_page()

    def _fill(self) -> None:
        self.choices.fill(
            lines.options(self._lines, clock_of(self.desk.book.clinic.zone), self._wrong) or lines.nothing()
        )
        self._say_title()
        self._look()

    @newest
    async def _more(self) -> None:
        after, wanted = self._after, self.asked
        page = await self.desk.read(rooms.trail.page, wanted, after)
        if after == self._after and wanted == self.asked:
            self._lines += page.lines
            self._after = page.after
            self.choices.add_options(
                lines.options(page.lines, clock_of(self.desk.book.clinic.zone), self._wrong)
            )
            self._say_title()

    def _say_title(self) -> None:
        wanted = self.asked
        days = [f"{word} {day}" for word, day in ((_("from"), wanted.since), (_("to"), wanted.until)) if day]
        what = " ".join([*(f"“{word}”" for word in wanted.words), *days])
        told = (
            _("Log: {count} and older ones, newest first") if self._after else _("Log: {count}, newest first")
        )
        told = told.format(count=len(self._lines))
        if what:
            told = _("{log}, with {what}").format(log=told, what=what)
        self.query_one("#title", Static).update(joined((told, "bold $primary")))

    @property
    def line(self) -> Line | None:
        """The entry under the cursor."""
        at = self.choices.highlighted
        return self._lines[at] if at is not None and at < len(self._lines) else None

    @on(Choices.OptionHighlighted)
    def _moved(self) -> None:
        self._look()
        if self._after is not None and (self.choices.highlighted or 0) >= len(self._lines) - NEAR_END:
            self._more()

    @newest
    async def _look(self) -> None:
        beside = self.query_one("#entry", Static)
        if self.line is None or not self.query_one("#beside").display:
            beside.update(Content(""))
            return
        beside.update(stacked(await self._read_entry(self.line)))

    async def _read_entry(self, line: Line) -> list[Content]:
        entry = await self.desk.read(rooms.entry.read, line.chain, line.seq)
        found = [one for one in self._findings if (one.chain, one.seq) == (line.chain, line.seq)]
        return entry_lines(entry, clock_of(self.desk.book.clinic.zone), self.desk.book.clinic.zone, found)

    @on(Choices.OptionSelected)
    def _selected(self) -> None:
        self._open()

    @task
    async def _open(self) -> None:
        if self.line is not None:
            title = _("Entry {seq} of the {chain} chain").format(seq=self.line.seq, chain=self.line.chain)
            self.app.push_screen(Paper(title, await self._read_entry(self.line)))

    # -- finding -------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Open the finder."""
        self.finder.display = True
        self.set_focus(self.finder)

    def action_clear(self) -> None:
        """Close the finder; when it is closed, go back to where one came from."""
        if not self.finder.display:
            self.app.switch_mode("today")
            return
        self.finder.clear()
        self.finder.display = False
        self.choices.focus()
        self.search()

    @on(Input.Changed, "#finder")
    def _typed(self) -> None:
        if self.finder.display:
            self.search()

    @on(Input.Submitted, "#finder")
    def _submitted(self) -> None:
        self.choices.focus()

    def on_key(self, event: object) -> None:
        """From the finder, the down key goes into the log."""
        if getattr(event, "key", "") == "down" and self.finder.has_focus:
            self.choices.focus()

    # -- checking ------------------------------------------------------------------------------

    @property
    def _findings(self) -> tuple[Finding, ...]:
        return self._checked.report.findings if self._checked else ()

    @property
    def _wrong(self) -> set[Key]:
        # A finding about a row names the entry that recorded it; that entry itself is sound.
        own = (one for one in self._findings if one.row is None)
        return {(one.chain, one.seq) for one in own if one.chain and one.seq is not None}

    def action_check(self) -> None:
        """Check the trail, unless that is being done."""
        if not self._checking:
            self._checking = True
            self._say_state()
            self._check()

    @task
    async def _check(self) -> None:
        book = self.desk.book
        try:
            # Beside the desk: in a large logbook it takes long, and the next session must not wait for it.
            report = await Errand(lambda _: book.read(rooms.audit.verify)).run()
            self._heads = await self.desk.read(rooms.audit.heads)
            self._checked = Checked(report, self.desk.now())
        finally:
            self._checking = False
            self._say_state()
        await self._reread()

    def _say_state(self) -> None:
        told = state.lines(self._heads, self._checked, self._checking)
        self.query_one("#trail", Static).update(stacked(told))

    def action_wrong(self) -> None:
        """List everything that the check found."""
        if self._findings:
            self.app.push_screen(Paper(_("What is wrong"), findings_lines(self._findings)))
        else:
            self.app.tell(
                _("The last check found nothing wrong.") if self._checked else _("Not checked yet.")
            )

    def action_room(self) -> None:
        """Hide completeness, or show it again."""
        self.toggle_class("-log")

    # -- export --------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Ask what to write and where, write it, and say where it went."""
        from hiplog.tui.dialogs.export import export_form

        if self.desk.book.banner:
            self.app.tell(
                _("{banner} An export could not be logged.").format(banner=self.desk.book.banner), grave=True
            )
            return
        self.app.push_screen(export_form(self.desk), self._exported)

    def _exported(self, made: Written | None) -> None:
        from hiplog.tui.dialogs.export import Exported

        if made is not None:
            self.app.push_screen(Exported(made))
            self.app.hand_over(made.path)
            self.refresh_log()
