"""Patients are kept as typed, found by any part of their name, and never twice under one code."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
import samples
from clocks import SetClock
from hypothesis import HealthCheck, given, settings, strategies

from hiplog.clinical.errors import BadInput, NotFound, Refused, Stale
from hiplog.clinical.record import EpisodeDraft, Precaution
from hiplog.logbook import audit, clinic, episodes, patients, precautions, search, sessions, timeline
from hiplog.logbook.book import Logbook

pytestmark = pytest.mark.both_databases

HOSTILE = [
    "[/]",
    "[red]O'Brien[/red]",
    "=1+1",
    "Robert'); DROP TABLE patients;--",
    "%s %d {0} ${HOME} `id`",
    "\u202eevitcepsrep",
    "nul",
    "<b>&amp;</b>",
    "山田 太郎",
    "👩🏽‍🦽",
    "o" + "\u0301" * 50,
    "\\n\\t",
    'quoted "name"',
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_kept_exactly_and_found(book: Logbook, name: str) -> None:
    kept = book.write(patients.add, samples.person(family=name, given=name, note=name))
    assert (kept.family, kept.given, kept.note) == (unicodedata.normalize("NFC", name),) * 3
    assert [one.code for one in book.read(search.find, name)] == ["P-001"]
    assert book.read(audit.verify).ok


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(text=strategies.text(max_size=60))
def test_any_text_is_kept_as_typed_or_refused(book: Logbook, text: str) -> None:
    count = len(book.read(patients.everyone))
    draft = samples.person(f"T{count}", given=text)
    try:
        kept = book.write(patients.add, draft)
    except BadInput as refusal:
        assert str(refusal).startswith("given name: ")
        assert len(book.read(patients.everyone)) == count
    else:
        assert kept.given == unicodedata.normalize("NFC", text.strip())


def test_names_are_kept_composed(book: Logbook) -> None:
    kept = book.write(patients.add, samples.person(family="Mu\u0308ller"))
    assert kept.family == "M\u00fcller"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("family", "Ko\x00ch", "family name: character 3 is a control character (U+0000)"),
        ("given", "An\x1b[2Jn", "given name: character 3 is a control character (U+001B)"),
        ("given", "  An\x7fn", "given name: character 5 is a control character (U+007F)"),
        ("phone", "0123\n456", "phone: character 5 is a control character (U+000A)"),
        ("note", "line\r\nline\x9b", "note: character 10 is a control character (U+009B)"),
        ("family", "\ud800", "family name: character 1 is a control character (U+D800)"),
        ("family", "x" * 10_000, "family name: has 10000 characters, at most 200 are kept"),
        ("note", "x" * 20_001, "note: has 20001 characters, at most 20000 are kept"),
        ("family", "   ", "family name: must not be empty"),
        ("code", "P 001", "chart code: use letters, digits"),
        ("code", "x" * 41, "chart code: has 41 characters, at most 40 are kept"),
        ("sex", "yes", "sex: 'yes' is not one of female"),
        ("birth", date(1899, 12, 31), "birth date: 31 December 1899 is not between 1900 and today"),
        ("birth", date(2026, 3, 3), "is not between 1900 and today"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(
    book: Logbook, field: str, text: object, sentence: str
) -> None:
    with pytest.raises(BadInput) as caught:
        book.write(patients.add, replace(samples.person(), **{field: text}))
    assert sentence in str(caught.value)
    assert book.read(patients.everyone) == ()


def test_long_text_keeps_its_lines(book: Logbook) -> None:
    kept = book.write(patients.add, samples.person(note=" one\r\n\ttwo \n"))
    assert kept.note == "one\n\ttwo"


def test_a_code_is_taken_whatever_its_case(book: Logbook) -> None:
    book.write(patients.add, samples.person("gm-1"))
    other = book.write(patients.add, samples.person("P-2"))
    with pytest.raises(Refused, match="chart code GM-1 is taken"):
        book.write(patients.add, samples.person("GM-1"))
    with pytest.raises(Refused, match="chart code Gm-1 is taken"):
        book.write(patients.edit, replace(other, code="Gm-1"))
    assert book.write(patients.edit, replace(other, code="p-2")).code == "p-2"


def test_an_unknown_code_names_the_nearest(book: Logbook) -> None:
    for code in ("GM-101", "GM-102", "XX-9"):
        book.write(patients.add, samples.person(code))
    with pytest.raises(NotFound, match=r"'gm-111': no patient has this chart code; nearest: GM-101"):
        book.read(patients.get, "gm-111")
    assert book.read(patients.get, " gm-102 ").code == "GM-102"


@pytest.mark.parametrize("code", [samples.CANARY * 4, "x\x00y", "\udcff", "", "%"])
def test_a_name_typed_for_a_code_is_not_repeated(book: Logbook, code: str) -> None:
    with pytest.raises(NotFound) as caught:
        book.read(patients.get, code)
    assert samples.CANARY not in str(caught.value)


def test_an_edit_changes_the_person_and_what_it_is_found_by(book: Logbook) -> None:
    kept = book.write(patients.add, samples.person())
    changed = book.write(patients.edit, replace(kept, family="Neu", birth=None, phone="040 123"))
    assert (changed.family, changed.birth, changed.phone, changed.version) == ("Neu", None, "040 123", 2)
    assert book.read(search.find, samples.CANARY) == ()
    assert [one.name for one in book.read(search.find, "neu")] == ["Neu, Ann"]
    with pytest.raises(Stale):
        book.write(patients.edit, kept)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("mull", ["M-1"]),
        ("MÜLLER", ["M-1"]),
        ("lle", ["M-1"]),
        ("ann mul", ["M-1"]),
        ("mul ann", ["M-1"]),
        ("strasse", ["S-2"]),
        ("STRAßE", ["S-2"]),
        ("nguyen", ["N-3"]),
        ("-", ["M-1", "N-3", "S-2"]),
        ("", ["M-1", "N-3", "S-2"]),
        ("s-2", ["S-2"]),
        ("ann zzz", []),
        ("%", []),
        ("_", []),
        ("a\x00n", ["M-1"]),
        ("\udcff", ["M-1", "N-3", "S-2"]),
    ],
)
def test_search_by_any_part(book: Logbook, typed: str, codes: list[str]) -> None:
    for code, family, given_ in (("M-1", "Müller", "Ann"), ("S-2", "Straße", "Bo"), ("N-3", "Nguyễn", "Vi")):
        book.write(patients.add, samples.person(code, family=family, given=given_))
    assert sorted(one.code for one in book.read(search.find, typed)) == codes


def test_search_tells_hips_visits_and_the_last_one(book: Logbook, clock: SetClock) -> None:
    who, right = samples.admit(book)
    book.write(episodes.open_, who.id, EpisodeDraft("L", "OA"))
    samples.visit(book, who.id, right)
    clock.forward(days=7)
    last = samples.visit(book, who.id, right)
    clock.forward(days=1)
    void = samples.visit(book, who.id, right)
    book.write(sessions.void, void.id, "wrong patient")
    (found,) = book.read(search.find, "ann")
    assert (found.sides, found.visits, found.last_visit) == (("L", "R"), 2, last.occurred_at)
    assert samples.CANARY not in repr(found)


def test_search_stops_at_its_limit_in_order_of_name(book: Logbook) -> None:
    for n in range(5):
        book.write(patients.add, samples.person(f"P-{n}", family=f"Name {9 - n}"))
    assert [one.code for one in book.read(search.find, "name", 2)] == ["P-4", "P-3"]


def test_an_episode_is_opened_and_closed_once(book: Logbook, clock: SetClock) -> None:
    who = book.write(patients.add, samples.person())
    made = book.write(
        episodes.open_, who.id, EpisodeDraft("L", "oa", symptoms=("pain_aching",), onset=date(2025, 1, 1))
    )
    assert (made.number, made.cause, made.symptoms, made.opened_on) == (
        1,
        "OA",
        ("PAIN_ACHING",),
        date(2026, 3, 2),
    )
    assert made.icd10
    clock.forward(days=30)
    closed = book.write(episodes.close, made.id, "goals met")
    assert (closed.closed_on, closed.close_reason) == (date(2026, 4, 1), "goals met")
    with pytest.raises(Refused, match="was closed on 1 April 2026"):
        book.write(episodes.close, made.id, "again")
    with pytest.raises(Refused, match="episode 1 is closed; open a new one"):
        book.write(sessions.start, who.id, made.id)
    assert book.write(episodes.open_, who.id, EpisodeDraft("L", "OA")).number == 2


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (EpisodeDraft("B", "OA"), "say l .left. or r .right."),  # type: ignore[arg-type]
        (EpisodeDraft("L", "OVERUS"), "cause: 'OVERUS' is not known; nearest: overuse"),
        (EpisodeDraft("L", "OA", symptoms=("PAIN_SHRP",)), "symptom: .*pain_sharp"),
        (EpisodeDraft("L", "OA", onset=date(2026, 3, 9)), "lies in the future"),
    ],
)
def test_an_episode_that_cannot_be(book: Logbook, draft: EpisodeDraft, sentence: str) -> None:
    who = book.write(patients.add, samples.person())
    with pytest.raises(BadInput, match=sentence):
        book.write(episodes.open_, who.id, draft)
    assert book.read(episodes.of, who.id) == ()


def test_a_precaution_stands_until_it_is_ended(book: Logbook) -> None:
    who = book.write(patients.add, samples.person())
    kept = book.write(precautions.add, who.id, Precaution("anticoag", note="apixaban"))
    assert [one.item for one in book.read(precautions.of, who.id)] == ["ANTICOAG"]
    book.write(precautions.end, kept.id)
    assert book.read(precautions.of, who.id) == ()
    with pytest.raises(Refused, match="ANTICOAG was ended on 2 March 2026 already"):
        book.write(precautions.end, kept.id)
    with pytest.raises(BadInput, match=r"'anticog': no such precaution; nearest: ANTICOAG"):
        book.write(precautions.add, who.id, Precaution("anticog"))


def test_it_ends_on_the_clinics_day(book: Logbook, clock: SetClock) -> None:
    """Half past eleven at night in UTC is the next morning in Berlin."""
    clock.forward(hours=11, minutes=30)
    who = book.write(patients.add, samples.person(birth=date(2026, 3, 3)))
    kept = book.write(precautions.add, who.id, Precaution("THA"))
    book.write(precautions.end, kept.id)
    with pytest.raises(Refused, match="3 March 2026"):
        book.write(precautions.end, kept.id)


@pytest.mark.parametrize(
    ("expires", "warning"),
    [
        (None, ()),
        (date(2026, 6, 1), ()),
        (date(2026, 3, 12), ("The licence of DN002 lapses in 10 days, on 12 March 2026.",)),
        (date(2026, 3, 1), ("The licence of DN002 lapsed on 1 March 2026.",)),
    ],
)
def test_a_lapsing_licence_is_said_beside_the_patient(
    book: Logbook, expires: date | None, warning: tuple[str, ...]
) -> None:
    book.write(clinic.add, clinic.PractitionerDraft("DN002", "Bo", expires=expires))
    who = book.write(patients.add, samples.person())
    assert book.acting("dn002").read(timeline.of, who.id).warnings == warning


def test_an_unknown_practitioner_is_told_who_there_is(book: Logbook) -> None:
    with pytest.raises(NotFound, match=r"'DN009': no such practitioner; there are: DN001"):
        book.acting("DN009")
