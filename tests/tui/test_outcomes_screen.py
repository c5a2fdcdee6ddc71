"""The outcomes screen: eight questions, filters that answer as one types, what stands behind a number."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from driving import SIZES, Driver, running
from samples import followed, visited
from textual.widgets import Input

from hiplog import settings
from hiplog.clinical.errors import BadInput
from hiplog.exchange import demo
from hiplog.logbook import sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.cohort import CAPTION
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.pictures import gallery
from hiplog.outcomes.sheet import plain
from hiplog.outcomes.tally import Tally
from hiplog.tui.screens.audit.paper import Paper
from hiplog.tui.screens.outcomes import narrowing
from hiplog.tui.screens.outcomes.narrowing import Known
from hiplog.tui.screens.outcomes.screen import OutcomesScreen
from hiplog.tui.screens.today.screen import TodayScreen
from hiplog.tui.widgets.picture import Picture

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
THERE = Known(date(2026, 11, 23), "ymd", ("DN001", "DN002", "KB"), (2026, 2025))


@pytest.fixture(scope="module")
def demo_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    """An invented clinic to look around in; nothing is written into it."""
    folder = tmp_path_factory.mktemp("demo")
    made = demo.make(settings.load(at=str(folder), environ={}), patients=30, now=NOW, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def clinic_source(demo_clinic: Logbook) -> dashboard.Source:
    return demo_clinic.read(dashboard.read)


def answer(source: dashboard.Source, strict: bool = False, **wanted: Any) -> Dashboard:
    return dashboard.answer(source, Filters(**wanted), strict)


def screen(tui: Driver) -> OutcomesScreen:
    found = next(one for one in tui.app.screen_stack if isinstance(one, OutcomesScreen))
    assert isinstance(found, OutcomesScreen)
    return found


async def answered(tui: Driver) -> None:
    """Wait until what is shown is the answer to what is asked."""
    for _ in range(500):
        if screen(tui).ready:
            await tui.rest()
            return
        await tui.pilot.pause(0.01)
    raise AssertionError(f"no answer came:\n{tui.text}")


async def press(tui: Driver, *keys: str) -> None:
    for key in keys:
        await tui.press(key)
        await answered(tui)


async def write(tui: Driver, text: str) -> None:
    await tui.type(text)
    await answered(tui)


def flat(text: str) -> str:
    """The screen's words in one line, whatever the wrapping."""
    return " ".join(text.split())


# -- what stands there -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_each_question_stands_with_its_picture_its_n_and_the_caption(
    demo_clinic: Logbook, clinic_source: dashboard.Source, size: tuple[int, int]
) -> None:
    shown = answer(clinic_source)
    async with running(demo_clinic, size) as tui:
        await press(tui, "f3")
        for number, (about, question) in enumerate(zip(shown.abouts, QUESTIONS.values(), strict=True), 1):
            await press(tui, str(number))
            assert question in tui.text and f"[{number}]" in tui.text
            assert flat(CAPTION) in flat(tui.text)
            assert flat(about.verdict[1:])[:60] in flat(tui.text)
            assert f"n = {about.n} " in tui.text or f"n {about.n} " in tui.text
            assert f"{about.missing} missing" in tui.text or "missing" in flat(tui.text)
            assert all(len(line) <= size[0] for line in tui.lines)


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_paints_what_outcomes_draws(
    demo_clinic: Logbook, clinic_source: dashboard.Source, size: tuple[int, int]
) -> None:
    shown = answer(clinic_source)
    async with running(demo_clinic, size) as tui:
        await press(tui, "f3")
        for question in QUESTIONS:
            picture = screen(tui).query_one(Picture)
            at = gallery.listing(shown, question).entries[0].key
            rows = gallery.draw(shown, question, at, picture.size.width, picture.size.height)
            painted = [picture.render_line(y).text.rstrip() for y in range(picture.size.height)]
            assert painted == plain(rows), question
            await press(tui, "right")
        assert "[1]" in tui.text


async def test_the_cards_hold_the_numbers_of_the_dashboard(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    shown = answer(clinic_source)
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3")
        rates = (
            ("responders", shown.improvement.lines.started),
            ("reactions (therapists)", shown.safety.rate("ANY", "therapist").sessions),
            ("re-measured", shown.attendance.remeasured),
        )
        for name, rate in rates:
            assert f"{name} {rate.events}/{rate.n}" in tui.text
            assert rate.words.partition("= ")[2].partition(",")[0] in tui.text
        change = shown.improvement.change
        assert f"pain change, n {change.n}" in tui.text and change.words.partition(", n")[0] in tui.text


async def test_the_number_under_the_cursor_is_that_of_the_list(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    shown = answer(clinic_source)
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "6")
        entries = gallery.listing(shown, "attendance").entries
        for at, entry in enumerate(entries[:4], 1):
            assert f"▸ {at}/{len(entries)}  {entry.words}"[:100] in tui.text
            await press(tui, "down")
        await press(tui, "G")
        assert f"▸ {len(entries)}/{len(entries)}" in tui.text
        await press(tui, "down", "g", "k")
        assert f"▸ 1/{len(entries)}" in tui.text


async def test_the_table_lists_the_points_of_the_picture(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    shown = answer(clinic_source)
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "6", "t")
        assert "hips = share (95 %)" in tui.text
        for point in shown.attendance.points:
            assert re.search(rf"{point.ordinal} +{re.escape(point.came.words)}", tui.text)
        await press(tui, "t")
        assert "▇ came again" in tui.text


async def test_every_picture_reads_without_colour(demo_clinic: Logbook, monkeypatch: Any) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(demo_clinic) as tui:
        await press(tui, "f3")
        signs = ("○ first  ● final", "▸", "sessions 3–6", "○", "all ", "× last, stopped", "· nothing", "▸")
        for number, sign in enumerate(signs, 1):
            await press(tui, str(number))
            assert sign in tui.text
        assert tui.app.no_color


# -- filters ---------------------------------------------------------------------------------------


async def test_a_filter_answers_while_it_is_typed(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    left = answer(clinic_source, side="L").improvement.lines.started
    everybody = answer(clinic_source).improvement.lines.started
    assert left.n != everybody.n
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3")
        assert f"responders {everybody.events}/{everybody.n}" in tui.text
        await press(tui, "s")
        await write(tui, "l")
        assert f"responders {left.events}/{left.n}" in tui.text
        assert "side: left hips" in tui.text
        await press(tui, "enter")
        assert screen(tui).query_one("#by-side", Input).value == "left"
        await press(tui, "escape")
        assert f"responders {everybody.events}/{everybody.n}" in tui.text


async def test_arrow_keys_go_through_the_choices(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    mine = answer(clinic_source, therapist="DN002").completeness.about
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "7", "w", "down", "down")
        assert "therapist: DN002" in tui.text
        assert f"n {mine.n} sessions" in tui.text
        await press(tui, "up", "up")
        assert "therapist: all therapists" in tui.text


async def test_typing_after_a_choice_takes_its_place(demo_clinic: Logbook) -> None:
    async with running(demo_clinic) as tui:
        await press(tui, "f3", "p", "down")
        await write(tui, "2026")
        assert screen(tui).query_one("#by-period", Input).value == "2026"
        assert "period: from 2026-01-01 to 2026-12-31" in tui.text


async def test_what_cannot_be_read_says_so_and_changes_nothing(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    everybody = answer(clinic_source).improvement.lines.started
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "p")
        await write(tui, "x")
        assert "✗ period: 'x' is none" in tui.text and "shown: the whole record" in tui.text
        assert f"responders {everybody.events}/{everybody.n}" in tui.text
        await press(tui, "escape")
        assert screen(tui).query_one("#by-period", Input).value == ""


async def test_a_field_that_is_left_says_what_is_shown(demo_clinic: Logbook) -> None:
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "p")
        await write(tui, "2026-13")
        assert (
            "✗ period: there is no month 13" in tui.text
            and "shown: from 2026-01-01 to 2026-01-31" in tui.text
        )
        await press(tui, "escape")
        assert screen(tui).query_one("#by-period", Input).value == "2026-01-01..2026-01-31"


async def test_the_records_are_read_once_and_filters_answer_from_memory(
    demo_clinic: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    real = dashboard.read

    def counted(*args: Any, **kwargs: Any) -> dashboard.Source:
        reads.append(1)
        return real(*args, **kwargs)

    # Without a filter nothing is read but the counts.
    monkeypatch.setattr(dashboard, "read", counted)
    async with running(demo_clinic) as tui:
        await press(tui, "f3", "s", "down", "down", "enter", "c", "down", "escape")
        await tui.press("f2")
        await press(tui, "f3")
        assert len(reads) == 1
        await press(tui, "f5")
        assert len(reads) == 2


@pytest.mark.grown(by=visited)
async def test_what_was_written_since_is_read_anew(book: Logbook) -> None:
    async with running(book) as tui:
        await press(tui, "f3", "7")
        before = re.search(r"n = (\d+) session", tui.text)
        await tui.press("f2")
        (patient,) = {one.patient for one in demo_sessions(book)}
        tui.app.desk.book.write(sessions.start, patient, demo_sessions(book)[0].episode)
        await press(tui, "f3")
        after = re.search(r"n = (\d+) session", tui.text)
        assert before and after and int(after[1]) == int(before[1]) + 1


def demo_sessions(book: Logbook) -> tuple[Any, ...]:
    from hiplog.logbook import patients

    return tuple(one for who in book.read(patients.everyone) for one in book.read(sessions.of, who.id))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("", (None, None)),
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("2026-2", (date(2026, 2, 1), date(2026, 2, 28))),
        ("2025-12..2026-01", (date(2025, 12, 1), date(2026, 1, 31))),
        ("2026-03-04..", (date(2026, 3, 4), None)),
        ("..2026-03-04", (None, date(2026, 3, 4))),
        ("30 days", (date(2026, 10, 25), None)),
        ("last 2 w", (date(2026, 11, 10), None)),
        ("6 months", (date(2026, 5, 24), None)),
        ("1y", (date(2025, 11, 24), None)),
        ("today", (date(2026, 11, 23), date(2026, 11, 23))),
    ],
)
def test_periods_as_people_type_them(text: str, period: tuple[date | None, date | None]) -> None:
    assert narrowing.period(text, THERE) == period


@pytest.mark.parametrize("text", ["x", "2026-13", "2026-03..2026-01", "99999999", "9999 y", "2026-02-30"])
def test_periods_that_cannot_be(text: str) -> None:
    with pytest.raises(BadInput, match="period"):
        narrowing.period(text, THERE)


@pytest.mark.parametrize("field", narrowing.FIELDS)
def test_going_through_the_choices_comes_round(field: str) -> None:
    text, seen = "", []
    for _ in narrowing.choices(field, THERE):
        seen.append(text)
        text = narrowing.stepped(field, text, 1, THERE)
    assert text == "" and seen == list(narrowing.choices(field, THERE))
    assert narrowing.stepped(field, "", -1, THERE) == seen[-1]


# -- behind a number -------------------------------------------------------------------------------


async def test_a_number_is_explained_by_its_rule_its_sessions_and_what_it_leaves_out(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    started = answer(clinic_source).improvement.lines.started
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "x")
        assert isinstance(tui.app.screen, Paper)
        said = flat(tui.text.replace("│", " "))
        assert started.words in said and "Responder: fall of at least 2 points" in said
        assert f"It rests on {started.n}; {started.events} of them count (+)" in said
        assert re.search(r"\+ P\d+ sessions? \d", said)
        await press(tui, "escape", "2", "x")
        assert isinstance(tui.app.screen, Paper)
        assert "muscular imbalance" in tui.text


async def test_a_week_of_the_grid_is_explained(demo_clinic: Logbook) -> None:
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "7", *["down"] * 8)
        assert re.search(r"▸ 9/\d+  DN\d+ in 2026-W\d+: \d+ sessions?, lacking", tui.text)
        await press(tui, "x")
        assert "Sessions of one therapist in one ISO week" in tui.text


async def test_the_rules_stand_behind_one_key(demo_clinic: Logbook) -> None:
    async with running(demo_clinic) as tui:
        await press(tui, "f3", "3", "d")
        assert "Kaplan–Meier (1958)" in flat(tui.text)


async def test_both_forms_of_the_rule_can_be_asked_for(
    demo_clinic: Logbook, clinic_source: dashboard.Source
) -> None:
    strict = answer(clinic_source, strict=True).improvement.lines.started
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "r")
        assert f"responders {strict.events}/{strict.n}" in tui.text
        assert "both points and percent" in tui.notices


async def test_the_report_is_written_where_it_was_asked_for(demo_clinic: Logbook, tmp_path: Path) -> None:
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "e")
        assert "hiplog-outcomes-2026-11-23.html" in tui.text
        tui.app.screen.query_one("#in-file", Input).value = str(tmp_path / "page")
        await tui.press("ctrl+s")
        for _ in range(500):
            if "is written" in tui.notices:
                break
            await tui.pilot.pause(0.02)
        page = tmp_path / "page.html"
        assert f"The report is written: {page}" in tui.notices
        assert CAPTION[1:] in page.read_text(encoding="utf-8")


async def test_the_report_never_takes_the_place_of_another_file(demo_clinic: Logbook, tmp_path: Path) -> None:
    other = tmp_path / "mine.html"
    other.write_text("my own page", encoding="utf-8")
    async with running(demo_clinic, (120, 36)) as tui:
        await press(tui, "f3", "e")
        tui.app.screen.query_one("#in-file", Input).value = str(other)
        await tui.press("ctrl+s")
        for _ in range(200):
            if "no page of hiplog" in flat(tui.text):
                break
            await tui.pilot.pause(0.02)
        assert "no page of hiplog" in flat(tui.text)
    assert other.read_text(encoding="utf-8") == "my own page"


# -- long work, empty and odd clinics --------------------------------------------------------------


async def test_reading_shows_how_far_it_is_and_escape_stops_it(
    demo_clinic: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, real = threading.Event(), dashboard.counted

    def slow(unit: Any, filters: Any, work: Any) -> Tally:
        work.more(1)
        work.step("reading sessions")
        go_on.wait(20)
        return real(unit, filters, work)

    monkeypatch.setattr(dashboard, "counted", slow)
    async with running(demo_clinic) as tui:
        await tui.pilot.press("f3")
        for _ in range(500):
            if "reading sessions" in tui.text:
                break
            await tui.pilot.pause(0.02)
        assert re.search(r"░ reading sessions, 0 of \d+   Esc: stop", tui.text)
        await tui.pilot.press("escape")
        go_on.set()
        for _ in range(500):
            if "stopped" in tui.text:
                break
            await tui.pilot.pause(0.02)
        assert "stopped; F5 reads the records again" in tui.text
        await tui.press("f5")
        await answered(tui)
        assert "all that began" in tui.text


@pytest.mark.parametrize("size", [*SIZES, (60, 16)])
async def test_an_empty_logbook_cannot_tell_yet(book: Logbook, size: tuple[int, int]) -> None:
    async with running(book, size) as tui:
        await press(tui, "f3")
        for number in range(1, 9):
            await press(tui, str(number), "t", "t", "down")
            assert "Cannot tell yet" in tui.text
            picture = screen(tui).query_one(Picture)
            assert "%" not in "".join(picture.render_line(y).text for y in range(picture.size.height))
        await press(tui, "x", "e")
        assert "no number to explain" in tui.notices


@pytest.mark.grown(by=followed)
async def test_one_patient_gives_counts_and_no_percentage(book: Logbook) -> None:
    async with running(book) as tui:
        await press(tui, "f3")
        assert "responders 0/1" in tui.text and "too few for a rate" in tui.text
        for number in range(1, 9):
            await press(tui, str(number))
            assert not re.search(r"\d/\d+ = \d", tui.text)


async def test_escape_leaves_one_thing_at_a_time(demo_clinic: Logbook) -> None:
    async with running(demo_clinic) as tui:
        await press(tui, "f3", "t", "s", "down", "escape")
        assert screen(tui).query_one(Picture).has_focus
        await press(tui, "escape")
        assert "all that began" in tui.text
        await press(tui, "escape")
        assert screen(tui).query_one("#by-side", Input).value == ""
        await tui.press("escape")
        assert isinstance(tui.app.screen, TodayScreen)


async def test_a_fault_while_reading_is_a_notice(
    demo_clinic: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Tally:
        raise ValueError("a fault")

    monkeypatch.setattr(dashboard, "counted", broken)
    async with running(demo_clinic) as tui:
        await tui.pilot.press("f3")
        for _ in range(300):
            if tui.notices:
                break
            await tui.pilot.pause(0.02)
        assert "fault in the program" in tui.notices and "a fault" not in tui.notices.split("fault in")[0]
        assert isinstance(tui.app.screen, OutcomesScreen)


async def test_the_footer_holds_six_keys_and_f1_all_of_them(demo_clinic: Logbook) -> None:
    async with running(demo_clinic, (100, 70)) as tui:
        await press(tui, "f3")
        shown = {b.binding.action for b in tui.app.screen.active_bindings.values() if b.binding.show}
        assert len(shown) <= 6
        await press(tui, "f1")
        for words in (*QUESTIONS.values(), "Narrow to a therapist", "Read the records anew"):
            assert words in flat(tui.text.replace("│", " "))
