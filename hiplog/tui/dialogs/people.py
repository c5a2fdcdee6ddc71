"""Forms about the person: add or change a patient, open an episode, note a precaution."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date

from hiplog.clinical.causes import CAUSES, SYMPTOMS
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import Episode, EpisodeDraft, Patient, PatientDraft, Precaution
from hiplog.logbook import dates
from hiplog.settings import DateOrder
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.form import Field, Form, Values


def patient_form(
    today: date,
    order: DateOrder,
    keep: Callable[[PatientDraft], Awaitable[Patient]],
    patient: Patient | None = None,
) -> Form[PatientDraft, Patient]:
    """Ask who the patient is; ``patient`` is the one to change."""
    known = patient or PatientDraft("", "", "")

    def build(values: Values) -> PatientDraft:
        born = reads.birth(values["birth"], today, order) if values["birth"] else None
        told = reads.sex(values["sex"]) if values["sex"] else "unknown"
        names = {name: values[name] for name in ("code", "family", "given")}
        return replace(known, birth=born, sex=told, **names)

    def say_birth(text: str) -> str:
        return reads.birth_words(text, today, order)

    fields = (
        Field("code", "chart code", "P104", known.code, reads.code_words, needed=True),
        Field("family", "family name", "", known.family, needed=True),
        Field("given", "given name", "", known.given, needed=True),
        Field("birth", "birth date", "1956-03-02", str(known.birth or ""), say_birth),
        Field("sex", "sex", "f, m, o or u", known.sex if patient else "", lambda text: str(reads.sex(text))),
    )
    title = f"Patient {patient.code}" if patient else "Add a patient"
    return Form(title, fields, build, keep)


def episode_form(
    today: date, order: DateOrder, keep: Callable[[EpisodeDraft], Awaitable[Episode]]
) -> Form[EpisodeDraft, Episode]:
    """Ask which hip and why: an episode is one hip with its cause."""

    def build(values: Values) -> EpisodeDraft:
        begun = dates.past_day(values["onset"], today, order, what="onset") if values["onset"] else None
        symptoms = tuple(row.code for row in reads.several(SYMPTOMS, values["symptoms"]))
        cause = reads.one_of(CAUSES, values["cause"]).code
        return EpisodeDraft(reads.side(values["side"]), cause, symptoms, onset=begun)

    def say_onset(text: str) -> str:
        return dates.words(dates.past_day(text, today, order, what="onset"))

    causes = "overuse, trauma, oa …"
    fields = (
        Field("side", "side", "l or r", "", reads.side_words, needed=True),
        Field(
            "cause", "cause", causes, "", lambda text: reads.named(reads.one_of(CAUSES, text)), needed=True
        ),
        Field("symptoms", "symptoms", "pain, stiffness", "", reads.words_of(SYMPTOMS)),
        Field("onset", "began on", "2026-09-01", "", say_onset),
    )
    known = ", ".join(row.name for row in CAUSES.active())
    return Form("New episode", fields, build, keep, intro=f"One hip and its cause: {known}.")


def precaution_form(
    today: date, order: DateOrder, keep: Callable[[Precaution], Awaitable[Precaution]]
) -> Form[Precaution, Precaution]:
    """Ask for a standing precaution that every later screening respects."""

    def build(values: Values) -> Precaution:
        since = dates.past_day(values["since"], today, order, what="since") if values["since"] else None
        item = reads.one_of(QUESTIONS, values["item"]).code
        return Precaution(item, values["note"] or None, values["cleared"] or None, since)

    def say_item(text: str) -> str:
        row = reads.one_of(QUESTIONS, text)
        return f"{row.name}: {row.action}"

    def say_since(text: str) -> str:
        return dates.words(dates.past_day(text, today, order, what="since"))

    fields = (
        Field("item", "precaution", "anticoagulant", "", say_item, needed=True),
        Field("since", "since", "2026-01-15", "", say_since),
        Field("cleared", "cleared by", "surgeon or physician"),
        Field("note", "note"),
    )
    return Form("Note a precaution", fields, build, keep)


def erasure_form(
    code: str, told: Sequence[str], keep: Callable[[tuple[str, str]], Awaitable[str]]
) -> Form[tuple[str, str], str]:
    """Say what goes and what stays, and ask for the chart code and a reason before anything is erased."""
    fields = (
        Field("typed", "chart code", f"type {code} to erase", needed=True),
        Field("reason", "reason", "without the name; kept in the trail", needed=True),
    )
    form: Form[tuple[str, str], str] = Form(
        f"Erase the identity of {code}",
        fields,
        lambda values: (values["typed"], values["reason"]),
        keep,
        intro="\n".join(told),
    )
    form.add_class("-long")
    return form
