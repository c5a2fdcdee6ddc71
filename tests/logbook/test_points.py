"""Point memory: counted by hand from visits written into a logbook, and never more than was asked."""

from __future__ import annotations

from decimal import Decimal

from clocks import SetClock
from samples import admit, begin, full, site, visit

from hiplog.clinical.record import Inquiry, Reaction, Session
from hiplog.logbook import episodes, followups, points, sessions
from hiplog.logbook.book import Logbook
from hiplog.logbook.points import Point


def sore(score: int | None, where: str | None = None) -> Reaction:
    return Reaction("PAIN_AFT", "mild", insertion=where, soreness=score)


def told(stage: str, *reactions: Reaction) -> Inquiry:
    return Inquiry(stage, "checklist", "patient", "yes" if reactions else "none", reactions)  # type: ignore[arg-type]


def memory(book: Logbook, patient: str) -> tuple[Point, ...]:
    return points.of(book.read(sessions.of, patient))


def three_visits(book: Logbook, clock: SetClock) -> str:
    """Three visits: gluteus medius each time, piriformis in the first and the last."""
    who, episode = admit(book)
    first = visit(book, who.id, episode, 7, 4, insertions=(site(), site("PIRI", zone=None, twitch="none")))
    clock.forward(hours=26)
    book.write(followups.record, first.id, told("follow_up", sore(4)))
    clock.forward(days=7)
    visit(book, who.id, episode, 6, 5, insertions=(site(twitch="not_sought"),))
    clock.forward(days=7)
    rows = (site(twitch="none"), site("PIRI", zone=None, twitch=None))
    visit(book, who.id, episode, 5, 2, insertions=rows, inquiries=(told("since_last"),))
    return who.id


def test_times_twitch_soreness_and_pain_are_those_counted_by_hand(book: Logbook, clock: SetClock) -> None:
    gmed, piri = memory(book, three_visits(book, clock))
    assert (gmed.muscle, gmed.side, gmed.zone, gmed.times) == ("GMED", "R", "1", 3)
    assert gmed.twitches == (1, 2)  # elicited, not sought, none
    assert gmed.sore == (1, 2)  # 4 at the follow-up, none since last time, third visit not asked yet
    assert gmed.sorest == 4
    assert [v.pain_change for v in gmed.visits] == [-3, -1, -3]
    assert gmed.pain_change == Decimal(-3)
    assert (piri.times, piri.twitches, piri.sore) == (2, (0, 1), (1, 1))
    assert [(v.nth, v.number) for v in piri.visits] == [(1, 1), (2, 3)]


def test_soreness_tied_to_one_place_is_not_told_of_another(book: Logbook, clock: SetClock) -> None:
    who, episode = admit(book)
    rows = (site(), site("TFL", zone=None))
    first = visit(book, who.id, episode, insertions=rows)
    clock.forward(hours=30)
    book.write(followups.record, first.id, told("follow_up", sore(6, rows[1].id)))
    felt = {p.muscle: (p.sore, p.sorest) for p in memory(book, who.id)}
    assert felt == {"GMED": ((0, 1), None), "TFL": ((1, 1), 6)}


def test_not_asked_is_not_none_and_two_needles_of_a_place_are_one_time(book: Logbook) -> None:
    who, episode = admit(book)
    rows = (site(twitch="none"), site(twitch="elicited"))
    visit(book, who.id, episode, insertions=rows, readings=(full(begin(book, "P-9")).readings[0],))
    (only,) = memory(book, who.id)
    assert (only.times, only.twitches, only.sore, only.sorest) == (1, (1, 1), (0, 0), None)
    assert only.pain_change is None


def test_drafts_and_voided_visits_count_for_nothing(book: Logbook) -> None:
    who, episode = admit(book)
    voided = visit(book, who.id, episode)
    book.write(sessions.void, voided.id, "wrong patient")
    draft = book.write(sessions.start, who.id, episode)
    book.write(sessions.save, full(draft), draft.version)
    kept: tuple[Session, ...] = book.read(sessions.of, who.id)
    assert len(kept) == 2
    assert (points.of(kept), points.heat(kept, episode)) == ((), {})


def test_the_map_counts_insertions_of_the_current_episode_only(book: Logbook) -> None:
    who, episode = admit(book)
    visit(book, who.id, episode, insertions=(site(), site(zone="2", insertions=3), site("TFL", zone=None)))
    every = book.read(episodes.of, who.id)
    now = points.current(every)
    assert now is not None and now.id == episode
    assert points.heat(book.read(sessions.of, who.id), episode) == {("GMED", "R"): 4, ("TFL", "R"): 1}
    assert points.heat(book.read(sessions.of, who.id), None) == {}
    assert points.current(()) is None
