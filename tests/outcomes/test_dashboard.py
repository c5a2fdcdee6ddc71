"""The dashboard read from a real logbook, on both databases: the same figures as from the bare clinic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clocks import SetClock
from cohorts import clinic
from invented import START, facts, play, session

from hiplog import cli
from hiplog.clinical.errors import BadInput, IntegrityFailed, NotFound
from hiplog.clinical.record import EpisodeDraft, Inquiry, NeedleCount, PatientDraft, Reaction, Reading
from hiplog.logbook import amendments, episodes, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import completeness, dashboard, kept
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.explain import explain, explained, keys
from hiplog.outcomes.filters import Filters, Stopped
from hiplog.storage import bulk

MADE = clinic(8)[:16]
BERLIN = ZoneInfo("Europe/Berlin")
LATER = START + timedelta(days=1500)


def an_invented_clinic(book: Logbook) -> None:
    play(book, MADE)


def shown(book: Logbook, clock: SetClock, **filters: Any) -> Dashboard:
    clock.now = LATER
    return book.read(dashboard.of, Filters(**filters))


@pytest.mark.both_databases
@pytest.mark.grown(by=an_invented_clinic)
def test_a_logbook_gives_the_figures_of_the_clinic_it_was_played_from(book: Logbook, clock: SetClock) -> None:
    assert book.read(kept.waits) > 0
    found = shown(book, clock)
    kept.settle(book.read, book.write)
    assert book.read(kept.waits) == 0
    assert shown(book, clock) == found == dashboard.answer(book.read(dashboard.read), Filters())
    bare = dashboard.answer(Source(facts(MADE), (), BERLIN), Filters())
    assert found.sessions == sum(len(hip["visits"]) for hip in MADE)
    assert found.episodes == len(MADE)
    assert found.improvement.lines == bare.improvement.lines
    assert found.improvement.change == bare.improvement.change
    assert found.improvement.by_visit == bare.improvement.by_visit
    assert found.time.steps == bare.time.steps
    assert found.safety.asked == bare.safety.asked
    assert [one.sessions for one in found.safety.rates] == [one.sessions for one in bare.safety.rates]
    assert found.causes.split == bare.causes.split
    assert found.therapists.points == bare.therapists.points
    assert found.attendance.points == bare.attendance.points
    assert found.dose.heat == bare.dose.heat
    assert found.dose.soreness_rank == bare.dose.soreness_rank
    assert found.dose.change_rank == bare.dose.change_rank


@pytest.mark.grown(by=an_invented_clinic)
def test_every_number_can_be_explained_and_the_explanation_counts_the_same(
    book: Logbook, clock: SetClock
) -> None:
    found = shown(book, clock)
    source = book.read(dashboard.read)
    every = keys(found)
    assert set(every) == {about.key for about in found.abouts}
    explanations = {
        (question, key): explained(source, question, key, Filters())
        for question, known in every.items()
        for key in known
    }
    lines = found.improvement.lines
    assert explanations["improvement", "started"].rate == lines.started
    assert explanations["improvement", "completers"].rate == lines.completers
    assert explanations["improvement", "locf"].rate == lines.locf
    assert explanations["improvement", "pain_change"].figure == found.improvement.change.words
    for group in found.causes.split.groups:
        assert explanations["causes", group.key].rate == group.lines.started
    for one in found.safety.rates:
        assert explanations["safety", one.key].rate == one.sessions
    for point in found.attendance.points:
        assert explanations["attendance", f"session:{point.ordinal}"].rate == point.came
    for step in found.time.steps:
        told = explanations["time", f"sessions:{step.time}"].rate
        assert (told.events, told.n) == (step.events, step.at_risk)
    for rule in found.completeness.rules:
        told = explanations["completeness", rule.rule].rate
        assert (told.events, told.n) == (rule.passed, rule.denominator)
    for cell in found.dose.heat:
        assert len(explanations["dose", f"{cell.muscle}:{cell.side}"].used) == cell.sessions
    assert all(one.rule and one.figure for one in explanations.values())


@pytest.mark.grown(by=an_invented_clinic)
def test_an_explanation_names_patient_sessions_and_why_others_are_left_out(
    book: Logbook, clock: SetClock
) -> None:
    clock.now = LATER
    told = book.read(explain, "improvement", "completers")
    assert {one.patient for one in told.used} <= {hip["patient"] for hip in MADE}
    assert all(len(one.sessions) == 2 for one in told.used)
    assert len(told.used) + len(told.left_out) == len(MADE)
    reasons = {one.reason for one in told.left_out}
    assert "not measured again at a later session" in reasons
    with pytest.raises(BadInput, match="is no number of improvement; there are: started, completers"):
        book.read(explain, "improvement", "nonsense")
    with pytest.raises(BadInput, match="is no question"):
        book.read(explain, "luck", "started")


@pytest.mark.grown(by=an_invented_clinic)
def test_the_period_takes_hips_by_their_beginning_and_sessions_by_their_day(
    book: Logbook, clock: SetClock
) -> None:
    cut = date(2025, 3, 1)
    first, second = shown(book, clock, until=cut), shown(book, clock, since=cut + timedelta(days=1))
    whole = shown(book, clock)
    assert first.sessions + second.sessions == whole.sessions
    parts = first.improvement.lines.started.n + second.improvement.lines.started.n
    assert parts == whole.improvement.lines.started.n
    begun = [
        hip for hip in MADE if START + timedelta(days=hip["visits"][0]["day"]) < LATER.replace(2025, 3, 2)
    ]
    assert first.attendance.about.n == len(begun)
    empty = shown(book, clock, since=date(2030, 1, 1))
    assert (empty.patients, empty.sessions, empty.improvement.lines.started.n) == (0, 0, 0)


@pytest.mark.grown(by=an_invented_clinic)
def test_filters_narrow_and_add_up(book: Logbook, clock: SetClock) -> None:
    whole = shown(book, clock)
    for name, values in (("side", "LR"), ("therapist", whole.therapists_known), ("cause", causes())):
        parts = [shown(book, clock, **{name: value}) for value in values]
        assert sum(part.sessions for part in parts) == whole.sessions
        assert sum(part.improvement.lines.started.n for part in parts) == whole.improvement.lines.started.n
        judged = [part.completeness.rate("signed").n for part in parts]
        assert sum(judged) == whole.completeness.rate("signed").n


@pytest.mark.grown(by=an_invented_clinic)
def test_narrowed_reading_gives_what_the_whole_record_gives(book: Logbook, clock: SetClock) -> None:
    clock.now = LATER
    whole = book.read(dashboard.read)
    day = date(2025, 3, 1)
    for wanted in (
        Filters(until=day), Filters(since=day), Filters(day, day + timedelta(days=60)), Filters(cause="OA"),
        Filters(therapist="DN002"), Filters(side="L"), Filters(day, None, "OVERUSE", "DN001", "R"),
    ):  # fmt: skip
        for strict in (False, True):
            assert book.read(dashboard.of, wanted, strict) == dashboard.answer(whole, wanted, strict)


@pytest.mark.grown(by=an_invented_clinic)
def test_kept_counts_that_somebody_changed_are_found_and_counted_anew(
    book: Logbook, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.settle(book.read, book.write)

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["--at", str(book.settings.path.parent), *words], clock=clock)
        return code, capsys.readouterr().out

    with book.engine.begin() as connection, bulk.allowed(connection):
        connection.exec_driver_sql("UPDATE outcome_cells SET n = n + 1 WHERE kind = 'sessions'")
    assert [(one.kind, one.kept - one.counted) for one in book.read(kept.unlike)] == [("sessions", 1)]
    code, told = run("doctor", "--full")
    assert code == IntegrityFailed.exit_code
    assert "1 kept counts differ from the record, of sessions" in told
    assert "all were counted anew" in run("doctor", "--repair")[1]
    assert book.read(kept.unlike) == ()
    assert "figures.repair" in run("audit", "show", "--chain", "access")[1]
    assert "counted twice alike" in run("doctor", "--full")[1]


def causes() -> list[str]:
    return sorted({hip["cause"] for hip in MADE})


@pytest.mark.grown(by=an_invented_clinic)
def test_the_records_are_those_of_the_bundle_and_add_up_by_week(book: Logbook, clock: SetClock) -> None:
    found = shown(book, clock).completeness
    assert found.rules == book.read(completeness.of)
    signed = found.rate("signed")
    assert sum(cell.sessions for cell in found.weeks) == signed.n
    assert sum(cell.unsigned for cell in found.weeks) == signed.n - signed.events
    before = found.rate("pain_before")
    assert sum(cell.no_outcome for cell in found.weeks) == before.n - before.events > 0


@pytest.mark.grown(by=an_invented_clinic)
def test_long_work_tells_how_far_it_is_and_can_be_stopped(book: Logbook) -> None:
    told: list[tuple[int, int, str]] = []
    book.read(dashboard.of, None, False, lambda done, total, what: told.append((done, total, what)))
    assert [done for done, _, _ in told] == list(range(told[0][1]))
    assert all(what for _, _, what in told)
    with pytest.raises(Stopped):
        book.read(dashboard.of, None, False, None, lambda: True)
    answers = iter([False, False, False, True])
    with pytest.raises(Stopped):
        book.read(dashboard.of, None, False, None, lambda: next(answers))


@pytest.mark.parametrize(
    ("filters", "error", "words"),
    [
        ({"cause": "luck"}, BadInput, "cause: 'luck' is not known"),
        ({"side": "up"}, BadInput, "neither l nor r"),
        ({"therapist": "zz9"}, NotFound, "no therapist has this code; there are: DN001"),
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, BadInput, "comes after"),
    ],
)
def test_filters_that_cannot_be_are_refused(
    book: Logbook, filters: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        book.read(dashboard.of, Filters(**filters))


def test_nobody_yet(book: Logbook) -> None:
    found = book.read(dashboard.of)
    assert (found.patients, found.episodes, found.sessions) == (0, 0, 0)
    assert all(about.verdict.startswith("cannot tell yet") for about in found.abouts)
    assert found.improvement.lines.started.words == "none yet"
    assert found.safety.charts[0].chart.points == ()
    for question, known in keys(found).items():
        for key in known:
            assert book.read(explain, question, key).used == ()


class Chair:
    """One patient with one hip, visited day after day."""

    def __init__(self, book: Logbook, clock: SetClock) -> None:
        self.book, self.clock = book, clock
        clock.now = START
        self.patient = book.write(patients.add, PatientDraft("P1", "Quillfeather", "Jo")).id
        self.episode = book.write(episodes.open_, self.patient, EpisodeDraft("R", "OVERUSE")).id
        self.visits = 0

    def visit(self, before: int | None = 6, *, signed: bool = True, **changes: Any) -> str:
        """A visit a week after the last one; returns its key."""
        self.clock.now += timedelta(days=7)
        told = {"therapist_said": "not_asked", "insertions": 3, "before": before, "after": None}
        hip = {"therapist": "DN001", "side": "R"}
        draft = session(self.patient, self.episode, hip, told, self.clock.now, first=self.visits == 0)
        self.visits += 1
        return self.book.write(sessions.enter, replace(draft, **changes), signed=signed)

    def shown(self) -> Dashboard:
        return self.book.read(dashboard.of)


@pytest.fixture
def chair(book: Logbook, clock: SetClock) -> Chair:
    return Chair(book, clock)


def test_one_hip_that_responds_has_no_percentage(chair: Chair) -> None:
    chair.visit(6)
    chair.visit(3)
    found = chair.shown()
    assert found.improvement.lines.started.words == "1/1"
    assert found.improvement.change.words == "-3 (-3 to -3), n = 1"
    assert found.improvement.about.verdict == "cannot tell yet: 1 hip, a percentage needs 10"
    assert found.improvement.about.needed == 9


def test_all_scores_missing(chair: Chair) -> None:
    chair.visit(None)
    chair.visit(None)
    found = chair.shown()
    assert found.improvement.lines.started.words == "0/1"
    assert found.improvement.lines.completers.words == "none yet"
    assert found.time.steps == ()
    assert found.attendance.remeasured.words == "0/1"


def test_a_baseline_of_nought_is_listed_as_left_out(chair: Chair) -> None:
    chair.visit(0)
    chair.visit(0)
    found = chair.shown()
    assert found.improvement.lines.started.n == 0
    assert [(one.patient, one.session, one.rule) for one in found.left_out] == [("P1", 1, "baseline_zero")]


def test_a_void_session_and_a_draft_are_left_out_with_their_reason(chair: Chair, book: Logbook) -> None:
    chair.visit(6)
    wrong = chair.visit(1)
    chair.visit(2, signed=False)
    book.write(sessions.void, wrong, "wrong patient")
    found = chair.shown()
    assert found.sessions == 1
    assert found.improvement.lines.completers.n == 0
    assert {(one.session, one.rule) for one in found.left_out} == {(2, "voided"), (3, "draft")}


def test_an_amended_score_and_an_amended_count_are_the_ones_that_count(chair: Chair, book: Logbook) -> None:
    chair.visit(6)
    second = chair.visit(6)
    assert chair.shown().improvement.lines.started.events == 0
    book.write(amendments.amend, second, "reading.nprs.before", "2", "misheard")
    book.write(amendments.amend, second, "insertion.1.insertions", "5", "miscounted")
    found = chair.shown()
    assert found.improvement.lines.started.events == 1
    assert [(cell.sessions, cell.insertions) for cell in found.dose.heat] == [(2, 8)]
    book.write(amendments.amend, second, "reading.nprs.before", None, "never asked")
    assert chair.shown().improvement.lines.completers.n == 0


def test_since_last_time_speaks_of_the_session_before(chair: Chair) -> None:
    bruise = Inquiry("since_last", "checklist", "patient", "yes", (Reaction("BRUISE", "mild"),))
    chair.visit(6, inquiries=(bruise,))
    chair.visit(5, inquiries=(replace(bruise, id="i2", reactions=(Reaction("BRUISE", "mild"),)),))
    patient = next(one for one in chair.shown().safety.asked if one.reporter == "patient")
    assert (patient.yes, patient.not_asked) == (1, 1)
    told = chair.book.read(explain, "safety", "BRUISE:patient")
    assert [(one.sessions, one.counts) for one in told.used] == [((1,), True)]
    assert [(one.sessions, one.reason) for one in told.left_out] == [((2,), "the patient was not asked")]


def test_a_twitch_told_as_a_reaction_is_no_harm(chair: Chair) -> None:
    twitch = Inquiry("session", "checklist", "therapist", "yes", (Reaction("TWITCH"),))
    chair.visit(6, inquiries=(twitch,))
    found = chair.shown().safety
    assert found.rate("ANY", "therapist").sessions.words == "0/1"


def test_a_published_mean_is_left_out(chair: Chair) -> None:
    mean = Reading("before", "NPRS", Decimal("5.5"), mode="group_mean")
    chair.visit(readings=(mean,))
    chair.visit(readings=(replace(mean, id="r2", value=Decimal(2)),))
    found = chair.shown()
    assert found.improvement.lines.started.n == 0
    assert found.left_out[0].rule == "group_mean"


def test_a_month_without_sessions_stays_on_the_chart(chair: Chair, clock: SetClock) -> None:
    quiet = Inquiry("session", "open", "therapist", "none")
    chair.visit(6, inquiries=(quiet,))
    clock.now += timedelta(days=60)
    chair.visit(5, inquiries=(replace(quiet, id="i2"),))
    chart = next(one.chart for one in chair.shown().safety.charts if one.reporter == "therapist")
    assert [(point.label, point.n, point.value) for point in chart.points] == [
        ("2024-01", 1, 0.0), ("2024-02", 0, None), ("2024-03", 1, 0.0),
    ]  # fmt: skip


def test_who_stopped_and_who_may_come_again(chair: Chair, clock: SetClock) -> None:
    chair.visit(6)
    assert [one.waiting for one in chair.shown().attendance.points] == [1]
    clock.now += timedelta(days=29)
    assert [one.stopped for one in chair.shown().attendance.points] == [1]
    chair.book.write(episodes.close, chair.episode, "better")
    assert [one.closed for one in chair.shown().attendance.points] == [1]


def test_one_therapist_is_not_compared(chair: Chair) -> None:
    chair.visit(6)
    funnel = chair.shown().therapists
    assert (funnel.points, funnel.curve, funnel.hidden, funnel.hidden_hips) == ((), (), 1, 1)
    assert funnel.about.verdict == "cannot tell yet: 0 therapists with 10 hips, a comparison needs two"


def test_a_score_of_the_other_side_is_not_this_hips(chair: Chair) -> None:
    chair.visit(6)
    left = Reading("before", "NPRS", Decimal(1), side="L")
    right = Reading("before", "NPRS", Decimal(6), side="R")
    chair.visit(readings=(left, right))
    chair.visit(readings=(replace(left, id="r3"), Reading("before", "NPRS", Decimal(5))))
    found = chair.shown().improvement
    assert [one.change.median for one in found.by_visit] == [0, -1]
    assert [(one.final, one.hips) for one in found.pairs] == [(5, 1)]


def test_what_a_week_lacks_stands_with_its_therapist(chair: Chair) -> None:
    chair.visit(6)
    chair.visit(5, needles=NeedleCount(inserted=1, withdrawn=0, mismatch_reason="under search"))
    chair.visit(4, signed=False)
    chair.visit(None)
    weeks = chair.shown().completeness.weeks
    assert [(one.week, one.sessions, one.lacking) for one in weeks] == [
        ("2024-W02", 1, 0), ("2024-W03", 1, 1), ("2024-W04", 1, 2), ("2024-W05", 1, 1),
    ]  # fmt: skip
    assert {one.therapist for one in weeks} == {"DN001"}
    assert [one.count_mismatch for one in weeks] == [0, 1, 0, 0]
    assert [(one.unsigned, one.late) for one in weeks] == [(0, 0), (0, 0), (1, 1), (0, 0)]
    assert [one.no_outcome for one in weeks] == [0, 0, 0, 1]
