"""Everything a chairside screen shows of one patient, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hiplog.clinical.record import Episode, FollowUp, Patient, Precaution, Session
from hiplog.clinical.requests import Request
from hiplog.logbook import clinic, episodes, followups, patients, precautions, requests, sessions
from hiplog.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Timeline:
    """One patient: episodes, standing precautions, sessions oldest first, follow-ups, warnings in words,
    and what the patient asked to have amended."""

    patient: Patient
    episodes: tuple[Episode, ...]
    precautions: tuple[Precaution, ...]
    sessions: tuple[Session, ...]
    follow_ups: tuple[FollowUp, ...]
    warnings: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()


def of(unit: Unit, patient_id: str) -> Timeline:
    """Return the patient's timeline."""
    who = clinic.practitioner(unit, unit.actor)
    licence = clinic.licence_warning(who, unit.now.astimezone(ZoneInfo(unit.zone)).date())
    return Timeline(
        patient=patients.by_id(unit, patient_id),
        episodes=episodes.of(unit, patient_id),
        precautions=precautions.of(unit, patient_id),
        sessions=sessions.of(unit, patient_id),
        follow_ups=followups.of(unit, patient_id),
        warnings=(licence,) if licence else (),
        requests=requests.of(unit, patient_id),
    )
