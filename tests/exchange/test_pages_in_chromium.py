"""Pages in a real Chromium: they show, in light and in dark, and print, each as a person would get it.

Needs a Chromium and poppler's ``pdftotext`` and ``pdfinfo``; run it with ``pytest -m browser``. Without them
the tests fail and say what to install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from papers import HOSTILE, Paper, demo_clinic, report_of

from hiplog.clinical.aftercare import sheet_defaults
from hiplog.clinical.record import Session
from hiplog.exchange.figures import inks
from hiplog.exchange.pages import aftercare, gather
from hiplog.exchange.pages import visit as summary
from hiplog.exchange.pages.aftercare import Sheet
from hiplog.logbook import patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes.about import QUESTIONS

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-pdf-header-footer",
)
DARK = "--blink-settings=preferredColorScheme=0"
Pixel = tuple[int, int, int]
Open = Callable[..., str]


def tool(*names: str, install: str) -> str:
    """The path of the first of ``names`` there is; the test fails when none is."""
    chosen = os.environ.get("HIPLOG_TEST_CHROMIUM") if "chromium" in names else None
    found = chosen or next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(f"none of {', '.join(names)} is installed; install it with: apt-get install {install}")
    return found


@pytest.fixture
def browser(tmp_path: Path) -> Open:
    """Open a page with the given switches and return what the browser prints."""
    program = tool(*NAMES, install="chromium, or name one in HIPLOG_TEST_CHROMIUM")

    def opened(page: str, *switches: str) -> str:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        words = [program, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", *switches, path.as_uri()]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return opened


@dataclass(frozen=True)
class Clinic:
    """The three pages of one invented clinic."""

    report: str
    visit: str
    sheet: str


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    book = demo_clinic(tmp_path_factory.mktemp("demo"))
    code, session = richest(book)
    visit = summary.html(gather.visit(book, code, session.number))
    sheet = Sheet(
        book.clinic.name, book.clinic.zone, code, sheet_defaults(), 3, datetime(2026, 3, 2, tzinfo=UTC)
    )
    yield Clinic(report_of(book)[1], visit, aftercare.html(sheet))
    book.close()


def richest(book: Logbook) -> tuple[str, Session]:
    """The visit with most needle sites, and its patient's code."""
    found = [
        (len(session.insertions), who.code, session.number, session)
        for who in book.read(patients.everyone)
        for session in book.read(sessions.of, who.id)
        if session.status == "signed"
    ]
    _, code, _, session = max(found, key=lambda one: one[:3])
    return code, session


# the screen


def pixels(path: Path, rows: int) -> list[Pixel]:
    """The first ``rows`` of a PNG with eight bits a channel, undone of its filters (PNG, section 9)."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, depth, kind = int.from_bytes(data[16:20]), data[24], data[25]
    size = {2: 3, 6: 4}[kind]
    assert depth == 8
    packed = b"".join(data[m.end() : m.end() + int.from_bytes(data[m.start() - 4 : m.start()])]
                      for m in re.finditer(b"IDAT", data))  # fmt: skip
    raw, stride = zlib.decompress(packed), width * size
    before, found = bytearray(stride), []
    for row in range(rows):
        at = row * (stride + 1)
        before = _unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), before, size)
        found += [(before[x], before[x + 1], before[x + 2]) for x in range(0, stride, size)]
    return found


def _unfiltered(kind: int, line: bytearray, above: bytearray, size: int) -> bytearray:
    for x in range(len(line)):
        left, up = (line[x - size] if x >= size else 0), above[x]
        corner = above[x - size] if x >= size else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        line[x] = (line[x] + guess) & 255
    return line


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def colour(words: str) -> Pixel:
    return (int(words[1:3], 16), int(words[3:5], 16), int(words[5:7], 16))


def photograph(browser: Open, page: str, path: Path, *switches: str) -> Counter[Pixel]:
    browser(page, f"--screenshot={path}", "--window-size=500,700", *switches)
    return Counter(pixels(path, 500))


@pytest.mark.parametrize("name", ["report", "visit", "sheet"])
def test_a_page_shows_letters_on_its_paper_in_light_and_in_dark(
    browser: Open, clinic: Clinic, tmp_path: Path, name: str
) -> None:
    page = getattr(clinic, name)
    light = photograph(browser, page, tmp_path / "light.png")
    dark = photograph(browser, page, tmp_path / "dark.png", DARK)
    for seen, sheet in ((light, inks.LIGHT), (dark, inks.DARK)):
        assert seen.most_common(1)[0][0] == colour(sheet["paper"])
        assert seen[colour(sheet["ink"])] > 100
    assert colour(inks.LIGHT["paper"]) not in dark


def test_the_series_have_their_own_colours_in_light_and_in_dark(
    browser: Open, clinic: Clinic, tmp_path: Path
) -> None:
    figure = re.search(r"<svg(?:(?!<svg).)*?<title[^>]*>Trend.*?</svg>", clinic.visit, re.S)
    assert figure
    head = clinic.visit.partition("<body")[0]
    page = f"{head}<body style='max-width:none'>{figure[0]}</body></html>"
    for sheet, switch in ((inks.LIGHT, "--force-color-profile=srgb"), (inks.DARK, DARK)):
        seen = photograph(browser, page, tmp_path / "trend.png", switch)
        assert seen[colour(sheet["first"])] > 50
        assert seen[colour(sheet["second"])] > 50


def test_the_browser_reads_the_page_as_it_was_written(browser: Open, clinic: Clinic) -> None:
    for page in (clinic.report, clinic.visit, clinic.sheet):
        read = Paper(browser(page, "--dump-dom"))
        assert "script" not in read.tags
        assert read.text == Paper(page).text
    assert browser(clinic.report, "--dump-dom").count("<svg") == clinic.report.count("<svg") >= 12


def test_hostile_words_are_text_in_the_browser_too(browser: Open) -> None:
    words = " ".join(HOSTILE)
    sheet = Sheet(words, "Europe/Berlin", "P-1", (), 1, datetime(2026, 3, 2, tzinfo=UTC), words)
    plain = aftercare.html(replace(sheet, clinic="x", name="x"))
    dump = browser(aftercare.html(sheet), "--dump-dom")
    assert Paper(dump).tags == Paper(browser(plain, "--dump-dom")).tags
    assert "<script>alert(1)</script>" in Paper(dump).text
    assert "{{7*7}}" in Paper(dump).text


# paper


def printed(browser: Open, page: str, path: Path) -> tuple[int, str]:
    """Print a page; return how many sheets it takes and the text on them."""
    browser(page, f"--print-to-pdf={path}")
    info = subprocess.run(
        [tool("pdfinfo", install="poppler-utils"), path], capture_output=True, text=True, check=True
    ).stdout
    words = [tool("pdftotext", install="poppler-utils"), "-layout", path, "-"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Pages:\s+(\d+)", info)
    assert found
    return int(found[1]), re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("size", ["A5", "A4"])
def test_the_aftercare_sheet_fits_one_sheet(browser: Open, clinic: Clinic, tmp_path: Path, size: str) -> None:
    page = clinic.sheet.replace("@page { ", f"@page {{ size: {size}; ")
    assert page != clinic.sheet
    sheets, text = printed(browser, page, tmp_path / "sheet.pdf")
    assert sheets == 1
    assert "Call us if you notice:" in text
    assert "a needle left in" in text


def test_the_report_prints_each_question_with_its_figure(
    browser: Open, clinic: Clinic, tmp_path: Path
) -> None:
    sheets, text = printed(browser, clinic.report, tmp_path / "report.pdf")
    assert len(QUESTIONS) < sheets < 40
    for number, question in enumerate(QUESTIONS.values(), 1):
        assert f"{number}. {question}" in text
    assert "not proof of effect" in text
    for words in ("hips still followed", "all who started", "responder", "gluteus medius"):
        assert words in text


def test_the_visit_prints_its_sites_and_their_names_on_the_map(
    browser: Open, clinic: Clinic, tmp_path: Path
) -> None:
    sheets, text = printed(browser, clinic.visit, tmp_path / "visit.pdf")
    assert 1 <= sheets <= 5
    for words in ("What was done", "L left", "R right", "pain now", "Advice given"):
        assert words in text


def test_paper_is_white_even_where_the_screen_is_dark(browser: Open, clinic: Clinic, tmp_path: Path) -> None:
    browser(clinic.sheet, f"--print-to-pdf={tmp_path / 'a.pdf'}", DARK)
    drawer = tool("pdftoppm", install="poppler-utils")
    subprocess.run([drawer, "-r", "40", "-png", tmp_path / "a.pdf", tmp_path / "a"], check=True)
    (picture,) = tmp_path.glob("a-*.png")
    seen = Counter(pixels(picture, 120))
    assert seen.most_common(1)[0][0] == (255, 255, 255)
    assert colour(inks.DARK["paper"]) not in seen
