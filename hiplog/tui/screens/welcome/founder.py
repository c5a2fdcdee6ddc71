"""What the wizard needs of the program around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hiplog.settings import DateOrder

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook
    from hiplog.logbook.founding import Founding


class Founder(Protocol):
    """Makes what the person chooses; ``order`` is ``None`` when no configuration says how days are typed."""

    @property
    def place(self) -> Path:
        """Where the logbook will lie."""

    @property
    def zone(self) -> str:
        """The time zone of this machine."""

    @property
    def order(self) -> DateOrder | None:
        """How days are typed, when that is settled already."""

    def now(self) -> datetime:
        """The time."""

    def make(self, wanted: Founding) -> Logbook:
        """Make the logbook, whole or not at all."""

    def print_page(self, code: str) -> Path:
        """Write the recovery code as a page to print."""

    def forget_page(self) -> None:
        """Take that page away again."""

    def invent(self, told: Callable[[int, int], None]) -> Logbook:
        """Invent a clinic that goes when the program ends."""
