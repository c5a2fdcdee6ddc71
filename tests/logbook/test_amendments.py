"""A correction is added, never written over: old and new value, who, when and why; the latest shows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from operator import attrgetter

import pytest
import samples
from clocks import NOON, SetClock

from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import Inquiry, PractitionerDraft, Session
from hiplog.logbook import amendments, audit, clinic, followups, sessions
from hiplog.logbook.book import Logbook

pytestmark = [pytest.mark.both_databases, pytest.mark.grown(by=samples.signed)]


@pytest.fixture
def kept(book: Logbook) -> Session:
    """The signed session of the one patient."""
    (one,) = book.read(lambda unit: sessions.session_views.views(unit, sessions.sessions.c.number == 1))
    return one


FIELDS = [
    ("note", "felt faint", "note", f"{samples.CANARY} tolerated it well", "felt faint"),
    ("plan", None, "plan", "repeat in a week", None),
    ("needles.withdrawn", "0", "needles.withdrawn", "1", 0),
    ("needles.opened", "3", "needles.opened", "1", 3),
    ("reading.nprs.before", "8", "readings.0.value", "6", Decimal(8)),
    ("reading.nprs.after", None, "readings.1.value", "4", None),
    ("insertion.1.depth_mm", "25", "insertions.0.depth_mm", "35", 25),
    ("insertion.1.diameter_mm", "0.25", "insertions.0.diameter_mm", "0.3", Decimal("0.25")),
    ("insertion.1.insertions", "3", "insertions.0.insertions", "1", 3),
    ("insertion.1.technique", "slow", "insertions.0.technique", "FIFO", "SLOW"),
    ("insertion.1.retention_min", "10", "insertions.0.retention_min", None, 10),
    ("insertion.1.twitch", "none", "insertions.0.twitch", "elicited", "none"),
    ("insertion.1.familiar_pain", "yes", "insertions.0.familiar_pain", None, True),
    ("insertion.1.zone", "2", "insertions.0.zone", "1", "2"),
]


@pytest.mark.parametrize(("field", "value", "place", "old", "new"), FIELDS)
def test_a_field_is_corrected_with_its_history(
    book: Logbook,
    clock: SetClock,
    kept: Session,
    field: str,
    value: str | None,
    place: str,
    old: object,
    new: object,
) -> None:
    clock.forward(hours=2)
    after = book.write(amendments.amend, kept.id, field, value, "typing error")
    shown = _at(after, place)
    assert shown == new
    (made,) = after.amendments
    assert (made.old, made.reason, made.by) == (old, "typing error", "DN001")
    assert made.at == NOON + timedelta(hours=2)
    assert book.read(sessions.of, kept.patient) == (after,)
    assert book.read(audit.verify).ok


def _at(session: Session, place: str) -> object:
    found: object = session
    for name in place.split("."):
        found = found[int(name)] if name.isdigit() else attrgetter(name)(found)  # type: ignore[index]
    return found


def test_every_field_offered_can_be_named(book: Logbook, kept: Session) -> None:
    for field in amendments.fields(kept):
        with pytest.raises((BadInput, Refused)) as caught:
            book.write(amendments.amend, kept.id, field, "\x07", "why")
        assert "no such field" not in str(caught.value)


def test_the_latest_of_several_shows_and_all_stay(book: Logbook, clock: SetClock, kept: Session) -> None:
    for hour, depth in ((1, "20"), (1, "30"), (-5, "40")):
        clock.forward(hours=hour)
        book.write(amendments.amend, kept.id, "insertion.1.depth_mm", depth, "again")
    after = book.read(sessions.get, kept.id)
    assert after.insertions[0].depth_mm == 40
    assert [(made.old, made.new) for made in after.amendments] == [("35", "20"), ("20", "30"), ("30", "40")]


def test_amendments_of_one_moment_keep_their_order(book: Logbook, kept: Session) -> None:
    for depth in range(20, 30):
        book.write(amendments.amend, kept.id, "insertion.1.depth_mm", str(depth), "again")
    after = book.read(sessions.get, kept.id)
    assert after.insertions[0].depth_mm == 29
    assert [made.new for made in after.amendments] == [str(depth) for depth in range(20, 30)]


def test_who_amended_is_kept(book: Logbook, kept: Session) -> None:
    book.write(clinic.add, PractitionerDraft("DN002", "Bo"))
    after = book.acting("DN002").write(amendments.amend, kept.id, "note", "other", "why")
    assert (after.amendments[0].by, after.signed_by) == ("DN002", "DN001")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("mood", "x", "'mood': no such field in session 1; there are: note, plan"),
        ("reading.nprs", "5", "no such field"),
        ("insertion.2.depth_mm", "5", "no such field"),
        ("reading.nprs.before", "11", "NPRS 11 lies outside 0 to 10"),
        ("reading.nprs.before", "a lot", "value: 'a lot' is not a number"),
        ("reading.nprs.before", "nan", "is not a number"),
        ("reading.nprs.before", "5.5", "finer than its step"),
        ("insertion.1.depth_mm", "61", "Depth 61 mm is more than the needle's length"),
        ("insertion.1.depth_mm", "2.5", "depth_mm: '2.5' is not a whole number"),
        ("insertion.1.depth_mm", "1e999999", "is not a whole number"),
        ("insertion.1.insertions", None, "insertions: cannot be taken back"),
        ("insertion.1.technique", "magic", "technique: say one of FIFO"),
        ("insertion.1.twitch", "jump", "twitch: say one of none"),
        ("insertion.1.familiar_pain", "perhaps", "familiar_pain: say yes or no"),
        ("insertion.1.zone", "9", "has no zone 9"),
        ("needles.inserted", "201", "is not between 0 and 200"),
        ("note", "a\x00", "note: character 2"),
    ],
)
def test_an_impossible_correction_is_refused(
    book: Logbook, kept: Session, field: str, value: str | None, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        book.write(amendments.amend, kept.id, field, value, "why")
    assert book.read(sessions.get, kept.id) == kept


def test_a_correction_needs_a_reason(book: Logbook, kept: Session) -> None:
    with pytest.raises(BadInput, match="reason: must not be empty"):
        book.write(amendments.amend, kept.id, "note", "other", "  ")
    assert book.read(sessions.get, kept.id).amendments == ()


def test_a_correction_that_changes_nothing_is_refused_without_telling_the_text(
    book: Logbook, kept: Session
) -> None:
    with pytest.raises(Refused, match="note: this is the value already") as caught:
        book.write(amendments.amend, kept.id, "note", kept.note, "why")
    assert samples.CANARY not in str(caught.value)


def test_a_draft_is_edited_not_amended(book: Logbook) -> None:
    draft = samples.begin(book, "P-002")
    with pytest.raises(Refused, match="session 1 is draft; only a signed one is amended"):
        book.write(amendments.amend, draft.id, "note", "x", "why")


def test_readings_of_two_contacts_are_told_apart(book: Logbook, clock: SetClock, kept: Session) -> None:
    for pain in (3, 2):
        clock.forward(days=1)
        asked = Inquiry("follow_up", "open", "patient", "none")
        book.write(followups.record, kept.id, asked, (samples.pain(pain),))
    after = book.write(amendments.amend, kept.id, "reading.nprs.follow_up.2", "1", "misheard")
    told = [reading.value for reading in after.readings if reading.stage == "follow_up"]
    assert told == [3, 1]
    after = book.write(amendments.amend, kept.id, "reading.nprs.follow_up", "4", "misheard")
    assert [reading.value for reading in after.readings if reading.stage == "follow_up"] == [4, 1]
