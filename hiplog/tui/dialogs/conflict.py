"""Two editors of one draft: what I changed, what they changed, and the draft that keeps both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical import merging
from hiplog.clinical.code_words import said
from hiplog.clinical.merging import Difference, Place
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Consent, Inquiry, Patient, Reading, ScreeningAnswer, Session
from hiplog.clinical.shorthand import Line, echo
from hiplog.language import _, days
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.foot import Foot
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices, measure_name, reading_words

WIDTH = 68
NAMES = {
    "screening": _("question"),
    "insertions": _("needle site"),
    "inquiries": _("reactions"),
    "readings": _("reading"),
    "advice": _("advice"),
    "co_treatments": _("beside needling"),
    "referrals": _("referral"),
    "occurred_at": _("time of the visit"),
    "carried_from": _("plan carried from"),
    "code": _("chart code"),
    "family": _("family name"),
    "given": _("given name"),
    "birth": _("birth date"),
}
BOTH = _("Both changed {count} of these (!): Space chooses which of the two stays.")


R = TypeVar("R")


class TwoStates(Dialog[R], Generic[R]):
    """Every place where two states differ; nothing is written before one of the three ways is chosen."""

    TITLE = SAID = ""
    HELP_TEXT = _("Somebody else saved this while you changed it. Nothing is overwritten unseen.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "merge", _("Merge"), id="conflict.merge", tooltip=_("Keep both their work and mine")
        ),
        footer("space", "flip", "conflict.flip", _("Flip"), _("Where both changed it: theirs or mine")),
        footer("m", "mine", "conflict.mine", _("Mine"), _("Keep my draft, without their changes")),
        footer("t", "theirs", "conflict.theirs", _("Theirs"), _("Keep their draft, without my change")),
    ]
    DEFAULT_CSS = """
    TwoStates Choices { height: auto; max-height: 12; background: $surface; }
    """

    def __init__(self, base: R, mine: R, theirs: R, found: Sequence[Difference]) -> None:
        super().__init__()
        self._base, self._mine, self._theirs = base, mine, theirs
        self._found = tuple(found)
        self._keep: set[Place] = set()

    def merged(self, base: R, mine: R, theirs: R, keep_mine: set[Place]) -> R:
        """Both their work and mine; where both changed one place, mine if it is in ``keep_mine``."""
        raise NotImplementedError

    def whole(self, mine: R, theirs: R) -> R:
        """Mine alone, as what follows theirs."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """What differs, and the three ways on."""
        both = sum(one.both for one in self._found)
        said = f"{self.SAID} {BOTH.format(count=both)}" if both else self.SAID
        with Box(self.TITLE):
            yield Static(said, classes="said", markup=False)
            yield Choices()
            hint = _("Enter: merge, keep both    m: mine only    t: theirs only")
            yield Static(hint, classes="hint", markup=False)
        yield Foot()

    def on_mount(self) -> None:
        """Show the differences."""
        self._fill()
        self.query_one(Choices).focus()

    def _fill(self) -> None:
        options = [Option(self._line(one), id=str(place)) for place, one in enumerate(self._found)]
        self.query_one(Choices).fill(options)

    def _line(self, one: Difference) -> Content:
        mark = "!" if one.both else " "
        kept = _("both") if not one.both else _("mine") if one.place in self._keep else _("theirs")
        name = shown(_named(one), WIDTH - 18)
        stays = _("{name} (stays: {kept})").format(name=name, kept=kept) if one.both else name
        lines = [
            f"{mark} {stays}",
            _("    mine:   {words}").format(words=shown(_words(one.mine), WIDTH - 12)),
            _("    theirs: {words}").format(words=shown(_words(one.theirs), WIDTH - 12)),
        ]
        return Content("\n".join(lines))

    def action_flip(self) -> None:
        """Let the other of the two stay at this place."""
        chosen = self.query_one(Choices).chosen
        if chosen is not None and self._found[int(chosen)].both:
            self._keep ^= {self._found[int(chosen)].place}
            self._fill()

    def on_option_list_option_selected(self) -> None:
        """Enter on a line merges."""
        self.action_merge()

    def action_merge(self) -> None:
        """Keep both their work and mine."""
        self.dismiss(self.merged(self._base, self._mine, self._theirs, self._keep))

    def action_mine(self) -> None:
        """Keep my draft."""
        self.dismiss(self.whole(self._mine, self._theirs))

    def action_theirs(self) -> None:
        """Keep their draft."""
        self.dismiss(self._theirs)

    def action_leave(self) -> None:
        """Stay: leaving would drop one of the two unseen."""
        self.app.tell(_("Choose first: Enter merges, m keeps mine, t keeps theirs."))


class Conflict(TwoStates[Session]):
    """Two editors of one draft."""

    TITLE = _("Two people changed this draft")
    SAID = _("Somebody else saved this draft meanwhile. Your change is not saved yet, theirs is.")

    def __init__(self, base: Session, mine: Session, theirs: Session) -> None:
        super().__init__(base, mine, theirs, merging.differences(base, mine, theirs))

    def merged(self, base: Session, mine: Session, theirs: Session, keep_mine: set[Place]) -> Session:
        """Both drafts in one."""
        return merging.merged(base, mine, theirs, keep_mine)

    def whole(self, mine: Session, theirs: Session) -> Session:
        """My draft."""
        return merging.all_mine(mine, theirs)


class PatientConflict(TwoStates[Patient]):
    """Two editors of what is kept of one person."""

    TITLE = _("Two people changed this patient")
    SAID = _("A colleague saved this patient meanwhile. Your change is not saved yet, theirs is.")

    def __init__(self, base: Patient, mine: Patient, theirs: Patient) -> None:
        super().__init__(base, mine, theirs, merging.patient_differences(base, mine, theirs))

    def merged(self, base: Patient, mine: Patient, theirs: Patient, keep_mine: set[Place]) -> Patient:
        """Both changes in one."""
        return merging.patient_merged(base, mine, theirs, keep_mine)

    def whole(self, mine: Patient, theirs: Patient) -> Patient:
        """What I wrote."""
        return merging.patient_mine(mine, theirs)


def _named(one: Difference) -> str:
    name, key = one.place
    value = one.mine if one.mine is not None else one.theirs
    if isinstance(value, Reading):
        return f"{measure_name(value.measure)} {said(value.stage)}"
    if name == "needles":
        return _("needles {what}").format(what=said(key))
    about = "" if isinstance(value, Insertion) or not key or len(key) == 36 else f" {key}"
    return f"{NAMES.get(name) or said(name)}{about}"


def _words(value: Any) -> str:
    if value is None:
        return _("nothing")
    return "; ".join(_said(value)) or _("nothing")


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, Insertion):
        yield echo(Line(insertions=(value,)))[0]
    elif isinstance(value, Reading):
        yield reading_words(value)
    elif isinstance(value, ScreeningAnswer):
        yield said(value.answer) + (f": {value.reason}" if value.reason else "")
    elif isinstance(value, Consent):
        yield _("given") if value.given else _("refused")
    elif isinstance(value, Inquiry):
        yield _("asked: {state}").format(state=said(value.state))
        yield from (one.kind.lower() for one in value.reactions)
    elif isinstance(value, datetime):
        yield f"{days.long(value)}, {value:%H:%M}"
    elif isinstance(value, date):
        yield days.long(value)
    else:
        yield str(getattr(value, "to", value))
