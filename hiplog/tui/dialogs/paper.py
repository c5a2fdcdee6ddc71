"""A paper for the patient on the screen: to read out, to copy, or to save as a page to print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.tui import clipboard
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.dialogs.text import line_form
from hiplog.tui.keys import footer, hidden
from hiplog.tui.tasks import task

NAMELESS = _("It carries the chart code and no name; n puts the name on it.")
NAMED = _("! It carries the patient's name; n takes it off.")
KEYS = "\n" + _("c: copy    w: write a page to print    n: name on, off    Esc: close")
INTRO = _("A page to print, readable by you only. {carries}")
WRITTEN = _("The page is written: {path}")
ENDINGS = (".html", ".htm")


class Paper(Dialog[None]):
    """``text`` and ``page`` make the words and the page, with or without name; ``stem`` names the file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        footer("c", "copy", "paper.copy", _("Copy"), _("Copy the text to the clipboard")),
        footer("w", "save", "paper.save", _("Write page"), _("Write it as a page to print")),
        footer("n", "name", "paper.name", _("Name"), _("Put the patient's name on it, or take it off")),
        footer("escape,enter", "leave", "paper.close", _("Close"), _("Close it")),
        hidden("down,j", "move(1)", "paper.down", _("Down"), _("Scroll down")),
        hidden("up,k", "move(-1)", "paper.up", _("Up"), _("Scroll up")),
    ]
    DEFAULT_CSS = """
    Paper #paper { height: auto; max-height: 14; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self,
        title: str,
        origin: str,
        stem: str,
        text: Callable[[bool], str],
        page: Callable[[bool], str],
    ) -> None:
        super().__init__()
        self._title, self._origin, self._stem = title, origin, stem
        self._text, self._page = text, page
        self._named = False

    def compose(self) -> ComposeResult:
        """Where it comes from, the sentences, the keys."""
        with Box(self._title):
            yield Static(shown(self._origin), classes="said", markup=False)
            yield Static(f"{NAMELESS}\n", id="carries", classes="said", markup=False)
            with VerticalScroll(id="paper", can_focus=False):
                yield Static(self._words, id="words", classes="said", markup=False)
            yield Static(KEYS, classes="hint", markup=False)

    @property
    def _words(self) -> str:
        return shown(self._text(self._named), newlines=True)

    def action_name(self) -> None:
        """Put the name on it, or take it off."""
        self._named = not self._named
        self.query_one("#carries", Static).update(f"{NAMED if self._named else NAMELESS}\n")
        self.query_one("#words", Static).update(self._words)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#paper", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        """Hand the text to the terminal's clipboard."""
        clipboard.copy(self.app, self._text(self._named), clipboard.WRITES)

    @task
    async def action_save(self) -> None:
        """Ask where to, then write the page."""
        named = self._named

        async def keep(place: str) -> Path:
            return await self.desk.read(write, self._page, named, place_of(place))

        folder = Path.cwd() if self.app.is_web else Path.home()
        intro = INTRO.format(carries=NAMED if named else NAMELESS)
        name = str(folder / f"{self._stem}.html")
        path = await self.app.push_screen_wait(
            line_form(_("Write the page"), _("file"), keep, intro=intro, value=name)
        )
        if path is not None:
            self.app.tell(WRITTEN.format(path=path))
            self.app.hand_over(path)


def write(_: object, page: Callable[[bool], str], named: bool, path: Path) -> Path:
    """Write the page; run in the desk's thread, so that the screen does not wait for the disk."""
    from hiplog.exchange.pages import save

    save.check(path)
    return save.save(path, page(named))


def place_of(text: str) -> Path:
    """The file that ``text`` means, with an ending that a browser opens."""
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError:
        raise BadInput(
            _("file: {text!r} names nobody's home folder; give the path in full").format(text=text)
        ) from None
    return path if path.suffix.lower() in ENDINGS else path.with_name(f"{path.name}.html")


def file_part(code: str) -> str:
    """A chart code as part of a file's name."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in code)
