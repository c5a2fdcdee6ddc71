"""Users on the command line: added, changed, disabled; the PIN that signs; what was tried at a closed door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import vaults
from commands import LINE, READY, Run
from vaults import CODE, PASSPHRASE

from hiplog.clinical.record import ROLES
from hiplog.clinical.roles import ACTS, COURTESY
from hiplog.logbook import attempts, audit, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file

WORDS, PIN = "under the apple tree", "4711"
File = Callable[[str], str]


@pytest.fixture
def file(tmp_path: Path) -> File:
    """Write a secret into a private file of its own."""

    def write(text: str) -> str:
        path = tmp_path / f"secret-{len(list(tmp_path.glob('secret-*')))}"
        private_file(path).write_text(f"{text}\n", encoding="utf-8")
        return str(path)

    return write


def actions(places: Settings, key: bytes | None = None) -> list[str]:
    book = Logbook.open(places, key=key, proved=True)
    try:
        return [one.action for one in book.read(audit.events, 30, "access")]
    finally:
        book.close()


def test_a_user_is_added_changed_disabled_and_listed(run: Run) -> None:
    more = ("--licence", "PT-7", "--expires", "2026-01-31", "--training", "80 h", "--role", "auditor")
    assert run("user", "add", "QA001", "--name", "Di Auer", *more).out == "added: QA001  Di Auer (auditor)\n"
    told = run("user", "edit", "QA001", "--name", "Di Auer-Roth", "--role", "therapist", "--json").json
    kept = told["practitioner"]
    assert (kept["name"], kept["role"], kept["licence"], kept["expires"]) == (
        "Di Auer-Roth", "therapist", "PT-7", "2026-01-31",
    )  # fmt: skip
    listed = run("user", "list")
    assert "QA001  Di Auer-Roth  therapist" in listed.out
    assert "The licence of QA001 lapsed on 31 January 2026" in listed.err
    assert run("user", "disable", "QA001").code == 0
    assert "therapist, disabled" in run("user", "list").out
    refused = run("--as", "QA001", "patient", "list")
    assert (refused.code, "QA001 is disabled and may not act here" in refused.err) == (4, True)
    assert run("user", "enable", "QA001").code == 0
    assert run("--as", "QA001", "patient", "list").code == 0
    assert run("user", "disable", "NOBODY").code == 3
    assert run("user", "disable", "DN001").code == 4
    assert run("user", "add", "QA001", "--name", "Twice").code in (2, 4)


def test_the_table_of_roles_is_shown_in_help_and_as_json(run: Run) -> None:
    for shown in (run("user", "roles").out, run("user", "--help").out):
        assert all(act.what in shown for act in ACTS)
        assert all(role in shown for role in ROLES)
        assert COURTESY in shown
    told = run("user", "roles", "--json").json
    assert [one["act"] for one in told["acts"]] == [act.code for act in ACTS]


def test_passphrase_and_pin_are_set_asked_for_and_taken_away(p1: Run, file: File) -> None:
    assert p1("user", "pin", "--new-pin-file", file(PIN)).code == 4
    word = file(WORDS)
    assert p1("user", "passphrase", "--new-passphrase-file", word).code == 0
    closed = p1("patient", "list")
    assert (closed.code, "--passphrase-file FILE" in closed.err) == (4, True)
    by_word = ("--passphrase-file", word)
    assert p1("user", "pin", "--new-pin-file", file("1111"), *by_word).code == 2
    assert p1("user", "pin", "--new-pin-file", file(PIN), *by_word).code == 0
    assert "passphrase, PIN" in p1("user", "list", *by_word).out
    asked = p1("log", "P1", LINE, *READY, *by_word)
    assert (asked.code, "--pin-file FILE" in asked.err) == (4, True)
    wrong = p1("log", "P1", LINE, *READY, *by_word, "--pin-file", file("0815"))
    assert (wrong.code, "4 tries left" in wrong.err) == (4, True)
    assert p1("log", "P1", LINE, *READY, *by_word, "--pin-file", file(PIN)).code == 0
    assert p1("user", "pin", "--none", *by_word).code == 0
    assert p1("void", "P1", "1", "--reason", "an error", *by_word).code == 0


@pytest.mark.parametrize(("mode", "text", "code"), [(0o644, PIN, 2), (0o600, "", 2)])
def test_a_pin_file_that_others_read_or_that_is_empty_signs_nothing(
    p1: Run, file: File, mode: int, text: str, code: int
) -> None:
    word = file(WORDS)
    p1("user", "passphrase", "--new-passphrase-file", word)
    p1("user", "pin", "--new-pin-file", file(PIN), "--passphrase-file", word)
    named = file(text)
    Path(named).chmod(mode)
    done = p1("log", "P1", LINE, *READY, "--passphrase-file", word, "--pin-file", named)
    assert done.code == code
    assert PIN not in done.err + done.out
    assert p1("patient", "show", "P1", "--json", "--passphrase-file", word).json["sessions"] == 0


def test_a_second_signature_is_a_colleagues_and_takes_the_pin(signed: Run, file: File) -> None:
    word = file(WORDS)
    own = signed("cosign", "P1", "1")
    assert (own.code, "DN001 has signed session 1 already" in own.err) == (4, True)
    add = ("user", "add", "DN002", "--name", "Bo Lind", "--new-passphrase-file", word)
    assert signed(*add, "--new-pin-file", file(PIN)).code == 0
    hands = ("--as", "DN002", "--passphrase-file", word)
    assert signed(*hands, "cosign", "P1", "1").code == 4
    done = signed(*hands, "--pin-file", file(PIN), "cosign", "P1", "1")
    assert (done.code, done.out) == (0, "P1 session 1: co-signed by DN002\n")
    assert signed(*hands, "--pin-file", file(PIN), "cosign", "P1", "1").code == 4
    assert signed(*hands, "--pin-file", file(PIN), "cosign", "P1", "9").code == 3


@pytest.mark.parametrize("minutes", ["0", "31", '"5"', "true", "2.5"])
def test_the_idle_minutes_lie_between_1_and_30(run: Run, places: Settings, minutes: str) -> None:
    places.config.parent.mkdir(parents=True, exist_ok=True)
    places.config.write_text(f"lock_after_min = {minutes}\n")
    done = run("config", "show")
    assert (done.code, "lock_after_min must be 1 to 30 minutes" in done.err) == (2, True)
    for fit in ("1", "30"):
        places.config.write_text(f"lock_after_min = {fit}\n")
        assert run("config", "show").code == 0


def test_a_signature_after_the_licence_lapsed_is_told_and_stands_in_the_trail(
    p1: Run, places: Settings
) -> None:
    assert p1("user", "edit", "DN001", "--expires", "2026-01-31").code == 0
    done = p1("log", "P1", LINE, *READY)
    assert (done.code, "The licence of DN001 lapsed" in done.err) == (0, True)
    assert actions(places).count("licence.lapsed") == 1
    changed = p1("amend", "P1", "1", "plan", "rest", "--reason", "typing error")
    assert (changed.code, "The licence of DN001 lapsed" in changed.err) == (0, True)
    gone = p1("void", "P1", "1", "--reason", "the wrong chart")
    assert (gone.code, "The licence of DN001 lapsed" in gone.err) == (0, True)
    assert actions(places).count("licence.lapsed") == 3


# -- the closed door -----------------------------------------------------------------------------------


def test_wrong_passphrases_at_a_closed_door_are_told_by_the_next_who_gets_in(
    run: Run, places: Settings, file: File
) -> None:
    key = vaults.lay(places)
    for wrong in ("wrong passphrase", "another wrong one", CODE[:-1] + "0"):
        assert run("patient", "list", "--passphrase-file", file(wrong)).code == 4
    word = file(PASSPHRASE)
    changed = ("passphrase", "change", "--new-passphrase-file", word)
    assert run(*changed, "--passphrase-file", file("not this either")).code == 4
    noted = attempts.beside(places.path)
    assert noted.stat().st_mode & 0o777 == 0o600
    lines = noted.read_text().split()
    assert len(lines) == 4
    assert set(lines) == {"2026-03-02T12:00:00Z"}, "a time and nothing else"
    assert run("patient", "list", "--passphrase-file", word).code == 0
    assert not list(places.path.parent.glob("*.tries*"))
    assert actions(places, key)[:2] == ["passphrase.tried", "sign-in"]
    told = run("audit", "show", "--passphrase-file", word, "--json").json
    assert "passphrase.tried" in json.dumps(told)
    assert run("audit", "verify", "--passphrase-file", word).code == 0


def test_notes_at_the_door_never_stand_in_the_way(places: Settings) -> None:
    key = vaults.lay(places)
    beside = attempts.beside(places.path)
    for text in (b"", b"\xff\xfe nonsense", b"2026-03-02T12:00:00Z\n" * 5000):
        beside.write_bytes(text)
        attempts.note(places.path, Logbook.open(places, key=key, proved=True).clock())
        assert vault.unlock(places, PASSPHRASE) == key
        book = Logbook.open(places, key=vault.unlock(places, PASSPHRASE))
        assert book.read(audit.verify).ok
        book.close()
        assert not beside.exists()
    beside.mkdir()
    attempts.note(places.path, book.clock())
    Logbook.open(places, key=vault.unlock(places, PASSPHRASE)).close()
