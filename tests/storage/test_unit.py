"""One action, one transaction: all of it with its audit row, or nothing; times exact whatever the zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import clients
import pytest
import samples
from clocks import SetClock
from hypothesis import HealthCheck, given, settings, strategies

from hiplog.clinical.errors import BadInput, Refused, Stale
from hiplog.clinical.record import PatientDraft
from hiplog.logbook import audit, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage.tables import patients as people
from hiplog.storage.unit import Unit, begin

pytestmark = pytest.mark.both_databases
DRAFT = PatientDraft("P-001", "Koch", "Ann")


def rows(places: Settings) -> tuple[int, int, int]:
    with clients.other(places) as execute:
        tables = ("patients", "patients_identity", "audit_log")
        return tuple(execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables)  # type: ignore[return-value]


def test_an_action_writes_its_rows_and_its_trail_together(book: Logbook, places: Settings) -> None:
    before = rows(places)
    book.write(patients.add, DRAFT)
    assert rows(places) == (before[0] + 1, before[1] + 1, before[2] + 2)


def test_identity_stands_in_an_audit_row_of_its_own(book: Logbook, places: Settings) -> None:
    """So that it can be erased and the rest of the trail stays."""
    book.write(patients.add, DRAFT)
    with clients.other(places) as execute:
        told = dict(
            execute("SELECT a.action, p.body FROM audit_log a JOIN audit_payloads p ON p.seq = a.seq")
        )
    assert "Koch" not in told["patient.add"]
    (change,) = json.loads(told["patient.add.identity"])["changes"]
    assert change["row"]["family"] == "Koch"


def test_an_action_that_fails_half_way_leaves_nothing(book: Logbook, places: Settings) -> None:
    before = rows(places)

    def half(unit: Unit) -> None:
        patients.add(unit, DRAFT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        book.write(half)
    assert rows(places) == before
    assert book.write(patients.add, DRAFT).code == "P-001"


def test_a_rule_broken_half_way_leaves_nothing(book: Logbook, places: Settings) -> None:
    before = rows(places)

    def half(unit: Unit) -> None:
        patients.add(unit, DRAFT)
        unit.insert(people, {"id": "1", "code": "P-009", "pseudonym": "P", "sex": "neither", "version": 1})

    with pytest.raises(Refused, match="ck_patients_sex"):
        book.write(half)
    assert rows(places) == before


def test_a_change_without_a_meaning_is_refused(book: Logbook, places: Settings) -> None:
    before = rows(places)
    row = {"id": "1", "code": "P-009", "pseudonym": "P", "sex": "other", "version": 1}
    with pytest.raises(RuntimeError, match="changes of patients were given no meaning"):
        book.write(lambda unit: unit.insert(people, row))
    assert rows(places) == before


def test_a_unit_that_is_not_committed_is_rolled_back(book: Logbook, places: Settings) -> None:
    before = rows(places)
    with begin(book.engine, book.clock(), "DN001", "UTC", writing=True) as unit:
        patients.add(unit, DRAFT)
    assert rows(places) == before


def test_reading_keeps_nothing_of_what_it_writes(book: Logbook, places: Settings) -> None:
    before = rows(places)
    try:
        book.read(patients.add, DRAFT)
    except Exception as error:  # PostgreSQL refuses at once, SQLite forgets it
        assert "read-only" in str(error)
    assert rows(places) == before


def test_reading_sees_one_state_whatever_others_save(book: Logbook) -> None:
    def look(unit: Unit) -> tuple[int, int]:
        first = len(patients.everyone(unit))
        book.write(patients.add, DRAFT)
        return first, len(patients.everyone(unit))

    assert book.read(look) == (0, 0)
    assert len(book.read(patients.everyone)) == 1


def test_a_row_saved_by_somebody_else_is_never_overwritten(book: Logbook) -> None:
    kept = book.write(patients.add, DRAFT)
    book.write(patients.edit, kept)
    with pytest.raises(Stale, match="nothing was overwritten"):
        book.write(patients.edit, kept)
    assert book.read(patients.get, "P-001").version == 2
    assert book.read(audit.verify).ok


def test_a_time_without_a_zone_is_refused(book: Logbook) -> None:
    who, episode = samples.admit(book)
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001
    with pytest.raises((TypeError, BadInput)):
        book.write(sessions.start, who.id, episode, naive)

    def stamp(unit: Unit) -> None:
        unit.update(people, who.id, erased_at=naive)

    with pytest.raises(BadInput, match="time without a zone"):
        book.write(stamp)
    assert not book.read(patients.get, "P-001").erased


ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Niue")
MOMENTS = strategies.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001
    max_value=datetime(2026, 3, 1),  # noqa: DTZ001
    timezones=strategies.sampled_from([UTC, timezone(timedelta(hours=-11)), *map(ZoneInfo, ZONES)]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(at=MOMENTS)
def test_times_come_back_to_the_millisecond_from_any_zone(book: Logbook, at: datetime) -> None:
    who = book.write(patients.add, PatientDraft(f"T{at.timestamp():.6f}_{id(at)}", "Koch", "Ann"))

    def stamp(unit: Unit) -> datetime | None:
        unit.update(people, who.id, erased_at=at)
        unit.record("test", "patient", who.id)
        row = unit.one(people.select().where(people.c.id == who.id))
        return row.erased_at if row else None

    kept = book.write(stamp)
    exact = at.astimezone(UTC)
    assert kept == exact.replace(microsecond=exact.microsecond // 1000 * 1000)
    assert kept is not None and kept.tzinfo is UTC


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_happens_twice_is_kept_apart(book: Logbook, clock: SetClock, fold: int) -> None:
    """The clocks of Berlin went back at 3 on 26 October 2025: half past two came twice."""
    who, episode = samples.admit(book)
    at = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    draft = book.write(sessions.start, who.id, episode, at)
    assert draft.occurred_at == datetime(2025, 10, 26, fold, 30, tzinfo=UTC)
