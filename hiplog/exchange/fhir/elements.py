"""The pieces every resource is put together from: references, times and extensions, and nothing empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hiplog.exchange import cells
from hiplog.exchange.columns import Column, Sheet
from hiplog.exchange.fhir import codings
from hiplog.exchange.fhir.codings import Element

Cells = Mapping[str, Any]
"""A row of the audit bundle by column name; a column that its profile does not show is not there."""

EXTENSIONS = f"{codings.BASE}/StructureDefinition/"


def resource(kind: str, key: str, profile: str, fields: Element) -> Element:
    """Return a resource tagged with the profile it was written in, without its empty fields."""
    return compact({"resourceType": kind, "id": key, "meta": {"tag": [_short(profile)]}, **fields})


def tag(profile: str) -> Element:
    """Return the tag that says, in words too, whether identity and dates were taken out."""
    return codings.own("profile", profile)


def compact(fields: Element) -> Element:
    """Return ``fields`` without what is not there; a zero and a no are there."""
    return {name: value for name, value in fields.items() if value not in (None, [], {}, "")}


def ref(kind: str, key: str) -> Element:
    """Return a reference to another resource of the same file."""
    return {"reference": f"{kind}/{key}"}


def words(text: str | None) -> Element | None:
    """Return a concept that is words only."""
    return None if text is None else {"text": text}


def when(row: Cells, name: str, zone: str, year: str = "year") -> str | None:
    """Return a time as FHIR writes it, or the year alone where the profile shows no more."""
    value = row.get(name)
    if value is not None:
        return cells.local_text(value, zone)
    known = row.get(year)
    return None if known is None else f"{known:04d}"


def day(row: Cells, name: str, year: str = "") -> str | None:
    """Return a calendar day, or the year alone where the profile shows no more."""
    value, known = row.get(name), row.get(year)
    if value is not None:
        return str(value.isoformat())
    return None if known is None else f"{known:04d}"


def extension(name: str, **value: Any) -> Element:
    """Return an extension of hiplog's own; ``value`` is one ``value…`` with its content."""
    return {"url": EXTENSIONS + name, **value}


def extensions(sheet: Sheet, row: Cells, *names: str) -> list[Element]:
    """Return columns of the bundle as extensions, each called ``table.column`` as the dictionary calls it."""
    columns = (column for column in sheet.columns if column.name in names)
    shown = (column for column in columns if row.get(column.name) is not None)
    return [extension(f"{sheet.name}.{c.name}", **_value(c, row[c.name])) for c in shown]


def masked(reason: str) -> list[Element]:
    """Return the extension that stands for a value that must be there and is not, with the reason."""
    return [{"url": codings.ABSENT_EXTENSION, "valueCode": reason}]


def _short(profile: str) -> Element:
    # The words stand once, at the head of the bundle; on every resource they would be a tenth of the file.
    return {"system": codings.own_system("profile"), "code": profile}


def _value(column: Column, value: Any) -> Element:
    if column.codes is not None and value in codings.LABELS[column.codes]:
        return {"valueCoding": codings.own(column.codes, value)}
    if column.unit in codings.UNITS and column.kind in ("integer", "number"):
        return {"valueQuantity": codings.quantity(value, column.unit)}
    if column.kind == "number":
        return {"valueDecimal": codings.number(value)}
    if column.kind == "integer":
        return {"valueInteger": value}
    return {"valueBoolean": value} if column.kind == "boolean" else {"valueString": str(value)}
