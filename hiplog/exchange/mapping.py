"""The map that says what a foreign table means: a TOML file, read and checked before any row is.

A map has a head (``source``, and where needed ``date_order``, ``missing``, ``not_printed``, ``delimiter``,
``encoding``, ``practitioner``) and one ``[[make]]`` for each thing that a row makes::

    [[make]]
    what = "reading"                  # patient, episode, precaution, session, insertion, reading, ...
    when = { kind = "score" }         # rows whose column "kind" holds "score"; without it, every row
    [make.from]                       # our field = their column
    patient = "chart"
    [make.fixed]                      # our field = the same value in every row
    stage = "before"
    [make.values.side]                # for one field: their word = ours
    "rechts" = "R"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiplog.clinical.errors import BadInput
from hiplog.exchange.fields import FIELDS
from hiplog.language import _
from hiplog.logbook import texts
from hiplog.settings import DATE_ORDERS, DateOrder

HEAD = frozenset(
    ("source", "date_order", "missing", "not_printed", "delimiter", "encoding", "practitioner", "make")
)
PARTS = frozenset(("what", "when", "from", "fixed", "values"))


@dataclass(frozen=True, slots=True)
class Make:
    """One thing that a row makes, and how its fields are filled."""

    what: str
    when: Mapping[str, frozenset[str]]
    columns: Mapping[str, str]
    fixed: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]

    def takes(self, row: Mapping[str, str]) -> bool:
        """Whether this make is for ``row``."""
        return all(row[column].strip().casefold() in words for column, words in self.when.items())


@dataclass(frozen=True, slots=True)
class Map:
    """A map as read. ``source`` names the record that rows come from: the same source gives the same keys."""

    source: str
    makes: tuple[Make, ...]
    date_order: DateOrder = "ymd"
    missing: frozenset[str] = frozenset()
    not_printed: frozenset[str] = frozenset()
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    practitioner: tuple[str, str] | None = None

    @property
    def needed(self) -> frozenset[str]:
        """Every column that the table must have."""
        named = [set(make.columns.values()) | make.when.keys() for make in self.makes]
        return frozenset().union(*named)


def read(path: Path) -> Map:
    """Read a map; ``BadInput`` names the file and what is wrong in it."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(_("{path}: cannot be read as TOML ({error})").format(path=path, error=error)) from None
    try:
        return _map(told)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None


def _map(told: Mapping[str, Any]) -> Map:
    _only(told, HEAD, _("the map"))
    makes = told.get("make")
    if not isinstance(makes, list) or not makes:
        raise BadInput(_("says nothing to make; add at least one [[make]]"))
    order = DATE_ORDERS.get(_text(told, "date_order", "ymd"))
    if order is None:
        raise BadInput(_("date_order must be ymd, dmy or mdy"))
    delimiter = _text(told, "delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise BadInput(_("delimiter must be one character"))
    return Map(
        source=texts.line("source", _text(told, "source")),
        makes=tuple(_make(number, make) for number, make in enumerate(makes, 1)),
        date_order=order,
        missing=_words(told, "missing"),
        not_printed=_words(told, "not_printed"),
        delimiter=delimiter,
        encoding=_encoding(_text(told, "encoding", "utf-8-sig")),
        practitioner=_practitioner(told.get("practitioner")),
    )


def _make(number: int, told: Any) -> Make:
    where = f"make {number}"
    if not isinstance(told, dict):
        raise BadInput(_("{where}: write it as [[make]]").format(where=where))
    _only(told, PARTS, where)
    what = _text(told, "what")
    if what not in FIELDS:
        raise BadInput(
            _("{where}: {what!r} is nothing that can be made; known: {fields}").format(
                where=where, what=what, fields=", ".join(FIELDS)
            )
        )
    columns, fixed = _strings(told, "from", where), _strings(told, "fixed", where)
    for name in (*columns, *fixed, *told.get("values", {})):
        if name not in FIELDS[what]:
            raise BadInput(
                _("{where}: a {what} has no field {name!r}; known: {fields}").format(
                    where=where, what=what, name=name, fields=", ".join(FIELDS[what])
                )
            )
    filled = {*columns, *fixed} | ({"value"} if "missing_reason" in {*columns, *fixed} else set())
    for name, field in FIELDS[what].items():
        if field.needed and name not in filled:
            raise BadInput(
                _("{where}: a {what} needs {name}; say its column in [make.from]").format(
                    where=where, what=what, name=name
                )
            )
    values = {
        name: {word.strip().casefold(): str(ours) for word, ours in words.items()}
        for name, words in told.get("values", {}).items()
    }
    return Make(what, _when(told, where), columns, fixed, values)


def _when(told: Mapping[str, Any], where: str) -> dict[str, frozenset[str]]:
    rules = told.get("when", {})
    if not isinstance(rules, dict):
        raise BadInput(_('{where}: write when = {{ column = "word" }}').format(where=where))
    listed = {column: words if isinstance(words, list) else [words] for column, words in rules.items()}
    return {column: frozenset(str(w).strip().casefold() for w in words) for column, words in listed.items()}


def _only(told: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for name in told:
        if name not in known:
            raise BadInput(
                _("{where}: {name!r} means nothing here; known: {known}").format(
                    where=where, name=name, known=", ".join(sorted(known))
                )
            )


def _strings(told: Mapping[str, Any], part: str, where: str) -> dict[str, str]:
    found = told.get(part, {})
    if not isinstance(found, dict) or any(isinstance(v, dict | list) for v in found.values()):
        raise BadInput(
            _("{where}: [make.{part}] holds lines of the form field = value").format(where=where, part=part)
        )
    return {name: str(value) for name, value in found.items()}


def _text(told: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = told.get(name, default)
    if not isinstance(value, str) or not value:
        raise BadInput(_("{name} is missing, or is no text; add it in quotes").format(name=name))
    return value


def _words(told: Mapping[str, Any], name: str) -> frozenset[str]:
    found = told.get(name, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise BadInput(_('{name} must be a list of words, as in ["NA", "-"]').format(name=name))
    return frozenset(word.strip().casefold() for word in found)


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise BadInput(
            _("encoding {name!r} is not known; usual ones are utf-8 and cp1252").format(name=name)
        ) from None
    return name


def _practitioner(told: Any) -> tuple[str, str] | None:
    if told is None:
        return None
    if not isinstance(told, dict) or told.keys() != {"code", "name"}:
        raise BadInput(_('practitioner must be { code = "...", name = "..." }'))
    return str(told["code"]), str(told["name"])
