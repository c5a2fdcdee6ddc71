"""The example of the contract, as it is written, by a shell in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from commands import ROOT

EXAMPLE = """\
set -e
hiplog --at clinic init --plain --practitioner "Ada Moore" --code DN001 --zone Europe/Berlin
hiplog --at clinic patient add P1 --family Rossi --given Lea --birth 1956-03-02 --sex female
hiplog --at clinic episode add P1 --side r --cause overuse
hiplog --at clinic log P1 "gmed r 2 30x50 fifo t3; piri r 30x75 static ret10 t-; p6>3 ir24>31 n2/2" \
--screen clear --consent yes --sign
hiplog --at clinic trend P1 --measure nprs
hiplog --at clinic export bundle && hiplog verify bundle
"""


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ``script`` where ``hiplog`` is this checkout's program."""
    named = f'hiplog() {{ "{sys.executable}" -m hiplog "$@"; }}\n'
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        ["bash", "-c", named + script],
        cwd=folder,
        env=known,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_example_works_as_written(tmp_path: Path) -> None:
    done = shell(EXAMPLE, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "P1 session 1: signed" in done.stdout
    assert "ok: bundle is whole and its audit chain holds" in done.stdout
    assert sorted(one.name for one in (tmp_path / "clinic").iterdir()) == ["anchors.log", "hiplog.db", "keys"]
    modes = {one.stat().st_mode & 0o777 for one in (tmp_path / "clinic", tmp_path / "clinic" / "hiplog.db")}
    assert modes == {0o700, 0o600}
