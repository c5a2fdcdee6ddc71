"""The record as FHIR R4B: valid, closed in itself, coded from verified lists, and silent about identity."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import resource
import stat
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bundles import mentions
from lived import HOSTILE, SECRETS, live
from samples import CANARY, admit, begin, complete, pain, signed, site, visit
from sqlalchemy import text

from hiplog import cli, settings
from hiplog.clinical.causes import INDICATIONS, icd10
from hiplog.clinical.errors import BadInput, IntegrityFailed, Refused, Unreachable
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    PatientDraft,
    PractitionerDraft,
    Reaction,
    ScreeningAnswer,
)
from hiplog.exchange import bundle, demo
from hiplog.exchange.codes import KNOWN
from hiplog.exchange.fhir import codings, export, rows, visits
from hiplog.logbook import clinic as staff
from hiplog.logbook import episodes, followups, patients, sessions
from hiplog.logbook.book import Logbook

Resource = dict[str, Any]
OWN = "https://hiplog.example/fhir"
STANDARD = {
    "v3-ActCode": {"AMB"},
    "consentscope": {"treatment"},
    "condition-clinical": {"active", "inactive"},
    "data-absent-reason": {"unknown", "not-asked", "asked-declined", "not-performed"},
    "adverse-event-outcome": {
        "resolved", "recovering", "ongoing", "resolvedWithSequelae", "fatal", "unknown",
    },
}  # fmt: skip
"""The codes of the standard itself that we use, written down from R4B."""

STATUSES = {
    "Encounter": {"in-progress", "finished", "entered-in-error"},
    "Procedure": {"preparation", "completed", "entered-in-error"},
    "Observation": {"preliminary", "final", "amended", "entered-in-error"},
    "QuestionnaireResponse": {"in-progress", "completed", "entered-in-error"},
    "Consent": {"draft", "active", "inactive", "rejected", "entered-in-error"},
    "EpisodeOfCare": {"active", "finished"},
}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def coded(book: Logbook, tmp_path: Path) -> list[Resource]:
    return read(export.write(book, tmp_path / "coded").path)


@pytest.fixture
def named(book: Logbook, tmp_path: Path) -> list[Resource]:
    return read(export.write(book, tmp_path / "named", identified=True, reason="audit").path)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """A demo clinic of 60 patients."""
    places = settings.load(at=str(tmp_path_factory.mktemp("demo")), environ={})
    settings.private_folder(places.path.parent)
    made = demo.make(places, patients=60, seed=3, now=NOW, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(clinic: Logbook, tmp_path_factory: pytest.TempPathFactory) -> tuple[export.Written, int]:
    """The demo clinic written once, and the most memory that took, in bytes."""
    tracemalloc.start()
    written = export.write(clinic, tmp_path_factory.mktemp("whole") / "clinic.json")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return written, peak


def read(path: Path) -> list[Resource]:
    """Read a file as a stranger would."""
    told = path.read_text(encoding="utf-8")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in told.splitlines()]
    return [entry["resource"] for entry in json.loads(told)["entry"]]


def of(found: list[Resource], kind: str) -> list[Resource]:
    return [one for one in found if one["resourceType"] == kind]


def about(one: Resource, name: str) -> Any:
    """Return the content of one of our extensions, ``None`` where it is not there."""
    for told in one.get("extension", []):
        if told["url"] == f"{OWN}/StructureDefinition/{name}":
            return next(value for key, value in told.items() if key != "url")
    return None


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object within ``value``."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list):
        for part in value:
            yield from walk(part)


def invalid(found: list[Resource]) -> list[str]:
    """Return what the published model of R4B finds wrong."""
    wrong = []
    for one in found:
        kind = one["resourceType"]
        model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
        try:
            model.model_validate(one)
        except ValueError as error:
            wrong.append(f"{kind}/{one['id']}: {error}")
    return wrong


def dangling(found: list[Resource]) -> list[str]:
    """Return the references that lead nowhere."""
    there = {f"{one['resourceType']}/{one['id']}" for one in found}
    told = {one["reference"] for one in walk(found) if "reference" in one}
    assert told
    return sorted(told - there)


def unknown_codes(found: list[Resource]) -> list[tuple[str, str]]:
    """Return every system with a code that no verified list holds."""
    public = {
        "http://loinc.org": {one.loinc for one in MEASURES},
        "urn:oid:2.16.840.1.113883.6.119": {one.fma for one in MUSCLES},
        "http://hl7.org/fhir/sid/icd-10-cm": {
            code for one in INDICATIONS for side in "LR" for code in icd10(one.code, side)
        },
        "http://unitsofmeasure.org": {
            "{score}", "{stands}", "deg", "kgf/cm2", "mm", "min", "h", "d", "Hz", "mA", "s", "m/s", "%",
        },
    }  # fmt: skip
    held = (
        {system: {code for code in codes if code} for system, codes in public.items()}
        | {f"http://terminology.hl7.org/CodeSystem/{name}": codes for name, codes in STANDARD.items()}
        | {f"{OWN}/CodeSystem/{name}": set(codes) for name, codes in KNOWN.items()}
        | {f"{OWN}/CodeSystem/concept": set(codings.CONCEPTS), f"{OWN}/CodeSystem/profile": {"deidentified"}}
    )
    told = {(one["system"], one["code"]) for one in walk(found) if "system" in one and "code" in one}
    reasons = {one["valueCode"] for one in walk(found) if one.get("url") == ABSENT} - {"masked"}
    absent = {("http://terminology.hl7.org/CodeSystem/data-absent-reason", code) for code in reasons}
    assert len(told) > 20
    return sorted(pair for pair in told | absent if pair[1] not in held.get(pair[0], set()))


def test_a_whole_clinic_is_valid_closed_and_coded(whole: tuple[export.Written, int]) -> None:
    written, _ = whole
    found = read(written.path)
    assert invalid(found) == []
    assert dangling(found) == []
    assert unknown_codes(found) == []
    assert Counter(one["resourceType"] for one in found) == Counter(written.resources)
    assert len(of(found, "Patient")) == 60
    assert set(written.resources) == {
        "Patient", "Practitioner", "Encounter", "EpisodeOfCare", "Condition", "Procedure", "Observation",
        "AdverseEvent", "QuestionnaireResponse", "Consent", "Provenance",
    }  # fmt: skip
    model = importlib.import_module("fhir.resources.R4B.bundle").Bundle
    head = json.loads(written.path.read_text(encoding="utf-8"))
    assert model.model_validate(head | {"entry": head["entry"][:50]}).type == "collection"
    assert all(
        e["fullUrl"].endswith(f"/{e['resource']['resourceType']}/{e['resource']['id']}")
        for e in head["entry"]
    )
    assert len({entry["fullUrl"] for entry in head["entry"]}) == len(found)


def test_nobody_of_a_clinic_is_named(clinic: Logbook, whole: tuple[export.Written, int]) -> None:
    written = whole[0].path.read_bytes()
    people = clinic.read(patients.everyone)
    assert len(people) == 60
    told = {one for who in people for one in (who.family, who.phone, who.email, who.note, who.birth) if one}
    assert len(told) > 100
    assert [word for word in told if str(word).encode() in written] == []
    given = "|".join(sorted(re.escape(who.given) for who in people))
    assert re.findall(rf"\b({given})\b".encode(), written) == []
    assert re.findall(rb'"\d{4}-\d\d', written) == []


@pytest.mark.grown(by=live)
def test_nothing_that_names_anybody_is_in_it(book: Logbook, tmp_path: Path) -> None:
    written = export.write(book, tmp_path / "coded").path.read_bytes()
    assert [word for word in SECRETS if word.encode() in written] == []
    assert b"Europe/Berlin" not in written
    assert b"Hip clinic" not in written
    with book.engine.connect() as connection:
        kept = connection.execute(text("SELECT code FROM patients UNION SELECT content_hash FROM signatures"))
        assert [one for (one,) in kept if one and mentions(written, one)] == []


@pytest.mark.grown(by=live)
def test_a_logbook_with_every_state_is_valid_in_both_profiles(
    coded: list[Resource], named: list[Resource]
) -> None:
    for found in (coded, named):
        assert invalid(found) == []
        assert dangling(found) == []
    assert unknown_codes(coded) == []
    assert [f"{r['resourceType']}/{r['id']}" for r in coded] == [
        f"{r['resourceType']}/{r['id']}" for r in named
    ]
    for kind, states in STATUSES.items():
        assert {one["status"] for one in of(coded, kind)} <= states
    assert {one["status"] for one in of(coded, "Observation")} == STATUSES["Observation"]


@pytest.mark.grown(by=live)
def test_the_profile_is_said_on_the_file_and_on_every_resource(book: Logbook, tmp_path: Path) -> None:
    for told, extra in (("deidentified", {}), ("identified", {"identified": True, "reason": "audit"})):
        whole = json.loads(export.write(book, tmp_path / told, **extra).path.read_text(encoding="utf-8"))
        assert whole["meta"]["tag"][0]["code"] == told
        tags = {tag["code"] for entry in whole["entry"] for tag in entry["resource"]["meta"]["tag"]}
        assert tags == {told}
    assert "years and day numbers for dates" in codings.PROFILES["deidentified"]


@pytest.mark.grown(by=live)
def test_people_are_pseudonyms_as_in_the_audit_bundle(
    book: Logbook, coded: list[Resource], tmp_path: Path
) -> None:
    lines = (bundle.write(book, tmp_path / "bundle").path / "data" / "patients.csv").read_text().splitlines()
    kept = {line.split(",")[0].strip('"'): line.split(",")[1].strip('"') for line in lines[1:]}
    assert {one["id"]: one["identifier"][0]["value"] for one in of(coded, "Patient")} == kept
    assert all(
        set(one) <= {"resourceType", "id", "meta", "identifier", "gender"} for one in of(coded, "Patient")
    )


@pytest.mark.grown(by=live)
def test_days_are_numbers_and_dates_are_years(coded: list[Resource]) -> None:
    visits = of(coded, "Encounter")
    assert {one["period"]["start"] for one in visits} == {"2026"}
    days: dict[str, list[int]] = defaultdict(list)
    for one in visits:
        days[one["subject"]["reference"]].append(about(one, "sessions.day_no")["value"])
    assert sorted(sorted(found) for found in days.values()) == [[0], [0], [0, 1], [0, 40]]
    assert {about(one, "sessions.age_band")["code"] for one in visits if about(one, "sessions.age_band")} == {
        "40-49", "90+",
    }  # fmt: skip
    made = of(coded, "Provenance")
    assert {one["occurredDateTime"] for one in made} == {"2026"}
    assert {one["_recorded"]["extension"][0]["valueCode"] for one in made} == {"masked"}


@pytest.mark.grown(by=live)
def test_with_identity_names_and_times_are_whole(named: list[Resource]) -> None:
    eldest = next(one for one in of(named, "Patient") if one.get("birthDate") == "1931-07-09")
    assert eldest["name"] == [{"family": CANARY, "given": ["Quittenmus"]}]
    assert {one["value"] for one in eldest["telecom"]} == {"+49 170 5550", "ann@example.org"}
    assert "CHART-77" in {one["value"] for one in eldest["identifier"]}
    assert min(one["period"]["start"] for one in of(named, "Encounter")) == "2026-03-02T13:00:00+01:00"
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT.+[+-]\d\d:\d\d", p["recorded"]) for p in of(named, "Provenance")
    )
    doctor = next(one for one in of(named, "Practitioner") if one["identifier"][0]["value"] == "DN002")
    assert doctor["name"] == [{"text": "Bo Secret"}]
    assert doctor["qualification"][0]["identifier"] == [{"value": "LIC-4711"}]


@pytest.mark.grown(by=live)
def test_hostile_text_survives(named: list[Resource]) -> None:
    notes = {note["text"] for one in of(named, "Procedure") for note in one.get("note", [])}
    assert "\n".join(HOSTILE) in notes
    assert HOSTILE[0] in notes
    assert "=HYPERLINK(1)" in {about(one, "patients_identity.note") for one in of(named, "Patient")}


def test_the_same_state_gives_the_same_bytes(
    clinic: Logbook, whole: tuple[export.Written, int], tmp_path: Path
) -> None:
    first, again = whole[0], export.write(clinic, tmp_path / "again.json")
    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.sha256 == again.sha256 == hashlib.sha256(again.path.read_bytes()).hexdigest()


@pytest.mark.both_databases
@pytest.mark.grown(by=live)
def test_lines_hold_the_same_as_the_bundle(book: Logbook, coded: list[Resource], tmp_path: Path) -> None:
    lines = export.write(book, tmp_path / "lines.ndjson")
    assert read(lines.path) == coded
    assert sum(lines.resources.values()) == len(coded)


def test_resources_are_sorted_by_key(whole: tuple[export.Written, int]) -> None:
    found = read(whole[0].path)
    for kind in ("Practitioner", "Patient"):
        keys = [one["id"] for one in of(found, kind)]
        assert keys == sorted(keys)
    visits: dict[str, list[str]] = defaultdict(list)
    for one in of(found, "Encounter"):
        visits[one["subject"]["reference"]].append(one["id"])
    assert all(keys == sorted(keys) for keys in visits.values())


def test_memory_does_not_grow_with_the_clinic(whole: tuple[export.Written, int]) -> None:
    written, peak = whole
    size = written.path.stat().st_size
    assert size > 7_000_000
    assert peak < size * 0.6


def test_pain_is_loinc_and_motion_has_no_code(book: Logbook, tmp_path: Path) -> None:
    draft = begin(book)
    turned = pain(30, measure="IR", side="R", mode="passive")
    done = replace(complete(draft), readings=(pain(6), turned, pain(4, "after", "VAS")))
    book.write(sessions.save, done, draft.version)
    told = {
        one["code"]["text"]: one for one in of(read(export.write(book, tmp_path / "x").path), "Observation")
    }
    public = {
        name: {c["code"] for c in one["code"]["coding"] if not c["system"].startswith(OWN)}
        for name, one in told.items()
    }
    assert public == {
        "pain now, 0–10": {"72514-3"}, "pain now, 100 mm line": {"38214-3"}, "hip internal rotation": set(),
    }  # fmt: skip
    assert told["pain now, 0–10"]["valueQuantity"] == {
        "value": 6, "unit": "points", "system": "http://unitsofmeasure.org", "code": "{score}",
    }  # fmt: skip
    assert told["hip internal rotation"]["bodySite"] == {"text": "right side"}
    assert told["hip internal rotation"]["valueQuantity"]["code"] == "deg"


def test_a_zero_is_a_value_and_a_missing_one_is_not(book: Logbook, tmp_path: Path) -> None:
    who, episode = admit(book)
    asked = (
        pain(0),
        pain(None, "after", missing_reason="refused"),
        pain(None, measure="LEFS", missing_reason="unable"),
    )
    visit(book, who.id, episode, readings=(asked[0], pain(3, "after"), *asked[2:]))
    draft = book.write(sessions.start, who.id, episode)
    book.write(sessions.save, replace(complete(draft), readings=asked[1:2]), draft.version)
    found = of(read(export.write(book, tmp_path / "x").path), "Observation")
    assert [one["valueQuantity"]["value"] for one in found if one["code"]["text"].startswith("pain now")
            and about(one, "readings.stage")["code"] == "before"] == [0]  # fmt: skip
    absent = [one for one in found if "dataAbsentReason" in one]
    assert len(absent) == 2
    assert all("valueQuantity" not in one for one in absent)
    reasons = {tuple(c["code"] for c in one["dataAbsentReason"]["coding"]) for one in absent}
    assert reasons == {("asked-declined", "refused"), ("unknown", "unable")}


def test_none_refused_and_not_asked_stay_apart(book: Logbook, tmp_path: Path) -> None:
    draft = begin(book)
    items = ("PHOBIA", "PREG", "FEVER", "NIGHT")
    states = ("yes", "none", "refused", "not_asked")
    answers = tuple(ScreeningAnswer(i, s, None, "2026.1") for i, s in zip(items, states, strict=True))
    asked = tuple(
        Inquiry("session", "not_asked" if s == "not_asked" else "open", "patient", s) for s in states[1:]
    )
    done = replace(complete(draft), screening=answers, inquiries=asked, consent=None)
    book.write(sessions.save, done, draft.version)
    found = read(export.write(book, tmp_path / "x").path)
    form = of(found, "QuestionnaireResponse")[0]
    told = {one["linkId"]: (_code(one), _absent(one)) for one in form["item"]}
    assert told == {
        "PHOBIA": ("yes", None),
        "PREG": ("none", None),
        "FEVER": (None, "asked-declined"),
        "NIGHT": (None, "not-asked"),
    }
    reported = [one for one in of(found, "Observation") if one["code"]["coding"][0]["code"] == "inquiry"]
    values = sorted(
        one.get("valueCodeableConcept", one.get("dataAbsentReason"))["coding"][0]["code"] for one in reported
    )
    assert values == ["asked-declined", "none", "not-asked"]
    assert of(found, "Consent") == []


def _code(item: Resource) -> str | None:
    return item["answer"][0]["valueCoding"]["code"] if "answer" in item else None


def _absent(item: Resource) -> str | None:
    return next((e["valueCode"] for e in item.get("extension", []) if e["url"] == ABSENT), None)


def test_each_needle_site_is_part_of_the_session(book: Logbook, tmp_path: Path) -> None:
    draft = begin(book)
    sites = (site(), site("LEVA", side="L", zone=None, diameter_mm=None, inserted_by="DN001"))
    book.write(sessions.save, replace(complete(draft), insertions=sites), draft.version)
    found = of(read(export.write(book, tmp_path / "x").path), "Procedure")
    whole = next(one for one in found if "partOf" not in one)
    parts = {one["id"]: one for one in found if "partOf" in one}
    assert {one["partOf"][0]["reference"] for one in parts.values()} == {f"Procedure/{whole['id']}"}
    first, second = (parts[one.id] for one in sites)
    assert first["bodySite"][0]["text"] == "gluteus medius, right"
    assert {c["system"]: c["code"] for c in first["bodySite"][0]["coding"]} == {
        "urn:oid:2.16.840.1.113883.6.119": "22315", f"{OWN}/CodeSystem/muscle": "GMED",
    }  # fmt: skip
    assert first["usedCode"] == [{"text": "needle 0.30 × 60 mm"}]
    assert about(first, "insertions.depth_mm")["value"] == 35
    assert {c["system"] for c in second["bodySite"][0]["coding"]} == {f"{OWN}/CodeSystem/muscle"}
    assert "usedCode" not in second
    assert about(second, "insertions.diameter_mm") is None
    assert second["performer"][0]["actor"]["reference"].startswith("Practitioner/")
    assert about(whole, "sessions.needles_inserted") == 1


@pytest.mark.grown(by=live)
def test_voids_and_drafts_are_no_finished_work(named: list[Resource]) -> None:
    states = {one["id"]: about(one, "sessions.status")["code"] for one in of(named, "Encounter")}
    assert Counter(states.values()) == {"signed": 4, "voided": 1, "draft": 1}
    words = {
        "signed": {"finished", "completed", "final", "amended", "active"},
        "voided": {"entered-in-error"},
        "draft": {"in-progress", "preparation", "preliminary", "draft"},
    }
    of_visit = [one for one in named if "encounter" in one and "status" in one]
    assert len(of_visit) > 20
    for one in of_visit:
        key = one["encounter"]["reference"].removeprefix("Encounter/")
        assert one["status"] in words[states[key]]
    reasons = {one["reason"][0]["text"] for one in of(named, "Provenance") if "reason" in one}
    assert "left the tap running" in reasons


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (Consent("2026-01", given=True), "active"),
        (Consent("2026-01", given=True, withdrawn=True), "inactive"),
        (Consent("2026-01", given=False), "rejected"),
    ],
)
def test_consent_says_whether_it_stands(form: Consent, status: str) -> None:
    row = rows.plain(form)
    state = {"status": "signed", "year": 2026}
    seen = visits.Visit(state, "v", "p", "e", "t", "UTC", "deidentified", ())
    assert visits.consent(seen, row)["status"] == status


@pytest.mark.grown(by=live)
def test_a_corrected_value_shows_and_the_old_one_is_kept(
    coded: list[Resource], named: list[Resource]
) -> None:
    made = {about(p, "amendments.field"): p for p in of(coded, "Provenance") if about(p, "amendments.field")}
    value = made["value"]
    assert (about(value, "amendments.old_value"), about(value, "amendments.new_value")) == ("4", "2")
    key = value["target"][0]["reference"].removeprefix("Observation/")
    corrected = next(one for one in of(coded, "Observation") if one["id"] == key)
    assert (corrected["status"], corrected["valueQuantity"]["value"]) == ("amended", 2)
    depth = made["depth_mm"]["target"][0]["reference"].removeprefix("Procedure/")
    needled = next(one for one in of(coded, "Procedure") if one["id"] == depth)
    assert about(needled, "insertions.depth_mm")["value"] == 30
    assert about(made["plan"], "amendments.new_value") is None
    told = {about(p, "amendments.new_value"): p for p in of(named, "Provenance")}
    assert told["Hagebutte tea"]["reason"] == [{"text": "left the tap running"}]
    assert "Hagebutte tea" in {o["text"] for one in of(named, "Procedure") for o in one.get("followUp", [])}


@pytest.mark.grown(by=live)
def test_an_effect_names_its_needle_site_and_who_reported_it(coded: list[Resource]) -> None:
    effects = {one["event"]["coding"][0]["code"]: one for one in of(coded, "AdverseEvent")}
    assert set(effects) == {"BRUISE", "PAIN_AFT"}
    sites = {one["id"] for one in of(coded, "Procedure") if "partOf" in one}
    suspect = effects["BRUISE"]["suspectEntity"][0]["instance"]["reference"].removeprefix("Procedure/")
    assert suspect in sites
    assert effects["BRUISE"]["seriousness"]["text"] == "mild (White)"
    sore = effects["PAIN_AFT"]
    asked = about(sore, "reactions.inquiry")["reference"].removeprefix("Observation/")
    inquiry = next(one for one in of(coded, "Observation") if one["id"] == asked)
    assert about(inquiry, "inquiries.reporter")["code"] == "patient"
    assert about(sore, "reactions.onset_h")["value"] == 3.5


def test_a_twitch_is_a_response_and_no_adverse_event(book: Logbook, tmp_path: Path) -> None:
    who, episode = admit(book)
    asked = Inquiry("session", "open", "therapist", "yes", (Reaction("TWITCH"),))
    visit(book, who.id, episode, inquiries=(asked,))
    found = read(export.write(book, tmp_path / "x").path)
    assert of(found, "AdverseEvent") == []
    told = next(one for one in of(found, "Observation") if one["code"]["coding"][0]["code"] == "TWITCH")
    assert told["valueBoolean"] is True


def test_a_later_value_is_dated_by_its_contact(book: Logbook, tmp_path: Path) -> None:
    kept = signed(book)
    clock: Any = book.clock
    clock.now += timedelta(hours=25)
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"), (pain(2),))
    named = export.write(book, tmp_path / "named", identified=True, reason="x").path
    assert _later(named)["effectiveDateTime"] == "2026-03-03T14:00:00+01:00"
    coded = _later(export.write(book, tmp_path / "coded").path)
    assert "effectiveDateTime" not in coded
    assert about(coded, "follow_ups.done_after_h")["value"] == 25
    clock.now += timedelta(hours=24)
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"))
    named = export.write(book, tmp_path / "named", identified=True, reason="x").path
    assert _later(named)["effectivePeriod"] == {
        "start": "2026-03-03T14:00:00+01:00", "end": "2026-03-04T14:00:00+01:00",
    }  # fmt: skip
    assert invalid(read(named)) == []


def _later(path: Path) -> Resource:
    found = of(read(path), "Observation")
    return next(one for one in found if (about(one, "readings.stage") or {}).get("code") == "follow_up")


def test_two_facts_of_an_episode_are_two_conditions(book: Logbook, tmp_path: Path) -> None:
    who = book.write(patients.add, PatientDraft("P-001", "Rossi", "Lea"))
    book.write(episodes.open_, who.id, EpisodeDraft("L", "POST_THA", onset=date(2026, 1, 5)))
    found = read(export.write(book, tmp_path / "x").path)
    told = {(one["code"]["coding"][0]["code"], one["code"]["text"]) for one in of(found, "Condition")}
    assert told == {("M25.552", "hip pain"), ("Z96.642", "hip replacement present")}
    assert {one["bodySite"][0]["text"] for one in of(found, "Condition")} == {"left hip"}
    assert of(found, "EpisodeOfCare")[0]["type"][0]["text"] == "after hip replacement"


@pytest.mark.grown(by=live)
def test_a_range_holds_its_visits_and_resolves(book: Logbook, tmp_path: Path) -> None:
    whole = read(export.write(book, tmp_path / "whole").path)
    part = read(export.write(book, tmp_path / "part", since=date(2026, 3, 1), until=date(2026, 3, 2)).path)
    assert 0 < len(of(part, "Encounter")) < len(of(whole, "Encounter"))
    assert dangling(part) == []
    days = {one["id"]: about(one, "sessions.day_no")["value"] for one in of(whole, "Encounter")}
    assert all(about(one, "sessions.day_no")["value"] == days[one["id"]] for one in of(part, "Encounter"))
    with pytest.raises(BadInput, match="lies after"):
        export.write(book, tmp_path / "never", since=date(2026, 3, 2), until=date(2026, 3, 1))


def test_identity_needs_a_role_and_a_reason_and_is_logged(book: Logbook, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="needs a reason"):
        export.write(book, tmp_path / "x", identified=True, reason="  ")
    book.write(staff.add, PractitionerDraft("DN002", "Bo Secret"))
    with pytest.raises(Refused, match="DN002 is a therapist"):
        export.write(book.acting("DN002"), tmp_path / "x", identified=True, reason="curious")
    assert list(tmp_path.glob("x*")) == []
    made = export.write(book, tmp_path / "x", identified=True, reason="audit of May")
    assert _logged(book)[-2:] == [
        ("export.refused", {"profile": "identified", "role": "therapist"}),
        (
            "export.fhir",
            {"profile": "identified", "reason": "audit of May", "resources": sum(made.resources.values()),
             "head": made.head, "sha256": made.sha256, "since": None, "until": None},
        ),
    ]  # fmt: skip


def _logged(book: Logbook) -> list[tuple[str, dict[str, Any]]]:
    query = (
        "SELECT action, body FROM audit_log JOIN audit_payloads USING (chain, seq) "
        "WHERE chain = 'access' ORDER BY seq"
    )
    with book.engine.connect() as connection:
        return [(action, json.loads(body)["facts"]) for action, body in connection.execute(text(query))]


def test_the_file_is_private_and_called_as_asked(book: Logbook, tmp_path: Path) -> None:
    made = export.write(book, tmp_path / "new" / "june")
    assert made.path == tmp_path / "new" / "june.json"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert export.write(book, tmp_path / "a.ndjson").path.name == "a.ndjson"
    assert sorted(one.name for one in (tmp_path / "new").iterdir()) == ["june.json"]


def test_it_replaces_its_own_file_and_no_other(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    first = export.write(book, target).path.read_bytes()
    (tmp_path / "x.json.part").write_bytes(first[:400])
    begin(book)
    assert export.write(book, target).path.read_bytes() != first
    foreign = tmp_path / "other.json"
    foreign.write_text('{"mine": true}')
    link = tmp_path / "link.json"
    link.symlink_to(target)
    (tmp_path / "folder.json").mkdir()
    for name in ("other.json", "link.json", "folder.json"):
        with pytest.raises(BadInput, match=name):
            export.write(book, tmp_path / name)
    assert foreign.read_text() == '{"mine": true}'
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.grown(by=live)
def test_a_full_disk_leaves_the_old_file(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    before = export.write(book, target).path.read_bytes()
    logged = _logged(book)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, hard))
    try:
        with pytest.raises(Unreachable, match="what stood there stands"):
            export.write(book, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
    assert _logged(book) == logged


def test_the_command_says_where_it_lies(
    book: Logbook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed(book)
    words = ["--at", str(book.settings.path.parent), "export", str(tmp_path / "june"), "--format", "fhir"]
    assert cli.main([*words, "--json"], clock=book.clock) == 0
    told = json.loads(capsys.readouterr().out)
    found = read(tmp_path / "june.json")
    assert (told["bundle"], told["profile"]) == (str(tmp_path / "june.json"), "deidentified")
    assert told["resources"] == dict(Counter(sorted(one["resourceType"] for one in found)))
    assert cli.main([*words, "--identified", "--reason", "audit"], clock=book.clock) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "june.json")]
    assert of(read(tmp_path / "june.json"), "Patient")[0]["name"][0]["family"] == CANARY
    assert cli.main([*words, "--identified"], clock=book.clock) == 2
    assert cli.main([*words, "--excel"], clock=book.clock) == 2
    assert "--excel goes with --format csv only" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_says_so(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((Unreachable, BadInput), match="file"):
        export.write(book, tmp_path / "file" / "x.json")
    assert (tmp_path / "file").read_text() == "x"


def test_a_row_that_went_missing_stops_the_export(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(book)
    monkeypatch.setattr(rows, "readings", lambda value: [])
    with pytest.raises(IntegrityFailed, match="readings: 0 of 2"):
        export.write(book, tmp_path / "x.json")
    assert list(tmp_path.glob("x*")) == []
    assert [action for action, _ in _logged(book)] == []


def test_a_code_that_no_list_knows_could_be_a_name(book: Logbook, tmp_path: Path) -> None:
    draft = begin(book)
    odd = replace(
        complete(draft),
        consent=Consent("Rossi, Lea", given=True),
        insertions=(site(zone="Rossi", inserted_by="Rossi"),),
        readings=(pain(6, tester="Rossi", version="Lea Rossi"),),
    )
    book.write(sessions.save, odd, draft.version)
    made = export.write(book, tmp_path / "coded").path
    assert b"Rossi" not in made.read_bytes()
    assert unknown_codes(read(made)) == []
    named = export.write(book, tmp_path / "named", identified=True, reason="x").path
    assert b"Rossi" in named.read_bytes()
    assert invalid(read(named)) == []
    assert dangling(read(named)) == []


def test_numbers_are_the_shortest_that_mean_the_same() -> None:
    told = [codings.number(Decimal(one)) for one in ("6.00", "0.30", "-12", "100.1", "0")]
    assert json.dumps(told) == "[6, 0.3, -12, 100.1, 0]"
