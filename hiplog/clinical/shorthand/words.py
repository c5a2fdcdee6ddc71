"""Find the muscle, zone, technique or target that the bare words of a site mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hiplog.clinical.muscles import MUSCLES, Muscle, free_place
from hiplog.clinical.needling import TECHNIQUES, Technique
from hiplog.clinical.shorthand.line import LineError
from hiplog.clinical.shorthand.pieces import Piece
from hiplog.language import _, english

TARGET_WORDS = {"scar": "scar", "tendon": "tendon"}
_CHOICES = 5
_SHORTEST_BEGINNING = 3
_BREAK = re.compile(r"[\W_]+")

Run = tuple[Piece, ...]


def runs(pieces: Sequence[tuple[int, Piece]]) -> list[Run]:
    """Group pieces that stood side by side; each comes with its place in the part."""
    grouped: list[list[Piece]] = []
    last = -2
    for at, piece in pieces:
        if at != last + 1:
            grouped.append([])
        grouped[-1].append(piece)
        last = at
    return [tuple(run) for run in grouped]


def take_muscle(found: Iterable[Run]) -> tuple[Muscle, Run, list[Piece]]:
    """Return the muscle that the words name, the pieces that name it, and the words left over.

    A whole code, name or synonym beats the beginning of one, which takes three letters, and more words
    beat fewer. Raises
    :class:`LineError` when no word is a muscle or the best one fits several.
    """
    words = list(found)
    spans = [span for run in words for span in _spans(run)]
    spans.sort(key=lambda span: -len(span))
    for whole in (True, False):
        for span in spans:
            muscles = _meant(span, whole)
            if len(muscles) == 1 and (whole or _letters(span) >= _SHORTEST_BEGINNING):
                return muscles[0], span, [p for run in words for p in run if p not in span]
    raise _no_muscle(words, spans)


def zone_code(muscle: Muscle, text: str) -> str | None:
    """Return the zone that ``text`` means for this muscle: a code, its synonym, or a free ``@x,y``."""
    zone = muscle.zone(text)
    if zone is not None:
        return zone.code
    return text if free_place(text) is not None else None


def technique(text: str) -> Technique | None:
    """Return the one technique that ``text`` names, or begins with three letters or more."""
    fits = _begins if len(text) >= _SHORTEST_BEGINNING else _is_whole
    found = [row for row in TECHNIQUES.find(text) if fits(text, (row.code, *map(english, row.names)))]
    return found[0] if len(found) == 1 else None


def is_technique(text: str) -> bool:
    """Whether ``text`` is the whole code or a whole name of a technique and of no muscle."""
    return text in _TECHNIQUE_WORDS


def leftover(piece: Piece, muscle: Muscle) -> LineError:
    """Return the refusal of a word that is neither zone, technique nor target of this muscle."""
    if _meant_text(piece.text, whole=True):
        return piece.error(_("a second muscle in one site"), _("put ; between two sites"))
    if re.fullmatch(r"[0-9.,]+|@.*", piece.text):
        zones = ", ".join(f"{z.code} ({z.label})" for z in muscle.zones)
        return piece.error(
            _("no such zone of {name}").format(name=muscle.name),
            _("zones: {zones}").format(zones=zones) if zones else _("it has no zones"),
        )
    near = TECHNIQUES.nearest(piece.text)
    if near:
        named = ", ".join(f"{row.code.lower()} ({row.name})" for row in near)
        return piece.error(_("not understood"), _("nearest: {named}").format(named=named))
    return piece.error(_("not understood"), _("a zone, needle, technique, twitch or measure can stand here"))


def _spans(run: Run) -> list[Run]:
    size = len(run)
    return [run[i:j] for i in range(size) for j in range(i + 1, min(i + 4, size) + 1)]


def _letters(span: Run) -> int:
    return sum(len(piece.text) for piece in span)


def _meant(span: Run, whole: bool) -> tuple[Muscle, ...]:
    return _meant_text(" ".join(piece.text for piece in span), whole)


def _meant_text(text: str, whole: bool) -> tuple[Muscle, ...]:
    """Return the muscles named: any part of a name (``form``) is too little to needle by."""
    if whole:
        return _WHOLE.get(" ".join(_split(text)), ())
    return tuple(row for row in MUSCLES.find(text) if _begins(text, (row.code, *row.names)))


def _is_whole(text: str, names: Iterable[str]) -> bool:
    return any(_split(text) == _split(name) for name in names)


def _begins(text: str, names: Iterable[str]) -> bool:
    """Whether the words of ``text`` begin consecutive words of a name."""
    typed = _split(text)
    for words in map(_split, names):
        for at in range(len(words) - len(typed) + 1):
            if typed and all(words[at + i].startswith(word) for i, word in enumerate(typed)):
                return True
    return False


def _split(text: str) -> list[str]:
    return [word for word in _BREAK.split(text.casefold()) if word]


def _no_muscle(words: list[Run], spans: list[Run]) -> LineError:
    """Say which word is no muscle, or which muscles it may be."""
    for span in spans:
        several = _meant(span, whole=False)
        if several:
            typed = " ".join(piece.typed for piece in span)
            what = _("more than one muscle") if len(several) > 1 else _("too short to name a muscle")
            choices = (
                _("choose: {named}, … {count} in all") if len(several) > _CHOICES else _("choose: {named}")
            )
            hint = choices.format(named=_named(several[:_CHOICES]), count=len(several))
            return LineError(typed, span[0].column, what, hint)
    first = words[0][0]
    near = MUSCLES.nearest(first.text)
    return first.error(
        _("no such muscle"),
        _("nearest: {named}").format(named=_named(near)) if near else _("as in: gmed, glut med, piri"),
    )


def _named(muscles: Iterable[Muscle]) -> str:
    return ", ".join(f"{m.code.lower()} ({m.name})" for m in muscles)


def _whole_names() -> dict[str, tuple[Muscle, ...]]:
    """Every code, name and synonym of a muscle, with the muscles it stands for."""
    found: dict[str, tuple[Muscle, ...]] = {}
    for row in MUSCLES.active():
        for name in {" ".join(_split(text)) for text in (row.code, *row.names)}:
            found[name] = (*found.get(name, ()), row)
    return {**found, **{row.code.lower(): (row,) for row in MUSCLES}}


def _technique_words() -> frozenset[str]:
    names = {text.lower() for row in TECHNIQUES.active() for text in (row.code, *map(english, row.names))}
    return frozenset(names - _WHOLE.keys())


_WHOLE = _whole_names()
_TECHNIQUE_WORDS = _technique_words()
