"""How a test opens each screen and dialog of the app on a clinic: the one list a new screen must join."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from clocks import NOON
from hostile import Clinic
from textual.screen import Screen
from textual.widgets import OptionList

import hiplog.tui
from hiplog.clinical.record import NeedleCount
from hiplog.errors import Locked, SignIn
from hiplog.exchange.bundle import Written
from hiplog.exchange.pages import gather
from hiplog.logbook import points, protocols, request_words, requests, sessions, timeline
from hiplog.logbook.access import Standing
from hiplog.logbook.book import Logbook
from hiplog.logbook.shown import shown
from hiplog.tui.app import HiplogApp
from hiplog.tui.commands import Commands
from hiplog.tui.dialogs import aftercare, consent_form, export, jump, people, request
from hiplog.tui.dialogs.aftercare import Aftercare
from hiplog.tui.dialogs.amend import amend_form
from hiplog.tui.dialogs.body import Body
from hiplog.tui.dialogs.conflict import Conflict, PatientConflict, TwoStates
from hiplog.tui.dialogs.dialog import Dialog
from hiplog.tui.dialogs.follow_up import follow_up_form
from hiplog.tui.dialogs.form import Field, Form
from hiplog.tui.dialogs.keys import Keys
from hiplog.tui.dialogs.memory import Memory
from hiplog.tui.dialogs.message import Confirm, Message
from hiplog.tui.dialogs.own_secret import OwnSecret
from hiplog.tui.dialogs.paper import Paper
from hiplog.tui.dialogs.pick import Pick, Tick
from hiplog.tui.dialogs.proof import Proof
from hiplog.tui.dialogs.protocols import Protocols
from hiplog.tui.dialogs.request import RequestPaper
from hiplog.tui.dialogs.roles import Roles
from hiplog.tui.dialogs.search import NeedleSearch
from hiplog.tui.dialogs.secrets import Secrets
from hiplog.tui.dialogs.summary import Summary
from hiplog.tui.dialogs.text import Note, line_form
from hiplog.tui.screens.audit.paper import Paper as AuditPaper
from hiplog.tui.screens.audit.screen import AuditScreen
from hiplog.tui.screens.outcomes import report
from hiplog.tui.screens.outcomes.screen import OutcomesScreen
from hiplog.tui.screens.page import Page
from hiplog.tui.screens.parts import clock_of, joined
from hiplog.tui.screens.patient.screen import PatientScreen
from hiplog.tui.screens.patient.visit import VisitScreen
from hiplog.tui.screens.session.screen import SessionScreen
from hiplog.tui.screens.today.screen import TodayScreen
from hiplog.tui.screens.unlock import Unlock
from hiplog.tui.screens.veil import Veil
from hiplog.tui.screens.welcome.screen import Welcome

BASES = {Page, Dialog, Secrets, TwoStates}
"""Kinds that are only ever the ground of others."""


@dataclass(frozen=True)
class Opener:
    """How one kind is made, and the keys that show its other faces."""

    kind: type[Screen[Any]]
    make: Callable[[], Screen[Any]]
    keys: tuple[str, ...] = ()


def kinds() -> set[type[Screen[Any]]]:
    """Every screen and dialog that the package holds."""
    found: set[type[Screen[Any]]] = set()
    for module in pkgutil.walk_packages([str(Path(hiplog.tui.__file__).parent)], "hiplog.tui."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, Screen) and kind.__module__ == module.name:
                found.add(kind)
    return found - BASES


async def kept(_: object) -> Any:
    """What a form of the walk keeps: nothing, for nothing is sent."""
    raise AssertionError("nothing is saved here")


def openers(app: HiplogApp, held: Clinic, words: str) -> Iterator[Opener]:
    """Every kind at least once, with ``words`` wherever a text goes in."""
    book, patient = held.book, held.patient
    line = book.read(timeline.of, patient.id)
    asked = book.read(requests.of, patient.id)
    seen = book.read(sessions.of, patient.id)
    known = book.read(protocols.everyone)
    other = replace(held.draft, plan=f"{words} too", note=None)
    today, order, here = app.desk.today(), book.settings.date_order, Path("/tmp") / "bundle"
    told = tuple(request_words.lines(asked[0], book.clinic.zone, today))
    yield Opener(TodayScreen, TodayScreen, ("down", "down", "end"))
    yield Opener(PatientScreen, lambda: PatientScreen(patient.id), ("t", "t", "m", "v", "v"))
    yield Opener(VisitScreen, lambda: VisitScreen(patient.name, held.visit, line.follow_ups, asked))
    yield Opener(
        SessionScreen,
        lambda: SessionScreen(patient.id, held.draft.id),
        ("f5", "f6", "enter", "escape", "m", "escape", "f7", "end"),
    )
    yield Opener(AuditScreen, AuditScreen, ("down", "down", "end"))
    yield Opener(OutcomesScreen, OutcomesScreen, ("t", "2", "4", "7", "8"))
    yield Opener(Aftercare, lambda: aftercare.of(patient, held.visit, book.clinic), ("n", "c", "down"))
    yield Opener(
        Summary, lambda: Summary(gather.visit_by_id(book, patient.id, 1)[1], patient.name), ("n", "c")
    )
    yield Opener(Paper, lambda: Paper(words, words, "stem", lambda _: words, lambda _: words), ("c", "n"))
    yield Opener(Body, lambda: Body(words, points.heat(seen, held.visit.episode), choosing=True), ("v", "o"))
    yield Opener(Conflict, lambda: Conflict(replace(held.draft, note=None), held.draft, other), ("down",))
    yield Opener(export.ExportForm, lambda: export.export_form(app.desk))
    yield Opener(
        export.Exported, lambda: export.Exported(Written(here / words.replace("/", "_"), (), rows(), {}))
    )
    yield Opener(Form, lambda: people.patient_form(today, order, kept, patient), ("ctrl+o", "escape", "tab"))
    yield Opener(Form, lambda: people.episode_form(today, order, kept))
    yield Opener(Form, lambda: people.precaution_form(today, order, kept))
    yield Opener(Form, lambda: follow_up_form(words, kept))
    yield Opener(Form, lambda: amend_form(words, kept))
    yield Opener(Form, lambda: consent_form.form(words, kept))
    yield Opener(Form, lambda: request.request_form(words, None, today, order, kept))
    yield Opener(Form, lambda: line_form(words, words, kept, intro=words, value=words))
    yield Opener(Form, lambda: report.form(today, kept))
    yield Opener(Form, lambda: Form(words, (_field(words),), dict, kept, intro=words), ("tab", "ctrl+s"))
    yield Opener(jump.Jump, lambda: jump.Jump(app.screen, _places(app, words)))
    yield Opener(Commands, Commands, ("down", "z", "9"))
    yield Opener(Keys, lambda: Keys(app.screen))
    yield Opener(Memory, lambda: Memory(points.of(seen), clock_of(book.clinic.zone), today), ("down",))
    yield Opener(Confirm, lambda: Confirm(words, [words, words]))
    yield Opener(Message, lambda: Message(words, [words, words], words))
    yield Opener(Pick, lambda: Pick(words, [("a", words), ("b", words)]), ("down", "x"))
    yield Opener(Tick, lambda: Tick(words, [("a", words), ("b", words)], ("a",)), ("space",))
    yield Opener(Proof, lambda: Proof(words, [words], ("pin",), words))
    yield Opener(RequestPaper, lambda: RequestPaper(asked[0], told), ("down",))
    yield Opener(Roles, Roles)
    yield Opener(NeedleSearch, lambda: NeedleSearch(NeedleCount(2, 2, 1, 1, mismatch_reason=words)), ("f",))
    yield Opener(Note, lambda: Note(words, words), ("end",))
    yield Opener(AuditPaper, lambda: AuditPaper(words, [joined(shown(words))]))
    yield Opener(Unlock, lambda: Unlock(Locked(words)))
    yield Opener(Unlock, lambda: Unlock(SignIn(words, words)))
    changed = replace(patient, family=f"{words}!", note=words)
    yield Opener(PatientConflict, lambda: PatientConflict(patient, changed, replace(patient, given="Ann")))
    yield Opener(
        OwnSecret, lambda: OwnSecret("passphrase", words, Standing(True, True, 0)), ("tab", "x", "ctrl+s")
    )
    yield Opener(Protocols, lambda: Protocols(known, held.draft.id, laying=True), ("n", "escape"))
    yield Opener(Veil, Veil)
    yield Opener(Welcome, lambda: Welcome(_Founder(Path("/tmp") / words.replace("/", "_"))), ("2", "enter"))


@dataclass(frozen=True)
class _Founder:
    """What the first start asks of the machine; nothing is founded here."""

    place: Path
    zone: str = "Europe/Berlin"
    order: None = None

    def now(self) -> datetime:
        """A time."""
        return NOON

    def make(self, wanted: object) -> Logbook:
        """Nothing is made."""
        raise AssertionError(wanted)

    def invent(self, told: object) -> Logbook:
        """Nothing is made."""
        raise AssertionError(told)

    def print_page(self, code: str) -> Path:
        """Nothing is written."""
        raise AssertionError(code)

    def forget_page(self) -> None:
        """There is none."""


def rows() -> dict[str, int]:
    """No rows of any table."""
    from hiplog.exchange import layout

    return {sheet.name: 0 for sheet in layout.profile(False)}


def _field(words: str) -> Field:
    def refuse(text: str) -> str:
        from hiplog.errors import BadInput

        raise BadInput(text)

    return Field("line", words, words, words, refuse, needed=True)


def _places(app: HiplogApp, words: str) -> list[jump.Field]:
    lists = list(app.screen.query(OptionList))
    return [jump.Field(one, words) for one in lists] + [jump.Field(jump.Static(), words)]
