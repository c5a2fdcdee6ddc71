"""The eight pictures and their lists: what they show, that they fit, that few never become a rate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from textwrap import dedent
from zoneinfo import ZoneInfo

import cohorts
import invented
import pytest

from hiplog.outcomes import completeness, dashboard, explain
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.completeness import Judged
from hiplog.outcomes.dashboard import Dashboard, Source
from hiplog.outcomes.dose import DosePoint
from hiplog.outcomes.facts import Facts, Hip, Report, Site, Value, Visit
from hiplog.outcomes.filters import Filters
from hiplog.outcomes.pictures import gallery, pairs, table
from hiplog.outcomes.pictures.dose import key_words, steps
from hiplog.outcomes.pictures.entries import Listing
from hiplog.outcomes.sheet import Row, plain

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
SIZES = ((46, 7), (64, 9), (78, 12), (76, 27), (140, 50))
Scores = tuple[tuple[int | None, int | None], ...]


def visit(hip: int, place: int, before: int | None, after: int | None, *, who: str, side: str) -> Visit:
    at = START + timedelta(days=7 * place + 30 * (hip % 5))
    found = (("before", before, at), ("follow_up", after, at + timedelta(days=1)))
    return Visit(
        id=f"{hip}.{place}",
        patient=f"P{hip:03}",
        number=place,
        ordinal=place,
        at=at,
        therapist=who,
        pain=tuple(Value(when, word, Decimal(score)) for word, score, when in found if score is not None),
        sites=(Site("GMED", side, 2), Site("PIRI", side, 1)),
        by_therapist=Report("yes" if hip % 4 == 0 else "none"),
        by_patient=Report("yes", soreness=place),
    )


def hip(number: int, scores: Scores, cause: str = "OVERUSE", who: str = "DN001") -> Hip:
    side = "LR"[number % 2]
    visits = tuple(
        visit(number, place, before, after, who=who, side=side)
        for place, (before, after) in enumerate(scores, 1)
    )
    return Hip(str(number), f"P{number:03}", 1, side, cause, number % 3 == 0, visits)


def judged(hips: tuple[Hip, ...]) -> tuple[Judged, ...]:
    return tuple(
        Judged(
            one.patient, at.number, at.therapist, one.cause, one.side, at.at,
            tuple((rule, (rule, at.ordinal) != ("pain_after", 2)) for rule, _, _ in completeness.RULES),
        )
        for one in hips
        for at in one.visits
    )  # fmt: skip


def board(*hips: Hip, strict: bool = False) -> Dashboard:
    return dashboard.answer(source(hips), Filters(), strict)


def source(hips: tuple[Hip, ...]) -> Source:
    codes = tuple(sorted({one.therapist for one in hips}))
    return Source(Facts(START + timedelta(days=400), hips, (), codes), judged(hips), BERLIN)


@cache
def small() -> Dashboard:
    """Five hips: two responders, one the same, one worse, one never measured again."""
    return board(
        hip(1, ((8, None), (3, None))),
        hip(2, ((6, None), (4, None))),
        hip(3, ((5, None), (5, None)), "OA"),
        hip(4, ((4, None), (6, None)), "OA", "DN002"),
        hip(5, ((7, None),)),
    )


@cache
def large() -> Dashboard:
    """Twenty-four hips of two therapists and three causes, three sessions each."""
    causes = ("OVERUSE", "OVERUSE", "OA", "TRAUMA")
    return board(
        *(
            hip(n, ((8, None), (8 - n % 4, None), (7 - n % 5, 3)), causes[n % 4], f"DN00{1 + n % 2}")
            for n in range(24)
        )
    )


def drawn(shown: Dashboard, question: str, at: str | None = None, size: tuple[int, int] = (66, 12)) -> str:
    rows = gallery.draw(shown, question, at, *size)
    return "\n".join(plain(rows)).rstrip()


def text(picture: str) -> str:
    return dedent(picture).strip("\n").rstrip()


# -- each picture, by eye --------------------------------------------------------------------------


def test_a_hip_is_a_column_from_its_first_score_to_its_final_one() -> None:
    assert text(drawn(small(), "improvement")) == text(
        """
        10┤                                       all that began: 5
          │                                       responders  ██████ 2
         8┤○                                      no respond. ▒▒▒▒▒▒ 2
          ││                                      no pair     ░░░ 1
         6┤│ ○     ▲
          ││ │   = │
         4┤│ ●   · ○                              ○ first  ● final score
          │●       ·                              ▲ worse  = same
         2┤                                       · too little to count
          │                                         (below the MCID)
         0┤
           resp. no responders
        """
    )


def test_the_band_reaches_to_the_score_that_counts_by_the_rule() -> None:
    assert pairs.limit(8, strict=False) == 6
    assert pairs.limit(3, strict=False) == pytest.approx(2.1)
    assert pairs.limit(8, strict=True) == pytest.approx(5.6)
    rows = gallery.draw(small(), "improvement", None, 66, 12)
    shaded = [at for at, row in enumerate(rows) if row[4].band]
    assert shaded == [2, 3, 4]  # scores 8, 7 and 6 of the hip that began at 8


def test_more_hips_than_columns_stand_as_medians_and_say_so() -> None:
    many = board(*(hip(n, ((9, None), (n % 8, None))) for n in range(300)))
    said = drawn(many, "improvement")
    assert "all that began: 300" in said
    assert re.search(r"a column: \d+ hips,\n.*their medians", said)


def test_causes_keep_their_order_and_below_ten_there_is_no_dot() -> None:
    said = drawn(large(), "causes", "OA")
    assert text(said) == text(
        """
                                    all 100.0 % (86.2–100.0)
         overuse              12/12           ├──● 100.0 % (75.8–100.0)
                                                 ┊
         trauma                 6/6              ┊ too few for a rate
                                                 ┊
        ▸osteoarthritis         6/6              ┊ too few for a rate
                                                 ┊
                                    ┴──┴──┴───┴──┴
                share of responders 0 %  50 %100 %
        """
    )


def test_the_curve_ends_where_fewer_than_ten_are_followed() -> None:
    said = drawn(large(), "time", "sessions:2")
    assert text(said) == text(
        """
        share with a real change; ┊ sessions 3–6: without one, a review
            100 %┤                ⠐ ⠂⠐ ⠂⠐ ⠂                        ┊
                 │                ⢸⠉⠉⠉⠉⠉⠉⠉⠉                        ┊
                 │        ⡐ ⠂⠐ ⠂⠐ ⢺⠐ ⠂⠐ ⠂⠐┊                        ┊
                 │        ⠄       ⢸       ┊                        ┊
             50 %┤        ⡏⠉⠉⠉⠉⠉⠉⠉⢉       ┊                        ┊
                 │        ⡗ ⠂⠐ ⠂⠐ ⠂       ┊                        ┊
                 │        ⡇               ┊ fewer than 10 followed ┊
              0 %┤⣀⣀⣀⣀⣀⣀⣀⣀⡇               ┊                        ┊
                 └┴───────┴───────▲───────┴────────┴───────┴───────┴────
        sessions  0       1       2       3        4       5       6
        followed         24      12       3        0       0       0
        """
    )
    assert "cannot tell yet: 5 hips followed, a curve needs 10" in drawn(small(), "time")


def test_each_reporter_has_a_chart_and_their_answers_are_never_added() -> None:
    said = drawn(large(), "safety")
    assert "therapists said: yes 18, none 54" in said and "patients said: yes 72, none 0" in said
    assert "90" not in said
    assert said.count("faint: Brady 19.2 %") == 1  # therapists reported it
    narrow = drawn(large(), "safety", "BRUISE:patient", (50, 12))
    assert "patients said" in narrow and "therapists said" not in narrow


def test_the_funnel_names_codes_and_hides_the_small() -> None:
    hips = [hip(n, ((8, None), (2 if n % 2 else 8, None))) for n in range(40)]
    hips += [hip(40 + n, ((8, None), (8, None)), who="DN002") for n in range(20)]
    hips += [hip(60 + n, ((8, None), (2, None)), who="DN003") for n in range(4)]
    said = drawn(board(*hips), "therapists", None, (76, 24))
    assert "not shown: 1 therapist below 10 hips (4 hips)" in said
    assert "▲ DN002 outside 99.8 %" in said and re.search("●.DN001", said)
    assert "DN003" not in said


def test_all_of_all_lies_inside_the_funnel() -> None:
    said = drawn(large(), "therapists")
    assert "● " in said or "●" in said
    assert "outside" not in said
    assert {point.place for point in large().therapists.points} == {"inside"}


@pytest.mark.parametrize(("before", "after", "where"), [(8, 3, "inside"), (3, 8, "inside")])
def test_nine_of_twelve_and_three_of_twelve_are_judged_alike(before: int, after: int, where: str) -> None:
    """Both have a chance of 0.073 at one half: neither is outside 95 % (binomial table)."""
    lucky = 9 if before > after else 3
    first = [hip(n, ((8, None), (2 if n < lucky else 8, None))) for n in range(12)]
    rest = [hip(20 + n, ((8, None), (8 if n < lucky else 2, None)), who="DN002") for n in range(12)]
    points = board(*first, *rest).therapists.points
    assert [(point.rate.events, point.place) for point in points] == [(lucky, where), (12 - lucky, where)]


def test_attendance_says_what_became_of_those_who_came_last() -> None:
    assert text(drawn(small(), "attendance")) == text(
        """
        measured again: 4/5    stopped: 4/5
          1 ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇××××××     5  5/5
          2 ▒▒▒▒▒▒×××××××××××××××××××           4  4/5

        ▇ again  ▒ closed  ░ may come  × stopped
        """
    )


def test_weeks_show_how_much_is_lacking_and_never_a_share() -> None:
    unsigned = tuple(
        replace(one, met=tuple((rule, rule != "signed") for rule, _ in one.met))
        for one in judged((hip(1, ((8, 3), (7, 3))),))
    )
    made = dashboard.answer(replace(source((hip(1, ((8, 3), (7, 3))),)), judged=unsigned), Filters())
    said = drawn(made, "completeness", "week:2026-W07:DN001")
    assert " signed       0/2" in said
    assert re.search(r"▸DN001 +11\n.*▲", said) and "2026-W07 to 2026-W08" in said
    tall = drawn(made, "completeness", None, (76, 20))
    assert "2026-W08  DN001    1 unsigned of 1 session" in tall


def test_dose_shows_counts_by_side_and_is_marked_observational() -> None:
    said = drawn(large(), "dose", "PIRI:R", (76, 24))
    assert re.search(r"▸piriformis +36 ██ +▸ +36 ██", said)
    assert "observational: soreness 0–10 after" in said and "observational: change to the next" in said


@pytest.mark.parametrize("crowd", [1, 9, 10, 40, 500])
def test_marks_of_the_scatter_rise_with_the_sessions(crowd: int) -> None:
    least = [count for count, _ in steps(crowd)]
    assert least == sorted(set(least), reverse=True) and least[-1] == 1
    assert key_words(crowd).startswith("sessions: · 1+")


# -- every clinic, every size ----------------------------------------------------------------------


def clinics() -> Iterator[Dashboard]:
    for number in range(6):
        found = invented.facts(cohorts.clinic(number))
        codes = tuple(sorted({one.therapist for one in found.hips}))
        made = Source(replace(found, therapists=codes), judged(found.hips[:9]), BERLIN)
        yield dashboard.answer(made, Filters())


@cache
def every() -> tuple[Dashboard, ...]:
    return (*clinics(), small(), large())


def answers() -> Iterator[tuple[Dashboard, str, Listing]]:
    for shown in every():
        for question in QUESTIONS:
            yield shown, question, gallery.listing(shown, question)


@pytest.mark.parametrize("size", SIZES)
def test_every_picture_fills_its_room_exactly(size: tuple[int, int]) -> None:
    width, height = size
    for shown, question, listing in answers():
        keys = [None, *(entry.key for entry in listing.entries[:: max(1, len(listing.entries) // 4)])]
        for key in keys:
            check(gallery.draw(shown, question, key, width, height), size)
        check(table.draw(listing, len(listing.entries) // 2, width, height), size)


def check(rows: tuple[Row, ...], size: tuple[int, int]) -> None:
    assert len(rows) == size[1]
    assert {len(row) for row in rows} == {size[0]}


def test_too_little_room_is_said_in_words() -> None:
    assert "no room" in drawn(small(), "causes", None, (30, 5))
    assert "no room" in "\n".join(plain(table.draw(gallery.listing(small(), "causes"), 0, 40, 2)))


def test_no_picture_and_no_list_shows_a_rate_of_fewer_than_ten() -> None:
    tiny = board(*(hip(n, ((8, None), (n % 9, 3), (5, None))) for n in range(9)))
    for question in QUESTIONS:
        if question == "completeness":
            continue  # its denominator is sessions, of which there are more
        said = [drawn(tiny, question, None, (76, 24)), *gallery.listing(tiny, question).lines]
        for line in "\n".join(said).splitlines():
            for n in re.findall(r"\d+/(\d+) = \d", line):
                assert int(n) >= 10, line
        if question in ("improvement", "causes", "attendance"):
            assert " %" not in said[0].replace("0 %", "").replace("50 %", "")
    assert "too few for a rate" in drawn(tiny, "causes")


def test_every_number_under_the_cursor_can_be_explained() -> None:
    hips = tuple(hip(n, ((8, 4), (n % 7, 3), (5, None)), who=f"DN00{1 + n % 2}") for n in range(24))
    made = source(hips)
    shown = dashboard.answer(made, Filters())
    known = explain.keys(shown)
    for question in QUESTIONS:
        entries = gallery.listing(shown, question).entries
        assert entries
        for key in {entry.key for entry in entries}:
            assert key in known[question]
            told = explain.explained(made, question, key, Filters())
            assert told.key == key and (told.used or not told.rate.n)


def test_the_list_holds_the_numbers_of_the_dashboard() -> None:
    shown = large()
    said = {entry.key: entry.words for entry in reversed(gallery.listing(shown, "improvement").entries)}
    assert said["started"].startswith(f"all who started: {shown.improvement.lines.started.words}")
    assert shown.improvement.change.words in said["pain_change"]
    for group, entry in zip(shown.causes.split.groups, gallery.listing(shown, "causes").entries, strict=True):
        assert group.lines.started.words in entry.words and entry.key == group.key
    for rate in shown.safety.rates:
        found = next(one for one in gallery.listing(shown, "safety").entries if one.key == rate.key)
        assert rate.sessions.words in found.words and f"{rate.reporter}s" in found.words
    came = gallery.listing(shown, "attendance").entries
    assert [entry.cells[1] for entry in came[2:]] == [point.came.words for point in shown.attendance.points]
    heat = [entry for entry in gallery.listing(shown, "dose").entries if entry.key.startswith("GMED")]
    assert [entry.cells[1] for entry in heat] == [
        str(c.sessions) for c in shown.dose.heat if c.muscle == "GMED"
    ]


def test_the_picture_of_pairs_and_its_list_hold_every_hip() -> None:
    shown = small()
    rows = [
        entry for entry in gallery.listing(shown, "improvement").entries if entry.cells[0].startswith("pain ")
    ]
    hips = sum(int(entry.cells[1].split()[0]) for entry in rows)
    assert hips == sum(one.hips for one in shown.improvement.pairs) == 5
    assert ("pain 7 → –", "1 hip", "not measured again") in [entry.cells for entry in rows]


def test_the_table_follows_the_cursor() -> None:
    listing = gallery.listing(large(), "improvement")
    last = len(listing.entries) - 1
    said = "\n".join(plain(table.draw(listing, last, 78, 8)))
    assert f"to {last + 1} of {last + 1}" in said
    assert f"▸{listing.entries[-1].cells[0]}" in said


def test_a_dose_point_keeps_its_sign() -> None:
    found = replace(large().dose, change=(DosePoint(3, -2.0, 4), DosePoint(5, 1.0, 1)))
    cells = [entry.cells for entry in gallery.listing(replace(large(), dose=found), "dose").entries]
    assert ("change -2", "4", "3", "a point drawn") in cells
