"""Every refusal a person can meet says what would do: a word to type, a choice, a range, a command or a key.

Read from the code itself, so that a new refusal cannot be forgotten: each place that makes one of the errors of
``hiplog.errors`` is looked up, its sentence put together from the text and the named texts it is made of, and a
sentence that leaves a person standing is told with its file and line.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hiplog
from hiplog import errors
from hiplog.cli.parser import verb_parser
from hiplog.cli.verbs import VERBS

FOLDER = Path(hiplog.__file__).parent
KINDS = {name for name in dir(errors) if isinstance(getattr(errors, name), type)} | {"Forbidden", "Stopped"}
STEP = re.compile(
    r"\b(?:say|name|give|write|use|choose|take|run|restore|try|open|make|move|type|put|wait|add|ask|change|clear|close"
    r"|correct|install|look|mend|note|press|remove|replace|save|set|sign|start|swap|unlock|export|free|leave|log in"
    r"|read|connect|copy|pick|enter|check|first|instead|another|once|again|keep|follow up|starts|co-signs)\b"
    r"|hiplog|--[a-z]|\b(?:known|nearest|there are|as in|such as|which|one of|must|needs?(?: to be)?|only|at least"
    r"|at most|can be|between|lies? outside|nothing else|a whole number|needed|nothing to undo)\b",
    re.IGNORECASE,
)
"""What a next step is told by: a verb to a person, a command, or the values that are taken."""
BROUGHT = re.compile(
    r"\{(?:book\.)?(?:tail|told|words|advice|ground|banner|reason|error|forms)\}|_nearest\(|error\.strerror|WORDS\["
)
"""Parts of a sentence that bring the next step along: the nearest words, a ground, what the system said."""
AFTER_THE_NAME = {"is", "that", "wrote", "and", "reads", "needs", "to", "with"}
"""What follows the name of the program where no command is meant."""


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of the package as a tree."""
    return ast.parse(path.read_text("utf-8"))


@cache
def refusals() -> tuple[tuple[str, str], ...]:
    """Every place that makes a refusal with a sentence, as ``file:line``, and the sentence."""
    return tuple(
        (f"{path.relative_to(FOLDER.parent)}:{node.lineno}", said)
        for path in sorted(FOLDER.rglob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _name(node.func) in KINDS and node.args
        if (said := sentence(node.args[0], path)) is not None
    )


def sentence(node: ast.expr, path: Path) -> str | None:
    """The words of a sentence with its places as ``{name}``; ``None`` where another place has made it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_part(part, path) for part in parts)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            return " ".join(filter(None, (sentence(left, path), sentence(right, path)))) or None
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return sentence(value, path)
        case ast.Call(func=ast.Name(id="_" | "later"), args=[first, *_]):
            return sentence(first, path)
        case ast.Name(id=name):
            return _constant(name, path)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if there := _module(module, path):
            return _constant(name, there)
    return None


def _part(part: ast.expr, path: Path) -> str:
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    return sentence(inner, path) or f"{{{ast.unparse(inner)}}}"


def _constant(name: str, path: Path) -> str | None:
    """The text that a module gives this name, or takes over under it from another room."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and any(_name(one) == name for one in node.targets):
            return sentence(node.value, path)
        if isinstance(node, ast.ImportFrom) and node.module and any(one.name == name for one in node.names):
            there = FOLDER.parent / f"{node.module.replace('.', '/')}.py"
            return _constant(name, there) if there.is_file() else None
    return None


def _module(name: str, path: Path) -> Path | None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and any(one.name == name for one in node.names):
            there = FOLDER.parent / f"{node.module.replace('.', '/')}/{name}.py"
            return there if there.is_file() else None
    return None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_every_refusal_says_what_would_do() -> None:
    silent = [
        f"{place}: {said}"
        for place, said in refusals()
        if not BROUGHT.search(said) and not STEP.search(re.sub(r"\{[^}]*\}", "{}", said))
    ]
    assert not silent, "say what would do:\n" + "\n".join(silent)
    assert len(refusals()) > 250


def test_every_command_that_a_refusal_names_is_there() -> None:
    known = dict(_verbs())
    named = {
        (place, *found)
        for place, said in refusals()
        for found in re.findall(r"hiplog ([a-z][a-z-]+)(?: ([a-z]+)\b)?", said)
        if found[0] not in AFTER_THE_NAME
    }
    assert len(named) > 20
    wrong = {one for one in named if one[1] not in known}
    wrong |= {
        one
        for one in named - wrong
        if one[2] and known[one[1]] and one[2] not in known[one[1]] | AFTER_THE_NAME
    }
    assert not wrong


def _verbs() -> Iterator[tuple[str, set[str]]]:
    """Each verb and its second words."""
    for verb in VERBS.values():
        parser = verb_parser(verb.name, verb.help)
        verb.load().add_arguments(parser)
        seconds = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
        yield verb.name, {name for one in seconds for name in one.choices}
