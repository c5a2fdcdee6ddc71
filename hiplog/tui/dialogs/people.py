"""Forms about the person: add or change a patient, open an episode, note a precaution."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date

from hiplog.clinical.causes import CAUSES, SYMPTOMS
from hiplog.clinical.code_words import said
from hiplog.clinical.questions import QUESTIONS
from hiplog.clinical.record import Episode, EpisodeDraft, Patient, PatientDraft, Precaution
from hiplog.language import _
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
        Field("code", _("chart code"), "P104", known.code, reads.code_words, needed=True),
        Field("family", _("family name"), "", known.family, needed=True),
        Field("given", _("given name"), "", known.given, needed=True),
        Field("birth", _("birth date"), "1956-03-02", str(known.birth or ""), say_birth),
        Field(
            "sex",
            _("sex"),
            _("f, m, o or u"),
            said(known.sex) if patient else "",
            lambda text: said(reads.sex(text)),
        ),
    )
    title = _("Patient {code}").format(code=patient.code) if patient else _("Add a patient")
    return Form(title, fields, build, keep)


def episode_form(
    today: date, order: DateOrder, keep: Callable[[EpisodeDraft], Awaitable[Episode]]
) -> Form[EpisodeDraft, Episode]:
    """Ask which hip and why: an episode is one hip with its cause."""

    def build(values: Values) -> EpisodeDraft:
        begun = dates.past_day(values["onset"], today, order, what=_("onset")) if values["onset"] else None
        symptoms = tuple(row.code for row in reads.several(SYMPTOMS, values["symptoms"]))
        cause = reads.one_of(CAUSES, values["cause"]).code
        return EpisodeDraft(reads.side(values["side"]), cause, symptoms, onset=begun)

    def say_onset(text: str) -> str:
        return dates.words(dates.past_day(text, today, order, what=_("onset")))

    causes = _("overuse, trauma, oa …")
    fields = (
        Field("side", _("side"), _("l or r"), "", reads.side_words, needed=True),
        Field(
            "cause",
            _("cause"),
            causes,
            "",
            lambda text: reads.named(reads.one_of(CAUSES, text)),
            needed=True,
        ),
        Field("symptoms", _("symptoms"), _("pain, stiffness"), "", reads.words_of(SYMPTOMS)),
        Field("onset", _("began on"), "2026-09-01", "", say_onset),
    )
    known = ", ".join(row.name for row in CAUSES.active())
    return Form(
        _("New episode"), fields, build, keep, intro=_("One hip and its cause: {known}.").format(known=known)
    )


def precaution_form(
    today: date, order: DateOrder, keep: Callable[[Precaution], Awaitable[Precaution]]
) -> Form[Precaution, Precaution]:
    """Ask for a standing precaution that every later screening respects."""

    def build(values: Values) -> Precaution:
        since = dates.past_day(values["since"], today, order, what=_("since")) if values["since"] else None
        item = reads.one_of(QUESTIONS, values["item"]).code
        return Precaution(item, values["note"] or None, values["cleared"] or None, since)

    def say_item(text: str) -> str:
        row = reads.one_of(QUESTIONS, text)
        return f"{row.name}: {row.action}"

    def say_since(text: str) -> str:
        return dates.words(dates.past_day(text, today, order, what=_("since")))

    fields = (
        Field("item", _("precaution"), _("anticoagulant"), "", say_item, needed=True),
        Field("since", _("since"), "2026-01-15", "", say_since),
        Field("cleared", _("cleared by"), _("surgeon or physician")),
        Field("note", _("note")),
    )
    return Form(_("Note a precaution"), fields, build, keep)


def erasure_form(
    code: str, told: Sequence[str], keep: Callable[[tuple[str, str]], Awaitable[str]]
) -> Form[tuple[str, str], str]:
    """Say what goes and what stays, and ask for the chart code and a reason before anything is erased."""
    fields = (
        Field("typed", _("chart code"), _("type {code} to erase").format(code=code), needed=True),
        Field("reason", _("reason"), _("without the name; kept in the trail"), needed=True),
    )
    form: Form[tuple[str, str], str] = Form(
        _("Erase the identity of {code}").format(code=code),
        fields,
        lambda values: (values["typed"], values["reason"]),
        keep,
        intro="\n".join(told),
    )
    form.add_class("-long")
    return form
