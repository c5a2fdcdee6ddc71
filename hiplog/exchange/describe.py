"""What a bundle says about itself: Data Package descriptor, dictionary, codes, a letter to a stranger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hiplog.exchange import layout
from hiplog.exchange.codes import KNOWN, LISTS
from hiplog.exchange.columns import Column, Sheet

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file as written: size and SHA-256."""

    size: int
    sha256: str


def package(
    files: Mapping[str, Written],
    identified: bool,
    whole: bool,
    unlisted: Mapping[tuple[str, str], set[str]],
) -> str:
    """Return ``datapackage.json``: every table with types, constraints, keys, size and hash."""
    sheets = (*layout.profile(identified), layout.DICTIONARY, layout.CODE_LISTS)
    resources = [_resource(sheet, files[sheet.path], identified, whole, unlisted) for sheet in sheets]
    return pretty(
        {
            "$schema": PACKAGE_PROFILE,
            "name": "hiplog-audit",
            "title": "Audit bundle of a dry needling logbook",
            "version": str(layout.VERSION),
            "resources": resources,
        }
    )


def dictionary(identified: bool) -> Iterator[dict[str, Any]]:
    """Yield a row for every column of the profile."""
    for sheet in layout.profile(identified):
        for column in sheet.shown(identified):
            yield {
                "file": sheet.path,
                "column": column.name,
                "label": column.label,
                "type": column.kind,
                "unit": column.unit or None,
                "codes": column.codes,
                "missing": None if column.required else column.missing,
                "min": column.low,
                "max": column.high,
                "identifying": column.identified,
                "derivation": column.derivation or None,
                "since": column.since,
            }


def code_lists() -> Iterator[dict[str, Any]]:
    """Yield a row for every code of every list."""
    for name, words in sorted(LISTS.items()):
        for word in words:
            yield {"list": name, "code": word.code, "label": word.label, "retired": word.retired}


def pretty(value: Any) -> str:
    """Write JSON for people: indented, keys in the order given."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _resource(
    sheet: Sheet,
    written: Written,
    identified: bool,
    whole: bool,
    unlisted: Mapping[tuple[str, str], set[str]],
) -> dict[str, Any]:
    columns = sheet.shown(identified)
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": [_field(c, unlisted.get((sheet.name, c.name), set())) for c in columns],
        "missingValues": [""],
        "primaryKey": list(sheet.key),
    }
    keys = [_foreign_key(sheet, column) for column in columns if _is_kept(column, whole)]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "$schema": RESOURCE_PROFILE,
        "name": sheet.name,
        "type": "table",
        "title": sheet.title,
        "path": sheet.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "dialect": DIALECT,
        "schema": schema,
    }


def _is_kept(column: Column, whole: bool) -> bool:
    # In a bundle of some days the plan may come from a session before them.
    return column.refers is not None and (whole or column.name != "carried_from")


def _field(column: Column, unlisted: Iterable[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": column.kind, "title": column.label}
    if column.uuid:
        told["format"] = "uuid"
    if column.kind == "boolean":
        told |= {"trueValues": ["true"], "falseValues": ["false"]}
    rules: dict[str, Any] = {}
    if column.required:
        rules["required"] = True
    if column.unique:
        rules["unique"] = True
    if column.codes is not None and column.name != "codes":
        rules["enum"] = sorted(KNOWN[column.codes] | set(unlisted))
    for name, bound in (("minimum", column.low), ("maximum", column.high)):
        if bound is not None:
            rules[name] = int(bound) if column.kind == "integer" else float(bound)
    return told | ({"constraints": rules} if rules else {})


def _foreign_key(sheet: Sheet, column: Column) -> dict[str, Any]:
    table, name = (column.refers or "").split(".")
    # An empty name means the table itself.
    return {
        "fields": [column.name],
        "reference": {"resource": "" if table == sheet.name else table, "fields": [name]},
    }


README = """\
AUDIT BUNDLE OF A DRY NEEDLING LOGBOOK
======================================

What this is
  Records of needling sessions, written out by hiplog, one table a file in data/. The bundle holds
  {what}
  It covers {days}.
  Profile: {profile}.

Check it before you rely on it
  sha256sum -c SHA256SUMS          every file is as it was written
  python3 -I -S verify.py .        sums, types, keys, codes, times and the audit chain; Python 3.11 or newer,
                                   nothing else. Exit code 0: nothing found. 7: something was found.
  frictionless validate datapackage.json     an independent check, by a tool that is not ours
  verify.py inside this folder could have been changed with the rest: take your own copy from a hiplog of
  the same version (python -m hiplog.exchange.verifier > verify.py), or compare the two. Keep the head of
  the chain (manifest.json, request, heads) somewhere else: only a head that you hold yourself proves that
  nothing before it was changed later.

How to read it
  manifest.json         rows and filled cells of every column, who asked for the bundle, heads of the chains
  datapackage.json      a Data Package (version 2): types, constraints, keys between the tables
  data_dictionary.csv   every column: meaning, type, unit, codes, what an empty cell means
  code_lists.csv        every code in words
  data/amendments.csv   corrections. The other tables hold what was signed; an amendment says what is true now
  data/amendment_requests.csv, data/request_steps.csv    what patients asked to have amended, and the answers
  data/completeness.csv and data/exclusions.csv    how complete the record is, and what figures leave out
  Text is UTF-8, commas, quotes doubled, lines end in CR LF. An empty cell means: nothing recorded. It
  never means zero, no, or "none": not asked, none, yes and refused are different codes.

In a spreadsheet
  A text that begins with = + - @ or the like has one apostrophe (') in front, so that it is not run as a
  formula. A program that reads the tables takes exactly one apostrophe away. Open the files as text
  columns ("quoted field as text"), or the program may turn codes and numbers into dates.

{identity}
What it proves and what it does not
  The hash chain in data/audit_log.csv links every change of the record: row_hash is the SHA-256 of
  "hiplog-audit-v1", "record", seq, prev_hash and payload_digest, joined by NUL characters. It shows whether
  anything was changed, removed or put in before a head that somebody else holds. It does not show that what
  was typed is true, nor who sat at the keyboard.
  Nothing here is legal advice.
"""
DEIDENTIFIED = """\
What was left out
  Names, birth dates, contact, chart codes, licences, all dates and times and everything that a person typed
  freely. Patients have stable random codes, visits have a day number (0 is the patient's first session) and a
  year, ages stand in bands with 90+ as the last. Therapists appear by code. A code that no list knows is
  written as UNLISTED.
  This is not legal advice and no promise of anonymity: rare findings and exact day numbers may still point
  to a person. Shifting dates alone is not the Safe Harbor method of HIPAA (45 CFR 164.514(b)(2)),
  and neither are day numbers. Whether this bundle may be passed on is for you to judge.
  The audit chain is made of salted digests. The salts are not in here, so nothing can be guessed back.
"""
IDENTIFIED = """\
Handle with care
  This bundle names patients: names, dates of birth, contact, notes and every earlier version of a record in
  the audit trail. Who asked for it, and why, stands in manifest.json and in the logbook. Keep it encrypted,
  pass it on only where the law allows, and delete it when it has served.
"""


def readme(identified: bool, since: str | None, until: str | None) -> str:
    """Return the letter that explains the bundle to somebody who has never seen hiplog."""
    days = "everything in the logbook"
    if since or until:
        days = f"the sessions from {since or 'the first day'} to {until or 'the last day'}"
    tables = ", ".join(sheet.name for sheet in layout.profile(identified))
    return README.format(
        what=_wrapped(tables),
        days=days,
        profile="identified" if identified else "de-identified",
        identity=IDENTIFIED if identified else DEIDENTIFIED,
    )


def _wrapped(text: str) -> str:
    import textwrap

    return "\n  ".join(textwrap.wrap(text, 96))
