"""The seals of the audit trail: a keyed digest (HMAC-SHA-256) of each entry's hash, and the keys for it.

A hash chain alone can be written anew by whoever may write the file. A seal cannot, without its key. In an
encrypted logbook the key is derived from the data key, so it lies in the same slots. For a plain logbook and
for a server it lies in a key file of the machine that writes (mode 0600), apart from the database: a copy of
the database, a backup or the server's administrator does not have it. Who has both can write the trail anew
unseen; only a head kept outside shows that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from hiplog.language import _
from hiplog.storage.tables import clinic_settings

SEALING = "hiplog_seals"
KEPT = "seals"
"""The row of ``clinic_settings`` that says which key sealed from which entries on."""
ANEW, BROUGHT = "seal.anew", "seal.brought"
"""Entries that vouch: a key given up as lost, and entries brought from elsewhere."""
KEY_BYTES = 32
MISSING, WRONG, KEY_MISSING = "seal-missing", "seal-wrong", "seal-key-missing"
GIVEN_UP, ELSEWHERE = "seal-given-up", "seal-elsewhere"
NOTES = frozenset((GIVEN_UP, ELSEWHERE))
"""What a check says of seals that nobody can check here any more, and that is no fault."""
CHAINS = ("record", "access")


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key and the first entry of each chain that it sealed; ``None`` where the logbook itself says so."""

    key: bytes = field(repr=False)
    record: int | None = 1
    access: int | None = 1

    @property
    def id(self) -> str:
        """What the key is called where anybody may read it; it tells nothing of the key."""
        return hmac.new(self.key, b"hiplog-seal-id", hashlib.sha256).hexdigest()[:16]

    def first(self, chain: str) -> int | None:
        """The first entry of ``chain`` that this key sealed."""
        return self.record if chain == "record" else self.access


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys at hand, the one that seals now last."""

    keys: tuple[SealKey, ...] = ()
    genesis: str | None = None
    """Where the trail began that they were found for; ``None`` for any."""

    @property
    def current(self) -> SealKey | None:
        """The key that new entries are sealed with."""
        return self.keys[-1] if self.keys else None

    def named(self, key_id: str) -> SealKey | None:
        """Return the key called ``key_id``, if it is here."""
        return next((one for one in self.keys if one.id == key_id), None)

    def holds(self, row_hash: str, mac: str) -> bool:
        """Whether one of the keys made this seal."""
        return any(hmac.compare_digest(seal(one, row_hash).encode(), mac.encode()) for one in self.keys)

    def joined(self, *more: SealKey) -> Ring:
        """Return the ring with ``more`` keys at its end; a known key keeps its earliest entries."""
        kept = {one.id: one for one in self.keys}
        for one in more:
            old = kept.pop(one.id, None)
            kept[one.id] = one if old is None else _earlier(old, one)
        return Ring(tuple(kept.values()), self.genesis)


def _earlier(old: SealKey, new: SealKey) -> SealKey:
    firsts = [(a if b is None else b if a is None else min(a, b)) for a, b in _firsts(old, new)]
    return SealKey(new.key, *firsts)


def _firsts(old: SealKey, new: SealKey) -> list[tuple[int | None, int | None]]:
    return [(old.record, new.record), (old.access, new.access)]


@dataclass(frozen=True, slots=True)
class Period:
    """What the logbook says of a key: its name, and the first entry of each chain that it sealed.

    ``secret`` is the key itself; it stands in encrypted logbooks only, for a key of the time before.
    """

    key_id: str
    record: int
    access: int
    secret: str | None = field(default=None, repr=False)

    def first(self, chain: str) -> int:
        """The first entry of ``chain`` that the key sealed."""
        return self.record if chain == "record" else self.access


def new_key(record: int = 1, access: int = 1) -> SealKey:
    """Return a fresh random key that seals from these entries on."""
    return SealKey(token_bytes(KEY_BYTES), record, access)


def derived(data_key: bytes) -> SealKey:
    """Return the seal key of an encrypted logbook; from where on it seals, the logbook says."""
    from hiplog.storage.keys import audit_key

    return SealKey(audit_key(data_key), None, None)


def seal(key: SealKey, row_hash: str) -> str:
    """Return the seal of one entry."""
    return hmac.digest(key.key, row_hash.encode("ascii"), "sha256").hex()


def of(connection: Connection | Engine) -> Ring:
    """Return the ring that this connection seals with; empty when there is none."""
    found = connection.get_execution_options().get(SEALING)
    return found if isinstance(found, Ring) else Ring()


_KEPT = select(clinic_settings.c.value).where(clinic_settings.c.id == KEPT)


def periods(connection: Connection) -> tuple[Period, ...]:
    """Return what the logbook says of its seal keys; nothing when that cannot be read or was altered."""
    kept = connection.execute(_KEPT).scalar()
    return () if kept is None else _read(str(kept)) or ()


def is_altered(connection: Connection) -> bool:
    """Whether what the logbook says of its seal keys is there, but not as it was written."""
    kept = connection.execute(_KEPT).scalar()
    return kept is not None and _read(str(kept)) is None


def _read(value: str) -> tuple[Period, ...] | None:
    """What the row's value says, ``None`` when it is not what was written; older programs wrote no sum."""
    try:
        rows = json.loads(value)
        summed = [one for one in rows if isinstance(one, str)]
        rows = [one for one in rows if not isinstance(one, str)]
        if summed not in ([], [_sum(rows)]):
            return None
        return tuple(Period(str(one[0]), int(one[1]), int(one[2]), *one[3:4]) for one in rows)
    except (ValueError, TypeError, IndexError, KeyError):
        return None


def take_up(connection: Connection, key: SealKey, record: int, access: int) -> None:
    """Have the logbook say that ``key`` seals from here on, if another machine's key did so last."""
    kept = periods(connection)
    if kept and kept[-1].key_id != key.id:
        row = {"value": told((*kept, Period(key.id, record, access)))}
        connection.execute(update(clinic_settings).where(clinic_settings.c.id == KEPT).values(row))


def told(kept: tuple[Period, ...]) -> str:
    """Return the row's value that says ``kept``."""
    rows = [[p.key_id, p.record, p.access, *([p.secret] if p.secret else [])] for p in kept]
    return json.dumps([*rows, _sum(rows)], separators=(",", ":"))


def _sum(rows: list[list[Any]]) -> str:
    """Tells a value that a failing disk spoilt from one that was written."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def placed(ring: Ring, kept: tuple[Period, ...]) -> Ring:
    """Return ``ring`` with what the logbook knows: where each key began, and keys of the time before."""
    known = {period.key_id: period for period in kept}
    carried = (SealKey(bytes.fromhex(p.secret), p.record, p.access) for p in kept if p.secret)
    before = Ring(tuple(carried))
    return replace(
        before.joined(*(_begun(one, known.get(one.id)) for one in ring.keys)), genesis=ring.genesis
    )


def _begun(key: SealKey, period: Period | None) -> SealKey:
    if period is None or key.record is not None:
        return key
    return replace(key, record=period.record, access=period.access)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What sealed entries of the trail say of seals that cannot be checked here.

    ``given_up`` names keys that were lost for good; ``brought`` are entries of the record, from and to, that
    came from another logbook and that no key at hand had sealed.
    """

    given_up: frozenset[str] = frozenset()
    brought: tuple[tuple[int, int], ...] = ()

    def came(self, chain: str, seq: int) -> bool:
        """Whether the entry was brought from elsewhere, sealed by a key that was not here."""
        return chain == "record" and any(first <= seq <= last for first, last in self.brought)


@dataclass(slots=True)
class Watch:
    """Looks at the seals of one chain, entry by entry, and tells what is wrong in runs of entries."""

    chain: str
    ring: Ring
    periods: tuple[Period, ...]
    vouched: Vouched = Vouched()
    _runs: list[tuple[str, str, int, int]] = field(default_factory=list)
    floor: int | None = field(init=False)
    """The first entry that must be sealed."""
    _keys: tuple[tuple[int, SealKey], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        firsts = [first for one in self.ring.keys if (first := one.first(self.chain)) is not None]
        self.floor = min(firsts, default=None)
        self._keys = tuple((one.first(self.chain) or 1, one) for one in reversed(self.ring.keys))

    def see(self, seq: int, row_hash: Any, mac: Any) -> None:
        """Judge one entry."""
        floor = self.floor
        if self.vouched.brought and self.vouched.came(self.chain, seq):
            self._note(ELSEWHERE, "", seq)
        elif not self.ring.keys or floor is None or seq < floor:
            self._unkeyed(seq, mac)
        elif mac is None:
            self._note(MISSING, "", seq)
        elif not self._holds(seq, str(row_hash), str(mac)):
            stranger = self._stranger(seq)
            self._note(self._absent(stranger) if stranger else WRONG, stranger, seq)

    def _absent(self, key_id: str) -> str:
        return GIVEN_UP if key_id in self.vouched.given_up else KEY_MISSING

    def _unkeyed(self, seq: int, mac: Any) -> None:
        owner = self._owner(seq)
        if owner is None or self.ring.named(owner) is not None:
            return
        self._note(*((MISSING, "") if mac is None else (self._absent(owner), owner)), seq)

    def _holds(self, seq: int, row_hash: str, mac: str) -> bool:
        sealed = mac.encode()
        for first, key in self._keys:
            if first <= seq and hmac.compare_digest(seal(key, row_hash).encode(), sealed):
                return True
        return False

    def _owner(self, seq: int) -> str | None:
        """The key that sealed this entry, as the logbook has it."""
        begun = [one for one in self.periods if one.first(self.chain) <= seq]
        return begun[-1].key_id if begun else None

    def _stranger(self, seq: int) -> str:
        """The key of this entry where the logbook says that one sealed it which is not here."""
        owner = self._owner(seq)
        return "" if owner is None or self.ring.named(owner) is not None else owner

    def _note(self, kind: str, about: str, seq: int) -> None:
        if self._runs and self._runs[-1][:2] == (kind, about) and self._runs[-1][3] == seq - 1:
            self._runs[-1] = (kind, about, self._runs[-1][2], seq)
        else:
            self._runs.append((kind, about, seq, seq))

    def wrong(self) -> Iterator[tuple[str, str, int]]:
        """Yield what was found: a kind, a sentence, and the first entry concerned."""
        for kind, about, first, last in self._runs:
            rows = (
                _("entry {first}").format(first=first)
                if first == last
                else _("entries {first} to {last}").format(first=first, last=last)
            )
            yield kind, SENTENCES[kind].format(rows=rows, chain=self.chain, key=about), first


ALTERED = "seal-register"
REGISTER = _(
    "what this logbook says of its seal keys is not as it was written; restore a backup, or have it "
    "written anew with: hiplog audit key --begin-anew --reason TEXT"
)
SENTENCES = {
    MISSING: _("{rows} of the {chain} trail lost their seal: written or altered without the key"),
    WRONG: _("{rows} of the {chain} trail carry a wrong seal: written or altered without the key"),
    KEY_MISSING: _(
        "the seals of {rows} of the {chain} trail were not checked: their key {key} is "
        "not on this machine; bring its key file with: hiplog audit key --bring FILE, "
        "or, when it is lost for good: hiplog audit key --begin-anew --reason TEXT"
    ),
    GIVEN_UP: _(
        "{rows} of the {chain} trail follow one another, but their seals are not "
        "checked: their key {key} was given up as lost for good"
    ),
    ELSEWHERE: _(
        "{rows} of the {chain} trail came from another logbook, sealed with its key, "
        "which was not here; they are checked as a chain"
    ),
}
