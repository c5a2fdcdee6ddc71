"""Text fit for a terminal: nothing a person typed may move the cursor, set colours or turn the line round.

What is kept is kept as typed; only what is shown passes here. :func:`shown` writes visible marks for what a
terminal would obey; :func:`harmless` is the net beneath it, on every line that goes to the terminal.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
# Joiners carry spelling in Persian and Indic names, and no terminal obeys them.
_JOINERS = "\u200c\u200d"
_LAST_C0 = 0x1F
_DELETE = 0x7F
_PICTURES = 0x2400
_DELETE_PICTURE = "\u2421"
_REPLACED = "\ufffd"
HEAP = 8
"""Marks that may stand on one letter; no script stacks more, and a heap of them spills over other lines."""


def shown(text: str, width: int | None = None, *, newlines: bool = False) -> str:
    """Return ``text`` with every control and direction character replaced by a visible one.

    C0 controls become their pictures (``␛`` for escape), all others ``‹U+202E›``. With ``newlines`` a new
    line stays one. With ``width`` the result takes at most that many terminal cells, ``…`` marking the cut.
    """
    plain = text.isascii() and text.isprintable()
    safe = text if plain else "".join(_visible(char, newlines) for char in _unheaped(text))
    return safe if width is None else cut(safe, width)


def harmless(text: str) -> str:
    """Return ``text`` of the same width without anything that a terminal obeys; plain text as it is.

    For what has no other way through :func:`shown`, such as an entry while somebody types in it.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else _blank(char) * cells(char) for char in text
    )


def cut(text: str, width: int) -> str:
    """Cut ``text`` to ``width`` terminal cells (a Chinese character takes two), ``…`` marking the cut."""
    if cells(text) <= width:
        return text
    kept, room = [], width - 1
    for char in text:
        room -= cells(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + ELLIPSIS if width > 0 else ""


def cells(text: str) -> int:
    """Return how many terminal cells ``text`` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _blank(char: str) -> str:
    return " " if unicodedata.category(char) == "Zs" else _REPLACED


def _unheaped(text: str) -> str:
    """Say in words how many marks more than :data:`HEAP` are heaped on one letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    heaped = 0
    for char in (*text, ""):
        if char and unicodedata.category(char) in ("Mn", "Me"):
            heaped += 1
            if heaped > HEAP:
                continue
        else:
            if heaped > HEAP:
                kept.append(f"‹{heaped - HEAP} marks›")
            heaped = 0
        kept.append(char)
    return "".join(kept)


def _visible(char: str, newlines: bool) -> str:
    if char.isprintable() or (newlines and char == "\n") or char in _JOINERS:
        return char
    code = ord(char)
    if code <= _LAST_C0:
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    if unicodedata.category(char) == "Zs":
        return " "
    return f"‹U+{code:04X}›"
