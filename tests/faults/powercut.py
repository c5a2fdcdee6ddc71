"""A disk that forgets: every write is recorded, and a power cut at any moment keeps only what was synced.

The recorder is a virtual file system of SQLite. An image of the disk after a cut is what was synced before
it, plus any of the later writes in any 512-byte pieces, with deletions that no sync had followed undone
or not. Not modelled: a disk that says it has synced and has not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


@dataclass(frozen=True)
class Event:
    """Something that reached the operating system, or a commit that was acknowledged."""

    what: str
    name: str = ""
    offset: int = 0
    data: bytes = b""


class Recorder(apsw.VFS):
    """The machine's own file system, with an ear on it."""

    def __init__(self, name: str) -> None:
        self.events: list[Event] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return Tape(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self.events.append(Event("unlink", Path(filename).name))
        if syncdir:
            self.events.append(Event("sync folder"))


class Tape(apsw.VFSFile):
    """One file of it."""

    def __init__(self, recorder: Recorder, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.recorder, self.name = recorder, Path(path).name if path else ""
        super().__init__("", name, flags)

    def note(self, what: str, offset: int = 0, data: bytes = b"") -> None:
        self.recorder.events.append(Event(what, self.name, offset, data))

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.note("write", offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self.note("truncate", newsize)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.note("sync")


@dataclass
class Disk:
    """What would be there after a cut: synced bytes by file, and what came since, by file and overall."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    doubtful: dict[str, bytearray] = field(default_factory=dict)
    pending: list[Event] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Let ``event`` happen."""
        if event.what in {"sync", "sync folder"}:
            self.doubtful.clear()
        if event.what == "sync":
            self._settle(event.name)
        elif event.what == "unlink":
            self.pending = [one for one in self.pending if one.name != event.name]
            if event.name in self.synced:
                self.doubtful[event.name] = self.synced.pop(event.name)
        elif event.what in {"write", "truncate"}:
            self.pending.append(event)

    def _settle(self, name: str) -> None:
        mine = [event for event in self.pending if event.name == name]
        self.pending = [event for event in self.pending if event.name != name]
        content = self.synced.setdefault(name, bytearray())
        for event in mine:
            _apply(content, event)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files that a cut now would leave, one of the many ways."""
        left = {name: bytearray(content) for name, content in self.synced.items()}
        back = {name for name in self.doubtful if name not in left and chance.random() < 0.5}
        left |= {name: bytearray(self.doubtful[name]) for name in back}
        share = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for event in self.pending:
            # What was written under the name of a file whose deletion is undone went to a file that is lost.
            for piece in _pieces(event) if event.name not in back else ():
                if chance.random() < share:
                    _apply(left.setdefault(event.name, bytearray()), piece)
        return {name: bytes(content) for name, content in left.items()}


def _apply(content: bytearray, event: Event) -> None:
    if event.what == "truncate":
        del content[event.offset :]
        return
    end = event.offset + len(event.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[event.offset : end] = event.data


def _pieces(event: Event) -> Iterator[Event]:
    """A write may reach the disk in parts, each a sector."""
    if event.what != "write":
        yield event
        return
    start = 0
    while start < len(event.data):
        place = event.offset + start
        length = min(SECTOR - place % SECTOR, len(event.data) - start)
        yield Event("write", event.name, place, event.data[start : start + length])
        start += length
