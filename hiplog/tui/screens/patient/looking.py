"""What can be looked at from a patient's page: the body map, the point memory, the aftercare sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook import points
from hiplog.tui.screens.parts import clock_of, hip_words

if TYPE_CHECKING:
    from hiplog.clinical.record import Session
    from hiplog.logbook.timeline import Timeline
    from hiplog.tui.app import HiplogApp

NO_VISIT = _("There is no visit yet; n starts one.")


def body(app: HiplogApp, timeline: Timeline) -> None:
    """Show the insertions of the current episode on the map."""
    from hiplog.tui.dialogs.body import Body

    episode = points.current(timeline.episodes)
    counts = points.heat(timeline.sessions, episode.id if episode else None)
    hip = hip_words(episode.side, episode.cause) if episode else _("no episode yet")
    start = None if counts or episode is None else ("GMED", episode.side)
    app.push_screen(Body(_("Body map: {hip}").format(hip=hip), counts, start=start))


def memory(app: HiplogApp, timeline: Timeline) -> None:
    """Show what came of every place."""
    from hiplog.tui.dialogs.memory import Memory

    by_clock = clock_of(app.desk.book.clinic.zone)
    app.push_screen(Memory(points.of(timeline.sessions), by_clock, app.desk.today()))


def aftercare(app: HiplogApp, timeline: Timeline) -> None:
    """Show the sheet of the last visit."""
    from hiplog.tui.dialogs import aftercare as sheets

    app.push_screen(sheets.of_last(timeline, app.desk.book.clinic))


async def summary(app: HiplogApp, visit: Session | None) -> None:
    """Show the summary of a visit. Call it in a task."""
    from hiplog.tui.dialogs import summary as summaries

    if visit is None:
        raise BadInput(NO_VISIT)
    await summaries.show(app, visit.patient, visit.number)
