"""``hiplog protocol``: kept, listed, shown, renamed, laid, removed, with the keys that scripts read."""

from __future__ import annotations

from commands import Run


def test_the_whole_course_of_a_protocol(signed: Run) -> None:
    assert signed("protocol", "list").err.startswith("no protocol yet")
    kept = signed("protocol", "save", "3", "Lateral hip", "--of", "P1", "--json").json["protocol"]
    assert kept == {
        "key": 3, "name": "Lateral hip", "side": "R", "line": "gmed r 2 30x50 fifo; piri r 30x75 static ret10",
    }  # fmt: skip
    assert signed("protocol", "list", "--json").json["protocols"] == [kept]
    shown = signed("protocol", "show", "3", "--json").json["protocol"]
    assert [(one["muscle"], one["twitch"]) for one in shown["insertions"]] == [("GMED", None), ("PIRI", None)]
    assert "3  Lateral hip (right)" in signed("protocol", "show", "3").out
    assert signed("protocol", "rename", "3", "Side").code == 0
    assert signed("protocol", "remove", "3").out.startswith("removed: 3  Side")
    assert signed("protocol", "remove", "3").code == 3
    assert signed("audit", "verify").code == 0


def test_a_key_that_is_taken_gives_way_only_when_told_to(signed: Run) -> None:
    signed("protocol", "save", "1", "One", "--line", "gmed r 30x50", "--side", "r")
    again = ("protocol", "save", "1", "Two", "--line", "tfl r 30x50", "--side", "r")
    refused = signed(*again)
    assert refused.code == 4 and "1 holds 'One'" in refused.err
    assert signed(*again, "--replace", "--json").json["protocol"]["line"] == "tfl r 30x50"


def test_what_cannot_be_kept_is_said_and_nothing_is_written(signed: Run) -> None:
    assert signed("protocol", "save", "0", "X", "--line", "gmed r", "--side", "r").code == 2
    assert signed("protocol", "save", "1", "X", "--line", "gmex r", "--side", "r").code == 2
    assert signed("protocol", "save", "1", "X").code == 2
    assert signed("protocol", "save", "1", "X", "--line", "gmed r").code == 2
    assert signed("protocol", "show", "4").code == 3
    assert signed("protocol", "list", "--json").json["protocols"] == []


def test_a_visit_is_logged_from_a_protocol(signed: Run) -> None:
    signed("protocol", "save", "2", "Both", "--line", "gmed r 30x50; tfl l 30x40", "--side", "r")
    done = signed("log", "P1", "", "--protocol", "2", "--json").json
    assert [(one["muscle"], one["side"], one["origin"]) for one in done["insertions"]] == [
        ("GMED", "R", "confirmed"), ("TFL", "L", "confirmed"),
    ]  # fmt: skip
    assert done["status"] == "draft" and done["readings"] == []
