"""The server or the way to it is lost: a message in time, nothing saved twice, nothing acknowledged lost."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import chairs as ways
import pytest
import samples
from chairs import Clinic
from clocks import SetClock

from hiplog.clinical.errors import HiplogError, Stale, Unreachable, Unsettled
from hiplog.logbook import audit, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import postgres, unit

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def line(chairs: Clinic) -> Iterator[ways.Proxy]:
    with ways.proxy(chairs.app.database) as between:
        yield between


@pytest.fixture
def far(chairs: Clinic, line: ways.Proxy) -> Iterator[Logbook]:
    """The logbook of a chair that reaches its server through ``line``."""
    at = replace(chairs.app, database=ways.through(chairs.app.database, line.port))
    book = Logbook.open(at, SetClock())
    yield book
    line.frozen = False
    book.close()


def codes(book: Logbook) -> list[str]:
    return [one.code for one in book.read(patients.everyone)]


def test_a_cut_line_is_replaced_without_a_word(far: Logbook, line: ways.Proxy, figures: samples.Any) -> None:
    for n in range(10):
        far.write(patients.add, samples.person(f"P-{n}"))
        line.cut()
        assert len(codes(far)) == n + 1
    assert far.read(audit.verify).ok
    figures(f"cut off 10 times, {len(codes(far))} of 10 there")


def test_a_server_that_takes_nobody_is_said_in_words(far: Logbook, line: ways.Proxy) -> None:
    line.refusing = True
    line.cut()
    with pytest.raises(Unreachable, match="database server cannot be reached"):
        codes(far)
    line.refusing = False
    assert codes(far) == []


def test_a_frozen_peer_is_dropped_by_the_watchdog(
    far: Logbook, line: ways.Proxy, monkeypatch: pytest.MonkeyPatch, figures: samples.Any
) -> None:
    """It acknowledges every byte, so no time-out of the network or of the server ever comes."""
    monkeypatch.setattr(postgres.watched(), "answer_s", 1.0)

    def freeze_in_the_middle(work: unit.Unit) -> None:
        patients.add(work, samples.person("P-001"))
        line.frozen = True
        patients.everyone(work)

    began = time.monotonic()
    with pytest.raises(Unreachable, match="does not answer; the connection was dropped"):
        far.write(freeze_in_the_middle)
    told = time.monotonic() - began
    assert told < 5
    line.frozen = False
    line.cut()
    assert codes(far) == []
    far.write(patients.add, samples.person("P-001"))
    assert far.read(audit.verify).ok
    figures(
        f"a frozen peer was told after {told:.1f} s with a watchdog of 1 s; nothing saved, then saved once"
    )


def test_the_watchdog_waits_ten_seconds() -> None:
    assert postgres.watched().answer_s == 10.0


def test_a_commit_whose_answer_was_lost_is_looked_up_and_not_done_twice(
    far: Logbook, line: ways.Proxy
) -> None:
    line.cut_at = b"COMMIT\x00"
    assert far.write(patients.add, samples.person("P-001")).code == "P-001"
    assert line.cut_at is None
    assert codes(far) == ["P-001"]
    assert [one.action for one in far.read(audit.events)].count("patient.add") == 1
    assert far.read(audit.verify).ok


def test_a_commit_that_never_arrived_is_said_to_be_unsaved(far: Logbook, line: ways.Proxy) -> None:
    line.cut_before = b"COMMIT\x00"
    with pytest.raises(Unreachable, match="was not saved, try again") as refused:
        far.write(patients.add, samples.person("P-001"))
    assert not isinstance(refused.value, Unsettled)
    assert codes(far) == []


def test_an_outcome_that_cannot_be_looked_up_yet_can_be_later(
    far: Logbook, line: ways.Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "LOOK_S", 0.3)
    line.cut_at, line.refuse_after_cut = b"COMMIT\x00", True
    with pytest.raises(Unsettled, match="not known yet") as told:
        far.write(patients.add, samples.person("P-001"))
    line.refusing = False
    assert far.arrived(told.value.mark)
    assert not far.arrived("0" * 64)
    assert codes(far) == ["P-001"]


# A network that swallows everything


def test_a_black_hole_is_told_in_time_and_the_draft_survives(
    chairs: Clinic, record_property: samples.Any
) -> None:
    """Two namespaces and a cable between them that goes nowhere; ``unshare`` and ``ip`` are needed."""
    for tool in ("unshare", "ip"):
        assert shutil.which(tool), (
            f"install it with: apt-get install {'iproute2' if tool == 'ip' else 'util-linux'}"
        )
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    told = [chairs.app.database, ways.socket_of(chairs.app.database), str(chairs.app.config.parent)]
    command = ["unshare", *as_root, "--net", sys.executable, str(TESTS / "blackhole.py"), *told]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    record_property("figures", str(seen))
    assert seen["reading"]["words"].startswith("the database server does not answer")
    assert max(one["seconds"] for name, one in seen.items() if name != "draft") <= 5.0
    assert seen["in the middle"]["kind"] == "Unreachable"
    assert seen["draft"]["state"] == "! NOT SAVED, trying again"
    assert seen["draft"]["told_after"] <= 5.0
    assert (seen["draft"]["shown"], seen["draft"]["kept"]) == ("typed into the dark", "typed into the dark")


# A server that dies under eight chairs

WRITERS, SECONDS, KILLS = 8, 60, 2


@pytest.fixture
def own_server() -> Iterator[ways.Server]:
    folder = Path(tempfile.mkdtemp(prefix="hiplog-kill-"))
    running = ways.Server(folder)
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def visit_patiently(book: Logbook, patient: str, episode: str, stop: threading.Event) -> str | None:
    """Start, save and sign one session as the screen would: again when it was not saved, never blindly."""
    draft = _insist(book, stop, lambda: book.write(sessions.start, patient, episode), None)
    if draft is None:
        return None

    def step(action: samples.Any, *told: samples.Any) -> samples.Any:
        return _insist(book, stop, lambda: book.write(action, *told), draft.id)

    first = book_first(book, draft, stop)
    if first is None:
        return None
    saved = step(sessions.save, samples.complete(draft, first=first), draft.version)
    signed = step(sessions.sign, draft.id) if saved else None
    return draft.id if signed else None


def book_first(book: Logbook, draft: samples.Any, stop: threading.Event) -> bool | None:
    return _insist(book, stop, lambda: book.read(sessions.first_visit, draft), None)


def _insist(book: Logbook, stop: threading.Event, act: samples.Any, known: str | None) -> samples.Any:
    while True:
        try:
            return act()
        except Unsettled as lost:
            arrived = _insist(book, stop, lambda mark=lost.mark: (book.arrived(mark),), None)
            if arrived is None:
                return None
            if arrived[0]:
                # What was started without an answer is left as a draft; what was saved is read again.
                return book_again(book, known, stop) if known else None
        except Unreachable:
            if stop.is_set():
                return None
            time.sleep(0.1)


def book_again(book: Logbook, known: str, stop: threading.Event) -> samples.Any:
    return _insist(book, stop, lambda: book.read(sessions.get, known), None)


@pytest.mark.long
def test_eight_chairs_lose_nothing_when_the_server_is_killed_twice(
    own_server: ways.Server, tmp_path: Path, record_property: samples.Any
) -> None:
    with ways.clinic(own_server.url, tmp_path / "clinic") as made:
        told, seen = _work(made, own_server)
        book = Logbook.open(made.app, SetClock())
        signed = [
            one.id
            for who in book.read(patients.everyone)
            for one in book.read(sessions.of, who.id)
            if one.status == "signed"
        ]
        report = book.read(audit.verify)
        book.close()
    seen |= {
        "acknowledged": len(told),
        "lost": len(set(told) - set(signed)),
        "twice": len(signed) - len(set(signed)),
    }
    seen |= {"findings": len(report.findings), "signed": len(signed)}
    record_property("figures", str(seen))
    assert (seen["lost"], seen["twice"], report.findings) == (0, 0, ())
    assert len(told) == len(set(told)) > 50
    assert len(signed) <= len(told) + WRITERS * KILLS


def _work(made: Clinic, own_server: ways.Server) -> tuple[list[str], dict[str, int]]:
    ready = [samples.admit(Logbook.open(made.app), f"P-{n}") for n in range(WRITERS)]
    stop, told, failed = threading.Event(), [], []

    def write(who: samples.Any, episode: str) -> None:
        book = Logbook.open(made.app)
        try:
            while not stop.is_set():
                done = visit_patiently(book, who.id, episode, stop)
                if done:
                    told.append(done)
        except (HiplogError, Stale) as error:
            failed.append(f"{type(error).__name__}: {error}")
        finally:
            book.close()

    chairs = [threading.Thread(target=write, args=one) for one in ready]
    for chair in chairs:
        chair.start()
    counts = []
    for _ in range(KILLS):
        time.sleep(SECONDS / (KILLS + 1))
        own_server.kill()
        counts.append(len(told))
        own_server.start()
    time.sleep(SECONDS / (KILLS + 1))
    stop.set()
    for chair in chairs:
        chair.join(timeout=60)
    assert failed == []
    assert all(later > earlier for earlier, later in itertools.pairwise([*counts, len(told)]))
    return told, {"chairs": WRITERS, "kills": KILLS}
