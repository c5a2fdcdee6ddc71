"""Programs that die: a child of the test, killed at once and without a word, and what it had said before."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from clocks import SetClock

from hiplog.logbook import book as front
from hiplog.logbook import clinic, sealing
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import schema, unit
from hiplog.storage.engine import Opening

Say = Callable[[str], None]


@dataclass(frozen=True)
class Told:
    """The lines a child said, and whether it came to its own end before the kill."""

    lines: list[str]
    ended: bool
    wrong: str = ""


def killed(
    work: Callable[[Say], object], after: float | None, *, words: int = 0, spent: float | None = None
) -> Told:
    """Run ``work`` in a child and kill it; without ``after`` and ``spent`` it is let to its end.

    The moment is ``words`` after its first word, and from there ``spent`` seconds of its own work (which a busy
    machine does not stretch) and ``after`` seconds of the wall. A word that begins with a dot only says that the
    child is ready; one with ! says what went wrong. What the child says stands in a pipe of the system, so a
    kill takes nothing of it back.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _live(work, write)
    os.close(write)
    said = os.read(read, 65_536)
    while said.count(b"\n") <= words and (more := os.read(read, 65_536)):
        said += more
    if spent is not None:
        _watch(child, spent)
    if after is not None or spent is not None:
        time.sleep(after or 0)
        os.kill(child, signal.SIGKILL)
    while more := os.read(read, 65_536):
        said += more
    os.close(read)
    _, status = os.waitpid(child, 0)
    lines = said.decode().splitlines()
    wrong = [line for line in lines if line.startswith("!")]
    return Told([line for line in lines if line[0] not in "!."], os.WIFEXITED(status), "".join(wrong))


def _watch(child: int, spent: float) -> None:
    """Return when the child has worked for so many seconds more, or has ended."""
    clock = ~child << 3 | 2  # clock_getcpuclockid(3): the time that all of that process has spent
    until = time.clock_gettime(clock) + spent
    ended = partial(os.waitid, os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    while ended() is None and time.clock_gettime(clock) < until:
        time.sleep(0.0005)


def spent_by(work: Callable[[Say], object]) -> float:
    """How many seconds of its own ``work`` takes from its first word on, when nobody kills it."""

    def timed(say: Say) -> None:
        began = [0.0]

        def first(word: str) -> None:
            began[0] = time.process_time()
            say(word)

        work(first)
        say(f"{time.process_time() - began[0]}")

    told = killed(timed, None)
    assert told.wrong == "", told.wrong
    return float(told.lines[-1])


def _live(work: Callable[[Say], object], write: int) -> None:
    def say(word: str) -> None:
        os.write(write, f"{word}\n".encode())

    try:
        work(say)
    except BaseException as error:
        say(f"! {type(error).__name__}: {error}".replace("\n", " "))
    finally:
        os._exit(0)


def opened(places: Settings, opening: Opening, clock: SetClock | None = None) -> Logbook:
    """Open the logbook of ``places`` in the way ``opening`` says."""
    told = clock or SetClock()
    engine = front.connect(opening)
    assert schema.require(engine) is schema.State.CURRENT
    opening, banner = sealing.attend(places, engine, opening, told())
    with unit.begin(engine, told(), clinic.SYSTEM, "UTC", writing=False) as reading:
        kept = clinic.read(reading)
        actor = clinic.actor(reading, None)
    return Logbook(places, engine, opening, kept, actor, told, banner)


def encrypted(places: Settings, key: bytes) -> Opening:
    """Put the logbook of ``places`` under ``key`` and return how to open it."""
    from sqlcipher3 import dbapi2

    source, target = places.path, places.path.with_name("sealed.db")
    with dbapi2.connect(str(source), isolation_level=None) as file:
        pragmas = [
            file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        ]
        file.execute(f"ATTACH DATABASE '{target}' AS sealed KEY \"x'{key.hex()}'\"")
        file.execute("SELECT sqlcipher_export('sealed')")
        file.execute(f"PRAGMA sealed.application_id = {pragmas[0]}")
        file.execute(f"PRAGMA sealed.user_version = {pragmas[1]}")
        file.execute("DETACH DATABASE sealed")
    target.replace(source)
    return Opening(places.database, key=key)
