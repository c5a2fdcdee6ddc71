"""Read one needle site: its pieces become one row a side, and everything wrong with it is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hiplog.clinical.muscles import Muscle
from hiplog.clinical.needling import Insertion, problems
from hiplog.clinical.record import Side, new_id
from hiplog.clinical.shorthand import words
from hiplog.clinical.shorthand.line import BRUISE, SORENESS, LineError, SiteReaction
from hiplog.clinical.shorthand.pieces import NUMBER, Piece, inner, number
from hiplog.language import _

SIDES: dict[str, tuple[Side, ...]] = {
    "l": ("L",),
    "r": ("R",),
    "lr": ("L", "R"),
    "rl": ("R", "L"),
    "left": ("L",),
    "right": ("R",),
    "both": ("L", "R"),
}
ELECTRICAL = "EDN"
SAME = "="
CARRIED = ("diameter_mm", "length_mm", "technique")
"""What ``=`` takes from the site before: the plan, never a finding."""
SORENESS_TOP = 10
MOST_WORDS = 8

# The field most likely mistyped first: the piece whose removal settles a problem is the one blamed.
_BLAMED = (
    "depth_mm", "diameter_mm", "length_mm", "hz", "ma", "passes", "retention_min", "insertions",
    "twitch_count", "twitch", "technique", "zone",
)  # fmt: skip
_SETTINGS = ("hz", "ma")

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The rows of one site, the reactions seen there, and a note on anything filled in."""

    insertions: tuple[Insertion, ...]
    reactions: tuple[SiteReaction, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A site while its pieces are read: every value with the piece it came from."""

    values: Values = field(default_factory=dict)
    origin: dict[str, Piece] = field(default_factory=dict)

    def put(self, values: Values, piece: Piece) -> None:
        """Keep ``values`` from ``piece``; raises :class:`LineError` when one of them was given before."""
        for name in values:
            if name in self.origin:
                raise piece.error(
                    _("said twice in one site ({typed} before)").format(typed=self.origin[name].typed),
                    _("put ; between two sites"),
                )
        self.values.update(values)
        self.origin.update(dict.fromkeys(values, piece))


def _needle(match: re.Match[str]) -> Values:
    """Read ``30x50``: a whole diameter is hundredths of a millimetre, one with a point millimetres."""
    thick, long = match["thick"], match["long"]
    found: Values = {}
    if thick != "?":
        found["diameter_mm"] = number(thick) if "." in thick else number(thick) / 100
    if long != "?":
        found["length_mm"] = int(long)
    return found


def _twitch(match: re.Match[str]) -> Values:
    """Read ``t``, ``t3``, ``t-``, ``t?`` or ``tn``; a count of 0 is a twitch sought and not had."""
    state = {"-": "none", "?": "not_sought", "n": "not_seen"}.get(match["what"])
    if state is not None:
        return {"twitch": state}
    count = int(match["what"] or 0)
    if match["what"] and count == 0:
        return {"twitch": "none"}
    return {"twitch": "elicited", "twitch_count": count} if match["what"] else {"twitch": "elicited"}


def _whole(name: str) -> Callable[[re.Match[str]], Values]:
    return lambda match: {name: int(match["n"])}


def _decimal(name: str) -> Callable[[re.Match[str]], Values]:
    return lambda match: {name: Decimal(match["n"])}


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Values]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?P<thick>{NUMBER}|\?)[x×](?P<long>[0-9]{{1,4}}|\?)", _needle),
        (r"d(?P<n>[0-9]{1,4})(?:mm)?", _whole("depth_mm")),
        (r"x(?P<n>[0-9]{1,4})", _whole("passes")),
        (r"i(?P<n>[0-9]{1,4})", _whole("insertions")),
        (r"ret(?P<n>[0-9]{1,4})", _whole("retention_min")),
        (rf"(?P<n>{NUMBER})hz", _decimal("hz")),
        (rf"(?P<n>{NUMBER})ma", _decimal("ma")),
        (r"t(?P<what>[0-9]{1,4}|[-?n]|)", _twitch),
        (r"p(?P<sign>[+-])", lambda match: {"familiar_pain": match["sign"] == "+"}),
        (r"b", lambda _match: {"bruise": True}),
        (r"s(?P<n>[0-9]{1,4})", _whole("soreness")),
    )
)

_HALF_WRITTEN = (
    (r"d[-0-9.,e]+(mm)?", _("not a depth in whole millimetres"), _("as in: d25")),
    (r"[0-9.,]+[x×][0-9.,]+", _("not a needle"), _("as in: 30x50 for 0.30 × 50 mm")),
    (r"s[-+]?[0-9.]+", _("not a soreness of 0 to 10"), _("as in: s2")),
    (r"(ret|x|i)[-+0-9.e]+", _("not a whole number"), _("as in: ret10, x10, i3")),
    (r"t[-+]?[0-9.]+", _("not a twitch count"), _("as in: t, t3, t-, t?")),
    (r"[-0-9.,e]+(hz|ma)", _("not an electrical setting"), _("as in: 2hz, 1.5ma")),
)


def half_written(piece: Piece) -> LineError | None:
    """Return the refusal of a piece that begins like a setting but is not a readable number."""
    for pattern, what, hint in _HALF_WRITTEN:
        if re.fullmatch(pattern, piece.text) and re.search(r"[0-9]", piece.text):
            return piece.error(what, hint)
    return None


def settings(piece: Piece) -> Values | None:
    """Return what ``piece`` says about a site by its shape alone, or ``None`` when it is a word."""
    if piece.text in SIDES:
        return {"sides": SIDES[piece.text]}
    if piece.text == SAME:
        return {"same": True}
    if piece.text in words.TARGET_WORDS:
        return {"target": words.TARGET_WORDS[piece.text]}
    for pattern, read in _PATTERNS:
        match = pattern.fullmatch(piece.text)
        if match is not None:
            return read(match)
    if words.is_technique(piece.text):
        return _named_technique(piece)
    return None


def read_site(
    known: Sequence[tuple[Piece, Values]],
    bare: Sequence[tuple[int, Piece]],
    before: Insertion | None = None,
) -> Site:
    """Return the rows of one site from its settled pieces and its bare words; ``before`` is what ``=`` means.

    Raises :class:`LineError` for the first thing that cannot be, with the column of the piece to blame.
    """
    if len(bare) > MOST_WORDS:
        raise bare[MOST_WORDS][1].error(_("too many words for one site"), _("put ; between two sites"))
    if not bare:
        raise known[0][0].error(_("no muscle named for this site"), _("as in: gmed r 30x50"))
    muscle, named, left = words.take_muscle(words.runs(bare))
    draft = _Draft()
    for piece, values in sorted([*known, *((p, _word(muscle, p)) for p in left)], key=lambda k: k[0].column):
        draft.put(values, piece)
    _carry(draft, before)
    return _rows(muscle, named[0], draft)


def _carry(draft: _Draft, before: Insertion | None) -> None:
    if not draft.values.pop("same", False):
        return
    if before is None:
        raise draft.origin["same"].error(
            _("there is no site before this one"), _("write the needle, as in: 30x50")
        )
    for name in CARRIED:
        draft.values.setdefault(name, getattr(before, name))


def _word(muscle: Muscle, piece: Piece) -> Values:
    zone = words.zone_code(muscle, piece.text)
    if zone is not None:
        return {"zone": zone}
    if words.technique(piece.text) is not None:
        return _named_technique(piece)
    raise words.leftover(piece, muscle)


def _named_technique(piece: Piece) -> Values:
    found = words.technique(piece.text)
    if found is None:
        raise piece.error(_("more than one technique"), _("write its code"))
    return {"technique": found.code}


def _rows(muscle: Muscle, named: Piece, draft: _Draft) -> Site:
    values = dict(draft.values)
    sides = values.pop("sides", None)
    if sides is None:
        raise named.error(_("the side is needed"), _("add l, r or lr"))
    bruise, soreness = values.pop("bruise", False), values.pop("soreness", None)
    if soreness is not None and soreness > SORENESS_TOP:
        raise draft.origin["soreness"].error(_("soreness lies outside 0 to 10"), _("as in: s2"))
    notes: tuple[str, ...] = ()
    if "technique" not in values and any(name in values for name in _SETTINGS):
        values["technique"] = ELECTRICAL
        notes = (_("{name}: a current was given, so the technique is electrical").format(name=muscle.name),)
    rows = tuple(Insertion(muscle=muscle.code, side=side, id=new_id(), **values) for side in sides)
    _refuse_impossible(rows[0], draft.origin, named)
    return Site(rows, tuple(r for row in rows for r in _reactions(row.id, bruise, soreness)), notes)


def _reactions(row: str, bruise: bool, soreness: int | None) -> list[SiteReaction]:
    found = [SiteReaction(row, BRUISE)] if bruise else []
    return found if soreness is None else [*found, SiteReaction(row, SORENESS, soreness)]


def _refuse_impossible(row: Insertion, origin: Mapping[str, Piece], named: Piece) -> None:
    """Raise the first problem of a row at the piece whose absence would settle it."""
    wrong = problems(row)
    if not wrong:
        return
    raise _blame(row, wrong[0], origin, named).error(inner(wrong[0]))


def _blame(row: Insertion, sentence: str, origin: Mapping[str, Piece], named: Piece) -> Piece:
    for names in (*((name,) for name in _BLAMED), _SETTINGS):
        given = [name for name in names if name in origin]
        removed: Values = {name: 1 if name == "insertions" else None for name in given}
        if given and sentence not in problems(replace(row, **removed)):
            return origin[given[0]]
    return named
