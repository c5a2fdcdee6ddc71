"""Screening acts on the command line as on the screen: stop, caution, refer, the reason and the rule's version."""

from __future__ import annotations

import pytest
from commands import Run

from hiplog.clinical.questions import RULES_VERSION

LINE = "psoa r 30x50 fifo; piri r =; gmed r =; tfl r =; p6>3 n4/4"
YES = ("--consent", "yes", "--reaction", "none", "--asked", "checklist")


def found(told: dict[str, object], item: str) -> set[tuple[object, ...]]:
    rows = [one for one in told["findings"] if one["item"] == item]  # type: ignore[attr-defined]
    return {
        (one["action"], tuple(one["muscles"]), one["override_reason"], one["rule_version"]) for one in rows
    }


def test_an_anticoagulant_bars_psoas_and_piriformis_and_cautions_the_rest(p1: Run) -> None:
    done = p1("log", "P1", LINE, "--screen", "anticoag=yes", *YES, "--sign", "--json")
    assert done.code == 4 and done.json["status"] == "draft"
    assert found(done.json, "ANTICOAG") == {
        ("stop", ("PSOA", "PIRI"), None, RULES_VERSION),
        ("caution", ("GMED", "TFL"), None, RULES_VERSION),
    }
    assert any("PSOA, PIRI" in reason for reason in done.json["reasons"])


def test_a_reason_lets_the_cautioned_muscles_go_on_and_lifts_no_bar(p1: Run) -> None:
    why = ("--screen", "anticoag=yes:INR 2.1, Dr Ek agrees")
    barred = p1("log", "P1", LINE, *why, *YES, "--sign", "--json")
    assert barred.code == 4
    assert ("stop", ("PSOA", "PIRI"), None, RULES_VERSION) in found(barred.json, "ANTICOAG")
    told = p1("log", "P1", "gmed r 30x50 fifo; tfl r =; p6>3 n2/2", *why, *YES, "--sign", "--json").json
    assert told["status"] == "signed"
    assert found(told, "ANTICOAG") == {("caution", ("GMED", "TFL"), "INR 2.1, Dr Ek agrees", RULES_VERSION)}
    (answer,) = [one for one in told["screening"] if one["item"] == "ANTICOAG"]
    assert (answer["answer"], answer["reason"], answer["rule_version"]) == (
        "yes",
        "INR 2.1, Dr Ek agrees",
        RULES_VERSION,
    )


@pytest.mark.parametrize("said", ["fever=yes", "fever=yes:only a little"])
def test_a_fever_stops_and_refers(p1: Run, said: str) -> None:
    done = p1("log", "P1", "gmed r 30x50; p6>3 n1/1", "--screen", said, *YES, "--sign", "--json")
    assert done.code == 4 and done.json["status"] == "draft"
    assert found(done.json, "FEVER") == {("refer", (), None, RULES_VERSION)}
    assert any("refer" in reason and "fever" in reason for reason in done.json["reasons"])
    assert {one["rule_version"] for one in done.json["screening"]} == {RULES_VERSION}
