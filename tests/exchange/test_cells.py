"""Cells: safe in a spreadsheet, exact on return."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hiplog.exchange import cells
from hiplog.exchange.columns import Column, Kind

DANGEROUS = "=+-@\t\r\n\0＝＋－＠"
TEXTS = st.text(st.one_of(st.sampled_from(DANGEROUS + "'\",;|x"), st.characters(codec="utf-8")), min_size=1)


def there_and_back(line: str) -> list[str]:
    return next(csv.reader(io.StringIO(line, newline=""), strict=True))


@given(st.lists(TEXTS, min_size=1))
@example(["=1+1", "'=1+1", "''", "'", '"', '"\r\n,"', "＝SUM", "-"])
def test_hostile_words_come_back_equal_and_none_is_a_formula(words: list[str]) -> None:
    line = ",".join(cells.quoted(word) for word in words)
    found = there_and_back(line)
    assert [cell[0] in DANGEROUS for cell in found] == [False] * len(words)
    assert [cells.unguard(cell) for cell in found] == words


@pytest.mark.parametrize("first", [*DANGEROUS, "'"])
def test_exactly_one_apostrophe_is_put_and_taken(first: str) -> None:
    assert cells.guard(first + "x") == "'" + first + "x"
    assert cells.unguard("''x") == "'x"


@pytest.mark.parametrize("word", ["", "plain", "a=1", " =1", "1-2"])
def test_harmless_words_are_left_alone(word: str) -> None:
    assert cells.guard(word) == word


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("number", Decimal("-3"), "-3.00"),
        ("number", Decimal("0"), "0.00"),
        ("integer", -40, "-40"),
        ("boolean", False, "false"),
        ("date", date(2026, 3, 2), "2026-03-02"),
        ("datetime", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29T01:59:59+01:00"),
        ("datetime", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T03:00:00+02:00"),
        ("datetime", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25T02:30:00+02:00"),
        ("datetime", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T02:30:00+01:00"),
        ("datetime", datetime(2026, 3, 2, 12, 0, 0, 7000, tzinfo=UTC), "2026-03-02T13:00:00.007+01:00"),
        ("datetime", datetime(1870, 1, 1, tzinfo=UTC), "1870-01-01T00:00:00+00:00"),
    ],
)
def test_typed_values_are_bare_and_exact(kind: Kind, value: Any, cell: str) -> None:
    column = Column("x", kind, "x", places=2)
    written = cells.writer(column)(value, "Europe/Berlin")
    assert written == cell
    assert cells.reader(column)(written) == value


ZONES = ("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "UTC", "No/Where")


@given(st.integers(-2_200_000_000_000, 7_000_000_000_000), st.sampled_from(ZONES))
def test_a_time_comes_back_to_the_millisecond(since_1970_ms: int, zone: str) -> None:
    kept = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=since_1970_ms)
    assert datetime.fromisoformat(cells.local_text(kept, zone)) == kept


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("boolean", "True"),
        ("integer", "1.5"),
        ("number", "six"),
        ("date", "2026-02-30"),
        ("datetime", "2026-03-02T13:00:00"),
    ],
)
def test_a_cell_of_another_kind_is_refused(kind: Kind, cell: str) -> None:
    with pytest.raises(ValueError):
        cells.reader(Column("x", kind, "x"))(cell)
