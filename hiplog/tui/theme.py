"""The colour themes: blue and orange, told apart by people who see red and green alike.

Every pair of text and ground has a contrast of at least 4.5 to 1, in the high-contrast theme 7 to 1; the two
accents are those of the trend chart. The terminal's own colours are whatever the person chose there. No
state is shown by colour alone: a mark and a word stand beside it.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

from hiplog.language import _
from hiplog.settings import Look, ThemeName

DARK = Theme(
    name="hiplog-dark",
    primary="#56B4E9",
    secondary="#9CCBEA",
    accent="#E69F00",
    warning="#E69F00",
    error="#FF9B7A",
    success="#56B4E9",
    foreground="#E4E8EC",
    background="#10151B",
    surface="#161D25",
    panel="#202A35",
    boost="#FFFFFF08",
    dark=True,
    variables={
        "block-cursor-background": "#2B4A63",
        "block-cursor-foreground": "#FFFFFF",
        "block-cursor-blurred-background": "#25323F",
        "block-cursor-blurred-foreground": "#E4E8EC",
        "block-hover-background": "#1D2732",
        "footer-background": "#161D25",
        "footer-key-foreground": "#E69F00",
        "footer-description-foreground": "#C3CBD3",
        "input-cursor-background": "#E4E8EC",
        "input-cursor-foreground": "#10151B",
        "input-selection-background": "#2B4A63",
        "border": "#56B4E9",
        "border-blurred": "#3A4856",
        "scrollbar": "#3A4856",
        "scrollbar-hover": "#56B4E9",
        "scrollbar-background": "#161D25",
    },
)

LIGHT = Theme(
    name="hiplog-light",
    primary="#00639C",
    secondary="#1F5F8B",
    accent="#A04400",
    warning="#9A4400",
    error="#A63A1E",
    success="#00639C",
    foreground="#1B232B",
    background="#FBFAF7",
    surface="#F2F1EC",
    panel="#E8E7E0",
    boost="#00000008",
    dark=False,
    variables={
        "block-cursor-background": "#BBD9EC",
        "block-cursor-foreground": "#10151B",
        "block-cursor-blurred-background": "#DDE4E8",
        "block-cursor-blurred-foreground": "#1B232B",
        "block-hover-background": "#E9E8E2",
        "footer-background": "#F2F1EC",
        "footer-key-foreground": "#9A4400",
        "footer-description-foreground": "#3A444E",
        "input-cursor-background": "#1B232B",
        "input-cursor-foreground": "#FBFAF7",
        "input-selection-background": "#BBD9EC",
        "border": "#0072B2",
        "border-blurred": "#B9C0C6",
        "scrollbar": "#B9C0C6",
        "scrollbar-hover": "#0072B2",
        "scrollbar-background": "#F2F1EC",
    },
)

CONTRAST = Theme(
    name="hiplog-contrast",
    primary="#7FD4FF",
    secondary="#B8E6FF",
    accent="#FFC145",
    warning="#FFC145",
    error="#FFB09A",
    success="#7FD4FF",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#141414",
    boost="#FFFFFF00",
    dark=True,
    text_alpha=1.0,
    variables={
        "block-cursor-background": "#003A5C",
        "block-cursor-foreground": "#FFFFFF",
        "block-cursor-blurred-background": "#2A2A2A",
        "block-cursor-blurred-foreground": "#FFFFFF",
        "block-hover-background": "#2A2A2A",
        "footer-background": "#000000",
        "footer-key-foreground": "#FFC145",
        "footer-description-foreground": "#FFFFFF",
        "input-cursor-background": "#FFFFFF",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#003A5C",
        "border": "#FFFFFF",
        "border-blurred": "#A0A0A0",
        "scrollbar": "#A0A0A0",
        "scrollbar-hover": "#FFFFFF",
        "scrollbar-background": "#000000",
    },
)

TERMINAL = BUILTIN_THEMES["ansi-dark"]

THEMES: dict[ThemeName, Theme] = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "terminal": TERMINAL}
"""The themes by the names they have in the configuration."""

WORDS: dict[ThemeName, str] = {
    "dark": _("Dark theme"),
    "light": _("Light theme"),
    "contrast": _("High contrast theme"),
    "terminal": _("The terminal's own colours"),
}
"""What a person reads for each."""


def of(look: Look, *, no_color: bool) -> str:
    """The framework's name of the theme to begin with.

    Without colour the terminal's own palette would paint black on black, so the dark theme stands in.
    """
    return (DARK if no_color and look.theme == "terminal" else THEMES[look.theme]).name
