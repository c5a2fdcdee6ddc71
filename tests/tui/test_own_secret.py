"""The own PIN and passphrase, set, changed and taken away in the app; and the dialog that a signature asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import samples
from driving import SIZES, Driver, running

from hiplog.clinical.errors import WrongSecret
from hiplog.logbook import access, audit, clinic, sessions, users
from hiplog.logbook.book import Logbook

WORDS, PIN = "under the apple tree", "4711"


def signable(book: Logbook) -> None:
    draft = samples.begin(book)
    book.write(sessions.save, samples.complete(draft), draft.version)


def lapsed(book: Logbook) -> None:
    """The same in the hands of somebody whose licence has lapsed."""
    signable(book)
    who = book.read(clinic.practitioner, "DN001")
    book.write(clinic.edit, replace(who, expires=date(2026, 1, 31)))


async def palette(tui: Driver, word: str) -> None:
    await tui.press("ctrl+p")
    await tui.type(word)
    for _ in range(200):
        if word.lower() in tui.text.lower().replace(f"> {word}", ""):
            break
        await tui.pilot.pause(0.05)
    await tui.press("enter")


async def until(tui: Driver, words: str) -> None:
    """Wait for ``words`` on the screen or in a notice: a passphrase is stretched, and that takes its time."""
    for _ in range(1200):
        await tui.rest()
        if words in " ".join(f"{tui.text} {tui.notices}".replace("│", " ").split()):
            return
        await tui.pilot.pause(0.05)
    raise AssertionError(f"{words!r} never came:\n{tui.text}\n{tui.notices}")


async def give(tui: Driver, *secrets: str) -> None:
    for secret in secrets:
        await tui.type(secret)
        await tui.press("enter")


def actions(book: Logbook) -> list[str]:
    return [one.action for one in book.read(audit.events, 10, "access")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_pin_wants_a_passphrase_first_and_then_both_are_set(
    book: Logbook, size: tuple[int, int]
) -> None:
    async with running(book, size) as tui:
        await palette(tui, "PIN")
        await until(tui, "First a passphrase")
        await palette(tui, "Passphrase")
        await until(tui, "The passphrase of DN001")
        await give(tui, WORDS, "something else")
        await until(tui, "these two were not the same")
        await give(tui, "short", "short")
        await until(tui, "take at least 8")
        await give(tui, WORDS, WORDS)
        await until(tui, "The passphrase is set.")
        assert WORDS not in tui.text
        await palette(tui, "PIN")
        await until(tui, "The PIN of DN001")
        for wrong, sentence in (("1111", "first that anybody tries"), ("12", "4 to 12 digits")):
            await give(tui, WORDS, wrong, wrong)
            await until(tui, sentence)
        await give(tui, "another passphrase", PIN, PIN)
        await until(tui, "not the passphrase of DN001")
        assert not access.standing(book, "DN001").pin
        await give(tui, WORDS, PIN, PIN)
        await until(tui, "The PIN is set.")
        assert PIN not in tui.text
    assert access.standing(book, "DN001") == access.Standing(passphrase=True, pin=True)
    access.by_pin(book, PIN)
    assert {"secret.set", "passphrase.wrong"} <= set(actions(book))
    assert book.read(audit.verify).ok


async def test_the_pin_is_taken_away_and_the_passphrase_changed(book: Logbook) -> None:
    users.set_passphrase(book, "DN001", WORDS)
    users.set_pin(book, "DN001", PIN)
    async with running(book) as tui:
        await palette(tui, "PIN")
        await until(tui, "The PIN of DN001")
        await give(tui, WORDS, "", "")
        await until(tui, "There is no PIN any more")
        await palette(tui, "Passphrase")
        await until(tui, "The passphrase of DN001")
        await give(tui, WORDS, "", "")
        await until(tui, "cannot be empty")
        await give(tui, WORDS, "quite another one", "quite another one")
        await until(tui, "The passphrase is set.")
    assert not access.standing(book, "DN001").pin
    with pytest.raises(WrongSecret):
        access.by_passphrase(book, WORDS)
    access.by_passphrase(book, "quite another one")


# -- the signature ---------------------------------------------------------------------------------------


async def to_signature(tui: Driver) -> None:
    await tui.rush("/", "z", "w", "i", "enter")
    await tui.press("enter", "ctrl+s")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.grown(by=signable)
async def test_the_signature_asks_for_both_the_first_time_and_counts_wrong_pins(
    book: Logbook, size: tuple[int, int]
) -> None:
    users.set_passphrase(book, "DN001", WORDS)
    users.set_pin(book, "DN001", PIN)
    async with running(book, size) as tui:
        await to_signature(tui)
        await until(tui, "passphrase of DN001")
        assert "PIN of DN001" in tui.text
        await until(tui, "1 site")
        assert "6/10 → 4/10" in tui.text and "Once signed it is frozen" in tui.text
        await give(tui, WORDS, "0815")
        await until(tui, "not the PIN of DN001; 4 tries left")
        assert book.read(sessions.drafts_open)
        await give(tui, WORDS, PIN)
        await until(tui, "is signed")
    assert not book.read(sessions.drafts_open)
    assert access.standing(book, "DN001").failures == 0


@pytest.mark.grown(by=signable)
async def test_escape_signs_nothing(book: Logbook) -> None:
    users.set_passphrase(book, "DN001", WORDS)
    users.set_pin(book, "DN001", PIN)
    async with running(replace(book, entered="passphrase")) as tui:
        await to_signature(tui)
        await until(tui, "PIN of DN001")
        assert "passphrase of DN001" not in tui.text
        await tui.press("escape")
        assert "Visit" not in tui.notices
    assert book.read(sessions.drafts_open)


@pytest.mark.grown(by=lapsed)
async def test_a_lapsed_licence_is_said_when_signing_and_stands_in_the_trail(book: Logbook) -> None:
    async with running(book) as tui:
        await to_signature(tui)
        await until(tui, "The licence of DN001 lapsed on 31 January 2026")
        await tui.press("enter")
        await until(tui, "is signed")
        await tui.press("A")
        await tui.type("plan")
        await tui.press("enter")
        await until(tui, "beside this one. ! The licence of DN001 lapsed on 31 January 2026")
        await tui.type("rest")
        await tui.press("enter")
        await tui.type("typing error")
        await tui.press("enter")
        await until(tui, "is amended")
    assert actions(book).count("licence.lapsed") == 2
    assert book.read(audit.verify).ok
