"""The walks past every screen and dialog once more in every other theme: no crash, nothing cut off, the same words."""

from __future__ import annotations

import goldens
import pytest
import walks
from driving import SIZES
from test_goldens import differences

from hiplog.settings import ThemeName
from hiplog.tui.theme import THEMES

EVERYDAY = "dark"
LOOKS = [(name, False) for name in sorted(THEMES) if name != EVERYDAY] + [("terminal", True)]
"""The everyday theme is walked with the goldens, with colour and without."""
RUNS = [(theme, no_color, size) for theme, no_color in LOOKS for size in SIZES]


@pytest.mark.nightly
@pytest.mark.parametrize(("theme", "no_color", "size"), RUNS)
@pytest.mark.parametrize("name", sorted(walks.WALKS))
async def test_a_walk_says_the_same_in_every_theme(
    name: str, theme: ThemeName, no_color: bool, size: tuple[int, int]
) -> None:
    stage = await goldens.take(name, size, no_color, theme)
    assert stage.seen
    assert not stage.faults, "\n".join(stage.faults)
    assert not differences(stage)
