"""The field for what the patient reports, asked by the list: since last time, and after needling."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType

from hiplog.clinical.reactions import REACTIONS
from hiplog.clinical.record import InquiryStage, Reaction, Session
from hiplog.language import _
from hiplog.tui.keys import hidden
from hiplog.tui.screens.patient.visit_text import reaction_words
from hiplog.tui.screens.session import edits
from hiplog.tui.screens.session.fields import Answered, KeyField
from hiplog.tui.tasks import task


class ReportedField(KeyField):
    """``n`` none, ``b`` bruise, ``s`` and a digit soreness, ``o`` others, ``x`` not asked, ``r`` refused."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("n", "answer('none')", "reported.none", _("None"), _("Asked: none")),
        hidden("b", "bruise", "reported.bruise", _("Bruise"), _("A bruise; again takes it back")),
        hidden("s", "soreness", "reported.soreness", _("Soreness"), _("Soreness: s, then 0 to 9, x for 10")),
        hidden("o", "others", "reported.others", _("Others"), _("Tick other reactions")),
        hidden("x", "answer('not_asked')", "reported.not_asked", _("Not asked"), _("Not asked")),
        hidden("r", "answer('refused')", "reported.refused", _("No answer"), _("Asked, but not answered")),
        hidden("enter", "on", "reported.next", _("Next"), _("Next field")),
    ]

    def __init__(self, label: str, stage: InquiryStage, *, name: str | None = None) -> None:
        super().__init__(label, name=name)
        self.stage: InquiryStage = stage
        self._waiting = False
        self._kinds: tuple[str, ...] = ()

    @property
    def keys(self) -> str:
        """The keys, or what a half-pressed one waits for."""
        if self._waiting:
            return _("soreness: 0 to 9, x is 10")
        return _("n none   b bruise   s+digit soreness   o others   x not asked")

    def words(self, draft: Session) -> str:
        """What was said."""
        inquiry = edits.inquiry_of(draft, self.stage, "patient")
        if inquiry is None:
            self._kinds = ()
            return ""
        self._kinds = tuple(r.kind for r in inquiry.reactions)
        if inquiry.state == "yes":
            return "; ".join(reaction_words(r) for r in inquiry.reactions)
        return {"none": _("asked: none"), "not_asked": _("not asked"), "refused": _("asked, no answer")}[
            inquiry.state
        ]

    def on_key(self, event: events.Key) -> None:
        """After ``s``, take the number."""
        if not self._waiting:
            return
        self._waiting = False
        char = event.character or ""
        if (char.isdecimal() and char.isascii()) or char == "x":
            event.stop()
            event.prevent_default()
            self.edit(
                edits.told(self.stage, Reaction("PAIN_AFT", "mild", soreness=score(char))), settled=False
            )
        self.refresh(layout=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a number is awaited, ``x`` means ten."""
        return not (self._waiting and action == "answer")

    def action_answer(self, state: str) -> None:
        """None, not asked, or no answer."""
        self.edit(edits.asked(self.stage, state))  # type: ignore[arg-type]

    def action_bruise(self) -> None:
        """A bruise."""
        self.edit(edits.told(self.stage, Reaction("BRUISE", "mild")), settled=False)

    def action_soreness(self) -> None:
        """Wait for the number."""
        self._waiting = True
        self.refresh(layout=True)

    def action_on(self) -> None:
        """Move on."""
        if self.answered:
            self.post_message(Answered(self))

    @task
    async def action_others(self) -> None:
        """Tick any of the kinds."""
        from hiplog.tui.dialogs.pick import Tick

        lines = [(kind.code, kind.label) for kind in REACTIONS.active() if kind.is_harm]
        ticked = await self.app.push_screen_wait(Tick(_("Which reactions?"), lines, self._kinds))
        if ticked is not None:
            self.edit(lambda draft: ticked_kinds(draft, self.stage, ticked))


def ticked_kinds(draft: Session, stage: InquiryStage, kinds: tuple[str, ...]) -> Session:
    """Set the reported reactions to ``kinds``, keeping what is known of those that stay."""
    inquiry = edits.inquiry_of(draft, stage, "patient")
    known = {r.kind: r for r in inquiry.reactions} if inquiry else {}
    kept = tuple(known.get(kind) or Reaction(kind, REACTIONS[kind].default_severity) for kind in kinds)
    return edits.asked(stage, "yes" if kept else "none", kept)(draft)


def score(char: str) -> int:
    """A key as a soreness: ``x`` is ten."""
    return 10 if char == "x" else int(char)
