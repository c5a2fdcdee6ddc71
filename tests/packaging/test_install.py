"""Wheel, sdist and editable install: each makes and upgrades a logbook, the first two without the source."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import venv
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("hiplog", "migrations", "alembic.ini", "pyproject.toml", "README.md", "LICENSE", "tests")


def run(*words: object, cwd: Path, expected: int = 0) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "HIPLOG"))}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is released, apart from this checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, copy / name)
    return copy


def bare_environment(folder: Path) -> tuple[Path, Path]:
    """An environment with hiplog's dependencies but no hiplog: its python, and where packages go."""
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    # A path file of another environment is not read when that environment is only on the path,
    # so this checkout's own editable install does not leak in.
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin" / "python", packages


def install(what: Path, packages: Path, cwd: Path) -> None:
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation")
    run(*pip, "--no-index", "--target", packages, what, cwd=cwd)


def makes_and_upgrades(python: Path, folder: Path) -> str:
    """Make a logbook, take a guard away as an older file would lack it, and let the upgrade see to it."""
    clinic = ("-m", "hiplog", "--at", "clinic")
    run(python, *clinic, "init", "--plain", "--practitioner", "Ada Moore", "--code", "DN001", cwd=folder)
    run(python, *clinic, "patient", "add", "P1", "--family", "Rossi", "--given", "Lea", cwd=folder)
    with closing(sqlite3.connect(folder / "clinic" / "hiplog.db")) as other, other:
        other.execute("DROP TRIGGER guard_sessions_update")
    assert "guard" in run(python, *clinic, "audit", "verify", "--json", cwd=folder, expected=7).stdout
    run(python, *clinic, "database", "upgrade", cwd=folder)
    assert list((folder / "clinic" / "backups").glob("*upgrade*.db")) != []
    run(python, *clinic, "audit", "verify", cwd=folder)
    shown = run(python, *clinic, "patient", "show", "P1", "--json", cwd=folder)
    assert '"P1"' in shown.stdout
    return run(python, "-c", "import hiplog; print(hiplog.__file__)", cwd=folder).stdout.strip()


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_an_installed_hiplog_makes_a_logbook_with_the_source_hidden(
    kind: str, source: Path, tmp_path: Path
) -> None:
    run(sys.executable, "-m", "build", "-q", "-n", f"--{kind}", "-o", tmp_path / "dist", ".", cwd=source)
    built = next((tmp_path / "dist").iterdir())
    python, packages = bare_environment(tmp_path / "env")
    install(built, packages, tmp_path)
    where = makes_and_upgrades(python, tmp_path)
    assert Path(where).is_relative_to(packages)
    assert (packages / "hiplog" / "alembic.ini").is_file()


def test_an_editable_install_makes_a_logbook_from_elsewhere(source: Path, tmp_path: Path) -> None:
    python, packages = bare_environment(tmp_path / "env")
    (packages / "editable.pth").write_text(f"{source}\n")
    where = makes_and_upgrades(python, tmp_path)
    assert Path(where).is_relative_to(source)


def test_the_wheel_carries_nothing_but_hiplog(source: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "-q", "-n", "--wheel", "-o", tmp_path, ".", cwd=source)
    listed = run(sys.executable, "-m", "zipfile", "-l", next(tmp_path.glob("*.whl")), cwd=tmp_path).stdout
    names = [line.split()[0] for line in listed.splitlines()[1:]]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"hiplog"}
    assert "hiplog/migrations/versions/0001_the_first_schema.py" in names


def digests(folder: Path) -> dict[str, str]:
    return {built.name: hashlib.sha256(built.read_bytes()).hexdigest() for built in folder.iterdir()}


def test_wheel_and_sdist_built_twice_are_the_same_to_the_byte(source: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "build", "-q", "-n", "--wheel", "--sdist", "-o")
    run(*build, tmp_path / "one", ".", cwd=source)
    later = shutil.copytree(source, tmp_path / "elsewhere")
    for path in later.rglob("*"):
        os.utime(path, (1_900_000_000, 1_900_000_000))
    run(*build, tmp_path / "two", ".", cwd=later)
    assert len(digests(tmp_path / "one")) == 2
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
