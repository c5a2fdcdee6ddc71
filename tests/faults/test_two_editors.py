"""Two editors of one record, in two hundred orders: nothing acknowledged is lost without somebody's word."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import editors
import pytest
import samples
from clocks import SetClock
from editors import Act
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiplog.clinical.errors import Stale
from hiplog.logbook import audit, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

FIELDS = ("note", "plan", "pain", "answer", "site", "strike", "needles", "undo")
ACTS = st.lists(st.builds(Act, st.sampled_from(FIELDS), st.integers(0, 9)), min_size=1, max_size=5)
ORDERS = st.lists(st.integers(0, 1), min_size=20, max_size=20)
CHOICES = st.lists(st.sampled_from(["mine", "theirs", "merge", "merge mine"]), min_size=6, max_size=6)
CALM = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}


def interleaved(places: Settings, count: int) -> Counter[str]:
    """Let two editors meet ``count`` times, each time over a draft of its own, and count what happened."""
    clock, numbers, seen = SetClock(), itertools.count(), Counter[str]()
    books = [Logbook.open(places, clock) for _ in range(2)]

    @settings(max_examples=count, **CALM)
    @given(ACTS, ACTS, ORDERS, CHOICES)
    def meet(first: list[Act], second: list[Act], order: list[int], choices: list[editors.Choice]) -> None:
        draft = samples.begin(books[0], f"P-{next(numbers):04}")
        record, chairs = editors.meet(books, draft, (first, second), order, choices)
        kept = books[0].read(sessions.get, draft.id)
        assert kept == record.truth == books[1].read(sessions.get, draft.id)
        assert kept.version == draft.version + record.acknowledged
        told = [words for chair in chairs for words in chair.told]
        assert all("nothing to undo" in one or one.startswith("Stale: somebody else saved") for one in told)
        seen.update(record.seen)
        seen.update({"interleavings": 1, "acknowledged": record.acknowledged, "told": len(told)})

    meet()
    entries = Counter(one.action for one in books[0].read(audit.events, limit=100_000))
    assert entries["session.edit"] + entries["session.undo"] == seen["acknowledged"]
    assert books[0].read(audit.verify).findings == ()
    for book in books:
        book.close()
    return seen


def test_some_interleavings_of_two_editors(places: Settings) -> None:
    assert interleaved(places, 15)["interleavings"] >= 15


@pytest.mark.faults
@pytest.mark.both_databases
def test_two_hundred_interleavings_of_two_editors(places: Settings, figures: samples.Any) -> None:
    count = 200 if places.is_file else 40  # the same code; the server is asked whether it refuses alike
    seen = interleaved(places, count)
    figures(", ".join(f"{name} {seen[name]}" for name in sorted(seen)))
    assert seen["interleavings"] >= count
    assert all(seen[f"conflict: {choice}"] for choice in ("mine", "theirs", "merge", "merge mine"))


@pytest.mark.parametrize("action", [sessions.undo, sessions.repeat, sessions.sign, sessions.discard])
def test_nothing_is_done_to_a_draft_that_was_not_seen(
    book: Logbook, places: Settings, action: Callable[..., object]
) -> None:
    first = samples.visit(book, *(one if isinstance(one, str) else one.id for one in samples.admit(book)))
    draft = book.write(sessions.start, first.patient, first.episode)
    mine = book.write(sessions.save, samples.complete(draft, first=False), draft.version)
    other = Logbook.open(places, book.clock)
    theirs = other.write(sessions.save, replace(mine, note="from another chair"), mine.version)
    with pytest.raises(Stale, match="somebody else saved"):
        book.write(action, mine.id, mine.version)
    assert other.read(sessions.get, mine.id) == theirs
    book.write(action, mine.id, theirs.version)
    other.close()
