"""The walks through an invented clinic on which the goldens are taken."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import clients
import samples
import vaults
from clocks import SetClock
from driving import Driver
from goldens import Stage, Walk

from hiplog import settings
from hiplog.cli.context import Context
from hiplog.cli.first_start import FirstStart
from hiplog.cli.screen import Door
from hiplog.clinical.record import EpisodeDraft, NeedleCount, Precaution, Reading
from hiplog.exchange import demo
from hiplog.language import _, counted
from hiplog.logbook import archive, episodes, patients, precautions, rescue, sessions, upkeep, users, vault
from hiplog.logbook.book import Logbook

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
DEMO = "hassel"
BEFORE = ("n", "n", "y", "6", "2", "4")
WORDS, PIN = "under the apple tree", "4711"
NOT_OK = counted(
    2,
    "not ok: {count} thing is wrong with the trail of {entries:,} entries",
    "not ok: {count} things are wrong with the trail of {entries:,} entries",
    entries=0,
).partition(":")[0]
WALKS: dict[str, Walk] = {}


def walk(way: Walk) -> Walk:
    """Put a walk on the list under its name."""
    WALKS[way.__name__] = way
    return way


def clinic(at: settings.Settings) -> None:
    """The demo clinic, and a few people of whom each screen needs one."""
    clock = SetClock(NOW - timedelta(days=14))
    book = replace(demo.make(at, patients=40, seed=1, now=NOW), clock=clock)
    lea, hip = samples.admit(book, "H1", family="Rossi", given="Lea", birth=date(1956, 3, 2))
    for before, after in ((7, 5), (6, 4)):
        rows = tuple(samples.site(one, zone=None) for one in ("GMED", "TFL", "GMAX", "RF"))
        samples.visit(
            book, lea.id, hip, before, after, insertions=rows,
            readings=(*_scores("before", before, 24), *_scores("after", after, 29)), note=None,
            needles=NeedleCount(opened=4, inserted=4, withdrawn=4, to_sharps=4),
        )  # fmt: skip
        clock.forward(days=7)
    book.write(precautions.add, lea.id, Precaution("OSTEOPOR", "T-score -2.7", None, date(2025, 6, 1)))
    ines = book.write(patients.add, samples.person("H2", family="Moreno", given="Ines"))
    for side in ("L", "R"):
        book.write(episodes.open_, ines.id, EpisodeDraft(side, "OA"))
    book.close()


def _scores(stage: str, pain: int, rotation: int) -> tuple[Reading, ...]:
    return (
        samples.pain(pain, stage),
        samples.pain(rotation, stage, "IR", side="R", mode="passive", tester="DN001"),
    )


async def find(tui: Driver, letters: str) -> None:
    """Open the patient whom these letters find."""
    await tui.rush("/", *letters, "enter")


async def until(tui: Driver, words: str) -> None:
    """Wait until ``words`` stand on the screen."""
    for _ in range(3000):
        if words in tui.text:
            break
        await tui.pilot.pause(0.01)
    assert words in tui.text


def patient_of(tui: Driver) -> str:
    """The patient whose session lies open."""
    return next(
        str(getattr(one, "_patient_id", "")) for one in tui.app.screen_stack if hasattr(one, "_patient_id")
    )


@walk
async def today(at: Stage) -> None:
    async with at.running() as tui:
        at.shot(tui, "today")
        await tui.rush("/", *"ha")
        at.shot(tui, "today-found")
        await tui.rush(*"zzz")
        at.shot(tui, "today-nobody")
        await tui.press("escape", "f1")
        at.shot(tui, "keys-of-today")
        await tui.press("escape", "ctrl+p")
        at.shot(tui, "palette")
        await tui.press("escape")
        tui.app.action_roles()
        await tui.rest()
        at.shot(tui, "roles")
        await tui.press("escape", "ctrl+l")
        at.shot(tui, "locked")
        await tui.press("x", "a")
        at.shot(tui, "add-patient")
        await tui.type("H9")
        await tui.press("enter", *"Lind", "enter", *"Bo", "enter", *"31.2.1950")
        at.shot(tui, "add-patient-wrong")
        await tui.press("ctrl+u", *"1950-02-28", "enter", "m", "enter")
        at.shot(tui, "add-episode")
        await tui.press("r", "enter", *"oveuse")
        at.shot(tui, "add-episode-wrong")
        await tui.press("ctrl+u", *"overuse", "ctrl+s")
        at.shot(tui, "patient-without-visits")
        gate = threading.Event()
        slow = tui.app.desk.write(lambda _: gate.wait(60))
        saving = tui.app.run_worker(slow)
        await tui.pilot.pause(0)
        await tui.pilot.press("ctrl+q")
        await until(tui, _("Leave hiplog"))
        await until(tui, _("saving …"))
        at.shot(tui, "leave-while-saving")
        await tui.pilot.press("escape")
        gate.set()
        await saving.wait()


@walk
async def patient(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, DEMO)
        at.shot(tui, "patient")
        for key, name in (("m", "patient-next-measure"), ("t", "patient-table"), ("v", "patient-visits")):
            await tui.press(key)
            at.shot(tui, name)
        await tui.press("escape", "b")
        at.shot(tui, "body-map")
        await tui.press("escape", "k")
        at.shot(tui, "point-memory")
        await tui.press("escape", "p")
        at.shot(tui, "aftercare")
        await tui.press("w")
        at.shot(tui, "aftercare-file")
        await tui.press("escape", "escape", "P")
        at.shot(tui, "summary")
        await tui.press("escape", "f1")
        at.shot(tui, "keys-of-patient")
        await tui.press("escape", "c")
        at.shot(tui, "precaution")
        await tui.press("escape", "e")
        at.shot(tui, "change-what")
        for words, name in (("patient", "edit-patient"), ("open", "open-episode"), ("erase", "erase")):
            await tui.type(words)
            await tui.press("enter")
            at.shot(tui, name)
            await tui.press("escape", "e")


@walk
async def visit(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("e", *"close")
        await tui.press("enter")
        at.shot(tui, "close-episode")
        await tui.press("escape", "enter")
        at.shot(tui, "visit")
        await tui.press("f")
        at.shot(tui, "follow-up")
        await tui.press(*"p", "enter", "c", "enter", "y", "enter", "4", "enter", "enter", "y")
        at.shot(tui, "follow-up-refer")
        await tui.press("enter", "n", "enter", "n", "enter", *"family physician", "enter", "y")
        at.shot(tui, "follow-up-sent-on")
        await tui.press("escape", "C")
        at.shot(tui, "co-sign")
        await tui.press("escape", "X")
        at.shot(tui, "void")
        await tui.press("escape", "A")
        at.shot(tui, "amend-which")
        await tui.type("plan")
        await tui.press("enter")
        at.shot(tui, "amend")
        await tui.type("rest")
        await tui.press("enter", *"typing error", "enter")
        at.shot(tui, "visit-amended")


@walk
async def signing(at: Stage) -> None:
    first = at.book()
    users.set_passphrase(first, "DN001", WORDS)
    users.set_pin(first, "DN001", PIN)
    async with at.running(replace(first, entered="passphrase")) as tui:
        await find(tui, "rossi")
        await tui.press("A", *"plan", "enter", *"rest", "enter", *"typing error", "enter")
        at.shot(tui, "amend-pin")
        await tui.press("0", "enter")
        at.shot(tui, "amend-pin-wrong")
        await tui.press(
            "escape", "escape", "r", *BEFORE, *["space"] * 4, "4", "enter", "n", "3", "3", "1", "s"
        )
        at.shot(tui, "sign-pin")
        await tui.press("escape", "ctrl+l")
        at.shot(tui, "locked-with-pin")
        await tui.press("f9")
        at.shot(tui, "locked-colleague")


@walk
async def session(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("r")
        at.shot(tui, "session-before")
        await tui.press("o")
        at.shot(tui, "which-reactions")
        await tui.press("escape", "n", "n", "y", "6", "m")
        at.shot(tui, "which-measure")
        await tui.press("escape", "i")
        at.shot(tui, "which-instrument")
        await tui.press("escape", "2", "4")
        at.shot(tui, "session-copied")
        await tui.press("t", "t", "space", "t", "b", "space", "s", "2", "p", "space", "F")
        at.shot(tui, "session-needling")
        await tui.press("+", *"gmin l ant 30x50; piri r 30x")
        at.shot(tui, "quick-entry")
        await tui.press("escape", "m")
        at.shot(tui, "add-a-site")
        await tui.press("escape", "f1")
        at.shot(tui, "keys-of-session")
        await tui.press("escape", "ctrl+s")
        at.shot(tui, "not-ready-to-sign")
        await tui.press("escape", "space", "4", "enter", "n", "3", "3", "1")
        at.shot(tui, "session-after")
        await tui.press("ctrl+s")
        at.shot(tui, "sign")
        at.book().write(precautions.add, patient_of(tui), Precaution("PHOBIA"))
        await tui.press("y")
        at.shot(tui, "refused-meanwhile")
        await tui.press("escape", "ctrl+d")
        at.shot(tui, "discard")
        await tui.press("n", "escape", "n")
        at.shot(tui, "a-draft-is-open")


@walk
async def after(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("r", *BEFORE, *["space"] * 4, "3", "enter")
        at.shot(tui, "session-mismatch")
        await tui.press("f7", "enter")
        at.shot(tui, "needle-search")
        await tui.press("space", "space", "i")
        at.shot(tui, "needle-incident")
        await tui.press("escape", "f", "enter", "n", "3", "3", "1")
        await tui.press("enter")
        at.shot(tui, "advice")
        await tui.press("escape", "down", "enter")
        at.shot(tui, "plan")


@walk
async def first_visit(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "moreno")
        await tui.press("n")
        at.shot(tui, "which-hip")
        await tui.press("enter")
        at.shot(tui, "session-first")
        await tui.press(*"nnnn", "y", "up", "enter")
        at.shot(tui, "why-needling-goes-on")
        await tui.press("escape", "A")
        at.shot(tui, "questions-not-read-yet")
        tui.app.clear_notifications()
        await tui.press("space", "space", "space", "space", "A", "y")
        at.shot(tui, "session-refer")
        await tui.press("escape", "f2", "enter")
        tui.app.clear_notifications()
        await tui.rest()
        at.shot(tui, "session-from-today")


@walk
async def conflict(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("r", "n", "n")
        other = at.book()
        (draft,) = (s for s in other.read(sessions.drafts_open) if s.patient == patient_of(tui))
        changed = replace(draft, note="from another chair", readings=(samples.pain(3),))
        other.write(sessions.save, changed, draft.version)
        tui.send("y")
        await until(tui, _("Two people changed this draft"))
        await until(tui, f"t {_('Theirs')}")
        at.shot(tui, "two-people")
        await tui.pilot.press("t")
        await tui.rest()


@walk
async def two_at_one_patient(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("e", *"patient", "enter", "tab", "tab", "ctrl+u", *"Leah")
        other = at.book()
        known = other.read(patients.by_id, patient_of(tui))
        other.write(patients.edit, replace(known, phone="+49 30 1", given="Lena"))
        tui.send("ctrl+s")
        await until(tui, _("Two people changed this patient"))
        await until(tui, f"t {_('Theirs')}")
        at.shot(tui, "two-people-one-patient")
        await tui.pilot.press("t")
        await tui.rest()


@walk
async def audit(at: Stage) -> None:
    async with at.running() as tui:
        await tui.press("f4")
        at.shot(tui, "audit")
        await tui.press("enter")
        at.shot(tui, "audit-entry")
        await tui.press("escape", "c")
        at.shot(tui, "audit-log")
        await tui.press("c", "/", *"sign dn002")
        at.shot(tui, "audit-filter")
        await tui.press("escape", "e")
        at.shot(tui, "export")
        await tui.press("tab", "tab", "ctrl+u", "i", "ctrl+s")
        at.shot(tui, "export-wrong")
        await tui.press("ctrl+u", "d")
        go_on, plain = threading.Event(), archive.written

        def written(*args: Any, **more: Any) -> Any:
            assert go_on.wait(60)
            return plain(*args, **more)

        with patch.object(archive, "written", written):
            tui.send("ctrl+s")
            await until(tui, "░░░")
            tui.send("escape")
            await until(tui, _("Stop the export"))
            at.shot(tui, "stop-the-export")
            tui.send("n")
            go_on.set()
        await until(tui, _("The bundle is written"))
        await tui.rest()
        at.shot(tui, "exported")
        with clients.unguarded(at.places) as execute:
            execute("UPDATE readings SET value = 1 WHERE id = (SELECT min(id) FROM readings)")
        await tui.press("enter", "v")
        await until(tui, NOT_OK)
        await tui.press("w")
        at.shot(tui, "audit-wrong")


@walk
async def outcomes(at: Stage) -> None:
    async with at.running() as tui:
        await tui.press("f3")
        while not getattr(tui.app.screen, "ready", False):
            await tui.pilot.pause(0.02)
        await tui.rest()
        for number in range(1, 9):
            await tui.press(str(number))
            at.shot(tui, f"outcomes-{number}")
        await tui.press("1", "t")
        at.shot(tui, "outcomes-table")
        await tui.press("t", "x")
        at.shot(tui, "outcomes-explained")
        await tui.press("escape", "d")
        at.shot(tui, "outcomes-rules")
        await tui.press("escape", "e")
        at.shot(tui, "outcomes-report")
        await tui.press("escape", "c", *"over")
        at.shot(tui, "outcomes-filter")


@walk
async def doors(at: Stage) -> None:
    def locked(secret: str | None = None) -> Logbook:
        return Logbook.open(at.places, lambda: NOW, key=vault.unlock(at.places, secret))

    def broken() -> Logbook:
        with rescue.offering(at.places):
            return Logbook.open(at.places, lambda: NOW)

    book = at.book()
    upkeep.make(book)
    book.close()
    at.places.path.write_bytes(b"")
    async with at.running(broken, bring_back=lambda _: None) as tui:
        at.shot(tui, "bring-a-backup-back")
    shutil.rmtree(at.places.backups)
    async with at.running(broken, bring_back=lambda _: None) as tui:
        at.shot(tui, "cannot-open")
    vaults.lay(at.places)
    async with at.running(locked, open_with=locked) as tui:
        at.shot(tui, "unlock")


@walk
async def welcome(at: Stage) -> None:
    shutil.rmtree(at.places.path.parent)
    door = Door(at.places, Context(at.places, json=False, clock=lambda: NOW), at_exit=True)
    start = FirstStart(door)
    async with at.running(door.open, open_with=door.open_with, founder=start) as tui:
        at.shot(tui, "welcome")
        await tui.press("enter", *"Hip clinic", "enter", "end", "ctrl+u", *"Europe/Berlin")
        at.shot(tui, "welcome-clinic")
        await tui.press("enter", "d", "enter", *"Ada Moore")
        at.shot(tui, "welcome-person")
        await tui.press("enter", "enter")
        at.shot(tui, "welcome-encrypted-or-plain")
        await tui.press("enter", *"password")
        at.shot(tui, "welcome-passphrase")
        await tui.press("end", "ctrl+u", *WORDS, "enter", *WORDS, "enter")
        at.shot(tui, "welcome-code")
        await tui.press("escape", "escape", "down", "enter")
        at.shot(tui, "welcome-ready")
        await tui.press(*["escape"] * 5)
        at.shot(tui, "welcome-leave")
    start.clear()


@walk
async def requests(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("R")
        at.shot(tui, "requests")
        await tui.press("enter")
        at.shot(tui, "take-down-a-request")
        await tui.press(
            "escape", "R", "down", "down", "enter", *"the left hip", "enter", *"misheard", "ctrl+s"
        )
        await tui.press("R", "enter")
        at.shot(tui, "request")
        await tui.press("down", "down", "enter")
        at.shot(tui, "deny-on-which-ground")
        await tui.press("enter")
        at.shot(tui, "deny")
        await tui.press("escape", "R", "enter", "down", "enter")
        at.shot(tui, "amend-which-visit")


@walk
async def letters(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("r", "ctrl+o")
        at.shot(tui, "jump")
        await tui.press("escape", "f7", "ctrl+o")
        at.shot(tui, "jump-after")


@walk
async def protocols(at: Stage) -> None:
    async with at.running() as tui:
        await find(tui, "rossi")
        await tui.press("enter", "L")
        at.shot(tui, "keep-the-plan-of-a-visit")
        await tui.press("escape", "escape", "r", "L")
        at.shot(tui, "protocols")
        await tui.press("s")
        at.shot(tui, "replace-a-protocol")
        await tui.press("n", "G", "s")
        at.shot(tui, "name-a-protocol")


@walk
async def own_secrets(at: Stage) -> None:
    book = at.book()
    users.set_passphrase(book, "DN001", WORDS)
    async with at.running(replace(book, entered="passphrase")) as tui:
        for name in ("pin", "passphrase"):
            await tui.app.run_action(f"app.{name}")
            await tui.rest()
            at.shot(tui, f"own-{name}")
            await tui.press("escape")
        await tui.app.run_action("app.consent_form")
        await tui.rest()
        at.shot(tui, "consent-form")


@walk
async def tour(at: Stage) -> None:
    async with at.running(invented=True) as tui:
        at.shot(tui, "tour-offered")
        await tui.press("ctrl+t")
        at.shot(tui, "tour-begun")
