"""Episodes of care: one hip of one patient, and the condition it is treated for."""

from __future__ import annotations

from hiplog.clinical.causes import CAUSES, INDICATIONS, icd10
from hiplog.exchange.fhir import codings
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.elements import Cells, compact, day, extensions, ref, resource
from hiplog.exchange.fhir.rows import EPISODES
from hiplog.language import english

Made = list[Element]


def episode(row: Cells, patient: str, profile: str) -> Made:
    """Return the episode and its conditions, one for each ICD-10-CM code."""
    found = conditions(row, patient, profile)
    closed = row["closed_day_no"] is not None or row.get("closed_on") is not None
    period = {"start": day(row, "opened_on", "opened_year"), "end": day(row, "closed_on")}
    numbers = ("number", "opened_day_no", "closed_day_no", "close_reason")
    told = {
        "extension": extensions(EPISODES, row, *numbers),
        "status": "finished" if closed else "active",
        "type": [one for name in ("cause", "style") if (one := codings.concept(name, row[name]))],
        "diagnosis": [{"condition": ref("Condition", one["id"])} for one in found],
        "patient": ref("Patient", patient),
        "period": compact(period),
    }
    return [resource("EpisodeOfCare", row["id"], profile, told), *found]


def conditions(row: Cells, patient: str, profile: str) -> Made:
    """Return the conditions of an episode; where no code is known the cause in words stands alone."""
    closed = row["closed_day_no"] is not None or row.get("closed_on") is not None
    told: Element = {
        "extension": extensions(EPISODES, row, "onset_day_no"),
        "clinicalStatus": {"coding": [codings.hl7("condition-clinical", "inactive" if closed else "active")]},
        "bodySite": [{"text": f"{codings.LABELS['side'][row['side']]} hip"}],
        "subject": ref("Patient", patient),
        "onsetDateTime": day(row, "onset"),
        "evidence": _symptoms(row["symptoms"]),
    }
    whole = [{"code": code} | told for code in _codes(row)]
    return [resource("Condition", f"{row['id']}-{n}", profile, one) for n, one in enumerate(whole, 1)]


def _codes(row: Cells) -> Made:
    """Return each ICD-10-CM code with what it says, which is often less than the cause."""
    cause = CAUSES.get(row["cause"])
    default, status = (cause.indication, cause.status) if cause else (None, None)
    said = [one for one in (row["indication"] or default, status) if one is not None and one in INDICATIONS]
    names = {code: english(INDICATIONS[one].name) for one in said for code in icd10(one, row["side"])}
    coded = [
        {"coding": [{"system": codings.ICD10CM, "code": code}], "text": names.get(code)}
        for code in (row["icd10"] or "").split()
    ]
    return [compact(one) for one in coded] or [codings.concept("cause", row["cause"]) or {}]


def _symptoms(codes: str | None) -> Made:
    found = (codings.concept("symptom", code) for code in (codes or "").split())
    told = [one for one in found if one is not None]
    return [{"code": told}] if told else []
