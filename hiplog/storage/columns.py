"""Column kinds shared by every table: keys, codes, free text, fixed decimals, strict UTC times."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    MetaData,
    Numeric,
    String,
    Table,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from hiplog.storage.times import of_text
from hiplog.storage.times import utc_text as utc_text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CODE, LINE, PROSE = 40, 200, 20_000


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC to the millisecond; a naive one is refused, never guessed."""

    impl = String(24)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite (sorts by time), ``timestamptz`` on PostgreSQL."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(24))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware time into what is stored; raises ``ValueError`` on a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        exact = value.astimezone(UTC)
        exact = exact.replace(microsecond=exact.microsecond // 1000 * 1000)
        return exact if dialect.name == "postgresql" else utc_text(exact)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return an aware UTC time."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return of_text(value)


class Fixed(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, exact on both databases."""

    impl = Numeric
    cache_ok = True

    def __init__(self, places: int, digits: int = 10) -> None:
        super().__init__(digits, places)
        self.places = places
        self.digits = digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A float on SQLite (exact to 15 digits, we keep at most 10), ``numeric`` on PostgreSQL."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(self.digits, self.places))
        return dialect.type_descriptor(Float())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Round to the fixed places on the way in."""
        if value is None:
            return None
        exact = fixed(value, self.places)
        return exact if dialect.name == "postgresql" else float(exact)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return a decimal with the fixed places."""
        return None if value is None else fixed(Decimal(str(value)), self.places)


_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(11))


def fixed(value: Decimal, places: int) -> Decimal:
    """Round ``value`` to ``places`` decimal places."""
    return Decimal(value).quantize(_STEPS[places])


def key() -> Column[str]:
    """The primary key: a UUID that the client makes, so that a retry cannot save twice."""
    return Column("id", String(36), primary_key=True)


def ref(name: str, table: str, *, optional: bool = False, index: bool = True) -> Column[str]:
    """A foreign key to ``table``; nothing is deleted by cascade.

    Without an index of its own where a unique rule begins with the same column: a save pays for each.
    """
    return Column(name, String(36), ForeignKey(f"{table}.id"), nullable=optional, index=index)


def code(name: str, *, optional: bool = False) -> Column[str]:
    """A code of the vocabulary."""
    return Column(name, String(CODE), nullable=optional)


def line(name: str, *, optional: bool = True) -> Column[str]:
    """One line of free text, at most 200 characters."""
    return Column(name, String(LINE), nullable=optional)


def prose(name: str) -> Column[str]:
    """Free text, at most 20,000 characters, never empty."""
    return Column(name, String(PROSE), nullable=True)


def flag(name: str, *, optional: bool = False) -> Column[bool]:
    """A yes or no."""
    return Column(name, Boolean, nullable=optional)


def when(name: str, *, optional: bool = False) -> Column[datetime]:
    """An aware time in UTC."""
    return Column(name, UtcTime, nullable=optional)


def check(name: str, rule: str) -> CheckConstraint:
    """A named rule that the database itself keeps."""
    return CheckConstraint(rule, name=name)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of ``values`` (or NULL, where the column allows it)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return check(column, f"{column} IN ({listed})")


def between(column: str, low: int | float, high: int | float) -> CheckConstraint:
    """The column lies between ``low`` and ``high``, both included."""
    return check(column, f"{column} BETWEEN {low} AND {high}")


def table(name: str, *parts: Any) -> Table:
    """A table whose text columns are never empty and never longer than declared.

    SQLite ignores declared lengths and both databases take ``''``; an empty cell of a CSV must mean
    NULL and nothing else, so the database refuses both.
    """
    guards = [
        check(f"{part.name}_text", f"length({part.name}) BETWEEN 1 AND {part.type.length}")
        for part in parts
        if isinstance(part, Column) and isinstance(part.type, String)
    ]
    return Table(name, metadata, *parts, *guards)
