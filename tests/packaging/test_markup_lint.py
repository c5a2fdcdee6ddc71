"""A walk through the app's source: no text that may hold a person's words is ever read as markup."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hiplog

TUI = Path(hiplog.__file__).parent / "tui"
TAKES_MARKUP = {"Static", "Label"}
"""Widgets that read their text as markup unless told not to."""
FORBIDDEN = {
    "Button", "Checkbox", "RadioButton", "Collapsible", "TabPane", "OptionList", "Select", "SelectionList",
    "DataTable", "ListItem", "Markdown", "RichLog", "from_markup", "render_markup", "escape",
}  # fmt: skip
"""What reads markup with no way round it, or pretends to cure it; the app has parts of its own instead."""
SAFE_CALLS = {"Content", "joined", "stacked"}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
ALLOWED = {("screens/parts.py", "OptionList")}
"""``Choices`` is the one list, and says ``markup=False`` for all of them."""


def name_of(call: ast.expr) -> str:
    """``Static`` of ``Static(…)`` and of ``widgets.Static(…)``."""
    return call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""


def plain(call: ast.Call) -> bool:
    """Whether ``markup=False`` is said."""
    return any(
        k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False
        for k in call.keywords
    )


def literal(value: ast.expr) -> bool:
    """Whether it is a text that stands in the source."""
    return isinstance(value, ast.Constant)


def content(value: ast.expr, returns: set[str]) -> bool:
    """Whether it is ready made text: built by ``Content`` or by a function that says it returns one."""
    return isinstance(value, ast.Call) and name_of(value.func) in SAFE_CALLS | returns


def faults(source: str, place: str, returns: set[str] | None = None) -> Iterator[str]:
    """Every sink of ``source`` that would read a text as markup."""
    made = returns or set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            first = node.args[0] if node.args else None
            if name in TAKES_MARKUP and not plain(node) and not (first is not None and literal(first)):
                yield f"{place}:{node.lineno}: {name} without markup=False"
            if name == "notify" and not plain(node):
                yield f"{place}:{node.lineno}: notify without markup=False"
            if name == "Option" and first is not None and not content(first, made):
                yield f"{place}:{node.lineno}: Option of something that is no Content"
            if name in FORBIDDEN and (place, name) not in ALLOWED:
                yield f"{place}:{node.lineno}: {name}"
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if name_of(base) in FORBIDDEN and (place, name_of(base)) not in ALLOWED:
                    yield f"{place}:{node.lineno}: a {name_of(base)}"
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                sink = isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES
                if sink and not literal(node.value) and not content(node.value, made):
                    yield f"{place}:{node.lineno}: {ast.unparse(target)} of something that is no Content"
        if isinstance(node, ast.keyword) and node.arg == "tooltip" and isinstance(node.value, ast.JoinedStr):
            yield f"{place}:{node.lineno}: a tooltip put together from texts"


def makers() -> set[str]:
    """Functions of the app that say they return ready made text."""
    found = set()
    for path in TUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            returned = getattr(node, "returns", None)
            said = ast.unparse(returned) if returned is not None else ""
            if isinstance(node, ast.FunctionDef) and said in ("Content", "Text"):
                found.add(node.name)
    return found


def test_no_sink_of_the_app_reads_a_persons_words_as_markup() -> None:
    returns = makers()
    paths = sorted(TUI.rglob("*.py"))
    found = [
        fault
        for path in paths
        for fault in faults(path.read_text(), path.relative_to(TUI).as_posix(), returns)
    ]
    assert found == []
    assert len(paths) > 60


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)",
        "Static(f'{name}')",
        "widgets.Label(patient.name)",
        "self.notify(name)",
        "self.app.notify(f'{name} saved', severity='warning')",
        "Option(name, id='x')",
        "Option(f'{name}')",
        "box.border_title = name",
        "box.border_subtitle = f'{name}'",
        "self.tooltip = name",
        "Button(name)",
        "Content.from_markup(name)",
        "Static(escape(name), markup=False)",
        "table.add_row(DataTable())",
        "class Mine(OptionList): pass",
        "Binding('x', 'y', 'z', tooltip=f'{name}')",
    ],
)
def test_the_walk_finds_what_it_looks_for(source: str) -> None:
    assert list(faults(source, "planted.py")) != []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name, markup=False)",
        "Static('words')",
        "self.notify(name, markup=False)",
        "Option(joined(name))",
    ],
)
def test_the_walk_lets_the_safe_way_pass(source: str) -> None:
    assert list(faults(source, "planted.py")) == []
