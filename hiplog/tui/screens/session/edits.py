"""What a key does to a draft: plain functions from one session to the next, no clock, no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hiplog.clinical.needling import Insertion, Twitch
from hiplog.clinical.questions import RULES_VERSION
from hiplog.clinical.record import (
    AnswerState,
    Inquiry,
    InquiryStage,
    NeedleCount,
    Reaction,
    Reading,
    ScreeningAnswer,
    Session,
    Side,
    Stage,
    new_id,
)
from hiplog.clinical.shorthand import Line, SiteReaction

BRUISE, SORENESS, FAINT = "BRUISE", "PAIN_AFT", "FAINT"
MOST_TWITCHES = 99
Change = Callable[[Session], Session]


# -- before ------------------------------------------------------------------------------------------


def answered(item: str, state: AnswerState, reason: str | None = None) -> Change:
    """Answer one screening question; a reason typed before stays unless a new one is given."""

    def change(draft: Session) -> Session:
        old = next((a for a in draft.screening if a.item == item), None)
        fresh = old or ScreeningAnswer(item, state, rule_version=RULES_VERSION)
        new = replace(fresh, answer=state, reason=reason or fresh.reason, asked="singly")
        kept = tuple(a for a in draft.screening if a.item != item)
        return replace(draft, screening=(*kept, new))

    return change


def all_answered_none(items: Iterable[str]) -> Change:
    """Answer every one of ``items`` that is still open with no, all by one key: each says so."""
    asked = tuple(items)

    def change(draft: Session) -> Session:
        known = {a.item for a in draft.screening if a.answer != "not_asked"}
        new = (i for i in asked if i not in known)
        fresh = (ScreeningAnswer(i, "none", rule_version=RULES_VERSION, asked="together") for i in new)
        kept = tuple(a for a in draft.screening if a.answer != "not_asked")
        return replace(draft, screening=(*kept, *fresh))

    return change


def measured(
    measure: str,
    stage: Stage,
    value: Decimal | None,
    side: Side | None,
    mode: str | None,
    tester: str,
    device: str | None = None,
) -> Change:
    """Put a reading in place of the one of the same measure, stage and side; ``None`` takes it away."""

    def change(draft: Session) -> Session:
        key = (measure, stage, side)
        old = next((r for r in draft.readings if (r.measure, r.stage, r.side) == key), None)
        kept = tuple(r for r in draft.readings if r is not old)
        if value is None:
            return replace(draft, readings=kept)
        base = old or Reading(stage, measure, value, side)
        fresh = replace(base, value=value, mode=mode, tester=tester, device=device, missing_reason=None)
        return replace(draft, readings=(*kept, fresh))

    return change


# -- reactions ---------------------------------------------------------------------------------------


def inquiry_of(draft: Session, stage: InquiryStage, reporter: str) -> Inquiry | None:
    """The inquiry of ``stage`` by ``reporter``, if there is one."""
    found = (i for i in draft.inquiries if i.stage == stage and i.reporter == reporter)
    return next(found, None)


def asked(stage: InquiryStage, state: AnswerState, reactions: tuple[Reaction, ...] = ()) -> Change:
    """Record that the patient was asked by the list and what came of it; ``not_asked`` is an answer too."""
    how = "not_asked" if state == "not_asked" else "checklist"

    def change(draft: Session) -> Session:
        old = inquiry_of(draft, stage, "patient") or Inquiry(stage, how, "patient", state)
        return _with_inquiry(draft, replace(old, asked_how=how, state=state, reactions=reactions))

    return change


def told(stage: InquiryStage, reaction: Reaction) -> Change:
    """The patient tells of ``reaction``; telling the same again without a number takes it back."""

    def change(draft: Session) -> Session:
        known = inquiry_of(draft, stage, "patient")
        before = known.reactions if known else ()
        same = next((r for r in before if r.kind == reaction.kind), None)
        others = tuple(r for r in before if r.kind != reaction.kind)
        takes_back = same is not None and reaction.soreness is None and reaction.size_mm is None
        after = others if takes_back else (*others, reaction)
        if not after:
            return _without_inquiry(draft, known)
        return asked(stage, "yes", after)(draft)

    return change


def _with_inquiry(draft: Session, inquiry: Inquiry) -> Session:
    kept = tuple(i for i in draft.inquiries if i.id != inquiry.id)
    return replace(draft, inquiries=(*kept, inquiry))


def _without_inquiry(draft: Session, inquiry: Inquiry | None) -> Session:
    return replace(draft, inquiries=tuple(i for i in draft.inquiries if i is not inquiry))


def seen_at(draft: Session, site: str) -> tuple[Reaction, ...]:
    """What the therapist saw at one needle site."""
    seen = inquiry_of(draft, "session", "therapist")
    return tuple(r for r in seen.reactions if r.insertion == site) if seen else ()


def _seeing(draft: Session, reactions: tuple[Reaction, ...]) -> Session:
    old = inquiry_of(draft, "session", "therapist")
    if not reactions:
        return _without_inquiry(draft, old)
    base = old or Inquiry("session", "open", "therapist", "yes")
    return _with_inquiry(draft, replace(base, state="yes", reactions=reactions))


def _all_seen(draft: Session) -> tuple[Reaction, ...]:
    seen = inquiry_of(draft, "session", "therapist")
    return seen.reactions if seen else ()


def site_reaction(site: str, kind: str, soreness: int | None = None) -> Change:
    """The therapist sees a reaction at a site; a bruise pressed again is taken back."""

    def change(draft: Session) -> Session:
        every = _all_seen(draft)
        same = next((r for r in every if r.insertion == site and r.kind == kind), None)
        others = tuple(r for r in every if r is not same)
        if same is not None and soreness is None:
            return _seeing(draft, others)
        base = same or Reaction(kind, "mild", insertion=site)
        return _seeing(draft, (*others, replace(base, soreness=soreness)))

    return change


def fainted(note: str) -> Change:
    """Stamp once that the patient is faint; how severe it was is for a person to say."""
    fresh = Reaction(FAINT, note=note)

    def change(draft: Session) -> Session:
        return draft if faint_of(draft) else _seeing(draft, (*_all_seen(draft), fresh))

    return change


def faint_of(draft: Session) -> Reaction | None:
    """The faint that was stamped in this session, if there was one."""
    return next((r for r in _all_seen(draft) if r.kind == FAINT), None)


# -- needle sites ------------------------------------------------------------------------------------


def treated(rows: Iterable[Insertion]) -> int:
    """How many rows were needled: all but the copied ones that no key confirmed."""
    return sum(row.origin != "copied" for row in rows)


def _rows(draft: Session, rows: tuple[Insertion, ...]) -> Session:
    """Set the rows; the count of needles in follows them until a person says another number."""
    before, after = treated(draft.insertions), treated(rows)
    needles = draft.needles
    if needles.inserted in (None, before):
        needles = replace(needles, inserted=after or None)
    return replace(draft, insertions=rows, needles=needles)


def _row(site: str, edit: Callable[[Insertion], Insertion]) -> Change:
    def change(draft: Session) -> Session:
        return _rows(draft, tuple(edit(row) if row.id == site else row for row in draft.insertions))

    return change


def twitched(site: str) -> Change:
    """A twitch; pressed again it counts up: elicited, 2, 3 …"""

    def edit(row: Insertion) -> Insertion:
        if row.twitch != "elicited":
            return replace(row, twitch="elicited", twitch_count=None)
        return replace(row, twitch_count=min((row.twitch_count or 1) + 1, MOST_TWITCHES))

    return _row(site, edit)


def twitch_said(site: str, twitch: Twitch) -> Change:
    """No twitch though sought, or not sought at all."""
    return _row(site, lambda row: replace(row, twitch=twitch, twitch_count=None))


def familiar(site: str) -> Change:
    """Familiar pain: reproduced, not reproduced, not said, in turn."""
    turn = {None: True, True: False, False: None}
    return _row(site, lambda row: replace(row, familiar_pain=turn[row.familiar_pain]))


def confirmed(site: str) -> Change:
    """Treated; a row on which no key said anything about the twitch means that none was had."""

    def edit(row: Insertion) -> Insertion:
        origin = "confirmed" if row.origin == "copied" else row.origin
        return replace(row, origin=origin, twitch=row.twitch or "none")

    return _row(site, edit)


def struck(site: str) -> Change:
    """Take a row out, and what was seen there."""

    def change(draft: Session) -> Session:
        cleared = _seeing(draft, tuple(r for r in _all_seen(draft) if r.insertion != site))
        return _rows(cleared, tuple(row for row in cleared.insertions if row.id != site))

    return change


def mirrored(site: str) -> Change:
    """Add the same site on the other side, its findings still open."""
    fresh = new_id()

    def change(draft: Session) -> Session:
        rows: list[Insertion] = []
        for row in draft.insertions:
            rows.append(row)
            if row.id == site:
                other: Side = "L" if row.side == "R" else "R"
                rows.append(
                    replace(row, id=fresh, side=other, twitch=None, twitch_count=None, familiar_pain=None)
                )
        return _rows(draft, tuple(rows))

    return change


def rewritten(site: str, line: Line) -> Change:
    """Replace one row by what was typed; it keeps its place and its key."""
    new = line.insertions[0]

    def change(draft: Session) -> Session:
        old = next((row for row in draft.insertions if row.id == site), None)
        if old is None:
            return draft
        fresh = replace(new, id=site, origin="typed", inserted_by=old.inserted_by, removed_by=old.removed_by)
        moved = _rows(draft, tuple(fresh if row.id == site else row for row in draft.insertions))
        others = tuple(r for r in _all_seen(moved) if r.insertion != site)
        return _seeing(moved, (*others, *(_seen(r, site) for r in line.reactions)))

    return change


def _seen(reaction: SiteReaction, site: str | None = None) -> Reaction:
    kind, where = reaction.kind, site or reaction.insertion_id
    return Reaction(kind, "mild", insertion=where, soreness=reaction.soreness)


def entered(line: Line, tester: str) -> Change:
    """Add what a quick-entry line says: sites, readings, counts, what was seen."""
    seen = tuple(_seen(reaction) for reaction in line.reactions)

    def change(draft: Session) -> Session:
        result = _rows(draft, (*draft.insertions, *line.insertions))
        result = _seeing(result, (*_all_seen(result), *seen))
        for r in line.readings:
            result = measured(r.measure, r.stage, r.value, r.side, r.mode, tester)(result)
        counts: dict[str, Any] = {
            name: getattr(line.needles, name)
            for name in ("opened", "inserted", "withdrawn", "to_sharps")
            if getattr(line.needles, name) is not None
        }
        needles: NeedleCount = replace(result.needles, **counts)
        return replace(result, needles=needles)

    return change


# -- after -------------------------------------------------------------------------------------------


def counted(name: str, count: int | None) -> Change:
    """Say how many needles: ``name`` is inserted, withdrawn, opened or to_sharps."""
    said: dict[str, Any] = {name: count}
    return lambda draft: replace(draft, needles=replace(draft.needles, **said))


def mismatch(reason: str) -> Change:
    """Say where the missing needle is, or which incident is recorded."""
    return lambda draft: replace(draft, needles=replace(draft.needles, mismatch_reason=reason or None))


def advised(codes: tuple[str, ...]) -> Change:
    """Set the advice given."""
    return lambda draft: replace(draft, advice=codes)


def noted(note: str) -> Change:
    """Set the note."""
    return lambda draft: replace(draft, note=note.strip() or None)


def planned(plan: str) -> Change:
    """Set the plan for the next visit."""
    return lambda draft: replace(draft, plan=plan.strip() or None)
