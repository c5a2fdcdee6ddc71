"""What waits: drafts, contacts due after 24 h and overdue after 72 h, the day as the clinic counts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import samples
from clocks import NOON, SetClock

from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import Inquiry, Reaction, Session
from hiplog.logbook import audit, followups, sessions, timeline, worklist
from hiplog.logbook.book import Logbook

pytestmark = pytest.mark.both_databases
ASKED = Inquiry("follow_up", "checklist", "patient", "none")


@pytest.fixture
def kept(book: Logbook) -> Session:
    return samples.signed(book)


def states(book: Logbook) -> dict[str, list[str]]:
    today = book.read(worklist.today)
    return {
        name: [item.code for item in getattr(today, name)]
        for name in ("drafts", "overdue", "due", "signed_today", "recent")
    }


def test_an_empty_logbook_has_nothing_waiting(book: Logbook) -> None:
    assert book.read(worklist.today) == worklist.Today()


def test_a_draft_waits_until_it_is_signed(book: Logbook) -> None:
    draft = samples.begin(book)
    (item,) = book.read(worklist.today).drafts
    assert (item.code, item.session_id, item.number, item.side, item.cause) == (
        "P-001",
        draft.id,
        1,
        "R",
        "OVERUSE",
    )
    assert samples.CANARY not in repr(item)
    assert item.name == f"{samples.CANARY}, Ann"


@pytest.mark.parametrize(
    ("hours", "group"),
    [(0, None), (23.99, None), (24, "due"), (72, "due"), (72.01, "overdue"), (500, "overdue")],
)
def test_a_contact_is_due_after_24_hours_and_overdue_after_72(
    book: Logbook, clock: SetClock, kept: Session, hours: float, group: str | None
) -> None:
    clock.forward(hours=hours)
    found = states(book)
    assert found["due"] == (["P-001"] if group == "due" else [])
    assert found["overdue"] == (["P-001"] if group == "overdue" else [])


def test_the_hours_count_from_the_needle_and_not_from_the_signature(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    draft = book.write(sessions.start, who.id, episode, NOON - timedelta(hours=30))
    done = book.write(sessions.save, samples.complete(draft), draft.version)
    book.write(sessions.sign, done.id)
    assert [item.note for item in book.read(worklist.today).due] == ["6 h"]


def test_a_session_without_a_needle_needs_no_contact(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    samples.visit(book, who.id, episode, insertions=())
    clock.forward(hours=30)
    assert states(book)["due"] == []


def test_a_contact_takes_it_off_the_list(book: Logbook, clock: SetClock, kept: Session) -> None:
    clock.forward(hours=26)
    sore = Reaction("PAIN_AFT", "mild", soreness=3, note=samples.CANARY)
    asked = replace(ASKED, state="yes", reactions=(sore,))
    done = book.write(followups.record, kept.id, asked, (samples.pain(2),))
    assert (done.state, done.done_at, done.by) == ("done", NOON + timedelta(hours=26), "DN001")
    assert states(book)["due"] == []
    (told,) = book.read(followups.brought, kept.id)
    assert (told.asked_at_h, told.reactions) == (Decimal("26.0"), (sore,))
    after = book.read(sessions.get, kept.id)
    assert [(r.stage, r.value) for r in after.readings][-1] == ("follow_up", 2)
    assert book.read(timeline.of, kept.patient).follow_ups == (done,)
    assert book.read(audit.verify).ok


def test_a_further_contact_stands_beside_the_first(book: Logbook, clock: SetClock, kept: Session) -> None:
    clock.forward(hours=26)
    book.write(followups.record, kept.id, ASKED)
    clock.forward(hours=5)
    book.write(followups.record, kept.id, replace(ASKED, id="second", state="refused"))
    assert [one.state for one in book.read(followups.brought, kept.id)] == ["none", "refused"]
    assert [one.state for one in book.read(followups.of, kept.patient)] == ["done", "done"]


def test_an_unreachable_patient_is_no_answer_of_none(book: Logbook, clock: SetClock, kept: Session) -> None:
    clock.forward(hours=26)
    assert book.write(followups.unreachable, kept.id).state == "unreachable"
    assert states(book)["due"] == []
    assert book.read(followups.brought, kept.id) == ()


def test_a_draft_is_not_followed_up(book: Logbook) -> None:
    draft = samples.begin(book)
    for contact in (
        lambda: book.write(followups.record, draft.id, ASKED),
        lambda: book.write(followups.unreachable, draft.id),
    ):
        with pytest.raises(Refused, match="session 1 is draft; follow up a signed one"):
            contact()
    assert book.read(followups.of, draft.patient) == ()


def test_an_impossible_value_in_a_contact_is_refused(book: Logbook, clock: SetClock, kept: Session) -> None:
    clock.forward(hours=26)
    with pytest.raises(BadInput, match="LEFS 500 lies outside"):
        book.write(followups.record, kept.id, ASKED, (samples.pain(500, measure="LEFS"),))
    assert states(book)["due"] == ["P-001"]


def test_a_void_session_is_off_every_list(book: Logbook, clock: SetClock, kept: Session) -> None:
    assert states(book)["signed_today"] == ["P-001"]
    book.write(sessions.void, kept.id, "wrong patient")
    assert states(book)["signed_today"] == []
    clock.forward(hours=30)
    assert states(book) == {"drafts": [], "overdue": [], "due": [], "signed_today": [], "recent": []}
    assert [one.state for one in book.read(followups.of, kept.patient)] == ["cancelled"]


def test_signed_today_becomes_recent_at_midnight_of_the_clinic(
    book: Logbook, clock: SetClock, kept: Session
) -> None:
    """It is noon in UTC and one o'clock in Berlin; eleven hours later Berlin has a new day."""
    clock.forward(hours=10, minutes=59)
    assert states(book)["signed_today"] == ["P-001"]
    clock.forward(minutes=1)
    found = states(book)
    assert (found["signed_today"], found["recent"]) == ([], ["P-001"])
