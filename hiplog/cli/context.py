"""What every verb is handed: the settings, the clock, and how to open the logbook."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hiplog import settings as places
from hiplog.cli import output

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook


def machine_time() -> datetime:
    """The machine's time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """One run of the command line."""

    settings: places.Settings
    json: bool
    clock: Callable[[], datetime]
    passphrase_file: str | None = None

    @classmethod
    def of(cls, args: argparse.Namespace, clock: Callable[[], datetime] | None = None) -> Context:
        """Return the context that the global options ask for."""
        settings = places.load(database=args.db, at=args.at, actor=args.actor)
        return cls(settings, bool(args.json), clock or machine_time, args.passphrase_file)

    @contextmanager
    def book(self, *, upgrade: bool = False) -> Iterator[Logbook]:
        """Open the logbook for the length of the verb; a word on stderr when it is read-only."""
        from hiplog.logbook import alarms, rescue
        from hiplog.logbook.book import Logbook
        from hiplog.storage.unit import translated

        key = self.key()
        with rescue.offering(self.settings, key), translated():
            book = Logbook.open(self.settings, self.clock, upgrade=upgrade, key=key)
        try:
            if book.banner is not None:
                output.say(f"hiplog: {book.banner}")
            late = alarms.attend(book)
            if late is not None:
                output.say(f"hiplog: {late}")
            yield book
        finally:
            book.close()

    def key(self) -> bytes | None:
        """The key of an encrypted logbook, its passphrase from a file or asked for; ``None`` if plain."""
        from hiplog.logbook import rescue, vault

        with rescue.offering(self.settings):
            if not vault.is_encrypted(self.settings):
                return None
        return vault.unlock(self.settings, self.secret(str(self.settings.path)))

    def secret(self, of: str) -> str:
        """The passphrase for the encrypted file ``of``; ``Locked`` when nobody can be asked for it."""
        from hiplog.cli import asking

        return asking.secret(
            self.passphrase_file,
            "Passphrase: ",
            f"{of}: this logbook is encrypted, and there is no terminal to ask for its passphrase; "
            "name a file that holds it with --passphrase-file FILE",
        )

    def today(self, zone: str) -> date:
        """The day it is at the clinic."""
        return self.clock().astimezone(ZoneInfo(zone)).date()
