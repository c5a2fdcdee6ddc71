"""Invented clinics, the same from a seed on any machine: plain dictionaries that know nothing of hiplog.

The tests turn them into facts; :mod:`frozen_make` works the expected figures out of them by other means.
"""

from __future__ import annotations

from random import Random
from typing import Any

SEED = 20261123
COHORTS = 60
CAUSES = ("IMBALANCE", "OVERUSE", "OA", "TRAUMA", "POST_THA")
THERAPISTS = ("DN001", "DN002", "DN003")
STATES = ("none", "yes", "refused", "not_asked")


def below(random: Random, top: int) -> int:
    """A whole number from 0 to ``top`` - 1 from one draw: the same in every version of Python."""
    return int(random.random() * top)


def clinic(number: int) -> list[dict[str, Any]]:
    """Hips of the clinic with this number; the first few are the edges: nobody, one, all missing, all 0."""
    random = Random(SEED + number)
    hips = 0 if number == 0 else 1 if number == 1 else 4 + below(random, 56)
    made = [_hip(random, at) for at in range(hips)]
    for hip in made:
        for visit in hip["visits"]:
            if number == 2:
                visit.update(before=None, after=None, later=None)
            if number == 3:
                visit.update(before=0)
    return made


def _hip(random: Random, at: int) -> dict[str, Any]:
    level = 1 + below(random, 10)
    day = below(random, 900)
    visits = []
    for _ in range(1 + below(random, 7)):
        visits.append(_visit(random, day, level))
        day += 3 + below(random, 20)
        level = max(0, min(10, level - below(random, 4) + 1))
    if below(random, 12) == 0:
        visits[0]["before"] = 0
    return {
        "patient": f"P{at // 2 if below(random, 6) == 0 else at}",
        "side": "LR"[below(random, 2)],
        "cause": CAUSES[below(random, len(CAUSES))],
        "therapist": THERAPISTS[below(random, 10) % 3],
        "visits": visits,
    }


def _visit(random: Random, day: int, level: int) -> dict[str, Any]:
    told = STATES[(0, 0, 1, 1, 2, 3)[below(random, 6)]]
    return {
        "day": day,
        "before": None if below(random, 9) == 0 else level,
        "after": None if below(random, 3) == 0 else max(0, level - below(random, 4)),
        "later": None if below(random, 4) else max(0, min(10, level - below(random, 3))),
        "insertions": 1 + below(random, 12),
        "therapist_said": STATES[(0, 0, 1, 3)[below(random, 4)]],
        "patient_said": told,
        "soreness": below(random, 11) if told == "yes" and below(random, 3) else None,
    }
