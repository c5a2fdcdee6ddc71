"""A believable invented clinic, to look around in and to measure with: nobody in it exists."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hiplog.clinical.errors import BadInput
from hiplog.exchange.demo import people, plan, protocols
from hiplog.exchange.demo.play import Player, Progress
from hiplog.language import _
from hiplog.logbook import clinic
from hiplog.logbook.book import Logbook, utc_now
from hiplog.settings import Settings

__all__ = ["CLINIC", "MOST_PATIENTS", "ZONE", "make"]

CLINIC, ZONE = "Demo clinic", "Europe/Berlin"
MOST_PATIENTS = 20_000
FOUNDED_BEFORE = timedelta(days=1)


def make(
    settings: Settings,
    *,
    patients: int = 40,
    seed: int = 1,
    now: datetime,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Logbook:
    """Make a new logbook at ``settings`` and fill it with an invented clinic that ends at ``now``.

    The same ``patients``, ``seed`` and ``now`` make the same clinic in everything a person sees: people,
    visits, readings, reactions, follow-ups, amendments and the keys of sessions and of what they hold. The
    keys of practitioners, patients, episodes, precautions, follow-ups, signatures and amendments, the
    pseudonyms and the salts of the audit trail are the logbook's own and differ each time.

    There are visits on working days only and none after ``now``; outside hours the latest working day
    stands for today. From about ten patients on there are drafts and follow-ups of every state.
    ``progress`` is told (done, total). ``clock`` is that of the logbook returned, whose practitioner is the
    owner. Raises ``BadInput`` when a logbook is there already or the number cannot be.
    """
    if not 1 <= patients <= MOST_PATIENTS:
        raise BadInput(
            _("patients: {patients} is not between 1 and {most_patients}").format(
                patients=patients, most_patients=MOST_PATIENTS
            )
        )
    ends = now.astimezone(UTC).replace(microsecond=0)
    zone = ZoneInfo(ZONE)
    events = plan.clinic(patients, seed, ends, zone)
    founded = events[0].at - FOUNDED_BEFORE
    staff = people.staff(ends.astimezone(zone).date())
    book = Logbook.create(settings, CLINIC, ZONE, staff[0], lambda: founded)
    for colleague in staff[1:]:
        book.write(clinic.add, colleague)
    book.write(protocols.lay_down)
    with _settled():
        Player(book).play(events, progress)
    return replace(book, clock=clock)


@contextmanager
def _settled() -> Iterator[None]:
    """Keep the collector from walking the whole plan again and again: it is a third of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
