"""What ``R`` offers: to take down what a patient asks to have amended, and to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hiplog.clinical.record import Session
from hiplog.clinical.requests import GROUNDS, NEEDS_WORDS, Request, RequestDraft
from hiplog.language import _
from hiplog.logbook import request_words
from hiplog.tui import privacy, rooms
from hiplog.tui.dialogs.text import line_form
from hiplog.tui.screens.parts import day, local
from hiplog.tui.screens.patient import actions

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

Done = Callable[[], object]
TITLE = _("Requests for an amendment")
NEW_VISIT = _("New: take down a request about visit {visit}, {day}")
NEW_ALL = _("New: take down a request about the whole record")
KEPT = _("Request {number} is taken down; it stands in the Today list until it is answered.")
ANSWERED = _("Request {number} is kept with this step.")
WHICH = _("Which visit shall be amended?")
VISIT = _("visit {visit}, {day}")
GROUND = _("On which ground is it denied?")
ASKS = {
    "denied": (
        _("Deny request {number}"),
        _("reason"),
        _("The patient may then have a statement of disagreement kept."),
    ),
    "extended": (
        _("Put the answer off"),
        _("reason"),
        _("Once, by 30 days; the patient is told the reason and the day."),
    ),
    "disagreement": (
        _("Statement of disagreement"),
        _("in words"),
        _("As the patient gave it; it is kept for ever."),
    ),
    "rebuttal": (_("Rebuttal"), _("in words"), _("It stands beside the statement; the patient gets a copy.")),
    "carried_out": (_("Carried out"), _("what was done"), _("For what is no field of a signed visit.")),
}


async def choose(
    app: HiplogApp, patient: str, visits: Sequence[Session], found: Sequence[Request], done: Done
) -> None:
    """Offer a new request about one of ``visits`` or all, and each that there is. Call it in a task."""
    from hiplog.tui.dialogs.pick import Pick

    today, signed = app.desk.today(), [one for one in reversed(visits) if one.status != "draft"]
    waiting = sorted(found, key=lambda one: not one.waits)
    lines = [(one.id, request_words.short(one, today)) for one in waiting]
    lines += [(f"new:{one.id}", NEW_VISIT.format(visit=one.number, day=day(local(one)))) for one in signed]
    lines.append(("new:", NEW_ALL))
    chosen = await app.push_screen_wait(Pick(TITLE, lines))
    if chosen is None:
        return
    if chosen.startswith("new:"):
        await _take_down(app, patient, next((v for v in signed if v.id == chosen[4:]), None), done)
    else:
        await _answer(app, next(one for one in found if one.id == chosen), done)


async def _take_down(app: HiplogApp, patient: str, visit: Session | None, done: Done) -> None:
    from hiplog.tui.dialogs.request import request_form

    await app.desk.need("request")

    async def keep(draft: RequestDraft) -> Request:
        return await app.desk.write(rooms.requests.add, patient, draft)

    about = request_words.ABOUT_ALL if visit is None else request_words.ABOUT.format(visit=visit.number)
    order, key = app.desk.book.settings.date_order, visit.id if visit else None
    kept = await app.push_screen_wait(request_form(about, key, app.desk.today(), order, keep))
    if kept is not None:
        app.tell(KEPT.format(number=kept.number))
        done()


async def _answer(app: HiplogApp, asked: Request, done: Done) -> None:
    from hiplog.tui.dialogs.request import RequestPaper

    told = request_words.lines(privacy.asked(asked), app.desk.book.clinic.zone, app.desk.today())
    kind = await app.push_screen_wait(RequestPaper(asked, tuple(told)))
    if kind is None:
        return
    await app.desk.need("request")
    if kind == "amend":
        await _amend(app, asked, done)
        return
    kept = await (_worded(app, asked, kind) if kind in ASKS else _plain(app, asked, kind))
    if kept is not None:
        app.tell(ANSWERED.format(number=kept.number))
        done()


async def _plain(app: HiplogApp, asked: Request, kind: str) -> Request:
    return await app.desk.write(rooms.requests.answer, asked.id, kind)


async def _worded(app: HiplogApp, asked: Request, kind: str) -> Request | None:
    from hiplog.tui.dialogs.pick import Pick

    ground = None
    if kind == "denied":
        ground = await app.push_screen_wait(Pick(GROUND, tuple(GROUNDS.items())))
        if ground is None:
            return None

    async def keep(said: str) -> Request:
        if kind in NEEDS_WORDS:
            return await app.desk.write(rooms.requests.answer, asked.id, kind, said, ground)
        return await app.desk.write(rooms.requests.carry_out, asked.id, said)

    title, label, intro = ASKS[kind]
    form = line_form(title.format(number=asked.number), label, keep, intro=intro)
    return await app.push_screen_wait(form)


async def _amend(app: HiplogApp, asked: Request, done: Done) -> None:
    visits = await app.desk.read(rooms.sessions.of, asked.patient)
    signed = [one for one in visits if one.status == "signed" and asked.session in (None, one.id)]
    visit = await _which(app, signed)
    if visit is not None:
        await actions.amend(app, visit, done, asked.id)


async def _which(app: HiplogApp, signed: Sequence[Session]) -> Session | None:
    from hiplog.tui.dialogs.pick import Pick

    if len(signed) < 2:
        return actions.signed(signed[0] if signed else None)
    lines = [(one.id, VISIT.format(visit=one.number, day=day(local(one)))) for one in reversed(signed)]
    chosen = await app.push_screen_wait(Pick(WHICH, lines))
    return next((one for one in signed if one.id == chosen), None)
