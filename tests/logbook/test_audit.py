"""Reading the audit trail: pages, what is looked for, and what one entry wrote, without anybody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import clients
import pytest
from samples import CANARY, admit, followed, person, signed, visited

from hiplog.clinical.errors import NotFound
from hiplog.logbook import amendments, audit, entry, patients, trail
from hiplog.logbook.book import Logbook
from hiplog.logbook.entry import Entry
from hiplog.logbook.trail import Asked, Line
from hiplog.settings import Settings


def pages(book: Logbook, wanted: Asked = Asked(), limit: int = 7) -> list[Line]:  # noqa: B008 - frozen
    """Every line, page by page."""
    lines: list[Line] = []
    after = None
    while True:
        page = book.read(trail.page, wanted, after, limit)
        assert len(page.lines) <= limit
        lines += page.lines
        after = page.after
        if after is None:
            return lines


def found(book: Logbook, text: str) -> list[Line]:
    return pages(book, trail.asked(text))


def newest(book: Logbook, action: str) -> Entry:
    line = next(one for one in pages(book) if one.action == action)
    return book.read(entry.read, line.chain, line.seq)


@pytest.mark.both_databases
@pytest.mark.grown(by=followed)
def test_pages_bring_every_entry_once_and_newest_first(book: Logbook) -> None:
    for number in range(5):
        book.write(lambda unit, n: unit.access("look", "bundle", None, n=n), number)
        book.clock.now += timedelta(minutes=1)  # type: ignore[attr-defined]
        admit(book, f"X-{number}")
    known = {(one.chain, one.seq) for one in book.read(audit.events, 10_000)}
    for limit in (1, 7, len(known), 10_000):
        lines = pages(book, limit=limit)
        assert len(lines) == len(known)
        assert {(one.chain, one.seq) for one in lines} == known
        times = [one.at for one in lines if one.at]
        assert times == sorted(times, reverse=True)
        record = [one.seq for one in lines if one.chain == "record"]
        assert record == sorted(record, reverse=True)


@pytest.mark.both_databases
@pytest.mark.grown(by=followed)
def test_words_find_actor_action_entity_and_chart_code(book: Logbook) -> None:
    assert {one.action for one in found(book, "amend")} == {"session.amend"}
    assert {one.actor for one in found(book, "dn001")} == {"DN001"}
    assert found(book, "dn009") == []
    of_second = found(book, "P-002 session")
    assert of_second and {one.about for one in of_second} == {"P-002 visit 1"}
    assert [one.about for one in found(book, "patient.add p-001")] == ["P-001", "P-001"]


@pytest.mark.parametrize("text", ["%", "_x_", "'", "\\", "[red]", "session%"])
@pytest.mark.both_databases
@pytest.mark.grown(by=visited)
def test_signs_that_a_query_would_obey_are_only_text(book: Logbook, text: str) -> None:
    assert found(book, text) == []


@pytest.mark.both_databases
def test_a_period_counts_days_of_the_clinic(book: Logbook) -> None:
    book.clock.now += timedelta(hours=11, minutes=30)  # type: ignore[attr-defined]
    admit(book)  # 23:30 UTC on 2 March is 3 March in Berlin
    assert {one.action for one in found(book, "2026-03-03")} >= {"patient.add", "episode.open"}
    assert "patient.add" not in {one.action for one in found(book, "2026-03-02")}
    assert found(book, "2026-04..") == []
    assert len(found(book, "2026")) == len(found(book, "2026-03-02..2026-03-03")) == len(pages(book))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-1", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02-", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-2", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02-31", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-13", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-03-02..2026-04", date(2026, 3, 2), date(2026, 4, 30)),
        ("2026-03..", date(2026, 3, 1), None),
        ("0000", date(1900, 1, 1), date(1900, 12, 31)),
        ("sign", None, None),
    ],
)
def test_a_period_reads_at_every_letter(text: str, since: date | None, until: date | None) -> None:
    asked = trail.asked(text)
    assert (asked.since, asked.until) == (since, until)
    assert asked.words == (("sign",) if since is None else ())


def test_the_earliest_and_latest_year_can_be_asked_for(book: Logbook) -> None:
    assert found(book, "0000") == found(book, "9999") == []


# -- one entry -------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.grown(by=visited)
def test_an_entry_tells_each_field_before_and_after(book: Logbook) -> None:
    told = newest(book, "session.sign")
    assert (told.line.about, told.state, told.zone) == ("P-001 visit 1", "kept", "Europe/Berlin")
    fields = {
        (change.table, one.name): (one.old, one.new) for change in told.changes for one in change.fields
    }
    assert fields["sessions", "status"] == ("draft", "signed")
    assert fields["sessions", "signed_by"][0] is None
    assert ("sessions", "number") not in fields
    assert fields["signatures", "meaning"] == (None, "author")
    assert fields["signatures", "printed_name"] == (None, "text of 9 characters")


@pytest.mark.both_databases
@pytest.mark.grown(by=followed)
def test_free_text_is_told_by_its_length_and_codes_as_they_are(book: Logbook) -> None:
    kept = next(one for one in book.read(patients.everyone) if one.code == "P-001")
    session = next(one for one in pages(book) if one.action == "session.sign").entity_id or ""
    book.write(amendments.amend, session, "insertion.1.depth_mm", "30", "typing error")
    values = {one.name: (one.old, one.new) for one in newest(book, "session.amend").changes[0].fields}
    assert values["old_value"] == (None, "35") and values["new_value"] == (None, "30")
    assert values["reason"] == (None, "text of 12 characters")
    book.write(amendments.amend, session, "note", f"{kept.family} felt well", "typing error")
    values = {one.name: (one.old, one.new) for one in newest(book, "session.amend").changes[0].fields}
    assert values["new_value"] == (None, f"text of {len(kept.family) + 10} characters")


@pytest.mark.both_databases
@pytest.mark.grown(by=visited)
def test_no_entry_tells_a_name(book: Logbook) -> None:
    book.write(patients.edit, replace(book.read(patients.get, "P-001"), given="Anna"))
    told = [book.read(entry.read, one.chain, one.seq) for one in pages(book)]
    assert CANARY not in repr(told) and "1980" not in repr(told)
    identity = newest(book, "patient.add.identity")
    masked = {one.name: one.new for one in identity.changes[0].fields}
    assert masked["family"] == masked["given"] == masked["birth"] == "•••"
    assert "phone" not in masked


def test_what_an_access_told_is_listed(book: Logbook) -> None:
    book.write(lambda unit: unit.access("export", "bundle", None, profile="deidentified", head={"seq": 3}))
    assert newest(book, "export").facts == (("head", "seq 3"), ("profile", "deidentified"))


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("UPDATE audit_payloads SET body = 'no json' WHERE seq = {seq}", "unreadable"),
        ("UPDATE audit_payloads SET body = '[1]' WHERE seq = {seq}", "unreadable"),
        ("UPDATE audit_payloads SET body = NULL WHERE seq = {seq}", "lost"),
        ("DELETE FROM audit_payloads WHERE seq = {seq}", "lost"),
    ],
)
@pytest.mark.both_databases
@pytest.mark.grown(by=visited)
def test_an_entry_that_was_spoilt_says_so(
    book: Logbook, places: Settings, statement: str, state: str
) -> None:
    seq = newest(book, "session.edit").line.seq
    with clients.unguarded(places) as execute:
        execute(statement.format(seq=seq))
    assert book.read(entry.read, "record", seq).state == state
    assert newest(book, "session.sign").changes


def test_an_erased_identity_is_no_loss(book: Logbook, places: Settings) -> None:
    book.write(patients.add, person())
    seq = newest(book, "patient.add.identity").line.seq
    with clients.unguarded(places) as execute:
        execute(f"UPDATE audit_payloads SET body = NULL, salt = NULL WHERE seq = {seq}")
    assert book.read(entry.read, "record", seq).state == "erased"


def test_a_spoilt_time_hides_nothing(book: Logbook, places: Settings) -> None:
    signed(book)
    before = len(pages(book))
    with clients.unguarded(places) as execute:
        execute("UPDATE audit_log SET at = 'yesterday' WHERE seq = 3 AND chain = 'record'")
    lines = pages(book)
    assert len(lines) == before
    assert next(one for one in lines if one.seq == 3).at is None


def test_an_entry_that_is_not_there_is_refused(book: Logbook) -> None:
    with pytest.raises(NotFound, match="no entry 999"):
        book.read(entry.read, "record", 999)
