"""An export that is killed or runs out of room: the bundle is absent or whole, and the next run works."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from bundles import files, told
from lived import live

from hiplog.exchange import bundle, verify
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

pytestmark = [pytest.mark.grown(by=live)]

NURSE = """
import os, resource, signal, sys
from pathlib import Path
from hiplog import settings
from hiplog.errors import HiplogError
from hiplog.exchange import bundle
from hiplog.logbook.book import Logbook
places, target = settings.load(at=sys.argv[1], environ={}), Path(sys.argv[2])

def die_at(number, events):
    left = [number]
    def hook(event, _):
        if event in events:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

def export(step, size, *events):
    book = Logbook.open(places)
    if int(size):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    if events:
        die_at(int(step), events)
    try:
        bundle.write(book, target)
    except HiplogError as error:
        sys.stderr.write(str(error))
        os._exit(error.exit_code)
    os._exit(0)

# One process that has read everything bears each child that is to die; it ends when nobody asks any more.
for line in sys.stdin:
    child = os.fork()
    if not child:
        export(*line.split())
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Nurse:
    """A process that exports as often as asked, each time in a child that may be killed."""

    def __init__(self, places: Settings, target: Path) -> None:
        words = [sys.executable, "-c", NURSE, str(places.path.parent), str(target)]
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(bundle.__file__).parents[2],
        )  # fmt: skip

    def begin(self, step: int = 0, events: tuple[str, ...] = (), size: int = 0) -> int:
        """Start one export, which may end itself at the so-manieth of ``events``; return its process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join((str(step), str(size), *events)) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def end(self) -> int:
        """Wait for the export and return how it ended: its exit code, or minus the signal."""
        assert self.process.stdout is not None
        return os.waitstatus_to_exitcode(int(self.process.stdout.readline()))


@contextmanager
def nurse(places: Settings, target: Path) -> Iterator[Nurse]:
    made = Nurse(places, target)
    try:
        yield made
    finally:
        made.process.communicate(timeout=60)


def is_whole_or_absent(target: Path) -> str:
    """Say how the target stands; a half bundle is a failure."""
    if not target.exists():
        return "absent"
    assert verify.check(target).findings == ()
    return "whole"


def mended(nursed: Nurse, target: Path, left: Counter[str]) -> None:
    """Export again and find everything in order, with nothing lying about."""
    left["half folders cleared"] += target.with_name(f"{target.name}.part").exists()
    left["old ones brought back"] += target.with_name(f"{target.name}.replaced").exists()
    nursed.begin()
    assert nursed.end() == 0
    assert verify.check(target).findings == ()
    assert [one.name for one in target.parent.glob(f"{target.name}*")] == [target.name]


@pytest.mark.long
def test_killed_at_thirty_random_moments(book: Logbook, places: Settings, tmp_path: Path) -> None:
    target, chance, seen = tmp_path / "bundle", random.Random(30), Counter[str]()
    with nurse(places, target) as nursed, told("killed at random moments") as figures:
        run = min(timed(nursed, target) for _ in range(3))
        while seen["killed"] < 30 and seen["had ended"] < 60:
            if seen["killed"] % 2:
                shutil.rmtree(target)
            child = nursed.begin()
            time.sleep(chance.uniform(0, run))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            if nursed.end() != -signal.SIGKILL:
                seen["had ended"] += 1
                continue
            seen["killed"] += 1
            seen[is_whole_or_absent(target)] += 1
            mended(nursed, target, seen)
        figures |= {"a run": f"{run:.2f} s"} | seen
    assert seen["killed"] == 30
    assert seen["whole"] and seen["absent"]
    assert book.read(audit.verify).ok


def killed_at_every(events: tuple[str, ...], places: Settings, target: Path) -> tuple[int, Counter[str]]:
    """Kill an export at each of its steps in turn; return how many there are, and what was left."""
    seen, step, ended = Counter[str](), 0, -signal.SIGKILL
    with nurse(places, target) as nursed:
        mended(nursed, target, Counter())
        while ended == -signal.SIGKILL:
            step += 1
            nursed.begin(step, events)
            ended = nursed.end()
            seen[is_whole_or_absent(target)] += 1
            mended(nursed, target, seen)
    assert ended == 0
    return step - 1, seen


def test_killed_at_a_rename(book: Logbook, places: Settings, tmp_path: Path) -> None:
    """Moments too short to be met by chance: before the old one makes room, and before the new one takes it."""
    steps, seen = killed_at_every(("os.rename",), places, tmp_path / "bundle")
    assert (steps, seen["absent"], seen["old ones brought back"]) == (2, 1, 1)
    assert book.read(audit.verify).ok


@pytest.mark.long
def test_killed_at_every_step_of_the_folder(book: Logbook, places: Settings, tmp_path: Path) -> None:
    events = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
    with told("killed at every step") as figures:
        steps, seen = killed_at_every(events, places, tmp_path / "bundle")
        figures |= {"steps": steps} | seen
    assert steps > 20
    assert seen["absent"] == 1
    assert seen["old ones brought back"] > 10
    assert book.read(audit.verify).ok


def timed(nursed: Nurse, target: Path) -> float:
    """How long an export takes that nobody kills."""
    began = time.perf_counter()
    mended(nursed, target, Counter())
    return time.perf_counter() - began


def test_a_file_that_may_not_grow_leaves_the_old_bundle(
    book: Logbook, places: Settings, tmp_path: Path
) -> None:
    target, chance = tmp_path / "bundle", random.Random(7)
    bundle.write(book, target)
    before = files(target)
    largest = max(len(held) for held in before.values())
    with nurse(places, target) as nursed:
        for _ in range(6):
            nursed.begin(size=chance.randrange(1, largest))
            assert nursed.end() == 6
            assert files(target) == before
            assert sorted(one.name for one in tmp_path.iterdir()) == ["bundle", "clinic"]
        shutil.rmtree(target)
        nursed.begin(size=largest // 2)
        assert nursed.end() == 6
        assert sorted(one.name for one in tmp_path.iterdir()) == ["clinic"]
        mended(nursed, target, Counter())
        assert nursed.process.poll() is None
    assert book.read(audit.verify).ok


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Mount a disk of ``size`` bytes at ``place`` where that is allowed; say whether it was."""
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(words, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True, capture_output=True)


def test_a_full_disk_leaves_what_was_there(book: Logbook, places: Settings, tmp_path: Path) -> None:
    whole = sum(len(held) for held in files(bundle.write(book, tmp_path / "measured").path).values())
    with small_disk(tmp_path / "disk", int(whole * 1.9)) as is_small:
        target = tmp_path / "disk" / "bundle"
        with nurse(places, target) as nursed:
            nursed.begin()
            assert nursed.end() == 0
            before = files(target)
            nursed.begin(size=0 if is_small else 4096)
            assert nursed.end() == 6
            assert files(target) == before
            assert [one.name for one in target.parent.iterdir()] == ["bundle"]
            shutil.rmtree(target)
            nursed.begin()
            assert nursed.end() == 0
            assert verify.check(target).findings == ()
    assert book.read(audit.verify).ok
