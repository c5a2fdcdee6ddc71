"""The aftercare sheet on the screen: to read out, to copy, or to save as a page to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from hiplog.logbook import dates
from hiplog.logbook.shown import shown
from hiplog.tui.dialogs.dialog import Box, Dialog
from hiplog.tui.keys import footer, hidden
from hiplog.tui.tasks import task

if TYPE_CHECKING:
    from hiplog.exchange.pages.aftercare import Sheet
    from hiplog.logbook.clinic import Clinic
    from hiplog.logbook.timeline import Timeline

INTRO = "A page to print, A5 or A4. It carries the chart code and no name."


class Aftercare(Dialog[None]):
    """What was advised in the last visit, else the usual; ``c`` copies it, ``w`` writes the page."""

    HELP_TEXT = "The advice ticked in the last visit, in its own words. The sheet carries no name."
    BINDINGS: ClassVar[list[BindingType]] = [
        footer("c", "copy", "aftercare.copy", "Copy", "Copy the text, without a name, to the clipboard"),
        footer("w", "save", "aftercare.save", "Write page", "Write the sheet as a page to print"),
        footer("escape,enter", "leave", "aftercare.close", "Close", "Close the sheet"),
        hidden("down,j", "move(1)", "aftercare.down", "Down", "Scroll down"),
        hidden("up,k", "move(-1)", "aftercare.up", "Up", "Scroll up"),
    ]
    DEFAULT_CSS = """
    Aftercare #sheet { height: auto; max-height: 16; scrollbar-size-vertical: 1; }
    """

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet

    def compose(self) -> ComposeResult:
        """Where it comes from, the sentences, the keys."""
        with Box("Aftercare sheet"):
            yield Static(f"{_origin(self._sheet)}\n", classes="said", markup=False)
            with VerticalScroll(id="sheet", can_focus=False):
                yield Static(shown(text(self._sheet), newlines=True), classes="said", markup=False)
            yield Static("\nc: copy    w: write a page to print    Esc: close", classes="hint", markup=False)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#sheet", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        """Hand the text to the terminal's clipboard."""
        self.app.copy_to_clipboard(text(self._sheet))
        self.app.tell("The sheet is copied, where this terminal allows it.")

    @task
    async def action_save(self) -> None:
        """Ask where to, then write the page."""
        from hiplog.tui.dialogs.text import line_form

        async def keep(place: str) -> Path:
            return await self.desk.read(write, self._sheet, Path(place).expanduser())

        folder = Path.cwd() if self.app.is_web else Path.home()
        name = str(folder / f"aftercare-{_file_part(self._sheet.code)}.html")
        form = line_form("Write the aftercare page", "file", keep, intro=INTRO, value=name)
        path = await self.app.push_screen_wait(form)
        if path is not None:
            self.app.tell(f"The page is written: {path}")
            self.app.hand_over(path)


def sheet_of(timeline: Timeline, clinic: Clinic) -> Sheet:
    """Return the sheet of the patient's last visit that is not void; without a visit it has no advice."""
    from hiplog.exchange.pages.aftercare import Sheet

    kept = [session for session in timeline.sessions if session.status != "voided"]
    last = max(kept, key=lambda session: (session.occurred_at, session.number), default=None)
    return Sheet(
        clinic=clinic.name,
        zone=clinic.zone,
        code=timeline.patient.code,
        advice=last.advice if last else (),
        session=last.number if last else None,
        at=last.occurred_at if last else None,
    )


def write(_: object, sheet: Sheet, path: Path) -> Path:
    """Write the page; run in the desk's thread, so that the screen does not wait for the disk."""
    from hiplog.exchange.pages import aftercare, save

    return save.save(path, aftercare.html(sheet))


def text(sheet: Sheet) -> str:
    """The sheet as plain text."""
    from hiplog.exchange.pages.aftercare import chosen

    return "\n".join(
        [f"{sheet.clinic}: after your treatment", *(f"- {r.text}" for r in chosen(sheet.advice))]
    )


def _origin(sheet: Sheet) -> str:
    if sheet.session is None or sheet.at is None:
        return "No visit yet: the usual advice."
    visit = f"visit {sheet.session}, {dates.moment_words(sheet.at, sheet.zone)}"
    return (
        f"Advice ticked in {visit}." if sheet.advice else f"Nothing was ticked in {visit}: the usual advice."
    )


def _file_part(code: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in code)
