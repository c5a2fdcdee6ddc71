"""``hiplog`` without a verb: the logbook on the terminal."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.clinical.errors import Refused
from hiplog.language import _
from hiplog.settings import Settings

if TYPE_CHECKING:
    from hiplog.cli.first_start import FirstStart
    from hiplog.logbook.book import Logbook

FRAMES_A_SECOND = "120"
WAS_INVENTED = _("hiplog: that clinic was invented and is gone; run hiplog again to make your own")


class Door:
    """How the app comes to its logbook: opened, let go of, brought back from a backup, or newly made.

    ``at_exit`` keeps heads and backups once the app is left, which an invented clinic does without.
    """

    def __init__(self, settings: Settings, context: Context, *, at_exit: bool) -> None:
        self.settings, self.context, self.at_exit = settings, context, at_exit
        self._opened: list[Logbook] = []
        self._tried: str | None = None

    def open(self) -> Logbook:
        """Open it with the secret that a file holds, or with none."""
        from hiplog.cli import asking

        named = self.context.passphrase_file
        return self.open_with(asking.of_file(named) if named else None)

    def open_with(self, secret: str | None, who: str | None = None) -> Logbook:
        """Open it with what was typed."""
        from hiplog.logbook import alarms, rescue, vault
        from hiplog.logbook.book import Logbook

        wanted = replace(self.settings, actor=who) if who else self.settings
        self._tried = secret
        with rescue.offering(wanted):
            key = vault.unlock(wanted, secret, self.context.clock)
        with rescue.offering(wanted, key):
            book = Logbook.open(wanted, self.context.clock, key=key, secret=secret)
        if book.trail_only:
            book.close()
            raise Refused(str(book.banner))
        self._opened.append(book)
        alarms.attend(book)
        return book

    def take(self, settings: Settings, book: Logbook, *, invented: bool = False) -> None:
        """Go on with a logbook that was just made."""
        self.settings, self.at_exit = settings, self.at_exit and not invented
        self._opened.append(book)

    def let_go(self) -> None:
        """Note what is to be noted at an exit, and forget the secret."""
        from hiplog.logbook import upkeep

        last = self._opened.pop()
        self._tried = None
        if self.at_exit:
            upkeep.at_exit(last)

    def bring_back(self, backup: Path) -> None:
        """Put a backup in the place of a damaged logbook."""
        from hiplog.logbook import backups

        backups.restore(self.settings, backup, self.context.clock(), self._tried)

    def close(self) -> None:
        """Note the heads and make the backup that is due, now that the terminal is free again."""
        if self.at_exit and self._opened:
            _keep(self._opened[-1])


def run(context: Context) -> int:
    """Open the logbook in the terminal app; nothing of the database is imported before the first paint.

    Where there is none yet, the app asks what to make.
    """
    settings = context.settings
    if settings.is_file and not settings.path.exists():
        return _first_start(settings, context)
    return show(settings, context, at_exit=True)


def _first_start(settings: Settings, context: Context) -> int:
    from hiplog.cli.first_start import FirstStart
    from hiplog.logbook import founding

    founding.finish(settings)
    if settings.path.exists():
        return show(settings, context, at_exit=True)
    founding.possible(settings)
    door = Door(settings, context, at_exit=True)
    start = FirstStart(door)
    code = _run(door, founder=start)
    if start.clear():
        output.say(WAS_INVENTED)
    return code


def show(settings: Settings, context: Context, *, at_exit: bool = False) -> int:
    """Run the terminal app on the logbook of ``settings``; ``at_exit`` keeps heads and backups afterwards."""
    return _run(Door(settings, context, at_exit=at_exit), invented=not at_exit)


def _run(door: Door, *, founder: FirstStart | None = None, invented: bool = False) -> int:
    # Textual reads it when it is imported; at its default a new list waits for the next of 60 frames.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)
    # Nothing that is imported now is garbage; the app collects again once its first screen stands.
    gc.disable()
    from hiplog.logbook import waiting
    from hiplog.tui import app

    code = app.run(
        door.open,
        log_path=door.settings.log,
        open_with=door.open_with,
        let_go=door.let_go,
        look=door.settings.look,
        bring_back=door.bring_back,
        alarmed=door.at_exit,
        invented=invented,
        founder=founder,
        first=waiting.first(door.settings, door.context.clock()),
    )
    door.close()
    return code


def _keep(book: Logbook) -> None:
    from hiplog.logbook import upkeep

    done = upkeep.at_exit(book)
    book.close()
    if done.made is not None:
        output.say(_("hiplog: backup {made}").format(made=done.made))
    if done.warning is not None:
        output.say(f"hiplog: {done.warning}")
