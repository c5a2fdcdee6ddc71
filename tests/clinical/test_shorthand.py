"""The quick-entry line: what it understands, how it refuses, and that writing it back loses nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiplog.clinical.measures import MEASURES, Measure
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.needling import DIAMETERS_MM, LENGTHS_MM, TECHNIQUES, TWITCHES, Insertion, Twitch
from hiplog.clinical.reactions import REACTIONS
from hiplog.clinical.record import NeedleCount, Reading, Side, Stage
from hiplog.clinical.shorthand import Line, LineDefaults, LineError, SiteReaction, echo, parse, read, write
from hiplog.clinical.shorthand.writer import left_out

EXAMPLE = "gmed r 2 30x50 fifo t3; piri r 30x75 static ret10 t-; p6>3 ir24>31 n2/2"


def one(text: str) -> Insertion:
    """Return the only row of a line."""
    (row,) = parse(text).insertions
    return row


def refusal(text: str, defaults: LineDefaults | None = None) -> LineError:
    with pytest.raises(LineError) as caught:
        parse(text, defaults=defaults)
    return caught.value


def test_the_printed_example_means_what_it_says() -> None:
    line = parse(EXAMPLE, defaults=LineDefaults(side="R"))
    first, second = line.insertions
    assert (first.muscle, first.side, first.zone, first.technique) == ("GMED", "R", "2", "FIFO")
    assert (first.diameter_mm, first.length_mm) == (Decimal("0.30"), 50)
    assert (first.twitch, first.twitch_count) == ("elicited", 3)
    assert (second.muscle, second.technique, second.retention_min) == ("PIRI", "STATIC", 10)
    assert (second.length_mm, second.twitch, second.twitch_count) == (75, "none", None)
    readings: list[tuple[object, ...]] = [
        (r.measure, r.stage, r.value, r.side, r.mode) for r in line.readings
    ]
    assert readings == [
        ("NPRS", "before", 6, None, None),
        ("NPRS", "after", 3, None, None),
        ("IR", "before", 24, "R", "passive"),
        ("IR", "after", 31, "R", "passive"),
    ]
    assert (line.needles.inserted, line.needles.withdrawn, line.needles.opened) == (2, 2, None)
    assert line.reactions == () and not line.as_last_time and line.notes == ()


def test_a_short_unprefixed_needle_and_one_with_a_point_are_the_same() -> None:
    assert one("gmed r 30x50").diameter_mm == one("gmed r 0.30x50").diameter_mm == Decimal("0.3")
    assert one("gmed r 0.3×50").length_mm == 50


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("gmed", "GMED"),
        ("GMED", "GMED"),
        ("glut med", "GMED"),
        ("gluteus medius", "GMED"),
        ("piri", "PIRI"),
        ("pirif", "PIRI"),
        ("vast lat", "VL"),
        ("tensor", "TFL"),
        ("semimemb", "SM"),
        ("st", "ST"),
        ("add long", "ADDL"),
        ("pelvic floor", "LEVA"),
    ],
)
def test_a_muscle_is_found_by_code_beginning_or_synonym(typed: str, code: str) -> None:
    assert one(f"{typed} r 30x50").muscle == code


@pytest.mark.parametrize(
    ("piece", "field", "value"),
    [
        ("d25", "depth_mm", 25),
        ("i3", "insertions", 3),
        ("x10", "passes", 10),
        ("ret0", "retention_min", 0),
        ("t", "twitch", "elicited"),
        ("t-", "twitch", "none"),
        ("t0", "twitch", "none"),
        ("t?", "twitch", "not_sought"),
        ("tn", "twitch", "not_seen"),
        ("p+", "familiar_pain", True),
        ("p-", "familiar_pain", False),
        ("us", "technique", "USG"),
        ("wind", "technique", "WIND"),
        ("super", "technique", "SDN"),
        ("2hz", "hz", Decimal(2)),
        ("1.5mA", "ma", Decimal("1.5")),
        ("3", "zone", "3"),
        ("ant", "zone", "3"),
        ("@.50,.30", "zone", "@.50,.30"),
        ("scar", "target", "scar"),
        ("?x50", "length_mm", 50),
        ("25x?", "diameter_mm", Decimal("0.25")),
    ],
)
def test_each_piece_sets_its_own_field(piece: str, field: str, value: object) -> None:
    assert getattr(one(f"gmed r {piece}"), field) == value


def test_what_was_not_typed_stays_unrecorded() -> None:
    row = one("gmed r")
    assert row == Insertion("GMED", "R", id=row.id)
    assert (row.twitch, row.familiar_pain, row.diameter_mm, row.technique) == (None, None, None, None)


def test_order_within_a_site_is_free() -> None:
    rows = [one(text) for text in ("gmed r 2 30x50 t3", "t3 30x50 r gmed 2", "2 r t3 gmed 30x50")]
    assert len({replace(row, id="") for row in rows}) == 1


def test_both_sides_are_two_rows_with_ids_of_their_own() -> None:
    line = parse("mult lr l3 30x50 b s2")
    assert [row.side for row in line.insertions] == ["L", "R"]
    assert line.insertions[0].id != line.insertions[1].id
    assert [(r.kind, r.soreness) for r in line.reactions] == [("BRUISE", None), ("PAIN_AFT", 2)] * 2
    assert {r.insertion_id for r in line.reactions} == {row.id for row in line.insertions}


def test_an_equals_sign_takes_the_needle_and_technique_of_the_site_before_and_nothing_seen() -> None:
    rows = parse("gmed r 2 30x50 fifo d30 t3 p+; tfl l =; gmax r = 30x60 t; rf r =").insertions
    assert [(r.diameter_mm, r.length_mm, r.technique) for r in rows] == [
        (Decimal("0.30"), 50, "FIFO"),
        (Decimal("0.30"), 50, "FIFO"),
        (Decimal("0.30"), 60, "FIFO"),
        (Decimal("0.30"), 60, "FIFO"),
    ]
    assert [(r.side, r.zone, r.depth_mm, r.twitch, r.familiar_pain) for r in rows[1:]] == [
        ("L", None, None, None, None),
        ("R", None, None, "elicited", None),
        ("R", None, None, None, None),
    ]


def test_reactions_use_codes_of_the_reaction_list() -> None:
    assert all(r.kind in REACTIONS for r in parse("gmed r b s2").reactions)


def test_an_electrical_setting_means_electrical_needling_and_says_so() -> None:
    line = parse("gmed r 2hz")
    assert line.insertions[0].technique == "EDN"
    assert any("electrical" in note for note in line.notes)
    assert not parse("gmed r pens 2hz").notes


def test_a_dot_repeats_the_plan_of_last_time() -> None:
    line = parse(". ; p6")
    assert line.as_last_time and line.insertions == ()
    assert echo(line)[0] == "the plan of last time"
    assert not parse("p6").as_last_time


@pytest.mark.parametrize(
    ("typed", "measure", "before", "after", "side"),
    [
        ("p6>3", "NPRS", 6, 3, None),
        ("p6", "NPRS", 6, None, None),
        ("p>3", "NPRS", None, 3, None),
        ("pworst8", "NPRS_WORST", 8, None, None),
        ("vas60>40", "VAS", 60, 40, None),
        ("vas_worst85>32", "VAS_WORST", 85, 32, None),
        ("lefs50", "LEFS", 50, None, None),
        ("ext-5>0", "EXT", -5, 0, "L"),
        ("irr24>31", "IR", 24, 31, "R"),
        ("err40", "ER", 40, None, "R"),
        ("flexion100>110", "FLEX", 100, 110, "L"),
        ("cst30:12>14", "CST30", 12, 14, None),
        ("cst12", "CST30", 12, None, None),
        ("groc-3", "GROC", -3, None, None),
        ("tug9.5>8.25", "TUG", "9.5", "8.25", None),
    ],
)
def test_readings(typed: str, measure: str, before: Any, after: Any, side: str | None) -> None:
    found = {r.stage: r for r in parse(typed, defaults=LineDefaults(side="L")).readings}
    expected = {stage: Decimal(v) for stage, v in (("before", before), ("after", after)) if v is not None}
    assert {stage: r.value for stage, r in found.items()} == expected
    assert {(r.measure, r.side) for r in found.values()} == {(measure, side)}


def test_a_chair_stand_number_is_never_read_into_the_name() -> None:
    assert str(refusal("cst30>33")) == (
        "cst30>33: name or value cannot be told apart at column 1; "
        "put a colon after the name, as in: cst30:1>2"
    )
    assert "as in: walk40:1>2" in str(refusal("walk40"))
    assert [r.value for r in parse("cst30:>33").readings] == [33]


def test_a_readings_side_is_typed_or_the_episodes_or_the_one_of_all_sites() -> None:
    assert parse("gmed l; irr20", defaults=LineDefaults(side="L")).readings[0].side == "R"
    assert parse("gmed l; ir20", defaults=LineDefaults(side="R")).readings[0].side == "R"
    from_sites = parse("gmed l; ir20")
    assert from_sites.readings[0].side == "L"
    assert any("side of the sites" in note for note in from_sites.notes)
    assert str(refusal("gmed lr; ir20")) == "ir20: the side is needed at column 10; as in: irl or irr"


def test_range_of_motion_is_passive_unless_the_line_or_the_session_says_active() -> None:
    assert parse("irl20").readings[0].mode == "passive"
    assert parse("irl20 act").readings[0].mode == "active"
    assert parse("irl20", defaults=LineDefaults(rom_mode="active")).readings[0].mode == "active"
    both = parse("act irl24 pas irl20").readings
    assert [r.value for r in both] == [24, 20]
    assert [r.mode for r in both] == ["active", "passive"]
    assert parse("act p6 irl20").readings[0].mode is None


def test_the_needle_ledger_keeps_what_was_counted() -> None:
    assert parse("n8/7").needles == NeedleCount(inserted=8, withdrawn=7)
    assert parse("n8").needles == NeedleCount(inserted=8)
    assert parse("n?/7 o9/9").needles == NeedleCount(opened=9, withdrawn=7, to_sharps=9)
    assert parse("gmed r").needles == NeedleCount()


def test_an_unknown_muscle_is_refused_in_the_promised_words() -> None:
    error = refusal("gmex r 30x50")
    assert str(error) == (
        "gmex: no such muscle at column 1; nearest: gmax (gluteus maximus), gmed (gluteus medius)"
    )
    assert (error.column, error.piece, error.exit_code) == (1, "gmex", 2)
    assert error.hint == "nearest: gmax (gluteus maximus), gmed (gluteus medius)"


@pytest.mark.parametrize(
    ("typed", "column", "says"),
    [
        ("gmed 30x50", 1, "the side is needed"),
        ("gmed r; piri 30x50", 9, "the side is needed"),
        ("glut r", 1, "choose: gmax (gluteus maximus), gmed (gluteus medius), gmin (gluteus minimus)"),
        ("gemelli r", 1, "choose: gems (gemellus superior), gemi (gemellus inferior)"),
        ("v r", 1, "too short to name a muscle"),
        ("ifo r", 1, "no such muscle"),
        ("r 30x50", 1, "no muscle named"),
        ("gmed r piri", 8, "put ; between two sites"),
        ("gmed r l", 8, "said twice"),
        ("gmed r t t3", 10, "said twice"),
        ("gmed r 9", 8, "zones: 1 (posterior, near the PSIS), 2"),
        ("levator r 1", 11, "it has no zones"),
        ("gmed r fifq", 8, "nearest: fifo (fast in, fast out)"),
        ("gmed r 30x50 d60", 14, "depth 60 mm is more than the needle's length of 50 mm"),
        ("gmed r d60 30x50", 8, "depth 60 mm is more"),
        ("gmed r 90x50", 8, "needle diameter 0.9 mm lies outside"),
        ("gmed r 30x500", 8, "needle length 500 mm lies outside"),
        ("gmed r 30,5x50", 8, "not a needle"),
        ("gmed r d2.5", 8, "not a depth in whole millimetres"),
        ("gmed r d1e9", 8, "not a depth"),
        ("gmed r t1e9", 8, "not understood"),
        ("gmed r t-1", 8, "not a twitch count"),
        ("gmed r s11", 8, "soreness lies outside 0 to 10"),
        ("gmed r i0", 8, "skin insertions 0 lies outside 1 to 99"),
        ("gmed r x200", 8, "passes 200 lies outside"),
        ("gmed r ret90", 8, "retention 90 min lies outside"),
        ("gmed r 900hz", 8, "frequency 900 Hz lies outside"),
        ("gmed r fifo 2hz", 13, "the technique is not EDN"),
        ("gmed r fifo static", 13, "said twice"),
        ("gmed r .", 8, "put it in a part of its own"),
        ("gmed r =", 8, "no site before this one"),
        ("gmed r 30x50; tfl r 30x40 = =", 29, "said twice"),
        ("gmed r 30x50; tfl r = d60", 23, "depth 60 mm is more"),
        ("p11", 1, "NPRS 11 lies outside 0 to 10"),
        ("p6.5", 1, "finer than its step"),
        ("p6>12", 1, "NPRS 12 lies outside"),
        ("p6 p7", 4, "given before"),
        ("n8 n9", 4, "counted before"),
        ("p6 act", 4, "holds for no reading"),
        ("slsl20 pf", 8, "holds for no reading"),
        ("act irl20 pas", 11, "holds for no reading"),
        ("n1000", 1, "more than 999 needles"),
        ("lefsl50", 1, "has no side"),
        ("left5>6", 1, "nearest: lefs"),
        ("vasl60", 1, "has no side"),
        ("irl95", 1, "IR 95 lies outside -20 to 90"),
        ("p>", 1, "not a number before > after"),
        ("", 1, "nothing to read"),
        (" ; ;", 1, "nothing to read"),
    ],
)
def test_refusals_say_what_and_where(typed: str, column: int, says: str) -> None:
    error = refusal(typed)
    assert says in str(error)
    assert error.column == column
    assert f"at column {column}" in str(error)


def test_the_side_of_a_site_is_never_taken_from_the_episode() -> None:
    assert "the side is needed" in str(refusal("gmed 30x50", LineDefaults(side="R")))


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ("gmed r \x00", 8),
        ("gmed\u202e r", 5),
        ("gmed r \x1b[31m", 8),
        ("gmed r [/", 8),
        ("[bold]gmed[/] r", 1),
        ("gmed r ٣", 8),
        ("gmed r d٣", 8),
        ("gmed r １x５", 8),
        ("=1+1", 1),
        ("gmed r $(id)", 8),
        ("gmed r '; DROP", 8),
        ("gmed r 1e9", 8),
        ("gmed r 99999999999999999999", 8),
        ("p99999999999", 1),
        ("gmed r " + "9" * 500, 8),
        ("x" * 10_000, 2001),
        ("word " * 390, 41),
    ],
)
def test_hostile_input_is_refused_where_it_stands(typed: str, column: int) -> None:
    error = refusal(typed)
    assert error.column == column
    assert str(error).isprintable()
    assert len(str(error)) < 400


def test_the_worst_line_is_refused_while_a_person_types() -> None:
    started = time.thread_time()
    read(";".join(["glut quad add"] * 60))
    assert time.thread_time() - started < 2


def test_every_refusal_of_a_line_is_told_leftmost_first() -> None:
    line, errors = read("gmex r; gmed r t3; piri 30x50; p11")
    assert [error.column for error in errors] == [1, 20, 32]
    assert [row.muscle for row in line.insertions] == ["GMED"]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_a_printable_sentence(text: str) -> None:
    _, errors = read(text)
    assert all(str(error).isprintable() and error.column >= 1 for error in errors)


ALPHABET = st.sampled_from(
    [*EXAMPLE.replace(";", " ; ").split(), "gmex", "lr", "act", "b", "s2", ".", "[/", "x9"]
)


@given(st.lists(ALPHABET, max_size=14).map(" ".join))
def test_a_line_of_real_pieces_reads_or_is_refused_inside_itself(text: str) -> None:
    line, errors = read(text)
    assert all(1 <= error.column <= max(1, len(text)) for error in errors)
    assert errors or echo(line)


def test_the_echo_is_plain_words() -> None:
    said = echo(parse("gmed r 2 30x50 fifo t3 p+; p6>3 n2/2"))
    assert said == (
        "gluteus medius, right, zone 2 (middle, below the crest), 0.30 × 50 mm, fast in, fast out, "
        "twitch elicited 3 times, familiar pain reproduced",
        "pain now, 0–10: 6/10 before, 3/10 after",
        "needles: 2 in, 2 out",
    )


def test_the_echo_says_both_sides_apart_and_what_was_seen() -> None:
    said = echo(parse("tfl lr 25x40 d20 edn 2hz 1.5ma ret20 i2 x5 t? b s3"))
    assert [words.split(", ")[1] for words in said] == ["left", "right"]
    for words in ("20 mm deep", "2 Hz", "1.5 mA", "left in 20 min", "2 skin insertions", "5 passes"):
        assert words in said[0]
    assert said[0].endswith("twitch not sought, bruise seen, soreness 3/10 seen")


def test_a_written_line_is_the_line_one_would_type() -> None:
    line = parse(EXAMPLE, defaults=LineDefaults(side="R"))
    assert write(line.insertions, line.readings, line.needles, line.reactions) == (
        "gmed r 2 30x50 fifo t3; piri r 30x75 static ret10 t-; p6>3 pas irr24>31 n2/2"
    )


def test_readings_that_a_line_cannot_say_are_named_not_lost() -> None:
    kept = Reading("before", "NPRS", Decimal(6))
    lost = (
        Reading("before", "NPRS", None, missing_reason="not asked"),
        Reading("follow_up", "NPRS", Decimal(2)),
        Reading("before", "VAS", Decimal("25.75"), mode="group_mean"),
        Reading("before", "IR", Decimal(20), side="L"),
    )
    assert left_out([kept, *lost]) == lost
    assert write((), [kept, *lost]) == "p6"


TWITCH_RESULTS: tuple[tuple[Twitch | None, int | None], ...] = (
    *((state, None) for state in (None, *TWITCHES)),
    ("elicited", 4),
)
SIDES: tuple[Side, ...] = ("L", "R")


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def insertions(draw: st.DrawFn) -> Insertion:
    """Any row a person may record."""
    muscle = draw(st.sampled_from(list(MUSCLES)))
    technique = draw(optional(st.sampled_from(TECHNIQUES.codes)))
    electrical = technique == "EDN"
    twitch, count = draw(st.sampled_from(TWITCH_RESULTS))
    length = draw(optional(st.sampled_from(LENGTHS_MM)))
    return Insertion(
        muscle=muscle.code,
        side=draw(st.sampled_from(SIDES)),
        zone=draw(st.sampled_from([None, "@.25,.5", *(zone.code for zone in muscle.zones)])),
        target=draw(st.sampled_from(["muscle", "scar", "tendon"])),
        diameter_mm=draw(optional(st.sampled_from([*DIAMETERS_MM, Decimal("0.235")]))),
        length_mm=length,
        depth_mm=draw(optional(st.integers(1, length or 100))),
        insertions=draw(st.integers(1, 99)),
        technique=technique,
        passes=draw(optional(st.integers(1, 99))),
        hz=draw(optional(st.sampled_from([Decimal(2), Decimal("0.5"), Decimal(100)])))
        if electrical
        else None,
        ma=draw(optional(st.sampled_from([Decimal("1.5"), Decimal(10)]))) if electrical else None,
        retention_min=draw(optional(st.integers(0, 60))),
        twitch=twitch,
        twitch_count=count,
        familiar_pain=draw(optional(st.booleans())),
    )


def values(measure: Measure) -> st.SearchStrategy[Decimal]:
    steps = int((measure.high - measure.low) / measure.step)
    return st.integers(0, steps).map(lambda n: measure.low + n * measure.step)


@st.composite
def some_readings(draw: st.DrawFn) -> list[Reading]:
    """Readings of different measures, both or either stage."""
    found: list[Reading] = []
    for measure in draw(st.lists(st.sampled_from(list(MEASURES)), max_size=4, unique_by=lambda m: m.code)):
        side = draw(st.sampled_from(SIDES)) if measure.needs_side else None
        modes = [*measure.modes, *([None] if measure.kind != "motion" else [])]
        mode = draw(st.sampled_from(modes))
        stages: list[Stage] = draw(st.sampled_from([["before"], ["after"], ["before", "after"]]))
        found += [Reading(stage, measure.code, draw(values(measure)), side, mode) for stage in stages]
    return found


COUNTS = optional(st.integers(0, 99))
LEDGERS = st.builds(NeedleCount, COUNTS, COUNTS, COUNTS, COUNTS)


def bare(line: Line) -> tuple[object, ...]:
    """Everything a line says, apart from the ids."""
    place = {row.id: at for at, row in enumerate(line.insertions)}
    return (
        [replace(row, id="") for row in line.insertions],
        {replace(reading, id="") for reading in line.readings},
        line.needles,
        sorted((place[r.insertion_id], r.kind, r.soreness or 0) for r in line.reactions),
    )


@given(st.lists(insertions(), max_size=4), some_readings(), LEDGERS, st.integers(0, 10), st.booleans())
def test_a_treatment_written_back_reads_the_same(
    rows: list[Insertion], taken: list[Reading], ledger: NeedleCount, soreness: int, bruised: bool
) -> None:
    reactions = [SiteReaction(row.id, "PAIN_AFT", soreness) for row in rows[:1]]
    reactions += [SiteReaction(row.id, "BRUISE") for row in rows[-1:] if bruised]
    text = write(rows, taken, ledger, reactions)
    if not text:
        assert not rows and not taken and ledger == NeedleCount()
        return
    assert bare(parse(text)) == bare(Line(tuple(rows), tuple(taken), ledger, tuple(reactions)))
