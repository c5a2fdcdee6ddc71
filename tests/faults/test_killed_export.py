"""An export killed at any moment: the folder of that name is whole or not there."""

from __future__ import annotations

import random
import time

import dying
import pytest
import samples
from clocks import SetClock
from dying import Say

from hiplog.exchange import bundle, verify
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


def for_export(book: Logbook) -> None:
    samples.followed(book)
    for n in range(10):
        samples.signed(book, f"S-{n}")


@pytest.mark.long
@pytest.mark.grown(by=for_export)
def test_thirty_kills_in_mid_export(places: Settings, tmp_path: samples.Any, figures: samples.Any) -> None:
    chance = random.Random(9)
    book = Logbook.open(places, SetClock())
    began = time.monotonic()
    bundle.write(book, tmp_path / "whole")
    takes = time.monotonic() - began
    book.close()
    seen = {"kills": 0, "whole": 0, "none": 0, "broken": 0}
    for n in range(30):

        def work(say: Say, n: int = n) -> None:
            opened = Logbook.open(places, SetClock())
            say(".")
            bundle.write(opened, tmp_path / f"made-{n}")
            time.sleep(5)

        dying.killed(work, chance.uniform(0.0, 3 * takes))
        made = tmp_path / f"made-{n}"
        seen["kills"] += 1
        seen["whole" if made.exists() else "none"] += 1
        seen["broken"] += made.exists() and not verify.check(made).ok
    figures(str(seen))
    assert seen["broken"] == 0
    assert seen["whole"]
    assert seen["none"]
