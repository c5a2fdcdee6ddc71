"""Foreign tables: a map says what they mean, every bad row is named, all comes in or nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from samples import admit

from hiplog.clinical.errors import BadInput
from hiplog.exchange import intake
from hiplog.exchange.taken import Taken
from hiplog.logbook import audit, episodes, patients, precautions, sessions
from hiplog.logbook.book import Logbook

WIDE = """\
source = "old practice"
date_order = "dmy"
missing = ["NA", "-"]
not_printed = ["n.p."]

[[make]]
what = "patient"
[make.from]
patient = "Chart"
family = "Surname"
given = "First name"
birth = "Born"
sex = "Sex"
[make.values.sex]
f = "female"
m = "male"

[[make]]
what = "episode"
[make.from]
patient = "Chart"
side = "Hip"
[make.fixed]
cause = "overuse"

[[make]]
what = "session"
[make.from]
patient = "Chart"
session = "Visit"
date = "Date"
note = "Remarks"
inserted = "In"
withdrawn = "Out"

[[make]]
what = "insertion"
[make.from]
patient = "Chart"
session = "Visit"
muscle = "Muscle"
side = "Side"
length_mm = "Needle"

[[make]]
what = "reading"
[make.from]
patient = "Chart"
session = "Visit"
value = "NRS before"
[make.fixed]
measure = "NPRS"
stage = "before"

[[make]]
what = "reading"
[make.from]
patient = "Chart"
session = "Visit"
value = "NRS after"
[make.fixed]
measure = "NPRS"
stage = "after"
"""
HEAD = (
    "Chart,Surname,First name,Born,Sex,Hip,Visit,Date,Remarks,In,Out,Muscle,Side,Needle,NRS before,NRS after"
)
LEA = "K1,Rossi,Lea,02/03/1956,f,right"
GOOD = (
    f"{LEA},1,03/04/2024,first visit,2,2,gluteus medius,right,50,6,3",
    f"{LEA},2,10/04/2024,-,1,1,piri,both,75,NA,n.p.",
    "K2,Lind,Bo,NA,m,l,1,11/04/2024,,NA,NA,-,-,-,0,0",
)
Import = Callable[..., Taken]


@pytest.fixture
def bring(book: Logbook, tmp_path: Path) -> Import:
    """Import these lines with this map."""

    def run(*lines: str, mapped: str = WIDE, head: str = HEAD, **how: object) -> Taken:
        (tmp_path / "old.csv").write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        (tmp_path / "map.toml").write_text(mapped, encoding="utf-8")
        return intake.read(book, tmp_path / "old.csv", mapping=tmp_path / "map.toml", **how)  # type: ignore[arg-type]

    return run


def refusals(taken: Taken) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.value) for one in taken.refused]


def test_a_wide_table_becomes_patients_and_visits(book: Logbook, bring: Import) -> None:
    taken = bring(*GOOD)
    assert (taken.written, taken.refused) == (True, ())
    lea = book.read(patients.get, "K1")
    assert (lea.name, lea.sex, str(lea.birth)) == ("Rossi, Lea", "female", "1956-03-02")
    assert [(one.side, one.cause, str(one.opened_on)) for one in book.read(episodes.of, lea.id)] == [
        ("R", "OVERUSE", "2024-04-03")
    ]
    first, second = book.read(sessions.of, lea.id)
    assert first.occurred_at == datetime(2024, 4, 3, 10, 0, tzinfo=UTC)
    assert (first.status, first.origin, first.signed_by, first.note) == (
        "signed",
        "imported",
        "DN001",
        "first visit",
    )
    assert [(s.muscle, s.side, s.length_mm) for s in second.insertions] == [
        ("PIRI", "L", 75),
        ("PIRI", "R", 75),
    ]
    assert [(r.stage, r.value) for r in first.readings] == [("before", Decimal(6)), ("after", Decimal(3))]
    assert [(r.stage, r.value, r.missing_reason) for r in second.readings] == [("after", None, "not_printed")]
    assert (second.note, second.needles.inserted) == (None, 1)
    assert book.read(audit.verify).findings == ()


def test_zero_is_zero_and_missing_is_missing(book: Logbook, bring: Import) -> None:
    bring(*GOOD)
    other = book.read(sessions.of, book.read(patients.get, "K2").id)[0]
    assert [(r.stage, r.value) for r in other.readings] == [("before", Decimal(0)), ("after", Decimal(0))]
    assert (other.insertions, other.needles.inserted) == ((), None)


def test_a_second_time_adds_nothing_and_a_longer_file_only_the_rest(book: Logbook, bring: Import) -> None:
    bring(*GOOD[:2])
    head = book.read(audit.heads)[0]
    assert bring(*GOOD[:2]).rows == {}
    assert book.read(audit.heads)[0] == head
    assert bring(*GOOD).rows == {"patients": 1, "episodes": 1, "sessions": 1, "readings": 2}
    numbers = [one.number for one in book.read(sessions.of, book.read(patients.get, "K1").id)]
    assert numbers == [1, 2]


BAD = (
    f"{LEA},1,31/02/2024,ok,2,2,gmed,right,50,6,3",
    "K2,Lind,Bo,NA,m,l,1,11/04/2024,,NA,NA,glutaeus maximum,r,-,11,x",
    "K3,Low,,02/03/1956,q,middle,1,12/13/2024,,1,1,gmed,r,500,1,2",
    "K4,Short",
)


def test_every_bad_cell_is_named_with_line_column_value_and_reason(book: Logbook, bring: Import) -> None:
    taken = bring(*GOOD, *BAD)
    assert not taken.written
    assert set(refusals(taken)) == {
        (5, "Date", "31/02/2024"),
        (6, "Muscle", "glutaeus maximum"),
        (6, "NRS after", "x"),
        (7, "Sex", "q"),
        (7, "Hip", "middle"),
        (7, "Date", "12/13/2024"),
        (8, "", ""),
        (6, "reading", ""),
    }
    reasons = {(one.line, one.column): one.reason for one in taken.refused}
    assert "GMAX" in reasons[6, "Muscle"]
    assert "has 2 cells, the table has 16 columns" in reasons[8, ""]
    assert book.read(patients.everyone) == ()
    assert book.read(audit.verify).ok


def test_what_only_shows_when_rows_are_put_together_is_named_too(bring: Import) -> None:
    taken = bring(
        f"{LEA},1,03/04/2024,first,2,2,gmed,right,50,11,3",
        "K1,Rossi,Leo,02/03/1956,f,right,2,03/05/2024,second,2,2,gmed,right,50,1,3",
        "K5,Far,Away,02/03/1956,f,right,1,03/04/2099,later,2,2,gmed,right,50,1,3",
    )
    told = {(one.line, one.column): one.reason for one in taken.refused}
    assert "outside 0 to 10" in told[2, "value"]
    assert told[3, "given"] == "line 2 says something else"
    assert "future" in told[4, "Date"]


def test_bad_visits_are_left_out_whole_and_can_be_mended(
    book: Logbook, bring: Import, tmp_path: Path
) -> None:
    bad = f"{LEA},1,03/04/2024,first visit,2,2,no such muscle,right,50,6,3"
    taken = bring(*GOOD, bad, skip_bad=tmp_path / "bad.csv")
    assert (taken.written, refusals(taken)) == (True, [(5, "Muscle", "no such muscle")])
    assert [one.number for one in book.read(sessions.of, book.read(patients.get, "K1").id)] == [1]
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert (kept[0]["line"], kept[0]["column"], kept[0]["Muscle"]) == ("5", "Muscle", "no such muscle")
    assert (tmp_path / "bad.csv").stat().st_mode & 0o077 == 0
    mended = bring(*GOOD, bad.replace("no such muscle", "piri"))
    assert (mended.written, mended.rows["sessions"], mended.rows["insertions"]) == (True, 1, 2)


def test_the_file_for_refused_rows_is_never_written_over(bring: Import, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("precious")
    with pytest.raises(BadInput, match="exists already"):
        bring(*GOOD, skip_bad=tmp_path / "bad.csv")


def test_a_chart_code_of_the_clinic_is_not_taken_over(book: Logbook, bring: Import) -> None:
    admit(book, "K1")
    taken = bring(*GOOD)
    assert [(one.line, one.value) for one in taken.refused] == [(2, "K1")]
    assert "did not come from this source" in taken.refused[0].reason


def test_visits_can_be_added_to_patients_of_the_clinic(book: Logbook, bring: Import) -> None:
    who, episode = admit(book, "K1")
    mapped = WIDE.replace(WIDE[WIDE.index("[[make]]") : WIDE.index('[[make]]\nwhat = "session"')], "")
    assert bring(*GOOD[:2], mapped=mapped).rows["sessions"] == 2
    assert {one.episode for one in book.read(sessions.of, who.id)} == {episode}
    unknown = bring(GOOD[2], mapped=mapped)
    assert "no such chart code" in unknown.refused[0].reason


def test_keys_cannot_be_guessed_from_chart_codes(book: Logbook, bring: Import, tmp_path: Path) -> None:
    bring(*GOOD)
    key = book.read(patients.get, "K1").id
    from clocks import FIRST, SetClock

    from hiplog import settings

    other = Logbook.create(
        settings.load(at=str(tmp_path / "o"), environ={}), "Other", "UTC", FIRST, SetClock()
    )
    (tmp_path / "map.toml").write_text(WIDE)
    intake.read(other, tmp_path / "old.csv", mapping=tmp_path / "map.toml")
    assert other.read(patients.get, "K1").id != key
    other.close()


def test_a_day_known_only_to_the_year_says_so(book: Logbook, bring: Import) -> None:
    bring(f"{LEA},1,2013,as printed,NA,NA,-,-,-,6,3")
    kept = book.read(sessions.of, book.read(patients.get, "K1").id)[0]
    assert kept.occurred_at.isoformat() == "2013-01-01T11:00:00+00:00"
    assert kept.note == "as printed\nDate known only to the year 2013; 1 January stands for it."


LONG = """\
source = "long"
practitioner = { code = "EXT", name = "Old practice" }
[[make]]
what = "patient"
when = { kind = "patient" }
[make.from]
patient = "who"
[[make]]
what = "episode"
when = { kind = "patient" }
[make.from]
patient = "who"
side = "a"
cause = "b"
symptoms = "c"
[[make]]
what = "precaution"
when = { kind = ["standing", "precaution"] }
[make.from]
patient = "who"
item = "a"
note = "b"
[[make]]
what = "session"
when = { kind = "visit" }
[make.from]
patient = "who"
date = "a"
time = "b"
[make.fixed]
session = "1"
[[make]]
what = "screening"
when = { kind = "asked" }
[make.from]
patient = "who"
item = "a"
answer = "b"
reason = "c"
[make.fixed]
session = "1"
[[make]]
what = "consent"
when = { kind = "consent" }
[make.from]
patient = "who"
form_version = "a"
given = "b"
[make.fixed]
session = "1"
[[make]]
what = "inquiry"
when = { kind = "inquiry" }
[make.from]
patient = "who"
state = "a"
asked_how = "b"
[make.fixed]
session = "1"
stage = "session"
reporter = "patient"
[[make]]
what = "reaction"
when = { kind = "reaction" }
[make.from]
patient = "who"
kind = "a"
severity = "b"
size_mm = "c"
[make.fixed]
session = "1"
stage = "session"
reporter = "patient"
asked_how = "checklist"
[[make]]
what = "referral"
when = { kind = "referral" }
[make.from]
patient = "who"
reason = "a"
to = "b"
urgent = "c"
[make.fixed]
session = "1"
[[make]]
what = "advice"
when = { kind = "advice" }
[make.from]
patient = "who"
code = "a"
[make.fixed]
session = "1"
"""
LONG_ROWS = (
    "patient,X1,left,oa,tension;groin",
    "Standing,X1,anticoag,apixaban,",
    "visit,X1,2025-02-03,09:30,",
    "asked,X1,NIGHT,yes,reviewed",
    "consent,X1,2025-1,yes,",
    "inquiry,X1,yes,checklist,",
    "reaction,X1,bruise,mild,12",
    "referral,X1,night,physician,no",
    "advice,X1,heat,,",
)


def long(bring: Import, *rows: str, **how: object) -> Taken:
    return bring(*rows, mapped=LONG, head="kind,who,a,b,c", **how)


def test_a_long_table_fills_every_part_of_a_visit(book: Logbook, bring: Import) -> None:
    taken = long(bring, *LONG_ROWS)
    assert (taken.written, taken.refused) == (True, ())
    who = book.read(patients.get, "x1")
    assert (who.family, who.given) == ("X1", "(no name)")
    assert book.read(precautions.of, who.id)[0].note == "apixaban"
    kept = book.read(sessions.of, who.id)[0]
    assert kept.therapist == "EXT"
    assert kept.occurred_at == datetime(2025, 2, 3, 8, 30, tzinfo=UTC)
    assert [(a.item, a.answer, a.reason) for a in kept.screening] == [("NIGHT", "yes", "reviewed")]
    assert kept.consent is not None and kept.consent.given
    assert [(r.kind, r.severity, r.size_mm) for r in kept.inquiries[0].reactions] == [("BRUISE", "mild", 12)]
    assert [(r.reason, r.to, r.urgent) for r in kept.referrals] == [("NIGHT", "physician", False)]
    assert kept.advice == ("HEAT",)


@pytest.mark.parametrize(
    ("row", "line", "reason"),
    [
        ("inquiry,X1,none,not_asked,", 11, "does not go with the answer"),
        ("inquiry,X1,none,checklist,", 11, "line 7 says something else"),
        ("reaction,X1,bleed,mild,900", 11, "lies outside 1 to 500"),
        ("reaction,X1,,mild,9", 11, "is empty; a reaction needs its kind"),
        ("asked,X1,NIGHT,none,", 11, "line 5 says something else"),
        ("consent,X1,2,yes,", 11, "line 6 says something else"),
        ("asked,X2,NIGHT,none,", 11, "no row tells of this visit"),
        ("visit,X9,2025-01-01,,", 11, "no row says who this patient is"),
        ("patient,X3,both,oa,", 11, "both hips are two episodes"),
        ("visit,X1,2025-02-03,25:00,", 11, "is no time of day"),
        ("visit,X1,2025-02-04,09:30,", 11, "line 4 says something else"),
    ],
)
def test_a_row_that_does_not_go_with_the_others_is_named(
    book: Logbook, bring: Import, row: str, line: int, reason: str
) -> None:
    taken = long(bring, *LONG_ROWS, row)
    assert not taken.written
    assert [one.line for one in taken.refused] == [line]
    assert reason in taken.refused[0].reason
    assert book.read(patients.everyone) == ()


MAPS = {
    "not TOML [": "cannot be read as TOML",
    'source = "x"': "says nothing to make",
    'source = "x"\n[[make]]\nwhat = "cure"': "nothing that can be made",
    'source = "x"\n[[make]]\nwhat = "patient"': "needs patient",
    'source = "x"\n[[make]]\nwhat = "patient"\n[make.from]\npatient = "c"\ncolour = "d"': "no field 'colour'",
    'source = "x"\nsauce = "y"\n[[make]]\nwhat = "patient"': "'sauce' means nothing here",
    'source = "x"\nencoding = "klingon"\n[[make]]\nwhat = "patient"\n[make.from]\npatient = "c"': "klingon",
    'source = "x"\ndate_order = "ydm"\n[[make]]\nwhat = "patient"\n[make.from]\npatient = "c"': "date_order",
    '[[make]]\nwhat = "patient"\n[make.from]\npatient = "c"': "source is missing",
    'source = "x"\n[[make]]\nwhat = "patient"\n[make.from]\npatient = "nowhere"': "has no column 'nowhere'",
}


@pytest.mark.parametrize("mapped", MAPS)
def test_a_map_that_cannot_be_followed_is_explained(bring: Import, mapped: str) -> None:
    with pytest.raises(BadInput, match=r"map\.toml|old\.csv") as refused:
        bring("K1", mapped=mapped, head="c")
    assert MAPS[mapped] in str(refused.value)


def test_a_table_without_a_map_asks_for_one(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match=r"--map FILE\.toml"):
        intake.read(book, tmp_path / "old.csv")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"c\n\xff\xfe\n", "is not utf-8-sig after line"),
        (b'c\n"open\n', "cannot be read as CSV"),
        (b"c,c\n1,2\n", "stands there twice"),
        (b"", "has no column"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_explained(
    book: Logbook, tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "old.csv").write_bytes(content)
    (tmp_path / "map.toml").write_text(
        'source = "x"\n[[make]]\nwhat = "patient"\n[make.from]\npatient = "c"\n'
    )
    with pytest.raises(BadInput, match=why):
        intake.read(book, tmp_path / "old.csv", mapping=tmp_path / "map.toml")


def test_another_encoding_and_delimiter_can_be_named(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes("c;n\nM1;Müller\n".encode("cp1252"))
    told = 'source = "x"\nencoding = "cp1252"\ndelimiter = ";"\n[[make]]\nwhat = "patient"\n'
    (tmp_path / "map.toml").write_text(told + '[make.from]\npatient = "c"\nfamily = "n"\n')
    assert intake.read(book, tmp_path / "old.csv", mapping=tmp_path / "map.toml").written
    assert book.read(patients.get, "M1").family == "Müller"


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=5, max_size=5), max_size=4)
)
def test_whatever_stands_in_a_table_nothing_breaks(
    book: Logbook, tmp_path: Path, rows: list[list[str]]
) -> None:
    kinds = ("patient", "visit", "asked", "inquiry", "reaction")
    with (tmp_path / "old.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("kind", "who", "a", "b", "c"))
        lines.writerows([kinds[n % 5], *row[1:]] for n, row in enumerate(rows))
    (tmp_path / "map.toml").write_text(LONG, encoding="utf-8")
    taken = intake.read(book, tmp_path / "old.csv", mapping=tmp_path / "map.toml", dry_run=True)
    assert not taken.written
    for one in taken.refused:
        assert str(one).isprintable()
