"""Where the record comes from: who signed a session, and who corrected what in it."""

from __future__ import annotations

from collections.abc import Mapping

from hiplog.exchange import layout
from hiplog.exchange.fhir import codings
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.elements import Cells, extensions, masked, ref, resource, when, words

CORRECTED = {"insertion": "Procedure", "reading": "Observation"}


def signature(row: Cells, keys: Mapping[str, str], profile: str, zone: str) -> Element:
    """Return a signature: what it means, whose it is, and of which session."""
    of = row["session"]
    told = {
        "extension": extensions(layout.SIGNATURES, row, "day_no", "printed_name", "content_hash"),
        "target": [ref("Encounter", of), ref("Procedure", of)],
        **_made(row, profile, zone),
        "reason": _reason(row),
        "activity": codings.concept("meaning", row["meaning"], codings.own("concept", "signature")),
        "agent": [{"who": ref("Practitioner", keys[row["practitioner"]])}],
    }
    return resource("Provenance", row["id"], profile, told)


def amendment(row: Cells, keys: Mapping[str, str], profile: str, zone: str) -> Element:
    """Return a correction: the resource it changed, old and new value, who, and why.

    The resource itself holds the new value. Free text, old or new, is in the identified profile only.
    """
    kind = CORRECTED.get(row["entity"])
    columns = ("field", "old_value", "new_value", "text_changed", "day_no")
    told = {
        "extension": extensions(layout.AMENDMENTS, row, *columns),
        "target": [ref(kind, row["entity_id"]) if kind else ref("Procedure", row["session"])],
        **_made(row, profile, zone),
        "reason": _reason(row),
        "activity": codings.concept("concept", "amendment"),
        "agent": [{"who": ref("Practitioner", keys[row["practitioner"]])}],
    }
    return resource("Provenance", row["id"], profile, told)


def _made(row: Cells, profile: str, clinic: str) -> Element:
    told: Element = {"occurredDateTime": when(row, "at", row.get("zone") or clinic)}
    if profile == "identified":
        return told | {"recorded": told["occurredDateTime"]}
    # The standard wants an instant here; what a profile must not show is masked by name.
    return told | {"_recorded": {"extension": masked("masked")}}


def _reason(row: Cells) -> list[Element]:
    told = words(row.get("reason"))
    return [told] if told else []
