"""Questions asked over and over: spelled once, and on a file put to the driver, their cells turned as always.

The library spells a query anew for every reading and wraps every row; for the screens that open most often
that is most of their time. Each cell comes back as the library would have given it, which a test holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from hiplog.storage.columns import Fixed, UtcTime, fixed
from hiplog.storage.times import of_text

Turn = Callable[[Any], Any]


class Asked:
    """A query with its named parameters, ready to be asked of a file or a server."""

    def __init__(self, query: Select[Any]) -> None:
        self.query = query
        self._spelled: _Spelled | None = None

    def rows(self, connection: Connection, **values: Any) -> list[Sequence[Any]]:
        """Return the rows as tuples, in the order of the query's columns.

        Raises ``DBAPIError`` as the library does, also for a text that is no text any more.
        """
        return list(zip(*self.columns(connection, **values), strict=True))

    def columns(self, connection: Connection, **values: Any) -> list[Sequence[Any]]:
        """Return the same answer column by column; no columns at all when there is no row."""
        if connection.dialect.name != "sqlite":
            return list(zip(*connection.execute(self.query, values).all(), strict=True))
        spelled = self._spelled or self._spell(connection.dialect)
        result = connection.exec_driver_sql(spelled.text, spelled.given(values))
        driver_words = connection.dialect.loaded_dbapi.Error
        try:
            found = list(result.cursor.fetchall())
        except driver_words as error:
            raise DBAPIError.instance(spelled.text, None, error, driver_words, hide_parameters=True) from None
        result.close()
        return spelled.turned(found)

    def _spell(self, dialect: Dialect) -> _Spelled:
        self._spelled = _Spelled(self.query, dialect)
        return self._spelled


class _Spelled:
    def __init__(self, query: Select[Any], dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._fixed = dict(compiled.params)
        self._binds: dict[str, Turn] = dict(compiled._bind_processors)  # type: ignore[arg-type]
        kinds = enumerate(column.type for column in query.selected_columns)
        self._turns = [(place, turn) for place, kind in kinds if (turn := _turn(kind, dialect))]

    def given(self, values: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(self._bound(name, values.get(name, self._fixed[name])) for name in self._names)

    def _bound(self, name: str, value: Any) -> Any:
        turn = self._binds.get(name)
        return turn(value) if turn else value

    def turned(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for place, turn in self._turns if columns else ():
            cells = columns[place]
            columns[place] = list(map(of_text if turn is _time and None not in cells else turn, cells))
        return columns


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    if isinstance(kind, UtcTime):
        return _time
    if isinstance(kind, Fixed):
        return _decimals(kind.places)
    if isinstance(kind, Boolean):
        return _flag
    if isinstance(kind, Date):
        return _day
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _time(cell: str | None) -> datetime | None:
    return None if cell is None else of_text(cell)


def _day(cell: str | None) -> date | None:
    return None if cell is None else date.fromisoformat(cell)


def _flag(cell: int | None) -> bool | None:
    return None if cell is None else bool(cell)


@lru_cache(maxsize=16)
def _decimals(places: int) -> Turn:
    # Needle sizes and scores are a few dozen different numbers.
    @lru_cache(maxsize=2048)
    def turn(cell: float | None) -> Decimal | None:
        return None if cell is None else fixed(Decimal(str(cell)), places)

    return turn
