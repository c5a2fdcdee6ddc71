"""The locked door of the app: nothing of the clinic before it, three tries, the recovery code, a way out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import vaults
from clocks import SetClock
from driving import Driver, running
from vaults import CODE, PASSPHRASE

from hiplog.logbook import vault
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import keys

Open = Callable[..., Logbook]


@pytest.fixture
def door(places: Settings, clock: SetClock) -> Open:
    """Open the encrypted logbook with what was typed."""
    vaults.lay(places)

    def open_with(secret: str | None = None) -> Logbook:
        return Logbook.open(places, clock, key=vault.unlock(places, secret))

    return open_with


async def enter(tui: Driver, secret: str) -> None:
    await tui.type(secret)
    await tui.press("enter")
    for _ in range(100):
        if "trying" not in tui.text:
            break
        await tui.pilot.pause(0.05)
    await tui.rest()


async def test_nothing_of_the_clinic_is_shown_before_it_is_open(door: Open) -> None:
    async with running(door, open_with=door) as tui:
        assert "hiplog is locked" in tui.text
        for hidden in ("Hip clinic", "DN001", "Zwiebel", "P-001", "Today"):
            assert hidden not in tui.text
        await tui.type(PASSPHRASE)
        assert PASSPHRASE not in tui.text
        await tui.press("f2", "f4", "f1", "ctrl+p", "escape")
        assert not tui.app.desk.is_open


@pytest.mark.parametrize("secret", [PASSPHRASE, CODE.lower()])
async def test_the_passphrase_or_the_code_opens_today(door: Open, secret: str) -> None:
    async with running(door, open_with=door) as tui:
        await enter(tui, secret)
        assert "hiplog is locked" not in tui.text
        assert "Hip clinic" in tui.text
        assert "Zwiebelkuchen" in tui.text


async def test_three_wrong_tries_wait(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hiplog.tui.screens.unlock.WAIT_S", 1.0)
    async with running(door, open_with=door) as tui:
        for _ in range(2):
            await enter(tui, "wrong wrong")
            assert "does not open it" in tui.text
        await enter(tui, "wrong wrong")
        assert "3 wrong tries. Wait 1 seconds" in tui.text
        await enter(tui, PASSPHRASE)
        assert not tui.app.desk.is_open
        for _ in range(200):
            if "You may try again" in tui.text:
                break
            await tui.pilot.pause(0.05)
        await enter(tui, PASSPHRASE)
        assert tui.app.desk.is_open


async def test_a_plain_logbook_is_marked_and_an_encrypted_one_is_not(
    book: Logbook, door: Open, places: Settings
) -> None:
    async with running(door, open_with=door) as tui:
        await enter(tui, PASSPHRASE)
        assert "not encrypted" not in tui.lines[0]
    places.path.unlink()
    keys.beside(places.path).unlink()
    Logbook.create(places, "Hip clinic", "UTC", vaults.FIRST, SetClock()).close()
    async with running(Logbook.open(places, SetClock())) as tui:
        assert "! not encrypted" in tui.lines[0]


async def test_escape_leaves(door: Open) -> None:
    async with running(door, open_with=door) as tui:
        tui.send("escape")
        await tui.pilot.pause()
        assert tui.app.return_code == 4


async def test_a_damaged_logbook_is_said_to_be(door: Open, places: Settings) -> None:
    async with running(door, open_with=door) as tui:
        keys.beside(places.path).write_text("{}")
        await enter(tui, PASSPHRASE)
        assert "could not be opened" in tui.text
        assert "key file is missing or damaged" in " ".join(tui.text.replace("│", " ").split())
