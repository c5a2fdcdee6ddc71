"""What can be done to a signed visit: follow up, amend, void. Each asks, saves, and calls back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hiplog.clinical import consequences
from hiplog.clinical.code_words import said, said_field
from hiplog.clinical.errors import BadInput, Refused
from hiplog.clinical.record import FollowUp, Session
from hiplog.language import _
from hiplog.tui import rooms
from hiplog.tui.dialogs import proof
from hiplog.tui.dialogs.message import Confirm

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp
    from hiplog.tui.dialogs.follow_up import Told

Done = Callable[[], object]


async def follow_up(app: HiplogApp, visit: Session, done: Done) -> None:
    """Ask how the patient is after ``visit`` and record it. Call it in a task."""
    from hiplog.tui.dialogs.follow_up import follow_up_form

    await app.desk.need("follow")

    to_do: list[str] = []

    async def keep(told: Told) -> FollowUp:
        inquiry, sent = told
        kept = await app.desk.write(rooms.followups.record, visit.id, inquiry, referrals=sent)
        hours = await app.desk.read(rooms.followups.asked_last, visit.id)
        to_do.extend(consequences.of(replace(inquiry, asked_at_h=hours)))
        return kept

    def closed(kept: FollowUp | None) -> None:
        if kept is not None:
            app.tell(_("The follow-up of visit {number} is recorded.").format(number=visit.number))
            for sentence in to_do:
                app.tell(sentence, grave=True)
            done()

    app.push_screen(follow_up_form(_("visit {number}").format(number=visit.number), keep), closed)


async def amend(app: HiplogApp, visit: Session, done: Done, request: str | None = None) -> None:
    """Choose a field, say its new value and why; nothing is overwritten. Call it in a task.

    With the key of a patient's ``request`` it is carried out by this.
    """
    from hiplog.tui.dialogs.amend import amend_form
    from hiplog.tui.dialogs.pick import Pick

    await app.desk.need("amend")
    names = rooms.amendments.fields(visit)
    lines = [(name, said_field(name)) for name in names]
    field = await app.push_screen_wait(
        Pick(_("Amend visit {number}: which field?").format(number=visit.number), lines)
    )
    if field is None:
        return

    async def keep(said: tuple[str, str]) -> Session:
        value, reason = said
        book = await proof.asked(
            app, _("Amend visit {number}").format(number=visit.number), [_("The old value stays beside it.")]
        )
        if book is None:
            raise Refused(_("Not signed; nothing was changed. Press the key again to try again."))
        how = rooms.amendments.amend if request is None else partial(rooms.requests.amend, request_id=request)
        told = {"session_id": visit.id, "field": field, "value": value or None, "reason": reason}
        return await app.desk.write_with(book, how, **told)

    kept = await app.push_screen_wait(amend_form(field, keep, await proof.licence(app)))
    if kept is not None:
        app.tell(
            _("Visit {number} is amended; the value before stays beside the new one.").format(
                number=visit.number
            )
        )
        done()


async def void(app: HiplogApp, visit: Session, done: Done) -> None:
    """Ask why, then declare the visit void. Call it in a task."""
    from hiplog.tui.dialogs.text import line_form

    await app.desk.need("amend")

    async def keep(reason: str) -> Session:
        book = await proof.asked(
            app, _("Void visit {number}").format(number=visit.number), [_("It stays readable.")]
        )
        if book is None:
            raise Refused(_("Not signed; nothing was changed. Press the key again to try again."))
        return await app.desk.write_with(book, rooms.sessions.void, visit.id, reason)

    told = _("A voided visit stays readable and is no longer counted. This cannot be taken back.")
    intro = "\n".join((told, *await proof.licence(app)))
    kept = await app.push_screen_wait(
        line_form(_("Void visit {number}").format(number=visit.number), _("reason"), keep, intro=intro)
    )
    if kept is not None:
        app.tell(_("Visit {number} is void.").format(number=visit.number))
        done()


async def cosign(app: HiplogApp, visit: Session, done: Done) -> None:
    """Put a second signature under the visit, after a yes or the PIN. Call it in a task."""
    await app.desk.need("cosign")
    said = [_("Signed by {who}. The second signature says: read and agreed.").format(who=visit.signed_by)]
    said += await proof.licence(app)
    title = _("Co-sign visit {number}").format(number=visit.number)
    if await app.desk.ask(rooms.access.needs):
        book = await proof.asked(app, title, said)
    else:
        book = app.desk.book if await app.push_screen_wait(Confirm(title, said)) else None
    if book is not None:
        await app.desk.write_with(book, rooms.sessions.cosign, visit.id)
        app.tell(_("Visit {number} is co-signed.").format(number=visit.number))
        done()


def signed(visit: Session | None) -> Session:
    """Return ``visit`` if it can be amended, followed up or voided; ``BadInput`` says what is missing."""
    if visit is None:
        raise BadInput(_("There is no visit yet; n starts one."))
    if visit.status != "signed":
        raise BadInput(
            _("Visit {number} is {status}; only a signed visit can be changed this way.").format(
                number=visit.number, status=said(visit.status)
            )
        )
    return visit
