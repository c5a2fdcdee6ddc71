"""Whether one entry of the audit chain follows the one before it and is what it was: every hash anew.

A part of the verifier (:mod:`hiplog.exchange.verifier`): nothing but Python is needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any


def wrong_links(
    row: dict[str, str], before: str, seq: int, chain: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    if row["seq"] != str(seq + 1):
        yield "chain-order", f"row {row['seq'][:12]!a} of the chain follows row {seq}", "seq"
    if row["prev_hash"] != before:
        yield "broken-link", "the row does not follow the row before it", "prev_hash"
    told = (chain["format"], chain["name"], row["seq"], row["prev_hash"], row["payload_digest"])
    if row["row_hash"] != _hash("\0".join(told)):
        yield "altered-row", "the row of the chain was altered: its hash is not that of the row", "row_hash"
    if row.get("body") and row["payload_digest"] != _payload_digest({k: _unguard(v) for k, v in row.items()}):
        yield "altered-payload", "what the row of the chain recorded was altered", "payload_digest"


def _payload_digest(row: dict[str, str]) -> str:
    at = datetime.fromisoformat(row["at"]).astimezone(UTC).isoformat(timespec="milliseconds")
    told: dict[str, Any] = {
        name: row[name] or None for name in ("zone", "actor", "action", "entity", "entity_id")
    }
    told |= {"at": at.replace("+00:00", "Z"), "body": row["body"]}
    return _hash(
        row["salt"] + "\n" + json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    )


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
