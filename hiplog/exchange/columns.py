"""The kinds of column a bundle has: what a column says about itself, and short ways to declare one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "integer", "number", "boolean", "date", "datetime"]

NOT_RECORDED = "empty: not recorded"
FIRST_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a bundle table.

    ``source`` is the logbook's column it copies, or ``None`` when it is worked out, as ``derivation``
    says. ``identified`` columns appear in the identified profile only. ``codes`` names a code list, which is
    ``closed`` when the database itself keeps to it. ``refers`` is ``table.column`` of another bundle table.
    ``person`` marks a practitioner, kept in the logbook by key and shown by code. ``places`` are decimal
    places; ``low`` and ``high`` bounds of a number.
    """

    name: str
    kind: Kind
    label: str
    source: str | None = None
    identified: bool = False
    required: bool = False
    unique: bool = False
    unit: str = ""
    codes: str | None = None
    closed: bool = False
    uuid: bool = False
    refers: str | None = None
    person: bool = False
    places: int = 0
    low: str | None = None
    high: str | None = None
    derivation: str = ""
    missing: str = NOT_RECORDED
    since: str = FIRST_VERSION


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of a bundle: its columns in order and its key. ``source`` is the logbook's table, if any."""

    name: str
    title: str
    columns: tuple[Column, ...]
    source: str | None = None
    key: tuple[str, ...] = ("id",)
    identified: bool = False
    folder: str = "data/"

    @property
    def path(self) -> str:
        """Where the file lies in the bundle."""
        return f"{self.folder}{self.name}.csv"

    def shown(self, identified: bool) -> tuple[Column, ...]:
        """Return the columns of one profile."""
        return tuple(column for column in self.columns if identified or not column.identified)


def key() -> Column:
    """The row's own key, a random UUID."""
    return Column(
        "id", "string", "key of the row, a random UUID", "id", required=True, unique=True, uuid=True
    )


def ref(name: str, to: str, label: str, source: str | None = None, *, required: bool = True) -> Column:
    """A key of another table."""
    target = f"{to}.id"
    return Column(name, "string", label, source or f"{name}_id", refers=target, required=required, uuid=True)


def person(name: str, label: str, source: str, *, required: bool = False) -> Column:
    """A practitioner, by code."""
    target = "practitioners.code"
    return Column(name, "string", label, source, refers=target, required=required, person=True)


def code(
    name: str, label: str, codes: str | None = None, *, required: bool = False, closed: bool = False
) -> Column:
    """A code, of a list or of the clinic's own making."""
    return Column(name, "string", label, name, codes=codes, required=required, closed=closed)


def text(name: str, label: str, *, required: bool = False) -> Column:
    """What a person typed; identified profile only."""
    return Column(name, "string", label, name, identified=True, required=required)


def whole(
    name: str,
    label: str,
    unit: str = "",
    low: str | None = None,
    high: str | None = None,
    *,
    required: bool = False,
) -> Column:
    """A whole number."""
    return Column(name, "integer", label, name, unit=unit, low=low, high=high, required=required)


def decimal(
    name: str, label: str, places: int, unit: str = "", low: str | None = None, high: str | None = None
) -> Column:
    """A number with a fixed number of decimal places."""
    return Column(name, "number", label, name, unit=unit, places=places, low=low, high=high)


def flag(name: str, label: str, *, required: bool = False) -> Column:
    """A yes or no."""
    return Column(name, "boolean", label, name, required=required)


def day(name: str, label: str, *, required: bool = False) -> Column:
    """A calendar day; identified profile only."""
    return Column(name, "date", label, name, identified=True, required=required)


def moment(name: str, label: str, *, required: bool = False) -> Column:
    """A time with its offset; identified profile only."""
    return Column(name, "datetime", label, name, identified=True, required=required)


def derived(
    name: str, kind: Kind, label: str, derivation: str, *, codes: str | None = None, places: int = 0,
    unit: str = "", required: bool = False, low: str | None = None,
) -> Column:  # fmt: skip
    """A column worked out from others; an import does not read it."""
    return Column(
        name, kind, label, None, derivation=derivation, codes=codes, closed=True, places=places, unit=unit,
        required=required, low=low,
    )  # fmt: skip


def day_no(name: str, what: str) -> Column:
    """A day counted from the patient's first session."""
    rule = "days since the day of the patient's first session (or first episode, when there is no session)"
    return derived(
        name, "integer", f"{what}, as a day number; 0 is the patient's first session", rule, unit="d"
    )


def year(what: str, name: str = "year") -> Column:
    """The calendar year, the only part of a date that a de-identified bundle holds."""
    return derived(name, "integer", f"calendar year of {what}", "in the clinic's time zone", unit="a")
