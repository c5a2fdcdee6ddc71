"""An upgrade killed after each of its steps: the old schema or the new one, and running it again works."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import NoReturn

import clients
import dying
import pytest
import samples

from hiplog.logbook import audit, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import backup, guards, schema
from hiplog.storage.engine import Opening

ROOT = Path(__file__).resolve().parents[2]
STEPS = (
    'op.create_table("rooms", sa.Column("id", sa.String(36), primary_key=True))',
    "op.execute(\"INSERT INTO rooms VALUES ('a')\")",
    'rebuilt("sessions", sa.Column("room", sa.String(40), nullable=True))',
    'rebuilt("patients", sa.Column("title", sa.String(40), nullable=True))',
    'op.create_index("ix_rooms", "sessions", ["room"])',
    'op.execute("DROP TABLE rooms")',
)
NOW = schema.HEAD
REVISION = """
import os
import signal

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "HEAD"


def rebuilt(table, column):
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table(table, recreate=anew) as batch:
        batch.add_column(column)


def upgrade():
"""
DIES = "os.kill(os.getpid(), signal.SIGKILL)"
BEFORE_COMMIT, AFTER_COMMIT = len(STEPS) + 1, len(STEPS) + 2
MOMENTS = range(AFTER_COMMIT + 1)


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that is one revision ahead."""
    shutil.copytree(ROOT / "migrations", tmp_path / "program" / "migrations")
    shutil.copy(ROOT / "alembic.ini", tmp_path / "program" / "alembic.ini")
    monkeypatch.setattr(schema, "HEAD", "9999")
    monkeypatch.setattr(schema, "PACKAGE", tmp_path / "program")
    return tmp_path / "program" / "migrations" / "versions" / "9999_rooms.py"


def revision(moment: int | None) -> str:
    lines = [*STEPS]
    if moment is not None and moment <= len(STEPS):
        lines.insert(moment, DIES)
    return REVISION.replace("HEAD", NOW) + "".join(f"    {line}\n" for line in lines)


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("alive")


def upgraded_until(places: Settings, moment: int) -> None:
    """Run the upgrade in a child that dies at ``moment``."""

    def work(say: dying.Say) -> None:
        say(".")
        if moment == BEFORE_COMMIT:
            schema._check = die
        Logbook.open(places, upgrade=True)
        if moment == AFTER_COMMIT:
            die()

    done = dying.killed(work, None)
    assert (done.ended, done.wrong) == (False, "")


def standing(places: Settings) -> tuple[str, dict[str, int]]:
    with clients.other(places) as execute:
        version = str(execute("SELECT version_num FROM alembic_version")[0][0])
        names = [*guards.guarded(), "patients", "patients_identity", "drafts"]
        return version, {name: execute(f"SELECT count(*) FROM {name}")[0][0] for name in names}


@pytest.mark.nightly
@pytest.mark.both_databases
@pytest.mark.grown(by=samples.followed)
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_upgrade_killed_after_each_step(places: Settings, newer: Path, moment: int) -> None:
    _, rows = standing(places)
    newer.write_text(revision(moment), encoding="utf-8")
    upgraded_until(places, moment)
    assert standing(places) == ("9999" if moment == AFTER_COMMIT else NOW, rows)
    newer.write_text(revision(None), encoding="utf-8")
    opened = Logbook.open(places, upgrade=True)
    assert opened.read(audit.verify).ok
    assert opened.read(sessions.drafts_open)[0].insertions
    opened.close()
    assert standing(places) == ("9999", rows)
    copies = list(places.backups.glob("*-upgrade.db")) if places.is_file else []
    assert all(backup.check(Opening(str(copy), read_only=True)) == [] for copy in copies)
    assert bool(copies) is places.is_file
