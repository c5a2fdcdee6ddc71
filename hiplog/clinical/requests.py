"""A patient asks that the record be amended: in whose words, on what ground it may be denied, by when.

The course is that of 45 CFR 164.526 (HIPAA): an answer within 60 days, put off once by at most 30; a denial
in writing with its ground; the patient's statement of disagreement and a rebuttal kept beside it. Where
another law holds, the periods are a reminder and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from hiplog.clinical.record import new_id
from hiplog.language import _, p_

ANSWER_WITHIN = timedelta(days=60)
"""From the request to the answer, 45 CFR 164.526(b)(2)(i)."""
PUT_OFF_BY = timedelta(days=30)
"""One extension at most, 45 CFR 164.526(b)(2)(ii)."""

VOICES = {
    "patient": _("in the patient's own words"),
    "representative": _("in the words of who may speak for the patient"),
    "noted": _("as noted down by the therapist"),
}
"""In whose words the request stands."""

GROUNDS = {
    "accurate": _("the record is accurate and complete"),
    "not_ours": _("the record was not made here, and who made it can still be asked"),
    "not_in_set": _("it is not part of the record that decisions about the patient are made from"),
    "not_open": _("the patient has no right to inspect this part"),
}
"""The four grounds of a denial, 45 CFR 164.526(a)(2)."""

STEPS = {
    "accepted": _("accepted"),
    "denied": _("denied, with its ground and the reason in words"),
    "extended": _("the answer was put off once, with the reason"),
    "withdrawn": _("the patient withdrew it"),
    "carried_out": _("what was accepted was done, by an amendment or as told in words"),
    "disagreement": _("the patient's statement of disagreement with a denial"),
    "rebuttal": _("the clinic's rebuttal of that statement"),
}
"""What may follow a request; none of it is ever changed or removed."""

State = Literal["open", "accepted", "carried_out", "denied", "withdrawn"]
STATES: dict[State, str] = {
    "open": p_("request", "open"),
    "accepted": _("accepted, the record is not amended yet"),
    "carried_out": _("accepted and carried out"),
    "denied": _("denied"),
    "withdrawn": p_("request", "withdrawn"),
}
FOLLOWS: dict[str, tuple[State, ...]] = {
    "accepted": ("open",),
    "denied": ("open",),
    "extended": ("open",),
    "withdrawn": ("open", "accepted"),
    "carried_out": ("accepted", "carried_out"),
    "disagreement": ("denied",),
    "rebuttal": ("denied",),
}
"""In which state each step may be taken."""
ONCE = {"extended": 1, "rebuttal": 1}
NEEDS_WORDS = ("denied", "extended", "disagreement", "rebuttal")


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What a patient asks: ``wish`` is what shall be changed, ``why`` the patient's reason, if told."""

    asked_on: date
    wish: str = field(repr=False)
    why: str | None = field(default=None, repr=False)
    voice: str = "patient"
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that followed, by whom and when; ``ground`` of a denial, ``amendment`` and its ``column``."""

    kind: str
    by: str
    at: datetime
    said: str | None = field(default=None, repr=False)
    ground: str | None = None
    amendment: str | None = None
    column: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as kept; ``number`` counts per patient from 1.

    ``session`` and its number ``visit`` say which visit it is about; ``None`` is the record as a whole.
    """

    id: str
    patient: str
    number: int
    asked_on: date
    voice: str
    wish: str = field(repr=False)
    why: str | None = field(repr=False)
    by: str
    at: datetime
    session: str | None = None
    visit: int | None = None
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> State:
        """What became of it."""
        kinds = {step.kind for step in self.steps}
        order: tuple[State, ...] = ("withdrawn", "denied", "carried_out", "accepted")
        return next((kind for kind in order if kind in kinds), "open")

    @property
    def waits(self) -> bool:
        """Whether somebody has to do something: answer it, or carry out what was accepted."""
        return self.state in ("open", "accepted")

    @property
    def due(self) -> date:
        """The last day for the answer."""
        put_off = any(step.kind == "extended" for step in self.steps)
        return self.asked_on + ANSWER_WITHIN + (PUT_OFF_BY if put_off else timedelta())

    def overdue(self, today: date) -> bool:
        """Whether the answer is late."""
        return self.state == "open" and today > self.due

    def refusal(self, kind: str) -> str | None:
        """Why ``kind`` may not follow now, or ``None``."""
        if self.state not in FOLLOWS[kind]:
            return _("request {number} is {states}; this does not follow: {steps}").format(
                number=self.number, states=STATES[self.state], steps=STEPS[kind]
            )
        if sum(step.kind == kind for step in self.steps) >= ONCE.get(kind, len(self.steps) + 1):
            return _(
                "request {number}: this was done once already, and it is done once only: {steps}"
            ).format(number=self.number, steps=STEPS[kind])
        if kind == "rebuttal" and not any(step.kind == "disagreement" for step in self.steps):
            return _("request {number}: there is no statement of disagreement to answer").format(
                number=self.number
            )
        return None
