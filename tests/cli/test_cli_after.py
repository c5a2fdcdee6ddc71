"""After the session: follow-up, amendment, undo, void, trend, aftercare."""

from __future__ import annotations

import pytest
from commands import LINE, READY, Clock, Run

ASKED = ("--by", "patient", "--asked", "checklist")


def test_a_follow_up_keeps_who_reported_and_how(signed: Run, clock: Clock) -> None:
    clock.forward(hours=26)
    told = signed("follow-up", "P1", *ASKED, "--soreness", "3", "--bruise", "12", "--json").json
    assert (told["session"], told["state"], told["answer"]) == (1, "done", "yes")
    kinds = {one["kind"]: (one["soreness"], one["size_mm"]) for one in told["inquiry"]["reactions"]}
    assert kinds == {"PAIN_AFT": (3, None), "BRUISE": (None, 12)}


def test_asked_and_none_differs_from_not_reached(signed: Run) -> None:
    assert signed("follow-up", "P1", *ASKED, "--none", "--json").json["answer"] == "none"
    assert signed("follow-up", "P1", *ASKED, "--soreness", "0", "--json").json["answer"] == "none"
    assert signed("follow-up", "P1", "--unreachable", "--json").json["answer"] == "not_asked"


@pytest.mark.parametrize(
    "words",
    [
        ("--none",),
        (*ASKED,),
        (*ASKED, "--none", "--bruise", "3"),
        (*ASKED, "--soreness", "11"),
        (*ASKED, "--bruise", "0"),
        (*ASKED, "--pain", "11", "--none"),
        (*ASKED, "--reaction", "nonsense"),
        (*ASKED, "--reaction", "infect:mild"),
        ("--unreachable", "--none"),
    ],
)
def test_a_follow_up_that_says_too_little_or_too_much_is_refused(signed: Run, words: tuple[str, ...]) -> None:
    before = signed("audit", "head", "--json").json["head"]
    assert signed("follow-up", "P1", *words).code == 2
    assert signed("audit", "head", "--json").json["head"] == before


def test_a_grave_reaction_says_refer(signed: Run) -> None:
    done = signed("follow-up", "P1", *ASKED, "--reaction", "infection")
    assert "! refer: infection" in done.err


@pytest.mark.parametrize(("hours", "score", "said"), [(71, "3", False), (80, "3", True), (80, "0", False)])
def test_soreness_beyond_72_hours_is_to_be_reviewed(
    signed: Run, clock: Clock, hours: int, score: str, said: bool
) -> None:
    clock.forward(hours=hours)
    done = signed("follow-up", "P1", *ASKED, "--soreness", score)
    assert ("! still sore 80 h after needling: review" in done.err) == said
    assert ("! still sore 80 h after needling: review" in signed("summary", "P1", "1").out) == said


def test_pain_that_was_felt_during_needling_is_no_lasting_soreness(signed: Run, clock: Clock) -> None:
    clock.forward(hours=80)
    assert "still sore" not in signed("follow-up", "P1", *ASKED, "--reaction", "pain_dur").err


def test_what_may_have_to_be_reported_is_said(signed: Run) -> None:
    done = signed("follow-up", "P1", *ASKED, "--reaction", "pneumo:serious")
    assert "! look at your duty to report it" in done.err
    assert "duty to report" not in signed("follow-up", "P1", *ASKED, "--soreness", "2").err


def test_a_follow_up_needs_a_signed_session(p1: Run) -> None:
    assert p1("follow-up", "P1", *ASKED, "--none").code == 3
    p1("log", "P1", "gmed r")
    assert p1("follow-up", "P1", *ASKED, "--none", "--session", "1").code == 4


def test_an_amendment_keeps_the_old_value(signed: Run) -> None:
    told = signed("amend", "P1", "1", "reading.nprs.after", "4", "--reason", "misheard", "--json").json
    change = {"column": "value", "old": "3", "new": "4", "reason": "misheard", "by": "DN001"}
    assert told["amendment"] == change
    assert {r["value"] for r in told["readings"] if r["stage"] == "after" and r["measure"] == "NPRS"} == {4}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1", "reading.nprs.after", "11", "--reason", "r"), 2),
        (("1", "insertion.1.depth_mm", "60", "--reason", "r"), 2),
        (("1", "colour", "red", "--reason", "r"), 2),
        (("1", "note", "x"), 2),
        (("1", "note", "x", "--reason", " "), 2),
        (("1", "reading.nprs.after", "3", "--reason", "r"), 4),
        (("7", "note", "x", "--reason", "r"), 3),
        (("one", "note", "x", "--reason", "r"), 2),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(signed: Run, words: tuple[str, ...], code: int) -> None:
    assert signed("amend", "P1", *words).code == code
    assert signed("audit", "verify").code == 0


def test_undo_takes_back_step_by_step_to_nothing(p1: Run) -> None:
    p1("log", "P1", "gmed r; p6")
    p1("log", "P1", "p>3", "--session", "1")
    assert p1("undo", "--json").json == {
        "schema_version": 1,
        "patient": "P1",
        "session": 1,
        "status": "draft",
    }
    assert p1("patient", "show", "P1", "--json").json["sessions"] == 1
    assert p1("undo", "P1", "--json").json["status"] == "discarded"
    assert p1("patient", "show", "P1", "--json").json["sessions"] == 0
    assert p1("undo").code == 3


def test_undo_is_refused_after_signing(signed: Run) -> None:
    assert signed("undo").code == 3
    assert signed("undo", "P1").code == 3
    assert signed("undo", "P1", "1").code == 4


def test_a_void_session_stays_readable_and_leaves_the_trend(signed: Run) -> None:
    assert signed("void", "P1", "1").code == 2
    told = signed("void", "P1", "1", "--reason", "wrong patient", "--json").json
    assert (told["status"], told["reason"]) == ("voided", "wrong patient")
    assert signed("trend", "P1", "--json").json["points"] == []
    assert "void: wrong patient" in signed("patient", "show", "P1").out
    assert signed("void", "P1", "1", "--reason", "again").code == 4


def test_the_trend_has_the_keys_of_the_contract(signed: Run, clock: Clock) -> None:
    clock.forward(days=7)
    signed("log", "P1", "gmed r 30x50; p4>2 n1/1", *READY)
    told = signed("trend", "P1", "--measure", "nprs", "--json").json
    assert (told["measure"], told["unit"], told["better"]) == ("NPRS", "points", "lower")
    seen = [(p["session"], p["stage"], p["value"]) for p in told["points"]]
    assert seen == [(1, "before", 6), (1, "after", 3), (2, "before", 4), (2, "after", 2)]
    assert told["points"][0]["at"] == "2026-03-02T13:00:00+01:00"
    wanted = {"from": 6, "to": 2, "absolute": -4, "percent": -66.7, "mcid": 2, "reached": True}
    assert told["change"].items() >= wanted.items()
    assert "Farrar" in told["change"]["source"]


def test_a_piped_trend_is_a_table(signed: Run) -> None:
    out = signed("trend", "P1").out
    assert out.splitlines()[0].split()[:3] == ["date", "visit", "when"]
    assert "\x1b" not in out
    assert "better: 6 → 3" in out


def test_a_trend_without_readings_says_so(p1: Run) -> None:
    assert "no readings yet" in p1("trend", "P1").out
    assert p1("trend", "P1", "--json").json["change"] is None
    assert p1("trend", "P1", "--measure", "blood").code == 2
    assert p1("trend", "P1", "--side", "x").code == 2


def test_aftercare_speaks_of_what_was_advised(signed: Run) -> None:
    usual = signed("aftercare", "P1", "--json").json
    assert usual["given"] is False
    assert "PRESS" not in {one["code"] for one in usual["advice"]}
    assert "- Drink as you normally would." in signed("aftercare", "P1").out
    signed("log", "P1", LINE, *READY, "--advice", "heat")
    assert [one["code"] for one in signed("aftercare", "P1", "--json").json["advice"]] == ["HEAT"]
