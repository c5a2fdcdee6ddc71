"""Nothing the logbook keeps is forgotten by the bundle: every table and column is in it, or left out by name."""

from __future__ import annotations

from hiplog.exchange import layout
from hiplog.storage.columns import metadata

EXPORTED = {sheet.source: sheet for sheet in layout.DATA if sheet.source is not None}
BESIDE = {"audit_log": {"salt", "body"}}
"""Columns that a sheet takes from a table joined to its own."""


def test_every_table_is_exported_or_left_out_with_a_reason() -> None:
    left_out = {name for name in layout.LEFT_OUT if "." not in name}
    assert not left_out & EXPORTED.keys()
    assert EXPORTED.keys() | left_out == metadata.tables.keys(), (
        "a table of the logbook is neither a Sheet of exchange/layout.py nor in its LEFT_OUT with a reason"
    )


def test_every_column_of_an_exported_table_is_too() -> None:
    forgotten, unknown = set(), set()
    for name, sheet in EXPORTED.items():
        kept = {column.name for column in metadata.tables[name].columns}
        shown = {column.source for column in sheet.columns if column.source is not None}
        forgotten |= {f"{name}.{column}" for column in kept - shown}
        unknown |= {f"{name}.{column}" for column in shown - kept - BESIDE.get(name, set())}
    assert unknown == set()
    assert forgotten == {name for name in layout.LEFT_OUT if "." in name}


def test_every_reason_says_something() -> None:
    assert all(len(why.split()) >= 4 for why in layout.LEFT_OUT.values())
