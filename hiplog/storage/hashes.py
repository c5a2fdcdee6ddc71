"""Passphrases and PINs as they are kept in the database: an Argon2id hash each, never the words."""

from __future__ import annotations

import unicodedata


def hashed(secret: str) -> str:
    """Return the Argon2id hash of ``secret`` (64 MiB, three passes), with its own salt and cost in it."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(_plain(secret))


def fits(kept: str | None, secret: str) -> bool:
    """Whether ``secret`` is what ``kept`` was made of; ``False`` when nothing is kept or it is no hash."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHash

    if kept is None:
        return False
    try:
        return PasswordHasher().verify(kept, _plain(secret))
    except (Argon2Error, InvalidHash):
        return False


def _plain(secret: str) -> bytes:
    # One keyboard sends é as one character, another as two: both are the same words.
    return unicodedata.normalize("NFC", secret).encode("utf-8", "surrogatepass")
