"""How keys are declared: each with a name for remapping, a word for lists and a sentence for help."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

from hiplog.language import _

DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""The keys 1 to 9 as the names of keys spell them: letters only."""


def hidden(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that stands in F1 and the palette but not in the footer, which has room for six."""
    return Binding(key, action, word, id=name, tooltip=sentence, show=False)


def always(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that works before any field sees it."""
    return Binding(key, action, word, id=name, tooltip=sentence, show=False, priority=True)


def footer(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that stands in the footer too."""
    return Binding(key, action, word, id=name, tooltip=sentence)


def known() -> dict[str, tuple[str, str]]:
    """Every key that the configuration may move: its name, with its keys as built and what it does.

    Imports every screen, so it is for the command line and not for the start of the program.
    """
    found: dict[str, tuple[str, str]] = {}
    for kind in _classes():
        for binding in _own(kind):
            keys, _ = found.get(binding.id or "", ("", ""))
            both = dict.fromkeys(key for key in (*keys.split(","), *binding.key.split(",")) if key)
            found[binding.id or ""] = (",".join(both), binding.tooltip or binding.description)
    return dict(sorted(found.items()))


def faults(moved: Mapping[str, str]) -> list[str]:
    """A sentence for each name in ``moved`` that no key has, and for each key that two things want."""
    names = known()
    return [*(_stranger(name, list(names)) for name in moved if name not in names), *_clashes(moved)]


def _stranger(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=2)
    if near:
        return _("[keys] {name}: no key is called that; nearest: {near}").format(
            name=name, near=", ".join(near)
        )
    return _("[keys] {name}: no key is called that").format(name=name)


def _clashes(moved: Mapping[str, str]) -> list[str]:
    """What the moved keys push aside on the screen they are on; the framework itself says nothing."""
    found: dict[str, None] = {}
    for kind in _classes():
        wanted: dict[str, list[str]] = {}
        for binding in _own(kind):
            for key in moved.get(binding.id or "", binding.key).split(","):
                wanted.setdefault(key.strip(), []).append(binding.id or "")
        for key, names in wanted.items():
            both = sorted(set(names))
            if len(both) > 1 and any(name in moved for name in both):
                wants = ", ".join(both)
                told = _("[keys] {key} is wanted by several ({wants}); give one of them another key")
                found[told.format(key=key, wants=wants)] = None
    return list(found)


def _own(kind: type[DOMNode]) -> list[Binding]:
    return [one for one in kind.__dict__.get("BINDINGS", ()) if isinstance(one, Binding) and one.id]


def _classes() -> Iterable[type[DOMNode]]:
    here = Path(__file__).parent
    for module in pkgutil.walk_packages([str(here)], "hiplog.tui."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, DOMNode) and kind.__module__ == module.name:
                yield kind
