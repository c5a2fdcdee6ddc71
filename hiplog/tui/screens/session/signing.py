"""The end of a session: its signature, or everything that stands between; or throwing the draft away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.clinical.errors import Refused, Stale
from hiplog.clinical.record import Session
from hiplog.language import _, counted
from hiplog.tui import rooms
from hiplog.tui.ahead import Hold
from hiplog.tui.dialogs import proof
from hiplog.tui.dialogs.message import Confirm, Message
from hiplog.tui.dialogs.proof import Proof
from hiplog.tui.screens import opening
from hiplog.tui.screens.parts import reading_words
from hiplog.tui.screens.session.frame import PAIN
from hiplog.tui.screens.session.keeper import Keeper

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.tui.screens.session.screen import SessionScreen

NOT_YET = _("Not ready to sign")
TOGETHER = _("{count} screening questions answered no together, after the list")


async def sign(screen: SessionScreen, keeper: Keeper, held: Hold) -> None:
    """Sign after a yes; every objection is told at once. Call it in a task.

    Keys are held until the question stands: an Enter typed right after the key answers it.
    """
    app = screen.app
    try:
        await app.desk.ask(_may_sign)
        if not await keeper.settle():
            keeper.go_on()
            raise Refused(
                _(
                    "The last answer could not be saved yet, so the session cannot be signed. Try "
                    "again once it is saved."
                )
            )
        found = await app.desk.read(rooms.sessions.objections, keeper.kept)
        wanted = await app.desk.ask(rooms.access.needs)
        question = _question(keeper.kept, found, wanted, app.desk.book.actor, await proof.licence(app))
        answer = app.push_screen(question, wait_for_dismiss=True)
        await app.ahead.settle()
    finally:
        held.release()
    said = await answer
    if not said:
        return
    book = app.desk.book if said is True else said
    try:
        kept = await app.desk.write_with(book, rooms.sessions.sign, keeper.kept.id, keeper.kept.version)
    except Stale as error:
        await keeper.overtaken(error)
        return
    except Refused as refusal:
        await app.push_screen_wait(Message(NOT_YET, refusal.reasons or (str(refusal),)))
        return
    app.tell(_("Visit {number} is signed. The follow-up is due tomorrow.").format(number=kept.number))
    _back_to_patient(screen, kept)


def _may_sign(book: Logbook) -> None:
    book.need("sign")


def _question(
    draft: Session, objections: tuple[str, ...], wanted: tuple[str, ...], who: str, warning: tuple[str, ...]
) -> Message | Confirm | Proof:
    title = _("Sign visit {number}").format(number=draft.number)
    if objections:
        return Message(NOT_YET, objections)
    told = [*summary(draft), *warning]
    if wanted:
        return Proof(title, told, wanted, who)
    return Confirm(title, [*told, _("{who} has no PIN, so none is asked.").format(who=who)])


def summary(draft: Session) -> list[str]:
    """What is about to be signed, in a few lines."""
    pain = [reading_words(r) for r in (draft.reading(PAIN, "before"), draft.reading(PAIN, "after")) if r]
    needles = draft.needles
    sites = counted(len(draft.insertions), "{count} site", "{count} sites")
    counts = _("{sites}, needles {inside} in, {out} out")
    lines = [
        counts.format(sites=sites, inside=needles.inserted or 0, out=needles.withdrawn or 0),
        _("pain {pain}").format(pain=" → ".join(pain)),
        "",
        _("Once signed it is frozen; later corrections are amendments with a reason."),
    ]
    together = sum(a.asked == "together" for a in draft.screening)
    if together:
        lines.insert(2, TOGETHER.format(count=together))
    asked = any(i.stage == "session" for i in draft.inquiries)
    return lines if asked else [*lines, _("! Reactions were not asked about.")]


def _back_to_patient(screen: SessionScreen, kept: Session) -> None:
    from hiplog.tui.screens.patient.screen import PatientScreen

    app = screen.app
    beneath = app.screen_stack[-2] if len(app.screen_stack) > 1 else None
    screen.dismiss(None)
    if not isinstance(beneath, PatientScreen):
        app.call_later(opening.patient, app, kept.patient)


async def discard(screen: SessionScreen, keeper: Keeper) -> None:
    """Throw the draft away after a yes. Call it in a task."""
    app = screen.app
    question = _("Visit {number} is thrown away. What was typed stays in the audit only.").format(
        number=keeper.kept.number
    )
    if await app.push_screen_wait(Confirm(_("Discard the draft"), [question])):
        await keeper.settle()
        try:
            await app.desk.write(rooms.sessions.discard, keeper.kept.id, keeper.kept.version)
        except Stale as error:
            await keeper.overtaken(error)
            return
        screen.dismiss(None)
