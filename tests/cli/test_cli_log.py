"""``hiplog log``: one line becomes a session, or nothing is written."""

from __future__ import annotations

import pytest
from commands import LINE, READY, Clock, Run


def sessions(run: Run) -> int:
    return int(run("patient", "show", "P1", "--json").json["sessions"])


def test_the_line_of_the_contract_is_signed_with_every_key(p1: Run) -> None:
    told = p1("log", "P1", LINE, *READY, "--json").json
    assert (told["session"], told["status"], told["reasons"]) == (1, "signed", [])
    first, second = told["insertions"]
    wanted = {
        "muscle": "GMED",
        "side": "R",
        "zone": "2",
        "diameter_mm": 0.3,
        "length_mm": 50,
        "technique": "FIFO",
    }
    assert first.items() >= (wanted | {"twitch": "elicited", "twitch_count": 3}).items()
    assert (second["muscle"], second["retention_min"], second["twitch"]) == ("PIRI", 10, "none")
    values = {(r["measure"], r["stage"], r["side"]): r["value"] for r in told["readings"]}
    assert values[("NPRS", "before", None)] == 6
    assert values[("NPRS", "after", None)] == 3
    assert [v for (m, s, side), v in values.items() if m != "NPRS" and side == "R"] == [24, 31]
    assert told["needles"].items() >= {"inserted": 2, "withdrawn": 2, "opened": None}.items()
    assert told["findings"] == []


def test_it_says_what_it_understood_before_it_writes(p1: Run) -> None:
    done = p1("log", "P1", LINE, *READY)
    assert "gluteus medius, right, zone 2" in done.err
    assert "needles: 2 in, 2 out" in done.err
    assert done.out.strip() == "P1 session 1: signed"


def test_an_unknown_muscle_is_refused_word_by_word_and_nothing_is_written(p1: Run) -> None:
    done = p1("log", "P1", "gmex r 30x50")
    wanted = "gmex: no such muscle at column 1; nearest: gmax (gluteus maximus), gmed (gluteus medius)"
    assert (done.code, done.err.strip()) == (2, f"hiplog: {wanted}")
    assert sessions(p1) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gmed r; p11>3", "outside 0 to 10"),
        ("gmed r 30x50 d60", "more than the needle's length of 50 mm"),
        ("gmed 30x50", "the side is needed"),
        ("gmed r 30x50; n8/", "not understood"),
        ("", "nothing to read"),
        ("gmed r\x00", "not printed"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_column(p1: Run, line: str, said: str) -> None:
    done = p1("log", "P1", line)
    assert done.code == 2
    assert said in done.err
    assert "at column" in done.err
    assert sessions(p1) == 0


def test_a_dry_run_shows_and_writes_nothing(p1: Run) -> None:
    told = p1("log", "P1", LINE, "--dry-run", "--json").json
    assert (told["session"], told["dry_run"], len(told["insertions"])) == (None, True, 2)
    assert "consent: not asked" in told["reasons"]
    assert sessions(p1) == 0
    assert p1("log", "P1", LINE, "--dry-run", "--sign").code == 2


def test_what_cannot_be_signed_stays_a_draft_with_every_reason(p1: Run) -> None:
    done = p1("log", "P1", "gmed r 30x50; n2/1", "--sign")
    assert done.code == 4
    reasons = [line for line in done.err.splitlines() if line.startswith("  - ")]
    for word in ("screening:", "consent:", "needles:", "pain:"):
        assert any(word in reason for reason in reasons), word
    again = p1("log", "P1", "gmed r; n2/1", "--sign", "--json")
    assert again.code == 4
    assert again.json["status"] == "draft"
    assert again.json["reasons"]
    assert sessions(p1) == 2


def test_a_draft_is_gone_on_with_and_signed(p1: Run) -> None:
    assert p1("log", "P1", "gmed r 30x50; p6", "--consent", "yes").code == 0
    told = p1("log", "P1", "p>3 n1/1", "--session", "1", "--screen", "clear", "--json").json
    assert (told["session"], told["status"], len(told["insertions"])) == (1, "draft", 1)
    assert [r["value"] for r in told["readings"]] == [6, 3]
    assert p1("log", "P1", "", "--session", "1", "--sign", "--json").json["status"] == "signed"
    assert p1("log", "P1", "p>2", "--session", "1").code == 4
    assert p1("log", "P1", "p>2", "--session", "9").code == 3


def test_a_stop_is_told_with_its_muscles_and_blocks_signing(p1: Run) -> None:
    stop = ("--screen", "anticoag=yes", "--consent", "yes", "--sign", "--json")
    done = p1("log", "P1", LINE, *stop)
    assert done.code == 4
    found = {
        (one["action"], tuple(one["muscles"])) for one in done.json["findings"] if one["item"] == "ANTICOAG"
    }
    assert found == {("stop", ("PIRI",)), ("caution", ("GMED",))}
    reason = ("--screen", "ANTICOAG=yes:INR 2.1, physician agrees", "--consent", "yes", "--sign", "--json")
    assert p1("log", "P1", LINE, *reason).json["status"] == "draft"
    told = p1("log", "P1", "gmed r 30x50; p6 n1/1", *reason).json
    assert told["status"] == "signed"
    assert {one["override_reason"] for one in told["findings"]} == {"INR 2.1, physician agrees"}


def test_a_precaution_speaks_at_every_later_session(p1: Run) -> None:
    assert p1("precaution", "add", "P1", "anticoag", "--note", "apixaban").code == 0
    told = p1("log", "P1", LINE, "--screen", "clear", "--consent", "yes", "--json").json
    assert "ANTICOAG" in {one["item"] for one in told["findings"]}
    assert "ANTICOAG" not in {one["item"] for one in told["screening"]}


def test_screening_is_never_preset_and_later_one_question_is_enough(signed: Run) -> None:
    assert signed("log", "P1", LINE, "--json").json["screening"] == []
    told = signed("log", "P1", LINE, "--screen", "clear", "--json").json
    assert [one["item"] for one in told["screening"]] == ["ANYTHING_NEW"]
    opened = signed("log", "P1", LINE, "--screen", "fever=yes", "--json").json["screening"]
    assert len(opened) > 30
    assert {one["item"] for one in opened if one["answer"] == "yes"} == {"FEVER", "ANYTHING_NEW"}


@pytest.mark.parametrize("said", ["fever", "fever=maybe", "fevre=yes", "=yes"])
def test_a_screening_answer_that_cannot_be_read_is_refused(p1: Run, said: str) -> None:
    done = p1("log", "P1", LINE, "--screen", said)
    assert done.code == 2
    assert "--screen" in done.err
    assert sessions(p1) == 0


def test_withdrawn_consent_is_kept_as_such(p1: Run) -> None:
    told = p1("log", "P1", LINE, "--consent", "withdrawn", "--json").json
    assert (told["consent"]["given"], told["consent"]["withdrawn"]) == (True, True)


def test_reactions_are_kept_with_how_they_were_asked(p1: Run) -> None:
    told = p1("log", "P1", "gmed r b; p6", "--reaction", "faint:mild", "--asked", "checklist", "--json").json
    (inquiry,) = told["inquiries"]
    assert (inquiry["state"], inquiry["asked_how"]) == ("yes", "checklist")
    assert {one["kind"] for one in inquiry["reactions"]} == {"BRUISE", "FAINT"}
    none = p1("log", "P1", "gmed r", "--reaction", "none", "--asked", "open", "--json").json
    assert none["inquiries"][0]["state"] == "none"
    assert p1("log", "P1", "gmed r", "--json").json["inquiries"] == []
    assert p1("log", "P1", "gmed r", "--reaction", "none").code == 2
    assert p1("log", "P1", "gmed r b", "--reaction", "none", "--asked", "open").code == 2
    assert p1("log", "P1", "gmed r", "--reaction", "other", "--asked", "open").code == 2


def test_the_dot_takes_the_plan_of_last_time_and_no_result(signed: Run) -> None:
    told = signed("log", "P1", ". ; p5>4 n2/2", *READY, "--json").json
    assert [one["muscle"] for one in told["insertions"]] == ["GMED", "PIRI"]
    assert {one["twitch"] for one in told["insertions"]} == {None}
    assert {one["origin"] for one in told["insertions"]} == {"confirmed"}
    assert told["status"] == "signed"


def test_the_dot_needs_a_last_time(p1: Run) -> None:
    assert p1("log", "P1", ".").code == 3


def test_the_side_of_the_sites_picks_the_episode(p1: Run) -> None:
    assert p1("episode", "add", "P1", "--side", "l", "--cause", "trauma").code == 0
    assert p1("log", "P1", "gmed l 30x50; ir20", "--json").json["readings"][0]["side"] == "L"
    both = p1("log", "P1", "gmed lr 30x50")
    assert both.code == 4
    assert "1 right overuse" in both.err
    assert "2 left trauma" in both.err
    assert p1("log", "P1", "gmed lr 30x50", "--episode", "2").code == 0
    assert p1("log", "P1", "gmed r", "--episode", "7").code == 3


def test_without_an_open_episode_it_says_how_to_open_one(run: Run) -> None:
    run("patient", "add", "P9", "--family", "A", "--given", "B")
    done = run("log", "P9", LINE)
    assert done.code == 3
    assert "hiplog episode add P9" in done.err


def test_a_visit_is_written_up_later_but_never_ahead(p1: Run, clock: Clock) -> None:
    for written, kept in (
        ("2026-02-27T16:45", "2026-02-27T15:45:00+00:00"),
        ("yesterday", "2026-03-01T11:00:00+00:00"),
        ("-3d", "2026-02-27T11:00:00+00:00"),
    ):
        told = p1("log", "P1", "gmed r", "--on", written, "--json").json
        assert told["occurred_at"] == kept
    assert "Friday 27 February 2026" in p1("log", "P1", "gmed r", "--on", "-3d").err
    before = sessions(p1)
    for wrong in ("2026-03-03", "2026-03-02T18:00", "2026-02-30", "13/13/2026", "soon"):
        done = p1("log", "P1", "gmed r", "--on", wrong)
        assert done.code == 2, wrong
        assert "--on" in done.err
    assert sessions(p1) == before


def test_a_note_explains_a_visit_without_needling(p1: Run) -> None:
    told = p1("log", "P1", "p6", "--note", "advice only", *READY, "--json").json
    assert (told["status"], told["note"]) == ("signed", "advice only")


def test_a_lapsed_licence_warns_whoever_logs(run: Run) -> None:
    run("user", "add", "DN002", "--name", "Bo Lind", "--expires", "2026-01-31")
    run("patient", "add", "P2", "--family", "A", "--given", "B")
    run("episode", "add", "P2", "--side", "l", "--cause", "trauma")
    done = run("log", "P2", "gmed l", "--as", "DN002", "--json")
    assert "licence of DN002 lapsed" in done.err
    assert done.json["therapist"] == "DN002"
