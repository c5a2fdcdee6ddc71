"""What the README says of adding a muscle, a measure, a command and a screen, done word by word to a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"^```python\n# (?P<file>[\w/.]+), (?P<where>.*?)\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE
)
PRESS = """
import asyncio, sys
from hiplog import settings
from hiplog.logbook.book import Logbook
from hiplog.tui.app import HiplogApp

async def main():
    book = Logbook.open(settings.load(at=sys.argv[1], environ={}))
    app = HiplogApp(lambda: book)
    async with app.run_test(size=(80, 24)) as pilot:
        while not app.desk.is_open:
            await pilot.pause(0.05)
        await pilot.press("f10")
        for _ in range(100):
            await pilot.pause(0.05)
            text = "\\n".join(strip.text for strip in app.screen._compositor.render_strips())
            if "1 patients" in text:
                break
        print(text)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with everything added that the README adds."""
    copy = tmp_path_factory.mktemp("grown")
    for name in ("hiplog", "migrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "alembic.ini", copy / "alembic.ini")
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").split("### How to add")[1].split("## Changelog")[0]
    )
    blocks = list(BLOCK.finditer(section))
    assert len(blocks) == section.count("```python") == 8
    for block in blocks:
        add(copy / block["file"], block["where"], block["code"])
    return copy


def add(path: Path, where: str, code: str) -> None:
    """Write a new file, or put lines below or above the one that is named."""
    if where == "a new file":
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(code, encoding="utf-8")
        return
    if code.startswith("def "):
        code = f"{code.rstrip()}\n\n\n"
    how, _, named = where.partition(": ")
    line = named.replace("\\n", "\n")
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1, f"{path.name}: {line!r} stands there {text.count(line)} times"
    at = text.index(line) if how == "above" else text.index("\n", text.index(line) + len(line) - 1) + 1
    path.write_text(text[:at] + code + text[at:], encoding="utf-8")


def python(grown: Path, *words: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HIPLOG", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=grown,
        env=env | {"PYTHONPATH": str(grown)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_muscle_a_measure_a_command_and_a_screen_are_added_as_the_readme_says(grown: Path) -> None:
    clinic = ("-m", "hiplog", "--at", "clinic")
    assert str(grown) in python(grown, "-c", "import hiplog; print(hiplog.__file__)")
    python(grown, *clinic, "init", "--plain", "--practitioner", "Ada Moore")
    python(grown, *clinic, "patient", "add", "P1", "--family", "Rossi", "--given", "Lea")
    python(grown, *clinic, "episode", "add", "P1", "--side", "r", "--cause", "overuse")
    line = "psmin r 30x60 fifo t-; hypex10>15 n1/1"
    said = python(grown, *clinic, "--json", "log", "P1", line, "--screen", "clear", "--consent", "yes")
    logged = json.loads(said)
    assert [site["muscle"] for site in logged["insertions"]] == ["PSMIN"]
    assert [reading["measure"] for reading in logged["readings"]] == ["HYPEX", "HYPEX"]
    assert python(grown, *clinic, "count").strip() == "1 patients"
    assert "how many patients there are" in python(grown, "-m", "hiplog", "--help")
    shown = python(grown, "-c", PRESS, str(grown / "clinic"))
    assert "Board" in shown and "1 patients" in shown


@pytest.mark.parametrize("words", ["check", "format --check"])
def test_what_is_added_passes_lint_and_format(grown: Path, words: str) -> None:
    tool = [
        Path(sys.executable).parent / "ruff",
        *words.split(),
        "-q",
        "--config",
        ROOT / "pyproject.toml",
        "hiplog",
    ]
    done = subprocess.run(tool, cwd=grown, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
