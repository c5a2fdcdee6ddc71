"""A visit: the encounter, the needling as a whole, each needle site, the screening before it, the consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hiplog.exchange import layout
from hiplog.exchange.fhir import codings
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.elements import (
    Cells,
    compact,
    extension,
    extensions,
    masked,
    ref,
    resource,
    when,
    words,
)
from hiplog.exchange.fhir.rows import CONSENTS, INSERTIONS, SCREENING

Kind = Literal["Encounter", "Procedure", "QuestionnaireResponse", "Observation"]
STATUSES: dict[Kind, dict[str, str]] = {
    "Encounter": {"draft": "in-progress", "signed": "finished"},
    "Procedure": {"draft": "preparation", "signed": "completed"},
    "QuestionnaireResponse": {"draft": "in-progress", "signed": "completed"},
    "Observation": {"draft": "preliminary", "signed": "final"},
}
VOIDED = "entered-in-error"
# A refusal and a question never put are no answers: the standard's reasons say which of the two it was.
UNANSWERED = {"refused": "asked-declined", "not_asked": "not-asked"}


@dataclass(frozen=True, slots=True)
class Visit:
    """What every resource of a visit needs: its row, whose it is, who needled, and the conditions treated."""

    row: Cells
    key: str
    patient: str
    episode: str
    therapist: str
    zone: str
    profile: str
    conditions: tuple[str, ...]

    def status(self, kind: Kind) -> str:
        """Return the state of the record in the words of a kind of resource."""
        return STATUSES[kind].get(self.row["status"], VOIDED)

    @property
    def at(self) -> str | None:
        """When the visit took place; the year alone in a de-identified profile."""
        return when(self.row, "occurred_at", self.zone)

    def subject(self) -> Element:
        """Return the references to patient and encounter."""
        return {"subject": ref("Patient", self.patient), "encounter": ref("Encounter", self.key)}


def encounter(visit: Visit) -> Element:
    """Return the encounter."""
    numbers = ("number", "day_no", "age_band", "late", "origin", "status")
    told = {
        "extension": extensions(layout.SESSIONS, visit.row, *numbers),
        "status": visit.status("Encounter"),
        "class": codings.hl7("v3-ActCode", "AMB"),
        "subject": ref("Patient", visit.patient),
        "episodeOfCare": [ref("EpisodeOfCare", visit.episode)],
        "participant": [{"individual": ref("Practitioner", visit.therapist)}],
        "period": compact({"start": visit.at}),
        "diagnosis": [{"condition": ref("Condition", key)} for key in visit.conditions],
    }
    return resource("Encounter", visit.key, visit.profile, told)


def procedure(visit: Visit) -> Element:
    """Return the needling as a whole, with the needle count, the note and the plan."""
    row = visit.row
    counted = tuple(name for name in row if name.startswith(("needles_", "mismatch_")))
    told = {
        "extension": extensions(layout.SESSIONS, row, *counted),
        "status": visit.status("Procedure"),
        "code": codings.concept("concept", "session"),
        **visit.subject(),
        "performedDateTime": visit.at,
        "performer": [{"actor": ref("Practitioner", visit.therapist)}],
        "reasonReference": [ref("Condition", key) for key in visit.conditions],
        "note": [{"text": row["note"]}] if row.get("note") else [],
        "followUp": [{"text": row["plan"]}] if row.get("plan") else [],
    }
    return resource("Procedure", visit.key, visit.profile, told)


def insertion(visit: Visit, row: Cells, keys: Mapping[str, str]) -> Element:
    """Return one needle site, part of the needling; ``keys`` are the practitioners by code."""
    apart = ("id", "muscle", "side", "inserted_by", "removed_by")
    told = {
        "extension": extensions(INSERTIONS, row, *(name for name in row if name not in apart)),
        "partOf": [ref("Procedure", visit.key)],
        "status": visit.status("Procedure"),
        "code": codings.concept("concept", "insertion"),
        **visit.subject(),
        "performedDateTime": visit.at,
        "performer": _hands(row, keys),
        "bodySite": [codings.muscle(row["muscle"], row["side"])],
        "usedCode": _needle(row),
    }
    return resource("Procedure", row["id"], visit.profile, told)


def screening(visit: Visit, rows: Sequence[Cells]) -> Element:
    """Return the questions asked before needling; an answer is there only where one was given."""
    editions = {row["rule_version"] for row in rows}
    edition = f"|{min(editions)}" if len(editions) == 1 else ""
    told = {
        "questionnaire": f"{codings.BASE}/Questionnaire/screening{edition}",
        "status": visit.status("QuestionnaireResponse"),
        **visit.subject(),
        "authored": visit.at,
        "author": ref("Practitioner", visit.therapist),
        "item": [_item(row, mixed=not edition) for row in rows],
    }
    return resource("QuestionnaireResponse", visit.key, visit.profile, told)


def consent(visit: Visit, row: Cells) -> Element:
    """Return the consent at a visit."""
    told = {
        "extension": [
            extension("consents.session", valueReference=ref("Encounter", visit.key)),
            *extensions(CONSENTS, row, "given", "withdrawn", "copy_given"),
        ],
        "status": _consented(visit, row),
        "scope": {"coding": [codings.hl7("consentscope", "treatment")]},
        "category": [codings.concept("concept", "consent")],
        "patient": ref("Patient", visit.patient),
        "dateTime": visit.at,
        "policyRule": words(f"form {row['form_version']}"),
    }
    return resource("Consent", row["id"], visit.profile, told)


def _consented(visit: Visit, row: Cells) -> str:
    if visit.row["status"] != "signed":
        return "draft" if visit.row["status"] == "draft" else VOIDED
    if row["withdrawn"]:
        return "inactive"
    return "active" if row["given"] else "rejected"


def _hands(row: Cells, keys: Mapping[str, str]) -> list[Element]:
    made = []
    for name, role in (("inserted_by", "inserted"), ("removed_by", "removed")):
        code = row[name]
        if code is not None:
            who = ref("Practitioner", keys[code]) if code in keys else {"display": code}
            made.append({"function": codings.concept("concept", role), "actor": who})
    return made


def _needle(row: Cells) -> list[Element]:
    if row["diameter_mm"] is None or row["length_mm"] is None:
        return []
    return [{"text": f"needle {row['diameter_mm']:.2f} × {row['length_mm']} mm"}]


def _item(row: Cells, *, mixed: bool) -> Element:
    question, state = codings.LABELS["question"].get(row["item"]), row["answer"]
    apart = (
        ("asked", row["asked"] is not None),
        ("rule_version", mixed),
        ("overridden", row["overridden"]),
        ("override_reason", True),
    )
    told = extensions(SCREENING, row, *(name for name, wanted in apart if wanted))
    unanswered = masked(UNANSWERED[state]) if state in UNANSWERED else []
    answer = [] if unanswered else [{"valueCoding": codings.own("answer", state)}]
    item = {"extension": [*unanswered, *told], "linkId": row["item"], "text": question, "answer": answer}
    return compact(item)
