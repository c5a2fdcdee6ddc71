"""Patients, episodes, precautions and practitioners from the command line."""

from __future__ import annotations

import pytest
from commands import Run


def test_a_patient_is_shown_with_the_keys_of_the_contract(signed: Run) -> None:
    assert (
        signed("precaution", "add", "P1", "THA", "--cleared-by", "Dr Ito", "--since", "2019-05-06").code == 0
    )
    told = signed("patient", "show", "p1", "--json").json
    assert told["patient"]["family"] == "Rossi"
    assert told["episodes"][0].items() >= {"side": "R", "cause": "OVERUSE", "icd10": ["M25.551"]}.items()
    assert told["precautions"] == [
        {"item": "THA", "note": None, "cleared_by": "Dr Ito", "since": "2019-05-06"}
    ]
    assert told["sessions"] == 1


def test_a_patient_is_shown_in_words(signed: Run) -> None:
    out = signed("patient", "show", "P1").out
    assert "P1  Rossi, Lea, born Friday 2 March 1956" in out
    assert "episode 1: right hip, overuse (M25.551), open" in out
    assert "session 1: Monday 2 March 2026, 13:00, signed" in out


def test_patients_are_found_by_any_part(p1: Run) -> None:
    p1("patient", "add", "P2", "--family", "Müller", "--given", "Åsa")
    assert [one["code"] for one in p1("patient", "find", "mul", "--json").json["patients"]] == ["P2"]
    assert [one["code"] for one in p1("patient", "list", "--json").json["patients"]] == ["P1", "P2"]
    assert len(p1("patient", "list", "--limit", "1", "--json").json["patients"]) == 1
    assert "nobody found" in p1("patient", "find", "zzz").err


def test_an_edit_changes_only_what_is_said(p1: Run) -> None:
    told = p1("patient", "edit", "P1", "--family", "Bianchi", "--json").json["patient"]
    assert (told["family"], told["given"], told["birth"]) == ("Bianchi", "Lea", "1956-03-02")
    assert p1("patient", "edit", "P1").code == 2
    assert p1("patient", "edit", "P1", "--new-code", "Q7", "--json").json["patient"]["code"] == "Q7"
    assert p1("patient", "show", "P1").code == 3


def test_an_unknown_code_names_the_nearest(p1: Run) -> None:
    done = p1("patient", "show", "P11")
    assert done.code == 3
    assert "nearest: P1" in done.err


def test_a_code_that_is_taken_is_refused(p1: Run) -> None:
    done = p1("patient", "add", "p1", "--family", "A", "--given", "B")
    assert done.code == 4
    assert "taken" in done.err


@pytest.mark.parametrize(
    "name", ["[/", "=cmd()", "[red]x[/red]", "O'Neil; DROP TABLE patients", "李 小龙", "-x"]
)
def test_a_hostile_name_is_only_a_name(run: Run, name: str) -> None:
    assert run("patient", "add", "H1", f"--family={name}", "--given", "B").code == 0
    assert run("patient", "show", "H1", "--json").json["patient"]["family"] == name
    assert f"{name}, B" in run("patient", "list").out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x" * 10_000, "has 10000 characters, at most 200 are kept"),
        ("a\x00b", "control character (U+0000)"),
        ("a\x1b[31mb", "control character (U+001B)"),
        ("   ", "must not be empty"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_with_the_reason(run: Run, name: str, said: str) -> None:
    done = run("patient", "add", "H2", "--family", name, "--given", "B")
    assert done.code == 2
    assert f"family name: {said}" in done.err.replace("character 2 is a ", "")
    assert run("patient", "list", "--json").json["patients"] == []


def test_what_turns_text_round_is_shown_as_a_sign(run: Run) -> None:
    name = "abc\u202egpj.exe"
    run("patient", "add", "H3", "--family", name, "--given", "\u0085x".strip("\u0085"))
    out = run("patient", "list").out
    assert "\u202e" not in out
    assert "abc‹U+202E›gpj.exe" in out


@pytest.mark.parametrize(
    "birth", ["2026-02-30", "31.02.1956", "tomorrow", "2027-01-01", "1756-01-01", "0000-01-01"]
)
def test_an_impossible_birth_is_refused(run: Run, birth: str) -> None:
    done = run("patient", "add", "P3", "--family", "A", "--given", "B", "--birth", birth)
    assert done.code == 2
    assert "--birth" in done.err


def test_an_episode_is_opened_listed_and_closed(p1: Run) -> None:
    words = ("--side", "left", "--cause", "sciatica", "--symptom", "sharp", "--onset", "2026-01-15")
    made = p1("episode", "add", "P1", *words, "--json").json["episode"]
    assert (made["number"], made["side"], made["symptoms"]) == (2, "L", ["PAIN_SHARP"])
    assert p1("episode", "close", "P1", "--reason", "discharged").code == 4
    closed = p1("episode", "close", "P1", "--episode", "2", "--reason", "discharged", "--json").json[
        "episode"
    ]
    assert closed["close_reason"] == "discharged"
    assert p1("episode", "close", "P1", "--episode", "2", "--reason", "again").code == 4
    assert p1("episode", "close", "P1", "--episode", "5", "--reason", "no").code == 3
    assert "closed" in p1("episode", "list", "P1").out
    assert len(p1("episode", "list", "P1", "--json").json["episodes"]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--side", "b", "--cause", "overuse"), "both hips are two episodes"),
        (("--side", "r", "--cause", "overuze"), "nearest: overuse"),
        (("--side", "r", "--cause", "overuse", "--symptom", "itchy"), "--symptom"),
        (("--side", "r", "--cause", "overuse", "--onset", "2026-04-01"), "lies in the future"),
    ],
)
def test_an_episode_that_cannot_be_is_refused(p1: Run, words: tuple[str, ...], said: str) -> None:
    done = p1("episode", "add", "P1", *words)
    assert done.code == 2
    assert said in done.err


def test_precautions_are_listed_and_ended(p1: Run) -> None:
    assert p1("precaution", "add", "P1", "hip replacement").code == 0
    assert "THA" in p1("precaution", "list", "P1").out
    assert p1("precaution", "end", "P1", "tha").code == 0
    assert p1("precaution", "list", "P1", "--json").json["precautions"] == []
    assert p1("precaution", "end", "P1", "tha").code == 3
    wrong = p1("precaution", "add", "P1", "warfarine")
    assert wrong.code == 2


def test_practitioners_are_added_and_act(p1: Run) -> None:
    assert p1("user", "add", "DN002", "--name", "Bo Lind", "--role", "therapist").code == 0
    kept = p1("user", "list", "--json").json["practitioners"]
    assert [(who["code"], who["role"]) for who in kept] == [("DN001", "owner"), ("DN002", "therapist")]
    told = p1("log", "P1", "gmed r", "--as", "dn002", "--json").json
    assert told["therapist"] == "DN002"
    nobody = p1("log", "P1", "gmed r", "--as", "DN9")
    assert nobody.code == 3
    assert "DN001, DN002" in nobody.err
