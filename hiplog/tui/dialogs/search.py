"""The search for a missing needle: place by place, until it is found or an incident stands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.record import NeedleCount
from hiplog.logbook import texts
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices, fit, many
from hiplog.tui.tasks import task

PLACES: tuple[tuple[str, str], ...] = (
    ("skin", "the skin: every site, hair and skin folds"),
    ("under", "under the patient"),
    ("clothing", "clothing and shoes, the patient's and yours"),
    ("linen", "linen, towels and pillows"),
    ("chair", "chair, couch and their gaps"),
    ("floor", "floor, also under the couch"),
    ("tray", "tray, packaging and guide tubes"),
    ("sharps", "sharps box: counted against what was opened"),
    ("bin", "waste bin"),
)
MARKS = {"": "[ ] not searched", "empty": "[x] searched, none", "found": "[!] found here"}
MARKED = 20
KEYS = "Space: none here   f: found   i: incident   Enter: done   Esc: later"


class NeedleSearch(Dialog[str]):
    """Closes with the reason to keep: where it was found, or the incident with what was searched."""

    HELP_TEXT = "Removal is never held up by a count; only the signature waits for this list."
    BINDINGS: ClassVar[list[BindingType]] = [
        footer(
            "space,x", "say('empty')", "search.empty", "Searched", "Searched, nothing there; again undoes"
        ),
        footer("f", "say('found')", "search.found", "Found", "Found here; again undoes"),
        footer("i", "incident", "search.incident", "Incident", "Record an incident in words"),
        Binding("enter", "done", "Done", id="search.done", tooltip="Close the search", priority=True),
    ]
    DEFAULT_CSS = """
    NeedleSearch Choices { height: auto; max-height: 12; background: $surface; }
    """

    def __init__(self, needles: NeedleCount) -> None:
        super().__init__()
        self._needles = needles
        self._said: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """What is missing, the places, the keys."""
        with Box("Needle search"):
            yield Static(f"{missing_words(self._needles)}\n", classes="said", markup=False)
            yield Choices()
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the places; what was recorded before stands until this closes."""
        kept = self._needles.mismatch_reason
        self._fill()
        if kept:
            self._wrong(f"recorded so far: {kept}")
        self.query_one(Choices).focus()

    def _fill(self) -> None:
        lines = [
            Option(Content(f"{fit(MARKS[self._said.get(key, '')], MARKED)}{words}"), id=key)
            for key, words in PLACES
        ]
        self.query_one(Choices).fill(lines)

    def _wrong(self, sentence: str) -> None:
        self.query_one("#wrong", Static).update(shown(sentence, 220))

    def action_say(self, state: str) -> None:
        """Answer for the place under the cursor and go on to the next."""
        choices = self.query_one(Choices)
        key = choices.chosen
        if key is None:
            return
        self._said[key] = "" if self._said.get(key) == state else state
        self._wrong("")
        self._fill()
        if self._said[key] and choices.highlighted != choices.option_count - 1:
            choices.action_cursor_down()

    def action_done(self) -> None:
        """Close once it is found; with every place empty an incident is asked for."""
        found = [words for key, words in PLACES if self._said.get(key) == "found"]
        if found:
            self.dismiss(f"found: {'; '.join(found)}")
        elif self._left:
            places = many(len(self._left), "place")
            self._wrong(f"✗ {places} not searched yet; search on, or i records an incident")
        else:
            self.action_incident()

    @property
    def _left(self) -> list[str]:
        return [key for key, _ in PLACES if not self._said.get(key)]

    @task
    async def action_incident(self) -> None:
        """Ask for the incident in words; what was searched is kept with it."""
        from hiplog.tui.dialogs.text import line_form

        async def keep(words: str) -> str:
            return texts.line("incident", words)

        intro = "What is known of the needle, who was told, and what was arranged for the patient."
        words = await self.app.push_screen_wait(line_form("Needle incident", "incident", keep, intro=intro))
        if words:
            self.dismiss(f"incident: {words} ({self._searched()})")

    def _searched(self) -> str:
        empty = [key for key, _ in PLACES if self._said.get(key) == "empty"]
        if len(empty) == len(PLACES):
            return "every place searched"
        return f"searched: {', '.join(empty)}" if empty else "nothing searched"


def missing_words(needles: NeedleCount) -> str:
    """``4 in, 3 out: 1 needle is missing``, and the same of those opened."""
    told = []
    if needles.inserted is not None and needles.withdrawn is not None:
        told.append(_compared(needles.inserted, "in", needles.withdrawn, "out"))
    if needles.opened is not None and needles.to_sharps is not None:
        told.append(_compared(needles.opened, "opened", needles.to_sharps, "to sharps"))
    return "\n".join(line for line in told if line)


def _compared(first: int, word: str, second: int, other: str) -> str:
    if first == second:
        return ""
    counts = f"! {first} {word}, {second} {other}"
    if second > first:
        return f"{counts}: more than were {word}; count again, or record what happened."
    gone = first - second
    return f"{counts}: {many(gone, 'needle')} {'is' if gone == 1 else 'are'} missing."
