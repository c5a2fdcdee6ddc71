"""``hiplog request``: taken down, answered, listed and shown, with the keys that scripts read."""

from __future__ import annotations

from commands import Run

ADD = ("request", "add", "P1", "--asked", "2026-03-01", "--wish", "pain was 5, not 4")


def test_the_whole_course_of_an_accepted_request(signed: Run) -> None:
    told = signed(*ADD, "--session", "1", "--words", "representative", "--why", "misheard", "--json").json
    asked = told["request"]
    assert asked.items() >= {
        "patient": "P1", "number": 1, "session": 1, "state": "open", "words": "representative",
        "wish": "pain was 5, not 4", "why": "misheard", "asked_on": "2026-03-01", "answer_due": "2026-04-30",
    }.items()  # fmt: skip
    assert signed("request", "list", "--json").json["requests"] == [asked]
    assert "open until Thursday 30 April 2026" in signed("request", "list", "P1").out
    assert "request 1 about visit 1, open" in signed("patient", "show", "P1").out
    assert signed("request", "accept", "P1", "1").code == 0
    why = ("--reason", "as asked", "--request", "1")
    assert signed("amend", "P1", "1", "reading.nprs.after", "5", *why).code == 0
    done = signed("request", "show", "P1", "1", "--json").json["request"]
    assert done["state"] == "carried_out"
    assert [(step["kind"], step["amended"]) for step in done["steps"]] == [
        ("accepted", None), ("carried_out", "value"),
    ]  # fmt: skip
    assert signed("request", "list", "--json").json["requests"] == []
    assert [one["state"] for one in signed("request", "list", "P1", "--json").json["requests"]] == [
        "carried_out"
    ]
    assert signed("audit", "verify").code == 0


def test_a_denial_with_its_ground_and_both_statements(signed: Run) -> None:
    signed(*ADD)
    assert signed("request", "deny", "P1", "1", "--said", "read twice").code == 2
    denied = signed("request", "deny", "P1", "1", "--ground", "accurate", "--said", "read twice")
    assert "DENIED by" in denied.out and "the record is accurate and complete: read twice" in denied.out
    assert signed("request", "disagree", "P1", "1", "--said", "still 5").code == 0
    told = signed("request", "rebut", "P1", "1", "--said", "see the sheet", "--json").json["request"]
    assert [(s["kind"], s["said"], s["ground"]) for s in told["steps"]] == [
        ("denied", "read twice", "accurate"), ("disagreement", "still 5", None),
        ("rebuttal", "see the sheet", None),
    ]  # fmt: skip


def test_what_does_not_fit_is_refused_with_the_way(signed: Run) -> None:
    assert signed("request", "accept", "P1", "1").code == 3
    signed(*ADD)
    assert signed("request", "accept", "P1", "7").code == 3
    late = signed("request", "disagree", "P1", "1", "--said", "no")
    assert late.code == 4 and "request 1 is open" in late.err
    future = signed("request", "add", "P1", "--asked", "2031-01-01", "--wish", "x")
    assert future.code == 2 and "future" in future.err
    assert signed("request", "add", "P1", "--asked", "2026-03-01", "--wish", "x", "--session", "9").code == 3
    assert signed("request", "extend", "P1", "1", "--said", "away").code == 0
    assert signed("request", "extend", "P1", "1", "--said", "away").code == 4
    assert signed("request", "withdraw", "P1", "1").code == 0
    assert signed("request", "done", "P1", "1", "--said", "x").code == 4
