"""Pages: whole and alone, everything typed escaped, the figures of the dashboard, written safely."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import HOSTILE, NOW, Paper, alone, demo_clinic, report_of
from samples import CANARY, admit, pain, signed, visit

from hiplog.clinical.aftercare import ADVICE, sheet_defaults
from hiplog.clinical.errors import BadInput, NotFound, Unreachable
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.record import Amendment, Inquiry, NeedleCount, Reaction, Referral, ScreeningAnswer
from hiplog.exchange.pages import aftercare, gather, report, save
from hiplog.exchange.pages import visit as summary
from hiplog.exchange.pages.aftercare import Sheet
from hiplog.exchange.pages.paper import MARK, css, page
from hiplog.exchange.pages.table import Table
from hiplog.logbook import amendments, followups, patients, sessions
from hiplog.logbook.book import Logbook
from hiplog.outcomes import dashboard
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.dashboard import Dashboard

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHEET = Sheet("Hip clinic", "Europe/Berlin", "P-001", sheet_defaults(), 3, AT)


@pytest.fixture(scope="module")
def book_of_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logbook]:
    book = demo_clinic(tmp_path_factory.mktemp("demo"))
    yield book
    book.close()


@pytest.fixture(scope="module")
def clinic(book_of_many: Logbook) -> tuple[Dashboard, str]:
    return report_of(book_of_many)


# what every page is


def pages(book: Logbook) -> dict[str, str]:
    kept = signed(book)
    found = gather.visit(book, "P-001", kept.number)
    shown = report.html(book.read(dashboard.of), book.clinic.name, book.clinic.zone, NOW)
    return {"sheet": aftercare.html(SHEET), "visit": summary.html(found), "report": shown}


def test_every_page_is_whole_and_fetches_nothing(book: Logbook) -> None:
    for name, made in pages(book).items():
        paper = Paper(made)
        assert paper.whole, (name, paper.crossed)
        assert alone(made) == [], name
        assert "script" not in paper.tags
        assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in paper.attributes
        assert ("html", "lang", "en") in paper.attributes
        assert MARK in made[: save.HEAD]


def test_the_style_is_light_dark_and_for_paper() -> None:
    style = css()
    assert "@media screen and (prefers-color-scheme: dark)" in style
    assert "@media print" in style
    assert "@page" in style
    assert style.count("{") == style.count("}")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_and_never_obeyed(words: str) -> None:
    made = aftercare.html(replace(SHEET, clinic=words, code=words, name=words))
    plain = aftercare.html(replace(SHEET, clinic="x", code="x", name="x"))
    assert Paper(made).whole
    assert Paper(made).tags == Paper(plain).tags
    assert sorted(a[:2] for a in Paper(made).attributes) == sorted(a[:2] for a in Paper(plain).attributes)
    assert "49" not in Paper(made).text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", made)


@given(st.text(max_size=80))
def test_any_name_leaves_the_page_as_it_was_built(words: str) -> None:
    made = Paper(aftercare.html(replace(SHEET, clinic=words, name=words or None)))
    assert made.whole
    assert set(made.tags) == set(Paper(aftercare.html(replace(SHEET, name="x"))).tags) or not words


def test_a_value_that_a_template_misses_is_an_error() -> None:
    with pytest.raises(Exception, match="'rows' is undefined"):
        page("aftercare.html", sheet=SHEET, when=None, call="", signs=[])


def test_pages_load_jinja_only_when_one_is_made() -> None:
    code = "import sys\nfrom hiplog.exchange.pages import report, visit\nprint('jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_table_sets_numbers_to_the_right_and_says_when_it_is_empty() -> None:
    table = Table("c", ("word", "count"), (("a", "1"), ("b", "–"), ("c", "-2.5")))
    assert [table.number(column) for column in (0, 1)] == [False, True]
    assert not Table("c", ("a",), ()).number(0)


# the aftercare sheet


def test_the_sheet_says_what_was_ticked_and_always_when_to_call() -> None:
    text = Paper(aftercare.html(replace(SHEET, advice=("HEAT",)))).text
    assert ADVICE["HEAT"].text in text
    assert ADVICE["WATER"].text not in text
    for sign in (
        "redness that spreads",
        "fever",
        "new numbness or weakness",
        "breathlessness",
        "a needle left in",
    ):
        assert sign in text
    assert "Call us if you notice:" in text


def test_the_usual_sheet_holds_the_usual_sentences_and_nothing_for_the_therapist() -> None:
    text = Paper(aftercare.html(replace(SHEET, advice=("PRESS",)))).text
    for code in sheet_defaults():
        if code != aftercare.CALL:
            assert ADVICE[code].text in text
    assert ADVICE["PRESS"].text not in text
    assert not re.search("toxin|inject|releases|cure", text)


def test_the_sheet_prints_the_code_and_a_name_only_when_asked(book: Logbook) -> None:
    signed(book)
    bare = aftercare.html(gather.sheet(book, "P-001"))
    named = aftercare.html(gather.sheet(book, "P-001", named=True))
    assert CANARY not in bare
    assert "P-001" in bare
    assert f"{CANARY}, Ann" in named
    assert "Monday 2 March 2026, 13:00" in bare


def test_the_sheet_is_of_the_last_visit_that_stands(book: Logbook) -> None:
    who, episode = admit(book, "P9")
    assert gather.sheet(book, "P9").session is None
    visit(book, who.id, episode)
    second = visit(book, who.id, episode)
    assert gather.sheet(book, "P9").session == 2
    book.write(sessions.void, second.id, "wrong patient")
    assert gather.sheet(book, "P9").session == 1
    with pytest.raises(NotFound):
        gather.sheet(book, "P9", 7)


# the visit summary


def test_the_summary_says_what_was_done_asked_and_measured(book: Logbook) -> None:
    kept = signed(book)
    text = Paper(summary.html(gather.visit(book, "P-001", kept.number))).text
    assert "gluteus medius, right, zone 1" in text
    assert "0.30 × 60 mm, 35 mm deep, fast in, fast out, twitch elicited" in text
    assert "Needles: 1 opened, 1 in, 1 out, 1 to sharps; the count agrees" in text
    assert "6/10 4/10" in text
    asked = "At this visit (asked item by item, seen or judged by the therapist)"
    assert f"{asked}: bruising or haematoma 12 mm, mild, at gluteus medius right" in text
    assert ADVICE["HEAT"].text in text
    assert "exercise" in text
    assert "Consent given (form 2026-01)" in text
    assert "right hip, overuse" in text
    assert "Signed by DN001, Monday 2 March 2026, 13:00" in text


def test_the_summary_shows_the_sites_on_a_map_and_the_pain_on_a_trend(book: Logbook) -> None:
    made = summary.html(gather.visit(book, "P-001", signed(book).number))
    assert f"insertions: {MUSCLES['GMED'].name} right 1." in made
    assert "Trend of pain now, 0–10" in made
    assert made.count("<svg") == 2


def test_an_amended_value_is_marked_and_what_stood_there_is_told(book: Logbook) -> None:
    kept = signed(book)
    book.write(amendments.amend, kept.id, "reading.nprs.after", "2", "misheard the number")
    book.write(amendments.amend, kept.id, "insertion.1.depth_mm", "30", "typing error")
    text = Paper(summary.html(gather.visit(book, "P-001", kept.number))).text
    assert "6/10 2/10 *" in text
    assert "30 mm deep" in text
    assert "site 1, depth in mm 35 30 DN001 Monday 2 March 2026, 13:00 typing error" in text
    assert "pain now, 0–10 after 4 2 DN001 Monday 2 March 2026, 13:00 misheard the number" in text
    assert "* amended 2 times" in text


def test_a_draft_and_a_void_visit_say_so_first(book: Logbook) -> None:
    who, episode = admit(book)
    book.write(sessions.start, who.id, episode)
    draft = Paper(summary.html(gather.visit(book, "P-001", 1))).text
    assert draft.index("DRAFT: not signed") < draft.index("What was done")
    done = visit(book, who.id, episode)
    book.write(sessions.void, done.id, "wrong patient")
    void = Paper(summary.html(gather.visit(book, "P-001", done.number))).text
    assert "VOID: this session was declared void (wrong patient)." in void


def test_what_was_not_done_is_not_made_up(book: Logbook) -> None:
    who, episode = admit(book)
    book.write(sessions.start, who.id, episode)
    text = Paper(summary.html(gather.visit(book, "P-001", 1))).text
    for words in ("nothing is recorded", "Needles: not counted", "nobody was asked", "none is recorded"):
        assert words in text
    assert "<svg" not in summary.html(gather.visit(book, "P-001", 1))


def test_follow_up_and_a_count_that_does_not_agree_are_in_the_summary(book: Logbook) -> None:
    who, episode = admit(book)
    kept = visit(book, who.id, episode)
    told = Inquiry("follow_up", "open", "patient", "yes", (Reaction("PAIN_AFT", "mild", soreness=4),))
    book.write(followups.record, kept.id, told, (pain(3),))
    found = gather.visit(book, "P-001", 1)
    short = NeedleCount(3, 2, 1, 2, "one fell, found on the floor")
    text = Paper(summary.html(replace(found, session=replace(found.session, needles=short)))).text
    assert (
        "3 opened, 2 in, 1 out, 2 to sharps; ! the count does not agree: one fell, found on the floor" in text
    )
    assert (
        "At follow-up (asked one open question, told by the patient): pain or soreness afterwards 4/10, mild"
        in text
    )
    assert "6/10 4/10 3/10" in text
    assert "done, Monday 2 March 2026, 13:00, by DN001" in text


def test_the_trend_ends_with_the_visit(book: Logbook) -> None:
    who, episode = admit(book)
    for pain_before in (8, 6, 4):
        visit(book, who.id, episode, before=pain_before)
    second = gather.visit(book, "P-001", 2)
    assert {point.session for one in second.chart.series for point in one.points} == {1, 2}


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_was_typed_in_a_visit_stays_text(book: Logbook, words: str) -> None:
    kept = gather.visit(book, "P-001", signed(book).number, named=True)

    def typed(text: str) -> str:
        session = replace(
            kept.session,
            note=text,
            plan=text,
            void_reason=text,
            status="voided",
            therapist=text,
            signed_by=text,
            co_treatments=(text,),
            advice=(text,),
            screening=(ScreeningAnswer(text, "yes", text),),
            referrals=(Referral(text, text, note=text),),
            readings=(*kept.session.readings, pain(None, "after", missing_reason=text)),
            needles=NeedleCount(2, 2, 1, 1, text),
            inquiries=(Inquiry("session", text, text, "yes", (Reaction(text, note=text),)),),
            amendments=(Amendment("session", kept.session.id, "note", text, text, text, text, AT),),
        )
        return summary.html(replace(kept, session=session, name=text, clinic=text, code=text))

    made, plain = Paper(typed(words)), Paper(typed("x"))
    assert made.whole
    assert made.tags == plain.tags
    assert alone(typed(words)) == [] or "src=//evil" in words
    assert "{{7*7}}" in made.text or "7*7" not in words


def test_the_summary_names_the_patient_only_when_asked(book: Logbook) -> None:
    kept = signed(book)
    bare = replace(gather.visit(book, "P-001", kept.number), session=replace(kept, note=None))
    assert CANARY not in summary.html(bare)
    assert f"{CANARY}, Ann" in summary.html(gather.visit(book, "P-001", kept.number, named=True))


# the report


def test_the_caution_stands_before_every_figure(clinic: tuple[Dashboard, str]) -> None:
    found, made = clinic
    caution = f"{found.caption[:1].upper()}{found.caption[1:]}."
    assert caution.startswith(
        "Uncontrolled before–after; includes natural recovery and regression to the mean"
    )
    assert made.index(caution) < made.index("<svg")


def test_each_question_has_its_n_missing_period_rule_figure_and_table(clinic: tuple[Dashboard, str]) -> None:
    found, made = clinic
    parts = dict(zip(QUESTIONS, re.split(r'<section class="question"', made)[1:], strict=False))
    for about in found.abouts:
        part, text = parts[about.key], Paper("<section" + parts[about.key]).text
        assert about.question in text
        assert about.verdict[1:] in text
        assert f"n {about.n} {about.units} missing {about.missing_told}" in text
        assert about.period in text
        assert "How this is counted" in text
        for rule in about.definition:
            assert rule[1:].split("“")[0] in text
        assert re.search(r"<figure>.*?</figure>\s*<div class=\"scroll\"><table>", part, re.S)
        assert part.count("<svg") <= part.count("<table>")


def test_every_figure_is_named_once_and_tied_to_its_words(clinic: tuple[Dashboard, str]) -> None:
    _, made = clinic
    names = re.findall(r'aria-labelledby="(\S+) (\S+)"', made)
    ids = re.findall(r'<(?:title|desc) id="([^"]+)">', made)
    assert len(names) >= 12
    assert sorted(one for pair in names for one in pair) == sorted(set(ids))
    assert all(words for words in re.findall(r"<desc[^>]*>(.*?)</desc>", made))


def test_the_reports_numbers_are_those_of_the_dashboard(clinic: tuple[Dashboard, str]) -> None:
    found, made = clinic
    text = Paper(made).text
    assert f"{found.patients} patients, {found.episodes} hips, {found.sessions} signed sessions" in text
    for line in (
        found.improvement.lines.started,
        found.improvement.lines.completers,
        found.improvement.lines.locf,
    ):
        assert line.words in text
    assert found.improvement.change.words in text
    for group in found.causes.split.groups:
        assert f"{group.label} {group.lines.started.words}" in text
    for rate in found.safety.rates:
        assert f"{rate.label} {rate.sessions.words} {rate.patients.words}" in text
    for step in found.time.steps:
        assert f"{step.time} {step.at_risk} {step.events} {step.censored}" in text
    for rule in found.completeness.rules:
        assert f"{rule.label} {rule.passed}/{rule.denominator}" in text
    for cell in found.dose.heat:
        assert f"{cell.sessions} {cell.insertions}" in text
    assert f"Stopped coming: {found.attendance.stopped.words}" in text


def test_the_two_reporters_are_never_added_up(clinic: tuple[Dashboard, str]) -> None:
    found, made = clinic
    assert "Reactions as therapists reported" in made
    assert "Reactions as patients reported" in made
    therapist, patient = (found.safety.rate("ANY", who).sessions for who in ("therapist", "patient"))
    both = f"{therapist.events + patient.events}/{therapist.n + patient.n}"
    assert both not in made


def test_nobody_is_named_in_the_report(book_of_many: Logbook, clinic: tuple[Dashboard, str]) -> None:
    names = {
        name
        for who in book_of_many.read(patients.everyone)
        for name in (f"{who.family},", f"{who.given} {who.family}")
    }
    assert not [name for name in names if name in clinic[1]]


def test_a_report_of_nothing_says_so_and_gives_no_share(book: Logbook) -> None:
    text = Paper(report.html(book.read(dashboard.of), "Hip clinic", "Europe/Berlin", NOW)).text
    assert "0 patients, 0 hips, 0 signed sessions" in text
    assert text.count("cannot tell yet") + text.count("Cannot tell yet") >= 8
    assert not re.search(r"\d/\d+ = ", text)


def test_small_groups_have_counts_and_no_percentage(book: Logbook) -> None:
    who, episode = admit(book)
    visit(book, who.id, episode)
    made = Paper(report.html(book.read(dashboard.of), "Hip clinic", "Europe/Berlin", NOW)).text
    assert "0/1" in made
    assert not re.search(r"\d/\d+ = |Half had reached it: after", made)
    assert "cannot tell yet: 1 hips, a share needs 10" in made


# writing it


def test_a_page_is_private_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = save.save(tmp_path / "out" / "a.html", aftercare.html(SHEET))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["a.html"]
    assert path.read_text(encoding="utf-8") == aftercare.html(SHEET)


def test_a_page_of_ours_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    ours = save.save(tmp_path / "a.html", aftercare.html(SHEET))
    assert save.save(ours, aftercare.html(replace(SHEET, code="P-2"))).read_text().count("P-2")
    foreign = tmp_path / "thesis.html"
    foreign.write_text("<!doctype html><p>mine</p>")
    (tmp_path / "link.html").symlink_to(ours)
    for path, why in ((foreign, "no page of hiplog"), (tmp_path, "folder"), (tmp_path / "link.html", "link")):
        with pytest.raises(BadInput, match=why):
            save.save(path, aftercare.html(SHEET))
    assert foreign.read_text() == "<!doctype html><p>mine</p>"
    assert "P-2" in ours.read_text()


def test_a_page_that_names_our_mark_late_is_not_ours(tmp_path: Path) -> None:
    other = tmp_path / "a.html"
    other.write_text("x" * save.HEAD + MARK)
    with pytest.raises(BadInput):
        save.save(other, aftercare.html(SHEET))


def test_when_writing_fails_the_old_page_stands(tmp_path: Path) -> None:
    path = save.save(tmp_path / "a.html", aftercare.html(SHEET))
    (tmp_path / "a.html.part").mkdir()
    with pytest.raises(BadInput, match="in the way"):
        save.save(path, aftercare.html(replace(SHEET, code="P-2")))
    assert "P-2" not in path.read_text()
    with pytest.raises(Unreachable, match="cannot be"):
        save.save(Path("/proc/hiplog/a.html"), aftercare.html(SHEET))


def test_the_half_page_of_a_crash_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "a.html.part").write_text(aftercare.html(SHEET)[:900])
    path = save.save(tmp_path / "a.html", aftercare.html(SHEET))
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    (tmp_path / "b.html.part").write_text("somebody's")
    with pytest.raises(BadInput, match="in the way"):
        save.save(tmp_path / "b.html", aftercare.html(SHEET))
    assert (tmp_path / "b.html.part").read_text() == "somebody's"


def test_what_no_file_can_hold_is_written_as_a_question_mark(tmp_path: Path) -> None:
    path = save.save(tmp_path / "a.html", aftercare.html(SHEET) + "\ud800")
    assert path.read_text(encoding="utf-8").endswith("?")
