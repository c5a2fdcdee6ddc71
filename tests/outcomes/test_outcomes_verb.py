"""``hiplog outcomes``: the agreed keys, a page of 80 columns, no percentage of fewer than ten."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clocks import SetClock
from cohorts import COHORTS, clinic
from invented import facts, play

from hiplog import cli
from hiplog.cli import outcome_words
from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard, plain
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.dashboard import Source
from hiplog.outcomes.explain import explained, keys
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.survival import kaplan_meier
from hiplog.settings import Settings

SHARE = {"n", "of", "rate", "low", "high", "method"}
Run = Callable[..., tuple[int, str, str]]


def a_larger_clinic(book: Logbook) -> None:
    play(book, [hip | {"therapist": "DN001"} for hip in clinic(9)[:14]])


def a_few_hips(book: Logbook) -> None:
    play(book, clinic(9)[:4])


@pytest.fixture
def run(places: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]) -> Run:
    clock.forward(days=400)

    def command(*words: str) -> tuple[int, str, str]:
        code = cli.main(["--at", str(places.path.parent), "outcomes", *words], clock=clock)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def answered(run: Run, *words: str) -> dict[str, Any]:
    code, out, _ = run("--json", *words)
    assert code == 0
    return dict(json.loads(out))


@pytest.mark.grown(by=a_larger_clinic)
def test_the_agreed_keys(run: Run) -> None:
    body = answered(run)
    assert next(iter(body)) == "schema_version"
    assert {
        "patients",
        "episodes",
        "sessions",
        "responders",
        "lines",
        "pain_change",
        "reactions",
    } <= body.keys()
    assert body["responders"].keys() >= {*SHARE, "rule"}
    assert {"started", "completers", "locf"} <= body["lines"].keys()
    assert all(body["lines"][line].keys() >= SHARE for line in ("started", "completers", "locf"))
    assert body["pain_change"].keys() >= {"median", "q1", "q3", "n"}
    wanted = {"kind", "reporter", "sessions", "of", "rate", "low", "high"}
    assert all(one.keys() >= wanted | {"asked_none", "asked_yes", "not_asked"} for one in body["reactions"])
    assert "groups" not in body
    assert body["caption"] == CAPTION


@pytest.mark.grown(by=a_larger_clinic)
def test_the_figures_are_those_of_the_dashboard(run: Run, book: Logbook) -> None:
    body, found = answered(run), book.read(dashboard.of)
    started = found.improvement.lines.started
    assert started.shown is not None
    responders = body["responders"]
    assert (responders["n"], responders["of"]) == (started.events, started.n) == (6, 11)
    assert (responders["rate"], responders["low"], responders["high"]) == started.shown
    assert len(body["answers"]) == 8
    for told, about in zip(body["answers"], found.abouts, strict=True):
        assert (told["question"], told["n"], told["missing"]) == (about.question, about.n, about.missing)
        assert told["period"]
        assert told["definition"]
        assert told["verdict"]


@pytest.mark.grown(by=a_larger_clinic)
def test_everything_is_json_as_it_stands_and_names_no_patient(book: Logbook) -> None:
    source = book.read(dashboard.read)
    split = dashboard.split(source, "muscle", Filters())
    text = json.dumps(plain.dashboard(dashboard.answer(source, Filters()), split), allow_nan=False)
    assert not re.search(r'"P\d+"', text)
    assert "Quillfeather" not in text


@pytest.mark.grown(by=a_larger_clinic)
@pytest.mark.parametrize(("by", "keys"), [("therapist", ["DN001"]), ("muscle", ["GMED"])])
def test_groups_that_were_asked_for(run: Run, by: str, keys: list[str]) -> None:
    body = answered(run, "--by", by)
    assert [one["key"] for one in body["groups"]] == keys
    assert body["groups"][0]["responders"] == {
        key: value for key, value in body["responders"].items() if key in SHARE
    }


@pytest.mark.grown(by=a_few_hips)
def test_a_small_therapist_is_not_named(run: Run) -> None:
    body = answered(run, "--by", "therapist")
    assert body["groups"] == []
    assert body["groups_hidden"]["hips"] == 4
    _, out, _ = run("--by", "therapist")
    assert "DN001" not in out
    assert "with fewer than 10 hips (4 hips)" in out


@pytest.mark.grown(by=a_few_hips)
def test_no_percentage_of_fewer_than_ten(run: Run) -> None:
    body = answered(run)
    assert body["responders"]["of"] < 10
    assert (body["responders"]["rate"], body["responders"]["low"]) == (None, None)
    _, out, _ = run()
    for events, n in re.findall(r"(\d+)/(\d+) = ", out):
        assert int(n) >= 10, f"{events}/{n}"
    assert f"all who started {body['responders']['n']}/{body['responders']['of']} " in " ".join(out.split())


@pytest.mark.grown(by=a_larger_clinic)
def test_the_page_fits_80_columns_and_says_what_it_is_not(run: Run) -> None:
    code, out, _ = run("--by", "cause")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert " ".join(out.split()).count(CAPTION) == 1
    questions = [line for line in out.splitlines() if re.match(r"[1-8]  ", line)]
    assert len(questions) == 8


@pytest.mark.grown(by=a_few_hips)
def test_the_period_and_the_filters(run: Run) -> None:
    assert answered(run, "--from", "2030-01-01")["sessions"] == 0
    whole = answered(run)["sessions"]
    assert answered(run, "--to", "2030-01-01")["sessions"] == whole
    sides = [answered(run, "--side", side)["sessions"] for side in "lr"]
    assert sum(sides) == whole
    code, _, err = run("--from", "2026-02-01", "--to", "2026-01-01")
    assert code == 2
    assert "comes after" in err
    assert run("--therapist", "nobody")[0] == 3


def test_an_empty_logbook(run: Run) -> None:
    body = answered(run, "--by", "cause")
    assert (body["patients"], body["groups"], body["pain_change"]["n"]) == (0, [], 0)
    code, out, _ = run()
    assert code == 0
    assert "Cannot tell yet" in out
    assert "nan" not in out.lower()


@pytest.mark.grown(by=a_larger_clinic)
def test_the_words_of_the_page_are_the_figures_of_the_dashboard(book: Logbook) -> None:
    found = book.read(dashboard.of)
    page = " ".join(" ".join(outcome_words.page(found)).split())
    assert f"all who started {found.improvement.lines.started.words}" in page
    assert f"measured again {found.attendance.remeasured.words}" in page
    told = [one for one in found.safety.rates if one.sessions.n]
    assert len({one.reporter for one in told}) == 2
    assert [one.key for one in told if f"{one.label} {one.sessions.words}" not in page] == []


@pytest.mark.grown(by=a_few_hips)
def test_a_number_taken_apart(run: Run) -> None:
    whole = answered(run)["responders"]
    told = answered(run, "--explain", "improvement:started")
    assert sum(one["counts"] for one in told["used"]) == whole["n"]
    assert len(told["used"]) == whole["of"]
    assert told["rule"]
    code, out, _ = run("--explain", "improvement:started")
    assert code == 0
    assert out.startswith(f"improvement:started  {whole['n']}/{whole['of']}\n")
    assert "no responder" in out
    code, _, err = run("--explain", "improvement:luck")
    assert code == 2
    assert "there are: started, completers" in err


def test_a_curve_stops_where_fewer_than_ten_are_followed() -> None:
    long, short = kaplan_meier(range(1, 13), [True] * 12)[2:4]
    assert (long.at_risk, short.at_risk) == (10, 9)
    assert long.shown is not None
    assert short.shown is None
    assert plain.plain(short) == {
        "time": 4, "at_risk": 9, "events": 1, "censored": 0, "reached": None, "low": None, "high": None,
    }  # fmt: skip


@pytest.mark.parametrize("number", range(COHORTS))
def test_on_no_page_stands_a_percentage_without_its_n(number: int) -> None:
    source = Source(facts(clinic(number)), (), ZoneInfo("Europe/Berlin"))
    found = dashboard.answer(source, Filters(), strict=bool(number % 2))
    split = dashboard.split(source, "therapist", Filters())
    assert json.dumps(plain.dashboard(found, split), allow_nan=False)
    for line in outcome_words.page(found, split):
        told = re.findall(r"(?:(\d+)/(\d+) = )?[\d.]+ % \(", line)
        followed = re.search(r"^ +by +\d+ sessions .* (\d+) followed", line)
        if followed:
            assert int(followed[1]) >= 10
        else:
            assert [pair for pair in told if not pair[1] or int(pair[1]) < 10] == []


@pytest.mark.parametrize("number", [1, 2, 3, 17, 31])
def test_every_number_of_an_odd_clinic_can_be_explained(number: int) -> None:
    source = Source(facts(clinic(number)), (), ZoneInfo("Europe/Berlin"))
    known = keys(dashboard.answer(source, Filters(), strict=True))
    told = [
        explained(source, question, key, Filters(), strict=True)
        for question, own in known.items()
        for key in own
    ]
    assert len(told) > 20
    assert [one.key for one in told if not one.rule or not one.figure] == []
    assert all(f"rests on {len(one.used)}," in "\n".join(outcome_words.explanation(one)) for one in told)
