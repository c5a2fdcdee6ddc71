"""Two editors of one draft: what I changed, what they changed, and the draft that keeps both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Footer, Static
from textual.widgets.option_list import Option

from hiplog.clinical import merging
from hiplog.clinical.merging import Difference, Place
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import Consent, Inquiry, Patient, Reading, ScreeningAnswer, Session
from hiplog.clinical.shorthand import Line, echo
from hiplog.language import days
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices, measure_name, reading_words

WIDTH = 68
NAMES = {
    "screening": "question",
    "insertions": "needle site",
    "inquiries": "reactions",
    "readings": "reading",
    "advice": "advice",
    "co_treatments": "beside needling",
    "referrals": "referral",
    "occurred_at": "time of the visit",
    "carried_from": "plan carried from",
    "code": "chart code",
    "family": "family name",
    "given": "given name",
    "birth": "birth date",
}
BOTH = "Both changed {count} of these (!): Space chooses which of the two stays."


R = TypeVar("R")


class TwoStates(Dialog[R], Generic[R]):
    """Every place where two states differ; nothing is written before one of the three ways is chosen."""

    TITLE = SAID = ""
    HELP_TEXT = "Somebody else saved this while you changed it. Nothing is overwritten unseen."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "merge", "Merge", id="conflict.merge", tooltip="Keep both their work and mine"),
        footer("space", "flip", "conflict.flip", "Flip", "Where both changed it: theirs or mine"),
        footer("m", "mine", "conflict.mine", "Mine", "Keep my draft, without their changes"),
        footer("t", "theirs", "conflict.theirs", "Theirs", "Keep their draft, without my change"),
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
            hint = "Enter: merge, keep both    m: mine only    t: theirs only"
            yield Static(hint, classes="hint", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Show the differences."""
        self._fill()
        self.query_one(Choices).focus()

    def _fill(self) -> None:
        options = [Option(self._line(one), id=str(place)) for place, one in enumerate(self._found)]
        self.query_one(Choices).fill(options)

    def _line(self, one: Difference) -> Content:
        mark = "!" if one.both else " "
        kept = "both" if not one.both else "mine" if one.place in self._keep else "theirs"
        stays = f" (stays: {kept})" if one.both else ""
        lines = [
            f"{mark} {shown(_named(one), WIDTH - 18)}{stays}",
            f"    mine:   {shown(_words(one.mine), WIDTH - 12)}",
            f"    theirs: {shown(_words(one.theirs), WIDTH - 12)}",
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
        self.app.tell("Choose first: Enter merges, m keeps mine, t keeps theirs.")


class Conflict(TwoStates[Session]):
    """Two editors of one draft."""

    TITLE = "Two people changed this draft"
    SAID = "Somebody else saved this draft meanwhile. Your change is not saved yet, theirs is."

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

    TITLE = "Two people changed this patient"
    SAID = "A colleague saved this patient meanwhile. Your change is not saved yet, theirs is."

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
        return f"{measure_name(value.measure)} {value.stage}"
    if name == "needles":
        return f"needles {key.replace('_', ' ')}"
    about = "" if isinstance(value, Insertion) or not key or len(key) == 36 else f" {key}"
    return f"{NAMES.get(name, name)}{about}"


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    return "; ".join(_said(value)) or "nothing"


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, Insertion):
        yield echo(Line(insertions=(value,)))[0]
    elif isinstance(value, Reading):
        yield reading_words(value)
    elif isinstance(value, ScreeningAnswer):
        yield value.answer.replace("_", " ") + (f": {value.reason}" if value.reason else "")
    elif isinstance(value, Consent):
        yield "given" if value.given else "refused"
    elif isinstance(value, Inquiry):
        yield f"asked: {value.state.replace('_', ' ')}"
        yield from (one.kind.lower() for one in value.reactions)
    elif isinstance(value, datetime):
        yield f"{days.long(value)}, {value:%H:%M}"
    elif isinstance(value, date):
        yield days.long(value)
    else:
        yield str(getattr(value, "to", value))
