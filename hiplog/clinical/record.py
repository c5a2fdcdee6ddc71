"""The record of a treatment: frozen drafts that a screen edits and frozen views that it shows.

Drafts are what a person is still writing, views are what the logbook keeps. Identity (names, birth
date, contact) never appears in a ``repr``: a view prints its codes only.

Codes are upper case (``"GMED"``, ``"NPRS"``), states are lower case (``"draft"``, ``"elicited"``).
Sides are ``"L"`` or ``"R"``; a bilateral finding is two rows. Times are aware datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import uuid4

from hiplog.clinical.needling import Insertion
from hiplog.language import _

Side = Literal["L", "R"]
SIDES: tuple[Side, ...] = ("L", "R")
SIDE_WORDS = {"L": _("left"), "R": _("right")}
HIP_WORDS = {"L": _("left hip"), "R": _("right hip")}

Sex = Literal["female", "male", "other", "unknown"]
SEXES: tuple[Sex, ...] = ("female", "male", "other", "unknown")

AnswerState = Literal["not_asked", "none", "yes", "refused"]
ANSWER_STATES: tuple[AnswerState, ...] = ("not_asked", "none", "yes", "refused")

AskedAs = Literal["singly", "together"]
ASKED_AS: tuple[AskedAs, ...] = ("singly", "together")
"""A screening question answered by itself, or with all that were left once the list was gone through."""

Stage = Literal["before", "after", "follow_up"]
STAGES: tuple[Stage, ...] = ("before", "after", "follow_up")

InquiryStage = Literal["since_last", "session", "follow_up"]
INQUIRY_STAGES: tuple[InquiryStage, ...] = ("since_last", "session", "follow_up")

SessionStatus = Literal["draft", "signed", "voided"]
Role = Literal["therapist", "owner", "auditor"]
ROLES: tuple[Role, ...] = ("therapist", "owner", "auditor")


def new_id() -> str:
    """Return a fresh client-made key: a random UUID as 36 lower-case characters."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class PractitionerDraft:
    """Who needles: sign-in code, printed name, licence, training and role."""

    code: str
    name: str = field(repr=False)
    licence: str | None = field(default=None, repr=False)
    expires: date | None = None
    training: str | None = field(default=None, repr=False)
    role: Role = "therapist"


@dataclass(frozen=True, slots=True)
class Practitioner(PractitionerDraft):
    """A practitioner as kept."""

    id: str = ""
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class PatientDraft:
    """A person as entered: chart code and, apart in the store, identity."""

    code: str
    family: str = field(repr=False)
    given: str = field(repr=False)
    birth: date | None = field(default=None, repr=False)
    sex: Sex = "unknown"
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Patient(PatientDraft):
    """A patient as kept; after erasure the identity fields are empty and ``erased`` is true."""

    id: str = ""
    erased: bool = False
    version: int = 1

    @property
    def name(self) -> str:
        """``Family, Given`` for a list; the chart code once identity was erased, or is not to be seen."""
        return self.code if self.erased or not self.family else f"{self.family}, {self.given}"


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """One hip of one patient with its cause: the unit that outcomes are counted in.

    ``indication`` is a row of :mod:`hiplog.clinical.causes`; its ICD-10-CM code follows from the side.
    """

    side: Side
    cause: str
    symptoms: tuple[str, ...] = ()
    indication: str | None = None
    onset: date | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Episode(EpisodeDraft):
    """An episode as kept; ``number`` counts per patient from 1."""

    id: str = ""
    patient: str = ""
    number: int = 1
    icd10: tuple[str, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None
    close_reason: str | None = field(default=None, repr=False)
    version: int = 1


@dataclass(frozen=True, slots=True)
class Precaution:
    """A standing fact that screening must respect (an anticoagulant, a hip replacement).

    ``cleared_by`` names the surgeon or physician who allowed needling, where one did.
    """

    item: str
    note: str | None = field(default=None, repr=False)
    cleared_by: str | None = field(default=None, repr=False)
    since: date | None = None
    ended_on: date | None = None
    id: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class ScreeningAnswer:
    """One screening question and what was answered; ``reason`` overrides a rule that allows it.

    ``asked`` says whether it was answered by itself or together with others; ``None`` where nobody asked
    today (a standing precaution) or the source does not say.
    """

    item: str
    answer: AnswerState
    reason: str | None = field(default=None, repr=False)
    rule_version: str = ""
    id: str = field(default_factory=new_id)
    asked: AskedAs | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent at this session: which form, whether given, and when it was withdrawn."""

    form_version: str
    given: bool
    withdrawn: bool = False
    copy_given: bool | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Reaction:
    """One unwanted effect as reported; ``insertion`` ties it to a needle site when known.

    ``onset_h`` and ``duration_h`` are hours, ``size_mm`` millimetres, ``soreness`` 0-10.
    """

    kind: str
    severity: str | None = None
    insertion: str | None = None
    onset_h: Decimal | None = None
    duration_h: Decimal | None = None
    size_mm: int | None = None
    soreness: int | None = None
    action: str | None = None
    relatedness: str | None = None
    outcome: str | None = None
    note: str | None = field(default=None, repr=False)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """That somebody was asked about reactions, how, and what came of it.

    ``asked_how`` is ``"checklist"``, ``"open"`` or ``"not_asked"``; ``reporter`` is ``"therapist"`` or
    ``"patient"``; the two are never pooled. ``asked_at_h`` is hours since needling.
    """

    stage: InquiryStage
    asked_how: str
    reporter: str
    state: AnswerState
    reactions: tuple[Reaction, ...] = ()
    asked_at_h: Decimal | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value. ``value`` is ``None`` only with a ``missing_reason``.

    ``mode`` says how it was taken (``active``/``passive`` for range of motion; ``group_mean`` for a
    published mean of several patients), ``tester`` who took it (practitioner code).
    """

    stage: Stage
    measure: str
    value: Decimal | None
    side: Side | None = None
    mode: str | None = None
    version: str | None = None
    device: str | None = None
    tester: str | None = None
    missing_reason: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Referral:
    """A patient sent on: ``reason`` is a screening or reaction code, ``to`` a profession or service.

    ``follow_up`` is the contact after a signed visit that led to it, ``None`` for one made at the visit.
    """

    reason: str
    to: str
    urgent: bool = False
    note: str | None = field(default=None, repr=False)
    id: str = field(default_factory=new_id)
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class NeedleCount:
    """The needle ledger of a session; ``None`` means not yet counted. Needles are not insertions."""

    opened: int | None = None
    inserted: int | None = None
    withdrawn: int | None = None
    to_sharps: int | None = None
    mismatch_reason: str | None = field(default=None, repr=False)

    @property
    def matches(self) -> bool:
        """Whether every needle put in came out again, and every opened one went to sharps."""
        counted = self.inserted is not None and self.inserted == self.withdrawn
        sharps = self.opened is None or self.to_sharps is None or self.opened == self.to_sharps
        return counted and sharps


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session while it is being written. Nothing that must be asked has a preset answer."""

    id: str
    patient: str
    episode: str
    therapist: str
    occurred_at: datetime
    zone: str
    screening: tuple[ScreeningAnswer, ...] = ()
    consent: Consent | None = None
    insertions: tuple[Insertion, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    readings: tuple[Reading, ...] = ()
    needles: NeedleCount = NeedleCount()
    advice: tuple[str, ...] = ()
    co_treatments: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    carried_from: str | None = None
    note: str | None = field(default=None, repr=False)
    plan: str | None = field(default=None, repr=False)
    origin: str = "entered"

    def reading(self, measure: str, stage: Stage) -> Reading | None:
        """Return the reading of ``measure`` at ``stage``, or ``None`` when it was not taken."""
        found = (r for r in self.readings if r.measure == measure and r.stage == stage)
        return next(found, None)

    def with_reading(self, reading: Reading) -> SessionDraft:
        """Return the draft with ``reading`` in place of any of the same measure, stage, side and mode."""
        key = (reading.measure, reading.stage, reading.side, reading.mode)
        kept = tuple(r for r in self.readings if (r.measure, r.stage, r.side, r.mode) != key)
        return replace(self, readings=(*kept, reading))


@dataclass(frozen=True, slots=True)
class Amendment:
    """One correction of a signed field: old and new value, who, when and why. Nothing is lost."""

    entity: str
    entity_id: str
    column: str
    old: str | None = field(repr=False)
    new: str | None = field(repr=False)
    reason: str = field(repr=False)
    by: str = ""
    at: datetime | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Session(SessionDraft):
    """A session as kept, amendments laid over it; ``number`` counts per patient from 1."""

    number: int = 0
    status: SessionStatus = "draft"
    recorded_at: datetime | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    cosigned_by: tuple[str, ...] = ()
    void_reason: str | None = field(default=None, repr=False)
    voided_by: str | None = None
    voided_at: datetime | None = None
    amendments: tuple[Amendment, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The contact after a session: due at 24 h, closed by 72 h, and what came of it."""

    id: str
    session: str
    patient: str
    due_at: datetime
    closes_at: datetime
    state: Literal["due", "done", "unreachable", "cancelled"] = "due"
    done_at: datetime | None = None
    by: str | None = None
