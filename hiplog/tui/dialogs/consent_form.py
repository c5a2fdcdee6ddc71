"""Which edition of the consent form the clinic hands out: each consent keeps the one it was given by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui import rooms
from hiplog.tui.dialogs.form import Field, Form

if TYPE_CHECKING:
    from hiplog.logbook.clinic import Clinic
    from hiplog.tui.app import HiplogApp

TITLE, LABEL = _("The consent form"), _("edition")
INTRO = _(
    "Which edition of the form patients consent by from now on, as it is printed on it. Consents that were "
    "given already keep theirs."
)
HINT = "1, v2.1, 2026-01"
SAID = _("consents of new visits name edition {edition}")
SET = _("From now on patients consent by edition {edition} of the form.")


async def ask(app: HiplogApp) -> None:
    """Ask for the edition and keep it; only an owner is asked."""
    if not app.desk.is_open:
        return
    await app.desk.need("users")
    clinic = await app.desk.read(rooms.clinic.read)

    async def keep(edition: str) -> Clinic:
        return await app.desk.write(rooms.clinic.set_consent_form, edition)

    kept = await app.push_screen_wait(form(clinic.consent_form, keep))
    if kept is not None:
        app.tell(SET.format(edition=shown(kept.consent_form)))


def form(now: str, keep: Callable[[str], Awaitable[Clinic]]) -> Form[str, Clinic]:
    """The form, with the edition that is in use standing in it."""
    row = Field("edition", LABEL, HINT, now, _said, needed=True)
    return Form(TITLE, (row,), lambda values: values["edition"], keep, intro=INTRO)


def _said(text: str) -> str:
    return SAID.format(edition=rooms.clinic.edition_of(text))
