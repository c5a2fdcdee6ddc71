"""What can be looked at from a patient's page: the body map, the point memory, the aftercare sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.logbook import points
from hiplog.tui.screens.parts import hip_words

if TYPE_CHECKING:
    from hiplog.logbook.timeline import Timeline
    from hiplog.tui.app import HiplogApp


def body(app: HiplogApp, timeline: Timeline) -> None:
    """Show the insertions of the current episode on the map."""
    from hiplog.tui.dialogs.body import Body

    episode = points.current(timeline.episodes)
    counts = points.heat(timeline.sessions, episode.id if episode else None)
    hip = hip_words(episode.side, episode.cause) if episode else "no episode yet"
    start = None if counts or episode is None else ("GMED", episode.side)
    app.push_screen(Body(f"Body map: {hip}", counts, start=start))


def memory(app: HiplogApp, timeline: Timeline) -> None:
    """Show what came of every place."""
    from hiplog.tui.dialogs.memory import Memory

    app.push_screen(Memory(points.of(timeline.sessions), app.desk.local, app.desk.today()))


def aftercare(app: HiplogApp, timeline: Timeline) -> None:
    """Show the sheet of the last visit."""
    from hiplog.tui.dialogs.aftercare import Aftercare, sheet_of

    app.push_screen(Aftercare(sheet_of(timeline, app.desk.book.clinic)))
