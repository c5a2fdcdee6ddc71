"""Every screen and dialog looks as it did, at both sizes and without colour, and nothing on it is cut off."""

from __future__ import annotations

import difflib

import goldens
import pytest
import walks
from driving import SIZES

SMALL, WIDE = SIZES
RUNS = [
    pytest.param(SMALL, False, id="80x24"),
    pytest.param(WIDE, True, id="120x36-no-colour"),
    pytest.param(SMALL, True, id="80x24-no-colour", marks=pytest.mark.long),
    pytest.param(WIDE, False, id="120x36", marks=pytest.mark.long),
]
"""The words must be the same with colour and without; so each size is looked at once in the everyday run."""


@pytest.mark.parametrize("size, no_color", RUNS)
@pytest.mark.parametrize("name", walks.WALKS)
async def test_a_walk_looks_as_it_did(
    name: str, size: tuple[int, int], no_color: bool, request: pytest.FixtureRequest
) -> None:
    stage = await goldens.take(name, size, no_color)
    told = list(stage.faults)
    if request.config.getoption("rewrite"):
        stage.rewrite()
    else:
        told += differences(stage)
    again = f"if that is as it should be: {goldens.COMMAND} -k {name}; then read what git diff shows"
    assert not told, "\n".join([*told, again])


def differences(stage: goldens.Stage) -> list[str]:
    """What is seen otherwise than it is kept, line by line."""
    told = [
        f"golden/{path.name} is seen no longer"
        for path in stage.kept
        if path not in map(stage.file, stage.seen)
    ]
    for golden, now in stage.seen.items():
        file = stage.file(golden)
        kept = file.read_text("utf-8").splitlines() if file.exists() else []
        told += difflib.unified_diff(kept, now.splitlines(), f"golden/{file.name}", "now", "", "", 1, "")
    return told


def test_every_place_that_makes_a_screen_has_a_golden() -> None:
    missing = sorted(goldens.wanted() - goldens.kept_sites())
    assert not missing, f"walk there in tests/tui/walks.py, then {goldens.COMMAND}: {missing}"
    assert len(goldens.wanted()) > 50


def test_no_golden_is_left_over_and_each_is_there_at_both_sizes() -> None:
    there = [path.relative_to(goldens.FOLDER) for path in goldens.FOLDER.rglob("*.txt")]
    assert {path.parts[0] for path in there} == set(walks.WALKS)
    names = {(path.parts[0], path.stem.rpartition("-")[0]) for path in there}
    assert len(there) == len(SIZES) * len(names)


def test_a_golden_holds_nothing_of_the_machine_it_was_taken_on() -> None:
    for path in goldens.FOLDER.rglob("*.txt"):
        text = path.read_text("utf-8")
        assert "/tmp/" not in text and str(goldens.ROOT) not in text, path.name
