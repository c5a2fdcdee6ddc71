"""Bundles to check: logbooks to make them of, the stranger's tools to check them with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import clinics
from clocks import SetClock

from hiplog import settings
from hiplog.exchange import demo
from hiplog.logbook.book import Logbook

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VALIDATOR = Path(sys.executable).with_name("frictionless")
NOWHERE = {"PATH": os.environ["PATH"], "PYTHONPATH": ""}
"""The surroundings of somebody who has never installed hiplog."""


def clinic(folder: Path, patients: int) -> Logbook:
    """Make an invented clinic of so many patients."""
    return demo.make(settings.load(at=str(folder), environ={}), patients=patients, seed=1, now=NOW)


def blank(folder: Path, template: Path) -> Logbook:
    """Open a copy of a blank logbook."""
    return Logbook.open(clinics.copied(template, folder), SetClock())


def mentions(whole: bytes, code: str) -> bool:
    """Whether ``code`` stands in ``whole`` as a word of its own: a random pseudonym may begin like one."""
    return re.search(rb"(?<![\w-])" + re.escape(code.encode()) + rb"(?![\w-])", whole) is not None


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a bundle by its path."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def tables(folder: Path) -> dict[str, bytes]:
    """Every data file of a bundle."""
    return {name: held for name, held in files(folder).items() if name.startswith("data/")}


def run(*words: str | Path, at: Path | str = "/") -> subprocess.CompletedProcess[str]:
    """Run a tool of a stranger."""
    return subprocess.run(
        [str(word) for word in words], cwd=at, env=NOWHERE, capture_output=True, text=True, check=False
    )


def summed(folder: Path) -> tuple[int, int]:
    """What ``sha256sum -c`` says: exit code and files that are as they were."""
    done = run("sha256sum", "-c", "SHA256SUMS", at=folder)
    return done.returncode, done.stdout.count(": OK")


def verified(folder: Path, at: Path | str = "/") -> tuple[int, list[dict[str, Any]]]:
    """What the bundle's own verifier says, run by a Python without any installed package."""
    done = run(sys.executable, "-I", "-S", folder / "verify.py", folder, "--json", at=at)
    return done.returncode, json.loads(done.stdout)["findings"]


def knows_hiplog(at: Path | str = "/") -> bool:
    """Whether that Python could import hiplog."""
    return run(sys.executable, "-I", "-S", "-c", "import hiplog", at=at).returncode == 0


def frictionless(folder: Path) -> dict[str, Any]:
    """The report of the real validator."""
    done = run(VALIDATOR, "validate", "--json", "datapackage.json", at=folder)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def foreign_keys(folder: Path) -> int:
    """How many keys between tables the descriptor declares."""
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return sum(len(one["schema"].get("foreignKeys", ())) for one in told["resources"])


@contextmanager
def told(what: str) -> Iterator[dict[str, Any]]:
    """Print the figures of a test, with the seconds it took; ``pytest -s`` or ``-rP`` shows them."""
    figures: dict[str, Any] = {}
    began, used = time.perf_counter(), time.process_time()
    yield figures
    figures |= {"seconds": round(time.perf_counter() - began, 1), "cpu": round(time.process_time() - used, 1)}
    print(f"{what}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))
