"""What a role may not do, tried by the keys that do it: refused on the screen in plain words, and in the trail."""

from __future__ import annotations

import re
from pathlib import Path

import acts
import pytest
from driving import Driver, running
from textual.widgets import Static

from hiplog.clinical import roles
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook

CODES = {act.code: act for act in roles.ACTS}
SAID = {
    ("identify", ""): acts.TRIED["identify"].says,
    ("erase", "auditor"): f"may not {CODES['chart'].what}",
}
"""Where the form has a sentence of its own, or an earlier door is closed already."""
PRESSED = [(act, role) for act, role in acts.forbidden() if acts.TRIED[act].keys]


def said(tui: Driver) -> str:
    """What the texts of the top screen and the notices say."""
    texts = [str(one.content) for one in tui.app.screen.query(Static)]
    return " ".join([*texts, tui.notices])


def test_every_act_has_its_keys_or_none_by_intent() -> None:
    assert all(bool(one.keys) != bool(one.no_key) for one in acts.TRIED.values())
    told = "\n".join(one.read_text(encoding="utf-8") for one in Path("hiplog/tui").rglob("*.py"))
    for act, one in acts.TRIED.items():
        if one.no_key:
            doors = {
                "import": r"exchange\S* import intake",
                "seal": "seal_anew",
            }[act]
            assert not re.search(doors, told), f"{act}: there is a key for it now; name it in the table"


@pytest.mark.grown(by=acts.noted)
@pytest.mark.parametrize(("act", "role"), PRESSED)
async def test_the_keys_are_refused_and_the_refusal_is_in_the_trail(
    book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, role: str
) -> None:
    monkeypatch.chdir(tmp_path)
    hands = book.acting(acts.PEOPLE[role])  # type: ignore[index]
    for keys in acts.TRIED[act].keys:
        record, access = book.read(audit.heads)
        async with running(hands, (120, 36)) as tui:
            await keys(tui)
            words = SAID.get((act, role)) or SAID.get((act, ""), f"may not {CODES[act].what}")
            for _ in range(100):
                if words in said(tui):
                    break
                await tui.pilot.pause(0.05)
            assert acts.PEOPLE[role] in said(tui)  # type: ignore[index]
            assert words in said(tui), f"{keys.__name__}:\n{tui.text}\n{tui.notices}"
        after = book.read(audit.heads)
        assert after[0] == record, f"{keys.__name__}: something was written"
        last = book.read(audit.events, 1, "access")[0]
        assert last.actor == hands.actor
        assert last.action in ("refused", "export.refused"), keys.__name__
        assert after[1].seq > access.seq


@pytest.mark.grown(by=acts.noted)
async def test_an_auditor_sees_no_name_on_any_screen(book: Logbook) -> None:
    async with running(book.acting("QA001"), (120, 36)) as tui:
        seen = [tui.text]
        await tui.rush("/", "Z", "w", "i")
        seen.append(tui.text)
        await tui.press("escape")
        await acts.visit(tui)
        seen.append(tui.text)
        await tui.press("escape")
        for key in ("p", "escape", "k", "escape", "b", "escape", "f3", "f4", "enter", "escape", "f2"):
            await tui.press(key)
            seen.append(tui.text)
        assert not any("Zwiebel" in text or "tolerated" in text for text in seen)
    async with running(book.acting("TH001"), (120, 36)) as tui:
        await tui.rush("/", "Z", "w", "i")
        assert "Zwiebel" in tui.text
