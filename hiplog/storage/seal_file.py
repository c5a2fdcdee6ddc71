"""The file of the seal keys: small, of the machine that writes, and apart from the logbook."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hiplog.errors import BadInput, IntegrityFailed
from hiplog.language import _
from hiplog.settings import private_folder
from hiplog.storage import private_json
from hiplog.storage.seals import Ring, SealKey

FORMAT = "hiplog-seal-keys-v1"


def path_of(folder: Path, genesis: str) -> Path:
    """Return where the key file of the logbook that began with ``genesis`` lies."""
    name = genesis[:16] if genesis[:16].isalnum() else hashlib.sha256(genesis.encode()).hexdigest()[:16]
    return folder / f"{name}.seal"


def read(path: Path) -> Ring:
    """Return the keys of a key file, none when there is no file; ``IntegrityFailed`` when it is damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != FORMAT or told["sha256"] != _digest(told["keys"]):
            raise ValueError
        keys = (SealKey(bytes.fromhex(k["key"]), int(k["record"]), int(k["access"])) for k in told["keys"])
        return Ring(tuple(keys))
    except FileNotFoundError:
        return Ring()
    except (OSError, ValueError, KeyError, TypeError):
        raise IntegrityFailed(
            _(
                "{path}: the key file of the audit trail's seals cannot be read; put a copy of "
                "it back, or move it away (then the seals so far cannot be checked)"
            ).format(path=path)
        ) from None


def write(path: Path, ring: Ring) -> None:
    """Write a key file at once or not at all, readable by its owner only."""
    private_folder(path.parent)
    keys = [{"key": k.key.hex(), "record": k.record or 1, "access": k.access or 1} for k in ring.keys]
    private_json.write(path, {"format": FORMAT, "keys": keys, "sha256": _digest(keys)})


def bring(path: Path, source: Path) -> Ring:
    """Add the keys of the file ``source`` to the key file at ``path``; ``BadInput`` when it holds none."""
    there = read(source)
    if not there.keys:
        raise BadInput(_("{source}: no key file here; name the file it was written to").format(source=source))
    here = read(path)
    joined = there.joined(*here.keys) if here.keys else there
    write(path, joined)
    return joined


def _digest(keys: list[dict[str, Any]]) -> str:
    # It tells a damaged file from one that fits another logbook; the keys themselves are the secret.
    return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()
