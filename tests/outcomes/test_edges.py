"""The edges: nobody, one, all missing, all nought, one therapist, a quiet month, 0 of n, n of n.

Each clinic goes through every picture in both sizes, every list, the page, the report and the JSON.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from invented import START, facts

from hiplog.cli import outcome_words
from hiplog.exchange.pages import report
from hiplog.outcomes import dashboard, plain
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.explain import explained, keys
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.pictures import gallery
from hiplog.outcomes.sheet import plain as as_text

BERLIN = ZoneInfo("Europe/Berlin")
LATER = START + timedelta(days=1500)
Clinic = list[dict[str, Any]]


def hips(count: int, start: int | None, end: int | None, said: str = "none", people: int = 2) -> Clinic:
    """So many hips of two visits in January and April 2024 with these scores."""
    return [
        {
            "patient": f"P{at}",
            "side": "LR"[at % 2],
            "cause": "OA",
            "therapist": f"DN00{1 + at % people}",
            "visits": [_visit(at, start, said), _visit(at + 95, end, said)],
        }
        for at in range(count)
    ]


def _visit(day: int, score: int | None, said: str) -> dict[str, Any]:
    told = {"therapist_said": said, "patient_said": said, "soreness": 3 if said == "yes" else None}
    return {"day": day, "before": score, "after": None, "later": None, "insertions": 3, **told}


EDGES = {
    "nobody": [],
    "one": hips(1, 6, 2),
    "all missing": hips(24, None, None, "not_asked"),
    "never again": hips(24, 6, None),
    "all nought": hips(24, 0, 0),
    "one therapist": hips(24, 6, 2, people=1),
    "0 of n": hips(24, 6, 6),
    "n of n": hips(24, 6, 1, "yes"),
}


def source(made: Clinic) -> Source:
    return Source(facts(made), (), BERLIN)


def shown(name: str, *, strict: bool = False) -> Dashboard:
    return dashboard.answer(source(EDGES[name]), Filters(), strict=strict)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", EDGES)
def test_no_edge_breaks_a_picture_a_page_or_the_json(name: str, strict: bool) -> None:
    found = shown(name, strict=strict)
    said = [*outcome_words.page(found), report.html(found, "Clinic", "Europe/Berlin", LATER)]
    said.append(json.dumps(plain.dashboard(found), allow_nan=False))
    for question in QUESTIONS:
        entries = gallery.listing(found, question).entries
        for width, height in ((78, 12), (74, 26), (40, 8)):
            for at in (None, *(entry.key for entry in entries[:3])):
                rows = gallery.draw(found, question, at, width, height)
                assert (len(rows), {len(row) for row in rows}) == (height, {width})
                said += as_text(rows)
        said += [entry.words for entry in entries]
    text = "\n".join(said)
    assert not re.search(r"\bnan\b|\binf\b|None|-0\.0", text.replace("none", ""))
    assert [n for n in re.findall(r"\d+/(\d+) = ", text) if int(n) < 10] == []


@pytest.mark.parametrize("name", ["nobody", "one"])
def test_too_few_cannot_tell_yet_and_say_so(name: str) -> None:
    assert all(about.verdict.startswith("cannot tell yet") for about in shown(name).abouts)
    assert all(
        " % " not in line for about in shown(name).abouts for line in (about.verdict,) if "Brady" not in line
    )


@pytest.mark.parametrize(
    ("name", "started", "completers", "verdict"),
    [
        ("all missing", "0/24 = 0.0 % (0.0–13.8)", "none yet", "fewer than half"),
        ("never again", "0/24 = 0.0 % (0.0–13.8)", "none yet", "fewer than half"),
        ("all nought", "none yet", "none yet", "cannot tell yet: 0 hips"),
        ("0 of n", "0/24 = 0.0 % (0.0–13.8)", "0/24 = 0.0 % (0.0–13.8)", "fewer than half"),
        ("n of n", "24/24 = 100.0 % (86.2–100.0)", "24/24 = 100.0 % (86.2–100.0)", "more than half"),
    ],
)
def test_what_the_edges_count(name: str, started: str, completers: str, verdict: str) -> None:
    found = shown(name).improvement
    assert found.lines.started.words.startswith(started)
    assert found.lines.completers.words.startswith(completers)
    assert found.about.verdict.startswith(verdict)


@pytest.mark.parametrize("name", ["0 of n", "n of n"])
def test_where_all_are_alike_no_therapist_lies_outside(name: str) -> None:
    funnel = shown(name).therapists
    assert [(point.rate.n, point.place) for point in funnel.points] == [(12, "inside")] * 2
    assert funnel.dispersion is None
    assert "outside" not in funnel.about.verdict.replace("lies outside the limits", "")


def test_one_therapist_is_shown_and_compared_with_nobody() -> None:
    funnel = shown("one therapist").therapists
    assert [point.code for point in funnel.points] == ["DN001"]
    assert funnel.about.verdict == "cannot tell yet: 1 therapist with 10 hips, a comparison needs two"


def test_quiet_months_stay_on_the_chart_without_a_value() -> None:
    chart = shown("0 of n").safety.charts[0].chart
    assert [(point.label, point.value) for point in chart.points] == [
        ("2024-01", 0), ("2024-02", None), ("2024-03", None), ("2024-04", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_every_number_of_an_edge_can_be_explained(name: str) -> None:
    held = source(EDGES[name])
    for question, known in keys(dashboard.answer(held, Filters())).items():
        for key in known:
            told = explained(held, question, key, Filters())
            assert told.rule and told.figure
