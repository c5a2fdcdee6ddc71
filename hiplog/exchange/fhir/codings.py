"""Codes as FHIR wants them: a system and a code of a list that we hold, or words and no code at all.

Nothing is invented. LOINC, FMA and ICD-10-CM come from :mod:`hiplog.clinical`, where each is verified or
absent. SNOMED CT needs a national licence and CPT a contract, so neither is written. What has no public code
stands in hiplog's own system, one for each list of :mod:`hiplog.exchange.codes`.
"""

from __future__ import annotations

from typing import Any

from hiplog.clinical.measures import MEASURES
from hiplog.clinical.muscles import MUSCLES
from hiplog.exchange.codes import LISTS

Element = dict[str, Any]

BASE = "https://hiplog.example/fhir"
"""Where hiplog's own names live; ``.example`` is reserved (RFC 2606), so nobody else can own them."""

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
FMA = "urn:oid:2.16.840.1.113883.6.119"
HL7 = "http://terminology.hl7.org/CodeSystem/"
ABSENT = "data-absent-reason"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

UNITS = {
    "points": "{score}",
    "stands": "{stands}",
    "deg": "deg",
    "kgf/cm2": "kgf/cm2",
    **{same: same for same in ("mm", "min", "h", "d", "Hz", "mA", "s", "m/s", "%")},
}
"""Our word for a unit to its UCUM code; what UCUM cannot say is an annotation in braces."""

CONCEPTS = {
    "session": "dry needling session, hip and pelvis",
    "insertion": "dry needling of one site",
    "inquiry": "inquiry about unwanted effects of needling",
    "consent": "consent to dry needling",
    "signature": "signature of a session",
    "amendment": "correction of a signed session",
    "inserted": "put the needle in",
    "removed": "took the needle out",
}
PROFILES = {
    "deidentified": "de-identified: pseudonyms, years and day numbers for dates, no free text",
    "identified": "identified: with names and dates",
}
# A published reason for a missing value, by our own; what none of them says is plainly unknown.
MISSING = {"not_taken": "not-performed", "refused": "asked-declined", "not_asked": "not-asked"}
OUTCOMES = {
    "resolved": "resolved",
    "resolving": "recovering",
    "ongoing": "ongoing",
    "worse": "ongoing",
    "sequelae": "resolvedWithSequelae",
    "fatal": "fatal",
    "unknown": "unknown",
}

LABELS: dict[str, dict[str, str]] = {
    **{name: {word.code: word.label for word in words} for name, words in LISTS.items()},
    "concept": CONCEPTS,
    "profile": PROFILES,
}


def own_system(name: str) -> str:
    """Return the address of one of hiplog's own code lists."""
    return f"{BASE}/CodeSystem/{name}"


def own(name: str, code: str) -> Element:
    """Return the coding of ``code`` in list ``name``; ``KeyError`` when the list does not know it."""
    return {"system": own_system(name), "code": code, "display": LABELS[name][code]}


def hl7(system: str, code: str) -> Element:
    """Return a coding of the standard's own lists."""
    return {"system": HL7 + system, "code": code}


def concept(name: str, code: str | None, *others: Element) -> Element | None:
    """Return ``code`` with its words and any public codings; words only where the list has no such code."""
    if code is None:
        return None
    label = LABELS[name].get(code)
    codings = [*others, *([own(name, code)] if label is not None else [])]
    return {"coding": codings, "text": label or code} if codings else {"text": code}


def measure(code: str) -> Element | None:
    """Return what was measured, with its LOINC code where one was verified."""
    known = MEASURES.get(code)
    loinc = [{"system": LOINC, "code": known.loinc}] if known and known.loinc else []
    return concept("measure", code, *loinc)


def muscle(code: str, side: str) -> Element:
    """Return a muscle as a body site, the side in words, with its FMA number where one is known."""
    known = MUSCLES.get(code)
    fma = [{"system": FMA, "code": known.fma}] if known and known.fma else []
    site = concept("muscle", code, *fma) or {}
    return site | {"text": f"{site['text']}, {LABELS['side'][side]}"}


def absent(reason: str, name: str) -> Element:
    """Return why there is no value: the standard's reason and ours, from list ``name``."""
    return concept(name, reason, hl7(ABSENT, MISSING.get(reason, "unknown"))) or {}


def quantity(value: Any, unit: str) -> Element:
    """Return a measured value with its unit, in UCUM where UCUM knows it."""
    told = {"value": number(value), "unit": unit}
    return told | ({"system": UCUM, "code": UNITS[unit]} if unit in UNITS else {})


def number(value: Any) -> int | float:
    """Return a decimal as the shortest JSON number that means the same; ours have two places at most."""
    return int(value) if value == int(value) else float(value)
