"""One filter where words come in, one where they are shown: there is no second one, and no way past either."""

from __future__ import annotations

import ast
from pathlib import Path

import hiplog

ROOT = Path(hiplog.__file__).parent
BOUNDARY, DISPLAY = "logbook/texts.py", "logbook/shown.py"
TELLS = {"isprintable", "iscntrl", "category", "isascii"}
"""What a filter of characters is written with."""
ELSEWHERE = {
    "clinical/shorthand/pieces.py": "refuses a line with a character nobody can see, before it is read",
    "logbook/patients.py": "repeats a mistyped code in an error only when it is short and plain",
    "outcomes/sheet.py": "a picture of cells: what takes none or two columns would move the others",
}
"""Who asks about a character for another reason: they refuse or lay out, and clean nothing."""
ESCAPED = ("\\x1b", "\\u202e", "\\u2066", "\\x9f", "[\\x00-")
COLOURS = ("cli/trend.py",)
"""Who writes colours, round a picture whose characters are cells already."""


def asks(source: str) -> set[str]:
    """The questions about characters that ``source`` asks."""
    return {
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TELLS
    }


def places() -> dict[str, str]:
    """Every module of the package by its path."""
    found = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.rglob("*.py")}
    return {place: source for place, source in found.items() if not place.startswith("exchange/samples")}


def test_characters_are_judged_in_two_places_and_nowhere_else() -> None:
    judges = {place for place, source in places().items() if asks(source) - {"isascii"}}
    assert judges - {BOUNDARY, DISPLAY, "tui/net.py"} == set(ELSEWHERE)
    assert {BOUNDARY, DISPLAY} <= judges


def test_no_module_has_a_list_of_control_characters_of_its_own() -> None:
    written = {
        place: [one for one in ESCAPED if one in source]
        for place, source in places().items()
        if place not in (BOUNDARY, DISPLAY, *COLOURS) and any(one in source for one in ESCAPED)
    }
    assert written == {}


def test_nothing_is_printed_but_through_the_filter() -> None:
    printing = {
        place
        for place, source in places().items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    ours = {place for place in printing if place.startswith(("tui/", "logbook/", "storage/", "clinical/"))}
    assert ours == set()
    assert "cli/output.py" in printing


def test_the_walk_finds_a_second_filter() -> None:
    assert asks("def clean(t):\n    return ''.join(c for c in t if c.isprintable())") == {"isprintable"}
    assert asks("import unicodedata\nunicodedata.category(c)") == {"category"}
