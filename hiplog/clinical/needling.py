"""Needles, techniques and the local twitch response; the Insertion: one row a needle site.

A twitch is a recorded response, never a mark of quality: see :data:`TWITCH_EVIDENCE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal
from uuid import uuid4

from hiplog.clinical.muscles import MUSCLES, Muscle, free_place
from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

Twitch = Literal["none", "elicited", "not_seen", "not_sought"]
TWITCHES: tuple[Twitch, ...] = ("none", "elicited", "not_seen", "not_sought")
TWITCH_WORDS: dict[str, str] = {
    "none": _("sought, none"),
    "elicited": _("twitch elicited"),
    "not_seen": _("sought, could not be seen"),
    "not_sought": _("not sought"),
}
TWITCH_EVIDENCE = (
    "With a twitch, pain straight afterwards was lower (mean difference -2.03, 95 % CI -3.77 to -0.29) but "
    "not in the short term (-0.20, -1.46 to 1.06), nor disability or pressure threshold; 6 trials on the "
    "spine (doi 10.1177/09645284211056346). Whether it is needed is questioned (Perreault 2017)."
)

Origin = Literal["typed", "confirmed", "copied"]
ORIGINS: tuple[Origin, ...] = ("typed", "confirmed", "copied")

TARGETS = ("muscle", "scar", "tendon")

DIAMETERS_MM: tuple[Decimal, ...] = tuple(
    Decimal(hundredths).scaleb(-2) for hundredths in (12, 14, 16, 18, 20, 22, 25, 30, 35, 40)
)
LENGTHS_MM: tuple[int, ...] = (13, 15, 25, 30, 40, 50, 60, 75, 90, 100, 125)
HIP_LENGTHS_MM = (30, 100)
DEFAULT_DIAMETER_MM = Decimal("0.30")
JAPANESE_NUMBERS: dict[Decimal, int] = {
    Decimal("0.16"): 1,
    Decimal("0.18"): 2,
    Decimal("0.20"): 3,
    Decimal("0.25"): 5,
    Decimal("0.30"): 8,
}
RETENTION_MIN: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 10, 15, 20, 30)

# hiplog's own bounds: wide enough for any needle or stimulator sold, narrow enough to catch a slip.
_DIAMETER_BOUNDS = (Decimal("0.10"), Decimal("0.50"))
_LENGTH_BOUNDS = (10, 150)
_RETENTION_BOUNDS = (0, 60)
_COUNT_BOUNDS = (1, 99)
_HZ_BOUNDS = (Decimal("0.5"), Decimal(200))
_MA_BOUNDS = (Decimal("0.1"), Decimal(50))


@dataclass(frozen=True, slots=True)
class Technique:
    """How the needle is used: ``code`` stored, ``name`` shown, ``note`` what it means."""

    code: str
    name: str
    note: str
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


TECHNIQUES: Catalogue[Technique] = Catalogue(
    (
        Technique(
            "FIFO", _("fast in, fast out"), "Quick passes through one skin entry (Hong 1994).", ("pistoning",)
        ),
        Technique("SLOW", _("slow in and out"), "Slow passes through one skin entry."),
        Technique("STATIC", _("static"), "Left in place without movement.", ("in situ",)),
        Technique(
            "WIND", _("winding"), "Rotated to wind up tissue; also used on scars.", ("rotation", "twirl")
        ),
        Technique(
            "SDN", _("superficial"), "Over the point, 5–10 mm deep (Baldry).", ("baldry", "superficial dn")
        ),
        Technique("THREAD", _("threading"), "Glided beneath the skin.", ("subcutaneous", "glide")),
        Technique(
            "PERI", _("periosteal"), "The tip pecks at the bone's surface.", ("periosteal pecking", "bone")
        ),
        Technique(
            "EDN",
            _("electrical"),
            "Current through the needles; covers percutaneous electrical nerve stimulation (PENS). "
            "Never with a pacemaker. One protocol: 2 Hz for 20–25 min, up to a gentle visible twitch or "
            "tolerance (Trials 2018, doi 10.1186/s13063-018-3044-2).",
            ("pens", "e-stim", "estim", "electro", "electrical dn"),
        ),
        Technique(
            "USG", _("ultrasound guided"), "The needle's path is watched by ultrasound.", ("ultrasound", "us")
        ),
    )
)

STYLES: Catalogue[Technique] = Catalogue(
    (
        Technique(
            "TRIGGER_POINT",
            _("trigger point dry needling"),
            "Deep needling of trigger points.",
            ("tp", "tpdn"),
        ),
        Technique("ELECTRICAL", _("electrical dry needling"), "Needling with current throughout.", ("edn",)),
        Technique("SUPERFICIAL", _("superficial dry needling"), "Needling above the muscle.", ("sdn",)),
        Technique("SCAR", _("scar needling"), "Needling of a scar."),
    )
)


@dataclass(frozen=True, slots=True)
class Dose:
    """A course of needling as one hip study gave it: sessions and weeks, fewest and most."""

    sessions: tuple[int, int]
    weeks: tuple[int, int] | None
    what: str
    source: str


DOSES_SEEN: tuple[Dose, ...] = (
    Dose((3, 3), (3, 3), "3 active points each in iliopsoas, RF, TFL, GMIN", "NCT03202056"),
    Dose((3, 3), (3, 3), "piriformis, ultrasound guided, weekly", "PMID 37731410"),
    Dose((3, 3), None, "piriformis", "Muscle Nerve 2019, PMID 31415092"),
    Dose((12, 12), (6, 6), "greater trochanteric pain", "AMRJ article 308"),
    Dose((4, 8), (4, 8), "lateral hip and thigh, 60 min", "Pavkovich 2015"),
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """One needle site of a session. ``None`` means not recorded, never "none".

    ``diameter_mm``, ``length_mm`` and ``depth_mm`` are millimetres, ``retention_min`` minutes (0 is
    in and out), ``hz`` and ``ma`` the electrical settings. ``insertions`` counts skin insertions at
    this site; needles are counted apart. ``origin`` is ``"copied"`` until a key confirms the row.
    """

    muscle: str
    side: Literal["L", "R"]
    zone: str | None = None
    target: str = "muscle"
    diameter_mm: Decimal | None = None
    length_mm: int | None = None
    depth_mm: int | None = None
    insertions: int = 1
    technique: str | None = None
    passes: int | None = None
    hz: Decimal | None = None
    ma: Decimal | None = None
    retention_min: int | None = None
    twitch: Twitch | None = None
    twitch_count: int | None = None
    familiar_pain: bool | None = None
    inserted_by: str | None = None
    removed_by: str | None = None
    origin: Origin = "typed"
    id: str = field(default_factory=lambda: str(uuid4()))


def planned(rows: Iterable[Insertion]) -> tuple[Insertion, ...]:
    """Return the plan in ``rows``, under fresh keys: where and how, never what was found or who did it."""
    return tuple(
        replace(
            row,
            id=str(uuid4()),
            origin="copied",
            insertions=1,
            twitch=None,
            twitch_count=None,
            familiar_pain=None,
            inserted_by=None,
            removed_by=None,
        )
        for row in rows
    )


def problems(insertion: Insertion) -> tuple[str, ...]:
    """Return a sentence for everything wrong with ``insertion``; empty when it may stand.

    A needle size that no maker lists is no error, one beyond any needle is: diameter 0.10–0.50 mm,
    length 10–150 mm. Retention 0–60 min, insertions, passes and twitches 1–99, 0.5–200 Hz, 0.1–50 mA:
    all hiplog's own bounds against slips of the hand. What was not recorded is not judged.
    """
    return (
        *_site_problems(insertion),
        *_needle_problems(insertion),
        *_technique_problems(insertion),
        *_twitch_problems(insertion),
    )


def _site_problems(insertion: Insertion) -> Iterator[str]:
    muscle = MUSCLES.get(insertion.muscle)
    if muscle is None:
        yield _("There is no muscle {muscle}.").format(muscle=insertion.muscle)
    elif insertion.zone is not None:
        yield from _zone_problems(muscle, insertion.zone)
    if insertion.side not in ("L", "R"):
        yield _("Side {side} is neither L nor R; both sides are two rows.").format(side=insertion.side)
    if insertion.target not in TARGETS:
        yield _("Target {target} is not one of {targets}.").format(
            target=insertion.target, targets=", ".join(TARGETS)
        )


def _zone_problems(muscle: Muscle, zone: str) -> Iterator[str]:
    if muscle.zone(zone) is not None or free_place(zone) is not None:
        return
    known = ", ".join(z.code for z in muscle.zones)
    sentence = (
        _("{muscle} has no zone {zone}; it has {known} (or a place on the map, as @0.50,0.30).")
        if known
        else _("{muscle} has no zone {zone}; it is not divided (or a place on the map, as @0.50,0.30).")
    )
    yield sentence.format(muscle=muscle.name, zone=zone, known=known)


def _needle_problems(insertion: Insertion) -> Iterator[str]:
    yield from _outside(_("Needle diameter"), insertion.diameter_mm, _DIAMETER_BOUNDS, " mm")
    yield from _outside(_("Needle length"), insertion.length_mm, _LENGTH_BOUNDS, " mm")
    yield from _outside(_("Skin insertions"), insertion.insertions, _COUNT_BOUNDS)
    depth, length = insertion.depth_mm, insertion.length_mm
    if depth is not None and depth <= 0:
        yield _("Depth {depth} mm is not a depth; it starts at 1 mm.").format(depth=depth)
    elif depth is not None and length is not None and depth > length:
        yield _("Depth {depth} mm is more than the needle's length of {length} mm.").format(
            depth=depth, length=length
        )


def _technique_problems(insertion: Insertion) -> Iterator[str]:
    known = TECHNIQUES.get(insertion.technique)
    if insertion.technique is not None and known is None:
        yield _("There is no technique {technique}; known: {codes}.").format(
            technique=insertion.technique, codes=", ".join(TECHNIQUES.codes)
        )
    current = insertion.hz is not None or insertion.ma is not None
    if current and (known is None or known.code != "EDN"):
        yield _("Hz or mA is recorded, but the technique is not EDN (electrical).")
    yield from _outside(_("Frequency"), insertion.hz, _HZ_BOUNDS, " Hz")
    yield from _outside(_("Current"), insertion.ma, _MA_BOUNDS, " mA")
    yield from _outside(_("Passes"), insertion.passes, _COUNT_BOUNDS)
    yield from _outside(_("Retention"), insertion.retention_min, _RETENTION_BOUNDS, " min")


def _twitch_problems(insertion: Insertion) -> Iterator[str]:
    if insertion.twitch is not None and insertion.twitch not in TWITCHES:
        yield _("Twitch {twitch} is not one of {twitches}.").format(
            twitch=insertion.twitch, twitches=", ".join(TWITCHES)
        )
    if insertion.twitch_count is not None and insertion.twitch != "elicited":
        yield _("Twitches are counted, but the twitch is not recorded as elicited.")
    yield from _outside(_("Twitch count"), insertion.twitch_count, _COUNT_BOUNDS)


def _outside(
    what: str,
    value: Decimal | int | None,
    bounds: tuple[Decimal | int, Decimal | int],
    unit: str = "",
) -> Iterator[str]:
    if value is None:
        return
    low, high = bounds
    number = Decimal(value)
    if not number.is_finite() or not low <= number <= high:
        yield _("{what} {value}{unit} lies outside {low} to {high}{unit}.").format(
            what=what, value=value, unit=unit, low=low, high=high
        )
