"""An older logbook: copied and verified first, upgraded whole or not at all, and none of its rows lost."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import clients
import pytest
import samples

from hiplog.clinical.errors import IntegrityFailed, SchemaBehind, Unreachable
from hiplog.logbook import audit, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import backup, guards, schema
from hiplog.storage.engine import Opening

ROOT = Path(__file__).resolve().parents[2]
NOW, NEXT = schema.HEAD, "9999"
REVISION = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NOW}"


def upgrade() -> None:
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("sessions", recreate=anew) as batch:
        batch.add_column(sa.Column("room", sa.String(40), nullable=True))
    with op.batch_alter_table("patients", recreate=anew) as batch:
        batch.add_column(sa.Column("title", sa.String(40), nullable=True))
    {{then}}
"""

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.followed)]


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one revision ahead: a copy of the revisions with one more that rebuilds two parents."""
    shutil.copytree(ROOT / "migrations", tmp_path / "program" / "migrations")
    shutil.copy(ROOT / "alembic.ini", tmp_path / "program" / "alembic.ini")
    ahead(tmp_path / "program")
    monkeypatch.setattr(schema, "HEAD", NEXT)
    monkeypatch.setattr(schema, "PACKAGE", tmp_path / "program")
    return tmp_path / "program"


def ahead(program: Path, then: str = "") -> None:
    (program / "migrations" / "versions" / "9999_rooms.py").write_text(REVISION.format(then=then))


def counts(places: Settings) -> dict[str, int]:
    with clients.other(places) as execute:
        return {
            table: execute(f"SELECT count(*) FROM {table}")[0][0] for table in (*guards.guarded(), "patients")
        }


def revision(places: Settings) -> str:
    with clients.other(places) as execute:
        return str(execute("SELECT version_num FROM alembic_version")[0][0])


def test_an_older_logbook_is_not_opened_unasked(places: Settings, newer: Path) -> None:
    with pytest.raises(SchemaBehind, match="hiplog database upgrade"):
        Logbook.open(places)
    assert revision(places) == NOW
    assert not places.backups.exists()


def test_an_upgrade_keeps_every_row_and_every_guard(places: Settings, newer: Path) -> None:
    before = counts(places)
    opened = Logbook.open(places, upgrade=True)
    assert opened.banner is None
    assert counts(places) == before
    assert opened.read(audit.verify).ok
    assert opened.read(sessions.drafts_open)[0].insertions
    opened.close()
    assert revision(places) == NEXT
    with clients.other(places) as execute, pytest.raises(clients.REFUSALS, match="never changed"):
        execute("UPDATE sessions SET room = '1' WHERE status = 'signed'")


def test_a_file_is_copied_and_verified_first(places: Settings, newer: Path) -> None:
    Logbook.open(places, upgrade=True).close()
    copies = list(places.backups.glob("*-upgrade.db")) if places.backups.exists() else []
    assert len(copies) == (1 if places.is_file else 0)
    for copy in copies:
        assert backup.check(Opening(str(copy), read_only=True)) == []
        with clients.sqlite(copy) as execute:
            assert execute("SELECT version_num FROM alembic_version") == [(NOW,)]


def test_a_failing_upgrade_changes_nothing_and_can_be_run_again(places: Settings, newer: Path) -> None:
    before = counts(places)
    ahead(newer, "raise RuntimeError('in the middle')")
    with pytest.raises(RuntimeError):
        Logbook.open(places, upgrade=True)
    assert (revision(places), counts(places)) == (NOW, before)
    ahead(newer)
    opened = Logbook.open(places, upgrade=True)
    assert opened.read(patients.get, "P-001").family == samples.CANARY
    assert opened.read(audit.verify).ok
    opened.close()


def test_an_upgrade_that_would_lose_rows_is_undone(places: Settings, newer: Path) -> None:
    ahead(newer, 'op.execute("DELETE FROM precautions"); op.execute("DELETE FROM drafts")')
    before = counts(places)
    with pytest.raises(IntegrityFailed, match="would lose rows of drafts; undone"):
        Logbook.open(places, upgrade=True)
    assert (revision(places), counts(places)) == (NOW, before)


def test_an_upgrade_without_room_for_its_copy_does_not_begin(places: Settings, newer: Path) -> None:
    places.backups.write_text("a file where the folder should be")
    if not places.is_file:
        Logbook.open(places, upgrade=True).close()
        assert revision(places) == NEXT
        return
    with pytest.raises(Unreachable, match="cannot be made"):
        Logbook.open(places, upgrade=True)
    assert revision(places) == NOW


def test_a_killed_upgrade_leaves_the_old_schema(places: Settings, newer: Path, tmp_path: Path) -> None:
    before = counts(places)
    ahead(newer, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    script = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from hiplog import settings; from hiplog.storage import schema\n"
        "from hiplog.logbook.book import Logbook\n"
        "schema.HEAD, schema.PACKAGE = '9999', Path(sys.argv[1])\n"
        "at = replace(settings.load(at=sys.argv[2], environ={}), database=sys.argv[3])\n"
        "Logbook.open(at, upgrade=True)\n"
    )
    told = [str(newer), str(tmp_path), places.database]
    done = subprocess.run([sys.executable, "-c", script, *told], check=False, cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert (revision(places), counts(places)) == (NOW, before)
    ahead(newer)
    opened = Logbook.open(places, upgrade=True)
    assert opened.read(audit.verify).ok
    opened.close()
