"""What happens in the demo clinic, each event with its time and who did it; nothing here is written yet.

Patients and episodes are named by chart code and number, because the logbook gives them their keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hiplog.clinical.record import EpisodeDraft, Inquiry, PatientDraft, Precaution, Reading, SessionDraft


@dataclass(frozen=True, slots=True)
class Event:
    """Something at a time (aware, UTC) by a practitioner (sign-in code)."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Registered(Event):
    """A patient is added."""

    draft: PatientDraft


@dataclass(frozen=True, slots=True)
class Warned(Event):
    """A standing precaution is noted."""

    code: str
    precaution: Precaution


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """An episode is opened."""

    code: str
    number: int
    draft: EpisodeDraft


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """An episode is closed."""

    code: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Visited(Event):
    """A session is written; ``draft.patient`` holds the chart code and ``draft.episode`` its number."""

    draft: SessionDraft
    signed: bool = True


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """An unsigned session is saved again as it stands in ``draft``."""

    draft: SessionDraft


@dataclass(frozen=True, slots=True)
class Asked(Event):
    """A follow-up reached the patient."""

    session: str
    inquiry: Inquiry
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class NotReached(Event):
    """A follow-up was tried in vain."""

    session: str


@dataclass(frozen=True, slots=True)
class Amended(Event):
    """A field of a signed session is corrected."""

    session: str
    field: str
    value: str
    reason: str
    wish: str | None = None
    """What the patient asked for, where the patient did."""


@dataclass(frozen=True, slots=True)
class Disputed(Event):
    """A patient asks for a change; it is denied with ``reason``, and the patient disagrees in ``words``."""

    session: str
    wish: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Voided(Event):
    """A signed session is declared void."""

    session: str
    reason: str
