"""Make the README's pictures from the demo clinic: ``python tests/pictures.py``.

Each is an SVG of the running app at 100×30, driven by keys at a fixed time, with no font or anything else
fetched from outside.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tui.driving import Driver, running

from hiplog import settings
from hiplog.exchange import demo

ASSETS = Path(__file__).resolve().parent.parent / "hiplog" / "assets"
NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
SIZE = (100, 30)
WHO = "p007"
WEB_FONT = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
MONOSPACE = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def save(tui: Driver, name: str) -> None:
    """Write what the screen shows as ``name``.svg."""
    svg = WEB_FONT.sub("", tui.app.export_screenshot(title="hiplog"))
    svg = re.sub(r"font-family: (Fira Code|arial)[^;]*;", f"font-family: {MONOSPACE};", svg)
    # The identifiers of one drawing are random; the same screen should be the same file.
    unique = re.search(r"terminal-(\d+)-", svg)
    svg = svg.replace(f"terminal-{unique[1]}", "hiplog") if unique else svg
    (ASSETS / f"{name}.svg").write_text(svg, encoding="utf-8")


async def draw(folder: str) -> None:
    """Walk through the clinic and take the pictures."""
    made = demo.make(settings.load(at=folder, environ={}), patients=40, seed=1, now=NOW)
    book = replace(made, clock=lambda: NOW)
    async with running(book, SIZE) as tui:
        save(tui, "today")
        await tui.press("/", *WHO, "enter")
        save(tui, "patient")
        await tui.press("b")
        save(tui, "map")
        await tui.press("escape")
        await tui.press("r", "n", "n", "y", "5", "2", "8")
        await tui.press("t", "t", "space", "t", "p", "space", "t", "b")
        save(tui, "session")


async def draw_outcomes(folder: str) -> None:
    """Two of the owner's eight questions, in a clinic large enough for some of them to have an answer."""
    made = demo.make(settings.load(at=folder, environ={}), patients=120, seed=1, now=NOW)
    book = replace(made, clock=lambda: NOW)
    async with running(book, SIZE) as tui:
        await tui.press("f3")
        while not getattr(tui.app.screen, "ready", False):
            await tui.pilot.pause(0.02)
        await tui.rest()
        save(tui, "outcomes")
        await tui.press("4")
        save(tui, "safety")


def main() -> None:
    """Make every picture anew."""
    ASSETS.mkdir(exist_ok=True)
    for make in (draw, draw_outcomes):
        with TemporaryDirectory() as folder:
            asyncio.run(make(folder))


if __name__ == "__main__":
    main()
