"""What changes on a terminal: a chart for the table, colour unless refused, the app without a verb."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ROOT, Run

from hiplog.settings import Settings


def on_terminal(words: list[str], **environ: str) -> tuple[int, str]:
    """Run hiplog with a pseudo-terminal for its input and output; return exit code and what was shown."""
    ours, theirs = pty.openpty()
    known = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        "COLUMNS": "80",
        "LINES": "24",
        "NO_COLOR": "",
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "hiplog", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=known | environ,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return running.wait(timeout=60), shown.decode()


def test_a_trend_on_a_terminal_is_a_chart_that_fits(signed: Run, places: Settings) -> None:
    words = ["--at", str(places.path.parent), "trend", "P1"]
    code, coloured = on_terminal(words)
    assert code == 0
    assert "\x1b[36m" in coloured
    plain = re.sub(r"\x1b\[\d*m", "", coloured)
    assert "● before   ○ after" in plain
    assert max(len(line) for line in plain.splitlines()) <= 80
    assert len(plain.splitlines()) <= 24
    _, bare = on_terminal(words, NO_COLOR="1")
    assert "\x1b[3" not in bare
    assert "● before   ○ after" in bare
    _, table = on_terminal([*words, "--table"])
    assert table.startswith("date ")


def test_progress_is_shown_on_a_terminal_only(signed: Run, places: Settings, tmp_path: Path) -> None:
    words = ["--at", str(places.path.parent), "export", str(tmp_path / "bundle")]
    code, said = on_terminal(words)
    assert code == 0
    assert "export" in said
    assert signed(*words[2:]).err.count("\x1b") == 0


@pytest.mark.parametrize("flag", ["HIPLOG_DB", "--db"])
def test_the_logbook_is_named_by_flag_or_environment(
    signed: Run, places: Settings, tmp_path: Path, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hiplog import cli

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    named = ["--db", str(places.path)] if flag == "--db" else []
    monkeypatch.setenv("HIPLOG_DB", str(tmp_path / "other.db") if named else str(places.path))
    assert cli.main([*named, "patient", "show", "P1"]) == 0
    assert cli.main(["--at", str(tmp_path / "empty"), "patient", "show", "P1"]) == 3
