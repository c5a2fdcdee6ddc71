"""Reading a page back as a browser's parser sees it, and pages to read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

from hiplog import settings
from hiplog.exchange import demo
from hiplog.exchange.pages import report
from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard
from hiplog.outcomes.dashboard import Dashboard

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALONE = {"meta", "link", "img", "br", "hr", "input", "path", "line", "rect", "circle"}

HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}}{% for x in y %}",
    "[/][@click=app.quit]x[/]",
    "a\u202eb\u2066c",
    "\x1b]52;c;eA==\x07\x00",
    '" onload="x" \'',
    "</svg></style></title><img src=//evil.example/x>",
    "שלום 漢字 🦴",
)
"""What may have been typed: tags, templates, markup, directions, terminal codes, quotes, other scripts."""


class Paper(HTMLParser):
    """A page: its tags in order, its attributes, its text without the style sheet, and whether it nests."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.said: list[str] = []
        self.crossed: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ALONE:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ALONE:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ALONE:
            return
        if not self._open or self._open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.said.append(data)

    @property
    def whole(self) -> bool:
        """Whether every tag was closed in its turn."""
        return not self.crossed and not self._open

    @property
    def text(self) -> str:
        """All the text, spaces made single."""
        return re.sub(r"\s+", " ", " ".join(self.said)).strip()


def demo_clinic(folder: Path, patients: int = 24) -> Logbook:
    """An invented clinic that ends at :data:`NOW`."""
    places = settings.load(at=str(folder), environ={})
    return demo.make(places, patients=patients, seed=3, now=NOW, clock=lambda: NOW)


def report_of(book: Logbook) -> tuple[Dashboard, str]:
    """What the clinic's figures are, and the page that shows them."""
    found = book.read(dashboard.of)
    return found, report.html(found, book.clinic.name, book.clinic.zone, NOW)


def alone(page: str) -> list[str]:
    """What a page would fetch or run: nothing is expected."""
    plain = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    found = re.findall(
        r"(?i)https?://|(?:src|srcset|poster|action|data)\s*=|url\(|@import|<script|\bon\w+\s*=\s*[\"']",
        plain,
    )
    hrefs = re.findall(r'href="([^"]*)"', plain)
    return found + [href for href in hrefs if not href.startswith("#")]
