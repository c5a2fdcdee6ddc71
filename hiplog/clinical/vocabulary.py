"""Lookup in a fixed list of coded rows: by code, by what a person types, by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Generic, Protocol, TypeVar

from hiplog.language import english

_LIKE_ENOUGH = 0.5
_SEPARATORS = re.compile(r"[\W_]+")


class Entry(Protocol):
    """What a row must offer to stand in a catalogue."""

    @property
    def code(self) -> str:
        """The stored code, upper case, never reused for another meaning."""

    @property
    def retired(self) -> bool:
        """Whether new records may no longer use it; old ones still read."""

    @property
    def names(self) -> tuple[str, ...]:
        """The words it answers to beside its code."""


T = TypeVar("T", bound=Entry)


class Catalogue(Generic[T]):
    """Rows in their printed order, found by code whatever its case.

    Raises ``ValueError`` when two rows share a code.
    """

    def __init__(self, rows: Iterable[T]) -> None:
        self._rows = tuple(rows)
        self._by_code = {row.code.upper(): row for row in self._rows}
        if len(self._by_code) != len(self._rows):
            raise ValueError("two rows share a code")

    def __getitem__(self, code: str) -> T:
        """Return the row of ``code``, retired ones too; ``KeyError`` when there is none."""
        return self._by_code[code.upper()]

    def get(self, code: str | None) -> T | None:
        """Return the row of ``code``, or ``None`` when there is none."""
        return None if code is None else self._by_code.get(code.upper())

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code.upper() in self._by_code

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code in printed order, retired ones too."""
        return tuple(row.code for row in self._rows)

    def active(self) -> tuple[T, ...]:
        """Return the rows that a new record may use."""
        return tuple(row for row in self._rows if not row.retired)

    def find(self, text: str) -> tuple[T, ...]:
        """Return every row that ``text`` may mean, from the best kind of match only.

        Kinds, best first: the code itself; a whole name or synonym; the beginning of a code, or of
        consecutive words of a name (``glut med``); any part of either. A retired row answers only to
        its whole code. One row back is a unique meaning, several are a choice, none is unknown.
        """
        exact = self.get(text.strip())
        if exact is not None:
            return (exact,)
        typed = _words(text)
        if not typed:
            return ()
        for matches in (_is_whole, _begins, _holds):
            found = tuple(row for row in self.active() if any(matches(typed, w) for w in _phrases(row)))
            if found:
                return found
        return ()

    def nearest(self, text: str, n: int = 2) -> tuple[T, ...]:
        """Return up to ``n`` active rows spelt most like ``text``, most alike first."""
        typed = " ".join(_words(text))
        scored = [(_likeness(typed, row), row) for row in self.active()]
        close = [pair for pair in scored if pair[0] >= _LIKE_ENOUGH]
        close.sort(key=lambda pair: -pair[0])
        return tuple(row for _, row in close[:n])


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text.casefold()) if word]


def _phrases(row: Entry) -> list[list[str]]:
    """Every name as a list of words; one that is shown in another language answers to its English too."""
    shown = dict.fromkeys((row.code, *row.names))
    return [_words(text) for text in (*shown, *(english(name) for name in shown if english(name) != name))]


def _is_whole(typed: list[str], phrase: list[str]) -> bool:
    return typed == phrase


def _begins(typed: list[str], phrase: list[str]) -> bool:
    starts = range(len(phrase) - len(typed) + 1)
    return any(all(phrase[at + i].startswith(word) for i, word in enumerate(typed)) for at in starts)


def _holds(typed: list[str], phrase: list[str]) -> bool:
    return " ".join(typed) in " ".join(phrase)


def _likeness(typed: str, row: Entry) -> float:
    return max(SequenceMatcher(None, typed, " ".join(phrase)).ratio() for phrase in _phrases(row))
