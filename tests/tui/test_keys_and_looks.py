"""What every screen owes: named keys, at most six in the footer, its own style sheet, readable colours."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from driving import running
from rich.segment import Segment
from samples import begin, signed
from textual.binding import Binding
from textual.color import Color
from textual.dom import DOMNode
from textual.screen import Screen
from textual.theme import Theme

import hiplog.tui
from hiplog.logbook.book import Logbook
from hiplog.settings import Look, ThemeName
from hiplog.tui.app import HiplogApp
from hiplog.tui.foot import Foot
from hiplog.tui.screens.page import Page
from hiplog.tui.theme import CONTRAST, DARK, LIGHT, THEMES

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


@pytest.mark.parametrize(
    ("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)], ids=["dark", "light", "contrast"]
)
def test_text_stands_out_from_every_ground(theme: Theme, least: float) -> None:
    named = theme.variables
    grounds = [theme.background, theme.surface, theme.panel]
    inks = [theme.foreground, theme.primary, theme.accent, theme.error]
    pairs = [(ink, ground) for ink in [*inks, named["footer-description-foreground"]] for ground in grounds]
    pairs += [
        (named[f"{place}-foreground"], named[f"{place}-background"])
        for place in ("block-cursor", "block-cursor-blurred", "input-cursor")
    ]
    pairs += [(theme.foreground, named["block-hover-background"])]
    pairs += [(theme.foreground, named["input-selection-background"])]
    for ink, ground in pairs:
        assert contrast(Color.parse(ink), Color.parse(ground)) >= least, (ink, ground)


@pytest.mark.parametrize("name", sorted({"dark", "light", "contrast"}))
async def test_what_is_painted_stands_out(book: Logbook, name: ThemeName) -> None:
    """Every letter of Today, a chart and a session, by the colours that reach the terminal."""
    signed(book)
    begin(book, "P-002")
    async with running(book, look=Look(name)) as tui:
        for keys in ([], ["j", "enter"], ["f1"], ["escape", "escape", "f3"], ["f4"], ["f2", "enter", "f6"]):
            await tui.press(*keys)
            faint = {
                (segment.text.strip(), round(contrast(*colours), 2))
                for segment in in_front(tui.app.screen)
                if (colours := painted(segment)) and contrast(*colours) < 4.5
            }
            assert {(text, much) for text, much in faint if any(map(str.isalnum, text))} == set(), keys


def in_front(screen: Screen[Any]) -> list[Segment]:
    """What is to be read: of a dialog its box alone, for what lies behind is dimmed on purpose."""
    strips = screen._compositor.render_strips()
    if screen.is_modal:
        box = screen.query_one("#box").region
        strips = [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]
    return [segment for strip in strips for segment in strip]


def painted(segment: Segment) -> tuple[Color, Color] | None:
    """The ink and the ground of a segment, or ``None`` where there is none to read."""
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None or not segment.text.strip():
        return None
    ink, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    if style.dim:
        ink = ink.blend(ground, 0.5)
    return (ground, ink) if style.reverse else (ink, ground)


@pytest.mark.parametrize("name", sorted(THEMES))
@pytest.mark.parametrize("no_color", [False, True])
async def test_every_theme_opens_every_place(
    book: Logbook, monkeypatch: pytest.MonkeyPatch, name: ThemeName, no_color: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", "1") if no_color else monkeypatch.delenv("NO_COLOR", raising=False)
    signed(book)
    async with running(book, look=Look(name)) as tui:
        for keys in ([], ["enter"], ["f1"], ["escape", "b"], ["escape", "f3"], ["f4"], ["f2", "ctrl+p"]):
            await tui.press(*keys)
            assert tui.lines


async def test_the_configuration_moves_keys(book: Logbook) -> None:
    signed(book)
    async with running(book, look=Look(keys=(("today.find", "f"),))) as tui:
        await tui.press("slash", *"ros")
        assert "1 found" not in tui.text and tui.app.focused is not None
        await tui.press("f", *"ros")
        assert tui.app.focused.id == "finder"
        await tui.press("escape", "f1")
        assert re.search(r"f +Find by any part", tui.text)


async def test_without_motion_nothing_glides(book: Logbook) -> None:
    async with running(book, look=Look(motion=False)) as tui:
        assert tui.app.animation_level == "none"


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
            assert len(tui.app.screen.query(Foot)) == 1
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
