"""The words hiplog says, in the language of the person: what every other room wraps its texts in.

A text is written in English where it is used, as ``_("{count} of {all} were asked").format(…)``: a whole
sentence or a whole label, with named places, because no other language puts its pieces together in the
English order. One file a language, ``de.po``, holds what is said instead. In English nothing is loaded.

The language is chosen once, before any other room is imported (:mod:`hiplog.language.choice`), so that a
text may stand in a constant as well as in a function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

_spoken: NullTranslations | None = None


class Said(str):
    """A text in the person's language that still knows its English, which files and checksums keep."""

    english: str


def use(catalogue: NullTranslations | None) -> None:
    """Say everything by ``catalogue`` from now on; ``None`` is English. For :mod:`.choice` and for tests."""
    global _spoken
    _spoken = catalogue


def _said(message: str) -> str:
    """Return ``message`` in the person's language; the English itself where there is nothing to say it by."""
    # The catalogue keeps its own head under the empty text.
    if _spoken is None or not message:
        return message
    return _with_english(_spoken.gettext(message), message)


_ = _said


def p_(context: str, message: str) -> str:
    """Like ``_`` for a word that another language says differently by ``context``: a month, a verb."""
    return message if _spoken is None else _with_english(_spoken.pgettext(context, message), message)


def counted(count: int, one: str, many: str, /, **places: object) -> str:
    """Say a number of things: ``counted(n, "{count} visit", "{count} visits")`` is ``3 visits``.

    ``{count}`` is the number, ``places`` are the other named places of the two texts.
    """
    english_one = one if count == 1 else many
    chosen = english_one if _spoken is None else _spoken.ngettext(one, many, count)
    return chosen.format(count=count, **places)


def speaks_capital_nouns() -> bool:
    """Whether nouns are written with a capital: then no sentence is put into another in small letters."""
    return _spoken is not None


def later(message: str) -> str:
    """Mark a text that is kept in English and said by ``_`` only when it is shown."""
    return message


def english(text: str) -> str:
    """Return the English of what ``_`` returned: for exports, checksums and whatever programs read."""
    return text.english if isinstance(text, Said) else text


def _with_english(words: str, message: str) -> str:
    if words == message:
        return message
    said = Said(words)
    said.english = message
    return said
