"""The key of an encrypted logbook: random, and wrapped once for each secret that may open it.

The file's own key never changes with a passphrase and is never written down. Beside the logbook lies a
slot file; each slot holds the key wrapped by ChaCha20-Poly1305 under what Argon2id makes of a passphrase
or of the recovery code (the arrangement of LUKS). Losing every secret loses the data.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Literal

from hiplog.errors import BadInput, IntegrityFailed, WrongSecret
from hiplog.language import _
from hiplog.storage import private_json

FORMAT = "hiplog-keys-v1"
KEY_BYTES = 32
SHORTEST = 8
DEAREST_KIB, DEAREST = 1_048_576, 16
# Crockford's alphabet has no letters that look like digits; 28 symbols carry 140 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_SYMBOLS, CODE_GROUP = 28, 4
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

Kind = Literal["passphrase", "recovery"]


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key wrapped for one secret; ``memory_kib``, ``passes`` and ``lanes`` are Argon2id's cost."""

    kind: Kind
    who: str
    salt: str
    nonce: str
    wrapped: str
    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Vault:
    """A data key with the slots it is wrapped in."""

    key: bytes = field(repr=False)
    slots: tuple[Slot, ...]


class OpenedKey(bytes):
    """A data key that a secret has just given back: ``who`` and ``kind`` are those of the slot it opened."""

    who: str
    kind: Kind

    @classmethod
    def of(cls, key: bytes, slot: Slot) -> OpenedKey:
        """Return ``key`` as opened by way of ``slot``."""
        made = cls(key)
        made.who, made.kind = slot.who, slot.kind
        return made

    def __repr__(self) -> str:
        return f"OpenedKey({self.who!r}, {self.kind!r})"


def new_key() -> bytes:
    """Return a fresh random data key of 32 bytes."""
    return token_bytes(KEY_BYTES)


def new_vault(passphrase: str, code: str, who: str) -> Vault:
    """Return a fresh data key, wrapped for the practitioner ``who`` and under the recovery code."""
    key = new_key()
    return Vault(key, (wrap(key, passphrase, "passphrase", who), wrap(key, code, "recovery", "")))


def recovery_code() -> str:
    """Return a fresh recovery code of 140 bits, in groups of four to write down."""
    symbols = "".join(ALPHABET[byte % 32] for byte in token_bytes(CODE_SYMBOLS))
    return "-".join(symbols[start : start + CODE_GROUP] for start in range(0, CODE_SYMBOLS, CODE_GROUP))


def same_code(typed: str, code: str) -> bool:
    """Whether ``typed`` is ``code``, whatever the case, the dashes and the look-alikes O, I and L."""
    return hmac.compare_digest(_plain(typed).encode(), _plain(code).encode())


def check_passphrase(passphrase: str) -> str:
    """Return the passphrase when it is long enough; ``BadInput`` otherwise. Any characters will do."""
    if len(passphrase) < SHORTEST:
        raise BadInput(
            _("the passphrase has {count} characters; take at least {shortest}").format(
                count=len(passphrase), shortest=SHORTEST
            )
        )
    return passphrase


def wrap(key: bytes, secret: str, kind: Kind, who: str) -> Slot:
    """Return a slot that gives ``key`` back for ``secret``."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = token_bytes(16), token_bytes(12)
    blank = Slot(kind, who, salt.hex(), nonce.hex(), "")
    sealed = ChaCha20Poly1305(_stretched(blank, secret)).encrypt(nonce, key, _label(blank))
    return Slot(kind, who, salt.hex(), nonce.hex(), sealed.hex())


def unwrap(slots: Sequence[Slot], secret: str) -> tuple[bytes, Slot]:
    """Return the data key and the slot that ``secret`` opens; ``WrongSecret`` when none does."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    for slot in slots:
        try:
            cipher = ChaCha20Poly1305(_stretched(slot, secret))
            key = cipher.decrypt(bytes.fromhex(slot.nonce), bytes.fromhex(slot.wrapped), _label(slot))
        except InvalidTag:
            continue
        return key, slot
    raise WrongSecret(_("this passphrase or recovery code does not open the logbook; nothing was changed"))


def beside(database: Path) -> Path:
    """Where the slot file of ``database`` lies."""
    return database.with_name(database.name + ".keys")


def read(path: Path) -> tuple[Slot, ...]:
    """Return the slots of a key file; ``IntegrityFailed`` when it cannot be read as one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        slots = tuple(Slot(**slot) for slot in told["slots"])
        if told["format"] != FORMAT or told["sha256"] != _digest(slots) or not all(map(_sane, slots)):
            raise ValueError
        return slots
    except (OSError, ValueError, KeyError, TypeError):
        raise IntegrityFailed(
            _("{path}: the key file is missing or damaged; put its copy from a backup back").format(path=path)
        ) from None


def write(path: Path, slots: Sequence[Slot]) -> None:
    """Write the key file at once or not at all, readable by its owner only."""
    told = [asdict(slot) for slot in slots]
    private_json.write(path, {"format": FORMAT, "slots": told, "sha256": _digest(slots)})


def copy(source: Path, target: Path) -> None:
    """Lay the key file of the logbook ``source`` beside its copy ``target``; never over another key file."""
    if beside(target).exists():
        if beside(target).read_bytes() == beside(source).read_bytes():
            return  # of a copy made in the same second and then interrupted
        raise BadInput(
            _("{path}: a key file lies here already; nothing was written over it, move it away first").format(
                path=beside(target)
            )
        )
    write(beside(target), read(beside(source)))


def audit_key(key: bytes) -> bytes:
    """Return the key of the audit trail's seals, derived from the data key (HKDF-SHA-256, RFC 5869)."""
    extracted = hmac.new(b"hiplog", key, hashlib.sha256).digest()
    return hmac.new(extracted, b"audit\x01", hashlib.sha256).digest()


def _digest(slots: Sequence[Slot]) -> str:
    # Not against an attacker: it tells a damaged key file from a wrong passphrase.
    return hashlib.sha256(json.dumps([asdict(slot) for slot in slots], sort_keys=True).encode()).hexdigest()


def _sane(slot: Slot) -> bool:
    """Whether the cost is one a machine can bear, so that a forged file cannot exhaust it."""
    return slot.memory_kib <= DEAREST_KIB and 1 <= slot.passes <= DEAREST and 1 <= slot.lanes <= DEAREST


def _stretched(slot: Slot, secret: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # One keyboard sends é as one character, another as two: both are the same passphrase.
    plain = _plain(secret) if slot.kind == "recovery" else unicodedata.normalize("NFC", secret)
    return hash_secret_raw(
        plain.encode("utf-8", "surrogatepass"),
        bytes.fromhex(slot.salt),
        time_cost=slot.passes,
        memory_cost=slot.memory_kib,
        parallelism=slot.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _label(slot: Slot) -> bytes:
    return f"{FORMAT}|{slot.kind}|{slot.who}".encode()


def _plain(code: str) -> str:
    return code.upper().translate(ALIKE)
