"""A newcomer with nothing but Python follows the README word by word: to a signed session, a report, a bundle."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminals import Program

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXPORT = re.compile(r'`(export PATH="\$PWD/\.venv/bin:\$PATH")` first')
SHIPPED = ("hiplog", "migrations", "tests", "alembic.ini", "pyproject.toml", "README.md", "LICENSE")
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "TZ")


def bare(home: Path) -> dict[str, str]:
    """The environment of somebody who has just opened the terminal for the first time."""
    home.mkdir(exist_ok=True)
    known = {name: value for name, value in os.environ.items() if name in KEPT}
    for place in (os.environ.get("XDG_CONFIG_HOME", ""), str(Path.home() / ".config")):
        configured = Path(place) / "pip" / "pip.conf"
        if place and configured.is_file():
            known.setdefault("PIP_CONFIG_FILE", str(configured))
    python = Path(sys.executable).resolve().parent
    return known | {"HOME": str(home), "TERM": "xterm-256color", "PATH": f"{python}:{known.get('PATH', '')}"}


def shell(block: str, folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.long
def test_a_newcomer_follows_the_readme_word_by_word(tmp_path: Path) -> None:
    folder = tmp_path / "hiplog"
    folder.mkdir()
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    env = bare(tmp_path / "home")
    blocks = BLOCK.findall(readme)

    look_around = Program(["bash", "-euo", "pipefail", "-c", blocks[0]], folder, env)
    look_around.until("Drafts to finish", within_s=600)
    look_around.keys("\x11")
    assert look_around.end() == 0

    named = EXPORT.search(readme)
    assert named is not None, "the README says how hiplog is found"
    told = "".join(shell(f"{named[1]}\n{block}", folder, env) for block in blocks[2:])
    assert "6 → 3" in told

    at = ".venv/bin/hiplog --at clinic --json"
    patient = json.loads(shell(f"{at} patient show P1", folder, env))
    assert patient["sessions"] == 1
    points = json.loads(shell(f"{at} trend P1", folder, env))["points"]
    assert [float(point["value"]) for point in points] == [6.0, 3.0]
    with (folder / "bundle" / "data" / "sessions.csv").open(encoding="utf-8", newline="") as rows:
        assert [row["status"] for row in csv.DictReader(rows)] == ["signed"]
    report = (folder / "clinic.html").read_text(encoding="utf-8")
    assert report.startswith("<!doctype html>") and "http://" not in report.replace("http://www.w3.org", "")
    verified = json.loads(shell(".venv/bin/hiplog --json verify bundle", folder, env))
    assert verified["ok"] is True
    stranger = shell(f"{sys.executable} -I verify.py .", folder / "bundle", {"PATH": os.environ["PATH"]})
    assert "nothing found" in stranger
