"""The first start by real keys: a clinic of one's own, encrypted or plain, or a look around first."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from clocks import SetClock
from driving import SIZES, Driver, running
from terminals import Command

from hiplog import settings
from hiplog.cli.context import Context
from hiplog.cli.first_start import FirstStart
from hiplog.cli.screen import Door
from hiplog.logbook import clinic, founding, vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys

WORDS = "four green hips singing"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}")


@pytest.fixture
def nothing(tmp_path: Path) -> Settings:
    """Settings of a place where no logbook is."""
    return settings.load(at=str(tmp_path / "clinic"), environ={})


@asynccontextmanager
async def welcomed(
    at: Settings, clock: SetClock, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Driver, Door]]:
    """The app as ``hiplog`` starts it where there is no logbook."""
    door = Door(at, Context(at, json=False, clock=clock), at_exit=True)
    start = FirstStart(door)
    async with running(door.open, size, open_with=door.open_with, founder=start) as tui:
        yield tui, door
    start.clear()


async def clinic_and_person(tui: Driver, zone: str = "Europe/Berlin") -> None:
    """The first two steps."""
    await tui.press("enter")
    await tui.type("Hip clinic")
    await tui.press("enter", "end", "ctrl+u")
    await tui.type(zone)
    await tui.press("enter", "d", "enter")
    await tui.type("Ada Moore")
    await tui.press("enter", "enter")


async def settled(tui: Driver) -> None:
    """Wait until the logbook stands."""
    for _ in range(400):
        if tui.app.desk.is_open:
            break
        await tui.pilot.pause(0.05)
    await tui.rest()


def flat(tui: Driver) -> str:
    return " ".join(tui.text.replace("│", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_an_encrypted_clinic_of_ones_own(
    nothing: Settings, clock: SetClock, size: tuple[int, int]
) -> None:
    async with welcomed(nothing, clock, size) as (tui, _):
        assert "There is no logbook yet at" in tui.text and "Look around first" in tui.text
        await clinic_and_person(tui)
        assert "step 3 of 6: who can read it" in tui.text and "Encrypted" in tui.text
        await tui.press("enter")
        await tui.type("password")
        assert "weak: whoever has the file guesses it" in flat(tui)
        await tui.press("end", "ctrl+u")
        await tui.type(WORDS)
        assert "fair" in tui.text or "strong" in tui.text
        assert WORDS not in tui.text
        await tui.press("enter")
        await tui.type(WORDS)
        await tui.press("enter")
        code = CODE.search(tui.text)
        assert code is not None
        await tui.type(code[0].lower().replace("-", ""))
        assert "right" in tui.line_with("type it back")
        await tui.press("enter")
        assert "step 6 of 6: all together" in tui.text
        for said in ("Hip clinic", "Europe/Berlin", "day first", "Ada Moore, DN001", "encrypted"):
            assert said in tui.text
        assert not nothing.path.exists()
        await tui.press("f1", "escape")
        assert "step 6 of 6: all together" in tui.text
        await tui.press("enter")
        await settled(tui)
        assert "Hip clinic" in tui.lines[0] and "not encrypted" not in tui.lines[0]
        assert "a  add a patient" in tui.text and "Nobody is in this logbook yet" in tui.text
        await tui.press("a")
        assert "Add a patient" in tui.text
        assert tui.app.desk.book.settings.date_order == "dmy"
    for secret in (WORDS, code[0]):
        book = Logbook.open(nothing, clock, key=vault.unlock(nothing, secret))
        assert book.read(clinic.practitioner, "DN001").name == "Ada Moore"
        book.close()
    again = settings.load(at=str(nothing.path.parent), environ={})
    assert again.date_order == "dmy"
    assert {one.name for one in nothing.path.parent.iterdir()} >= {
        "hiplog.db",
        "hiplog.db.keys",
        "config.toml",
    }
    assert not [one for one in nothing.path.parent.iterdir() if one.name.startswith(".")]


async def test_a_plain_one_says_so_plainly(nothing: Settings, clock: SetClock) -> None:
    async with welcomed(nothing, clock) as (tui, _):
        await clinic_and_person(tui)
        assert "reads every patient's name" in flat(tui)
        await tui.press("down", "enter")
        assert "step 4 of 4: all together" in tui.text and "! plain: readable" in tui.text
        await tui.press("enter")
        await settled(tui)
        assert "! not encrypted" in tui.lines[0]
    assert not keys.beside(nothing.path).exists()


async def test_what_is_wrong_is_told_beside_its_field_and_nothing_goes_on(
    nothing: Settings, clock: SetClock
) -> None:
    async with welcomed(nothing, clock) as (tui, _):
        await tui.press("enter", "enter")
        assert "✗ needed" in tui.line_with(" clinic  ")
        await tui.type("Hip clinic")
        await tui.press("enter", "end", "ctrl+u")
        await tui.type("Atlantis")
        assert "no zone holds these words" in tui.text
        await tui.press("enter", "end", "ctrl+u")
        await tui.type("new york")
        assert "America/New_York" in tui.text
        await tui.press("enter")
        assert "America/New_York" in tui.line_with("time zone")
        assert "now 07:00" in tui.line_with("time zone")
        await tui.type("x")
        await tui.press("enter")
        assert "✗ say d, m or y" in tui.line_with("dates")
        await tui.press("end", "ctrl+u", "m")
        assert "month first: 3 April 2026 is 4/3/2026" in flat(tui)
        await tui.press("enter", "enter")
        assert "✗ needed" in tui.line_with("your name")
        await tui.type("Ada Moore")
        await tui.press("enter", "end", "ctrl+u")
        await tui.type("D N")
        await tui.press("enter")
        assert "use letters, digits" in flat(tui)
        await tui.press("end", "ctrl+u")
        await tui.type("AM")
        await tui.press("enter", "enter")
        await tui.type("short")
        await tui.press("enter")
        assert "has 5 characters; take at least 8" in flat(tui)
        await tui.press("end", "ctrl+u")
        await tui.type(WORDS)
        await tui.press("enter")
        await tui.type(WORDS[:-1] + "G")
        await tui.press("enter")
        assert "✗ not yet the same" in flat(tui)
        await tui.press("backspace", "g", "enter")
        code = CODE.search(tui.text)
        assert code is not None
        wrong = "0" if code[0][10] != "0" else "1"
        await tui.type(code[0][:10] + wrong + code[0][11:])
        await tui.press("enter")
        assert "✗ group 3 is not what stands above" in flat(tui)
    assert not nothing.path.parent.exists()


async def test_steps_back_keep_everything_and_escape_makes_nothing(
    nothing: Settings, clock: SetClock
) -> None:
    async with welcomed(nothing, clock) as (tui, _):
        await clinic_and_person(tui)
        await tui.press("escape", "escape")
        assert "Hip clinic" in tui.text and "Europe/Berlin" in tui.text
        await tui.press("f1")
        assert "A step back" in tui.text
        await tui.press("escape")
        assert "step 1 of 6: the clinic" in tui.text
        await tui.press("f2", "f3", "f4", "ctrl+l")
        assert "step 1 of 6: the clinic" in tui.text
        await tui.press("escape", "escape")
        assert "Nothing was made." in tui.text
        await tui.press("n")
        assert "Look around first" in tui.text
        await tui.press("escape")
        tui.send("y")
        await tui.pilot.pause()
        assert tui.app.return_code == 0
    assert not nothing.path.parent.exists()


async def test_the_recovery_code_can_be_printed_and_goes_with_its_wizard(
    nothing: Settings, clock: SetClock
) -> None:
    page = nothing.path.with_name("recovery-code.txt")
    async with welcomed(nothing, clock) as (tui, _):
        await clinic_and_person(tui)
        await tui.press("enter")
        await tui.type(WORDS)
        await tui.press("enter")
        await tui.type(WORDS)
        await tui.press("enter", "ctrl+s")
        code = CODE.search(tui.text)
        assert code is not None and code[0] in page.read_text()
        assert page.stat().st_mode & 0o077 == 0
        assert "Print it, then delete it" in flat(tui)
        await tui.press(*["escape"] * 6)
        tui.send("y")
        await tui.pilot.pause()
    assert not page.exists()


async def test_looking_around_first_leaves_nothing_behind(nothing: Settings, clock: SetClock) -> None:
    async with welcomed(nothing, clock) as (tui, door):
        await tui.press("down")
        tui.send("enter")
        await settled(tui)
        assert "Demo clinic" in tui.lines[0]
        folder = Path(door.settings.database).parent
        assert folder.is_dir() and door.settings.look == nothing.look
        assert tui.app.invented and not door.at_exit
    assert not folder.exists() and not nothing.path.parent.exists()


async def test_a_place_that_fills_up_meanwhile_is_not_written_over(
    nothing: Settings, clock: SetClock
) -> None:
    async with welcomed(nothing, clock) as (tui, _):
        await clinic_and_person(tui)
        await tui.press("down", "enter")
        settings.private_folder(nothing.path.parent)
        nothing.path.write_text("mine")
        await tui.press("enter")
        assert "nothing was written over it" in flat(tui)
        assert not nothing.config.exists()
        nothing.path.unlink()
        await tui.press("enter")
        await settled(tui)
        assert "Hip clinic" in tui.lines[0]


def test_on_a_real_terminal_hiplog_alone_asks_and_makes(nothing: Settings) -> None:
    terminal = Command(nothing)
    terminal.until("Look around first")
    terminal.keys("\r")
    terminal.until("step 1 of 6")
    terminal.keys("Hip clinic\r\x15UTC\rd\r")
    terminal.until("step 2 of 6")
    terminal.keys("Ada Moore\r\r")
    terminal.until("step 3 of 6")
    terminal.keys("\x1b[B\r")
    terminal.until("step 4 of 4")
    assert not nothing.path.parent.exists()
    terminal.keys("\r")
    terminal.until("Nobody is in this logbook yet")
    terminal.keys("\x11")
    assert terminal.end() == 0
    book = Logbook.open(nothing)
    assert (book.clinic.name, book.clinic.zone, book.actor) == ("Hip clinic", "UTC", "DN001")
    book.close()


def test_a_wizard_that_is_killed_has_made_nothing(nothing: Settings) -> None:
    terminal = Command(nothing)
    terminal.until("Look around first")
    terminal.keys("\rHip clinic\r\x15UTC\rd\r")
    terminal.until("step 2 of 6")
    terminal.running.kill()
    assert terminal.end() == -signal.SIGKILL
    assert not nothing.path.parent.exists()


def wanted(passphrase: str | None = None) -> founding.Founding:
    first = founding.PractitionerDraft("DN001", "Ada Moore")
    return founding.Founding("Hip clinic", "UTC", "ymd", first, passphrase, founding.code())


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_killed_at_any_moment_there_is_a_whole_logbook_or_none(
    nothing: Settings, clock: SetClock, passphrase: str | None
) -> None:
    """Kills spread over the whole of the making; the next start goes on from whatever is there."""
    begun = time.monotonic()
    founding.found(nothing, wanted(passphrase), clock).close()
    takes = time.monotonic() - begun
    nothing.path.unlink()
    keys.beside(nothing.path).unlink(missing_ok=True)
    ends = []
    for number in range(10):
        child = os.fork()
        if child == 0:
            founding.found(nothing, wanted(passphrase), clock).close()
            os._exit(0)
        time.sleep(takes * number / 8)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        founding.finish(nothing)
        there = sorted(one.name for one in nothing.path.parent.iterdir() if one.is_file())
        ends.append(nothing.path.exists())
        if ends[-1]:
            key = None if passphrase is None else vault.unlock(nothing, passphrase)
            Logbook.open(nothing, clock, key=key).close()
            nothing.path.unlink()
            keys.beside(nothing.path).unlink(missing_ok=True)
        else:
            assert there == []
    assert not ends[0]


@pytest.mark.parametrize("state", ["before", "after", "between"])
def test_what_was_cut_off_is_finished_or_cleared_away(
    nothing: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    laid: list[Path] = []

    def dies(source: Path, target: Path) -> None:
        laid.append(target)
        if state == "after" or len(laid) > 1:
            raise KeyboardInterrupt
        lay(source, target)

    lay = founding._lay
    if state == "before":
        monkeypatch.setattr(founding, "room_for", lambda _: None)
        nothing.path.parent.mkdir()
        half = nothing.path.with_name(".hiplog.db.new")
        half.mkdir()
        (half / "hiplog.db").write_bytes(b"half")
        founding.finish(nothing)
        assert list(nothing.path.parent.iterdir()) == []
        return
    monkeypatch.setattr(founding, "_lay", dies)
    with pytest.raises(KeyboardInterrupt):
        founding.found(nothing, wanted(WORDS), clock)
    monkeypatch.undo()
    founding.finish(nothing)
    Logbook.open(nothing, clock, key=vault.unlock(nothing, WORDS)).close()
    assert not [one for one in nothing.path.parent.iterdir() if one.name.startswith(".")]


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("12345678", "weak"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "weak"),
        ("password1234", "weak"),
        ("correct horse", "weak"),
        ("correct horse battery staple", "fair"),
        ("correct horse battery staple seven lanterns", "strong"),
        ("Vx9!kQ2#mL7@", "strong"),
    ],
)
def test_the_strength_is_told_in_words(passphrase: str, said: str) -> None:
    assert founding.strength(passphrase).startswith(said)
