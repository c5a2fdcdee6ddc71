"""What each cause looks like in the demo clinic: who has it, where it hurts, what is needled.

The shares, ages and courses are invented to look like an ordinary week; they are no epidemiology.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Weighted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One cause. ``share`` is of 100 patients; ``age`` mean and spread in years; ``female`` and
    ``responds`` are probabilities; ``motion`` is the measure of motion that is followed, ``stiff`` how
    much of its normal value is left at the start; ``score`` is taken off the function score."""

    cause: str
    share: int
    age: tuple[float, float]
    female: float
    responds: float
    motion: str
    stiff: float
    score: int
    muscles: Weighted
    indications: tuple[str | None, ...]
    symptoms: Weighted


CASES: tuple[Case, ...] = (
    Case(
        "OVERUSE", 22, (35, 10), 0.58, 0.68, "ABD", 0.78, 0,
        (("GMED", 9), ("GMIN", 6), ("TFL", 6), ("VL", 4), ("GMAX", 4), ("RF", 2)),
        ("TROCH_BURSITIS", "GLUTEAL_TEND", "ITB", None),
        (("PAIN_ACHING", 7), ("PAIN_SHARP", 4), ("TENSION", 5), ("REFERRED_LEG", 2)),
    ),
    Case(
        "OA", 18, (67, 9), 0.58, 0.52, "IR", 0.5, 10,
        (("GMED", 8), ("GMAX", 5), ("RF", 5), ("TFL", 5), ("ADDL", 4), ("GMIN", 3), ("PSOA", 1)),
        ("OA_PRIMARY", "OA_PRIMARY", None),
        (("LIMITED_MOBILITY", 8), ("PAIN_ACHING", 7), ("REFERRED_GROIN", 6), ("PAIN_THROBBING", 2)),
    ),
    Case(
        "IMBALANCE", 16, (38, 12), 0.6, 0.64, "EXT", 0.62, 0,
        (("GMED", 8), ("TFL", 6), ("RF", 5), ("GMAX", 5), ("ADDL", 3), ("MULT", 2)),
        ("WEAKNESS", "MYALGIA", None),
        (("TENSION", 8), ("PAIN_ACHING", 6), ("LIMITED_MOBILITY", 3)),
    ),
    Case(
        "SCIATICA_PIRIF", 15, (49, 12), 0.54, 0.6, "IR", 0.62, 4,
        (("PIRI", 9), ("GMAX", 7), ("GMED", 5), ("GMIN", 5), ("BF", 3), ("QFEM", 1)),
        ("PIRIFORMIS", "SCIATICA", "LUMBAGO_SCIATICA", None),
        (("REFERRED_LEG", 9), ("PAIN_SHARP", 5), ("PAIN_THROBBING", 4), ("TENSION", 3)),
    ),
    Case(
        "POSTURE", 11, (43, 11), 0.55, 0.62, "EXT", 0.66, 0,
        (("QL", 4), ("GMED", 7), ("TFL", 5), ("RF", 4), ("MULT", 4), ("GMAX", 4)),
        ("POSTURE", "SPASM", None),
        (("TENSION", 9), ("PAIN_ACHING", 6), ("LIMITED_MOBILITY", 2)),
    ),
    Case(
        "TRAUMA", 9, (36, 14), 0.42, 0.7, "FLEX", 0.76, 4,
        (("BF", 5), ("ST", 4), ("ADDL", 5), ("GMED", 5), ("VL", 4), ("GRAC", 2)),
        ("HAMSTRING_STRAIN", "ADDUCTOR_STRAIN", "CONTUSION", "HIP_STRAIN"),
        (("PAIN_SHARP", 8), ("TENSION", 4), ("LIMITED_MOBILITY", 4), ("REFERRED_GROIN", 2)),
    ),
    Case(
        "OTHER", 4, (51, 15), 0.55, 0.5, "FLEX", 0.76, 4,
        (("GMED", 6), ("GMAX", 5), ("RF", 4), ("TFL", 4), ("ADDM", 2)),
        (None, "STIFFNESS", "FAI"),
        (("PAIN_ACHING", 6), ("LIMITED_MOBILITY", 5), ("TENSION", 4)),
    ),
    Case(
        "POST_THA", 5, (70, 8), 0.55, 0.56, "ABD", 0.6, 10,
        (("GMED", 7), ("GMAX", 6), ("TFL", 6), ("VL", 5)),
        (None,),
        (("LIMITED_MOBILITY", 7), ("TENSION", 6), ("PAIN_ACHING", 5)),
    ),
)  # fmt: skip
"""Last stands the rarest that a small clinic still shows."""

FIRST_NOTES: dict[str, str] = {
    "OVERUSE": "Runs four times a week; began after longer runs.",
    "OA": "Morning stiffness of about 20 minutes, stairs are worst.",
    "IMBALANCE": "Weak abduction on this side, sits most of the day.",
    "SCIATICA_PIRIF": "Sitting longer than half an hour brings it on.",
    "POSTURE": "Desk work; carries a bag on the same side.",
    "TRAUMA": "Since a sprint at football; bearing weight is possible.",
    "OTHER": "Imaging unremarkable.",
    "POST_THA": "Replacement on this side more than two years ago, scar quiet.",
}
"""A first note by cause."""


def deck(rng: Random, patients: int) -> list[Case]:
    """Return one case a patient, in the shares of the table and in random order."""
    whole = sum(case.share for case in CASES)
    dealt = [_at((n + 0.5) / patients * whole) for n in range(patients)]
    rng.shuffle(dealt)
    return dealt


def draw(rng: Random, choices: Weighted, count: int) -> tuple[str, ...]:
    """Return ``count`` different choices, the heavier ones sooner; all of them when there are fewer."""
    left = dict(choices)
    taken: list[str] = []
    while left and len(taken) < count:
        taken.append(rng.choices(list(left), list(left.values()))[0])
        del left[taken[-1]]
    return tuple(taken)


def _at(place: float) -> Case:
    for case in CASES:
        place -= case.share
        if place < 0:
            return case
    return CASES[-1]
