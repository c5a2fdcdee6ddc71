"""The README's table of speed is the one that the benchmarks wrote, whole, with what was missed said."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks import table

GOALS = set(range(1, 23))
"""The figures that hiplog is held to, by number."""


def kept() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(table.RESULTS.read_text(encoding="utf-8"))
    return told


def test_the_readme_holds_the_table_of_the_kept_results() -> None:
    readme = table.README.read_text(encoding="utf-8")
    assert readme == table.in_readme(readme, table.RESULTS.read_text(encoding="utf-8"))


def test_every_figure_was_measured_at_three_sizes() -> None:
    told = kept()
    assert told["missing"] == []
    assert len(told["sizes"]) == 3
    assert {one["number"] for one in (*told["figures"], *told["growth"])} >= GOALS


def test_what_misses_its_goal_is_said_to() -> None:
    told = kept()
    missed = [one for one in (*told["figures"], *told["growth"]) if one["holds"] is False]
    readme = table.README.read_text(encoding="utf-8")
    rows = [row for row in readme.splitlines() if row.startswith("|") and "**no**" in row]
    assert len(rows) == len(missed)
    for one in told["figures"]:
        if one["goal"] is not None:
            reached = one["ratio"] >= one["goal"] if one["at_least"] else one["ratio"] <= one["goal"]
            assert one["holds"] == reached, one["name"]


def test_no_figure_is_typed_beside_the_table() -> None:
    section = table.README.read_text(encoding="utf-8").partition("## How fast")[2].partition("\n## ")[0]
    words = section.partition(table.BEGIN)[0] + section.partition(table.END)[2]
    assert not re.search(r"\d+\.\d+", words)
