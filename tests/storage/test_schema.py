"""The schema: the revisions make what the tables say, and a half-made or newer one is never written to."""

from __future__ import annotations

import re
from dataclasses import replace

import clients
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from hiplog import settings
from hiplog.clinical.errors import BadInput, HiplogError, SchemaBehind, Unreachable
from hiplog.clinical.record import PatientDraft, PractitionerDraft
from hiplog.logbook import audit, patients
from hiplog.logbook.book import Logbook
from hiplog.storage import bulk, schema, shape
from hiplog.storage.engine import Opening, connect
from hiplog.storage.tables import metadata

both = pytest.mark.both_databases


@both
def test_the_revisions_make_exactly_the_tables(book: Logbook) -> None:
    with book.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@both
def test_the_revisions_make_exactly_the_named_rules(book: Logbook) -> None:
    """Alembic compares no checks, so they are held against each other here, text by text on SQLite."""
    with book.engine.connect() as connection:
        look = inspect(connection)
        for table in metadata.sorted_tables:
            made = {rule["name"]: _bare(rule["sqltext"]) for rule in look.get_check_constraints(table.name)}
            said = {
                str(rule.name): _bare(str(rule.sqltext))
                for rule in table.constraints
                if isinstance(rule, CheckConstraint)
            }
            assert made.keys() == said.keys()
            if book.opening.is_file:
                assert made == said


@both
def test_the_doctor_finds_the_tables_as_they_are_made(book: Logbook) -> None:
    with book.engine.connect() as connection:
        assert list(shape.altered(connection)) == []


def _bare(rule: str) -> str:
    return re.sub(r"\s+", " ", rule)


def test_the_program_writes_the_newest_revision() -> None:
    scripts = ScriptDirectory.from_config(Config(str(schema.config_file())))
    assert scripts.get_heads() == [schema.HEAD]


@both
def test_a_newer_logbook_opens_for_reading_only(book: Logbook, places: settings.Settings) -> None:
    book.write(patients.add, PatientDraft("P-001", "Koch", "Ann"))
    book.close()
    with clients.other(places) as execute:
        execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaBehind, match="newer hiplog"):
        Logbook.open(places).write(patients.add, PatientDraft("P-002", "Koch", "Ann"))
    opened = Logbook.open(places)
    assert "open for reading only" in (opened.banner or "")
    assert opened.read(patients.get, "P-001").family == "Koch"
    with (
        opened.engine.connect() as connection,
        bulk.allowed(connection),
        pytest.raises(Exception, match=r"(?i)read-?only"),
    ):
        connection.exec_driver_sql("DELETE FROM patients_identity")
    opened.close()


@both
def test_a_database_without_a_logbook_says_what_to_do(places: settings.Settings) -> None:
    with clients.other(places) as execute:
        execute("DROP TABLE alembic_version")
    with pytest.raises(HiplogError, match="hiplog init"):
        Logbook.open(places)


@both
def test_a_logbook_is_never_made_over_another(book: Logbook, places: settings.Settings) -> None:
    book.write(patients.add, PatientDraft("P-001", "Koch", "Ann"))
    with pytest.raises(BadInput, match="nothing was written over it"):
        Logbook.create(places, "Second", "UTC", PractitionerDraft("X", "Y"))
    assert book.read(patients.get, "P-001").family == "Koch"


@both
@pytest.mark.parametrize(
    ("name", "zone", "first"),
    [
        ("Hip clinic", "Mars/Olympus", PractitionerDraft("DN001", "Ada")),
        ("Hip clinic", "UTC", PractitionerDraft("D N", "Ada")),
        ("Hip\x07clinic", "UTC", PractitionerDraft("DN001", "Ada")),
        ("", "UTC", PractitionerDraft("DN001", "Ada")),
    ],
)
def test_a_slip_at_founding_leaves_nothing_behind(
    places: settings.Settings, name: str, zone: str, first: PractitionerDraft
) -> None:
    """Otherwise the second try would meet a logbook without a clinic and be refused."""
    fresh = _emptied(places)
    with pytest.raises(BadInput):
        Logbook.create(fresh, name, zone, first)
    assert not fresh.is_file or not list(fresh.path.parent.iterdir())
    made = Logbook.create(fresh, "Hip clinic", "UTC", PractitionerDraft("DN001", "Ada"))
    assert made.read(audit.verify).ok
    made.close()


def _emptied(places: settings.Settings) -> settings.Settings:
    if places.is_file:
        return replace(places, database=str(places.path.parent / "fresh" / "hiplog.db"))
    with clients.other(places) as execute:
        execute("DROP SCHEMA public CASCADE")
        execute("CREATE SCHEMA public")
    return places


def test_a_making_that_was_cut_short_is_reported(places: settings.Settings) -> None:
    """What a power cut in the middle of ``hiplog init`` leaves: a file without a schema."""
    places.path.unlink()
    settings.private_file(places.path)
    with connect(Opening(places.database)).connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version")
    before = places.path.read_bytes()
    with pytest.raises(HiplogError, match="left as it is"):
        Logbook.open(places)
    with pytest.raises(BadInput, match=r"exists already; nothing was written over it\. Move it away"):
        Logbook.create(places, "Hip clinic", "UTC", PractitionerDraft("DN001", "Ada"))
    assert places.path.read_bytes() == before


@pytest.mark.parametrize("url", ["mysql://x/y", "://", "sqlite:///x.db"])
def test_a_url_of_another_kind_is_refused(places: settings.Settings, url: str) -> None:
    with pytest.raises(BadInput, match=r"file path or a postgresql:// URL"):
        Logbook.open(replace(places, database=url))


@pytest.mark.parametrize("verb", ["open", "create"])
def test_a_server_that_does_not_answer_is_unreachable(places: settings.Settings, verb: str) -> None:
    gone = replace(places, database="postgresql://nobody:secret@127.0.0.1:9/none")
    with pytest.raises(Unreachable, match="cannot be reached") as caught:
        if verb == "open":
            Logbook.open(gone)
        else:
            Logbook.create(gone, "Hip clinic", "UTC", PractitionerDraft("DN001", "Ada"))
    assert "secret" not in str(caught.value)


def test_a_server_logbook_opens_by_a_plain_url(places: settings.Settings, nursery: object) -> None:
    """The URL of the fixture has a Unix socket in ``?host=``; one with the driver named works alike."""
    url = nursery.template("postgresql", None).database  # type: ignore[attr-defined]
    assert url.startswith("postgresql://")
    for spelling in (url, url.replace("postgresql://", "postgresql+psycopg://", 1)):
        opened = Logbook.open(replace(places, database=spelling))
        assert opened.clinic.name == "Hip clinic"
        opened.close()
