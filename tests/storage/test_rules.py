"""The database keeps the rules of the record by itself, whoever writes; and no refusal tells a name."""

from __future__ import annotations

import traceback
from typing import Any

import clients
import pytest
import samples

from hiplog.clinical.errors import HiplogError, Refused
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage.tables import metadata
from hiplog.storage.unit import Unit

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.begun)]

RULES = [
    ("readings", "value = 11", "pain"),
    ("readings", "value = -1", "pain"),
    ("readings", "value = NULL", "missing"),
    ("readings", "missing_reason = 'refused'", "missing"),
    ("readings", "stage = 'during'", "stage"),
    ("readings", "side = 'X'", "side"),
    ("insertions", "side = 'X'", "side"),
    ("insertions", "depth_mm = 61", "depth_mm"),
    ("insertions", "depth_mm = 0", "depth_mm"),
    ("insertions", "depth_mm = -5", "depth_mm"),
    ("insertions", "diameter_mm = 3", "diameter_mm"),
    ("insertions", "length_mm = 151", "length_mm"),
    ("insertions", "insertions = 0", "insertions"),
    ("insertions", "retention_min = -1", "retention_min"),
    ("insertions", "twitch = 'none', twitch_count = 2", "twitch_count"),
    ("insertions", "twitch = NULL, twitch_count = 2", "twitch_count"),
    ("insertions", "twitch_count = 0", "twitch_count"),
    ("insertions", "twitch = 'jump'", "twitch"),
    ("insertions", "target = 'bone'", "target"),
    ("insertions", "origin = 'guessed'", "origin"),
    ("insertions", "zone = ''", "zone_text"),
    ("insertions", "muscle = ''", "muscle_text"),
    ("insertions", "seq = 0", "seq"),
    ("screening", "answer = 'maybe'", "answer"),
    ("screening", "finding = 'go'", "finding"),
    ("inquiries", "asked_how = 'not_asked'", "asked"),
    ("inquiries", "reporter = 'nobody'", "reporter"),
    ("inquiries", "asked_at_h = -1", "asked_at_h"),
    ("reactions", "severity = 'bad'", "severity"),
    ("reactions", "soreness = 11", "soreness"),
    ("reactions", "size_mm = 0", "size_mm"),
    ("sessions", "status = 'voided'", "status"),
    ("sessions", "status = 'signed'", "signed"),
    ("sessions", "needles_inserted = -1", "needles_inserted"),
    ("sessions", "needles_opened = 201", "needles_opened"),
    ("sessions", "note = ''", "note_text"),
    ("sessions", "zone = ''", "zone_text"),
    ("episodes", "side = 'B'", "side"),
    ("episodes", "closed_on = '2020-01-01'", "closed"),
    ("patients", "sex = ''", "sex"),
    ("patients", "code = ''", "code_text"),
    ("patients_identity", "family = ''", "family_text"),
    ("practitioners", "role = 'boss'", "role"),
]


@pytest.mark.parametrize(("table", "change", "rule"), RULES)
def test_another_program_is_refused_by_name_of_the_rule(
    places: Settings, table: str, change: str, rule: str
) -> None:
    with clients.other(places) as execute:
        assert execute(f"SELECT count(*) FROM {table}")[0][0] > 0
        with pytest.raises(clients.REFUSALS, match=f"ck_{table}_{rule}"):
            execute(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize("count", [None, 3])
def test_a_twitch_needs_no_count(places: Settings, count: int | None) -> None:
    with clients.other(places) as execute:
        execute(f"UPDATE insertions SET twitch = 'elicited', twitch_count = {count or 'NULL'}")
        execute("UPDATE insertions SET twitch = 'none', twitch_count = NULL")
        assert execute("SELECT twitch FROM insertions") == [("none",)]


def test_text_is_never_longer_than_declared(places: Settings) -> None:
    with clients.other(places) as execute, pytest.raises(clients.REFUSALS):
        execute(f"UPDATE patients_identity SET family = '{'x' * 201}'")
    with clients.other(places) as execute:
        assert execute("SELECT family FROM patients_identity") == [(samples.CANARY,)]


def insert(unit: Unit, table: str, row: dict[str, Any]) -> None:
    unit.insert(metadata.tables[table], row)
    unit.record("test", "test", None)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"family": ""}, "patients_identity_family_text|a value that must be given"),
        ({"family": None}, "patients_identity.family|must be given"),
        ({"id": "nobody"}, "refers to nothing|must be given|patients_identity"),
        ({}, "patients_identity"),
    ],
)
def test_a_refusal_names_the_rule_and_never_the_patient(
    book: Logbook, change: dict[str, Any], rule: str
) -> None:
    """PostgreSQL's own message quotes the whole row; only the rule's name may leave the storage."""
    row = {"id": _only(book), "family": samples.CANARY, "given": samples.CANARY, "search_key": samples.CANARY}
    with pytest.raises(Refused, match=rule) as caught:
        book.write(insert, "patients_identity", row | {"note": f"hiplog: {samples.CANARY}"} | change)
    told = "".join(traceback.format_exception(caught.value))
    assert samples.CANARY not in told
    assert samples.CANARY not in repr(caught.value)


@pytest.mark.parametrize("text", ["x" * 100_000, "nul\x00inside", "lone \udcff surrogate"])
def test_text_past_the_boundary_is_refused_without_being_told(book: Logbook, text: str) -> None:
    row = {"id": _only(book), "family": samples.CANARY + text, "given": "x", "search_key": "x"}
    with pytest.raises((HiplogError, UnicodeEncodeError)) as caught:
        book.write(insert, "patients_identity", row)
    assert samples.CANARY not in "".join(traceback.format_exception(caught.value))


def _only(book: Logbook) -> str:
    with book.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM patients").scalar_one())
