"""Every widget of the widgets room runs alone: ``python -m hiplog.tui.widgets.trend_chart``."""

from __future__ import annotations

import inspect
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import pytest
from terminals import ROOT, Program
from textual.widget import Widget

import hiplog.tui.widgets as room

SHOWS = {
    "body_map": "schematic",
    "pain_scale": "worst today",
    "picture": "pain now",
    "trend_chart": "pain now",
    "trend_table": "before",
}


def widgets() -> set[str]:
    """The modules of the room that define a widget."""
    found = set()
    for module in pkgutil.iter_modules(room.__path__):
        known = import_module(f"{room.__name__}.{module.name}")
        kinds = [
            kind
            for _, kind in inspect.getmembers(known, inspect.isclass)
            if kind.__module__ == known.__name__
        ]
        found |= {module.name for kind in kinds if issubclass(kind, Widget)}
    return found


def test_every_widget_has_a_demo() -> None:
    assert set(SHOWS) == widgets()


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_it_opens_alone_on_a_terminal_and_leaves_by_q(name: str, tmp_path: Path) -> None:
    known = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environ = known | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    demo = Program([sys.executable, "-m", f"hiplog.tui.widgets.{name}"], tmp_path, environ)
    demo.until(SHOWS[name])
    demo.keys("q")
    assert demo.end() == 0
