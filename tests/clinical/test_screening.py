"""Screening acts on muscles, stops what must stop, and never drops a yes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.questions import FULL, Question
from hiplog.clinical.record import AnswerState, Precaution, ScreeningAnswer
from hiplog.clinical.screening import (
    LUMBOPELVIC,
    QUESTIONS,
    RULES_VERSION,
    Finding,
    all_clear,
    barred,
    blocks,
    screen,
    unanswered,
)

NOT_PRESSABLE = {"PIRI", "GEMS", "GEMI", "OBIN", "OBEX", "QFEM", "ILIA", "PSOA", "QL", "LEVA"}
"""The muscles whose bleeding a hand cannot press, from the printed muscle table."""

PRINTED_ACTIONS = {
    "stop": "NO_CONSENT PHOBIA PRIOR_REACT LOCAL_INF LYMPHOED BLEED_DIS ANTICOAG PACEMKR IMPLANT ALTERED",
    "refer": "FEVER SEPTIC_HIP FRACTURE AVN WT_LOSS NIGHT CES NEURO_PROG VASC HERNIA ABDO",
    "caution": "IMMUNE VALVE PREG METAL EPILEPSY THA RECENT_SURG OSTEOPOR CANCER SEV_PERSIST MOBIL_LOSS "
    "CHILD FRAIL",
}


def yes(item: str, reason: str | None = None) -> ScreeningAnswer:
    return ScreeningAnswer(item, "yes", reason)


def by_action(findings: tuple[Finding, ...], action: str) -> list[Finding]:
    return [finding for finding in findings if finding.action == action]


def test_every_row_of_the_table_is_asked_with_its_printed_action() -> None:
    printed = {code: action for action, codes in PRINTED_ACTIONS.items() for code in codes.split()}
    assert {code: QUESTIONS[code].action for code in FULL} == printed


def test_urgent_rows_are_those_printed_urgent_or_emergency() -> None:
    assert {q.code for q in QUESTIONS if q.urgent} == {"SEPTIC_HIP", "FRACTURE", "CES"}


def test_every_question_is_a_question_with_a_source() -> None:
    assert all(q.text.endswith("?") and q.source and q.why and q.advice for q in QUESTIONS)


def test_an_anticoagulant_bars_what_cannot_be_pressed_and_cautions_the_rest() -> None:
    findings = screen([], [Precaution("ANTICOAG")], ["GMED", "PSOA", "GMIN", "PIRI"])
    assert [f.muscles for f in by_action(findings, "stop")] == [("PSOA", "PIRI")]
    assert [f.muscles for f in by_action(findings, "caution")] == [("GMED", "GMIN")]
    assert "never tell the patient to stop the medicine" in findings[0].reason


@pytest.mark.parametrize("item", ["ANTICOAG", "BLEED_DIS"])
@pytest.mark.parametrize("code", [muscle.code for muscle in MUSCLES])
def test_bleeding_rules_bar_exactly_the_muscles_no_hand_can_press(item: str, code: str) -> None:
    found = blocks(screen([yes(item)], [], [code]))
    assert bool(found) == (code in NOT_PRESSABLE)


def test_a_reason_does_not_lift_the_bar_of_an_anticoagulant() -> None:
    findings = screen([yes("ANTICOAG", "last dose yesterday")], [], ["PIRI", "GMED"])
    stop, caution = findings
    assert (stop.action, stop.overridden, stop.override_allowed) == ("stop", False, False)
    assert (caution.action, caution.overridden) == ("caution", True)


def test_with_nothing_planned_an_anticoagulant_names_what_it_would_bar() -> None:
    (finding,) = screen([], [Precaution("ANTICOAG")], [])
    assert finding.action == "caution"
    assert all(code in finding.reason for code in NOT_PRESSABLE)
    assert "GMED" not in finding.reason


def test_a_muscle_nobody_knows_is_not_taken_as_safe_to_bleed() -> None:
    assert blocks(screen([], [Precaution("ANTICOAG")], ["NEWMUSCLE"]))


def test_barred_names_the_muscles_before_anything_is_planned() -> None:
    found = barred([yes("PREG")], [Precaution("ANTICOAG")])
    assert set(found) == NOT_PRESSABLE | LUMBOPELVIC
    assert set(found["PSOA"]) == {"ANTICOAG", "PREG"}
    assert found["PIRI"] == ("ANTICOAG",)


def test_fever_refers_the_whole_session_and_no_reason_lifts_it() -> None:
    (finding,) = blocks(screen([yes("FEVER", "only a little")], [], ["GMED"]))
    assert (finding.item, finding.action, finding.muscles) == ("FEVER", "refer", ())


def test_a_pacemaker_stops_current_but_only_cautions_the_hand() -> None:
    device = [Precaution("PACEMKR")]
    assert [f.action for f in screen([], device, ["GMED"], techniques=["FIFO", "edn"])] == ["stop"]
    assert blocks(screen([], device, ["GMED"], techniques=["EDN"]))
    assert [f.action for f in screen([], device, ["GMED"], techniques=["FIFO"])] == ["caution"]


def test_unstable_epilepsy_stops_current_unless_a_reason_is_recorded() -> None:
    assert blocks(screen([yes("EPILEPSY")], [], ["GMED"], techniques=["EDN"]))
    assert not blocks(screen([yes("EPILEPSY", "stable for two years")], [], ["GMED"], techniques=["EDN"]))


def test_a_hip_replacement_asks_for_clearance_until_a_surgeon_is_named() -> None:
    (asked,) = screen([], [Precaution("THA")], ["GMED"])
    (cleared,) = screen([], [Precaution("THA", cleared_by="Dr Example")], ["GMED"])
    assert asked.asks_clearance and "no clearance" in asked.reason
    assert not cleared.asks_clearance and cleared.overridden
    assert not blocks([asked, cleared])


def test_night_pain_refers_until_somebody_says_who_reviewed_it() -> None:
    assert blocks(screen([yes("NIGHT")], [], ["PIRI"]))
    assert not blocks(screen([yes("NIGHT", "reviewed by the physician, imaging clear")], [], ["PIRI"]))
    assert screen([yes("NIGHT")], [], ["PIRI"])[0].asks_clearance


def test_an_unchecked_fall_is_urgent_and_an_old_clearance_does_not_cover_it() -> None:
    checked = Precaution("FRACTURE", cleared_by="Dr Example")
    assert not blocks(screen([], [checked], ["GMED"]))
    (finding,) = blocks(screen([yes("FRACTURE", "fell again")], [checked], ["GMED"]))
    assert finding.urgent and finding.action == "refer"


def test_a_place_is_stopped_until_the_reason_says_the_sites_are_clear_of_it() -> None:
    assert QUESTIONS["LOCAL_INF"].scope in ("site", "limb")
    assert blocks(screen([yes("LOCAL_INF")], [], ["GMED"]))
    assert not blocks(screen([yes("LOCAL_INF", "eczema of the left groin only")], [], ["GMED"]))
    assert blocks(screen([yes("LOCAL_INF", "   ")], [], ["GMED"]))


def test_pregnancy_keeps_off_the_lumbopelvic_muscles() -> None:
    findings = screen([yes("PREG")], [], ["QL", "GMED"])
    assert [(f.action, f.muscles) for f in findings] == [("stop", ("QL",)), ("caution", ("GMED",))]


@pytest.mark.parametrize(("age", "found"), [(17, ["CHILD"]), (18, []), (None, [])])
def test_age_alone_raises_the_child_caution(age: int | None, found: list[str]) -> None:
    none = ScreeningAnswer("CHILD", "none")
    assert [f.item for f in screen([none], [], ["GMED"], age=age)] == found


def test_a_refused_answer_counts_as_present() -> None:
    (finding,) = screen([ScreeningAnswer("CES", "refused")], [], ["GMED"])
    assert "not answered" in finding.reason
    assert blocks([finding])


def test_a_precaution_stands_against_a_denial_until_it_is_ended() -> None:
    denied = [ScreeningAnswer("ANTICOAG", "none")]
    assert blocks(screen(denied, [Precaution("ANTICOAG")], ["PIRI"]))
    assert not screen(denied, [Precaution("ANTICOAG", ended_on=date(2026, 1, 5))], ["PIRI"])


def test_precaution_and_answer_for_one_item_are_one_fact() -> None:
    assert len(screen([yes("METAL")], [Precaution("metal")], ["GMED"])) == 1


def test_an_item_of_another_edition_is_kept_as_a_caution() -> None:
    (finding,) = screen([yes("SUNBURN")], [], ["GMED"])
    assert (finding.item, finding.action) == ("SUNBURN", "caution")


def test_the_gravest_finding_comes_first() -> None:
    answers = [yes("METAL"), yes("PHOBIA"), yes("NIGHT"), yes("CES")]
    assert [f.item for f in screen(answers, [], ["GMED"])] == ["CES", "NIGHT", "PHOBIA", "METAL"]


def test_first_session_asks_everything_later_ones_only_what_is_new() -> None:
    assert unanswered([], [], True) == FULL
    assert unanswered([], [], False) == ("ANYTHING_NEW",)
    assert unanswered([ScreeningAnswer("ANYTHING_NEW", "none")], [], False) == ()
    assert unanswered([yes("ANYTHING_NEW")], [], False) == FULL
    assert unanswered([ScreeningAnswer("ANYTHING_NEW", "none")], [], True) == FULL


def test_a_recorded_precaution_is_its_own_answer_and_not_asked_is_none() -> None:
    open_ones = unanswered([ScreeningAnswer("FEVER", "not_asked")], [Precaution("THA")], True)
    assert "THA" not in open_ones
    assert "FEVER" in open_ones


@pytest.mark.parametrize("first_visit", [True, False])
def test_all_clear_answers_everything_and_finds_nothing(first_visit: bool) -> None:
    answers = all_clear(first_visit)
    assert unanswered(answers, [], first_visit) == ()
    assert screen(answers, [], MUSCLES.codes, techniques=["EDN"], age=40) == ()
    assert {a.rule_version for a in answers} == {RULES_VERSION}


def test_neither_the_reason_nor_the_surgeon_shows_in_a_repr() -> None:
    findings = screen([yes("NIGHT", "Meier said so")], [Precaution("THA", cleared_by="Dr Meier")], ["GMED"])
    assert "Meier" not in repr(findings)
    assert all("Meier" not in f.reason for f in findings)


STATES: tuple[AnswerState, ...] = ("not_asked", "none", "yes", "refused")
ANSWERS = st.lists(st.builds(ScreeningAnswer, st.sampled_from(QUESTIONS.codes), st.sampled_from(STATES)))
PLAN = st.lists(st.sampled_from(MUSCLES.codes), unique=True)


@given(ANSWERS, PLAN)
def test_findings_name_only_planned_muscles_and_every_yes_is_heard(
    answers: list[ScreeningAnswer], plan: list[str]
) -> None:
    findings = screen(answers, [], plan)
    assert all(set(f.muscles) <= set(plan) for f in findings)
    assert {a.item for a in answers if a.answer in ("yes", "refused")} <= {f.item for f in findings}


@given(ANSWERS, PLAN)
def test_one_more_precaution_never_removes_a_block(answers: list[ScreeningAnswer], plan: list[str]) -> None:
    before = {(f.item, f.muscles) for f in blocks(screen(answers, [], plan))}
    after = {(f.item, f.muscles) for f in blocks(screen(answers, [Precaution("THA")], plan))}
    assert before <= after


def test_a_question_reads_as_a_catalogue_row() -> None:
    assert isinstance(QUESTIONS["anticoag"], Question)
    assert [q.code for q in QUESTIONS.find("blood thinner")] == ["ANTICOAG"]
