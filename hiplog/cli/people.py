"""Steps that several verbs share: the patient, the episode and the session that were named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.clinical.errors import NotFound, Refused
from hiplog.clinical.record import SIDE_WORDS, Episode, Patient, Session
from hiplog.language import _

if TYPE_CHECKING:
    from hiplog.cli.context import Context
    from hiplog.logbook.book import Logbook
    from hiplog.storage.unit import Unit

NO_SESSION = {"draft": _("{code} has no draft session"), "signed": _("{code} has no signed session")}


def patient(unit: Unit, code: str) -> Patient:
    """Return the patient with this chart code."""
    from hiplog.logbook import patients

    return patients.get(unit, code)


def episode(unit: Unit, who: Patient, number: int) -> Episode:
    """Return episode ``number`` of a patient."""
    from hiplog.logbook import episodes

    kept = episodes.of(unit, who.id)
    for one in kept:
        if one.number == number:
            return one
    there = ", ".join(episode_words(one) for one in kept) or _("none yet")
    raise NotFound(
        _("{code} has no episode {number}; there are: {there}").format(
            code=who.code, number=number, there=there
        )
    )


def open_episode(unit: Unit, who: Patient) -> Episode:
    """Return the only open episode; none or several raise, naming them."""
    kept = open_episodes(unit, who)
    if len(kept) > 1:
        named = "; ".join(episode_words(one) for one in kept)
        raise Refused(
            _("{code} has {count} open episodes ({named}); say which with --episode N").format(
                code=who.code, count=len(kept), named=named
            )
        )
    return kept[0]


def open_episodes(unit: Unit, who: Patient) -> tuple[Episode, ...]:
    """Return the open episodes, at least one."""
    from hiplog.logbook import episodes

    kept = tuple(one for one in episodes.of(unit, who.id) if one.closed_on is None)
    if not kept:
        raise NotFound(
            _(
                "{code} has no open episode; open one with: hiplog episode add {code} --side "
                "l|r --cause CAUSE"
            ).format(code=who.code)
        )
    return kept


def session(unit: Unit, who: Patient, number: int) -> Session:
    """Return session ``number`` of a patient."""
    from hiplog.logbook import sessions

    return sessions.numbered(unit, who.id, number)


def last_session(unit: Unit, who: Patient, status: str) -> Session:
    """Return the newest session of a patient in this status."""
    from hiplog.logbook import sessions

    kept = [one for one in sessions.of(unit, who.id) if one.status == status]
    if not kept:
        raise NotFound(NO_SESSION[status].format(code=who.code))
    return kept[-1]


def episode_words(one: Episode) -> str:
    """Name an episode: ``1 right overuse``."""
    return f"{one.number} {SIDE_WORDS[one.side]} {one.cause.lower()}"


def warn_of_licence(book: Logbook, context: Context) -> None:
    """Say that the licence of whoever acts has lapsed, or is about to."""
    from hiplog.logbook import clinic

    who = book.read(clinic.practitioner, book.actor)
    warning = clinic.licence_warning(who, context.today(book.clinic.zone))
    if warning is not None:
        output.say(f"! {warning}")
