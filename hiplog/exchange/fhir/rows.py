"""The record as rows of the audit bundle, amendments laid over: the one door through which FHIR gets data.

Every row passes :func:`hiplog.exchange.shape.values`, the rule of the bundle itself about what its profile
shows, so both leave out the same things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import Episode, FollowUp, Session
from hiplog.exchange import layout, shape
from hiplog.exchange.columns import Sheet

Row = dict[str, Any]

SESSION = (
    "number", "day_no", "year", "age_band", "occurred_at", "late", "status", "origin", "needles_opened",
    "needles_inserted", "needles_withdrawn", "needles_to_sharps", "mismatch_explained", "mismatch_reason",
    "note", "plan",
)  # fmt: skip
NEEDLES = ("opened", "inserted", "withdrawn", "to_sharps")


@dataclass(frozen=True, slots=True)
class Door:
    """What the profile shows, the key of every practitioner by code, and how many rows went through."""

    shown: shape.Profile
    keys: Mapping[str, str]
    passed: Counter[str] = field(default_factory=Counter)

    @property
    def profile(self) -> str:
        """The profile's name."""
        return "identified" if self.shown.identified else "deidentified"

    def through(self, sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
        """Yield ``rows`` as the bundle would show them, by column name."""
        for row in shape.values(sheet, rows, self.shown):
            self.passed[sheet.name] += 1
            yield row


def only(sheet: Sheet, *names: str) -> Sheet:
    """Return ``sheet`` with some of its columns."""
    return replace(sheet, columns=tuple(column for column in sheet.columns if column.name in names))


def without(sheet: Sheet, *names: str) -> Sheet:
    """Return ``sheet`` with all but some of its columns."""
    return replace(sheet, columns=tuple(column for column in sheet.columns if column.name not in names))


IDENTITY = without(layout.IDENTITY, "search_key")
EPISODES = without(layout.EPISODES, "patient", "version")
SESSIONS = only(layout.SESSIONS, *SESSION)
SCREENING = without(layout.SCREENING, "session", "finding")
CONSENTS = without(layout.CONSENTS, "session")
INSERTIONS = without(layout.INSERTIONS, "session")
INQUIRIES = without(layout.INQUIRIES, "session", "follow_up")
REACTIONS = without(layout.REACTIONS, "inquiry")
READINGS = without(layout.READINGS, "session", "follow_up")
CONTACTS = only(layout.FOLLOW_UPS, "done_after_h", "done_at")


def plain(value: Any, **more: Any) -> Row:
    """Return the fields of a value of the record as a row."""
    return {one.name: getattr(value, one.name) for one in fields(value)} | more


def episode(value: Episode, start: Mapping[str, Any]) -> Row:
    """Return an episode as a row; ``start`` is where the patient's day numbers begin."""
    return plain(value, symptoms=" ".join(value.symptoms) or None, **start)


def session(value: Session, birth: date | None, start: Mapping[str, Any]) -> Row:
    """Return a session as a row."""
    needles = {f"needles_{name}": getattr(value.needles, name) for name in NEEDLES}
    more = {"mismatch_reason": value.needles.mismatch_reason, "_birth": birth}
    return plain(value, _void=value.status == "voided", **needles, **more, **start)


def sites(value: Session) -> list[Row]:
    """Return the needle sites of a session in their order."""
    return [plain(site, seq=seq) for seq, site in enumerate(value.insertions, 1)]


def answers(value: Session) -> list[Row]:
    """Return what was asked before needling."""
    return [plain(one, override_reason=one.reason) for one in value.screening]


def readings(value: Session) -> list[Row]:
    """Return the measured values with their units."""
    known = ((one, MEASURES.get(one.measure)) for one in value.readings)
    return [plain(one, unit=measure.unit if measure else None) for one, measure in known]


def contact(value: FollowUp, occurred_at: datetime) -> Row:
    """Return a contact after a session as a row."""
    return plain(value, _occurred_at=occurred_at)
