"""Whatever order people save, undo, sign, amend and void in: the record keeps its word and its trail."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samples
from clocks import SetClock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from hiplog.clinical.errors import Refused, Stale
from hiplog.clinical.record import Inquiry, Session
from hiplog.logbook import amendments, audit, episodes, erasure, followups, patients, sessions, timeline
from hiplog.logbook.book import Logbook
from hiplog.outcomes import kept, trend
from hiplog.settings import Settings

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Clinic(RuleBasedStateMachine):
    """A clinic of two patients; ``drafts`` keeps what each save should undo to."""

    places: Settings
    counts: Counter[str]

    drafts = Bundle("drafts")
    signed = Bundle("signed")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        copy = shutil.copy2(self.places.path, self.folder / "hiplog.db")
        self.clock = SetClock()
        self.book = Logbook.open(replace(self.places, database=str(copy)), self.clock)
        found = self.book.read(lambda work: [timeline.of(work, one.id) for one in patients.everyone(work)])
        self.people = [(one.patient, one.episodes[0].id) for one in found]
        self.history: dict[str, list[Session]] = {}
        self.frozen: dict[str, Session] = {}
        self.erased: set[str] = set()
        self.closed = False

    def teardown(self) -> None:
        self.verify()
        self.book.close()
        shutil.rmtree(self.folder)

    @rule(target=drafts, which=st.integers(0, 1), hours=st.integers(0, 50))
    def start(self, which: int, hours: int) -> Any:
        self.clock.forward(hours=hours)
        who, episode = self.people[which]
        if self.closed and which == 0:
            with pytest.raises(Refused, match="is closed"):
                self.book.write(sessions.start, who.id, episode)
            return multiple()
        draft = self.book.write(sessions.start, who.id, episode)
        self.history[draft.id] = [draft]
        return draft.id

    @rule(
        key=drafts, pain=st.integers(0, 10), depth=st.integers(1, 60), note=st.sampled_from([None, "a", "b"])
    )
    def save(self, key: str, pain: int, depth: int, note: str | None) -> None:
        now = self.history[key][-1]
        done = replace(samples.complete(now), readings=(samples.pain(pain),), note=note)
        done = replace(done, insertions=(samples.site(depth_mm=depth),))
        kept = self.book.write(sessions.save, done, now.version)
        assert (kept.readings[0].value, kept.insertions[0].depth_mm, kept.note) == (pain, depth, note)
        self.history[key].append(kept)

    @rule(key=drafts)
    def save_stale(self, key: str) -> None:
        now = self.history[key][-1]
        with pytest.raises(Stale):
            self.book.write(sessions.save, replace(now, plan="from an old screen"), now.version - 1)
        assert self.book.read(sessions.get, key) == now

    @rule(key=drafts)
    def undo(self, key: str) -> None:
        if len(self.history[key]) == 1:
            with pytest.raises(Refused, match="nothing to undo"):
                self.book.write(sessions.undo, key)
            return
        self.history[key].pop()
        back = self.book.write(sessions.undo, key)
        assert replace(back, version=0) == replace(self.history[key][-1], version=0)
        self.history[key][-1] = back

    @rule(target=signed, key=consumes(drafts))
    def sign(self, key: str) -> Any:
        reasons = self.book.read(sessions.objections, self.history[key][-1])
        if reasons:
            with pytest.raises(Refused) as caught:
                self.book.write(sessions.sign, key)
            assert caught.value.reasons == reasons
            self.book.write(sessions.discard, key)
            del self.history[key]
            return multiple()
        self.frozen[key] = self.book.write(sessions.sign, key)
        del self.history[key]
        return key

    @rule(key=signed, depth=st.integers(1, 60), hours=st.integers(-5, 30))
    def amend(self, key: str, depth: int, hours: int) -> None:
        """Also with a clock that was set back."""
        kept = self.frozen[key]
        self.clock.forward(hours=hours)
        try:
            self.frozen[key] = self.book.write(
                amendments.amend, key, "insertion.1.depth_mm", str(depth), "slip"
            )
        except Refused:
            assert kept.status == "voided" or kept.insertions[0].depth_mm == depth
            return
        assert self.frozen[key].insertions[0].depth_mm == depth
        assert len(self.frozen[key].amendments) == len(kept.amendments) + 1

    @rule(key=signed)
    def void(self, key: str) -> None:
        if self.frozen[key].status == "signed":
            self.frozen[key] = self.book.write(sessions.void, key, "wrong chart")
        assert self.frozen[key].status == "voided"

    @rule(key=signed, pain=st.integers(0, 10))
    def follow_up(self, key: str, pain: int) -> None:
        asked = Inquiry("follow_up", "open", "patient", "none")
        if self.frozen[key].status == "voided":
            with pytest.raises(Refused):
                self.book.write(followups.record, key, asked)
            return
        self.book.write(followups.record, key, asked, (samples.pain(pain),))
        self.frozen[key] = self.book.read(sessions.get, key)

    @rule(key=signed)
    def erase(self, key: str) -> None:
        """Who it was goes, once at most; the record and every figure stay."""
        code = next(who.code for who, _ in self.people if who.id == self.frozen[key].patient)
        if code not in self.erased:
            erasure.erase(self.book, code, code, "asked for it")
            self.erased.add(code)

    @rule()
    def close_the_hip(self) -> None:
        _, episode = self.people[0]
        if not self.closed:
            self.book.write(episodes.close, episode, "better")
            self.closed = True

    @rule()
    def write_the_figures_down(self) -> None:
        kept.settle(self.book.read, self.book.write)
        assert self.book.read(kept.waits) == 0

    @invariant()
    def the_record_is_what_was_written(self) -> None:
        wanted = self.frozen | {key: states[-1] for key, states in self.history.items()}
        kept = [visit for who, _ in self.people for visit in self.book.read(sessions.of, who.id)]
        assert {visit.id: visit for visit in kept} == wanted

    @rule()
    def verify(self) -> None:
        """The trail, the kept figures against a full count, the trend; at the end of every run as well."""
        self.counts["verify"] += 1
        assert self.book.read(audit.verify).findings == ()
        assert self.book.read(kept.unlike) == ()
        void = {(one.patient, one.number) for one in self.frozen.values() if one.status == "voided"}
        for who, _ in self.people:
            points = self.book.read(trend.of, who.id).series.points
            assert not void & {(who.id, point.session) for point in points}
            assert [point.at for point in points] == sorted(point.at for point in points)

    @invariant()
    def a_step_is_counted(self) -> None:
        self.counts["steps"] += 1


def two_people(book: Logbook) -> None:
    for code in ("P-001", "P-002"):
        samples.admit(book, code)


def played(places: Settings, runs: int, steps: int) -> Counter[str]:
    """Let the machine play, and count its steps."""
    counts = Counter[str]()
    machine = type("Here", (Clinic,), {"places": places, "counts": counts})
    calm = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=calm)
    return counts


@pytest.mark.grown(by=two_people)
def test_a_clinic_at_work(places: Settings) -> None:
    assert played(places, 15, 20)["steps"] > 100


@pytest.mark.faults
@pytest.mark.grown(by=two_people)
def test_a_clinic_at_work_a_hundred_times_thirty_steps(places: Settings, figures: Any) -> None:
    counts = played(places, 100, 30)
    figures(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    assert counts["verify"] >= 100 and counts["steps"] >= 1_500
