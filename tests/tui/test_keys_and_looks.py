"""What every screen owes: named keys, at most six in the footer, its own style sheet, readable colours."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from driving import running
from samples import begin
from textual.binding import Binding
from textual.color import Color
from textual.dom import DOMNode
from textual.theme import Theme
from textual.widgets import Footer

import hiplog.tui
from hiplog.logbook.book import Logbook
from hiplog.tui.app import HiplogApp
from hiplog.tui.screens.page import Page
from hiplog.tui.theme import DARK, LIGHT

FOLDER = Path(hiplog.tui.__file__).parent
MOST_IN_FOOTER = 6


def own_classes() -> list[type[DOMNode]]:
    """Every screen, dialog and widget outside the widgets room."""
    found: dict[str, type[DOMNode]] = {}
    for module in pkgutil.walk_packages([str(FOLDER)], "hiplog.tui."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, DOMNode) and kind.__module__.startswith("hiplog.tui"):
                found[f"{kind.__module__}.{kind.__qualname__}"] = kind
    return [kind for name, kind in found.items() if ".widgets." not in name]


@pytest.mark.parametrize("kind", own_classes(), ids=lambda kind: kind.__name__)
def test_every_key_has_a_name_and_a_sentence(kind: type[DOMNode]) -> None:
    for binding in kind.__dict__.get("BINDINGS", []):
        assert isinstance(binding, Binding)
        assert binding.id and re.fullmatch(r"[a-z]+\.[a-z_]+", binding.id)
        assert binding.description and binding.tooltip


def test_no_two_keys_share_a_name_for_different_actions() -> None:
    names: dict[str, str] = {}
    for kind in own_classes():
        for binding in kind.__dict__.get("BINDINGS", []):
            assert names.setdefault(binding.id, binding.action) == binding.action


@pytest.mark.parametrize("sheet", sorted(FOLDER.glob("screens/**/*.tcss")), ids=lambda path: path.name)
def test_a_style_sheet_speaks_of_its_own_screen_only(sheet: Path) -> None:
    owners = {kind.__name__ for kind in own_classes() if issubclass(kind, Page)}
    selectors = re.findall(r"^([^{}\n]+)\{", sheet.read_text(), re.M)
    assert selectors
    for selector in ",".join(selectors).split(","):
        assert re.match(r"\w+", selector.strip()).group() in owners  # type: ignore[union-attr]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_text_stands_out_from_every_ground(theme: Theme) -> None:
    grounds = [theme.background, theme.surface, theme.panel, theme.variables["block-cursor-background"]]
    inks = [theme.foreground, theme.variables["block-cursor-foreground"]]
    for ground in grounds:
        for ink in inks:
            assert contrast(Color.parse(ink), Color.parse(ground)) >= 4.5
    for ink in (theme.primary, theme.accent, theme.error, theme.variables["footer-description-foreground"]):
        for ground in grounds[:3]:
            assert contrast(Color.parse(ink), Color.parse(ground)) >= 4.5, (ink, ground)


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.1, from 1 to 21."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: Color) -> float:
    """The relative luminance of WCAG 2.1."""
    parts = []
    for part in (colour.r, colour.g, colour.b):
        value = part / 255
        parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


async def test_the_footer_never_holds_more_than_six_keys(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        for keys in (
            [],
            ["/"],
            ["escape", "enter"],
            ["f6"],
            ["+"],
            ["escape", "f7"],
            ["escape", "/", "z", "enter"],
        ):
            await tui.press(*keys)
            shown = [b for b in tui.app.screen.active_bindings.values() if b.binding.show]
            assert len(tui.app.screen.query(Footer)) == 1
            assert len({b.binding.action for b in shown}) <= MOST_IN_FOOTER, keys


async def test_f1_lists_the_keys_of_the_screen_and_of_the_field(book: Logbook) -> None:
    begin(book)
    async with running(book, (120, 60)) as tui:
        await tui.press("f1")
        assert "Find by any part of a name or chart code" in tui.text
        await tui.press("f1", "enter", "f6", "f1")
        assert "Twitch; again counts up" in tui.text and "Sign the session" in tui.text
        await tui.press("escape")
        assert "F6 Needling" in tui.text


async def test_the_palette_offers_this_screens_keys_and_no_picture_of_it(book: Logbook) -> None:
    async with running(book, (80, 40)) as tui:
        commands = [command.title for command in tui.app.get_system_commands(tui.app.screen)]
        assert "Screenshot" not in commands and "Find" in commands and "Quit" in commands
        await tui.press("ctrl+p")
        assert "Add patient" in tui.text and "creenshot" not in tui.text
        await tui.type("light")
        await tui.press("enter")
        await tui.rest()
        assert tui.app.theme == LIGHT.name


async def test_leaving_at_rest_asks_nothing(book: Logbook) -> None:
    async with running(book) as tui:
        await tui.pilot.press("ctrl+q")
        assert tui.app.return_code == 0
    assert isinstance(tui.app, HiplogApp)
