"""Which key seals the audit trail of an open logbook: found, begun when there is none, carried elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert

from hiplog.clinical.errors import BadInput, HiplogError, IntegrityFailed, NotFound
from hiplog.language import _
from hiplog.settings import Settings
from hiplog.storage import chain, seal_file, seals, unit
from hiplog.storage.engine import Opening
from hiplog.storage.refusals import translated
from hiplog.storage.seals import Period, Ring, SealKey
from hiplog.storage.tables import clinic_settings
from hiplog.storage.unit import Unit

SYSTEM = "SYSTEM"
STRANGER = _(
    "This machine has not the clinic's seal key, with which every entry of the "
    "audit trail is sealed. The logbook is open for reading only; bring another "
    "chair's key file with: hiplog audit key --bring FILE"
)


class Attended(NamedTuple):
    """How the logbook goes on: its opening with the keys at hand, and why it may not be written, if so."""

    opening: Opening
    banner: str | None = None


class State(NamedTuple):
    """What an open database says: where its chains began, its heads, and its seal keys."""

    genesis: str
    heads: tuple[chain.Head, ...]
    periods: tuple[Period, ...]
    altered: bool = False
    """Whether what it says of its keys is not as it was written: then nothing is written over it unasked."""


def attend(settings: Settings, engine: Engine, opening: Opening, now: datetime) -> Attended:
    """Find the key that seals this logbook's audit trail and lay it ready; begin a new one where none is.

    A plain file that comes from another machine gets a new key (``audit verify`` tells of the entries whose
    key is not here); a server whose key is missing here is opened for reading only, for all chairs of a
    clinic seal with one key. A key file that cannot be read never keeps anybody from reading.
    """
    with translated(), engine.connect() as connection:
        state = state_of(connection)
    try:
        ring = at_hand(settings, opening, state.genesis)
    except IntegrityFailed as error:
        return Attended(opening, _("{error}. The logbook is open for reading only.").format(error=error))
    if is_registered(ring, state.periods) or state.altered:
        return _laid(engine, opening, ring, state.periods, state.genesis)
    if opening.read_only:
        return Attended(replace(opening, ring=ring))
    if not opening.is_file and state.periods:
        return Attended(opening, STRANGER)
    return _begin(settings, engine, opening, ring, now)


def at_hand(settings: Settings, opening: Opening, genesis: str) -> Ring:
    """Return the seal keys that this machine has for the logbook that began with ``genesis``."""
    kept = seal_file.read(seal_file.path_of(settings.seals, genesis))
    return kept if opening.key is None else kept.joined(seals.derived(opening.key))


def found(work: Unit, settings: Settings, ring: Ring) -> None:
    """Lay down, with a new logbook's first rows, which key seals it from its first entry on."""
    key = ring.current
    if key is None:
        return
    if key.record is not None:
        seal_file.write(seal_file.path_of(settings.seals, chain.genesis(work.connection)), ring)
    _tell(work.connection, (Period(key.id, 1, 1),))


def state_of(connection: Connection) -> State:
    """Return what the open database says of its chains and keys."""
    heads = tuple(chain.head(connection, name) for name in chain.CHAINS)
    return State(chain.genesis(connection), heads, seals.periods(connection), seals.is_altered(connection))


def is_registered(ring: Ring, periods: tuple[Period, ...]) -> bool:
    """Whether the key at hand is the one that the logbook says seals now."""
    return ring.current is not None and bool(periods) and periods[-1].key_id == ring.current.id


def _laid(
    engine: Engine, opening: Opening, ring: Ring, periods: tuple[Period, ...], genesis: str
) -> Attended:
    placed = seals.placed(replace(ring, genesis=genesis), periods)
    engine.update_execution_options(**{seals.SEALING: placed})
    return Attended(replace(opening, ring=placed))


def _begin(settings: Settings, engine: Engine, opening: Opening, ring: Ring, now: datetime) -> Attended:
    """Let a key seal everything from here on; without a place for its file the trail stays as it was."""
    try:
        with unit.begin(engine, now, SYSTEM, "UTC", writing=True) as work:
            work.alone()
            state = state_of(work.connection)
            if not opening.is_file and state.periods:
                return Attended(opening, STRANGER)
            kept = register(settings, opening, ring, work, state)
            work.commit()
    except (HiplogError, OSError):
        return Attended(opening)
    return _laid(engine, opening, at_hand(settings, opening, state.genesis), kept, state.genesis)


def adopt(work: Unit, settings: Settings, opening: Opening) -> None:
    """Seal on a trail that was brought here from another logbook, from its next entry on."""
    state = state_of(work.connection)
    ring = at_hand(settings, opening, state.genesis)
    strange = chain.unsealed(work.connection, ring)
    register(settings, opening, ring, work, state)
    if strange:
        work.access(seals.BROUGHT, "clinic", None, entries=[list(run) for run in strange])


def register(
    settings: Settings, opening: Opening, ring: Ring, work: Unit, state: State
) -> tuple[Period, ...]:
    """Write the key file before the logbook speaks of the key, and say in both from where on it seals."""
    firsts = {head.chain: head.seq + 1 for head in state.heads}
    key = ring.current or seals.new_key()
    if opening.key is None:
        key = SealKey(key.key, firsts["record"], firsts["access"])
        seal_file.write(seal_file.path_of(settings.seals, state.genesis), ring.joined(key))
    before = tuple(_carried(period, ring) if opening.key else period for period in state.periods)
    kept = (*before, Period(key.id, firsts["record"], firsts["access"]))
    _tell(work.connection, kept)
    work.connection.execution_options(**{seals.SEALING: ring.joined(key)})
    work.access("seal", "clinic", None, key=key.id, **firsts)
    return kept


def _carried(period: Period, ring: Ring) -> Period:
    """Keep a key of the time before inside the encrypted file, so that it goes wherever the file goes."""
    known = ring.named(period.key_id)
    return period if known is None or known.record is None else replace(period, secret=known.key.hex())


def _tell(connection: Connection, kept: tuple[Period, ...]) -> None:
    row = {"id": seals.KEPT, "value": seals.told(kept)}
    with translated():
        connection.execute(delete(clinic_settings).where(clinic_settings.c.id == seals.KEPT))
        connection.execute(insert(clinic_settings), [row])


def keep_plain(settings: Settings, opening: Opening, connection: Connection) -> None:
    """Before a logbook is decrypted: put its seal keys into this machine's key file."""
    genesis = chain.genesis(connection)
    ring = seals.placed(opening.ring, seals.periods(connection))
    path = seal_file.path_of(settings.seals, genesis)
    seal_file.write(path, seal_file.read(path).joined(*ring.keys))


def forget_carried(work: Unit) -> None:
    """After a logbook was decrypted: no key may stand in the plain file."""
    kept = seals.periods(work.connection)
    if any(period.secret for period in kept):
        _tell(work.connection, tuple(replace(period, secret=None) for period in kept))


def key_file(settings: Settings, opening: Opening, work: Unit) -> Path:
    """Return this machine's key file of the logbook; ``BadInput`` when the data key stands for it."""
    if opening.key is not None:
        raise BadInput(_("an encrypted logbook needs no key file: its seal key comes from its own key"))
    return seal_file.path_of(settings.seals, chain.genesis(work.connection))


def here(settings: Settings, opening: Opening, work: Unit) -> Ring:
    """Return the keys in this machine's key file."""
    return seal_file.read(key_file(settings, opening, work))


def save(settings: Settings, opening: Opening, work: Unit, target: Path) -> Ring:
    """Write a copy of the key file to ``target``, to be kept apart; never over an existing file."""
    ring = here(settings, opening, work)
    if not ring.keys:
        raise NotFound(
            _("no seal key of this logbook is on this machine; bring one with: hiplog audit key --bring FILE")
        )
    if target.exists():
        raise BadInput(
            _("{target}: exists already; nothing was written over it, name another file").format(
                target=target
            )
        )
    seal_file.write(target, ring)
    return ring


def bring(settings: Settings, opening: Opening, work: Unit, source: Path) -> Ring:
    """Add the keys of a copy to this machine's key file; ``BadInput`` when they are another logbook's."""
    target = key_file(settings, opening, work)
    known = {period.key_id for period in seals.periods(work.connection)}
    if not any(one.id in known for one in seal_file.read(source).keys):
        raise BadInput(
            _(
                "{source}: holds no key that sealed entries of this logbook; nothing was changed, "
                "name another file"
            ).format(source=source)
        )
    return seal_file.bring(target, source)
