"""The middle step of a session: the count and the timer, what screening says, the grid, quick entry."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Digits, Static

from hiplog.clinical.record import Session
from hiplog.language import _, counted
from hiplog.logbook import points
from hiplog.logbook.shown import shown
from hiplog.tui.app import HiplogApp
from hiplog.tui.screens.parts import joined, stacked
from hiplog.tui.screens.session import aside, edits, retention
from hiplog.tui.screens.session.entry import QuickEntry
from hiplog.tui.screens.session.fields import Edit
from hiplog.tui.screens.session.frame import Frame
from hiplog.tui.screens.session.grid import NeedleGrid
from hiplog.tui.screens.session.side_map import SideMap
from hiplog.tui.screens.session.steps import Step
from hiplog.tui.tasks import task

LARGE_ROWS = 3
TICK_S = 1.0
TIMER, FAINT = _("r timer"), _("F faint, needles coming out")


class Counted(Horizontal):
    """The needles that are in, large where there is room; beside them sites, timer and alarms."""

    DEFAULT_CSS = """
    Counted {
        height: auto;
        & > #large { width: auto; padding: 0 1; display: none; color: $primary; text-style: bold; }
        & > #words { width: 1fr; height: auto; }
        &.-large > #large { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="counted")
        self._draft: Session | None = None
        self._now = ""

    def compose(self) -> ComposeResult:
        """Figure and words."""
        yield Digits("", id="large")
        with Vertical(id="words"):
            yield Static(id="count", markup=False)

    def on_mount(self) -> None:
        """Keep the timer's words fresh."""
        self.set_interval(TICK_S, self._tick)

    def show(self, draft: Session, *, large: bool) -> None:
        """Show the counts of ``draft``."""
        self._draft = draft
        self.set_class(large, "-large")
        self.query_one(Digits).update(str(draft.needles.inserted or 0))
        self.say()

    def say(self) -> None:
        """Write the words anew."""
        if self._draft is None:
            return
        self._now = retention.words(self._draft.id)
        lines = [*_alarms(self._draft), _counts(self._draft)]
        if self._now:
            lines.append(joined((self._now, "bold")))
        if self.has_class("-large") and len(lines) < LARGE_ROWS:
            lines.append(joined((FAINT if self._now else f"{TIMER}   {FAINT}", "$foreground 75%")))
        self.query_one("#count", Static).update(stacked(lines))

    def _tick(self) -> None:
        if self._draft is not None and retention.words(self._draft.id) != self._now:
            self.say()


class Needling(Step):
    """The needle grid, what screening says about its muscles, and quick entry."""

    app = getters.app(HiplogApp)
    grid = getters.query_one(NeedleGrid)
    entry = getters.query_one(QuickEntry)

    def __init__(self, frame: Frame) -> None:
        super().__init__(id="needling")
        self._frame = frame
        self._draft: Session | None = None

    def compose(self) -> ComposeResult:
        """Count, findings, grid, line."""
        yield Counted()
        yield Static(id="bars", markup=False)
        yield NeedleGrid(self._frame.consent_form)
        yield QuickEntry(self._frame.defaults)

    def show(self, draft: Session) -> None:
        """Show rows, needles and findings."""
        self._draft = draft
        super().show(draft)
        self.grid.show(draft)
        bars = [aside.short_finding(f) for f in self._frame.findings(draft) if not f.overridden]
        self.query_one("#bars", Static).update(stacked([joined(("! ", "bold $accent"), bar) for bar in bars]))
        self.query_one("#bars").display = bool(bars)
        self._fit()

    def on_resize(self) -> None:
        """Give the count what room there is."""
        self._fit()

    def _fit(self) -> None:
        if self._draft is not None:
            bars = sum(not f.overridden for f in self._frame.findings(self._draft))
            needed = LARGE_ROWS + bars + 1 + max(len(self._draft.insertions), LARGE_ROWS)
            self.query_one(Counted).show(self._draft, large=self.size.height >= needed)

    def complete(self, draft: Session, frame: Frame) -> bool:
        """At least one site, all confirmed."""
        return bool(draft.insertions) and edits.treated(draft.insertions) == len(draft.insertions)

    @on(NeedleGrid.Timer)
    def _time(self) -> None:
        if self._draft is not None:
            retention.toggle(self._draft.id)
            self.query_one(Counted).say()

    @on(NeedleGrid.Faint)
    def _faint(self) -> None:
        if self._draft is None:
            return
        if edits.faint_of(self._draft) is not None:
            self.app.tell(_("The faint is stamped already; ctrl+z takes the last key back."))
            return
        note = _("faint at {time}, needles coming out").format(time=f"{self.app.desk.now():%H:%M}")
        self.post_message(Edit(edits.fainted(note)))
        self.app.tell(_("Stamped. Needles out, legs up; the counts can follow later."), grave=True)

    @on(NeedleGrid.Map)
    def _map(self) -> None:
        beside = self.screen.query_one(SideMap)
        if beside.display:
            beside.begin(self._frame.side)
        else:
            self._choose()

    @task
    async def _choose(self) -> None:
        from hiplog.tui.dialogs.body import Body

        draft, row = self._draft, self.grid.row
        if draft is None:
            return
        counts = points.needled(draft.insertions)
        start = (row.muscle, row.side) if row else ("GMED", self._frame.side or "R")
        chosen = await self.app.push_screen_wait(Body(_("Add a site"), counts, choosing=True, start=start))
        if chosen is not None:
            self.pick(*chosen)

    def pick(self, muscle: str, side: str) -> None:
        """Go to the row of ``muscle`` on ``side``; where there is none, begin one in the quick-entry line."""
        if self._draft is None:
            return
        if self.grid.go_to(muscle, side):
            self.grid.focus()
        else:
            self.entry.open(self._draft, None, f"{muscle.lower()} {side.lower()} ")


def _alarms(draft: Session) -> list[Content]:
    told = []
    consent = draft.consent
    if consent is not None and (consent.withdrawn or not consent.given):
        told.append(_("no consent: needles out"))
    faint = edits.faint_of(draft)
    if faint is not None:
        told.append(shown(faint.note or _("faint"), 60))
    return [joined((f"! {'; '.join(told)}", "bold $accent"))] if told else []


def _counts(draft: Session) -> Content:
    rows = draft.insertions
    done, needles = edits.treated(rows), draft.needles.inserted or 0
    sites = counted(len(rows), "{count} site", "{count} sites")
    if done < len(rows):
        sites = _("{sites}, {left} not confirmed").format(sites=sites, left=len(rows) - done)
    inside = counted(needles, "{count} needle in", "{count} needles in")
    return joined((inside, "bold $primary"), f"   {sites}")
