"""Screen, report, JSON and the bundle's ``completeness.csv`` read side by side: one set of numbers.

Each is read as a person or a script gets it: the painted terminal, the page's tables, the printed object, the
rows of the file. That the numbers are right is what the frozen values tell; here they must be the same.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from driving import Driver, running
from textual.widgets import Input

from hiplog import cli, settings
from hiplog.exchange import demo
from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.pictures import gallery
from hiplog.outcomes.rates import Rate, percent
from hiplog.tui.screens.outcomes.screen import OutcomesScreen
from hiplog.tui.widgets.picture import Picture

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
WHOLE = Filters()
MONTHS = Filters(date(2026, 3, 1), date(2026, 10, 31))
NARROW = Filters(date(2026, 11, 1), date(2026, 11, 30))
PERIODS = [pytest.param(WHOLE, id="whole"), pytest.param(MONTHS, id="months"), pytest.param(NARROW, id="few")]
TALL = (160, 320)
"""So many rows that every table stands there whole."""
FIGURE = re.compile(r"none yet|(\d+)/(\d+)(?: = ([\d.]+) % \(([\d.]+)–([\d.]+)\))?")
LINES = ("started", "completers", "locf")
LEFS = {"lefs_9": "LEFS at least 9 points (MCID)", "lefs_10": "LEFS at least 10 points (beyond error)"}
IN_REPORT = {
    "started": "all who started",
    "completers": "completers",
    "locf": "last observation carried forward",
}

Said = tuple[str, str, str, str, str]
"""Numerator, denominator, share and bounds in percent, as printed; empty where suppressed."""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """An invented clinic; nothing but the note of an export is written into it."""
    folder = tmp_path_factory.mktemp("four")
    made = demo.make(settings.load(at=str(folder), environ={}), patients=60, now=NOW, clock=lambda: NOW)
    yield made
    made.close()


def expected(found: Dashboard) -> dict[str, Rate]:
    """Every share that is shown, by its question and the key of its row."""
    lines, function = found.improvement.lines, found.improvement.function
    named = {f"improvement {line}": getattr(lines, line) for line in LINES}
    named |= {"improvement lefs_9": function.important, "improvement lefs_10": function.beyond_error}
    named |= {f"causes {one.key}": one.lines.started for one in found.causes.split.groups}
    named |= {f"safety {one.key}": one.sessions for one in found.safety.rates}
    named |= {f"therapists {one.code}": one.rate for one in found.therapists.points}
    named |= {f"attendance session:{one.ordinal}": one.came for one in found.attendance.points}
    rules = found.completeness.rules
    return named | {f"completeness {one.rule}": Rate(one.passed, one.denominator) for one in rules}


def printed(rate: Rate) -> Said:
    """A share as it must stand on paper and on the screen."""
    if not rate.n:
        return ("", "", "", "", "")
    shares = [percent(share) for share in rate.shown] if rate.shown else ["", "", ""]
    return (str(rate.events), str(rate.n), shares[0], shares[1], shares[2])


def read(text: str) -> Said:
    """The first share in a text."""
    found = FIGURE.search(text)
    assert found, text
    events, n, share, low, high = (part or "" for part in found.groups())
    return events, n, share, low, high


# -- the four ------------------------------------------------------------------------------------------


def command(book: Logbook, wanted: Filters, *words: str) -> None:
    period = ["--from", str(wanted.since), "--to", str(wanted.until)] if wanted.since else []
    folder = str(book.settings.path.parent)
    assert cli.main(["--at", folder, *words, *period], clock=lambda: NOW) == 0


def from_json(body: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """n, of, rate, low and high of each share in the printed object."""
    points = {one["key"]: one["points"] for one in body["answers"]}
    function = points["improvement"]["function"]
    held = {f"improvement {line}": body["lines"][line] for line in LINES}
    held |= {"improvement lefs_9": function["important"], "improvement lefs_10": function["beyond_error"]}
    groups, came = points["causes"]["split"]["groups"], points["attendance"]["points"]
    held |= {f"causes {one['key']}": one["responders"] for one in groups}
    held |= {f"therapists {one['code']}": one["rate"] for one in points["therapists"]["points"]}
    held |= {f"attendance session:{one['ordinal']}": one["came"] for one in came}
    held |= {f"completeness {one['rule']}": one for one in points["completeness"]["rules"]}
    found = {key: (one["n"], one["of"], one["rate"], one["low"], one["high"]) for key, one in held.items()}
    for one in body["reactions"]:
        figure = (one["sessions"], one["of"], one["rate"], one["low"], one["high"])
        found[f"safety {one['kind']}:{one['reporter']}"] = figure
    return found


def tables(page: str) -> dict[tuple[str, str], list[list[str]]]:
    """The rows of every table of the report by its section and its caption."""
    found = {}
    for section in re.findall(r'<section class="question" id="(\w+)">(.*?)</section>', page, re.DOTALL):
        for body in re.findall(r"<table>(.*?)</table>", section[1], re.DOTALL):
            rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
            caption = re.search(r"<caption>(.*?)</caption>", body)
            assert caption
            found[section[0], caption[1]] = [[unescape(cell) for cell in row] for row in cells[1:]]
    return found


def from_report(page: str, found: Dashboard) -> dict[str, Said]:
    """The second cell of each row, by what its first one names."""
    every = tables(page)

    def column(question: str, caption: str, names: dict[str, str]) -> dict[str, Said]:
        rows = {row[0]: row[1] for row in every[question, caption] if len(row) > 1}
        return {f"{question} {key}": read(rows[name]) for key, name in names.items()}

    said = column("improvement", "The ways of counting", IN_REPORT | LEFS)
    said |= column("causes", "By cause", {one.key: one.label for one in found.causes.split.groups})
    for reporter in ("therapist", "patient"):
        own = {one.key: one.label for one in found.safety.rates if one.reporter == reporter}
        said |= column("safety", f"Reactions as {reporter}s reported", own)
    said |= column("therapists", "By therapist", {one.code: one.code for one in found.therapists.points})
    came = {f"session:{one.ordinal}": str(one.ordinal) for one in found.attendance.points}
    said |= column("attendance", "By session", came)
    rules = {one.rule: one.label for one in found.completeness.rules}
    return said | column("completeness", "Rules", rules)


def screen(tui: Driver) -> OutcomesScreen:
    return next(one for one in tui.app.screen_stack if isinstance(one, OutcomesScreen))


async def answered(tui: Driver, *keys: str) -> None:
    await tui.press(*keys)
    while not screen(tui).ready:
        await tui.pilot.pause(0.01)
    await tui.rest()


async def from_screen(book: Logbook, wanted: Filters, found: Dashboard) -> tuple[dict[str, Said], str]:
    """Each painted row of the eight tables by the key its row has, and the whole of the last screen."""
    said: dict[str, Said] = {}
    async with running(book, TALL) as tui:
        await answered(tui, "f3")
        if wanted.since:
            await answered(tui, "p")
            await tui.type(f"{wanted.since}..{wanted.until}")
            await answered(tui, "enter")
            assert screen(tui).query_one("#by-period", Input).value
        await answered(tui, "t")
        for number, question in enumerate(QUESTIONS, 1):
            await answered(tui, str(number))
            picture = screen(tui).query_one(Picture)
            painted = [picture.render_line(row).text for row in range(1, picture.size.height)]
            entries = gallery.listing(found, question).entries
            for entry, row in zip(entries, painted, strict=False):
                key = f"{question} {entry.key}"
                if key in expected(found) and key not in said:
                    said[key] = read(row)
        return said, tui.text


@pytest.mark.parametrize("wanted", PERIODS)
async def test_screen_report_json_and_bundle_give_the_same_numbers(
    clinic: Logbook, wanted: Filters, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = clinic.read(dashboard.of, wanted)
    shares = expected(found)
    paper = {key: printed(rate) for key, rate in shares.items()}
    assert len(shares) > 30
    if wanted is NARROW:
        assert sum(rate.shown is None for rate in shares.values()) > 8

    on_screen, cards = await from_screen(clinic, wanted, found)
    assert on_screen == paper
    started = shares["improvement started"]
    assert f"responders {started.events}/{started.n}" in cards

    page = tmp_path / "report.html"
    command(clinic, wanted, "report", str(page))
    assert from_report(page.read_text(encoding="utf-8"), found) == paper

    capsys.readouterr()
    command(clinic, wanted, "outcomes", "--json")
    body = json.loads(capsys.readouterr().out)
    told = from_json(body)
    assert told.keys() == shares.keys()
    for key, rate in shares.items():
        assert told[key] == (rate.events, rate.n, *(rate.shown or (None, None, None))), key
    assert (body["patients"], body["episodes"], body["sessions"]) == (
        found.patients, found.episodes, found.sessions,
    )  # fmt: skip
    assert body["responders"]["rate"] == told["improvement started"][2]

    command(clinic, wanted, "export", str(tmp_path / "bundle"))
    with (tmp_path / "bundle" / "data" / "completeness.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["rule"]: row for row in csv.DictReader(file)}
    own = {key.removeprefix("completeness "): rate for key, rate in shares.items() if "completeness" in key}
    assert rows.keys() == own.keys()
    for rule, rate in own.items():
        row = rows[rule]
        assert (row["passed"], row["denominator"]) == (str(rate.events), str(rate.n))
        bounds = [rate.value, *rate.interval] if rate.interval else []
        assert [float(row[name]) for name in ("rate", "ci_low", "ci_high") if row[name]] == pytest.approx(
            bounds, abs=5e-5
        )
