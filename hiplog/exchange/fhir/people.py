"""Patients and practitioners."""

from __future__ import annotations

from hiplog.exchange import layout
from hiplog.exchange.fhir.codings import BASE, Element
from hiplog.exchange.fhir.elements import Cells, compact, day, extension, extensions, resource


def patient(row: Cells, identity: Cells, profile: str) -> Element:
    """Return a patient by pseudonym; names, birth date and contact only where ``identity`` has them."""
    codes = (("pseudonym", row["pseudonym"]), ("chart", row.get("code")))
    note = identity.get("note")
    erased = extensions(layout.PATIENTS, row, "erased") if row["erased"] else []
    noted = [extension("patients_identity.note", valueString=note)] if note else []
    told = {
        "extension": [*erased, *noted],
        "identifier": [_identifier(name, code) for name, code in codes if code is not None],
        "name": [_name(identity)] if identity.get("family") else [],
        "telecom": [_contact(kind, identity[kind]) for kind in ("phone", "email") if identity.get(kind)],
        "gender": row["sex"],
        "birthDate": day(identity, "birth"),
    }
    return resource("Patient", row["id"], profile, told)


def practitioner(row: Cells, profile: str) -> Element:
    """Return a practitioner by code; name and licence only in the identified profile."""
    told = {
        "extension": extensions(layout.PRACTITIONERS, row, "role"),
        "identifier": [_identifier("practitioner", row["code"])],
        "active": row["active"],
        "name": [{"text": row["name"]}] if row.get("name") else [],
        "qualification": _qualification(row),
    }
    return resource("Practitioner", row["id"], profile, told)


def _identifier(name: str, value: str) -> Element:
    return {"system": f"{BASE}/NamingSystem/{name}", "value": value}


def _name(identity: Cells) -> Element:
    return compact({"family": identity["family"], "given": [identity["given"]] if identity["given"] else []})


def _contact(system: str, value: str) -> Element:
    return {"system": system, "value": value}


def _qualification(row: Cells) -> list[Element]:
    licence, training, expires = row.get("licence"), row.get("training"), row.get("expires")
    if licence is None and training is None and expires is None:
        return []
    told = {
        "identifier": [{"value": licence}] if licence else [],
        "code": {"text": training or "licence"},
        "period": compact({"end": day(row, "expires")}),
    }
    return [compact(told)]
