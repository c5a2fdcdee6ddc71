"""The screens in another language: nothing cut off, nothing left in English, and all as it was looked at.

Each run is a process of its own, since a language is chosen before anything with words is read.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
WALKS = (
    "today session after letters protocols signing own_secrets tour conflict",
    "patient visit first_visit requests two_at_one_patient outcomes audit doors welcome",
)
DATA = {
    walk: frozenset(words.split())
    for walk, _, words in (
        line.partition(": ") for line in (HERE / "data_words.txt").read_text("utf-8").splitlines()
    )
}
"""What stands on the screens of a walk in every language: names, codes, muscles, questionnaires, columns, keys."""
FOOT = "\n" + "─" * 80
PLAIN = re.compile(r"(?<![\w/.-])[A-Za-z]{3,}(?![\w/-])")


@dataclass(frozen=True)
class Walked:
    """What one walk showed: each screen by its name, and what was wrong with it."""

    walk: str
    seen: dict[str, str]
    faults: list[str]

    @property
    def text(self) -> str:
        """Its screens one under another."""
        shown = [f"=== {name}\n{text}" for name, text in self.screens.items()]
        return "\n".join([*shown, ""])

    @property
    def screens(self) -> dict[str, str]:
        """Each screen without the places in the code that made it."""
        return {
            name: "\n".join(line.rstrip() for line in text.partition(FOOT)[0].splitlines())
            for name, text in self.seen.items()
        }


def walked(code: str, names: str) -> Iterator[Walked]:
    """Go these walks in the language ``code``."""
    done = subprocess.run(
        [sys.executable, HERE / "speaking.py", code, *names.split()],
        env={**os.environ, "HIPLOG_LANGUAGE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return (Walked(**json.loads(line)) for line in done.stdout.splitlines())


@pytest.mark.parametrize("names", WALKS)
def test_the_german_screens_look_as_they_did_and_nothing_is_cut_off(
    names: str, request: pytest.FixtureRequest
) -> None:
    told: list[str] = []
    for one in walked("de", names):
        told += [f"{one.walk}: {fault}" for fault in one.faults]
        file = GOLDEN / f"{one.walk}.txt"
        if request.config.getoption("rewrite"):
            file.write_text(one.text, encoding="utf-8")
        kept, now = file.read_text("utf-8").splitlines(), one.text.splitlines()
        told += difflib.unified_diff(kept, now, f"golden/{file.name}", "now", "", "", 1, "")
    assert not told, "\n".join([*told, "if that is as it should be: pytest tests/language -m long --rewrite"])


@pytest.mark.parametrize("names", WALKS)
def test_no_screen_has_a_word_that_no_catalogue_could_say(names: str) -> None:
    """In a language of odd letters, whatever is still plain was never wrapped, or is data."""
    left = {
        f"{one.walk}/{screen}: {word}"
        for one in walked("pseudo", names)
        for screen, text in one.screens.items()
        for word in PLAIN.findall(text)
        if word not in DATA[one.walk]
    }
    assert not left, "\n".join(sorted(left))
