"""The two colour themes: blue and orange, told apart by people who see red and green alike.

Every pair of text and ground has a contrast of at least 4.5 to 1; the two accents are those of the
trend chart. No state is shown by colour alone: a mark and a word stand beside it.
"""

from __future__ import annotations

from textual.theme import Theme

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
