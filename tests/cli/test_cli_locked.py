"""An encrypted logbook on the command line: made, opened, changed; without a terminal nothing is asked."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import vaults
from commands import ROOT, Done, Run, program
from vaults import CODE, PASSPHRASE

from hiplog.settings import Settings, private_file

NEW = "another long secret"


def private(path: Path, text: str) -> str:
    private_file(path).write_text(f"{text}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def word(tmp_path: Path) -> str:
    """The file with the passphrase."""
    return private(tmp_path / "word", PASSPHRASE)


@pytest.fixture
def locked(run: Run, places: Settings) -> Run:
    """The same command line on an encrypted logbook."""
    vaults.lay(places)
    return run


def test_init_encrypts_unless_told_otherwise(run: Run, tmp_path: Path, word: str) -> None:
    new, code = tmp_path / "new", tmp_path / "code"
    made = ("init", "--practitioner", "A B", "--passphrase-file", word, "--recovery-file", str(code))
    done = run(*made, "--json", at=new)
    assert (done.code, done.json["encrypted"]) == (0, True)
    assert (new / "hiplog.db").read_bytes()[:6] != b"SQLite"
    assert code.stat().st_mode & 0o077 == 0
    assert run("patient", "list", at=new).code == 4
    for opener in (word, str(code)):
        assert run("patient", "list", "--passphrase-file", opener, at=new).code == 0
    assert run("doctor", "--passphrase-file", word, "--json", at=new).json["ok"] is True


def test_an_init_that_is_refused_leaves_nothing(run: Run, tmp_path: Path, word: str) -> None:
    new, code = tmp_path / "new", tmp_path / "code"
    for more in (["--zone", "Mars/Olympus"], ["--code", "a b"]):
        told = ["init", "--practitioner", "A B", "--passphrase-file", word, "--recovery-file", str(code)]
        assert run(*told, *more, at=new).code == 2
        assert not code.exists()
        assert not (new / "hiplog.db").exists()
        assert not (new / "hiplog.db.keys").exists()


def test_an_old_recovery_file_is_not_written_over(run: Run, tmp_path: Path, word: str) -> None:
    code = private(tmp_path / "code", "old")
    done = run("init", "--practitioner", "A", "--passphrase-file", word, "--recovery-file", code, at=tmp_path)
    assert done.code == 2
    assert Path(code).read_text(encoding="utf-8") == "old\n"


def test_without_a_terminal_nothing_is_asked(locked: Run, places: Settings, tmp_path: Path) -> None:
    done = program(["--at", str(places.path.parent), "patient", "list"], tmp_path)
    assert (done.code, done.out) == (4, "")
    assert "no terminal to ask for the passphrase" in done.err
    assert "--passphrase-file FILE" in done.err
    for words in (("doctor",), ("database", "status"), ("backup",), ("passphrase", "change"), ("decrypt",)):
        assert locked(*words).code == 4, words


@pytest.mark.parametrize(
    ("text", "mode", "code", "said"),
    [
        (PASSPHRASE, 0o644, 2, "chmod 600"),
        ("wrong passphrase", 0o600, 4, "does not open the logbook"),
        ("", 0o600, 2, "first line is empty"),
    ],
)
def test_a_file_that_does_not_serve(
    locked: Run, tmp_path: Path, text: str, mode: int, code: int, said: str
) -> None:
    named = Path(private(tmp_path / "word", text))
    named.chmod(mode)
    done = locked("patient", "list", "--passphrase-file", str(named))
    assert (done.code, said in done.err) == (code, True)
    assert PASSPHRASE not in done.err + done.out


def test_a_file_that_is_not_there(locked: Run, tmp_path: Path) -> None:
    assert locked("patient", "list", "--passphrase-file", str(tmp_path / "none")).code == 3


def test_the_environment_opens_nothing(locked: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HIPLOG_PASSPHRASE", "PASSPHRASE", "HIPLOG_KEY"):
        monkeypatch.setenv(name, PASSPHRASE)
    assert locked("patient", "list").code == 4


def test_change_then_recover(locked: Run, tmp_path: Path, word: str) -> None:
    new, code = private(tmp_path / "new", NEW), private(tmp_path / "code", CODE)
    assert locked("passphrase", "change", "--passphrase-file", word, "--new-passphrase-file", new).code == 0
    assert locked("patient", "list", "--passphrase-file", word).code == 4
    assert locked("patient", "list", "--passphrase-file", new).code == 0
    fresh = tmp_path / "fresh"
    words = ("--recovery-file", code, "--new-passphrase-file", word, "--new-recovery-file", str(fresh))
    assert locked("passphrase", "recover", *words).code == 0
    for opener, expected in ((word, 0), (str(fresh), 0), (new, 4), (code, 4)):
        assert locked("patient", "list", "--passphrase-file", opener).code == expected
    again = tmp_path / "again"
    assert locked("passphrase", "recover", *words[:-1], str(again)).code == 4
    assert not again.exists()


def test_there_and_back(signed: Run, places: Settings, tmp_path: Path, word: str) -> None:
    code = tmp_path / "code"
    done = signed("encrypt", "--passphrase-file", word, "--recovery-file", str(code), "--json")
    assert done.json["encrypted"] is True
    assert done.json["kept_aside"] is None
    assert vaults.holding(b"Rossi", places.path.parent) == []
    assert signed("patient", "show", "P1", "--passphrase-file", word).code == 0
    assert signed("encrypt", "--passphrase-file", word, "--recovery-file", str(tmp_path / "2")).code == 4
    copy = tmp_path / "copy.db"
    assert signed("backup", str(copy), "--passphrase-file", word).code == 0
    assert vaults.holding(b"Rossi", tmp_path) == []
    assert signed("restore", str(copy)).code == 4
    assert signed("restore", str(copy), "--passphrase-file", word).code == 0
    assert signed("decrypt", "--passphrase-file", word).code == 0
    assert signed("patient", "show", "P1").code == 0
    assert "NOT ENCRYPTED" in signed("doctor").out
    assert signed("config", "show", "--json").json["encrypted"] == "NO, a plain file"


def on_terminal(words: list[str], *answers: tuple[str, str]) -> Done:
    """Run hiplog on a pseudo-terminal; each answer is typed once its question was shown.

    An answer of ``CODE`` types back the recovery code that was shown.
    """
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "hiplog", *words],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    shown, waiting, end = "", list(answers), time.monotonic() + 60
    while time.monotonic() < end:
        if waiting and waiting[0][0] in shown.rpartition("\x00")[2]:
            _, answer = waiting.pop(0)
            code = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", shown)
            text = code.group() if answer == "CODE" and code else answer
            os.write(ours, f"{text}\n".encode())
            shown += "\x00"
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part.decode()
    os.close(ours)
    return Done(running.wait(timeout=60), shown, "")


def test_on_a_terminal_it_asks_twice_and_wants_the_code_typed_back(tmp_path: Path) -> None:
    at = ["--at", str(tmp_path / "new")]
    done = on_terminal(
        [*at, "init", "--practitioner", "A B"],
        ("New passphrase: ", PASSPHRASE),
        ("The same again: ", "something else"),
        ("New passphrase: ", PASSPHRASE),
        ("The same again: ", PASSPHRASE),
        ("Type it back", "0000"),
        ("Type it back", "CODE"),
    )
    assert done.code == 0, done.out
    assert "not the same; once more" in done.out
    assert "that is not the code" in done.out
    assert PASSPHRASE not in done.out
    opened = on_terminal([*at, "patient", "list"], ("Passphrase: ", PASSPHRASE))
    assert (opened.code, "no patients yet" in opened.out) == (0, True)
    assert on_terminal([*at, "patient", "list"], ("Passphrase: ", "wrong")).code == 4


def test_a_code_that_is_not_typed_back_makes_no_logbook(tmp_path: Path) -> None:
    done = on_terminal(
        ["--at", str(tmp_path / "new"), "init", "--practitioner", "A B"],
        ("New passphrase: ", PASSPHRASE),
        ("The same again: ", PASSPHRASE),
        *[("Type it back", "0000")] * 3,
    )
    assert done.code == 4
    assert not (tmp_path / "new" / "hiplog.db").exists()
