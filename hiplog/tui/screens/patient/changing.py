"""What ``e`` offers: the patient's own facts, episodes, and precautions that no longer stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hiplog.clinical import merging
from hiplog.clinical.errors import Refused, Stale
from hiplog.clinical.record import Episode, EpisodeDraft, Patient, PatientDraft
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.screens.parts import hip_words, precaution_words

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline
    from hiplog.tui.app import HiplogApp

Done = Callable[[], object]


async def choose(app: HiplogApp, timeline: Timeline, done: Done) -> None:
    """Offer what can be changed and do it; ``done`` reads the page anew. Call it in a task."""
    from hiplog.tui.dialogs.pick import Pick

    await app.desk.need("chart")
    lines = [("patient", _("Names, birth date, sex, chart code")), ("open", _("Open a new episode"))]
    opened = [e for e in timeline.episodes if e.closed_on is None]
    lines += [
        (
            f"close:{e.id}",
            _("Close episode {number}: {hip}").format(number=e.number, hip=hip_words(e.side, e.cause)),
        )
        for e in opened
    ]
    lines += [
        (f"end:{p.id}", _("No longer stands: {precaution}").format(precaution=precaution_words(p)))
        for p in timeline.precautions
    ]
    if not timeline.patient.erased:
        lines.append(("erase", _("Erase the identity for good … (an owner only)")))
    chosen = await app.push_screen_wait(Pick(_("Change what?"), lines))
    kind, _colon, key = (chosen or "").partition(":")
    if kind == "patient":
        await _edit(app, timeline.patient)
    elif kind == "open":
        await _open(app, timeline.patient.id)
    elif kind == "close":
        await _close(app, key)
    elif kind == "erase":
        await _erase(app, timeline.patient)
    elif kind == "end":
        await app.desk.write(rooms.precautions.end, key)
    done()


async def _edit(app: HiplogApp, patient: Patient) -> None:
    from hiplog.tui.dialogs.people import patient_form

    async def keep(draft: PatientDraft) -> Patient:
        return await _settled(app, patient, cast("Patient", draft))

    order = app.desk.book.settings.date_order
    await app.push_screen_wait(patient_form(app.desk.today(), order, keep, replace(patient)))


async def _settled(app: HiplogApp, base: Patient, mine: Patient) -> Patient:
    """Save what was typed; where a colleague saved the same person meanwhile, a person chooses first."""
    from hiplog.tui.dialogs.conflict import PatientConflict

    while True:
        try:
            return await app.desk.write(rooms.patients.edit, mine)
        except Stale:
            theirs = await app.desk.read(rooms.patients.by_id, base.id)
        if theirs.erased:
            raise Refused(ERASED)
        if merging.patient_mine(mine, theirs) == theirs:
            return theirs
        chosen = await app.push_screen_wait(PatientConflict(base, mine, theirs))
        if chosen is None or chosen == theirs:
            return theirs
        base, mine = theirs, chosen


ERASED = _("The identity of this patient was erased meanwhile; nothing is written again.")


async def _open(app: HiplogApp, patient_id: str) -> None:
    from hiplog.tui.dialogs.people import episode_form

    async def keep(draft: EpisodeDraft) -> Episode:
        return await app.desk.write(rooms.episodes.open_, patient_id, draft)

    await app.push_screen_wait(episode_form(app.desk.today(), app.desk.book.settings.date_order, keep))


async def _close(app: HiplogApp, episode_id: str) -> None:
    from hiplog.tui.dialogs.text import line_form

    async def keep(reason: str) -> Episode:
        return await app.desk.write(rooms.episodes.close, episode_id, reason)

    await app.push_screen_wait(line_form(_("Close the episode"), _("reason"), keep))


async def _erase(app: HiplogApp, patient: Patient) -> None:
    from hiplog.tui.dialogs.people import erasure_form

    await app.desk.need("erase")

    async def keep(said: tuple[str, str]) -> str:
        typed, reason = said
        done = await app.desk.call(rooms.erasure.erase, patient.code, typed, reason)
        held = _("{count} backups still hold it.").format(count=done.backups) if done.backups else ""
        told = _("The identity of {code} is erased.").format(code=done.patient.code)
        return " ".join(one for one in (told, held, done.warning or "") if one)

    told = await app.push_screen_wait(erasure_form(patient.code, rooms.erasure.STAYS, keep))
    if told is not None:
        app.tell(told)
