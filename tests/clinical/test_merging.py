"""A merge keeps what either of two people changed, and never what neither of them wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from hiplog.clinical import merging
from hiplog.clinical.record import NeedleCount, Patient, Session, SessionDraft

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


def test_two_editors_of_a_person_keep_both_changes_and_choose_where_they_meet() -> None:
    base = Patient("P1", "Rossi", "Lea", sex="female", id="x", version=3)
    mine = replace(base, given="Leah", family="Bianchi")
    theirs = replace(base, family="Verdi", phone="1", version=4)
    found = merging.patient_differences(base, mine, theirs)
    assert [(one.place[0], one.both) for one in found] == [
        ("family", True), ("given", False), ("phone", False),
    ]  # fmt: skip
    both = merging.patient_merged(base, mine, theirs)
    assert (both.family, both.given, both.phone, both.version) == ("Verdi", "Leah", "1", 4)
    assert merging.patient_merged(base, mine, theirs, {("family", "")}).family == "Bianchi"
    alone = merging.patient_mine(mine, theirs)
    assert (alone.family, alone.given, alone.phone, alone.version) == ("Bianchi", "Leah", None, 4)
