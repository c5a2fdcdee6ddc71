"""An answer of the report: its frame, its pictures, and beneath each picture the same points as tables."""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.exchange.pages.table import Table
from hiplog.outcomes.about import About


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG, what it shows, and its tables."""

    figure: str
    caption: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The frame of an answer with its pictures."""

    about: About
    pictures: tuple[Picture, ...]

    @property
    def definitions(self) -> tuple[str, ...]:
        """The rules in words, each a sentence of its own."""
        return tuple(f"{rule[:1].upper()}{rule[1:]}" for rule in self.about.definition)
