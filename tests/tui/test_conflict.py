"""Two editors of one draft: the second is shown both, and nothing is overwritten unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples
from driving import SIZES, Driver, running

from hiplog.clinical.record import Session
from hiplog.logbook import audit, erasure, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


def other_chair(places: Settings, book: Logbook, draft: Session, **changes: object) -> Session:
    """Another program saves the same draft."""
    second = Logbook.open(places, book.clock)
    kept = second.write(sessions.save, replace(draft, **changes), draft.version)  # type: ignore[arg-type]
    second.close()
    return kept


async def meet(tui: Driver, key: str = "y") -> None:
    """Answer something, and wait until the two drafts stand beside each other."""
    tui.send(key)
    while "Two people changed this draft" not in tui.text:
        await tui.pilot.pause()


@pytest.mark.both_databases
@pytest.mark.parametrize("size", SIZES)
async def test_merging_keeps_what_both_wrote(book: Logbook, places: Settings, size: tuple[int, int]) -> None:
    draft = samples.begin(book)
    async with running(book, size) as tui:
        await tui.press("enter", "tab")
        other_chair(places, book, draft, note="from another chair")
        await meet(tui)
        assert "mine:   given" in tui.text and "theirs: from another chair" in tui.text
        assert "m: mine only" in tui.text and "t: theirs only" in tui.text
        assert book.read(sessions.get, draft.id).consent is None
        await tui.pilot.press("enter")
        await tui.rest()
        assert "consent today: given" in tui.text
    kept = book.read(sessions.get, draft.id)
    assert kept.note == "from another chair" and kept.consent is not None
    assert book.read(audit.verify).findings == ()


async def test_theirs_drops_mine_and_mine_drops_theirs_only_when_asked(
    book: Logbook, places: Settings
) -> None:
    draft = samples.begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab")
        now = other_chair(places, book, draft, note="one")
        await meet(tui)
        await tui.pilot.press("escape")
        assert "Choose first" in tui.notices and "Two people" in tui.text
        await tui.pilot.press("t")
        await tui.rest()
        assert book.read(sessions.get, draft.id) == now
        now = other_chair(places, book, now, note="two")
        await tui.press("up")
        await meet(tui)
        await tui.pilot.press("m")
        await tui.rest()
    kept = book.read(sessions.get, draft.id)
    assert kept.consent is not None and kept.note == "one"


async def test_where_both_changed_one_thing_space_chooses(book: Logbook, places: Settings) -> None:
    draft = samples.begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab", "y")
        while book.read(sessions.get, draft.id).consent is None:
            await tui.pilot.pause()
        now = book.read(sessions.get, draft.id)
        other_chair(places, book, now, readings=(samples.pain(3),))
        await meet(tui, "7")
        assert "(stays: theirs)" in tui.text and "! " in tui.text
        await tui.pilot.press("space")
        while "(stays: mine)" not in tui.text:
            await tui.pilot.pause()
        await tui.pilot.press("enter")
        await tui.rest()
    kept = book.read(sessions.get, draft.id)
    assert [one.value for one in kept.readings] == [7]


async def test_leaving_while_it_asks_ends_and_loses_nothing_of_theirs(
    book: Logbook, places: Settings
) -> None:
    draft = samples.begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab")
        other_chair(places, book, draft, note="from another chair")
        await meet(tui)
    assert book.read(sessions.get, draft.id).note == "from another chair"


@pytest.mark.parametrize("keys", [("ctrl+z",), ("ctrl+d", "y"), ("ctrl+s", "y")])
async def test_undoing_signing_or_discarding_what_another_changed_shows_it_first(
    book: Logbook, places: Settings, keys: tuple[str, ...]
) -> None:
    kept = samples.begin(book)
    kept = book.write(sessions.save, samples.complete(kept), kept.version)
    async with running(book) as tui:
        await tui.press("enter")
        theirs = other_chair(places, book, kept, needles=replace(kept.needles, opened=2, to_sharps=2))
        await tui.press(*keys)
        assert "somebody else saved this record in the meantime" in tui.notices, tui.text
        assert book.read(sessions.get, kept.id) == theirs
        await tui.press(*keys)
    after = book.read(lambda unit: [one.status for one in sessions.of(unit, kept.patient)])
    undone = book.read(sessions.get, kept.id).needles.opened if keys[0] == "ctrl+z" else None
    assert (after, undone) == {"ctrl+z": (["draft"], 1), "ctrl+d": ([], None), "ctrl+s": (["signed"], None)}[
        keys[0]
    ]


# -- two editors of one patient ----------------------------------------------------------------------


def colleague(places: Settings, book: Logbook, **changes: object) -> None:
    """Another program saves the same patient."""
    second = Logbook.open(places, book.clock)
    known = second.read(patients.get, "P-001")
    second.write(patients.edit, replace(known, **changes))  # type: ignore[arg-type]
    second.close()


async def edit_given(tui: Driver, name: str) -> None:
    """Open the form of the patient and write another given name; it is not saved yet."""
    await tui.press("enter", "e", "enter", "tab", "tab")
    assert tui.app.focused is not None
    await tui.press("home", *["delete"] * 12)
    await tui.type(name)


async def save(tui: Driver) -> None:
    """Save the form, and wait until the two states stand beside each other."""
    tui.send("ctrl+s")
    for _ in range(2000):
        if "Two people changed this patient" in tui.text:
            return
        await tui.pilot.pause(0.01)
    raise AssertionError(tui.text)


@pytest.mark.both_databases
@pytest.mark.parametrize("size", SIZES)
async def test_a_patient_saved_by_a_colleague_meanwhile_is_merged(
    book: Logbook, places: Settings, size: tuple[int, int]
) -> None:
    samples.signed(book)
    async with running(book, size) as tui:
        await edit_given(tui, "Anna")
        colleague(places, book, family="Koch", phone="+49 30 1")
        await save(tui)
        assert "mine:   Anna" in tui.text and "theirs: Koch" in tui.text and "+49 30 1" in tui.text
        await tui.pilot.press("enter")
        await tui.rest()
        assert "Koch, Anna" in tui.text
    kept = book.read(patients.get, "P-001")
    assert (kept.family, kept.given, kept.phone) == ("Koch", "Anna", "+49 30 1")
    assert book.read(audit.verify).findings == ()


async def test_where_both_changed_the_same_field_one_is_chosen(book: Logbook, places: Settings) -> None:
    samples.signed(book)
    for keys, wanted in (
        (("enter",), "Berta"),
        (("space", "enter"), "Anna"),
        (("t",), "Berta"),
        (("m",), "Anna"),
    ):
        async with running(book) as tui:
            await edit_given(tui, "Anna")
            colleague(places, book, given="Berta", email="b@example.org")
            await save(tui)
            assert "! given name (stays: theirs)" in tui.text
            await tui.pilot.press("escape")
            await tui.pilot.press(*keys)
            await tui.rest()
        kept = book.read(patients.get, "P-001")
        assert kept.given == wanted
        assert kept.email == (None if keys == ("m",) else "b@example.org")
        colleague(places, book, given="Cora", email=None)


async def test_what_was_saved_alike_asks_nothing(book: Logbook, places: Settings) -> None:
    samples.signed(book)
    async with running(book) as tui:
        await edit_given(tui, "Anna")
        colleague(places, book, given="Anna")
        await tui.press("ctrl+s")
        assert "Two people" not in tui.text
    assert book.read(patients.get, "P-001").given == "Anna"


async def test_a_patient_erased_meanwhile_is_not_written_again(book: Logbook, places: Settings) -> None:
    samples.signed(book)
    async with running(book) as tui:
        await edit_given(tui, "Anna")
        second = Logbook.open(places, book.clock)
        erasure.erase(second, "P-001", "P-001", "past retention")
        second.close()
        await tui.press("ctrl+s")
        assert "was erased" in tui.text
    assert book.read(patients.get, "P-001").erased
