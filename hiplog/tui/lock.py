"""The lock: after some idle minutes, or on one key, nothing but a veil is painted until the PIN is given.

The clock is monotonic, so that a clock set back keeps no screen open. What was open stays beneath with its
fields and its focus; answers of the logbook wait until it is unlocked. Half an hour later the logbook is
closed as well, and its key is let go of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hiplog.tui.tasks import started

if TYPE_CHECKING:
    from textual.screen import Screen

    from hiplog.tui.app import HiplogApp

LOOK_EVERY_S = 1.0
DROP_AFTER_S = 1800.0
Told = tuple[str, bool]


class Lock:
    """Whether the screen is veiled, and since when nobody touched a key."""

    def __init__(self, app: HiplogApp, monotonic: Callable[[], float]) -> None:
        self._app, self._monotonic = app, monotonic
        self._touched = self._since = monotonic()
        self.veil: Screen[Any] | None = None
        self.kept: list[Told] = []
        """Notices that came while nobody was to see them."""

    @property
    def locked(self) -> bool:
        """Whether only the veil is shown."""
        return self.veil is not None

    def touch(self) -> None:
        """Somebody pressed a key or moved the mouse."""
        self._touched = self._monotonic()

    def look(self) -> None:
        """Lock when nobody was there for long, and close the logbook when it has been locked for longer."""
        now, desk = self._monotonic(), self._app.desk
        if self.veil is None:
            if desk.is_open and now - self._touched >= desk.book.settings.lock_after * 60:
                self.close("idle")
        elif now - self._since >= DROP_AFTER_S and not desk.dropped:
            started(self._app, desk.drop)

    def close(self, why: str, *, colleague: bool = False) -> None:
        """Veil the screen at once, then see to it that everything typed is on disk."""
        from hiplog.tui.screens.veil import Veil

        if self.locked or not self._app.desk.is_open:
            return
        self._since = self._monotonic()
        self._app.clear_notifications()
        veil = Veil(colleague=colleague)
        self._app.push_screen(veil)
        self.veil = veil
        started(self._app, self._settle, why)

    async def _settle(self, why: str) -> None:
        desk = self._app.desk
        await desk.settle()
        if self.locked:
            desk.hold()
        await desk.noted("lock", why)

    def open(self) -> None:
        """Take the veil away and show what waited behind it."""
        veil, self.veil = self.veil, None
        if veil is None:
            return
        self.touch()
        self._app.desk.release()
        veil.dismiss(None)
        for sentence, grave in self.kept:
            self._app.tell(sentence, grave=grave)
        self.kept.clear()

    @contextmanager
    def beneath(self, stack: list[Screen[Any]]) -> Iterator[None]:
        """Let a screen come or go beneath the veil, which stays on top whatever ends behind it."""
        veil = self.veil
        if veil is None or not stack or stack[-1] is not veil:
            yield
            return
        stack.pop()
        try:
            yield
        finally:
            stack.append(veil)
