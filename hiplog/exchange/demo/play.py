"""Write the planned events through the logbook, in order, each under its own time and hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from hiplog.clinical.record import SessionDraft
from hiplog.clinical.requests import Request, RequestDraft
from hiplog.exchange.demo import events as told
from hiplog.exchange.demo.events import Event
from hiplog.logbook import amendments, episodes, followups, patients, precautions, requests, sessions
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook

BATCH = 200
Progress = Callable[[int, int], None]


class Player:
    """Plays events into a logbook and remembers the keys that it gave to patients and episodes."""

    def __init__(self, book: Logbook) -> None:
        self._book = book
        self._patients: dict[str, str] = {}
        self._episodes: dict[tuple[str, int], str] = {}

    def play(self, events: Sequence[Event], progress: Progress | None) -> None:
        """Write all ``events``; ``progress`` is told how many of how many are done."""
        for start in range(0, len(events), BATCH):
            batch = events[start : start + BATCH]
            self._book.write(self._batch, batch)
            if progress is not None:
                progress(start + len(batch), len(events))

    def _batch(self, unit: Unit, batch: Sequence[Event]) -> None:
        for event in batch:
            unit.now, unit.actor = event.at, event.by
            self._one(unit, event)

    def _one(self, unit: Unit, event: Event) -> None:
        match event:
            case told.Registered(draft=person):
                self._patients[person.code] = patients.add(unit, person).id
            case told.Warned(code=code, precaution=precaution):
                precautions.add(unit, self._patients[code], precaution)
            case told.Opened(code=code, number=number, draft=episode):
                self._episodes[code, number] = episodes.open_(unit, self._patients[code], episode).id
            case told.Closed(code=code, number=number, reason=reason):
                episodes.close(unit, self._episodes[code, number], reason)
            case told.Visited() | told.Resumed():
                self._visit(unit, event)
            case told.Asked(session=session, inquiry=inquiry, readings=readings):
                followups.record(unit, session, inquiry, readings)
            case told.NotReached(session=session):
                followups.unreachable(unit, session)
            case told.Amended(session=session, field=field, value=value, reason=reason, wish=None):
                amendments.amend(unit, session, field, value, reason)
            case told.Amended(session=session, field=field, value=value, reason=reason, wish=str(wish)):
                asked = _asked(unit, session, wish)
                requests.amend(unit, asked.id, session, field, value, reason)
            case told.Disputed(session=session, wish=wish, reason=reason, words=words):
                asked = _asked(unit, session, wish)
                requests.answer(unit, asked.id, "denied", reason, "accurate")
                requests.answer(unit, asked.id, "disagreement", words)
            case told.Voided(session=session, reason=reason):
                sessions.void(unit, session, reason)

    def _visit(self, unit: Unit, event: told.Visited | told.Resumed) -> None:
        draft = self._named(event.draft)
        if isinstance(event, told.Visited):
            sessions.enter(unit, draft, signed=event.signed)
        else:
            sessions.save(unit, draft, sessions.get(unit, draft.id).version)

    def _named(self, draft: SessionDraft) -> SessionDraft:
        episode = self._episodes[draft.patient, int(draft.episode)]
        return replace(draft, patient=self._patients[draft.patient], episode=episode)


def _asked(unit: Unit, session: str, wish: str) -> Request:
    day = unit.now.astimezone(ZoneInfo(unit.zone)).date()
    draft = RequestDraft(day, wish, session=session)
    return requests.add(unit, sessions.get(unit, session).patient, draft)
