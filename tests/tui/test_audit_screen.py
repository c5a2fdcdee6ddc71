"""The audit screen: does the trail hold, who wrote what, how complete, and out into a bundle."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import clients
import pytest
from driving import SIZES, Driver, running
from samples import CANARY, admit, begin, followed, signed, visited

from hiplog.clinical.record import PractitionerDraft
from hiplog.exchange import demo, verify
from hiplog.logbook import archive, audit, clinic, patients
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui.screens.audit.screen import AuditScreen
from hiplog.tui.screens.session.screen import SessionScreen
from hiplog.tui.screens.today.screen import TodayScreen

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def small_clinic(folder: Path) -> Logbook:
    from hiplog import settings

    return demo.make(settings.load(at=str(folder), environ={}), patients=12, now=NOW, clock=lambda: NOW)


@pytest.fixture(scope="module")
def demo_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """An invented clinic to look around in; nothing is written into it."""
    made = small_clinic(tmp_path_factory.mktemp("demo"))
    yield made
    made.close()


def screen(tui: Driver) -> AuditScreen:
    assert isinstance(tui.app.screen, AuditScreen)
    return tui.app.screen


async def until(tui: Driver, words: str) -> None:
    """Wait for ``words`` on the screen while work goes on beside the desk."""
    for _ in range(500):
        if words in tui.text or words in tui.notices:
            await tui.pilot.pause()
            return
        await tui.pilot.pause(0.02)
    raise AssertionError(f"{words!r} never came:\n{tui.text}")


async def export_form(tui: Driver, folder: Path, *keys: str) -> None:
    """Open the export, press ``keys``, and name the folder in the last field."""
    await tui.press("f4", "e", *keys)
    tui.app.screen.query_one("#in-folder").value = str(folder)  # type: ignore[attr-defined]
    await tui.rest()


# -- the trail -------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.grown(by=followed)
async def test_a_whole_trail_says_so_with_both_heads(book: Logbook, size: tuple[int, int]) -> None:
    record, access = book.read(audit.heads)
    async with running(book, size) as tui:
        await tui.press("f4")
        assert f"✓ ok: {record.seq} entries follow one another and match the record" in tui.text
        assert f"checked {book.clock().astimezone(UTC).hour + 1}:00" in tui.text
        for head in (record, access):
            assert " ".join(head.row_hash[at : at + 4] for at in (0, 4, 8, 12)) in tui.text
        assert all(len(line) <= size[0] for line in tui.lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.grown(by=visited)
async def test_a_tampered_row_is_named(book: Logbook, places: Settings, size: tuple[int, int]) -> None:
    async with running(book, size) as tui:
        await tui.press("f4")
        assert "✓ ok" in tui.text
        with clients.unguarded(places) as execute:
            (key,) = execute("SELECT id FROM readings WHERE stage = 'before'")[0]
            execute(f"UPDATE readings SET value = 1 WHERE id = '{key}'")
            execute("UPDATE audit_log SET actor = 'DN009' WHERE action = 'session.sign'")
        await tui.press("v")
        assert "! not ok: 2 things are wrong" in tui.text
        assert f"! altered-row, readings {key[:8]}: value differ from what entry" in tui.text
        assert "altered-payload, record" in tui.text
        assert tui.line_with("session.sign").startswith(" !") and "DN009" in tui.line_with("session.sign")
        assert "! " not in tui.line_with("session.edit")[:3]
        await tui.press("w")
        assert "What is wrong" in tui.text and "altered-payload" in tui.text


async def test_the_check_runs_beside_the_desk(book: Logbook, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    real = audit.verify

    def slow(unit: Any) -> Any:
        assert gate.wait(20)
        return real(unit)

    monkeypatch.setattr(audit, "verify", slow)
    async with running(book) as tui:
        tui.send("f4")
        await until(tui, "checking every entry")
        await until(tui, "clinic.found")
        tui.send("f2")
        await until(tui, "Nothing waits today.")
        await tui.app.desk.write(patients.add, draft("P-9"))
        gate.set()
        tui.send("f4")
        await until(tui, "✓ ok")
        await until(tui, "patient.add")


def draft(code: str) -> Any:
    from samples import person

    return person(code)


async def test_entries_since_the_check_are_told(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.press("f4", "f2")
        admit(book)
        await tui.press("f4")
        assert "; 3 since 13:00" in tui.text
        await tui.press("v")
        assert "since" not in tui.line_with("✓ ok")


# -- the log ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.grown(by=followed)
async def test_an_entry_opens_with_old_and_new_and_no_name(book: Logbook, size: tuple[int, int]) -> None:
    async with running(book, size) as tui:
        await tui.press("f4", "/")
        await tui.type("session.sign p-001")
        assert "Log: 1, newest first, with “session.sign” “p-001”" in tui.text
        await tui.press("enter", "enter")
        assert "of the record chain" in tui.text and "DN001, 2026-03-02 13:00 Europe/Berlin" in tui.text
        assert "draft → signed" in tui.text
        await tui.press("escape", "/", *["backspace"] * 18)
        await tui.type("identity")
        await tui.press("down", "enter")
        assert "family            •••" in tui.text and "given             •••" in tui.text
        assert CANARY not in tui.text


async def test_the_filter_follows_every_letter_and_escape_clears_it(demo_clinic: Logbook) -> None:
    async with running(demo_clinic) as tui:
        await tui.press("f4")
        whole = len(screen(tui)._lines)
        await tui.press("/")
        await tui.type("dn001 enter")
        assert {line.actor for line in screen(tui)._lines} == {"DN001"}
        await tui.type(" zzz")
        assert "No entry fits" in tui.text
        await tui.press("escape")
        assert len(screen(tui)._lines) == whole and not screen(tui).finder.display
        await tui.press("/")
        await tui.type("2026-11")
        assert "from 2026-11-01 to 2026-11-30" in tui.text
        assert all(line.at and line.at.month >= 10 for line in screen(tui)._lines)


async def test_the_log_comes_page_by_page(demo_clinic: Logbook) -> None:
    entries = len(demo_clinic.read(audit.events, 10_000))
    assert entries > 110
    async with running(demo_clinic) as tui:
        await tui.press("f4")
        assert len(screen(tui)._lines) == 100 and "Log: 100 and older ones" in tui.text
        await tui.press("G")
        await tui.press("G")
        assert len(screen(tui)._lines) == min(entries, 300) or len(screen(tui)._lines) == entries
        assert screen(tui).choices.option_count == len(screen(tui)._lines)
        keys = [(line.chain, line.seq) for line in screen(tui)._lines]
        assert len(set(keys)) == len(keys)


@pytest.mark.grown(by=visited)
async def test_wide_terminals_show_the_entry_under_the_cursor(book: Logbook) -> None:
    async with running(book, (120, 36)) as tui:
        await tui.press("f4")
        assert "patient.edit.identity   P-001" in tui.text
        await tui.press("j", "j")
        assert "draft → signed" in tui.text


# -- moving about ----------------------------------------------------------------------------------


async def test_escape_returns_to_the_session_and_f2_to_the_worklist(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter")
        assert isinstance(tui.app.screen, SessionScreen)
        await tui.press("f4")
        assert screen(tui)
        await tui.press("escape")
        assert isinstance(tui.app.screen, SessionScreen)
        await tui.press("f4", "f2")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_every_key_has_a_name_and_the_footer_six_at_most(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.press("f4")
        own = [b for b in AuditScreen.BINDINGS if getattr(b, "id", None)]
        assert len(own) == len(AuditScreen.BINDINGS) and all(b.tooltip for b in own)  # type: ignore[union-attr]
        footer = tui.lines[-1]
        shown = [b for b in tui.app.screen.active_bindings.values() if b.binding.show and b.enabled]
        assert len({b.binding.action for b in shown}) <= 6
        assert "e Export" in footer and "v Check" in footer
        await tui.press("f1")
        assert "Write the audit bundle" in tui.text


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (1, 1)])
async def test_a_tiny_terminal_shows_less_and_never_fails(book: Logbook, size: tuple[int, int]) -> None:
    signed(book)
    async with running(book, size) as tui:
        await tui.press(
            "f4", "j", "enter", "escape", "/", "x", "escape", "v", "c", "e", "escape", "w", "escape"
        )
        assert tui.text.count("\n") + 1 == size[1]


async def test_hostile_codes_are_only_ever_text(book: Logbook, places: Settings) -> None:
    admit(book)
    with clients.unguarded(places) as execute:
        execute("UPDATE audit_log SET actor = '[red]x[/', action = '\x1b[2Jgone\u202e' WHERE seq = 3")
        execute("UPDATE audit_log SET at = 'soon' WHERE seq = 2")
    async with running(book, (120, 36)) as tui:
        await tui.press("f4")
        assert "[red]x" in tui.text and "␛[2Jgone" in tui.text and "no readable time" in tui.text
        assert "\x1b" not in tui.text and "\u202e" not in tui.text
        await tui.press("j", "enter", "escape", "j", "enter")
        assert "! altered-" in tui.text


# -- completeness ----------------------------------------------------------------------------------


async def test_few_sessions_have_no_rate(book: Logbook) -> None:
    signed(book)
    async with running(book) as tui:
        await tui.press("f4")
        assert tui.line_with("consent given").split()[-6:] == ["1/1", "too", "few", "for", "a", "rate"]
        assert "none yet" in tui.line_with("followed up")
        await tui.press("c")
        assert "consent given" not in tui.text


async def test_many_sessions_have_a_rate_with_its_interval(demo_clinic: Logbook) -> None:
    from hiplog.outcomes import completeness

    row = next(one for one in demo_clinic.read(completeness.of) if one.rule == "pain_after")
    assert row.rate is not None and row.interval is not None and row.denominator >= 10
    async with running(demo_clinic) as tui:
        await tui.press("f4")
        line = tui.line_with("pain afterwards measured")
        assert f"{row.passed}/{row.denominator}" in line
        assert f"{100 * row.rate:.0f} %" in line
        assert f"{100 * row.interval[0]:.0f}–{100 * row.interval[1]:.0f}" in line


# -- export ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.grown(by=followed)
async def test_an_export_verifies_and_says_where_it_went(
    book: Logbook, clock: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    clock.forward(minutes=1)
    target = tmp_path / "out" / "for the auditor"
    async with running(book, size) as tui:
        await export_form(tui, target)
        assert "in 22 tables, without names" in tui.text and "sessions" in tui.text
        told = int(tui.line_with("audit_log").split("audit_log")[1].split()[0])
        assert told == book.read(audit.heads)[0].seq
        assert "goes into" in tui.text and not target.exists()
        tui.send("ctrl+s")
        await until(tui, "The bundle is written")
        command = f"hiplog verify '{target}'"
        assert "No names and no free text" in tui.text
        await tui.press("c")
        assert tui.app.clipboard == command
        await tui.press("enter")
        assert "export" in tui.line_with("access #1")
    assert verify.check(target).ok
    made = json.loads((target / "manifest.json").read_text())
    assert made["profile"] == "deidentified" and not (target / "data" / "patients_identity.csv").exists()
    tables = {one["file"]: one["rows"] for one in made["tables"]}
    assert tables["data/audit_log.csv"] == told


@pytest.mark.grown(by=followed)
async def test_a_bundle_with_names_needs_a_reason(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "named"
    async with running(book) as tui:
        await export_form(tui, target, "tab", "tab", "i")
        assert "with names" in tui.text and "in 24 tables" in tui.text
        await tui.press("ctrl+s")
        assert "✗ identified: say why names leave the logbook" in tui.text
        assert not target.exists()
        await tui.press("tab")
        await tui.type("court order")
        tui.send("ctrl+s")
        await until(tui, "It holds names: keep it as safe as the logbook")
    assert CANARY in (target / "data" / "patients_identity.csv").read_text()
    assert verify.check(target).ok
    assert json.loads((target / "manifest.json").read_text())["request"]["reason"] == "court order"


@pytest.mark.grown(by=followed)
async def test_a_therapist_gets_no_names_and_that_is_logged(book: Logbook, tmp_path: Path) -> None:
    book.write(clinic.add, PractitionerDraft("DN002", "Bo"))
    target = tmp_path / "named"
    async with running(book.acting("DN002")) as tui:
        await export_form(tui, target, "tab", "tab", "i", "tab")
        await tui.type("curious")
        tui.send("ctrl+s")
        await until(tui, "needs an owner, DN002 is a therapist")
    assert not target.exists()
    assert book.read(audit.events, 1, "access")[0].action == "export.refused"


@pytest.mark.grown(by=followed)
async def test_days_and_copy_are_taken_and_a_wrong_day_is_told(book: Logbook, tmp_path: Path) -> None:
    target = tmp_path / "march"
    async with running(book) as tui:
        await export_form(tui, target)
        await tui.type("2026-03-31")
        await tui.press("tab")
        await tui.type("2026-03-01")
        assert "○ the first day lies after the last" in tui.text
        await tui.press("shift+tab", *["backspace"] * 12)
        await tui.type("soon")
        assert "no date" in tui.text
        await tui.press(*["backspace"] * 4)
        await tui.type("2026-02-01")
        assert "1 February 2026" in tui.text
        assert tui.line_with("sessions").split("sessions")[1].split()[0] == "0"
        await tui.press("tab", "tab", "tab", "tab", "backspace", "backspace", "y")
        assert "twice: plain and for spreadsheets" in tui.text
        tui.send("ctrl+s")
        await until(tui, "The bundle is written")
    assert (target / "excel" / "sessions.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    made = json.loads((target / "manifest.json").read_text())
    assert (made["since"], made["until"]) == ("2026-02-01", "2026-03-01")


async def test_a_folder_with_other_things_is_not_touched(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    async with running(book) as tui:
        await export_form(tui, tmp_path)
        tui.send("ctrl+s")
        await until(tui, "bundle;")
        await tui.press("escape")
        assert screen(tui)
    assert (tmp_path / "letter.txt").read_text() == "dear"


class SlowDisk:
    """Holds the export at one table until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, table: str) -> None:
        self.there, self.go_on = threading.Event(), threading.Event()
        real = archive.written

        def written(unit: Any, name: str, *more: Any, **days: Any) -> Any:
            if name == table:
                self.there.set()
                assert self.go_on.wait(20)
            return real(unit, name, *more, **days)

        monkeypatch.setattr(archive, "written", written)


@pytest.mark.grown(by=followed)
async def test_a_stopped_export_leaves_nothing(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, target = SlowDisk(monkeypatch, "insertions"), tmp_path / "out" / "bundle"
    async with running(book) as tui:
        await export_form(tui, target)
        tui.send("ctrl+s")
        await until(tui, "writing")
        assert disk.there.wait(10) and "Esc: stop" in tui.text
        assert await tui.app.desk.read(patients.everyone)  # the desk is free meanwhile
        tui.send("escape")
        await until(tui, "Stop, and leave nothing of it?")
        tui.send("n")
        await until(tui, "Esc: stop")
        tui.send("escape")
        await until(tui, "Stop, and leave nothing of it?")
        tui.send("y")
        disk.go_on.set()
        await until(tui, "stopped: no bundle was written")
        assert list((tmp_path / "out").iterdir()) == []
        tui.send("ctrl+s")
        await until(tui, "The bundle is written")
    assert verify.check(target).ok
    assert [e.action for e in book.read(audit.events, 9, "access")] == ["export"]


@pytest.mark.grown(by=followed)
async def test_an_export_that_ends_while_one_is_asked_is_told(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, target = SlowDisk(monkeypatch, "audit_log"), tmp_path / "bundle"
    async with running(book) as tui:
        await export_form(tui, target)
        tui.send("ctrl+s")
        await until(tui, "writing")
        tui.send("escape")
        await until(tui, "Stop, and leave nothing of it?")
        disk.go_on.set()
        await until(tui, "The bundle is written")
        await tui.press("enter")
        assert screen(tui)
    assert verify.check(target).ok


@pytest.mark.grown(by=followed)
async def test_leaving_asks_and_waits_for_the_bundle(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, target = SlowDisk(monkeypatch, "audit_log"), tmp_path / "bundle"
    async with running(book) as tui:
        await export_form(tui, target)
        tui.send("ctrl+s")
        await until(tui, "writing")
        tui.send("ctrl+q")
        await until(tui, "Something is still being saved")
        disk.go_on.set()
        tui.send("y")
    assert verify.check(target).ok


async def test_a_read_only_logbook_exports_nothing(book: Logbook) -> None:
    from dataclasses import replace

    async with running(replace(book, banner="This logbook is open for reading only.")) as tui:
        await tui.press("f4", "e")
        assert "An export could not be logged" in tui.notices and screen(tui)


async def test_a_demo_clinic_goes_out_whole(tmp_path: Path) -> None:
    book = small_clinic(tmp_path / "clinic")
    async with running(book, (120, 36)) as tui:
        await export_form(tui, tmp_path / "out")
        tui.send("ctrl+s")
        await until(tui, "The bundle is written")
    assert verify.check(tmp_path / "out").ok
