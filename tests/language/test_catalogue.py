"""Every text that a person reads is in the catalogue of every language, with the same places, and no other."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import catalogue
import pytest
from babel.messages.catalog import Message

from hiplog.language.choice import LANGUAGES

CODES = sorted({*LANGUAGES} - {"en"})
PLACE = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
MEND = "run python tests/language/catalogue.py and fill in what it left empty"
SAYERS = {"_": 0, "p_": 1, "counted": 1, "later": 0}
"""The functions that say a text, and which of their arguments must be written out."""


@cache
def wanted() -> dict[tuple[object, str | None], Message]:
    return catalogue.messages(catalogue.extracted())


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_said_and_nothing_that_is_asked_no_longer(code: str) -> None:
    kept = catalogue.messages(catalogue.kept(code))
    missing = [key for key in wanted() if key not in kept or not catalogue._full(kept[key])]
    assert not missing, f"{len(missing)} texts are not said in {LANGUAGES[code]}; {MEND}: {missing[:20]}"
    over = [key for key in kept if key not in wanted()]
    assert not over, f"nobody asks for these any more; {MEND}: {over[:20]}"
    assert [key for key, one in kept.items() if one.fuzzy] == []
    assert len(kept) > 1000


@pytest.mark.parametrize("code", CODES)
def test_what_is_said_has_the_places_and_the_edges_of_the_english(code: str) -> None:
    wrong = [
        (english, said)
        for one in catalogue.messages(catalogue.kept(code)).values()
        for english, said in pairs(one)
        if not alike(one, english, said)
    ]
    assert not wrong, wrong[:10]


def pairs(one: Message) -> Iterator[tuple[str, str]]:
    if isinstance(one.id, str):
        yield one.id, one.string
    else:
        yield from zip(one.id, one.string, strict=True)


def alike(one: Message, english: str, said: str) -> bool:
    """The same places, so that nothing is lost; the same spaces and line breaks at the edges."""
    there, here = Counter(PLACE.findall(english)), Counter(PLACE.findall(said))
    if not isinstance(one.id, str) and english == one.id[0]:
        # "One needle" may be said without its number, and with it where the English has none.
        there = here if set(there) ^ set(here) <= {"{count}"} else there
    edges = [re.fullmatch(r"(\s*).*?(\s*)", text, re.S) for text in (english, said)]
    return there == here and len({edge.groups() for edge in edges if edge}) == 1


def calls() -> Iterator[tuple[Path, ast.Call, bool]]:
    """Every call that says a text, and whether it stands inside an f-string."""
    for path in sorted((catalogue.ROOT / "hiplog").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        inside = {id(n) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for n in ast.walk(one)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYERS:
                yield path, node, id(node) in inside


def test_every_text_is_written_where_the_catalogue_finds_it() -> None:
    """Not in an f-string, which nothing gathers from, and not made up of f-strings."""
    lost = []
    for path, call, in_f_string in calls():
        text = call.args[SAYERS[call.func.id]] if call.args else None  # type: ignore[attr-defined]
        written = isinstance(text, ast.Constant) and isinstance(text.value, str)
        # A variable is a text that was marked by later() where it is made.
        if isinstance(text, ast.JoinedStr | ast.BinOp) or (in_f_string and written):
            lost.append(f"{path.relative_to(catalogue.ROOT)}:{call.lineno}")
    assert not lost, lost


def test_one_place_is_not_two_texts_glued_together() -> None:
    """``_("a") + _("b")`` puts words together in the order of one language."""
    glued = [
        f"{path.relative_to(catalogue.ROOT)}:{node.lineno}"
        for path in sorted((catalogue.ROOT / "hiplog").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add)
        and all(
            isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id in SAYERS
            for side in (node.left, node.right)
        )
    ]
    assert not glued, glued
