"""Refusals a person can cause, each a sentence that says what, where, and what would do.

``exit_code`` is what the command line returns for it: 2 usage, 3 not found, 4 refused by a rule,
5 schema not at head, 6 locked or unreachable, 7 integrity check failed.
"""

from __future__ import annotations

from collections.abc import Sequence


class HiplogError(Exception):
    """A failure with a sentence for the person in front of it; never holds patient text."""

    exit_code = 1


class BadInput(HiplogError):
    """What was typed cannot be read or lies outside its range."""

    exit_code = 2


class NotFound(HiplogError):
    """The thing named is not in the logbook."""

    exit_code = 3


class Refused(HiplogError):
    """A rule of the record forbids it; ``reasons`` holds every one of them at once."""

    exit_code = 4

    def __init__(self, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class Locked(Refused):
    """The logbook is encrypted and nothing was given that opens it."""


class WrongSecret(Locked):
    """What was given opens it not: another passphrase, or another recovery code."""


class SignIn(Locked):
    """Somebody is to act here who has a passphrase or PIN; ``who`` is the code of that person."""

    def __init__(self, message: str, who: str) -> None:
        super().__init__(message)
        self.who = who


class Stale(Refused):
    """Somebody else saved the same record in the meantime; nothing was overwritten."""


class SchemaBehind(HiplogError):
    """The logbook's schema and this program's do not match."""

    exit_code = 5


class Unreachable(HiplogError):
    """The logbook is locked by another program, read-only, or cannot be reached."""

    exit_code = 6


class Unsettled(Unreachable):
    """The server went away between a commit and its answer; ``mark`` finds out later whether it arrived."""

    def __init__(self, message: str, mark: str) -> None:
        super().__init__(message)
        self.mark = mark


class IntegrityFailed(HiplogError):
    """The file is damaged, foreign or altered."""

    exit_code = 7
