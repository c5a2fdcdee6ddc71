"""The boundary for what people type: one filter, used before anything is stored.

Text is kept in Unicode NFC. Control characters (other than a new line or tab in long text), NUL and lone
surrogates are refused with their place, for SQLite and PostgreSQL treat them differently and a
terminal would obey them. Everything else is kept as typed.
"""

from __future__ import annotations

import re
import unicodedata

from hiplog.clinical.errors import BadInput
from hiplog.language import _

LINE_LIMIT = 200
PROSE_LIMIT = 20_000
CODE_LIMIT = 40
BLANKS = " \t\r\n"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def line(what: str, text: str) -> str:
    """Return one clean line of at most 200 characters; ``BadInput`` names ``what`` and the place."""
    clean = _clean(what, text, keep="")
    return _sized(what, clean, LINE_LIMIT)


def optional(what: str, text: str | None) -> str | None:
    """Like :func:`line`, with ``None`` for nothing typed."""
    return None if text is None or not text.strip() else line(what, text)


def prose(what: str, text: str | None) -> str | None:
    """Return clean long text of at most 20,000 characters, ``None`` for nothing typed."""
    if text is None or not text.strip():
        return None
    return _sized(what, _clean(what, text.replace("\r\n", "\n"), keep="\n\t"), PROSE_LIMIT)


def code(what: str, text: str) -> str:
    """Return a chart or sign-in code: letters, digits and ``. _ / -``, at most 40."""
    clean = text.strip()
    if len(clean) > CODE_LIMIT:
        raise BadInput(
            _("{what}: has {count} characters, at most {limit} are kept").format(
                what=what, count=len(clean), limit=CODE_LIMIT
            )
        )
    if not _CODE.fullmatch(clean):
        raise BadInput(
            _("{what}: use letters, digits and . _ / - only, starting with a letter or digit").format(
                what=what
            )
        )
    return clean


def folded(*parts: str) -> str:
    """Return a search key: marks taken off, case folded, so that ``Müller`` is found by ``mul``."""
    joined = unicodedata.normalize("NFKD", " ".join(parts))
    return "".join(c for c in joined if not unicodedata.combining(c) and not _is_control(c)).casefold()


def is_code(text: str) -> bool:
    """Whether ``text`` could be a chart or sign-in code at all."""
    return len(text) <= CODE_LIMIT and _CODE.fullmatch(text) is not None


def _clean(what: str, text: str, keep: str) -> str:
    for place, character in enumerate(text.rstrip(), 1):
        if _is_control(character) and character not in keep and text[:place].strip(BLANKS):
            raise BadInput(
                _("{what}: character {place} is a control character (U+{number:04X}); leave it out").format(
                    what=what, place=place, number=ord(character)
                )
            )
    return unicodedata.normalize("NFC", text.strip())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs")


def _sized(what: str, text: str, limit: int) -> str:
    if not text:
        raise BadInput(_("{what}: must not be empty").format(what=what))
    if len(text) > limit:
        raise BadInput(
            _("{what}: has {count} characters, at most {limit} are kept").format(
                what=what, count=len(text), limit=limit
            )
        )
    return text
