"""The lock: an idle screen is veiled, nothing of a patient shows, and the PIN returns to the same field."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples
from clocks import SetClock
from driving import SIZES, Driver, running

from hiplog.clinical.record import PractitionerDraft
from hiplog.logbook import audit, clinic, sessions, users
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.tui.lock import DROP_AFTER_S

WORDS, PIN, OTHER = "under the apple tree", "4711", "8312"


class Seconds:
    """A monotonic clock that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def secured(book: Logbook) -> None:
    """A patient; the owner and a colleague, each with passphrase and PIN."""
    samples.admit(book, "P1")
    book.write(clinic.add, PractitionerDraft("DN002", "Bo Lind"))
    for code, pin in (("DN001", PIN), ("DN002", OTHER)):
        users.set_passphrase(book, code, WORDS)
        users.set_pin(book, code, pin)


@pytest.fixture
def signed_in(places: Settings, clock: SetClock) -> Logbook:
    book = Logbook.open(places, clock, proved=True)
    secured(book)
    return replace(book, entered="passphrase")


async def give(tui: Driver, secret: str) -> None:
    await tui.type(secret)
    await tui.press("enter")
    for _ in range(200):
        if "trying" not in tui.text:
            break
        await tui.pilot.pause(0.05)
    await tui.rest()


def veiled(tui: Driver) -> bool:
    shown = tui.text + tui.notices
    hidden = not any(word in shown for word in ("Zwiebel", "P1", "Ann", "tolerated"))
    return "hiplog is locked" in shown and hidden


@pytest.mark.parametrize("size", SIZES)
async def test_the_idle_lock_keeps_the_draft_and_returns_to_the_same_field(
    signed_in: Logbook, size: tuple[int, int]
) -> None:
    seconds = Seconds()
    async with running(signed_in, size, monotonic=seconds) as tui:
        await tui.rush("/", "z", "w", "i", "enter")
        await tui.press("n", "n")
        before, text = tui.app.focused, tui.text
        seconds.now += 299
        tui.app.lock.look()
        await tui.rest()
        assert not tui.app.lock.locked
        seconds.now += 1
        tui.app.lock.look()
        await tui.rest()
        assert veiled(tui)
        await tui.press("f2", "f3", "f4", "f1", "ctrl+p", "f8", "escape")
        assert veiled(tui)
        await give(tui, "0815")
        assert "4 tries left" in tui.text and veiled(tui)
        await give(tui, PIN)
        assert (tui.app.focused, tui.text) == (before, text)
    kept = signed_in.read(sessions.drafts_open)
    assert len(kept) == 1
    told = [one.action for one in signed_in.read(audit.events, 10, "access")]
    assert told[0] == "unlock" and {"lock", "pin.wrong"} <= set(told)


async def test_any_key_starts_the_minutes_anew(signed_in: Logbook) -> None:
    seconds = Seconds()
    async with running(signed_in, monotonic=seconds) as tui:
        seconds.now += 200
        await tui.press("down")
        seconds.now += 200
        tui.app.lock.look()
        await tui.rest()
        assert not tui.app.lock.locked


async def test_a_dialog_and_what_it_holds_are_veiled_too(signed_in: Logbook) -> None:
    async with running(signed_in) as tui:
        await tui.press("a")
        await tui.type("P7")
        await tui.press("ctrl+l")
        assert veiled(tui) and "P7" not in tui.text
        tui.app.tell("Zwiebelkuchen is told of behind the lock")
        tui.app.action_keys()
        await tui.rest()
        assert veiled(tui)
        await give(tui, PIN)
        assert "Zwiebelkuchen is told of" in tui.notices
        await tui.press("escape")
        assert "P7" in tui.text


async def test_without_a_pin_any_key_unlocks_and_it_is_said(book: Logbook) -> None:
    samples.admit(book, "P1")
    async with running(book) as tui:
        await tui.press("ctrl+l")
        assert veiled(tui) and "No PIN is set, so any key unlocks" in " ".join(tui.text.split())
        await tui.press("x")
        await tui.rest()
        assert not tui.app.lock.locked and "hiplog is locked" not in tui.text


async def test_a_colleague_signs_in_and_finds_nothing_open(signed_in: Logbook) -> None:
    async with running(signed_in) as tui:
        await tui.rush("/", "z", "w", "i", "enter")
        await tui.press("f9")
        await tui.type("DN002")
        await tui.press("enter")
        await give(tui, PIN)
        assert "not the PIN of DN002" in tui.text or "4 tries left" in tui.text
        await give(tui, OTHER)
        assert tui.app.desk.book.actor == "DN002"
        assert len(tui.app.screen_stack) == 1 and "DN002" in tui.text


async def test_after_half_an_hour_only_the_passphrase_opens_it_again(
    signed_in: Logbook, places: Settings, clock: SetClock
) -> None:
    seconds, let = Seconds(), []

    def reopened(secret: str, who: str | None = None) -> Logbook:
        return Logbook.open(places, clock, secret=secret)

    async with running(signed_in, monotonic=seconds, open_with=reopened, let_go=lambda: let.append(1)) as tui:
        await tui.press("ctrl+l")
        seconds.now += DROP_AFTER_S
        tui.app.lock.look()
        for _ in range(200):
            if tui.app.desk.dropped and let:
                break
            await tui.pilot.pause(0.05)
        await tui.rest()
        assert tui.app.desk.book.opening.key is None
        await give(tui, PIN)
        assert tui.app.lock.locked
        await give(tui, WORDS)
        assert (not tui.app.lock.locked and "Zwiebelkuchen" in tui.text) or tui.app.desk.book.actor == "DN001"
        assert not tui.app.lock.locked


async def test_privacy_shows_initials(book: Logbook) -> None:
    samples.admit(book, "P1")
    async with running(book) as tui:
        await tui.rush("/", "z", "w", "i")
        assert "Zwiebelkuchen" in tui.text
        await tui.press("f8")
        assert "Zwiebelkuchen" not in tui.text and "Z. A." in tui.text
        await tui.press("f8")
        assert "Zwiebelkuchen" in tui.text


async def test_the_table_of_roles_is_read_to_its_end_in_a_small_terminal(book: Logbook) -> None:
    async with running(book) as tui:
        tui.app.action_roles()
        await tui.rest()
        assert "read charts by code" in tui.text and "scroll" in tui.text
        await tui.press(*["down"] * 4)
        assert "On a file these rules are kept by hiplog alone" in tui.text
