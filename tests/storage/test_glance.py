"""The quick look before the first paint shows what the ordinary query shows, or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import samples
import vaults
from clocks import NOON, SetClock
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from hiplog import settings
from hiplog.clinical.record import Inquiry, PractitionerDraft
from hiplog.logbook import clinic, erasure, followups, sessions, users, waiting, worklist
from hiplog.logbook.book import Logbook
from hiplog.storage.engine import open_file
from tests.benchmarks import clinic as recipe

END = date(2026, 3, 2)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """A small clinic of eight years, kept by the benchmarks' recipe."""
    place = tmp_path_factory.mktemp("grown")
    recipe.build(place, 60, today=END)
    book = Logbook.open(settings.load(at=str(place), environ={}))
    yield book
    book.close()


def assert_same(book: Logbook) -> worklist.Today:
    """What both ways say now."""
    seen = waiting.first(book.settings, book.clock())
    assert seen is not None
    today = book.read(worklist.today)
    assert seen.today == replace(today, requests=())
    assert (seen.clinic, seen.actor) == (book.clinic.name, book.actor)
    return today


@effort(max_examples=60, deadline=None)
@given(st.integers(0, 8 * 365 * 24 * 60), st.sampled_from([None, "DN01", "dn07", "DN12"]))
def test_at_any_minute_of_eight_years_it_is_the_ordinary_worklist(
    grown: Logbook, minutes: int, actor: str | None
) -> None:
    now = datetime(END.year, END.month, END.day, 23, 30, tzinfo=UTC) - timedelta(minutes=minutes)
    book = Logbook.open(replace(grown.settings, actor=actor), lambda: now)
    today = assert_same(book)
    assert minutes > 60 or today.recent
    book.close()


STEPS = ("begin", "sign", "void", "follow", "erase", "wait")


@effort(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 80)), max_size=12))
def test_after_whatever_was_done_it_is_the_ordinary_worklist(
    blank_logbook: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    at = settings.load(at=str(tmp_path_factory.mktemp("steps")), environ={})
    settings.private_folder(at.path.parent)
    at.path.write_bytes(blank_logbook.read_bytes())
    clock = SetClock(NOON)
    book = Logbook.open(at, clock)
    for number, (step, hours) in enumerate(steps):
        one_step(book, clock, step, hours, f"P-{number:03}")
        assert_same(book)
    book.close()


def one_step(book: Logbook, clock: SetClock, step: str, hours: int, code: str) -> None:
    """Something happens, where there is anything for it to happen to."""
    today = book.read(worklist.today)
    done, waits = (*today.signed_today, *today.recent), (*today.due, *today.overdue)
    if step == "begin":
        samples.begin(book, code)
    elif step == "sign":
        samples.signed(book, code)
    elif step == "void" and done:
        book.write(sessions.void, done[0].session_id, "wrong patient")
    elif step == "follow" and waits:
        book.write(followups.record, waits[0].session_id, Inquiry("follow_up", "open", "patient", "none"))
    elif step == "erase" and done and done[-1].name != done[-1].code:
        erasure.erase(book, done[-1].code, done[-1].code, "asked for it")
    else:
        clock.forward(hours=hours)


def test_somebody_who_must_prove_who_that_is_sees_nothing_before(book: Logbook) -> None:
    assert waiting.first(book.settings, NOON) is not None
    users.set_passphrase(book, "DN001", vaults.PASSPHRASE)
    assert waiting.first(book.settings, NOON) is None


@pytest.mark.parametrize("actor", ["DN999", "AU1", "DN002"])
def test_who_is_unknown_disabled_or_may_see_no_names_sees_nothing_before(book: Logbook, actor: str) -> None:
    book.write(clinic.add, PractitionerDraft(code="AU1", name="Auditor", role="auditor"))
    book.write(clinic.add, PractitionerDraft(code="DN002", name="Gone"))
    book.write(clinic.set_active, "DN002", False)
    assert waiting.first(replace(book.settings, actor=actor), NOON) is None


def test_an_encrypted_a_missing_and_a_damaged_logbook_show_nothing_before(
    book: Logbook, tmp_path: Path
) -> None:
    at = settings.load(at=str(tmp_path / "vault"), environ={})
    settings.private_folder(at.path.parent)
    vaults.lay(at)
    assert waiting.first(at, NOON) is None
    assert waiting.first(replace(at, database=str(tmp_path / "nothing.db")), NOON) is None
    assert waiting.first(replace(at, database="postgresql://nowhere/hiplog"), NOON) is None
    book.close()
    book.settings.path.write_bytes(book.settings.path.read_bytes()[:5000])
    assert waiting.first(book.settings, NOON) is None


@pytest.mark.parametrize(
    "change", ["UPDATE alembic_version SET version_num = '9999'", "DELETE FROM clinic_settings"]
)
def test_another_version_or_a_clinic_without_its_name_shows_nothing_before(
    book: Logbook, change: str
) -> None:
    raw = open_file(book.opening)
    raw.execute(change)
    raw.close()
    assert waiting.first(book.settings, NOON) is None


def test_what_was_saved_a_moment_ago_and_is_still_in_the_log_is_seen(book: Logbook) -> None:
    draft = samples.begin(book)
    assert book.settings.path.with_name("hiplog.db-wal").stat().st_size
    assert [item.session_id for item in assert_same(book).drafts] == [draft.id]
    assert book.write(sessions.save, samples.complete(draft), draft.version)


def test_it_leaves_the_file_as_it_was_and_loads_no_database_library(places: settings.Settings) -> None:
    before = places.path.read_bytes()
    code = (
        "import sys, json\n"
        "from datetime import datetime, UTC\n"
        "from hiplog import settings\n"
        "from hiplog.logbook import waiting\n"
        f"seen = waiting.first(settings.load(at={str(places.path.parent)!r}, environ={{}}), datetime.now(UTC))\n"
        "print(json.dumps([seen.actor, sorted(m for m in sys.modules if m.split('.')[0] == 'sqlalchemy')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["DN001", []]
    assert places.path.read_bytes() == before
