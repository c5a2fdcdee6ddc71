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
from hiplog.language import _

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
    pin_file: str | None = None

    @classmethod
    def of(cls, args: argparse.Namespace, clock: Callable[[], datetime] | None = None) -> Context:
        """Return the context that the global options ask for."""
        settings = places.load(database=args.db, at=args.at, actor=args.actor)
        return cls(settings, bool(args.json), clock or machine_time, args.passphrase_file, args.pin_file)

    @contextmanager
    def book(self, *, upgrade: bool = False, signs: bool = False) -> Iterator[Logbook]:
        """Open the logbook for the length of the verb; a word on stderr when it is read-only.

        A verb that ``signs`` is given the PIN of whoever acts, where there is one.
        """
        from hiplog.logbook import alarms, rescue
        from hiplog.storage.refusals import translated

        key = self.key()
        with rescue.offering(self.settings, key), translated():
            book = self._opened(key, upgrade)
            if signs:
                book = self._proven(book)
        try:
            if book.banner is not None:
                output.say(f"hiplog: {book.banner}")
            late = alarms.attend(book)
            if late is not None:
                output.say(f"hiplog: {late}")
            yield book
        finally:
            book.close()

    def _opened(self, key: bytes | None, upgrade: bool) -> Logbook:
        from hiplog.clinical.errors import SignIn
        from hiplog.logbook.book import Logbook

        try:
            return Logbook.open(self.settings, self.clock, upgrade=upgrade, key=key)
        except SignIn as wanted:
            if key is not None:
                raise
            secret = self.secret(
                _("{who} has a passphrase").format(who=wanted.who),
                prompt=_("Passphrase of {who}: ").format(who=wanted.who),
            )
        return Logbook.open(self.settings, self.clock, upgrade=upgrade, secret=secret)

    def _proven(self, book: Logbook) -> Logbook:
        from hiplog.cli import asking
        from hiplog.logbook import access

        try:
            wanted, pin, passphrase = access.needs(book), None, None
            if "passphrase" in wanted:
                passphrase = self.secret(
                    _("{actor} signs").format(actor=book.actor),
                    prompt=_("Passphrase of {who}: ").format(who=book.actor),
                )
            if "pin" in wanted:
                otherwise = _(
                    "the signature of {actor} needs the PIN; name its file with --pin-file FILE"
                ).format(actor=book.actor)
                pin = asking.secret(self.pin_file, _("PIN of {who}: ").format(who=book.actor), otherwise)
            return access.proven(book, pin, passphrase)
        except BaseException:
            book.close()
            raise

    def key(self) -> bytes | None:
        """The key of an encrypted logbook, its passphrase from a file or asked for; ``None`` if plain."""
        from hiplog.logbook import rescue, vault

        with rescue.offering(self.settings):
            if not vault.is_encrypted(self.settings):
                return None
        return vault.unlock(
            self.settings,
            self.secret(_("{path}: this logbook is encrypted").format(path=self.settings.path)),
            self.clock,
        )

    def secret(self, why: str, prompt: str = _("Passphrase: ")) -> str:
        """The passphrase from its file, or asked for; ``Locked`` when nobody can be asked, with ``why``."""
        from hiplog.cli import asking

        return asking.secret(
            self.passphrase_file,
            prompt,
            _(
                "{why}, and there is no terminal to ask for the passphrase; name a file that "
                "holds it with --passphrase-file FILE"
            ).format(why=why),
        )

    def today(self, zone: str) -> date:
        """The day it is at the clinic."""
        return self.clock().astimezone(ZoneInfo(zone)).date()
