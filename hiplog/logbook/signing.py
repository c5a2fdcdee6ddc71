"""What stands between a draft and its signature: every reason at once, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select

from hiplog.clinical import measures, needling, screening
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.record import NeedleCount, Precaution, Reading, SessionDraft
from hiplog.clinical.screening import Finding
from hiplog.language import _, counted
from hiplog.logbook import patients, precautions
from hiplog.storage.tables import sessions
from hiplog.storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Known:
    """What the record says about a patient that screening respects, read once for several questions."""

    birth: date | None
    standing: tuple[Precaution, ...]


def known(unit: Unit, patient_id: str) -> Known:
    """Return what screening respects of this patient."""
    return Known(patients.by_id(unit, patient_id).birth, precautions.of(unit, patient_id))


def findings(unit: Unit, draft: SessionDraft) -> tuple[Finding, ...]:
    """Return every screening finding for this session: today's answers and standing precautions."""
    return judged(draft, known(unit, draft.patient))


def judged(draft: SessionDraft, about: Known) -> tuple[Finding, ...]:
    """Return the findings of :func:`findings` where the patient's side of them is at hand."""
    return screening.screen(
        draft.screening,
        about.standing,
        [site.muscle for site in draft.insertions],
        techniques=[site.technique for site in draft.insertions if site.technique],
        age=patients.age(about.birth, draft.occurred_at.date()),
    )


_OTHERS = select(func.count()).where(
    sessions.c.patient_id == bindparam("whose"),
    sessions.c.status == "signed",
    sessions.c.id != bindparam("own"),
)


def first_visit(unit: Unit, draft: SessionDraft) -> bool:
    """Whether the patient has no signed session other than this one."""
    row = unit.one(_OTHERS, whose=draft.patient, own=draft.id)
    return row is None or row[0] == 0


def objections(unit: Unit, draft: SessionDraft, about: Known | None = None) -> tuple[str, ...]:
    """Return every reason why ``draft`` cannot be signed yet; empty when it can."""
    return (
        *_screening(unit, draft, about or known(unit, draft.patient)),
        *_consent(draft),
        *_sites(draft),
        *_needles(draft.needles, draft),
        *_readings(draft),
    )


def _screening(unit: Unit, draft: SessionDraft, about: Known) -> Iterator[str]:
    left = screening.unanswered(draft.screening, about.standing, first_visit(unit, draft))
    if left:
        shown = ", ".join(left[:4])
        if len(left) > 4:
            shown = _("{shown} and {count} more").format(shown=shown, count=len(left) - 4)
        yield counted(
            len(left),
            "screening: {count} question not answered ({shown})",
            "screening: {count} questions not answered ({shown})",
            shown=shown,
        )
    if draft.insertions:
        for finding in screening.blocks(judged(draft, about)):
            yield _("screening: {reason}").format(reason=finding.reason)


def _consent(draft: SessionDraft) -> Iterator[str]:
    if draft.consent is None:
        yield _("consent: not asked")
    elif draft.insertions and not draft.consent.given:
        yield _("consent: refused, yet needle sites are recorded")


def _sites(draft: SessionDraft) -> Iterator[str]:
    if not draft.insertions and draft.note is None:
        yield _("needling: no site is recorded; write in the note why nothing was needled")
    copied = [n for n, site in enumerate(draft.insertions, 1) if site.origin == "copied"]
    if copied:
        yield _("needling: copied rows are not confirmed (row {rows})").format(
            rows=", ".join(map(str, copied))
        )
    for number, site in enumerate(draft.insertions, 1):
        name = MUSCLES[site.muscle].name if site.muscle in MUSCLES else site.muscle
        for problem in needling.problems(site):
            yield _("needling: row {number} ({name}): {problem}").format(
                number=number, name=name, problem=problem
            )


def _needles(needles: NeedleCount, draft: SessionDraft) -> Iterator[str]:
    if not draft.insertions:
        return
    if needles.inserted is None or needles.withdrawn is None:
        yield _("needles: in and out are not both counted")
    elif not needles.matches and needles.mismatch_reason is None:
        yield _mismatch(needles)
    holes = sum(site.insertions for site in draft.insertions)
    if needles.inserted is not None and needles.inserted > holes:
        yield _("needles: {inserted} in, but only {holes} insertions are recorded").format(
            inserted=needles.inserted, holes=holes
        )


def _mismatch(needles: NeedleCount) -> str:
    sentence = (
        _("needles: {inserted} in, {withdrawn} out; find the missing one or record an incident")
        if needles.opened is None or needles.to_sharps is None
        else _(
            "needles: {inserted} in, {withdrawn} out, {opened} opened, {to_sharps} to sharps; "
            "find the missing one or record an incident"
        )
    )
    return sentence.format(
        inserted=needles.inserted,
        withdrawn=needles.withdrawn,
        opened=needles.opened,
        to_sharps=needles.to_sharps,
    )


def _readings(draft: SessionDraft) -> Iterator[str]:
    before = [r for r in draft.readings if r.stage == "before" and _is_pain(r.measure)]
    if not before:
        yield _("pain: no score before needling")
    for reading in draft.readings:
        problem = _reading_problem(reading)
        if problem:
            yield _("reading: {problem}").format(problem=problem)


def _is_pain(code: str) -> bool:
    known = MEASURES.get(code)
    return known is not None and known.kind == "pain"


def _reading_problem(reading: Reading) -> str | None:
    known = MEASURES.get(reading.measure)
    if known is not None and known.needs_side and reading.side is None:
        return _("{code} is taken of one side; say l or r").format(code=known.code)
    if reading.value is None:
        return None
    return measures.check(reading.measure, reading.value, reading.mode)
