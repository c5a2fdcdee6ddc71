"""Short ways past the database library for what is done a million times: each says what the long way says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError

from hiplog.storage.times import of_text, utc_text

_STRICT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
# Codes and zones come again in every row.
_word = lru_cache(maxsize=1024)(encode_basestring)


def rows(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query of texts and whole numbers; on a file by the driver, times as kept.

    Raises:
        DBAPIError: as the database library raises it, also for a text that is no text any more.
    """
    driver = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield from connection.execute(query.execution_options(yield_per=1000))
        return
    compiled = query.compile(dialect=connection.dialect)
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    driver_words = connection.dialect.loaded_dbapi.Error
    try:
        yield from driver.cursor().execute(str(compiled), values)
    except driver_words as error:
        raise DBAPIError.instance(str(compiled), None, error, driver_words, hide_parameters=True) from None


def named(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row of :func:`rows` as the database library would have; ``at`` is its only time."""
    told = dict(zip(names, row, strict=True))
    if isinstance(told["at"], str):
        told["at"] = of_text(told["at"])
    return told


def entry(
    action: str, actor: str, at: str | datetime, body: str, entity: str, entity_id: str | None, zone: str
) -> str:
    """Write what an entry of the audit trail says in canonical JSON, the names in their order.

    Raises ``TypeError`` for a cell that is no text, ``ValueError`` for a time that is none.
    """
    when = utc_text(at) if isinstance(at, datetime) else _when(at)
    about = "null" if entity_id is None else encode_basestring(entity_id)
    return (
        f'{{"action":{_word(action)},"actor":{_word(actor)},"at":"{when}","body":{encode_basestring(body)},'
        f'"entity":{_word(entity)},"entity_id":{about},"zone":{_word(zone)}}}'
    )


def _when(text: str) -> str:
    at = of_text(text)
    return text if _STRICT.fullmatch(text) else utc_text(at)
