"""The HTML report: asked for by name, drawn from the answer on the screen, written whole or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook.book import Logbook
from hiplog.outcomes.dashboard import Dashboard
from hiplog.tui.dialogs.form import Field, Form, Values
from hiplog.tui.errand import Told

STEPS = 2
INTRO = _("One page with the eight questions as they are filtered now. It names chart codes: keep it safe.")


def form(today: date, keep: Callable[[Path], Awaitable[Path]]) -> Form[Path, Path]:
    """Ask where the page goes."""
    name = f"hiplog-outcomes-{today}.html"
    asked: Form[Path, Path] = Form(
        _("Write the HTML report"),
        (Field("file", _("file"), value=name, needed=True),),
        _path,
        keep,
        intro=INTRO,
    )
    asked.add_class("-long")
    return asked


def _path(values: Values) -> Path:
    text = values["file"]
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError:
        raise BadInput(
            _("file: {text!r} names nobody's home folder; give the path in full").format(text=text)
        ) from None
    return path if path.suffix.lower() in (".html", ".htm") else path.with_name(f"{path.name}.html")


def write(book: Logbook, found: Dashboard, path: Path, tell: Told) -> Path:
    """Draw the page and put it in its place."""
    from hiplog.exchange.pages import report, save

    save.check(path)
    tell(_("drawing the report"), 0, STEPS)
    page = report.html(found, book.clinic.name, book.clinic.zone, book.clock())
    tell(_("writing the report"), 1, STEPS)
    return save.save(path, page)
