"""One spelling of a row for hashing: sorted ASCII keys, no floats, decimals and times as fixed text.

The subset equals RFC 8785 (JSON Canonicalization Scheme) for the values that occur here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, Table

from hiplog.errors import IntegrityFailed
from hiplog.language import _
from hiplog.storage.columns import Fixed, UtcTime, fixed, utc_text


def image(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the full image of ``row``: every column of ``table``, each as a JSON-ready value."""
    return {name: _cell(kind, row.get(name)) for name, kind in _shape(table)}


@cache
def _shape(table: Table) -> tuple[tuple[str, Any], ...]:
    return tuple((column.name, column.type) for column in table.columns)


def values(table: Table, image: Mapping[str, Any]) -> dict[str, Any]:
    """Turn an image back into the row it was made of; a column that came later is empty."""
    return {column.name: _value(column.type, image.get(column.name)) for column in table.columns}


def dumps(value: Any) -> str:
    """Write ``value`` in canonical JSON; a float raises ``TypeError``, for it has no one spelling."""
    return _WRITER.encode(value)


def sealed(text: str, *about: object) -> str:
    """Return ``text`` after a digest of it and of its place, for what lies outside the audit trail."""
    told = "\n".join([*map(str, about), text])
    return f"{hashlib.sha256(told.encode('utf-8')).hexdigest()}\n{text}"


def unsealed(kept: str, *about: object) -> str:
    """Return the text that was sealed; ``IntegrityFailed`` when it or its place is another."""
    text = kept.partition("\n")[2]
    if sealed(text, *about) != kept:
        raise IntegrityFailed(
            _("a kept step of a draft was altered; nothing was taken back. Change the draft by hand")
        )
    return text


def _cell(kind: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(kind, Fixed):
        return str(fixed(Decimal(value), kind.places))
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value)


def _value(kind: Any, cell: Any) -> Any:
    if cell is None or not isinstance(cell, str):
        return cell
    if isinstance(kind, Fixed):
        return Decimal(cell)
    if isinstance(kind, UtcTime):
        return datetime.fromisoformat(cell)
    return date.fromisoformat(cell) if isinstance(kind, Date) else cell


def _refuse(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} has no canonical form")


# Kept: made anew for every entry it would cost more than the writing.
_WRITER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_refuse, allow_nan=False
)
