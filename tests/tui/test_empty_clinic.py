"""A clinic with nobody in it yet: every screen and list says what to do first, and F1 lists the keys of each."""

from __future__ import annotations

from driving import Driver, running
from looks import faults
from samples import admit

from hiplog.logbook.book import Logbook
from hiplog.tui.dialogs.keys import rows

Place = tuple[str, tuple[str, ...], str, str]
NOBODY: tuple[Place, ...] = (
    ("today", (), "a  add a patient", "Add a patient"),
    ("search without a hit", ("/", *"zzz"), "Esc clears, a adds a patient", ""),
    *(
        (f"outcomes {number}", ("escape", "f3", str(number)), "F2, then n at a patient, begins", "filter")
        for number in range(1, 9)
    ),
    ("audit", ("f4",), "none yet", "Check"),
    ("audit search without a hit", ("/", *"zzz"), "Esc clears what was typed", ""),
)
ONE_PATIENT: tuple[Place, ...] = (
    ("patient", ("/", *"zwi", "enter"), "n starts the first one", "plan of the last one"),
    ("memory", ("k",), "sign a visit with needle sites", ""),
    ("requests", ("escape", "R"), "take down a request", ""),
    ("aftercare", ("escape", "p"), "No visit yet: the usual advice", ""),
    ("summary", ("escape", "P"), "n starts one", ""),
    ("chart as a table", ("t",), "no readings yet", ""),
    ("session", ("n",), "consent today: not answered", "Answer"),
    ("needle sites", ("f6",), "+ types one, as in", "Twitch; again counts up"),
    ("protocols of a visit", ("L",), "keeps its plan on a key", ""),
    ("after", ("escape", "f7"), "needles out: not answered", "Sign the session"),
)


async def test_every_place_of_an_empty_clinic_says_what_to_do(book: Logbook) -> None:
    """And F1 lists what can be pressed there, of one running app from place to place."""
    async with running(book) as tui:
        heard = [await looked_at(tui, place) for place in NOBODY]
        admit(book)
        await tui.press("escape", "escape", "f2")
        heard += [await looked_at(tui, place) for place in ONE_PATIENT]
    wrong = [one for told in heard for one in told]
    assert not wrong, "\n".join(wrong)


async def looked_at(tui: Driver, place: Place) -> list[str]:
    """Go to a place; return what it does not say, what does not fit, and which of its keys F1 leaves out."""
    name, keys, words, key = place
    await tui.press(*keys)
    for _ in range(200):  # a text that has just grown is laid out in the next turn
        if not faults(tui.app, False):
            break
        await tui.pilot.pause(0.01)
    flat = " ".join(tui.text.split())
    told = [f"{name}: {one}" for one in faults(tui.app, False)]
    if words not in " ".join((flat, tui.notices)) and words not in tui.text:
        told.append(f"{name}: does not say {words!r}: {flat}")
    tui.app.clear_notifications()
    beneath = tui.app.screen
    known = [sentence for _, sentence in rows(beneath)]
    if key and not any(key.lower() in sentence.lower() for sentence in known):
        told.append(f"{name}: no key {key!r} among {known}")
    if not beneath.is_modal:
        await tui.press("f1")
        listed = [sentence for _, sentence in getattr(tui.app.screen, "_rows", [])]
        if listed != known or "Keys of this screen" not in tui.text:
            told.append(f"{name}: F1 lists {listed}, not {known}")
        await tui.press("escape")
    return told
