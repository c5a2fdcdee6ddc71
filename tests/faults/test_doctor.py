"""``hiplog doctor --full`` names each fault of a logbook by the check that finds it, and exits with its code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import clients
import pytest
import samples

from hiplog import cli
from hiplog.clinical.errors import HiplogError, IntegrityFailed
from hiplog.settings import Settings
from hiplog.storage import seal_file, seals

pytestmark = pytest.mark.grown(by=samples.followed)
Fault = Callable[[Settings], None]


def sql(statement: str) -> Fault:
    def forge(places: Settings) -> None:
        with clients.unguarded(places) as execute:
            execute("PRAGMA foreign_keys=OFF")
            execute(statement)

    return forge


def page(places: Settings) -> None:
    """A page in the middle overwritten, as a failing disk would."""
    with places.path.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xa5" * 4096)


def index(places: Settings) -> None:
    """An index that does not list a row any more; the table itself is whole."""
    with clients.unguarded(places) as execute:
        execute("PRAGMA writable_schema=ON")
        (root,) = execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_sessions_signed_at'")[0]
    with places.path.open("r+b") as file:
        file.seek((root - 1) * 4096 + 3)
        file.write(b"\x00\x00")


def rule(places: Settings) -> None:
    """A limit that is another one, as one turned bit makes it; what it forbids now is let in."""
    with clients.unguarded(places) as execute:
        execute("PRAGMA writable_schema=ON")
        asked = "replace(sql, 'length(family) BETWEEN 1 AND 200', 'length(family) BETWEEN 1 AND 800')"
        execute(f"UPDATE sqlite_master SET sql = {asked} WHERE name = 'patients_identity'")


def loose(places: Settings) -> None:
    places.path.chmod(0o644)


def lost_key(places: Settings) -> None:
    for one in places.seals.iterdir():
        one.unlink()


def other_key(places: Settings) -> None:
    for one in places.seals.iterdir():
        seal_file.write(one, seals.Ring((seals.new_key(),)))


def cut_off(places: Settings) -> None:
    content = places.path.read_bytes()
    places.path.write_bytes(content[: len(content) // 2 + 100])


BROKEN, POOR = IntegrityFailed.exit_code, HiplogError.exit_code
RECORD = "WHERE chain = 'record' AND seq = 3"
FAULTS: dict[str, tuple[Fault, str, int]] = {
    "a live row was altered": (
        sql("UPDATE sessions SET note = 'x' WHERE status = 'signed'"),
        "rows",
        BROKEN,
    ),
    "an entry's words were altered": (
        sql(f"UPDATE audit_payloads SET body = '{{}}' {RECORD}"),
        "audit",
        BROKEN,
    ),
    "an entry's time was altered": (
        sql(f"UPDATE audit_log SET at = '2026-01-01T00:00:00.000Z' {RECORD}"),
        "audit",
        BROKEN,
    ),
    "an entry is gone": (sql(f"DELETE FROM audit_log {RECORD}"), "audit", BROKEN),
    "a seal was taken off": (sql(f"UPDATE audit_log SET mac = NULL {RECORD}"), "seals", BROKEN),
    "the seal key is lost": (lost_key, "seals", BROKEN),
    "the seal key is another": (other_key, "seals", BROKEN),
    "what it says of its seal keys was altered": (
        sql("UPDATE clinic_settings SET value = replace(value, ',1,1]', ',1,3]') WHERE id = 'seals'"),
        "seals",
        BROKEN,
    ),
    "a rule of a table is another": (rule, "tables", BROKEN),
    "a row points nowhere": (sql("UPDATE readings SET session_id = 'nobody'"), "links", BROKEN),
    "a page is damaged": (page, "pages", BROKEN),
    "an index is damaged": (index, "pages", BROKEN),
    "the file is cut off": (cut_off, "opens", BROKEN),
    "others may read the file": (loose, "permissions", POOR),
}


@pytest.fixture
def said(places: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[int, set[str], str]]:
    """What the doctor says: exit code, the checks that failed, all words."""

    def ask() -> tuple[int, set[str], str]:
        code = cli.main(["--at", str(places.path.parent), "doctor", "--full", "--json"])
        words = capsys.readouterr().out
        return code, {one["name"] for one in json.loads(words)["checks"] if not one["ok"]}, words

    return ask


@pytest.mark.parametrize("fault", FAULTS)
def test_the_full_check_names_the_fault(
    places: Settings, said: Callable[[], tuple[int, set[str], str]], fault: str, figures: samples.Any
) -> None:
    _, before, _ = said()
    assert before <= {"backups"}, before
    make, name, wanted = FAULTS[fault]
    make(places)
    code, bad, words = said()
    figures(f"{', '.join(sorted(bad - before))}; exit {code}")
    assert name in bad - before
    assert code == wanted
    assert samples.CANARY not in words
    assert Path(places.database).exists()
