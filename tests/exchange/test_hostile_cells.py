"""Every text column of every table, filled with hostile words: safe in a spreadsheet, exact on return."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bundles import told
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from hiplog.exchange import cells, folder, layout, shape, sheets
from hiplog.exchange.columns import Column, Sheet

FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
NASTY = (
    "=1+1", "=HYPERLINK(\"http://x\")", "+49 170", "-2", "@SUM(A1)", "'", "''", "'=1", "\"", "\"\"", ",", "\r\n",
    "\r", "\n", "\n\r", "\0", "\t=1", "＝cmd", "－1", "a,\"b\"\r\nc", "\ufeff", "\u2028", "null", "NULL", "NaN",
    "true", "1e9", "2026-01-01", "[red]x[/red]", "\x1b[31m", "🦴", "e\u0301", "'" * 40, "\"" * 41, " ", "x" * 2000,
)  # fmt: skip
WORD = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n\0'\",;|＝＋－＠"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=12,
)
AT_ONCE, EXAMPLES = 40, 26
EVERY = (*layout.DATA, layout.DICTIONARY, layout.CODE_LISTS)
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def text_columns(sheet: Sheet) -> list[Column]:
    return [column for column in sheet.columns if column.kind == "string"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


def written(place: Path, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    """Write rows with the sheet's own columns as a bundle does."""
    (place / sheet.path).unlink(missing_ok=True)
    blocks = shape.plain(sheet, rows)
    lines = ["\r\n".join((*map(",".join, zip(*block, strict=True)), "")) for block in blocks]
    folder.write(place, sheet.path, [",".join(column.name for column in sheet.columns) + "\r\n", *lines])


def seen(place: Path, sheet: Sheet) -> list[dict[str, str]]:
    """What a spreadsheet would show."""
    with (place / sheet.path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def kept(place: Path, sheet: Sheet) -> list[dict[str, Any]]:
    """What an import reads; a practitioner's code stands for its key."""
    source = sheets.Source(place, {}, _Anybody())
    return [row for _, row in sheets.rows(source, sheet)]


class _Anybody(dict[str, str]):
    def __missing__(self, code: str) -> str:
        return code


def hold(place: Path, words: list[str]) -> int:
    """Send ``words`` through every text column; return how many cells that were."""
    count = 0
    for sheet in EVERY:
        names = [column.name for column in text_columns(sheet)]
        blank = dict.fromkeys(column.name for column in sheet.columns)
        rows = [blank | dict.fromkeys(names, word) for word in words]
        written(place, sheet, rows)
        shown = seen(place, sheet)
        assert [[row[name] for name in names] for row in shown] == [
            [cells.guard(word)] * len(names) for word in words
        ]
        assert not [row for row in shown if any(row[name].startswith(FORMULA) for name in names)]
        if sheet.source is not None:
            back = kept(place, sheet)
            sources = [column.source for column in text_columns(sheet) if column.source is not None]
            assert [[row[name] for name in sources] for row in back] == [
                [word] * len(sources) for word in words
            ]
        count += len(rows) * len(names)
    return count


def test_a_thousand_hostile_cells_a_column_come_back_equal(place: Path) -> None:
    done: list[int] = []

    @examples(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )  # fmt: skip
    @given(st.lists(WORD, min_size=AT_ONCE, max_size=AT_ONCE))
    def there_and_back(words: list[str]) -> None:
        done.append(hold(place, words))

    columns = sum(len(text_columns(sheet)) for sheet in EVERY)
    with told("hostile text") as figures:
        done.append(hold(place, list(NASTY)))
        there_and_back()
        figures |= {"columns": columns, "cells": sum(done), "a column": sum(done) // columns}
    assert columns > 120
    assert sum(done) // columns >= 1000


@examples(max_examples=200, deadline=None)
@given(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=4),
    st.booleans(),
    st.dates(),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_numbers_days_and_flags_stand_bare(
    whole: int, number: Decimal, flag: bool, day: date, moment: datetime
) -> None:
    at = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    by_kind = {"integer": whole, "number": number, "boolean": flag, "date": day, "datetime": at}
    for column in (column for sheet in EVERY for column in sheet.columns if column.kind != "string"):
        (cell,) = cells.column_writer(column)([by_kind[column.kind]], ["Europe/Berlin"])
        assert not set(cell) & set("\"' ,")
        if column.kind in ("integer", "number"):
            assert NUMBER.fullmatch(cell)
        back = cells.reader(column)(cell)
        exact = round(number, column.places) if column.kind == "number" else by_kind[column.kind]
        assert back == exact, column
