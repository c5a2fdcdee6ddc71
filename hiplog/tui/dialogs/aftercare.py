"""The aftercare sheet on the screen: what was advised in a visit, else the usual."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.logbook import dates
from hiplog.tui.dialogs.paper import Paper, file_part

if TYPE_CHECKING:
    from hiplog.clinical.record import Patient, Session
    from hiplog.exchange.pages.aftercare import Sheet
    from hiplog.logbook.clinic import Clinic
    from hiplog.logbook.timeline import Timeline

TITLE = _("Aftercare sheet")
NO_VISIT = _("No visit yet: the usual advice.")
TICKED = _("Advice ticked in visit {number}, {when}.")
NOT_TICKED = _("Nothing was ticked in visit {number}, {when}: the usual advice.")


class Aftercare(Paper):
    """The sheet of one visit, with the words as they are printed."""

    HELP_TEXT = _(
        "The advice ticked in the visit, in its own words. The sheet carries no name unless you say so."
    )

    def __init__(self, sheet: Sheet, name: str) -> None:
        def made(named: bool) -> Sheet:
            return replace(sheet, name=name) if named else sheet

        def words(named: bool) -> str:
            from hiplog.exchange.pages import plain

            return plain.sheet(made(named))

        def page(named: bool) -> str:
            from hiplog.exchange.pages import aftercare

            return aftercare.html(made(named))

        super().__init__(TITLE, _origin(sheet), f"aftercare-{file_part(sheet.code)}", words, page)


def of_last(timeline: Timeline, clinic: Clinic) -> Aftercare:
    """The sheet of the patient's last visit that is not void; without a visit it has the usual advice."""
    kept = [session for session in timeline.sessions if session.status != "voided"]
    last = max(kept, key=lambda session: (session.occurred_at, session.number), default=None)
    return of(timeline.patient, last, clinic)


def of(patient: Patient, session: Session | None, clinic: Clinic) -> Aftercare:
    """The sheet of one visit, a draft among them."""
    from hiplog.exchange.pages.aftercare import Sheet

    sheet = Sheet(
        clinic=clinic.name,
        zone=clinic.zone,
        code=patient.code,
        advice=session.advice if session else (),
        session=session.number if session else None,
        at=session.occurred_at if session else None,
    )
    return Aftercare(sheet, patient.name)


def _origin(sheet: Sheet) -> str:
    if sheet.session is None or sheet.at is None:
        return NO_VISIT
    said = TICKED if sheet.advice else NOT_TICKED
    return said.format(number=sheet.session, when=dates.moment_words(sheet.at, sheet.zone))
