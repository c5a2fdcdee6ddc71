"""Ways from one screen to another: open a patient, a visit, a session, start a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.clinical.errors import Refused
from hiplog.clinical.record import Episode
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.ahead import Hold
from hiplog.tui.screens.page import Page
from hiplog.tui.screens.parts import hip_words
from hiplog.tui.tasks import started, task

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp


def patient(app: HiplogApp, patient_id: str) -> None:
    """Open a patient's page."""
    from hiplog.tui.screens.patient.screen import PatientScreen

    app.push_screen(PatientScreen(patient_id))


def session(app: HiplogApp, patient_id: str, session_id: str) -> None:
    """Open a draft for writing. What is typed meanwhile waits for it."""
    started(app, _session_held, app, patient_id, session_id, app.ahead.hold())


async def _session_held(app: HiplogApp, patient_id: str, session_id: str, held: Hold) -> None:
    try:
        await session_ready(app, patient_id, session_id)
    finally:
        held.release()


async def session_ready(app: HiplogApp, patient_id: str, session_id: str) -> None:
    """Open a draft and return when its fields can be answered."""
    from hiplog.tui.screens.session.screen import SessionScreen

    screen = SessionScreen(patient_id, session_id)
    await app.push_screen(screen)
    await screen.ready.wait()


def new_session(page: Page[None], patient_id: str, *, repeat: bool = False) -> None:
    """Start a session, on disk at once, and open it; an unfinished one of this patient is offered first.

    ``repeat`` lays the plan of the last signed session into it. What is typed meanwhile waits for it.
    """
    _new_session(page, patient_id, repeat, page.app.ahead.hold())


@task
async def _new_session(page: Page[None], patient_id: str, repeat: bool, held: Hold) -> None:
    try:
        session_id = await _session(page.app, patient_id, repeat, held)
        if session_id is not None:
            await session_ready(page.app, patient_id, session_id)
    finally:
        held.release()


async def _session(app: HiplogApp, patient_id: str, repeat: bool, held: Hold) -> str | None:
    """The session to open: a new one, or the draft that is open already; ``None`` after Escape."""
    await app.desk.need("draft")
    timeline = await app.desk.read(rooms.timeline.of, patient_id)
    drafted = [s for s in timeline.sessions if s.status == "draft"]
    if drafted and not await _start_another(app, drafted[-1].number, held):
        return drafted[-1].id
    episode = await _episode(app, tuple(e for e in timeline.episodes if e.closed_on is None), held)
    if episode is None:
        return None
    if repeat and not any(s.status == "signed" and s.insertions for s in timeline.sessions):
        raise Refused(_("There is no earlier signed session to repeat; n starts an empty one."))
    kept = await app.desk.write(rooms.sessions.start, patient_id, episode.id)
    if repeat:
        kept = await app.desk.write(rooms.sessions.repeat, kept.id)
    return kept.id


async def _start_another(app: HiplogApp, number: int, held: Hold) -> bool:
    from hiplog.tui.dialogs.message import Confirm

    question = _("Visit {number} of this patient is still a draft. Start another one all the same?").format(
        number=number
    )
    with app.ahead.asking(held):
        sure = await app.push_screen_wait(Confirm(_("A draft is open"), [question]))
    return sure is True


async def _episode(app: HiplogApp, known: tuple[Episode, ...], held: Hold) -> Episode | None:
    from hiplog.tui.dialogs.pick import Pick

    if not known:
        raise Refused(_("This patient has no open episode; e on the patient's page opens one."))
    if len(known) == 1:
        return known[0]
    lines = [(e.id, f"{e.number}  {hip_words(e.side, e.cause)}") for e in known]
    with app.ahead.asking(held):
        chosen = await app.push_screen_wait(Pick(_("Which hip?"), lines))
    return next((e for e in known if e.id == chosen), None)
