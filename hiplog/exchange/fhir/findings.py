"""What was measured and what was reported: observations, inquiries and unwanted effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hiplog.clinical.reactions import REACTIONS as KINDS
from hiplog.exchange import layout
from hiplog.exchange.fhir import codings
from hiplog.exchange.fhir.codings import Element
from hiplog.exchange.fhir.elements import Cells, compact, extension, extensions, ref, resource, when, words
from hiplog.exchange.fhir.rows import CONTACTS, INQUIRIES, REACTIONS, READINGS
from hiplog.exchange.fhir.visits import UNANSWERED, Visit


def reading(
    visit: Visit, row: Cells, contacts: Sequence[Cells], keys: Mapping[str, str], *, amended: bool
) -> Element:
    """Return one measured value; where there is none, why, and never a zero."""
    later = row["stage"] == "follow_up"
    one = contacts[0] if later and len(contacts) == 1 else {}
    value, tester = row["value"], row["tester"]
    who = ref("Practitioner", keys[tester]) if tester in keys else {"display": tester}
    told = {
        "extension": [
            *extensions(READINGS, row, "stage", "version", "device"),
            *extensions(CONTACTS, one, "done_after_h"),
        ],
        "partOf": [] if later else [ref("Procedure", visit.key)],
        "status": "amended" if amended and visit.row["status"] == "signed" else visit.status("Observation"),
        "code": codings.measure(row["measure"]),
        **visit.subject(),
        **(_contacted(contacts, visit.zone) if later else {"effectiveDateTime": visit.at}),
        "performer": [who] if tester is not None else [],
        "valueQuantity": None if value is None else codings.quantity(value, row["unit"] or ""),
        "dataAbsentReason": _missing(row),
        "bodySite": words(f"{codings.LABELS['side'][row['side']]} side" if row["side"] else None),
        "method": codings.concept("mode", row["mode"]),
    }
    return resource("Observation", row["id"], visit.profile, told)


def inquiry(visit: Visit, row: Cells) -> Element:
    """Return that somebody was asked about unwanted effects; none, refused and not asked stay apart."""
    state = row["state"]
    told = {
        "extension": extensions(INQUIRIES, row, "stage", "asked_how", "reporter", "asked_at_h"),
        "status": visit.status("Observation"),
        "code": codings.concept("concept", "inquiry"),
        **visit.subject(),
        "valueCodeableConcept": None if state in UNANSWERED else codings.concept("answer", state),
        "dataAbsentReason": codings.absent(state, "answer") if state in UNANSWERED else None,
    }
    return resource("Observation", row["id"], visit.profile, told)


def effect(visit: Visit, row: Cells, asked: str) -> Element:
    """Return an unwanted effect; a twitch is a response and no harm, so it is an observation."""
    known = KINDS.get(row["kind"])
    about = extension("reactions.inquiry", valueReference=ref("Observation", asked))
    if known is not None and not known.is_harm:
        return _response(visit, row, about)
    numbers = ("onset_h", "duration_h", "size_mm", "soreness", "action", "note")
    told = {
        "extension": [
            about,
            *extensions(layout.SESSIONS, visit.row, "status"),
            *extensions(REACTIONS, row, *numbers),
        ],
        "actuality": "actual",
        "event": codings.concept("reaction", row["kind"]),
        **visit.subject(),
        "seriousness": _graded(row["severity"]),
        "outcome": _outcome(row["outcome"]),
        "suspectEntity": [_suspect(visit, row)],
    }
    return resource("AdverseEvent", row["id"], visit.profile, told)


def _missing(row: Cells) -> Element | None:
    reason = row["missing_reason"] or "other"
    return codings.absent(reason, "missing") if row["value"] is None else None


def _contacted(contacts: Sequence[Cells], zone: str) -> Element:
    """When a later value was taken: the contact's time; of several contacts the span they lie in."""
    times = [one["done_at"] for one in contacts if one.get("done_at") is not None]
    if not times:
        return {}
    first, last = (when({"at": at}, "at", zone) for at in (min(times), max(times)))
    return (
        {"effectiveDateTime": first}
        if len(times) == 1
        else {"effectivePeriod": {"start": first, "end": last}}
    )


def _response(visit: Visit, row: Cells, about: Element) -> Element:
    told = {
        "extension": [about, *extensions(REACTIONS, row, "note")],
        "status": visit.status("Observation"),
        "code": codings.concept("reaction", row["kind"]),
        **visit.subject(),
        "valueBoolean": True,
    }
    return resource("Observation", row["id"], visit.profile, told)


def _graded(severity: str | None) -> Element | None:
    # White's grades are no translation of the standard's mild, moderate and severe: they stand alone.
    graded = codings.concept("severity", severity)
    return graded and graded | {"text": f"{severity} (White)"}


def _outcome(code: str | None) -> Element | None:
    public = codings.OUTCOMES.get(code or "")
    others = [codings.hl7("adverse-event-outcome", public)] if public else []
    return codings.concept("outcome", code, *others)


def _suspect(visit: Visit, row: Cells) -> Element:
    judged = codings.concept("relatedness", row["relatedness"])
    causality = [{"assessment": judged}] if judged else []
    return compact({"instance": ref("Procedure", row["insertion"] or visit.key), "causality": causality})
