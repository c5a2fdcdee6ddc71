"""What a command returned, and hiplog run as a program of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
LINE = "gmed r 2 30x50 fifo t3; piri r 30x75 static ret10 t-; p6>3 ir24>31 n2/2"
READY = ("--screen", "clear", "--consent", "yes", "--sign")


@dataclass(frozen=True)
class Done:
    """What a command returned and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        told = json.loads(self.out)
        assert next(iter(told)) == "schema_version"
        return dict(told)


Run = Callable[..., Done]


class Clock(Protocol):
    """A clock that can be moved."""

    now: datetime

    def __call__(self) -> datetime: ...

    def forward(self, **delta: float) -> None: ...


def program(words: Sequence[str], cwd: Path, **environ: str) -> Done:
    """Run hiplog as a program of its own, without a terminal."""
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(cwd), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "hiplog", *words],
        cwd=cwd,
        env=known | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
