"""The table of roles on a PostgreSQL server: what the server itself refuses each role's login, row by row."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import acts
import clients
import psycopg
import pytest
import samples
import servers
from chairs import Clinic
from clocks import SetClock

from hiplog.cli import main
from hiplog.clinical import roles
from hiplog.clinical.errors import Refused
from hiplog.logbook import access, audit, credentials, erasure, patients, users
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import schema

ROOT = Path(__file__).resolve().parents[2]
DENIED = "permission denied"
AUDITOR = {
    "names": "SELECT family FROM patients_identity",
    "chart": "INSERT INTO patients DEFAULT VALUES",
    "draft": "INSERT INTO sessions DEFAULT VALUES",
    "discard": "DELETE FROM sessions WHERE status = 'draft'",
    "sign": "UPDATE sessions SET status = 'signed'",
    "cosign": "INSERT INTO signatures DEFAULT VALUES",
    "amend": "INSERT INTO amendments DEFAULT VALUES",
    "request": "INSERT INTO amendment_requests DEFAULT VALUES",
    "follow": "UPDATE follow_ups SET state = 'done'",
    "identify": "SELECT code, family FROM patients JOIN patients_identity USING (id)",
    "import": "INSERT INTO patients_identity DEFAULT VALUES",
    "users": "UPDATE practitioners SET role = 'owner'",
    "seal": "UPDATE clinic_settings SET value = '' WHERE id = 'name'",
    "erase": "DELETE FROM patients_identity",
}
"""What the auditor's login would have to do for each act."""
THERAPIST = {"erase": "DELETE FROM patients_identity"}
"""The same for the login of the chairs."""
BY_HIPLOG = {"discard", "identify", "import", "users", "seal"}
"""Acts of an owner that the server cannot tell from a therapist's: the chairs have one login."""


@pytest.fixture
def lived(chairs: Clinic) -> Clinic:
    """A clinic with signed and amended sessions, a draft, and somebody with a PIN."""
    book = Logbook.open(chairs.app, SetClock())
    samples.followed(book)
    users.set_passphrase(book, "DN001", acts.NEW_PASSPHRASE)
    users.set_pin(book, "DN001", "4711")
    book.close()
    return chairs


def refusal(url: str, statement: str) -> str:
    """What the server says to a statement; empty when it does it."""
    try:
        with servers.connected(url) as connection:
            connection.execute(statement.encode())
    except psycopg.Error as refused:
        return str(refused)
    return ""


def test_every_row_of_the_table_is_kept_by_the_server_or_said_not_to_be(lived: Clinic) -> None:
    for act in roles.ACTS:
        if "auditor" not in act.roles:
            said = refusal(lived.audit.database, AUDITOR[act.code])
            assert DENIED in said, (act.code, said)
        if "therapist" not in act.roles and act.code not in BY_HIPLOG:
            assert DENIED in refusal(lived.app.database, THERAPIST[act.code]), act.code
    assert "What sets an owner apart from a therapist is kept by hiplog there too" in roles.COURTESY
    book = Logbook.open(lived.app, SetClock(), secret=acts.NEW_PASSPHRASE)
    assert book.read(audit.verify).ok
    book.close()


def test_no_chair_takes_a_secret_out_of_the_logbook(lived: Clinic) -> None:
    assert DENIED in refusal(lived.app.database, "DELETE FROM credentials")
    book = Logbook.open(lived.app, SetClock(), secret=acts.NEW_PASSPHRASE)
    users.set_pin(book, "DN001", None)
    assert not access.standing(book, "DN001").pin
    book.close()


# -- the auditor ---------------------------------------------------------------------------------------


Hiplog = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hiplog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Hiplog:
    """Run a command with the login of some settings, on a machine that has none of the clinic's keys."""

    def run(places: Settings, *words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        told = ["--db", places.database, "--at", str(tmp_path / "machine"), *words]
        code = main(told, clock=SetClock())
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_an_auditors_login_checks_the_chain_and_is_shown_no_name(lived: Clinic, hiplog: Hiplog) -> None:
    code, told, aside = hiplog(lived.audit, "audit", "verify")
    assert code == 0, aside
    assert "ok: every entry follows the one before it; what they recorded this login may not read" in told
    assert "reads the audit trail and nothing of any patient" in aside
    code, told, _ = hiplog(lived.audit, "audit", "verify", "--json")
    assert '"ok": true' in told and '"whole": false' in told
    assert "session.sign" in hiplog(lived.audit, "audit", "show")[1]
    head = hiplog(lived.audit, "audit", "head")[1]
    assert head == hiplog(lived.app, "audit", "head", "--as", "DN001")[1] or "record" in head
    for words in (
        ("patient", "list"),
        ("patient", "find", "Zwie"),
        ("patient", "add", "P-9", "--family", "A", "--given", "B"),
        ("user", "list"),
        ("outcomes",),
        ("export", "out"),
        ("trend", "P-001"),
    ):
        code, told, aside = hiplog(lived.audit, *words)
        assert code in (4, 6), (words, told, aside)
        assert samples.CANARY not in told + aside
        assert told == "", words


@pytest.mark.parametrize(
    ("forged", "kind"),
    [
        ("DELETE FROM audit_log WHERE chain = 'record' AND seq = 3", "gap"),
        ("UPDATE audit_log SET row_hash = repeat('0', 64) WHERE chain = 'record' AND seq = 3", "altered-row"),
        (
            "UPDATE audit_log SET payload_digest = repeat('0', 64) WHERE chain = 'record' AND seq = 3",
            "altered-row",
        ),
        ("DELETE FROM audit_payloads WHERE chain = 'record' AND seq = 3", "missing-payload"),
    ],
)
def test_an_auditors_login_finds_a_forged_chain(
    lived: Clinic, hiplog: Hiplog, forged: str, kind: str
) -> None:
    with clients.unguarded(replace(lived.app, database=lived.admin)) as execute:
        execute("ALTER TABLE audit_payloads DROP CONSTRAINT IF EXISTS audit_payloads_chain_fkey CASCADE")
        execute(f"SET session_replication_role = replica; {forged}")
    code, told, _ = hiplog(lived.audit, "audit", "verify")
    assert code == 7
    assert re.search(rf"^! {kind}: ", told, re.MULTILINE)


# -- erasing, upgrading, a second machine ----------------------------------------------------------------


def test_a_person_is_erased_with_the_login_of_upgrades_alone(lived: Clinic) -> None:
    book = Logbook.open(lived.app, SetClock(), secret=acts.NEW_PASSPHRASE)
    with pytest.raises(Refused, match="need the login of upgrades"):
        erasure.erase(book, "P-002", "P-002", "asked in writing")
    assert not book.read(patients.get, "P-002").erased
    book.close()
    book = Logbook.open(lived.upgrade, SetClock(), secret=acts.NEW_PASSPHRASE)
    assert erasure.erase(book, "P-002", "P-002", "asked in writing").warning is None
    book.close()
    book = Logbook.open(lived.app, SetClock(), secret=acts.NEW_PASSPHRASE)
    assert book.read(patients.get, "P-002").erased
    assert book.read(audit.verify).ok
    book.close()


REVISION = f"""
import time
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{schema.HEAD}"


def upgrade() -> None:
    time.sleep(1)
    op.add_column("sessions", sa.Column("room", sa.String(40), nullable=True))
"""
UPGRADE = """
import sys; from pathlib import Path; from dataclasses import replace
from hiplog import settings; from hiplog.storage import schema
from hiplog.logbook.book import Logbook
schema.HEAD, schema.PACKAGE = "9999", Path(sys.argv[1])
at = replace(settings.load(at=sys.argv[2], environ={}), database=sys.argv[3])
Logbook.open(at, upgrade=True, proved=True).close()
"""


def test_of_two_programs_that_upgrade_at_once_one_does_and_the_other_finds_it_done(
    lived: Clinic, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    shutil.copytree(ROOT / "migrations", program / "migrations")
    shutil.copy(ROOT / "alembic.ini", program / "alembic.ini")
    (program / "migrations" / "versions" / "9999_rooms.py").write_text(REVISION)
    told = [str(program), str(lived.upgrade.seals.parent), lived.upgrade.database]
    both = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, *told], stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    with servers.connected(lived.admin) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
        done = connection.execute("SELECT count(*) FROM audit_log WHERE action = 'migrate'").fetchone()
    assert done is not None
    assert done[0] <= 1


def test_a_second_machine_writes_once_it_has_the_clinics_seal_key(
    lived: Clinic, hiplog: Hiplog, tmp_path: Path
) -> None:
    """``audit key --save`` on the first machine, ``--bring`` on the second, as a clinic does it."""
    word = acts_file(tmp_path / "word", acts.NEW_PASSPHRASE)
    add = ("patient", "add", "P-9", "--family", "Rossi", "--given", "Lea", "--passphrase-file", word)
    code, _, aside = hiplog(lived.app, *add)
    assert code == 6
    assert "bring another chair's key file with: hiplog audit key --bring FILE" in aside
    kept = tmp_path / "kept.seal"
    first = ["--db", lived.app.database, "--at", str(lived.app.seals.parent), "--passphrase-file", word]
    assert main([*first, "audit", "key", "--save", str(kept)], clock=SetClock()) == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    assert hiplog(lived.app, "audit", "key", "--bring", str(kept), "--passphrase-file", word)[0] == 0
    assert hiplog(lived.app, *add)[0] == 0
    assert hiplog(lived.app, "audit", "verify", "--passphrase-file", word)[0] == 0
    assert main([*first, "audit", "verify"], clock=SetClock()) == 0


def acts_file(path: Path, text: str) -> str:
    path.touch(0o600)
    path.write_text(f"{text}\n", encoding="utf-8")
    return str(path)


def test_five_wrong_pins_are_five_on_a_server_too(lived: Clinic) -> None:
    assert credentials.TRIES == 5
    book = Logbook.open(lived.app, SetClock(), secret=acts.NEW_PASSPHRASE)
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused, match=f"{left} tr"):
            access.by_pin(book, "0815")
    with pytest.raises(Refused, match="only the passphrase"):
        access.by_pin(book, "0815")
    book.close()
