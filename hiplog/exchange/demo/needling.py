"""The needle sites of one demo visit: muscles of the cause, needles that fit them, technique and twitch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from hiplog.clinical.muscles import MUSCLES, Muscle
from hiplog.clinical.needling import LENGTHS_MM, Insertion, Twitch
from hiplog.clinical.record import NeedleCount, Side
from hiplog.exchange.demo.cases import Case, draw
from hiplog.exchange.demo.ids import key

FIRST_SITES, LATER_SITES = (2, 3), (3, 4, 4, 5, 6)
STYLE_TECHNIQUES: dict[str, tuple[tuple[str, int], ...]] = {
    "TRIGGER_POINT": (("FIFO", 66), ("SLOW", 10), ("STATIC", 16), ("WIND", 8)),
    "ELECTRICAL": (("EDN", 70), ("STATIC", 20), ("FIFO", 10)),
    "SUPERFICIAL": (("SDN", 80), ("STATIC", 20)),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an episode allows: its cause and side, the style, and the muscles a precaution bars."""

    case: Case
    side: Side
    style: str
    barred: frozenset[str]


def sites(rng: Random, plan: Plan, last: tuple[Insertion, ...]) -> tuple[Insertion, ...]:
    """Return the sites of a visit: often those of the last one confirmed, else chosen anew."""
    if last and rng.random() < 0.55:
        kept = last if rng.random() < 0.6 else (*last[:-1], *fresh(rng, plan, 1, last))
        return tuple(
            _response(rng, replace(site, id=key(rng), origin="confirmed" if site in last else "typed"))
            for site in kept
        )
    return fresh(rng, plan, rng.choice(LATER_SITES if last else FIRST_SITES))


def fresh(rng: Random, plan: Plan, count: int, beside: tuple[Insertion, ...] = ()) -> tuple[Insertion, ...]:
    """Return ``count`` new sites, none of a muscle that stands in ``beside``."""
    avoid = plan.barred | {site.muscle for site in beside}
    allowed = tuple((code, weight) for code, weight in plan.case.muscles if code not in avoid)
    chosen = list(draw(rng, allowed, min(count, 4)))
    while chosen and len(chosen) < count:
        chosen.append(chosen[len(chosen) % 2])
    return tuple(_response(rng, _needle(rng, plan, MUSCLES[code], n)) for n, code in enumerate(chosen))


def count(rng: Random, placed: tuple[Insertion, ...]) -> NeedleCount:
    """Count the needles: one a site, in and out, now and then one opened and not used."""
    opened = len(placed) + (rng.random() < 0.08)
    return NeedleCount(opened=opened, inserted=len(placed), withdrawn=len(placed), to_sharps=opened)


def _needle(rng: Random, plan: Plan, muscle: Muscle, nth: int) -> Insertion:
    techniques = STYLE_TECHNIQUES[plan.style]
    technique = rng.choices([code for code, _ in techniques], [share for _, share in techniques])[0]
    shortest, longest = muscle.length_mm
    superficial = technique == "SDN"
    length = 30 if superficial else rng.choice([mm for mm in LENGTHS_MM if shortest <= mm <= longest])
    depth = rng.randrange(5, 11) if superficial else round(length * rng.uniform(0.5, 0.85))
    zones = [zone.code for zone in muscle.zones if zone.code != "intra"]
    site = Insertion(
        muscle=muscle.code,
        side=plan.side,
        zone=zones[nth % len(zones)] if zones and rng.random() < 0.85 else None,
        diameter_mm=Decimal("0.25") if longest <= 50 or superficial else Decimal("0.30"),
        length_mm=length,
        depth_mm=depth,
        technique=technique,
        id=key(rng),
    )
    return _dose(rng, site)


def _dose(rng: Random, site: Insertion) -> Insertion:
    if site.technique == "EDN":
        current = Decimal(rng.randrange(10, 35)) / 10
        return replace(
            site, hz=Decimal(rng.choice((2, 2, 4))), ma=current, retention_min=rng.choice((15, 20))
        )
    if site.technique in ("STATIC", "WIND", "SDN"):
        return replace(site, retention_min=rng.choice((3, 5, 10)))
    return replace(site, retention_min=0, passes=rng.randrange(5, 13))


def _response(rng: Random, site: Insertion) -> Insertion:
    """Give a site what it brought today: insertions, twitch, whether it was the familiar pain."""
    moved = site.technique in ("FIFO", "SLOW")
    twitch: Twitch = "not_sought"
    if moved:
        twitch = rng.choices(("elicited", "none", "not_seen"), (68, 22, 10))[0]
    return replace(
        site,
        insertions=rng.choices((1, 2, 3), (60, 30, 10))[0] if moved else 1,
        twitch=twitch,
        twitch_count=rng.choices((1, 2, 3, 4, 6), (30, 30, 20, 14, 6))[0] if twitch == "elicited" else None,
        familiar_pain=rng.random() < 0.6 if rng.random() < 0.85 else None,
    )
