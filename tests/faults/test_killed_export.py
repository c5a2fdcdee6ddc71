"""An export killed at any moment: the folder of that name is whole or not there."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import dying
import pytest
import samples
import warmed
from clocks import SetClock
from dying import Say

from hiplog.exchange import bundle, verify
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


def for_export(book: Logbook) -> None:
    samples.followed(book)
    for n in range(4):
        samples.signed(book, f"S-{n}")


@pytest.mark.faults
@pytest.mark.grown(by=for_export)
def test_thirty_kills_in_mid_export(places: Settings, ram: Path, figures: samples.Any) -> None:
    with warmed.openings():
        seen = killed(places, ram, random.Random(9))
    figures(str(seen))
    assert (seen["kills"], seen["broken"]) == (30, 0)
    assert seen["whole"] and seen["none"] and seen["half"]


def killed(places: Settings, folder: Path, chance: random.Random) -> dict[str, int]:
    """Kill thirty exports, each at any moment of its work or just after, and look at what each left."""
    target = folder / "made"

    def work(say: Say) -> None:
        book = Logbook.open(places, SetClock())
        say(".")
        bundle.write(book, target)

    Logbook.open(places, SetClock()).close()  # each child finds ready what this made of the statements
    takes = dying.spent_by(work)
    seen = {"kills": 0, "whole": 0, "none": 0, "broken": 0, "half": 0}
    for _ in range(30):
        shutil.rmtree(target, ignore_errors=True)
        done = dying.killed(work, None, spent=chance.uniform(0.0, 1.6 * takes))
        assert done.wrong == ""
        seen["kills"] += 1
        seen["half"] += target.with_name("made.part").exists()
        seen["whole" if target.exists() else "none"] += 1
        seen["broken"] += target.exists() and not verify.check(target).ok
    return seen
