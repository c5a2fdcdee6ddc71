"""The outcomes screen: eight questions, one picture each, filters that answer from memory as one types."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Static

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.outcomes.about import QUESTIONS, About
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.pictures import gallery, table
from hiplog.outcomes.pictures.area import words_only
from hiplog.outcomes.pictures.entries import Entry, Listing
from hiplog.tui import rooms
from hiplog.tui.errand import Errand
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer, hidden
from hiplog.tui.screens.audit.paper import Paper
from hiplog.tui.screens.outcomes import explaining, narrowing, report, words
from hiplog.tui.screens.outcomes.bar import FilterBar
from hiplog.tui.screens.outcomes.memory import Memory
from hiplog.tui.screens.page import Page, TopLine
from hiplog.tui.screens.parts import joined
from hiplog.tui.tasks import newest, task
from hiplog.tui.widgets.picture import Picture

TICK_S = 0.1
FIRST = "improvement"
STRICT, EITHER = _("Responder: both points and percent."), _("Responder: points or percent.")
STOPPED = _("stopped; F5 reads the records again")


class OutcomesScreen(Page[None]):
    """Filters and cards on top, the question with its picture, the number under the cursor, the caption."""

    CSS_PATH = "outcomes.tcss"
    # The rules stand beside the picture only where both charts of a question still fit on its other side.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012
    HELP_TEXT = _(
        "Whether patients improve, how safe it is, who drops out, whether records are "
        "complete. 1 to 8 or ← → choose the question, ↑ ↓ a number of it. → something "
        "can be said, ? cannot tell yet. Below ten there is no percentage, only n/N. In "
        "a filter ↑ ↓ go through the choices; a period is {forms}."
    ).format(forms=narrowing.FORMS)
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("slash", "narrow('period')", "outcomes.filter", _("Filter"), _("Narrow by period, cause …")),
        footer("t", "table", "outcomes.table", _("Table"), _("The same points as a table, and back")),
        footer("x,enter", "explain", "outcomes.explain", _("Explain"), _("What stands behind this number")),
        footer("e", "report", "outcomes.report", _("Report"), _("Write the eight questions as an HTML page")),
        footer("d", "rules", "outcomes.rules", _("Rules"), _("n, missing, period and every definition")),
        footer("f1", "app.keys", "outcomes.keys", _("Keys"), _("Every key of this screen")),
        *(
            hidden(
                str(number),
                f"question('{key}')",
                f"outcomes.{key}",
                _("Question {number}").format(number=number),
                words,
            )
            for number, (key, words) in enumerate(QUESTIONS.items(), 1)
        ),
        hidden("right,l", "turn(1)", "outcomes.next", _("Next"), _("The next question")),
        hidden("left,h", "turn(-1)", "outcomes.before", _("Before"), _("The question before")),
        hidden("down,j", "move(1)", "outcomes.down", _("Down"), _("The next number")),
        hidden("up,k", "move(-1)", "outcomes.up", _("Up"), _("The number before")),
        hidden("pagedown", "move(10)", "outcomes.page_down", _("Page down"), _("Ten numbers on")),
        hidden("pageup", "move(-10)", "outcomes.page_up", _("Page up"), _("Ten numbers back")),
        hidden("g,home", "move(-100000)", "outcomes.first", _("First"), _("The first number")),
        hidden("G,end", "move(100000)", "outcomes.last", _("Last"), _("The last number")),
        hidden("p", "narrow('period')", "outcomes.period", _("Period"), _("Narrow the period")),
        hidden("c", "narrow('cause')", "outcomes.cause", _("Cause"), _("Narrow to a cause")),
        hidden("w", "narrow('therapist')", "outcomes.therapist", _("Therapist"), _("Narrow to a therapist")),
        hidden("s", "narrow('side')", "outcomes.side", _("Side"), _("Narrow to a side")),
        hidden("r", "rule", "outcomes.rule", _("Rule"), _("Responder by either rule, or only by both")),
        hidden("f5", "read", "outcomes.read", _("Read again"), _("Read the records anew")),
        hidden("escape", "back", "outcomes.back", _("Back"), _("Stop, close, clear the filters, or leave")),
    ]

    picture = getters.query_one("#picture", Picture)
    bar = getters.query_one(FilterBar)

    def __init__(self) -> None:
        super().__init__()
        self._memory = Memory()
        self._shown: Dashboard | None = None
        self._listing = Listing((), ())
        self._filters, self._strict = Filters(), False
        self._question, self._table = FIRST, False
        self._cursors = dict.fromkeys(QUESTIONS, 0)

    def compose(self) -> ComposeResult:
        """Top line, filters, cards, question, picture beside the rules, number, frame, caption."""
        yield TopLine(_("Outcomes"))
        yield FilterBar()
        yield Static(id="cards", markup=False)
        yield Static(id="question", markup=False)
        yield Static(id="verdict", markup=False)
        with Horizontal(id="panes"):
            yield Picture(id="picture")
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="rules", markup=False)
        yield Static(id="number", markup=False)
        yield Static(id="frame", markup=False)
        yield Static(CAPTION, id="caption", markup=False)
        yield Foot()

    def on_mount(self) -> None:
        """Keys go to the picture."""
        self.query_one(TopLine).place(_("Outcomes   {name}").format(name=self.desk.book.clinic.name))
        self._say_state()
        self.picture.focus()
        self.set_interval(TICK_S, self._say_progress)

    @on(ScreenResume)
    def _resumed(self) -> None:
        self._look_again()

    @task
    async def _look_again(self) -> None:
        """Read when nothing was read yet, or when something was written since."""
        if await self.desk.read(rooms.audit.heads) != self._memory.heads:
            self.action_read()

    def on_unmount(self) -> None:
        """Nobody waits for what is being read any more."""
        self._memory.stop()

    # -- reading once, answering from memory -----------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether what is shown is the answer to what is asked."""
        return self._shown is not None and not (self._memory.reading or self._memory.answering)

    def action_read(self) -> None:
        """Read the records, unless that is being done."""
        if self._memory.begin(self.desk.book):
            self._read()

    @task
    async def _read(self) -> None:
        try:
            done = await self._memory.read()
        finally:
            self._say_state()
        if not done:
            self.app.tell(_("Reading was {stopped}.").format(stopped=STOPPED))
        if self._memory.counts is None:
            self.picture.drawing = partial(words_only, STOPPED)
            return
        order = self.desk.book.settings.date_order
        self.bar.there = narrowing.known(self._memory.counts, self.desk.today(), order)
        self.bar.say()
        self._answer()

    def _say_progress(self) -> None:
        if not self._memory.reading:
            return
        said = words.progress(*self._memory.at)
        if self._shown is None:
            self.picture.drawing = partial(words_only, said)
        else:
            self.query_one(TopLine).state(said, matters=True)

    def _say_state(self) -> None:
        self.query_one(TopLine).state(self.desk.book.actor)

    @on(FilterBar.Narrowed)
    def _narrowed(self, event: FilterBar.Narrowed) -> None:
        self._filters = event.filters
        self._answer()

    @newest
    async def _answer(self) -> None:
        found = await self._memory.answer(self._filters, self._strict)
        if found is not None:
            self._shown = found
            self._show()

    # -- showing -------------------------------------------------------------------------------

    @property
    def about(self) -> About | None:
        """The frame of the question on the screen."""
        if self._shown is None:
            return None
        return next(one for one in self._shown.abouts if one.key == self._question)

    @property
    def entry(self) -> Entry | None:
        """The number under the cursor."""
        entries = self._listing.entries
        return entries[min(self._cursors[self._question], len(entries) - 1)] if entries else None

    def _show(self) -> None:
        self.query_one("#question", Static).update(words.heading(self._question))
        found, about = self._shown, self.about
        if found is None or about is None:
            return
        self._listing = gallery.listing(found, self._question)
        self.query_one("#cards", Static).update(words.cards(found, self.app.size.width - 2))
        self.query_one("#verdict", Static).update(words.verdict(about))
        self.query_one("#frame", Static).update(words.frame(about, strict=self._strict))
        rules = words.rules(found, about)
        self.query_one("#rules", Static).update(Content("\n").join(rules))
        self._paint()

    def _paint(self) -> None:
        """Draw anew what the cursor changes."""
        entry, found = self.entry, self._shown
        at = min(self._cursors[self._question], max(len(self._listing.entries) - 1, 0))
        if found is None:
            return
        if self._table:
            self.picture.drawing = partial(table.draw, self._listing, at)
        else:
            self.picture.drawing = partial(gallery.draw, found, self._question, entry.key if entry else None)
        self._say_number()

    def _say_number(self) -> None:
        if self.bar.active is not None:
            self.bar.say()
            return
        entry, count = self.entry, len(self._listing.entries)
        if entry is None or (self.about and not self.about.n):
            told = joined(words.NOTHING_YET if self.about and not self.about.n else _("no number yet"))
        else:
            at = min(self._cursors[self._question], count - 1) + 1
            told = joined(("▸ ", "bold $accent"), f"{at}/{count}  ", (shown(entry.words), "bold"))
        self.query_one("#number", Static).update(told)

    @on(FilterBar.Said)
    def _said(self, event: FilterBar.Said) -> None:
        if event.words:
            self.query_one("#number", Static).update(joined(shown(event.words)))
        else:
            self._say_number()

    def on_resize(self) -> None:
        """Lay the cards out anew."""
        self._show()

    # -- keys ----------------------------------------------------------------------------------

    def action_question(self, key: str) -> None:
        """Turn to a question."""
        self._question = key
        self._show()

    def action_turn(self, by: int) -> None:
        """Turn to the next question or the one before."""
        at = words.KEYS.index(self._question)
        self.action_question(words.KEYS[(at + by) % len(words.KEYS)])

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        last = max(len(self._listing.entries) - 1, 0)
        here = min(self._cursors[self._question], last)
        self._cursors[self._question] = min(max(here + by, 0), last)
        self._paint()

    def action_table(self) -> None:
        """Show the table, or the picture again."""
        self._table = not self._table
        self._paint()

    def action_rule(self) -> None:
        """Ask for either form of the responder rule, or for both."""
        self._strict = not self._strict
        self.app.tell(STRICT if self._strict else EITHER)
        self._answer()

    def action_narrow(self, name: str) -> None:
        """Go into a filter."""
        self.bar.field(name).focus()

    @on(FilterBar.Left)
    def _left(self) -> None:
        self.picture.focus()

    def action_back(self) -> None:
        """Stop reading; else leave the field, the table, the filters, the screen, one at a time."""
        if self._memory.reading:
            self._memory.stop()
        elif self.bar.active is not None:
            self.picture.focus()
        elif self._table:
            self.action_table()
        elif self.bar.narrowed:
            self.bar.clear()
        else:
            self.app.switch_mode("today")

    # -- what stands behind it -------------------------------------------------------------------

    def action_rules(self) -> None:
        """Show n, missing, period and every definition."""
        if self._shown is not None and self.about is not None:
            self.app.push_screen(Paper(self.about.question, words.rules(self._shown, self.about)))

    def action_explain(self) -> None:
        """Show the rule, the sessions and the exclusions behind the number under the cursor."""
        if self.entry is not None:
            self._explain(self.entry)
        elif self._shown is not None:
            self.app.tell(_("There is no number to explain yet."))

    @task
    async def _explain(self, entry: Entry) -> None:
        if self._shown is None:
            return
        told = await self._memory.explain(self._question, entry.key, self._shown)
        if told is not None:
            self.app.push_screen(Paper(_("What stands behind it"), explaining.lines(entry.words, told)))

    def action_report(self) -> None:
        """Ask for a file and write the report."""
        if self._shown is not None:
            self.app.push_screen(report.form(self.desk.today(), self._write), self._written)

    async def _write(self, path: Path) -> Path:
        book, found = self.desk.book, self._shown
        assert found is not None
        errand = Errand(lambda tell: report.write(book, found, path, tell))
        self.desk.unsaved.add(errand)
        self.query_one(TopLine).state(_("writing the report …"), matters=True)
        try:
            return await errand.run()
        finally:
            self.desk.unsaved.discard(errand)
            self._say_state()

    def _written(self, path: Path | None) -> None:
        if path is not None:
            self.app.tell(
                _("The report is written: {path}. It names chart codes: keep it safe.").format(path=path)
            )
            self.app.hand_over(path)
