"""Run in a network namespace of its own: lay a cable to a second one, use the logbook over it, swallow it all.

``blackhole.py URL SOCKET FOLDER``; the last line printed is JSON: what was said, and after how many seconds.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import samples
from chairs import through
from clocks import SetClock
from tui.driving import running

from hiplog import settings
from hiplog.clinical.errors import HiplogError
from hiplog.clinical.record import Session
from hiplog.logbook import patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.tui.screens.session.keeper import Keeper

HERE, THERE, PORT = "10.231.7.1", "10.231.7.2", 5432
# The far end: its own namespace, and a forwarder from its cable to the server's socket.
FAR = """
import socket, select, sys, threading
def pump(a, b):
    try:
        while True:
            for ready in select.select([a, b], [], [])[0]:
                data = ready.recv(65536)
                if not data:
                    return
                (b if ready is a else a).sendall(data)
    except OSError:
        pass
    finally:
        a.close(); b.close()
sys.stdout.write("in\\n"); sys.stdout.flush()
sys.stdin.readline()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
sys.stdout.write("up\\n"); sys.stdout.flush()
while True:
    a, _ = listener.accept()
    b = socket.socket(socket.AF_UNIX); b.connect(sys.argv[3])
    threading.Thread(target=pump, args=(a, b), daemon=True).start()
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class Cable:
    """A cable to the far end that can be made to swallow everything without a word."""

    def __init__(self, target: str) -> None:
        words = ["unshare", "--net", sys.executable, "-c", FAR, THERE, str(PORT), target]
        pipe = subprocess.PIPE
        self.far = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)
        assert self.far.stdout
        assert self.far.stdin
        self.far.stdout.readline()
        self.inside = ["nsenter", f"--net=/proc/{self.far.pid}/ns/net", "ip"]
        ip("link", "set", "lo", "up")
        ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(self.far.pid))
        ip("address", "add", f"{HERE}/24", "dev", "near")
        ip("link", "set", "near", "up")
        for words in (
            ["link", "set", "lo", "up"],
            ["address", "add", f"{THERE}/24", "dev", "far"],
            ["link", "set", "far", "up"],
        ):
            subprocess.run([*self.inside, *words], check=True)
        # With the neighbour fixed, nobody notices by address resolution that the far end is gone.
        link = subprocess.check_output([*self.inside, "-j", "link", "show", "far"], text=True)
        ip(
            "neighbour",
            "replace",
            THERE,
            "lladdr",
            json.loads(link)[0]["address"],
            "dev",
            "near",
            "nud",
            "permanent",
        )
        self.far.stdin.write("go\n")
        self.far.stdin.flush()
        self.far.stdout.readline()

    def swallow(self, everything: bool) -> None:
        words = (
            ["route", "replace", "blackhole", f"{HERE}/32"] if everything else ["route", "del", f"{HERE}/32"]
        )
        subprocess.run([*self.inside, *words], check=True)


def timed(act: Callable[[], object]) -> dict[str, object]:
    began = time.monotonic()
    try:
        act()
        said, kind = "nothing", ""
    except HiplogError as error:
        said, kind = str(error), type(error).__name__
    return {"seconds": round(time.monotonic() - began, 2), "kind": kind, "words": said}


def unasked(*drafts: Session) -> NoReturn:
    """Nobody else writes in this draft, so nobody is ever asked whose words stay."""
    raise AssertionError("asked for a choice between two drafts")


async def typed(book: Logbook, cable: Cable, session: str) -> dict[str, object]:
    """Type into an open session while the cable is dead, then let it live again."""
    async with running(book, (100, 30)) as tui:
        kept = book.read(sessions.get, session)
        app = tui.app
        keeper = Keeper(app.desk, kept, lambda: None, lambda error: None, unasked)
        cable.swallow(True)
        began = time.monotonic()
        keeper.do(lambda draft: replace(draft, note="typed into the dark"))
        while keeper.failure is None:
            await asyncio.sleep(0.05)
        told = time.monotonic() - began
        state, shown = keeper.state, keeper.draft.note
        cable.swallow(False)
        while keeper.busy:
            await asyncio.sleep(0.05)
    return {"told_after": round(told, 2), "state": state, "shown": shown}


def main() -> None:
    url, target, folder = sys.argv[1:]
    cable = Cable(target)
    try:
        print(json.dumps(swallowed(cable, url, folder)))
    finally:
        cable.far.kill()


def swallowed(cable: Cable, url: str, folder: str) -> dict[str, object]:
    """Use the logbook over the cable and return what was said each time it went dead."""
    far = through(url, PORT).replace("127.0.0.1", THERE)
    at = replace(settings.load(at=folder, environ={}), database=far)
    book = Logbook.open(at, SetClock())
    draft = samples.begin(book)
    seen: dict[str, object] = {}

    def in_the_middle(work: samples.Any) -> None:
        patients.everyone(work)
        cable.swallow(True)
        patients.everyone(work)

    seen["in the middle"] = timed(lambda: book.read(in_the_middle))
    seen["opening"] = timed(lambda: Logbook.open(at, SetClock()))
    cable.swallow(False)
    book.read(patients.everyone)
    cable.swallow(True)
    seen["reading"] = timed(lambda: book.read(patients.everyone))
    cable.swallow(False)
    book.read(patients.everyone)
    seen["draft"] = asyncio.run(typed(book, cable, draft.id))
    again = Logbook.open(at, SetClock())
    seen["draft"]["kept"] = again.read(sessions.get, draft.id).note  # type: ignore[index]
    again.close()
    return seen


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
