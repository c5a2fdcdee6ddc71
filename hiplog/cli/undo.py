"""``hiplog undo``: take back the last step of a draft, or all of them; the first of all was making it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hiplog.cli import output, people
from hiplog.cli.context import Context
from hiplog.cli.parser import Parser
from hiplog.clinical import code_words
from hiplog.clinical.errors import NotFound, Refused, Stale
from hiplog.clinical.record import Patient, Session
from hiplog.clinical.roles import Forbidden
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.storage.unit import Unit


def add_arguments(parser: Parser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("code", nargs="?", help=_("chart code (else the draft you made last)"))
    parser.add_argument(
        "session", nargs="?", type=int, help=_("number of the session (else the patient's last draft)")
    )
    parser.add_argument(
        "--all", action="store_true", help=_("throw the whole draft away (that of somebody else: an owner)")
    )


def run(args: argparse.Namespace, context: Context) -> int:
    """Undo one step and say what is left."""
    with context.book() as book:
        who, kept, left = book.write(_undo, args.code, args.session, args.all)
    status = "discarded" if left is None else left.status
    if context.json:
        output.emit({"patient": who.code, "session": kept.number, "status": status})
    else:
        done = (
            _("{code} session {number}: the draft is gone")
            if left is None
            else _("{code} session {number}: one step back, still a draft")
        )
        output.write(done.format(code=who.code, number=kept.number))
    return 0


def _undo(
    unit: Unit, code: str | None, number: int | None, whole: bool
) -> tuple[Patient, Session, Session | None]:
    from hiplog.logbook import patients, sessions

    kept = _draft(unit, code, number)
    who = patients.by_id(unit, kept.patient)
    if kept.status != "draft":
        raise Refused(
            _("session {number} is {status}; correct it with an amendment").format(
                number=kept.number, status=code_words.said(kept.status)
            )
        )
    if not whole:
        try:
            return who, kept, sessions.undo(unit, kept.id)
        except (Stale, Forbidden):
            raise
        except Refused:
            # No earlier step is left: the step to take back is the making of the draft.
            pass
    sessions.discard(unit, kept.id)
    return who, kept, None


def _draft(unit: Unit, code: str | None, number: int | None) -> Session:
    from hiplog.logbook import sessions

    if code is not None:
        who = people.patient(unit, code)
        return (
            people.session(unit, who, number)
            if number is not None
            else people.last_session(unit, who, "draft")
        )
    own = [one for one in sessions.drafts_open(unit) if one.therapist == unit.actor]
    if not own:
        raise NotFound(
            _(
                "{actor} has no draft; nothing to undo. A signed session is corrected with: hiplog amend"
            ).format(actor=unit.actor)
        )
    return max(own, key=lambda one: one.recorded_at or one.occurred_at)
