"""How complete the records are, and the interval round every rate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samples import admit, signed, site, visit

from hiplog.clinical.record import Inquiry, NeedleCount
from hiplog.logbook import followups, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import completeness, exclusions
from hiplog.outcomes.statistics import rule_of_three, wilson


@pytest.mark.parametrize(
    ("events", "n", "low", "high", "places"),
    [
        (0, 25, 0.0, 0.133, 3),
        (1, 40, 0.0044, 0.1288, 4),
        (20, 20494, 0.00063, 0.00151, 5),
        (576, 7629, 0.0698, 0.0816, 4),
    ],
)
def test_published_intervals(events: int, n: int, low: float, high: float, places: int) -> None:
    assert tuple(round(bound, places) for bound in wilson(events, n)) == (low, high)


def test_an_interval_is_symmetric_and_stays_inside() -> None:
    for n in (1, 7, 100):
        for events in range(n + 1):
            low, high = wilson(events, n)
            assert 0 <= low <= events / n <= high <= 1
            assert wilson(n - events, n) == pytest.approx((1 - high, 1 - low))


def test_no_event_is_not_no_risk() -> None:
    assert rule_of_three(300) == pytest.approx(0.01)
    assert rule_of_three(1) == 1.0
    for wrong in ((1, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match="no share"):
            wilson(*wrong)
    with pytest.raises(ValueError, match="no observation"):
        rule_of_three(0)


def rules(book: Logbook) -> dict[str, tuple[int, int]]:
    return {one.rule: (one.passed, one.denominator) for one in book.read(completeness.of)}


def test_a_whole_record_meets_every_rule(book: Logbook, clock: object) -> None:
    kept = signed(book)
    book.clock.now += timedelta(hours=25)  # type: ignore[attr-defined]
    book.write(followups.record, kept.id, Inquiry("follow_up", "open", "patient", "none"))
    assert rules(book) == {rule: (1, 1) for rule, *_ in completeness.RULES}


def test_what_is_missing_counts_against_its_rule(book: Logbook) -> None:
    who, episode = admit(book)
    short = NeedleCount(2, 2, 1, 2, "one broke")
    visit(book, who.id, episode, needles=short, insertions=(site(insertions=2),))
    book.clock.now += timedelta(days=5)  # type: ignore[attr-defined]
    book.write(sessions.start, who.id, episode)
    found = rules(book)
    assert found["needles"] == (0, 1)
    assert found["signed"] == (1, 2)
    assert found["signed_24h"] == (1, 1)
    assert found["follow_up_72h"] == (0, 1)
    assert found["pain_after"] == (1, 1)


def test_what_is_not_due_yet_is_not_counted(book: Logbook) -> None:
    signed(book)
    assert rules(book)["follow_up_72h"] == (0, 0)
    none = next(one for one in book.read(completeness.of) if one.rule == "follow_up_72h")
    assert (none.rate, none.interval) == (None, None)


def test_voids_count_nowhere_and_are_named(book: Logbook) -> None:
    kept = signed(book)
    book.write(sessions.void, kept.id, "wrong patient")
    assert {passed for passed, _ in rules(book).values()} == {0}
    assert [(one.table, one.id, one.rule) for one in book.read(lambda unit: tuple(exclusions.of(unit)))] == [
        ("sessions", kept.id, "voided")
    ]
