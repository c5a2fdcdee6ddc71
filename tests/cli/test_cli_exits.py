"""Every exit code from something a person can do, and what the person reads."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import LINE, ROOT, Done, Run, program

from hiplog import cli
from hiplog.settings import Settings

NOBODY = 65534


def test_0_done(run: Run) -> None:
    assert run("patient", "list").code == 0


def test_3_no_logbook_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    done = run("patient", "list", at=tmp_path / "nowhere")
    assert done.code == 3
    assert "hiplog init" in done.err
    assert not (tmp_path / "nowhere").exists()


def test_2_a_logbook_is_never_made_over_a_file(run: Run, places: Settings) -> None:
    before = places.path.read_bytes()
    done = run("init", "--plain", "--practitioner", "A B")
    assert done.code == 2
    assert "exists already" in done.err
    assert places.path.read_bytes() == before


def test_2_without_plain_it_is_honest_about_encryption(run: Run, tmp_path: Path) -> None:
    done = run("init", "--practitioner", "A B", at=tmp_path / "new")
    assert done.code == 2
    assert "--plain" in done.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "words", [["--zone", "Mars/Olympus"], ["--code", "a b"], ["--expires", "2026-02-30"]]
)
def test_2_a_clinic_that_cannot_be_is_not_founded(run: Run, tmp_path: Path, words: list[str]) -> None:
    done = run("init", "--plain", "--practitioner", "A B", *words, at=tmp_path / "new")
    assert done.code == 2
    assert not (tmp_path / "new" / "hiplog.db").exists()


def test_2_nothing_is_asked_without_a_terminal(tmp_path: Path) -> None:
    done = program(["--at", "new", "init", "--plain"], tmp_path)
    assert done.code == 2
    assert "--practitioner" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"x", "has only 1 bytes"),
        (b"not a logbook " * 100, "is not a plain logbook"),
        (os.urandom(8192), "is not a plain logbook"),
    ],
)
def test_7_a_file_that_is_no_logbook_is_left_as_it_is(
    run: Run, tmp_path: Path, content: bytes, said: str
) -> None:
    foreign = tmp_path / "foreign.db"
    foreign.write_bytes(content)
    for words in (("patient", "list"), ("doctor",), ("database", "status"), ("audit", "verify")):
        done = run(*words, "--db", str(foreign))
        assert done.code == 7, words
        assert said in done.err + done.out
    assert foreign.read_bytes() == content


def test_7_another_programs_database_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    done = run("patient", "list", "--db", str(foreign))
    assert done.code == 7
    assert "another program" in done.err


def test_2_a_folder_is_no_logbook(run: Run, tmp_path: Path) -> None:
    assert run("patient", "list", "--db", str(tmp_path)).code == 2


def test_7_a_damaged_logbook_is_named_in_words(signed: Run, places: Settings) -> None:
    whole = bytearray(places.path.read_bytes())
    signed("backup", str(places.path.with_name("good.db")))
    for place in range(4096, len(whole), 512):
        whole[place : place + 64] = os.urandom(64)
    places.path.write_bytes(whole)
    for end in ("-wal", "-shm"):
        places.path.with_name(places.path.name + end).unlink(missing_ok=True)
    for words in (("patient", "list"), ("doctor",), ("audit", "verify")):
        done = signed(*words)
        assert done.code == 7, words
        assert "damaged" in done.err + done.out
    assert signed("restore", str(places.path.with_name("good.db"))).code == 0
    assert signed("patient", "show", "P1").code == 0


def test_7_a_changed_row_is_found(signed: Run, places: Settings) -> None:
    with sqlite3.connect(places.path) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        other.execute("UPDATE readings SET value = 1 WHERE stage = 'after' AND measure = 'NPRS'")
    done = signed("audit", "verify", "--json")
    assert done.code == 7
    assert done.json["ok"] is False
    assert {"altered-row", "guard-missing"} <= {one["kind"] for one in done.json["findings"]}
    assert signed("doctor", "--json").json["ok"] is False


def as_nobody(words: list[str], cwd: Path) -> Done:
    """Run hiplog as a user who owns nothing; file modes do not bind the one who runs the tests.

    The command runs once before the change of user, so that every module is read while it can be.
    """
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv = ['hiplog', *{words!r}]\n"
        "from hiplog.__main__ import main; main()\n"
        "print('---', flush=True); print('---', file=sys.stderr, flush=True)\n"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )
    return Done(done.returncode, done.stdout.split("---")[-1], done.stderr.split("---")[-1])


@contextmanager
def holding(path: Path) -> Iterator[None]:
    """Another program that has begun to write; file locks bind between programs, not within one."""
    code = (
        "import sqlite3, sys\n"
        f"held = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "held.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as holder:  # type: ignore[call-overload]
        assert holder.stdout.readline() == b"held\n"
        yield


def test_6_a_folder_that_cannot_be_written_is_read_and_not_written(signed: Run, places: Settings) -> None:
    shut = Path("/tmp") / f"hiplog-shut-{os.getpid()}"
    shutil.copytree(places.path.parent, shut)
    try:
        signed("backup", str(shut / "sealed.db"))
        shut.chmod(0o755)
        for one in (shut, *shut.iterdir()):
            one.chmod(0o555 if one.is_dir() else 0o444)
        seen = as_nobody(["--at", str(shut), "--db", str(shut / "sealed.db"), "patient", "list"], Path("/"))
        assert (seen.code, "Rossi" in seen.out) == (0, True)
        assert "reading only" in seen.err
        done = as_nobody(["--at", str(shut), "--db", str(shut / "sealed.db"), "log", "P1", LINE], Path("/"))
        assert done.code == 6
        assert "Nothing was saved" in done.err
    finally:
        shutil.rmtree(shut)


def test_6_while_another_program_writes_nothing_is_lost(
    p1: Run, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hiplog.storage.unit.PATIENCE_S", 0.3)
    with holding(places.path):
        done = p1("log", "P1", LINE)
        assert done.code == 6
        assert "another hiplog is writing" in done.err
        assert p1("patient", "list").code == 0
    assert p1("log", "P1", LINE).code == 0
    assert p1("audit", "verify").code == 0


def test_6_a_server_that_is_not_there(run: Run) -> None:
    done = run("patient", "list", "--db", "postgresql://hip@127.0.0.1:9/hiplog")
    assert done.code == 6
    assert "Traceback" not in done.err


def test_5_a_newer_logbook_is_read_and_not_written(signed: Run, places: Settings) -> None:
    with sqlite3.connect(places.path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    seen = signed("patient", "list")
    assert (seen.code, "Rossi" in seen.out) == (0, True)
    assert "newer hiplog" in seen.err
    done = signed("patient", "add", "P2", "--family", "A", "--given", "B")
    assert done.code == 5
    assert signed("database", "status", "--json").json["state"] == "newer"
    assert signed("database", "upgrade").code == 5


def test_1_the_unforeseen_is_a_calm_sentence_without_patient_text(
    signed: Run, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        name = "Rossi, Lea"
        raise RuntimeError(f"cannot show {name}")

    monkeypatch.setattr("hiplog.logbook.patients.everyone", fails)
    done = signed("patient", "list")
    assert done.code == 1
    assert "something unforeseen went wrong (error " in done.err
    assert str(places.log) in done.err
    kept = places.log.read_text(encoding="utf-8")
    assert "builtins.RuntimeError" in kept
    assert "test_cli_exits.py" in kept
    assert "Rossi" not in kept + done.err
    assert places.log.stat().st_mode & 0o077 == 0


def test_6_a_place_that_cannot_be_written_is_named(signed: Run, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x", encoding="utf-8")
    done = signed("backup", str(in_the_way / "copy.db"))
    assert done.code == 6
    assert str(in_the_way) in done.err


def test_130_ctrl_c(p1: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hiplog.logbook.patients.everyone", stop)
    done = p1("patient", "list")
    assert done.code == 130
    assert "Traceback" not in done.err


def test_a_reader_that_leaves_early_is_no_fault(places: Settings) -> None:
    words = [sys.executable, "-m", "hiplog", "--at", str(places.path.parent), "completion", "zsh"]
    maker = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert maker.stdout is not None and maker.stderr is not None
    maker.stdout.close()
    said = maker.stderr.read()
    maker.stderr.close()
    assert (maker.wait(timeout=30), said) == (1, b"")


def test_ctrl_c_in_a_running_program_ends_it_quietly(places: Settings) -> None:
    words = ["--at", str(places.path.parent), "patient", "add", "P7", "--family", "A", "--given", "B"]
    with holding(places.path):
        running = subprocess.Popen(
            [sys.executable, "-m", "hiplog", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A suite started in the background hands its children an ignored interrupt.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in said


def test_no_color_counts_only_when_it_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    from hiplog.cli import output

    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert output.coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.coloured()


def test_main_without_words_reads_those_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["hiplog", "--version"])
    assert cli.main() == 0
