"""The search for a missing needle: place by place, until it is found or an incident stands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from hiplog.clinical.record import NeedleCount
from hiplog.language import _, counted
from hiplog.logbook import texts
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer
from hiplog.tui.screens.parts import Choices, fit
from hiplog.tui.tasks import task

PLACES: tuple[tuple[str, str], ...] = (
    ("skin", _("the skin: every site, hair and skin folds")),
    ("under", _("under the patient")),
    ("clothing", _("clothing and shoes, the patient's and yours")),
    ("linen", _("linen, towels and pillows")),
    ("chair", _("chair, couch and their gaps")),
    ("floor", _("floor, also under the couch")),
    ("tray", _("tray, packaging and guide tubes")),
    ("sharps", _("sharps box: counted against what was opened")),
    ("bin", _("waste bin")),
)
MARKS = {"": _("[ ] not searched"), "empty": _("[x] searched, none"), "found": _("[!] found here")}
MARKED = 20
KEYS = _("Space: none here   f: found   i: incident   Enter: done   Esc: later")


class NeedleSearch(Dialog[str]):
    """Closes with the reason to keep: where it was found, or the incident with what was searched."""

    HELP_TEXT = _("Removal is never held up by a count; only the signature waits for this list.")
    BINDINGS: ClassVar[list[BindingType]] = [
        footer(
            "space,x",
            "say('empty')",
            "search.empty",
            _("Searched"),
            _("Searched, nothing there; again undoes"),
        ),
        footer("f", "say('found')", "search.found", _("Found"), _("Found here; again undoes")),
        footer("i", "incident", "search.incident", _("Incident"), _("Record an incident in words")),
        Binding("enter", "done", _("Done"), id="search.done", tooltip=_("Close the search"), priority=True),
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
        with Box(_("Needle search")):
            yield Static(f"{missing_words(self._needles)}\n", classes="said", markup=False)
            yield Choices()
            yield Static("", id="wrong", classes="wrong", markup=False)
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the places; what was recorded before stands until this closes."""
        kept = self._needles.mismatch_reason
        self._fill()
        if kept:
            self._wrong(_("recorded so far: {kept}").format(kept=kept))
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
            self.dismiss(_("found: {found}").format(found="; ".join(found)))
        elif self._left:
            self._wrong(
                counted(
                    len(self._left),
                    "✗ {count} place not searched yet; search on, or i records an incident",
                    "✗ {count} places not searched yet; search on, or i records an incident",
                )
            )
        else:
            self.action_incident()

    @property
    def _left(self) -> list[str]:
        return [key for key, _words in PLACES if not self._said.get(key)]

    @task
    async def action_incident(self) -> None:
        """Ask for the incident in words; what was searched is kept with it."""
        from hiplog.tui.dialogs.text import line_form

        async def keep(words: str) -> str:
            return texts.line(_("incident"), words)

        intro = _("What is known of the needle, who was told, and what was arranged for the patient.")
        words = await self.app.push_screen_wait(
            line_form(_("Needle incident"), _("incident"), keep, intro=intro)
        )
        if words:
            self.dismiss(_("incident: {words} ({searched})").format(words=words, searched=self._searched()))

    def _searched(self) -> str:
        empty = [key for key, _words in PLACES if self._said.get(key) == "empty"]
        if len(empty) == len(PLACES):
            return _("every place searched")
        return _("searched: {empty}").format(empty=", ".join(empty)) if empty else _("nothing searched")


def missing_words(needles: NeedleCount) -> str:
    """``4 in, 3 out: 1 needle is missing``, and the same of those opened."""
    told = []
    if needles.inserted is not None and needles.withdrawn is not None:
        first, second = needles.inserted, needles.withdrawn
        told.append(_compared(first, second, _("{first} in, {second} out")))
    if needles.opened is not None and needles.to_sharps is not None:
        first, second = needles.opened, needles.to_sharps
        told.append(_compared(first, second, _("{first} opened, {second} to sharps")))
    return "\n".join(line for line in told if line)


def _compared(first: int, second: int, words: str) -> str:
    if first == second:
        return ""
    counts = f"! {words.format(first=first, second=second)}"
    if second > first:
        return _("{counts}: more than there were; count again, or record what happened.").format(
            counts=counts
        )
    return counted(
        first - second,
        "{counts}: {count} needle is missing.",
        "{counts}: {count} needles are missing.",
        counts=counts,
    )
