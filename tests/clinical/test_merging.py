"""A merge keeps what either of two people changed, and never what neither of them wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from hiplog.clinical import merging
from hiplog.clinical.record import NeedleCount, Session, SessionDraft

BASE = Session("s", "p", "e", "DN001", datetime(2026, 3, 2, tzinfo=UTC), "UTC")
STEPS = st.sampled_from(["note", "plan", "pain", "after", "in", "site", "unsite", "advice"])


def step(draft: Session, what: str, value: int) -> Session:
    if what in ("note", "plan"):
        return replace(draft, **{what: str(value)})
    if what == "pain":
        return draft.with_reading(samples.pain(value))  # type: ignore[return-value]
    if what == "after":
        return draft.with_reading(samples.pain(value, "after"))  # type: ignore[return-value]
    if what == "in":
        return replace(draft, needles=NeedleCount(inserted=value))
    if what == "site":
        return replace(draft, insertions=(*draft.insertions, samples.site(depth_mm=value + 20)))
    if what == "unsite":
        return replace(draft, insertions=draft.insertions[1:])
    return replace(draft, advice=tuple(sorted({*draft.advice, f"A{value}"})))


def walk(draft: Session, steps: list[tuple[str, int]]) -> Session:
    for what, value in steps:
        draft = step(draft, what, value)
    return draft


CHANGES = st.lists(st.tuples(STEPS, st.integers(0, 10)), max_size=6)


@given(CHANGES, CHANGES, CHANGES, st.booleans())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_place_holds_what_somebody_wrote(
    before: list[tuple[str, int]], one: list[tuple[str, int]], other: list[tuple[str, int]], keep: bool
) -> None:
    base = walk(BASE, before)
    mine, theirs = walk(base, one), walk(base, other)
    found = merging.differences(base, mine, theirs)
    kept = {each.place for each in found if each.both} if keep else set()
    done = merging.merged(base, mine, theirs, kept)
    flat = {name: merging._flat(draft) for name, draft in
            (("base", base), ("mine", mine), ("theirs", theirs), ("done", done))}  # fmt: skip
    for place in flat["mine"].keys() | flat["theirs"].keys() | flat["done"].keys():
        was, own, their, got = (flat[name].get(place) for name in ("base", "mine", "theirs", "done"))
        if merging._same(own, was):
            assert merging._same(got, their)
        elif merging._same(their, was):
            assert merging._same(got, own)
        else:
            assert merging._same(got, own if place in kept else their) or merging._same(own, their)
    assert merging.merged(base, base, theirs) == theirs
    assert merging.all_mine(mine, theirs).readings == mine.readings


def test_a_draft_is_flattened_whole() -> None:
    """A field added to the draft later must be merged too, or be one that never changes while it is edited."""
    fixed = {"id", "patient", "origin"}
    known = {*merging.ALONE, *merging.PARTS, "needles"}
    assert known | fixed == set(SessionDraft.__dataclass_fields__)
