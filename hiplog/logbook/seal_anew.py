"""A seal key lost for good is given up: told in the trail with its reason, and a new key seals from there on.

What the lost key sealed stays checked as a chain. A check goes on to say so, but no longer as a fault. Nobody
without the new key can write such an entry, so a forger cannot excuse a wrong seal by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.errors import Refused
from hiplog.language import _
from hiplog.logbook import sealing, texts
from hiplog.logbook.book import Logbook
from hiplog.storage import chain, seals, unit
from hiplog.storage.refusals import translated

SAID = _(
    "given up as lost for good: {keys}. Entries are sealed with {key} from here on; keep a copy of it apart"
)
NOTHING = _(
    "every key that sealed entries of this logbook is here or was given up; nothing was changed, and "
    "nothing needs to be"
)


@dataclass(frozen=True, slots=True)
class Begun:
    """What was done: the names of the keys given up, and of the one that seals now."""

    given_up: tuple[str, ...]
    key: str


def begin(book: Logbook, reason: str) -> Begun:
    """Give up every seal key that is not here, and seal with one that is.

    Raises ``Forbidden`` for anybody but an owner, ``Refused`` when no key is missing or the logbook is
    open for reading only for another reason.
    """
    book.need("seal")
    if book.banner not in (None, sealing.STRANGER):
        raise Refused(_("{banner} Nothing was changed.").format(banner=book.banner))
    why = texts.line(_("reason"), reason)
    with (
        translated(),
        unit.begin(
            book.engine, book.clock(), book.actor, book.clinic.zone, writing=True, role=book.role
        ) as work,
    ):
        done = _given_up(work, book, why)
        unit.commit(work, book.arrived)
    sealing.attend(book.settings, book.engine, book.opening, book.clock())
    return done


def _given_up(work: unit.Unit, book: Logbook, why: str) -> Begun:
    work.alone()
    state = sealing.state_of(work.connection)
    ring = seals.placed(sealing.at_hand(book.settings, book.opening, state.genesis), state.periods)
    known = chain.vouched(work.connection, ring).given_up
    lost = dict.fromkeys(one.key_id for one in state.periods if ring.named(one.key_id) is None)
    gone = tuple(key for key in lost if key not in known)
    if not gone and not state.altered:
        raise Refused(NOTHING)
    work.access(seals.ANEW, "clinic", None, given_up=list(gone), reason=why)
    if not sealing.is_registered(ring, state.periods):
        sealing.register(book.settings, book.opening, ring, work, state)
    current = seals.of(work.connection).current
    assert current is not None
    return Begun(gone, current.id)
