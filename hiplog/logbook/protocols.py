"""The clinic's own protocols: needle plans on the keys 1 to 9, saved from any session.

A protocol is kept as a quick-entry line, written for one hip; laid into a session of the other hip it is
mirrored. It holds a plan only: what was found and felt belongs to the session it was saved from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Row, select

from hiplog.clinical import shorthand
from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.needling import Insertion, planned
from hiplog.clinical.record import SIDES, Session, Side, new_id
from hiplog.language import _
from hiplog.logbook import episodes, sessions, texts
from hiplog.storage.tables import protocols
from hiplog.storage.unit import Unit

SLOTS = range(1, 10)


@dataclass(frozen=True, slots=True)
class Protocol:
    """One plan: the key it lies on, its name, and the line as written for the hip of ``side``."""

    slot: int
    name: str = field(repr=False)
    side: Side
    line: str

    def rows(self, side: Side) -> tuple[Insertion, ...]:
        """Return fresh rows for a session of the hip of ``side``; ``Refused`` when it cannot be read."""
        try:
            read = shorthand.parse(self.line).insertions
        except BadInput as error:
            raise Refused(
                _("protocol {slot} can no longer be read: {error}").format(slot=self.slot, error=error)
            ) from None
        return planned(read if side == self.side else mirrored(read))


def everyone(unit: Unit) -> tuple[Protocol, ...]:
    """Return all protocols by their key."""
    return tuple(_view(row) for row in unit.all(select(protocols).order_by(protocols.c.slot)))


def get(unit: Unit, slot: int) -> Protocol:
    """Return the protocol on a key; ``NotFound`` names those there are."""
    row = unit.one(select(protocols).where(protocols.c.slot == _slot(slot)))
    if row is None:
        there = ", ".join(str(one.slot) for one in everyone(unit)) or _("none yet")
        raise NotFound(_("no protocol lies on {slot}; there are: {there}").format(slot=slot, there=there))
    return _view(row)


def save(unit: Unit, slot: int, name: str, session_id: str) -> Protocol:
    """Keep the needle plan of a session, as amended, on a key; one that lay there is replaced."""
    kept = sessions.get(unit, session_id)
    if not kept.insertions:
        raise Refused(_("this session has no needle sites to make a protocol of"))
    return write(unit, slot, name, _side(unit, kept), kept.insertions)


def write(unit: Unit, slot: int, name: str, side: Side, rows: Iterable[Insertion]) -> Protocol:
    """Keep ``rows`` as the plan on a key, for the hip of ``side``."""
    line = shorthand.write(planned(rows))
    if not line:
        raise BadInput(_("a protocol needs at least one needle site"))
    made = Protocol(_slot(slot), texts.line(_("protocol name"), name), side, line)
    told = {"slot": made.slot, "name": made.name, "side": made.side, "line": made.line}
    old = unit.one(select(protocols).where(protocols.c.slot == made.slot))
    if old is None:
        unit.insert(protocols, {"id": new_id(), "version": 1} | told)
    else:
        unit.update(protocols, old.id, old.version, **told)
    unit.record("protocol.save", "protocol", str(made.slot))
    return made


def rename(unit: Unit, slot: int, name: str) -> Protocol:
    """Give the protocol on a key another name; its plan stays."""
    kept = get(unit, slot)
    row = unit.one(select(protocols.c.id, protocols.c.version).where(protocols.c.slot == kept.slot))
    assert row is not None
    made = replace(kept, name=texts.line(_("protocol name"), name))
    unit.update(protocols, row.id, row.version, name=made.name)
    unit.record("protocol.save", "protocol", str(kept.slot))
    return made


def remove(unit: Unit, slot: int) -> Protocol:
    """Take the protocol off a key; its images stay in the audit."""
    gone = get(unit, slot)
    row = unit.one(select(protocols.c.id).where(protocols.c.slot == gone.slot))
    assert row is not None
    unit.delete(protocols, row.id)
    unit.record("protocol.remove", "protocol", str(gone.slot))
    return gone


def lay(unit: Unit, session_id: str, slot: int, version: int | None = None) -> Session:
    """Lay a protocol into a draft, each row unconfirmed until a key confirms it.

    Rows laid before that nobody confirmed give way; what was needled or typed stays, and no place is
    planned twice. With ``version``, raise ``Stale`` when somebody saved the draft since that was read.
    """
    draft = sessions.get(unit, session_id)
    stays = tuple(row for row in draft.insertions if row.origin != "copied")
    there = {_place(row) for row in stays}
    fresh = (row for row in get(unit, slot).rows(_side(unit, draft)) if _place(row) not in there)
    return sessions.save(unit, replace(draft, insertions=(*stays, *fresh)), version or draft.version)


def mirrored(rows: Iterable[Insertion]) -> tuple[Insertion, ...]:
    """Return ``rows`` on the other side each."""
    return tuple(replace(row, side="L" if row.side == "R" else "R") for row in rows)


def _place(row: Insertion) -> tuple[str, str, str | None]:
    return row.muscle, row.side, row.zone


def _side(unit: Unit, session: Session) -> Side:
    return episodes.get(unit, session.episode).side


def _slot(slot: int) -> int:
    if slot not in SLOTS:
        raise BadInput(
            _("protocols lie on the keys 1 to 9, not on {slot}; say one of these").format(slot=slot)
        )
    return slot


def _view(row: Row[tuple[object, ...]]) -> Protocol:
    side = next(one for one in SIDES if one == row.side)
    return Protocol(row.slot, row.name, side, row.line)
