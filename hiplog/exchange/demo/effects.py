"""Unwanted effects in the demo clinic: seldom when the therapist reports, often when the patient is asked.

Therapists report at the rates of Brady 2014 (7,629 treatments), as the vocabulary holds them. Patients
asked directly told of soreness in 55 to 91 % (J Clin Med 2020;9:3300); the demo stays at the lower end.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hiplog.clinical.needling import Insertion
from hiplog.clinical.reactions import REACTIONS
from hiplog.clinical.record import AnswerState, Inquiry, InquiryStage, Reaction
from hiplog.exchange.demo.ids import key

SORE = 0.56
"""Share of patients who report soreness when asked, before sites and sex are looked at."""

PATIENTS_TELL: tuple[tuple[str, float], ...] = (
    ("BRUISE", 0.15),
    ("FATIGUE", 0.05),
    ("AGGRAV", 0.03),
    ("HEADACHE", 0.01),
    ("DROWSY", 0.02),
)
"""Other effects that patients report at a follow-up; invented rates, above what therapists report."""

ACTIONS = {"BLEED": "pressure", "BRUISE": "pressure", "FAINT": "lay_down", "PAIN_DUR": "none"}


def seen(rng: Random, placed: tuple[Insertion, ...]) -> Inquiry:
    """What the therapist saw or heard before the patient left."""
    how = rng.choices(("checklist", "open", "not_asked"), (80, 15, 5))[0]
    found: list[Reaction] = []
    for kind in REACTIONS:
        rate = float(kind.rate.percent) / 100 if kind.rate else 0.0
        if how != "not_asked" and rng.random() < rate:
            found.append(_seen(rng, kind.code, placed))
    return _inquiry(rng, "session", how, "therapist", found)


def told(rng: Random, stage: InquiryStage, placed: tuple[Insertion, ...], *, female: bool) -> Inquiry:
    """What the patient answers when asked about the days after needling."""
    found: list[Reaction] = []
    if rng.random() < SORE + 0.02 * (len(placed) - 4) + (0.05 if female else 0):
        found.append(_soreness(rng, len(placed)))
    for code, share in PATIENTS_TELL:
        if rng.random() < share:
            found.append(_told(rng, code, placed))
    how = "checklist" if rng.random() < 0.85 else "open"
    return _inquiry(rng, stage, how, "patient", found)


def _inquiry(rng: Random, stage: InquiryStage, how: str, reporter: str, found: list[Reaction]) -> Inquiry:
    state: AnswerState = "yes" if found else "none"
    if how == "not_asked":
        state = "not_asked"
    return Inquiry(stage, how, reporter, state, tuple(found), id=key(rng))


def _seen(rng: Random, code: str, placed: tuple[Insertion, ...]) -> Reaction:
    at_a_site = code in ("BRUISE", "BLEED", "PAIN_DUR") and rng.random() < 0.7
    return Reaction(
        kind=code,
        severity="mild",
        insertion=rng.choice(placed).id if at_a_site else None,
        onset_h=Decimal(0),
        size_mm=rng.randrange(8, 35) if code == "BRUISE" else None,
        action=ACTIONS.get(code, "advice"),
        relatedness="certain" if at_a_site else "probable",
        outcome="resolving" if code in ("BRUISE", "PAIN_AFT", "AGGRAV") else "resolved",
        id=key(rng),
    )


def _soreness(rng: Random, sites: int) -> Reaction:
    worst = min(max(round(rng.gauss(2.4 + 0.15 * sites, 1.1)), 1), 8)
    return Reaction(
        kind="PAIN_AFT",
        severity="significant" if worst >= 7 else "mild",
        onset_h=Decimal(rng.choice((1, 2, 3, 4, 6, 8))),
        duration_h=Decimal(rng.choices((6, 12, 24, 36, 48, 60), (10, 18, 34, 22, 12, 4))[0]),
        soreness=worst,
        action="none",
        relatedness="probable",
        outcome=rng.choices(("resolved", "resolving"), (70, 30))[0],
        id=key(rng),
    )


def _told(rng: Random, code: str, placed: tuple[Insertion, ...]) -> Reaction:
    bruise = code == "BRUISE"
    return Reaction(
        kind=code,
        severity="mild",
        insertion=rng.choice(placed).id if bruise and rng.random() < 0.5 else None,
        onset_h=Decimal(rng.choice((2, 6, 12, 24))) if bruise else Decimal(rng.choice((1, 2, 4))),
        duration_h=None if bruise else Decimal(rng.choice((4, 8, 12, 24))),
        size_mm=rng.randrange(10, 60) if bruise else None,
        action="advice" if code == "AGGRAV" else "none",
        relatedness="probable" if bruise else "possible",
        outcome="resolving" if bruise else "resolved",
        id=key(rng),
    )
