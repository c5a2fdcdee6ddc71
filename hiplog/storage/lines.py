"""Lines of CSV that the database itself puts together: a row costs one value, not one for every cell.

Only what is copied, or replaced value by value, can be told here; what is worked out row by row is not. The
cells are byte for byte those of the plain writer, to which a test holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Float,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    type_coerce,
)

from hiplog.storage.columns import Fixed
from hiplog.storage.refusals import driver_words
from hiplog.storage.unit import Unit

ROWS_AT_ONCE = 500
END = "\r\n"
QUOTE = '"'

CellKind = Literal["text", "whole", "number", "flag", "filled", "day", "moment"]
Line = tuple[str, str]
"""A line with its end, and for each of its cells ``1`` where there is a value, else ``0``."""
Local = Callable[[str, str], str]
"""Writes a stored time, UTC to the millisecond, in the zone of the second argument."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a line. ``source`` is a column of the query; no value makes an empty cell.

    A ``number`` has so many decimal ``places``; ``filled`` says whether there is a value; a ``moment`` is
    written in the zone of its row, else in ``zone``. ``instead`` are texts that stand in the place of others.
    """

    kind: CellKind
    source: str
    places: int = 0
    zone: str = "UTC"
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """How texts are guarded (the first characters that need it) and times written."""

    guarded: frozenset[str]
    local: Local


def can(unit: Unit, query: Select[Any], cells: Sequence[Cell]) -> bool:
    """Whether this database can write ``cells``: times only in a file, numbers only as they are kept."""
    kinds = {column.name: column.type for column in query.selected_columns}
    return all(
        (cell.kind != "moment" or unit.connection.dialect.name == "sqlite")
        and (cell.kind != "number" or getattr(kinds[cell.source], "places", None) == cell.places)
        for cell in cells
    )


def blocks(unit: Unit, query: Select[Any], cells: Sequence[Cell], rules: Rules) -> Iterator[list[Line]]:
    """Yield the lines of ``query`` in its order, some hundred at a time, each with its end."""
    server = unit.connection.dialect.name == "postgresql"
    columns = {column.name: column for column in query.selected_columns}
    written = [_cell(columns, cell, rules, server) for cell in cells]
    commas = [part for cell in written for part in (",", cell)][1:]
    # Of several values at once it makes one text, and of no value nothing.
    line = func.concat(*commas, END, type_=String)
    marks = func.concat(*(_mark(columns, cell) for cell in cells), type_=String)
    wanted: list[ColumnElement[Any]] = [line.label("line"), marks.label("marks")]
    asked = query.with_only_columns(*wanted, maintain_column_froms=True)
    yield from _copied(unit, asked) if server else _fetched(unit, asked, rules)


def _fetched(unit: Unit, asked: Select[Any], rules: Rules) -> Iterator[list[Line]]:
    driver: Any = unit.connection.connection.dbapi_connection
    driver.create_function("hiplog_local", 2, rules.local, deterministic=True)
    words = unit.connection.dialect.loaded_dbapi.Error
    try:
        cursor: Any = unit.connection.execute(asked).cursor
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield found
    except words as error:
        raise driver_words(error) from None


def _copied(unit: Unit, asked: Select[Any]) -> Iterator[list[Line]]:
    spelled = asked.compile(dialect=unit.connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = unit.connection.connection.cursor()
    # Binary: a line holds line ends and backslashes, which the text form would escape.
    with driver.copy(f"COPY ({spelled}) TO STDOUT (FORMAT BINARY)", spelled.params) as copy:
        copy.set_types(["text", "text"])
        block: list[Line] = []
        for line in copy.rows():
            block.append(line)
            if len(block) == ROWS_AT_ONCE:
                yield block
                block = []
        if block:
            yield block


def _mark(columns: Mapping[str, ColumnElement[Any]], cell: Cell) -> ColumnElement[str]:
    if cell.kind == "filled":
        return literal("1")
    return case((columns[cell.source].is_(None), "0"), else_="1")


def _cell(
    columns: Mapping[str, ColumnElement[Any]], cell: Cell, rules: Rules, server: bool
) -> ColumnElement[str]:
    column = columns[cell.source]
    if cell.kind == "filled":
        return case((column.is_(None), "false"), else_="true")
    if cell.kind == "text":
        return _text(column, cell, rules, server)
    if cell.kind == "flag":
        return case((column.is_(None), None), (column, "true"), else_="false")
    if cell.kind == "number":
        return _number(column, cell.places, server)
    if cell.kind == "moment":
        zone = func.coalesce(columns["zone"], cell.zone) if "zone" in columns else literal(cell.zone)
        return case((column.is_(None), None), else_=func.hiplog_local(type_coerce(column, String), zone))
    if cell.kind == "day":
        return func.to_char(column, "YYYY-MM-DD") if server else type_coerce(column, String)
    return cast(column, String)


def _text(column: ColumnElement[Any], cell: Cell, rules: Rules, server: bool) -> ColumnElement[str]:
    # By number: of a text that begins with NUL, a file sees no first character, and a server has none such.
    first = func.ascii(column) if server else func.coalesce(func.unicode(column), 0)
    guard = case((first.in_(sorted(map(ord, rules.guarded))), QUOTE + "'"), else_=QUOTE)
    own: ColumnElement[str] = guard + func.replace(column, QUOTE, QUOTE * 2, type_=String) + QUOTE
    if not server:
        own = case((_harmless(column), QUOTE + column + QUOTE), else_=own)
    if not cell.instead:
        return own
    others = ((column == text, QUOTE + other + QUOTE) for text, other in cell.instead.items())
    return case(*others, else_=own)


def _harmless(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Nearly every text begins with a letter or a digit and holds no quote: two comparisons tell."""
    begins = or_(column.between("A", "zz"), column.between("0", "99"))
    return and_(begins, func.instr(column, QUOTE) == 0)


def _number(column: ColumnElement[Any], places: int, server: bool) -> ColumnElement[str]:
    if server:
        digits = column.type.digits if isinstance(column.type, Fixed) else 10
        return cast(cast(column, Numeric(digits, places)), String)
    # A value that was rounded to these places on its way in: nothing is left to round.
    told = func.printf(f"%.{places}f", type_coerce(column, Float), type_=String)
    return case((column.is_(None), None), else_=told)
