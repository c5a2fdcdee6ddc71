"""``hiplog`` without a verb: the logbook on the terminal."""

from __future__ import annotations

import gc
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hiplog.cli import output
from hiplog.cli.context import Context
from hiplog.clinical.errors import NotFound
from hiplog.settings import Settings

if TYPE_CHECKING:
    from hiplog.logbook.book import Logbook

FRAMES_A_SECOND = "120"


def run(context: Context) -> int:
    """Open the logbook in the terminal app; nothing of the database is imported before the first paint."""
    settings = context.settings
    if settings.is_file and not settings.path.exists():
        raise NotFound(
            f"{settings.path}: no logbook here; make one with: hiplog init, or look around: hiplog demo"
        )
    return show(settings, context, at_exit=True)


def show(settings: Settings, context: Context, *, at_exit: bool = False) -> int:
    """Run the terminal app on the logbook of ``settings``; ``at_exit`` keeps heads and backups afterwards."""
    # Textual reads it when it is imported; at its default a new list waits for the next of 60 frames.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_A_SECOND)
    # Nothing that is imported now is garbage; the app collects again once its first screen stands.
    gc.disable()
    from hiplog.tui import app

    opened: list[Logbook] = []
    tried: list[str | None] = []

    def open_with(secret: str | None, who: str | None = None) -> Logbook:
        from hiplog.logbook import alarms, rescue, vault
        from hiplog.logbook.book import Logbook

        wanted = replace(settings, actor=who) if who else settings
        tried[:] = [secret]
        with rescue.offering(wanted):
            key = vault.unlock(wanted, secret)
        with rescue.offering(wanted, key):
            opened.append(Logbook.open(wanted, context.clock, key=key, secret=secret))
        alarms.attend(opened[-1])
        return opened[-1]

    def let_go() -> None:
        from hiplog.logbook import upkeep

        last = opened.pop()
        tried.clear()
        if at_exit:
            upkeep.at_exit(last)

    def bring_back(backup: Path) -> None:
        from hiplog.logbook import backups

        backups.restore(settings, backup, context.clock(), tried[0] if tried else None)

    def open_book() -> Logbook:
        from hiplog.cli import asking

        named = context.passphrase_file
        return open_with(asking.of_file(named) if named else None)

    code = app.run(
        open_book,
        log_path=settings.log,
        open_with=open_with,
        let_go=let_go,
        look=settings.look,
        bring_back=bring_back,
        alarmed=at_exit,
    )
    if at_exit and opened:
        _keep(opened[-1])
    return code


def _keep(book: Logbook) -> None:
    """Note the heads and make the backup that is due, now that the terminal is free again."""
    from hiplog.logbook import upkeep

    done = upkeep.at_exit(book)
    book.close()
    if done.made is not None:
        output.say(f"hiplog: backup {done.made}")
    if done.warning is not None:
        output.say(f"hiplog: {done.warning}")
