"""How many keys and decisions a visit takes: pressed in the running app at 80×24, counted as they are pressed.

The time is modelled, not taken: 0.28 s a key and 1.35 s a decision (keystroke-level model, average typist;
Card, Moran and Newell, Commun ACM 1980;23:396-410). A decision is what must be thought of before its keys: a
command, a question put to the patient, a row that is looked at, a count. Two readings that were taken together
are typed as one unit, so they are one; what it comes to with each reading its own is told as well.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import samples
from clocks import SetClock
from driving import SIZES, Driver, running

from hiplog.clinical.record import NeedleCount, Session
from hiplog.logbook import sessions, users
from hiplog.logbook.book import Logbook

KEY_S, DECISION_S = 0.28, 1.35
MOST_S, MOST_DECISIONS = 35.0, 14
RETURNING, NEW_PATTERN, ONE_LINER = 40, 75, 60
PIN = "4711"
Figures = Callable[[str], None]


class Hands:
    """Whoever presses the keys: each decision is named, and every key that the app was sent is counted."""

    def __init__(self, tui: Driver) -> None:
        self.tui = tui
        self.decisions: list[str] = []
        self.readings = 0

    async def decide(self, what: str, *keys: str, together: int = 1) -> None:
        """Think of ``what`` and press its keys; ``together`` readings are typed as one unit."""
        self.decisions.append(what)
        self.readings += together - 1
        await self.tui.press(*keys)

    @property
    def seconds(self) -> float:
        """The modelled time."""
        return KEY_S * self.tui.pressed + DECISION_S * len(self.decisions)

    def told(self, most: int) -> str:
        """The figures in one line."""
        apart = self.seconds + DECISION_S * self.readings
        return (
            f"{self.tui.pressed} keys (at most {most}), {len(self.decisions)} decisions, "
            f"{self.seconds:.1f} s modelled; with each reading a decision of its own "
            f"{len(self.decisions) + self.readings} and {apart:.1f} s"
        )


@pytest.fixture
def secured(book: Logbook, clock: SetClock) -> tuple[Logbook, str, str]:
    """A patient with a signed visit of four sites a week ago; the therapist has a PIN and is signed in."""
    who, episode = samples.admit(book, "P1")
    rows = tuple(samples.site(muscle, zone=None) for muscle in ("GMED", "TFL", "GMAX", "RF"))
    samples.visit(book, who.id, episode, 6, 4, insertions=rows)
    users.set_passphrase(book, "DN001", "under the apple tree")
    users.set_pin(book, "DN001", PIN)
    clock.forward(days=7)
    return replace(book, entered="passphrase"), who.id, episode


@asynccontextmanager
async def hands(book: Logbook, size: tuple[int, int] = (80, 24)) -> Any:
    async with running(book, size) as tui:
        yield Hands(tui)


async def before(at: Hands) -> None:
    """Everything that is asked before needling, one answer a field."""
    await at.decide("since last time: nothing", "n")
    await at.decide("anything new: no", "n")
    await at.decide("consent: given", "y")
    await at.decide("pain 6, internal rotation 24", "6", "2", "4", together=2)


async def after(at: Hands, *, counted: bool = False) -> None:
    """What is asked afterwards, and the signature."""
    if not counted:
        await at.decide("four needles out", "4", "enter")
    await at.decide("reactions: asked, none", "n")
    if not counted:
        await at.decide("pain 3, internal rotation 31", "3", "3", "1", together=2)
    await at.decide("sign", "s", *PIN, "enter")


def latest(book: Logbook, patient: str) -> Session:
    return book.read(sessions.of, patient)[-1]


def assert_nothing_preset(draft: Session) -> None:
    """A visit begins without an answer, whatever the last one said."""
    assert (draft.screening, draft.consent, draft.readings, draft.inquiries) == ((), None, (), ())
    assert (draft.needles, draft.advice, draft.co_treatments) == (NeedleCount(), (), ())
    assert all(
        (row.twitch, row.twitch_count, row.familiar_pain) == (None, None, None) for row in draft.insertions
    )
    assert {row.origin for row in draft.insertions} <= {"copied"}


def assert_as_typed(kept: Session) -> None:
    """What the keys of :func:`before` and :func:`after` said, and nothing else."""
    assert kept.status == "signed"
    assert [(a.item, a.answer) for a in kept.screening] == [("ANYTHING_NEW", "none")]
    assert kept.consent is not None and (kept.consent.given, kept.consent.withdrawn) == (True, False)
    asked = {(i.stage, i.asked_how, i.reporter): i.state for i in kept.inquiries if i.reporter == "patient"}
    assert asked == {
        ("since_last", "checklist", "patient"): "none",
        ("session", "checklist", "patient"): "none",
    }
    assert {(r.measure, r.stage, r.side): r.value for r in kept.readings} == {
        ("NPRS", "before", None): Decimal(6),
        ("IR", "before", "R"): Decimal(24),
        ("NPRS", "after", None): Decimal(3),
        ("IR", "after", "R"): Decimal(31),
    }
    assert (kept.needles.inserted, kept.needles.withdrawn) == (4, 4)
    assert (kept.needles.opened, kept.needles.to_sharps, kept.advice, kept.note) == (None, None, (), None)


@pytest.mark.parametrize("size", SIZES)
async def test_a_returning_patient_with_four_points(
    secured: tuple[Logbook, str, str], size: tuple[int, int], figures: Figures
) -> None:
    book, patient, _ = secured
    async with hands(book, size) as at:
        await at.decide("find the patient", "/", "z", "w", "i", "enter")
        assert "pain now: 6/10 → 4/10 after needling, ▲ better; MCID 2 reached" in at.tui.text
        await at.decide("the plan of last time", "r")
        assert_nothing_preset(latest(book, patient))
        await before(at)
        assert "0 needles in" in at.tui.text and "4 sites, 4 not confirmed" in at.tui.text
        await at.decide("first row: a twitch", "t", "space")
        await at.decide("second row: a twitch and a bruise", "t", "b", "space")
        await at.decide("third row: a twitch, sore 2", "t", "s", "2", "space")
        await at.decide("fourth row: treated", "space")
        await after(at)
        assert "pain now: 6/10 → 3/10 after needling, ▲ better; MCID 2 reached" in at.tui.text
        assert "2 visits, last today" in at.tui.text
        figures(at.told(RETURNING))
        assert at.tui.pressed <= RETURNING
        assert len(at.decisions) <= MOST_DECISIONS
        assert at.seconds + DECISION_S * at.readings <= MOST_S
    kept = latest(book, patient)
    assert_as_typed(kept)
    assert [(r.muscle, r.origin, r.twitch) for r in kept.insertions] == [
        ("GMED", "confirmed", "elicited"),
        ("TFL", "confirmed", "elicited"),
        ("GMAX", "confirmed", "elicited"),
        ("RF", "confirmed", "none"),
    ]
    (seen,) = [i for i in kept.inquiries if i.reporter == "therapist"]
    assert {(r.kind, r.insertion, r.soreness) for r in seen.reactions} == {
        ("BRUISE", kept.insertions[1].id, None),
        ("PAIN_AFT", kept.insertions[2].id, 2),
    }


async def test_a_new_pattern_of_four_points(secured: tuple[Logbook, str, str], figures: Figures) -> None:
    book, patient, _ = secured
    line = "gmed r 30x50 fifo t2;tfl r =;gmax r = t;rf r ="
    async with hands(book) as at:
        await at.decide("find the patient", "/", "z", "w", "i", "enter")
        await at.decide("a new session", "n")
        assert_nothing_preset(latest(book, patient))
        assert latest(book, patient).insertions == ()
        await before(at)
        first, *rest = line.split(";")
        await at.decide(first, "+", *first)
        for site in rest:
            await at.decide(site, ";", *site)
        assert "✓ rectus femoris, right, 0.30 × 50 mm, fast in, fast out" in at.tui.text
        await at.decide("take the line, go on", "enter", "f7")
        await after(at)
        figures(at.told(NEW_PATTERN))
        assert at.tui.pressed <= NEW_PATTERN
    kept = latest(book, patient)
    assert_as_typed(kept)
    assert [(r.muscle, r.side, r.origin, r.twitch, r.twitch_count) for r in kept.insertions] == [
        ("GMED", "R", "typed", "elicited", 2),
        ("TFL", "R", "typed", None, None),
        ("GMAX", "R", "typed", "elicited", None),
        ("RF", "R", "typed", None, None),
    ]
    assert {(r.diameter_mm, r.length_mm, r.technique) for r in kept.insertions} == {
        (Decimal("0.30"), 50, "FIFO")
    }


async def test_a_visit_as_last_time_in_one_line(secured: tuple[Logbook, str, str], figures: Figures) -> None:
    book, patient, _ = secured
    async with hands(book) as at:
        await at.decide("find the patient", "/", "z", "w", "i", "enter")
        await at.decide("a new session", "n")
        assert_nothing_preset(latest(book, patient))
        await at.decide("since last time: nothing", "n")
        await at.decide("anything new: no", "n")
        await at.decide("consent: given", "y")
        await at.decide("the line", "f6", "+", *". p6>3 ir24>31 n4/4", "enter")
        assert "4 sites, 4 not confirmed" in at.tui.text
        for row in ("first", "second", "third", "fourth"):
            await at.decide(f"{row} row: treated", "space")
        await after(at, counted=True)
        figures(at.told(ONE_LINER))
        assert at.tui.pressed <= ONE_LINER
    kept = latest(book, patient)
    assert_as_typed(kept)
    assert [(r.muscle, r.origin, r.twitch) for r in kept.insertions] == [
        (muscle, "confirmed", "none") for muscle in ("GMED", "TFL", "GMAX", "RF")
    ]


async def test_two_sites_with_readings_and_counts_fully_typed(
    secured: tuple[Logbook, str, str], figures: Figures
) -> None:
    book, patient, _ = secured
    async with hands(book) as at:
        await at.tui.press("/", "z", "w", "i", "enter", "n", "f6")
        begun = at.tui.pressed
        await at.tui.press("+", *"gmed r 2 30x50 fifo t3; piri r = ret10; p6>3 n2/2", "enter")
        typed = at.tui.pressed - begun
        figures(f"{typed} keys from + to Enter (at most {ONE_LINER})")
        assert typed <= ONE_LINER
    kept = latest(book, patient)
    assert [(r.muscle, r.zone, r.twitch_count, r.retention_min) for r in kept.insertions] == [
        ("GMED", "2", 3, None),
        ("PIRI", None, None, 10),
    ]
    assert [r.value for r in kept.readings] == [6, 3]
    assert (kept.needles.inserted, kept.needles.withdrawn, kept.screening, kept.consent) == (2, 2, (), None)
