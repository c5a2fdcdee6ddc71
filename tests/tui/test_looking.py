"""From a patient's page: the body map, the point memory, and the aftercare sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from clocks import SetClock
from driving import SIZES, Driver, running
from samples import CANARY, admit, site, visit

from hiplog.clinical.record import Inquiry, Reaction
from hiplog.logbook import followups
from hiplog.logbook.book import Logbook


async def opened(tui: Driver) -> None:
    """Find the patient and open the page."""
    await tui.rush("/", "z", "w", "i", "enter")


def needled(book: Logbook, clock: SetClock) -> None:
    """Two visits; the first one left the patient sore."""
    who, episode = admit(book)
    rows = (site(insertions=3), site("PIRI", zone=None, twitch="none"))
    first = visit(book, who.id, episode, 7, 4, insertions=rows, advice=("HEAT", "WATCH"))
    clock.forward(hours=26)
    sore = Reaction("PAIN_AFT", "mild", soreness=4)
    book.write(followups.record, first.id, Inquiry("follow_up", "checklist", "patient", "yes", (sore,)))
    clock.forward(days=7)
    visit(book, who.id, episode, 6, 5, insertions=(site(),), advice=("HEAT", "WATCH"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_map_shows_the_numbers_of_this_episode(
    book: Logbook, clock: SetClock, size: tuple[int, int]
) -> None:
    needled(book, clock)
    async with running(book, size) as tui:
        await opened(tui)
        await tui.press("b")
        assert "Body map: right hip, overuse" in tui.text
        assert "▸ gluteus medius, right: 4 insertions" in tui.text and "[4]" in tui.text
        assert "schematic; numbers are insertions" in tui.text and "Esc: close" in tui.text
        await tui.press("o")
        assert "▸ gluteus medius, left: no insertions" in tui.text
        await tui.press("enter")
        assert "gluteus medius, left" in tui.text
        await tui.press("escape")
        assert "2 visits" in tui.text


@pytest.mark.parametrize("size", SIZES)
async def test_the_memory_of_a_point_is_told_visit_by_visit(
    book: Logbook, clock: SetClock, size: tuple[int, int]
) -> None:
    needled(book, clock)
    async with running(book, size) as tui:
        await opened(tui)
        await tui.press("k")
        row = tui.line_with("gluteus medius")
        assert [word in row for word in ("2×", "2 of 2", "1 of 1, to 4", "−2")] == [True] * 4
        assert "2nd time, today: twitch, soreness not asked, pain −1" in tui.text
        assert "1st time, 2 Mar: twitch, sore after 4 of 10, pain −3" in tui.text
        assert "Observational" in tui.text and "Esc: close" in tui.text
        await tui.press("down")
        assert "1st time, 2 Mar: no twitch, sore after 4 of 10, pain −3" in tui.text
        await tui.press("escape")
        assert "2 visits" in tui.text


async def test_a_new_patient_has_an_empty_map_and_memory(book: Logbook) -> None:
    admit(book, side="L")
    async with running(book) as tui:
        await opened(tui)
        await tui.press("b")
        assert "▸ gluteus medius, left: no insertions" in tui.text
        await tui.press("escape", "k")
        assert "Nothing yet: sign a visit with needle sites" in tui.text
        await tui.press("escape", "p")
        assert "No visit yet: the usual advice." in tui.text


async def test_the_aftercare_sheet_is_read_copied_and_written(
    book: Logbook, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needled(book, clock)
    target = tmp_path / "pages" / "sheet.html"
    async with running(book) as tui:
        await opened(tui)
        await tui.press("p")
        assert "Advice ticked in visit 2" in tui.text and "A warm pack may feel comfortable" in tui.text
        assert "cold pack" not in tui.text
        monkeypatch.setenv("TERM", "xterm-256color")
        await tui.press("c")
        assert "Sent to the terminal's clipboard. Nothing to paste?" in tui.notices
        assert "A warm pack may feel comfortable" in tui.app.clipboard and CANARY not in tui.app.clipboard
        await tui.press("w", "end", "ctrl+u")
        await tui.type(str(target))
        await tui.press("ctrl+s")
        assert "The page is written" in tui.notices
        await tui.press("escape")
        assert "2 visits" in tui.text
    page = target.read_text()
    assert "A warm pack may feel comfortable" in page and CANARY not in page
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", SIZES)
async def test_the_summary_of_a_visit_is_read_copied_and_written(
    book: Logbook, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    needled(book, clock)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("HOME", str(tmp_path))
    async with running(book, size) as tui:
        await opened(tui)
        await tui.press("P")
        assert "Summary of visit 2" in tui.text and "visit 2 of P-001" in tui.text
        words = "".join(str(w.render()) for w in tui.app.screen.query("#words"))
        assert CANARY not in words.partition("Note")[0]
        await tui.press("c")
        copied = tui.app.clipboard
        assert "gluteus medius, right" in copied and "What was measured" in copied and "5/10" in copied
        await tui.press("w", "ctrl+s")
        target = tmp_path / "visit-2-P-001.html"
        assert f"The page is written: {target}" in tui.notices.replace("\n", "")
        await tui.press("n")
        assert "It carries the patient's name" in tui.text and f"visit 2 of {CANARY}" in tui.text
        await tui.press("escape", "enter", "p")
        assert "Summary of visit 2" in tui.text
    page = target.read_text()
    assert "<svg" in page and "Body map" in page
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("environ", "says"),
    [({"TERM": "linux"}, "The system console"), ({"TERM_PROGRAM": "Apple_Terminal"}, "Apple's Terminal")],
)
async def test_a_terminal_without_a_clipboard_is_told_of(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], says: str
) -> None:
    admit(book)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("p", "c")
        assert f"{says} has no clipboard that a program can reach: w writes a page." in tui.notices
        assert tui.app.clipboard == ""


async def test_a_page_is_never_written_over_something_else(
    book: Logbook, clock: SetClock, tmp_path: Path
) -> None:
    needled(book, clock)
    other = tmp_path / "letter.html"
    other.write_text("mine")
    async with running(book) as tui:
        await opened(tui)
        await tui.press("p", "w", "end", "ctrl+u")
        await tui.type(str(other))
        await tui.press("ctrl+s")
        assert "is no page of hiplog" in tui.text
    assert other.read_text() == "mine"
