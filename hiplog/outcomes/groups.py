"""Question 2, for which causes; and the same split by therapist or by muscle. Never ranked by result."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hiplog.clinical.causes import CAUSES
from hiplog.clinical.muscles import MUSCLES
from hiplog.language import _
from hiplog.outcomes.about import CANNOT_TELL, About
from hiplog.outcomes.cohort import (
    CAPTION,
    DEFINITIONS,
    Case,
    Ended,
    Lines,
    ended,
    lines,
    pain_change,
    rule_words,
    together,
)
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.planning import to_tell_from
from hiplog.outcomes.rates import FEWEST, Rate
from hiplog.outcomes.spread import Spread

if TYPE_CHECKING:
    from hiplog.outcomes.tally import Tally

By = Literal["cause", "therapist", "muscle"]
ORDER = _("In the order of the vocabulary, never by result.")


@dataclass(frozen=True, slots=True)
class Group:
    """The hips of one cause, therapist or muscle.

    ``needed`` is how many more at the same rate would set it apart from everybody's rate: 0 when it is apart,
    ``None`` where that cannot be said.
    """

    key: str
    label: str
    lines: Lines
    change: Spread
    needed: int | None

    @property
    def hips(self) -> int:
        """How many hips it has, the excluded ones among them."""
        return self.lines.started.n + self.lines.excluded


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups with at least one hip; ``hidden`` of them are too small to be named, with ``hidden_hips``."""

    by: By
    everybody: Rate
    groups: tuple[Group, ...]
    hidden: int = 0
    hidden_hips: int = 0


@dataclass(frozen=True, slots=True)
class Causes:
    """The answer to question 2."""

    about: About
    split: Groups


def groups(judged: Sequence[Case], by: By) -> Groups:
    """Split the hips; a therapist with fewer than ten is not named, a hip stands with each of its muscles."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in judged:
        for key in _keys(case, by):
            found[key].append(case)
    return _split({key: ended(mine) for key, mine in found.items()}, by, lines(ended(judged)).started)


def _split(found: Mapping[str, Counter[Ended]], by: By, everybody: Rate) -> Groups:
    made = [_group(key, by, found[key], everybody) for key in _ordered(found, by)]
    shown = [one for one in made if by != "therapist" or one.hips >= FEWEST]
    left = [one for one in made if one not in shown]
    return Groups(by, everybody, tuple(shown), len(left), sum(one.hips for one in left))


def _keys(case: Case, by: By) -> set[str]:
    if by == "cause":
        return {case.hip.cause}
    if by == "therapist":
        return {case.hip.therapist}
    return {site.muscle for visit in case.hip.visits for site in visit.sites}


def _ordered(found: Iterable[str], by: By) -> list[str]:
    known = {"cause": CAUSES.codes, "muscle": MUSCLES.codes, "therapist": ()}[by]
    return sorted(found, key=lambda key: (known.index(key) if key in known else len(known), key))


def _group(key: str, by: By, mine: Counter[Ended], everybody: Rate) -> Group:
    label = key
    if by == "cause" and key in CAUSES:
        label = CAUSES[key].name
    if by == "muscle" and key in MUSCLES:
        label = MUSCLES[key].name
    counted = lines(mine)
    apart = None
    if not counted.started.suppressed and everybody.value is not None:
        apart = to_tell_from(counted.started, everybody.value)
    return Group(key, label, counted, pain_change(mine), apart)


def causes(found: Tally, filters: Filters, *, strict: bool) -> Causes:
    """Answer question 2 for the hips begun in the period."""
    own = found.ended("cause", strict=strict)
    whole = lines(together(own.values()))
    split = _split(own, "cause", whole.started)
    apart = [one.label for one in split.groups if one.needed == 0]
    large = [one for one in split.groups if not one.lines.started.suppressed]
    about = About(
        key="causes",
        n=whole.started.n,
        units="hips",
        missing=whole.missing,
        missing_words=_("hips without a baseline or not measured again; counted as no responders"),
        period=_("hips begun: {period}").format(period=filters.period),
        definition=(
            _("Responder: {rule}.").format(rule=rule_words(strict=strict)),
            DEFINITIONS["started"],
            ORDER,
            _("A cause with fewer than {fewest} hips has no percentage.").format(fewest=FEWEST),
            CAPTION,
        ),
        verdict=_verdict(apart, large),
        needed=min((one.needed for one in large if one.needed), default=None),
    )
    return Causes(about, split)


def _verdict(apart: Sequence[str], large: Sequence[Group]) -> str:
    if len(large) < 2:
        return _("{cannot_tell}: fewer than two causes have {fewest} hips").format(
            cannot_tell=CANNOT_TELL, fewest=FEWEST
        )
    if not apart:
        told = _("{cannot_tell}: no cause's interval lies apart from everybody's share").format(
            cannot_tell=CANNOT_TELL
        )
        near = min((one for one in large if one.needed), key=lambda one: one.needed or 0, default=None)
        if near is None or near.needed is None:
            return told
        return _("{told}; about {needed} more of {label} at its present share would tell first").format(
            told=told, needed=near.needed, label=near.label
        )
    return _("apart from everybody's share: {apart}; with several causes one may be so by chance").format(
        apart=", ".join(apart)
    )
