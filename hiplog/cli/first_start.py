"""What the wizard of the first start asks of the program: make the logbook, or invent a clinic to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hiplog import settings as places
from hiplog.cli import config, init
from hiplog.language import _
from hiplog.settings import DateOrder, Settings

if TYPE_CHECKING:
    from hiplog.cli.screen import Door
    from hiplog.logbook.book import Logbook
    from hiplog.logbook.founding import Founding

PATIENTS = 40
PAGE = _(
    """\
Recovery code of the hiplog logbook {place}

    {code}

It opens the logbook when the passphrase is lost, for whoever holds this paper. Print this page, keep it
away from the computer, and then delete this file.
"""
)


class FirstStart:
    """Makes what the person chooses and puts it into the hands of the ``door`` that the app opens by."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._folder: TemporaryDirectory[str] | None = None
        self._page: Path | None = None

    @property
    def place(self) -> Path:
        """Where the logbook will lie."""
        return self._door.settings.path.absolute()

    @property
    def zone(self) -> str:
        """The time zone of this machine."""
        return init.machine_zone()

    @property
    def order(self) -> DateOrder | None:
        """How days are typed, when a configuration says so already."""
        settings = self._door.settings
        return settings.date_order if settings.config.is_file() else None

    def now(self) -> datetime:
        """The time."""
        return self._door.context.clock().astimezone(UTC)

    def make(self, wanted: Founding) -> Logbook:
        """Make the logbook, and a configuration that keeps how days are typed, where there is none."""
        from hiplog.logbook import founding

        settings = replace(self._door.settings, date_order=wanted.order)
        written = config.begin(settings) if not settings.config.exists() else None
        try:
            book = founding.found(settings, wanted, self._door.context.clock)
        except BaseException:
            if written is not None:
                written.unlink(missing_ok=True)
            raise
        self._door.take(settings, book)
        return book

    def print_page(self, code: str) -> Path:
        """Write the recovery code as a page to print, readable by its owner only; return where."""
        page = self.place.with_name("recovery-code.txt")
        places.private_folder(page.parent)
        page.unlink(missing_ok=True)
        places.private_file(page).write_text(PAGE.format(place=self.place, code=code), encoding="utf-8")
        self._page = page
        return page

    def forget_page(self) -> None:
        """Take a page away whose code opens nothing."""
        if self._page is not None:
            self._page.unlink(missing_ok=True)
            self._page = None

    def invent(self, told: Callable[[int, int], None]) -> Logbook:
        """Invent a clinic in a temporary folder that goes when the program ends."""
        from hiplog.exchange import demo

        self._folder = TemporaryDirectory(prefix="hiplog-demo-")
        own = self._door.settings
        settings: Settings = replace(
            places.load(at=self._folder.name, environ={}), look=own.look, date_order=own.date_order
        )
        book = demo.make(
            settings, patients=PATIENTS, seed=1, now=self.now(), progress=told, clock=self._door.context.clock
        )
        self._door.take(settings, book, invented=True)
        return book

    def clear(self) -> bool:
        """Throw an invented clinic away; return whether there was one."""
        if self._folder is None:
            return False
        self._folder.cleanup()
        return True
