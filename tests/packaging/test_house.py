"""The house's own rules: what may be loaded when, what may lie at the top, what the README shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import hiplog
from hiplog.storage import schema
from hiplog.storage.engine import SAFE_WAL

ROOT = Path(__file__).resolve().parents[2]
TOP = {"hiplog", "migrations", "tests", "alembic.ini", "pyproject.toml", "README.md", "LICENSE"}
HEAVY = ("textual", "sqlalchemy", "alembic", "sqlcipher3", "jinja2", "cryptography", "rich")


def loaded(*words: str) -> set[str]:
    """The top-level modules in memory after ``hiplog`` ran with ``words``."""
    code = (
        "import sys\n"
        "from hiplog.__main__ import main\n"
        f"sys.argv = ['hiplog', *{list(words)!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stderr.splitlines()}


def test_asking_for_help_loads_nothing_heavy() -> None:
    assert loaded("--help").isdisjoint(HEAVY)


def test_asking_for_the_version_loads_the_engine_that_it_names_and_no_more() -> None:
    assert loaded("--version").intersection(HEAVY) == {"sqlcipher3"}


def test_the_version_names_what_a_report_of_a_fault_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hiplog", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert list(told) == ["hiplog", "schema", "SQLite", "SQLCipher", "Python"]
    assert (told["hiplog"], told["schema"]) == (hiplog.__version__, schema.HEAD)
    assert tuple(map(int, told["SQLite"].split("."))) >= SAFE_WAL
    assert re.match(r"4\.\d+\.\d+", told["SQLCipher"])


def test_nothing_strange_lies_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    tops = {line.split("/")[0] for line in listed.splitlines()}
    assert {top for top in tops if not top.startswith(".")} <= TOP


def test_every_room_imports_only_downwards() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_readme_shows_pictures_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme)
    assert shown
    assert [name for name in shown if not (ROOT / name).is_file()] == []


def test_the_first_two_commands_of_the_readme_are_one_line_each() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert blocks[0].strip().endswith("hiplog demo")
    assert "pytest" in blocks[1]
    assert [block.count("\n") for block in blocks[:2]] == [1, 1]


PAINT_MODULES = 470
"""Modules in memory at the first paint: a bare Textual program has 363 of them."""


def test_the_first_paint_loads_few_modules_and_no_widget_that_it_does_not_show() -> None:
    code = (
        "import sys\n"
        "import hiplog.__main__, hiplog.cli.screen, hiplog.cli.context, hiplog.logbook.waiting\n"
        "from hiplog.tui import app\n"
        "from hiplog.tui.screens.today.screen import TodayScreen\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    names = set(done.stdout.split())
    assert len(names) <= PAINT_MODULES
    heavy = ("_data_table", "_markdown", "_text_area", "_tabbed_content", "_list_view", "_log")
    assert names.isdisjoint(f"textual.widgets.{name}" for name in heavy)
    assert {name.split(".")[0] for name in names}.isdisjoint(
        {*HEAVY, "asyncpg", "psycopg"} - {"textual", "rich"}
    )
