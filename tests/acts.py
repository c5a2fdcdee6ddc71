"""Every row of the table of roles as a person would try it: the command, and the keys in the app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import samples

from hiplog.clinical import roles
from hiplog.clinical.record import EpisodeDraft, PractitionerDraft, Precaution, Role
from hiplog.clinical.requests import RequestDraft
from hiplog.exchange import bundle
from hiplog.logbook import clinic, episodes, precautions, requests, sessions, users
from hiplog.logbook.book import Logbook

if TYPE_CHECKING:
    from driving import Driver

PEOPLE: dict[Role, str] = {"owner": "DN001", "therapist": "TH001", "auditor": "QA001"}
LINE = "gmed r 1 30x60 fifo t1; p6>4 n1/1"
NEW_PASSPHRASE = "under the apple tree"
Keys = Callable[["Driver"], Awaitable[object]]
CALLED: dict[Role, str] = {"owner": "an owner", "therapist": "a therapist", "auditor": "an auditor"}
NO_KEY = "the app has no key for it"


def peopled(book: Logbook) -> None:
    """A signed session of each who may sign, drafts that could be signed, and one user of every role."""
    book.write(clinic.add, PractitionerDraft("TH001", "Bo Lind", role="therapist"))
    book.write(clinic.add, PractitionerDraft("TH002", "Cy Roth", role="therapist"))
    book.write(clinic.add, PractitionerDraft("QA001", "Di Auer", role="auditor"))
    samples.signed(book.acting("TH002"))
    who, episode = samples.admit(book, "P-002")
    for code in ("DN001", "TH001", "TH002"):
        hands = book.acting(code)
        draft = hands.write(sessions.start, who.id, episode)
        hands.write(sessions.save, samples.complete(draft), draft.version)


def noted(book: Logbook) -> None:
    """The same with a precaution that can be ended, an episode that can be closed, and somebody disabled."""
    peopled(book)
    book.write(clinic.add, PractitionerDraft("TH003", "Fe Ohm", role="therapist"))
    users.disable(book, "TH003")
    who = book.read(sessions.drafts_open)[0].patient
    book.write(precautions.add, who, Precaution("ANTICOAG"))
    book.write(episodes.open_, who, EpisodeDraft("L", "OVERUSE"))
    book.write(requests.add, who, RequestDraft(book.clock().date(), "the left hip"))


def bundled(book: Logbook, folder: Path) -> Path:
    """A bundle with names, to read back in."""
    return bundle.write(book, folder, identified=True, reason="to be read in").path


@dataclass(frozen=True)
class Tried:
    """The commands that perform an act, the first of which an owner may run, and the keys that do.

    In a command ``{sample}`` is the folder of published cases, ``{out}`` a folder that is not there yet,
    ``{word}`` and ``{pin}`` are files with a passphrase and a PIN.
    """

    commands: tuple[tuple[str, ...], ...]
    keys: tuple[Keys, ...] = ()
    no_key: str = ""
    says: str = ""
    """Words of the refusal where another row of the table, or a sentence of its own, comes first."""


def words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


# -- the keys ----------------------------------------------------------------------------------------


async def fill(tui: Driver, *values: str) -> None:
    """Fill the fields of a form from the one that has the focus, and save."""
    for number, value in enumerate(values):
        if number:
            await tui.press("down")
        await tui.type(value)
    await tui.press("ctrl+s")


async def chart(tui: Driver, code: str = "P-001") -> None:
    await tui.rush("/", *code, "enter")


async def change(tui: Driver, what: str) -> None:
    """Choose in the list of what can be changed of a patient."""
    await chart(tui, "P-002")
    await tui.press("e")
    await tui.type(what)
    await tui.press("enter")


async def add_patient(tui: Driver) -> None:
    await tui.press("a")
    await fill(tui, "P-009", "Rossi", "Lea")


async def edit_patient(tui: Driver) -> None:
    await change(tui, "Names")
    await fill(tui, "Rossi", "Lea")


async def open_episode(tui: Driver) -> None:
    await change(tui, "Open a new")
    await fill(tui, "l", "overuse")


async def close_episode(tui: Driver) -> None:
    await change(tui, "Close episode 2")
    await fill(tui, "moved away")


async def note_precaution(tui: Driver) -> None:
    await chart(tui)
    await tui.press("c")
    await fill(tui, "osteoporosis")


async def end_precaution(tui: Driver) -> None:
    await change(tui, "No longer")


async def new_session(tui: Driver) -> None:
    await chart(tui)
    await tui.press("n")


async def repeat_session(tui: Driver) -> None:
    await chart(tui)
    await tui.press("r")


async def draft_of(tui: Driver, code: str) -> None:
    """Open the draft of ``code`` from the list of visits."""
    number = {"DN001": 1, "TH001": 2, "TH002": 3}[code]
    await chart(tui, "P-002")
    await tui.press(*["down"] * (3 - number), "enter")


async def discard(tui: Driver) -> None:
    await draft_of(tui, "TH002")
    await tui.press("ctrl+d", "y")


async def sign(tui: Driver) -> None:
    await draft_of(tui, "TH001")
    await tui.press("ctrl+s", "enter")


async def visit(tui: Driver) -> None:
    await chart(tui)
    await tui.press("enter")


async def cosign(tui: Driver) -> None:
    await visit(tui)
    await tui.press("C", "enter")


async def amend(tui: Driver) -> None:
    await visit(tui)
    await tui.press("A")
    await tui.type("plan")
    await tui.press("enter")
    await fill(tui, "rest", "typing error")


async def void(tui: Driver) -> None:
    await visit(tui)
    await tui.press("X")
    await fill(tui, "wrong patient")


async def request(tui: Driver) -> None:
    await chart(tui)
    await tui.press("R", "enter")
    await fill(tui, "the left hip")


async def follow_up(tui: Driver) -> None:
    await chart(tui)
    await tui.press("f")
    await fill(tui, "p", "o", "n", "", "", "n", "n", "n")


async def identify(tui: Driver) -> None:
    await tui.press("f4", "e")
    tui.app.screen.query_one("#in-profile").value = "identified"  # type: ignore[attr-defined]
    tui.app.screen.query_one("#in-reason").value = "a request"  # type: ignore[attr-defined]
    await tui.press("ctrl+s")


async def consent_form(tui: Driver) -> None:
    await tui.press("ctrl+p")
    await tui.type("consent f")
    for _ in range(200):
        if "which edition of the consent form" in tui.text:
            break
        await tui.pilot.pause(0.05)
    await tui.press("enter")


async def erase(tui: Driver) -> None:
    await change(tui, "erase")
    await fill(tui, "P-002", "asked in writing")


# -- the table -----------------------------------------------------------------------------------------

TRIED: dict[str, Tried] = {
    "chart": Tried(
        (
            words("patient add P-009 --family Rossi --given Lea"),
            words("patient edit P-001 --given Ann"),
            words("episode add P-001 --side l --cause overuse"),
            words("episode close P-002 --episode 2 --reason moved"),
            words("precaution add P-001 OSTEOPOR"),
            words("precaution end P-002 ANTICOAG"),
        ),
        (add_patient, edit_patient, open_episode, close_episode, note_precaution, end_precaution),
    ),
    "draft": Tried(
        (("log", "P-001", LINE, "--screen", "clear", "--consent", "yes"), words("undo P-002 2")),
        (new_session, repeat_session),
    ),
    "discard": Tried((words("undo P-002 3 --all"),), (discard,)),
    "sign": Tried(
        (words("log P-002 n1/1 --session 1 --sign"),),
        (sign,),
        says="may not start a session; change, undo and discard the own draft",
    ),
    "cosign": Tried((words("cosign P-001 1"),), (cosign,)),
    "amend": Tried(
        (
            words("amend P-001 1 plan rest --reason error"),
            words("void P-001 1 --reason error"),
        ),
        (amend, void),
    ),
    "request": Tried(
        (
            words("request add P-001 --wish left --asked 2026-03-01"),
            words("request accept P-002 1 --said agreed"),
        ),
        (request,),
    ),
    "follow": Tried(
        (
            words("follow-up P-001 --session 1 --by patient --asked open --none"),
            words("follow-up P-001 --session 1 --unreachable"),
        ),
        (follow_up,),
    ),
    "identify": Tried(
        (
            words("export {out} --identified --reason asked"),
            words("export {out}.json --format fhir --identified --reason asked"),
        ),
        (identify,),
        says="needs an owner",
    ),
    "import": Tried(
        (words("import {sample}/cases.csv --map {sample}/cases.toml"), words("import {bundle}")),
        no_key=NO_KEY,
    ),
    "users": Tried(
        (
            words("user add TH009 --name Eli"),
            words("user edit TH002 --role owner"),
            words("user enable TH003"),
            words("user passphrase TH002 --new-passphrase-file {word}"),
            words("user pin TH002 --new-pin-file {pin}"),
            words("user pin TH002 --none"),
            words("user disable TH002"),
            words("clinic consent-form 2026-01"),
        ),
        (consent_form,),
    ),
    "seal": Tried((words("audit key --begin-anew --reason lost"),), no_key=NO_KEY),
    "erase": Tried((words("patient erase P-002 --reason asked --confirm P-002"),), (erase,)),
}

NOT_EVEN_AN_OWNER = {
    words("undo P-002 2"): "is TH001's, and nobody else writes in it",
    words("audit key --begin-anew --reason lost"): "every key that sealed entries of this logbook is here",
}
"""Commands that are refused to an owner for another reason: a colleague's draft, a key that is here."""

SHOWN: tuple[tuple[str, ...], ...] = (
    words("patient list"),
    words("patient show P-001"),
    words("patient find P-0"),
    words("summary P-001 1 --html {out}.html"),
    words("episode list P-001"),
    words("audit show"),
)
"""Commands that show a name to whoever may see names."""


def forbidden() -> list[tuple[str, Role]]:
    """Every act with a role that may not do it, out of the table itself; ``names`` is about what is shown."""
    return [
        (act.code, role)
        for act in roles.ACTS
        for role in roles.ROLES
        if role not in act.roles and act.code != "names"
    ]
