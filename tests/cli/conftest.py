"""The command line run in this process on a fresh logbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import LINE, READY, Clock, Done, Run

from hiplog import cli
from hiplog.settings import Settings


@pytest.fixture
def run(places: Settings, clock: Clock, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on the fresh logbook of this test."""

    def command(*words: str, at: Path | None = None) -> Done:
        capsys.readouterr()
        code = cli.main(["--at", str(at or places.path.parent), *words], clock=clock)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return command


@pytest.fixture
def p1(run: Run) -> Run:
    """The same with patient P1 and her right hip."""
    assert (
        run("patient", "add", "P1", "--family", "Rossi", "--given", "Lea", "--birth", "1956-03-02").code == 0
    )
    assert run("episode", "add", "P1", "--side", "r", "--cause", "overuse").code == 0
    return run


@pytest.fixture
def signed(p1: Run) -> Run:
    """The same with one signed session."""
    assert p1("log", "P1", LINE, *READY).code == 0
    return p1
