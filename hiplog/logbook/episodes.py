"""Episodes: one hip of one patient with its cause, opened and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, select

from hiplog.clinical.causes import CAUSES, INDICATIONS, SYMPTOMS, icd10_of_cause
from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.record import SIDES, Episode, EpisodeDraft, new_id
from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _, days
from hiplog.logbook import texts
from hiplog.storage.tables import episodes
from hiplog.storage.unit import Unit


def open_(unit: Unit, patient_id: str, draft: EpisodeDraft) -> Episode:
    """Open an episode today; unknown codes raise ``BadInput`` with the nearest ones."""
    today = unit.now.astimezone(ZoneInfo(unit.zone)).date()
    if draft.side not in SIDES:
        raise BadInput(_("side: say l (left) or r (right); both hips are two episodes"))
    if draft.onset is not None and draft.onset > today + timedelta(days=1):
        raise BadInput(
            _("onset: {day} lies in the future; give today or an earlier day").format(
                day=days.long(draft.onset)
            )
        )
    cause = CAUSES[_known(_("cause"), draft.cause, CAUSES)]
    symptoms = [_known(_("symptom"), symptom, SYMPTOMS) for symptom in draft.symptoms]
    chosen = draft.indication or cause.indication
    episode_id = new_id()
    row = {
        "id": episode_id,
        "patient_id": patient_id,
        "number": _next_number(unit, patient_id),
        "side": draft.side,
        "cause": cause.code,
        "symptoms": " ".join(symptoms) or None,
        "indication": _known(_("indication"), chosen, INDICATIONS) if chosen else None,
        "onset": draft.onset,
        "style": texts.optional(_("style"), draft.style),
        "opened_on": today,
        "closed_on": None,
        "close_reason": None,
        "version": 1,
    }
    unit.insert(episodes, row)
    unit.record("episode.open", "patient", patient_id)
    return get(unit, episode_id)


def close(unit: Unit, episode_id: str, reason: str) -> Episode:
    """Close an episode today; one that is closed already raises ``Refused``."""
    kept = get(unit, episode_id)
    if kept.closed_on is not None:
        raise Refused(
            _("episode {number} was closed on {day}; open a new one").format(
                number=kept.number, day=days.long(kept.closed_on)
            )
        )
    today = unit.now.astimezone(ZoneInfo(unit.zone)).date()
    unit.update(
        episodes,
        episode_id,
        kept.version,
        closed_on=max(today, kept.opened_on or today),
        close_reason=texts.line(_("reason"), reason),
    )
    unit.record("episode.close", "patient", kept.patient)
    return get(unit, episode_id)


_BY_ID = select(episodes).where(episodes.c.id == bindparam("key"))


def get(unit: Unit, episode_id: str) -> Episode:
    """Return one episode by key."""
    row = unit.one(_BY_ID, key=episode_id)
    if row is None:
        raise NotFound(_("this episode is not in the logbook; look it up again"))
    return _view(row)


def of(unit: Unit, patient_id: str) -> tuple[Episode, ...]:
    """Return a patient's episodes in order, closed ones included."""
    query = select(episodes).where(episodes.c.patient_id == patient_id).order_by(episodes.c.number)
    return tuple(_view(row) for row in unit.all(query))


def _view(row: Row[Any]) -> Episode:
    return Episode(
        id=row.id,
        patient=row.patient_id,
        number=row.number,
        side=row.side,
        cause=row.cause,
        symptoms=tuple((row.symptoms or "").split()),
        indication=row.indication,
        icd10=icd10_of_cause(row.cause, row.side, row.indication),
        onset=row.onset,
        style=row.style,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        close_reason=row.close_reason,
        version=row.version,
    )


def _next_number(unit: Unit, patient_id: str) -> int:
    unit.alone()
    query = select(func.max(episodes.c.number)).where(episodes.c.patient_id == patient_id)
    row = unit.one(query)
    return (row[0] or 0) + 1 if row else 1


def _known(what: str, word: str, catalogue: Catalogue[Any]) -> str:
    row = catalogue.get(word.strip().upper())
    if row is None:
        near = ", ".join(one.code.lower() for one in catalogue.nearest(word, 3))
        raise BadInput(
            _("{what}: {word!r} is not known; nearest: {near}").format(what=what, word=word, near=near)
        )
    return str(row.code)
