"""How keys are declared: each with a name for remapping, a word for lists and a sentence for help."""

from __future__ import annotations

from textual.binding import Binding


def hidden(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that stands in F1 and the palette but not in the footer, which has room for six."""
    return Binding(key, action, word, id=name, tooltip=sentence, show=False)


def always(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that works before any field sees it."""
    return Binding(key, action, word, id=name, tooltip=sentence, show=False, priority=True)


def footer(key: str, action: str, name: str, word: str, sentence: str) -> Binding:
    """A key that stands in the footer too."""
    return Binding(key, action, word, id=name, tooltip=sentence)
