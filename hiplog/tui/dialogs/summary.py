"""The summary of one visit on the screen: the words of the printed page, whose pictures are on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.tui.dialogs.paper import Paper, file_part

if TYPE_CHECKING:
    from hiplog.exchange.pages.visit import Visit
    from hiplog.tui.app import HiplogApp

TITLE = _("Summary of visit {number}")
ORIGIN = _("As it is recorded; the page to print adds the body map and the trend.")


class Summary(Paper):
    """One visit in words, with every correction beside what stood there before."""

    HELP_TEXT = _("What the printed summary of this visit says. It carries no name unless you say so.")

    def __init__(self, visit: Visit, name: str) -> None:
        def made(named: bool) -> Visit:
            return replace(visit, name=name) if named else visit

        def words(named: bool) -> str:
            from hiplog.exchange.pages import plain

            return plain.summary(made(named))

        def page(named: bool) -> str:
            from hiplog.exchange.pages import visit as pages

            return pages.html(made(named))

        number = visit.session.number
        stem = f"visit-{number}-{file_part(visit.code)}"
        super().__init__(TITLE.format(number=number), ORIGIN, stem, words, page)


async def show(app: HiplogApp, patient_id: str, number: int) -> None:
    """Read visit ``number`` and show it. Call it in a task."""
    from hiplog.exchange.pages import gather

    patient, visit = await app.desk.call(gather.visit_by_id, patient_id, number)
    app.push_screen(Summary(visit, patient.name))
