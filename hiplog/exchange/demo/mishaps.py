"""What goes wrong in any clinic: a needle missed in the count, a visit entered twice, slips corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hiplog.clinical.record import Inquiry, SessionDraft
from hiplog.exchange.demo.events import Amended, Disputed, Event, Visited, Voided
from hiplog.exchange.demo.hours import office_time
from hiplog.exchange.demo.ids import key

FOUND = "One needle had come out with the cover sheet; found on the couch, counted again, put to sharps."
TWICE = "Entered twice by mistake; the other entry of this visit stands."
WISH = "I was asked for the pain at rest and gave the pain on the stairs; please put the other number."
DISPUTE = (
    "Take out that I had been training hard that week.",
    "It is in the note as it was told on that day, and both therapists heard it.",
    "I spoke of the week before, and want it to be read beside the note.",
)
SLIPS_PER = 60
FEWEST_SLIPS = 3


def befall(rng: Random, events: list[Event], now: datetime, zone: ZoneInfo) -> list[Event]:
    """Return ``events`` with one needle incident, one voided visit and a few amendments among them."""
    settled = now - timedelta(days=3)
    places = [
        place
        for place, event in enumerate(events)
        if isinstance(event, Visited) and event.signed and event.draft.insertions and event.at < settled
    ]
    if not places:
        return events
    changed = list(events)
    missed = rng.choice(places)
    changed[missed] = _missed(changed[missed])
    later = [place for place in places if _repeats(changed[place])]
    if later:
        changed += _twice(rng, changed[rng.choice(later)])
    slips = max(FEWEST_SLIPS, len(places) // SLIPS_PER)
    for nth, place in enumerate(rng.sample(places, min(slips, len(places)))):
        changed += _slip(rng, nth, changed[place], now, zone)
    return changed


def _missed(event: Event) -> Event:
    assert isinstance(event, Visited)
    needles = event.draft.needles
    short = replace(needles, withdrawn=(needles.inserted or 1) - 1, mismatch_reason=FOUND)
    return replace(event, draft=replace(event.draft, needles=short))


def _repeats(event: Event) -> bool:
    """Whether it is a later visit, which may be entered twice without asking everything again."""
    return isinstance(event, Visited) and event.draft.carried_from is not None


def _twice(rng: Random, event: Event) -> list[Event]:
    assert isinstance(event, Visited)
    again = Visited(event.at + timedelta(minutes=4), event.by, _copy(rng, event.draft))
    return [again, Voided(event.at + timedelta(minutes=9), event.by, again.draft.id, TWICE)]


def _copy(rng: Random, draft: SessionDraft) -> SessionDraft:
    """Return the same visit under new keys."""
    return replace(
        draft,
        id=key(rng),
        screening=tuple(replace(answer, id=key(rng)) for answer in draft.screening),
        consent=replace(draft.consent, id=key(rng)) if draft.consent else None,
        insertions=tuple(replace(site, id=key(rng)) for site in draft.insertions),
        inquiries=tuple(_copied(rng, inquiry) for inquiry in draft.inquiries),
        readings=tuple(replace(reading, id=key(rng)) for reading in draft.readings),
        referrals=tuple(replace(referral, id=key(rng)) for referral in draft.referrals),
    )


def _copied(rng: Random, inquiry: Inquiry) -> Inquiry:
    loose = tuple(replace(one, insertion=None, id=key(rng)) for one in inquiry.reactions)
    return replace(inquiry, reactions=loose, id=key(rng))


def _slip(rng: Random, nth: int, event: Event, now: datetime, zone: ZoneInfo) -> list[Event]:
    """Correct a depth, a pain score or the plan of a visit, some hours or days later."""
    assert isinstance(event, Visited)
    at = office_time(rng, event.at + timedelta(hours=rng.randrange(1, 60)), zone)
    if at > now:
        return []
    field, value, reason = _correction(nth, event.draft)
    told = Amended(at, event.by, event.draft.id, field, value, reason, WISH if nth == 0 else None)
    return [told, Disputed(at, event.by, event.draft.id, *DISPUTE)] if nth == 1 else [told]


def _correction(nth: int, draft: SessionDraft) -> tuple[str, str, str]:
    after = draft.reading("NPRS", "after")
    if nth % 3 == 0 and after is not None and after.value is not None:
        value = after.value - 1 if after.value > 0 else after.value + 1
        return "reading.nprs.after", str(value), "Misheard; the patient repeated the number."
    depth = draft.insertions[0].depth_mm
    if nth % 3 == 1 and depth is not None:
        return "insertion.1.depth_mm", str(depth - 2), "Depth read from the wrong row."
    return "plan", "Next visit in ten days, away next week.", "Appointment changed on leaving."
