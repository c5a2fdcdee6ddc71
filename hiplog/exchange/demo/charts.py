"""From bookings to demo patients: a person, a cause that fits the age, standing precautions, the hips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hiplog.clinical import screening
from hiplog.clinical.record import EpisodeDraft, PatientDraft, Precaution, Side
from hiplog.exchange.demo import cases, course, people
from hiplog.exchange.demo.cases import Case
from hiplog.exchange.demo.hip import Hip
from hiplog.exchange.demo.needling import Plan
from hiplog.exchange.demo.schedule import Booking, Span

STYLES = (("TRIGGER_POINT", 88), ("ELECTRICAL", 8), ("SUPERFICIAL", 4))
NO_CURRENT = frozenset({"PACEMKR", "EPILEPSY"})


@dataclass(frozen=True, slots=True)
class Chart:
    """One patient with the hips that are treated."""

    person: PatientDraft
    precautions: tuple[Precaution, ...]
    hips: tuple[Hip, ...]
    role: str


@dataclass(frozen=True, slots=True)
class _Risk:
    """A precaution and how often it stands: below 60 years, from 60 on."""

    item: str
    younger: float
    older: float
    note: str


RISKS = (
    _Risk("ANTICOAG", 0.01, 0.14, "Apixaban twice daily."),
    _Risk("OSTEOPOR", 0.005, 0.13, "Treated, no fracture so far."),
    _Risk("PACEMKR", 0.0, 0.04, "Pacemaker, checked yearly."),
    _Risk("IMMUNE", 0.015, 0.04, "Diabetes, varying sugar."),
    _Risk("METAL", 0.015, 0.01, "Nickel; coated needles only."),
    _Risk("CANCER", 0.005, 0.04, "In the past, discharged from follow-up."),
)


def every(seed: int, dealt: list[Case], booked: list[Booking], shown: Span) -> list[Chart]:
    """Return every patient, numbered in the order of their first visit."""
    by_patient: dict[int, list[Booking]] = {}
    for booking in booked:
        by_patient.setdefault(booking.patient, []).append(booking)
    ranked = sorted(by_patient.values(), key=lambda own: (own[0].visits[0].at, own[0].patient))
    width = max(3, len(str(len(ranked))))
    certain = _certain(dealt)
    found = []
    for rank, own in enumerate(ranked, 1):
        who = own[0].patient
        rng = Random(f"{seed}/patient/{who}")  # noqa: S311 - a story, not a secret
        found.append(_chart(rng, f"P{rank:0{width}d}", dealt[who], own, shown, certain.get(who)))
    return found


def _certain(dealt: list[Case]) -> dict[int, str]:
    """Give two of the patients with osteoarthritis a precaution, so that even a small clinic shows them."""
    older = [n for n, case in enumerate(dealt) if case.cause == "OA"]
    return dict(zip(older, ("ANTICOAG", "OSTEOPOR"), strict=False))


def _chart(rng: Random, code: str, case: Case, own: list[Booking], shown: Span, certain: str | None) -> Chart:
    first = own[0].visits[0].at.date()
    female = rng.random() < case.female
    age = min(max(rng.gauss(*case.age), people.YOUNGEST), people.OLDEST)
    birth = people.birth_date(rng, age, first, shown.now.date())
    person = replace(people.person(rng, "female" if female else "male", birth), code=code)
    if rng.random() < 0.5:
        person = replace(person, email=f"{code.lower()}@example.org")
    years = (first - birth).days // 365
    standing = _precautions(rng, case, years, first, certain)
    side: Side = rng.choice(("L", "R", "R"))
    hips = []
    for booking in own:
        hips.append(_hip(rng, person, booking, case, side, standing, years, shown))
        side = "L" if side == "R" else "R"
    return Chart(person, standing, tuple(hips), own[-1].role)


def _hip(
    rng: Random,
    person: PatientDraft,
    booking: Booking,
    case: Case,
    side: Side,
    standing: tuple[Precaution, ...],
    years: int,
    shown: Span,
) -> Hip:
    opened = booking.visits[0].at.date()
    style = rng.choices([code for code, _ in STYLES], [share for _, share in STYLES])[0]
    if any(one.item in NO_CURRENT for one in standing):
        style = "TRIGGER_POINT"
    draft = EpisodeDraft(
        side=side,
        cause=case.cause,
        symptoms=cases.draw(rng, case.symptoms, rng.choice((1, 2, 2, 3))),
        indication=rng.choice(case.indications),
        onset=opened - timedelta(days=int(rng.lognormvariate(4.4, 0.8)) + 5),
        style=style,
    )
    return Hip(
        code=person.code,
        number=booking.number,
        female=person.sex == "female",
        draft=draft,
        plan=Plan(case, side, style, frozenset(screening.barred((), standing))),
        course=course.begin(rng, case, years),
        precautions=standing,
        visits=booking.visits,
        finished=booking.finished,
        zone=shown.zone.key,
    )


def _precautions(
    rng: Random, case: Case, years: int, first: date, certain: str | None
) -> tuple[Precaution, ...]:
    found = []
    if case.cause == "POST_THA":
        cleared = rng.choice(people.SURGEONS)
        placed = first - timedelta(days=rng.randrange(800, 4000))
        found.append(Precaution("THA", "Same side; superficial muscles only.", cleared, placed))
    for risk in RISKS:
        chance = rng.random() < (risk.older if years >= 60 else risk.younger)
        if chance or risk.item == certain:
            since = first - timedelta(days=rng.randrange(200, 2500))
            found.append(Precaution(risk.item, risk.note, since=since))
    return tuple(found)
