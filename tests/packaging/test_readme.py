"""Every command that the README prints works as written, one block after another in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks() -> list[str]:
    return BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readmes_commands_run_word_by_word(tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    hiplog = programs / "hiplog"
    hiplog.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m hiplog "$@"\n')
    hiplog.chmod(0o755)
    folder = tmp_path / "empty"
    folder.mkdir()
    told = ""
    for block in blocks()[2:]:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=folder,
            env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        told += done.stdout
    assert "6 → 3" in told
    assert "50.75 → 65.5" in told
    assert (folder / "clinic.html").is_file()


def test_every_key_of_the_five_minutes_is_a_key_of_the_program() -> None:
    five = (ROOT / "README.md").read_text(encoding="utf-8").split("## The first five minutes")[1]
    keys = set(re.findall(r"\b(F\d)\b", five.split("## What it does not promise")[0]))
    app = (ROOT / "hiplog" / "tui" / "app.py").read_text(encoding="utf-8")
    assert keys
    assert [key for key in sorted(keys) if f'"{key.lower()}"' not in app] == []
