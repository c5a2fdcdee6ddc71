"""A session by keys alone: nothing preset, everything kept, signed only when whole."""

from __future__ import annotations

import re
from dataclasses import replace

import acts
import pytest
from driving import SIZES, Driver, running
from samples import admit, begin, site, visit

from hiplog.clinical.record import Precaution
from hiplog.logbook import precautions, sessions
from hiplog.logbook.book import Logbook
from hiplog.tui.screens import opening
from hiplog.tui.screens.session import retention
from hiplog.tui.screens.session.grid import NeedleGrid

BEFORE = ("n", "n", "y", "6", "2", "4")
"""Since last time none, nothing new, consent, pain 6, internal rotation 24."""


async def opened(tui: Driver, letters: str = "zwi") -> None:
    """Find a patient and open the page."""
    await tui.rush("/", *letters, "enter")


def returning(book: Logbook, code: str = "P1") -> str:
    """A patient with one signed visit of four sites."""
    who, episode = admit(book, code)
    rows = tuple(site(muscle, zone=None) for muscle in ("GMED", "TFL", "GMAX", "RF"))
    visit(book, who.id, episode, 6, 4, insertions=rows)
    return who.id


async def test_what_was_seen_and_what_was_told_are_kept_apart(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "b", "j", "s", "x", "f7", "down", "down", "s", "4", "b")
    kept = book.read(sessions.of, patient)[-1]
    seen = next(i for i in kept.inquiries if i.reporter == "therapist")
    told = next(i for i in kept.inquiries if i.reporter == "patient" and i.stage == "session")
    first, second = (row.id for row in kept.insertions[:2])
    assert {(r.kind, r.insertion, r.soreness) for r in seen.reactions} == {
        ("BRUISE", first, None),
        ("PAIN_AFT", second, 10),
    }
    assert {(r.kind, r.soreness) for r in told.reactions} == {("PAIN_AFT", 4), ("BRUISE", None)}


async def test_nothing_is_preset(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter")
        assert tui.text.count("not answered") == 3
        await tui.press("f7")
        assert "needles out: not answered" in tui.text and "reactions: not answered" in tui.text
    kept = book.read(sessions.get, draft.id)
    assert (kept.screening, kept.consent, kept.readings, kept.inquiries) == ((), None, (), ())


async def test_signing_too_early_lists_every_objection_at_once(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "ctrl+s")
        assert "Not ready to sign" in tui.text
        assert "questions not answered" in tui.text
        assert "consent: not asked" in tui.text
        assert "no site is recorded" in tui.text
        assert "pain: no score before needling" in tui.text
        await tui.press("escape")
        assert "F5 Before" in tui.text


@pytest.mark.parametrize("size", SIZES)
async def test_a_first_visit_asks_every_question(book: Logbook, size: tuple[int, int]) -> None:
    draft = begin(book)
    async with running(book, size) as tui:
        await tui.press("enter", "n", "n", "n", "n", "y")
        assert "refer" in tui.text and "fever" in tui.text
        await tui.press("A")
        assert "were not on the screen yet: Space reads on" in tui.notices
        assert len(book.read(sessions.get, draft.id).screening) == 5
        await tui.press("space", "space", "space", "space")
        await tui.press("A", "y")
        kept = book.read(sessions.get, draft.id)
        assert len({a.item for a in kept.screening}) > 20
        together = {a.item for a in kept.screening if a.asked == "together"}
        singly = {a.item for a in kept.screening if a.asked == "singly"}
        assert len(singly) == 5 and "FEVER" in singly and len(together) == len(kept.screening) - 5
        assert [a.item for a in kept.screening if a.answer == "yes"] == ["FEVER"]
        await tui.press("f6", "+")
        await tui.type("gmed r 30x50")
        await tui.press("enter", "ctrl+s")
        assert "fever or systemic illness: refer" in tui.text


async def test_a_barred_muscle_is_named_beside_the_rows(book: Logbook) -> None:
    patient = returning(book)
    book.write(precautions.add, patient, Precaution("ANTICOAG"))
    async with running(book) as tui:
        await opened(tui)
        await tui.press("n", *BEFORE, "+")
        await tui.type("piri r 30x75")
        await tui.press("enter")
        assert "! stop PIRI: anticoagulant" in tui.text


async def test_the_entry_line_says_what_it_understood_and_what_not(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "+")
        await tui.type("gmed r 2 30x50 fifo t3; gmex r")
        assert "✓ gluteus medius, right" in tui.text and "twitch elicited 3 times" in tui.text
        assert "✗ gmex: no such muscle" in tui.text and "gmax (gluteus maximus)" in tui.text
        await tui.press("enter")
        assert "0 sites" in tui.text
        await tui.press("end", *["backspace"] * 8, "enter")
        assert "1 needle in" in tui.text
        assert "gluteus medius" in tui.line_with("0.30×50") and "twitch ×3" in tui.line_with("0.30×50")


async def test_a_row_is_edited_struck_out_and_brought_back(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "+")
        await tui.type("gmed r 30x50 b; tfl r 30x40")
        await tui.press("enter")
        row = book.read(sessions.get, draft.id).insertions[0]
        await tui.press("enter")
        assert "gmed r 30x50 b" in tui.text
        await tui.type(" t2")
        await tui.press("enter")
        edited = book.read(sessions.get, draft.id)
        assert (edited.insertions[0].id, edited.insertions[0].twitch_count) == (row.id, 2)
        assert [r.kind for i in edited.inquiries for r in i.reactions] == ["BRUISE"]
        await tui.press("x")
        assert len(book.read(sessions.get, draft.id).insertions) == 1
        assert book.read(sessions.get, draft.id).inquiries == ()
        await tui.press("ctrl+z")
        assert book.read(sessions.get, draft.id).insertions == edited.insertions
        assert "2 sites" in tui.text
        await tui.press("o")
        rows = book.read(sessions.get, draft.id).insertions
        assert [(r.muscle, r.side) for r in rows][:2] == [("GMED", "R"), ("GMED", "L")]


async def test_one_key_is_one_undo(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "+")
        await tui.type("gmed r 30x50")
        await tui.press("enter", "t", "t", "t")
        assert "twitch ×3" in tui.text
        await tui.press("ctrl+z")
        assert "twitch ×2" in tui.text
        await tui.rush("ctrl+z", "ctrl+z")
        assert "twitch ×" not in tui.text
        assert book.read(sessions.get, draft.id).insertions[0].twitch is None
        await tui.rush("ctrl+z", "ctrl+z")
        assert "there is nothing to undo" in tui.notices


async def test_keys_faster_than_the_disk_are_all_kept_in_order(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "+")
        await tui.type("gmed r 30x50; tfl r 30x40")
        await tui.press("enter")
        await tui.rush("t", "t", "t", "t", "p", "j", "t", "b", "k", "t")
    rows = book.read(sessions.get, draft.id).insertions
    assert (rows[0].twitch_count, rows[0].familiar_pain, rows[1].twitch) == (5, True, "elicited")


async def test_what_is_typed_while_a_draft_opens_is_answered_in_it(book: Logbook) -> None:
    """From the list of today and from the patient's page; nothing typed falls between two screens."""
    draft = begin(book)
    async with running(book) as tui:
        await tui.rush("enter", "n", "n")
        assert len(book.read(sessions.get, draft.id).screening) == 2
        await tui.press("escape")
        opening.patient(tui.app, draft.patient)
        await tui.rest()
        await tui.rush("enter", "n", "n")
    assert len(book.read(sessions.get, draft.id).screening) == 4


async def test_a_draft_is_taken_up_where_it_was_left(book: Logbook) -> None:
    returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "t", "space")
        assert "draft saved 13:00:00" in tui.lines[0]
        await tui.press("escape")
        assert "draft" in tui.text
    async with running(book) as again:
        assert "Drafts to finish (1)" in again.text
        await again.press("enter")
        assert "1 needle in" in again.text and "4 sites, 3 not confirmed" in again.text
        await again.press("f5")
        assert "pain before needling, now: 6 of 10, moderate" in again.text
        assert "internal rotation right passive before: 24°" in again.text


async def test_a_mismatch_blocks_the_signature_until_it_is_explained(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "space", "space", "space", "space", "3", "enter", "ctrl+s")
        assert "needles: 4 in, 3 out" in tui.text
        await tui.press("escape")
        assert "mismatch: not answered" in tui.text
        await tui.press("f7", "enter")
        assert "4 in, 3 out: 1 needle is missing" in tui.text
        await tui.press("space", "enter")
        assert "8 places not searched yet" in tui.text
        await tui.press("space", "f", "enter")
        assert "mismatch: found: clothing" in tui.text
        await tui.press("ctrl+s", "enter")
    kept = book.read(sessions.of, patient)[-1]
    assert kept.status == "signed"
    assert kept.needles.mismatch_reason == "found: clothing and shoes, the patient's and yours"


async def test_a_needle_not_found_anywhere_needs_an_incident_in_words(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "space", "space", "space", "space", "3", "enter", "f7", "enter")
        await tui.press(*["space"] * 9, "enter")
        assert "Needle incident" in tui.text
        await tui.press("escape", "escape")
        assert "mismatch: not answered" in tui.text
        await tui.press("enter", *["space"] * 9, "i")
        await tui.type("X-ray arranged, Dr Ek told")
        await tui.press("ctrl+s")
        assert "mismatch: incident: X-ray arranged" in tui.text
    reason = book.read(sessions.of, patient)[-1].needles.mismatch_reason
    assert reason == "incident: X-ray arranged, Dr Ek told (every place searched)"


async def test_opened_and_to_sharps_may_be_counted_and_must_then_agree(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "space", "space", "space", "space", "4", "enter", "n", "3", "3", "1")
        assert "needles opened: not counted" in tui.text and "to sharps: not counted" in tui.text
        await tui.press("up", "up", "6", "enter", "up", "5", "enter")
        await tui.press("ctrl+s")
        assert "6 opened, 5 to sharps" in tui.text
        await tui.press("escape", "f7", "enter")
        assert "6 opened, 5 to sharps: 1 needle is missing" in tui.text
    needles = book.read(sessions.of, patient)[-1].needles
    assert (needles.opened, needles.to_sharps) == (6, 5)


@pytest.mark.parametrize("size", SIZES)
async def test_the_count_is_large_where_there_is_room(book: Logbook, size: tuple[int, int]) -> None:
    returning(book)
    async with running(book, size) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "space", "space")
        assert "2 needles in   4 sites, 2 not confirmed" in tui.text
        assert "┏" in tui.text or "╺━" in tui.text or "╶─" in tui.text
        assert "r timer" in tui.text
    async with running(book, (80, 12)) as tui:
        await tui.press("enter", "f6")
        assert "2 needles in" in tui.text and "r timer" not in tui.text


def test_a_time_span_is_said_in_words() -> None:
    words = [retention.span(seconds) for seconds in (0, 59.9, 60, 200, 3900)]
    assert words == ["0 s", "59 s", "1 min 0 s", "3 min 20 s", "1 h 5 min"]
    retention.toggle("one", 100.0)
    assert retention.words("one", 190.5).startswith("needles in for 1 min 30 s")
    assert retention.words("other", 190.5) == ""
    retention.toggle("one")
    assert retention.words("one", 191.0) == ""


async def test_the_timer_outlives_leaving_the_session(book: Logbook) -> None:
    begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "r")
        assert "needles in for 0 s" in tui.text
        await tui.press("escape", "enter", "f6")
        assert "needles in for " in tui.text
        await tui.press("r")
        assert "needles in for " not in tui.text


async def test_a_faint_is_stamped_by_one_key(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "b", "F")
        assert "! faint at 13:00, needles coming out" in tui.text
        await tui.press("F")
        assert "stamped already" in tui.notices
        await tui.press("f7")
        assert "reactions: not answered" in tui.text
    kept = book.read(sessions.of, patient)[-1]
    (seen,) = [i for i in kept.inquiries if i.stage == "session"]
    assert (seen.asked_how, seen.reporter, seen.state) == ("open", "therapist", "yes")
    faint = next(r for r in seen.reactions if r.kind == "FAINT")
    assert (faint.severity, faint.note) == (None, "faint at 13:00, needles coming out")
    assert {r.kind for r in seen.reactions} == {"BRUISE", "FAINT"}


async def test_a_site_is_added_by_way_of_the_map(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "f6", "m")
        assert "▸ gluteus medius, right: no insertions" in tui.text and "Enter: take it" in tui.text
        await tui.press("o", "enter")
        assert "gmed l" in tui.text
        await tui.type("2 30x50")
        assert "✓ gluteus medius, left" in tui.text
        await tui.press("enter", "m", "escape")
        assert "1 needle in" in tui.text
    (row,) = book.read(sessions.get, draft.id).insertions
    assert (row.muscle, row.side, row.zone, row.length_mm) == ("GMED", "L", "2", 50)


async def test_withdrawn_consent_is_one_key(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.press("r", *BEFORE, "w")
        assert "no consent: needles out" in tui.text
    kept = book.read(sessions.of, patient)[-1].consent
    assert kept is not None and (kept.given, kept.withdrawn) == (True, True)


async def test_an_impossible_number_is_refused_in_words(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "tab", "tab", "tab", "9", "9")
        assert "lies outside" in tui.text
        await tui.press("4", "0")
    assert [r.value for r in book.read(sessions.get, draft.id).readings] == [40]


async def test_wrong_keys_do_nothing(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "down", *"zqjklu", "f9", "f12", "ctrl+k", "down", *"qzw", "f6", *"qzhl", "1")
    kept = book.read(sessions.get, draft.id)
    assert replace(kept, version=1) == replace(draft, version=1)


async def test_a_draft_is_thrown_away_only_after_a_yes(book: Logbook) -> None:
    draft = begin(book)
    async with running(book) as tui:
        await tui.press("enter", "ctrl+d", "n")
        assert "F5 Before" in tui.text
        await tui.press("ctrl+d", "y")
        assert "Nothing waits today." in tui.text
    assert draft.id not in {s.id for s in book.read(sessions.drafts_open)}


@pytest.mark.parametrize("size", SIZES)
async def test_a_whole_visit_typed_ahead_in_one_go_arrives_in_order(
    book: Logbook, size: tuple[int, int]
) -> None:
    patient = returning(book)
    async with running(book, size) as tui:
        keys = (
            "/",
            "z",
            "w",
            "i",
            "enter",
            "r",
            *BEFORE,
            "t",
            "space",
            "t",
            "b",
            "space",
            "t",
            "s",
            "2",
            "space",
        )
        await tui.rush(*keys, "space", "4", "enter", "n", "3", "3", "1", "s", "enter")
        for _ in range(20):
            if "pain now: 6/10 → 3/10" not in tui.text:
                await tui.rest()
        assert "pain now: 6/10 → 3/10" in tui.text
    kept = book.read(sessions.of, patient)[-1]
    assert (kept.status, len(kept.insertions), kept.needles.withdrawn) == ("signed", 4, 4)


async def test_repeat_pressed_twice_starts_one_session(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await opened(tui)
        await tui.rush("r", "r", "r")
    assert [s.status for s in book.read(sessions.of, patient)] == ["signed", "draft"]


async def test_the_owner_sets_the_edition_that_consents_are_given_by(book: Logbook) -> None:
    patient = returning(book)
    async with running(book) as tui:
        await acts.consent_form(tui)
        assert "edition" in tui.text and "1" in tui.line_with("edition  ")
        await tui.press("ctrl+u")
        await tui.type("Mrs Rossi")
        await tui.press("enter")
        assert "is no edition; say it as in 1, v2.1 or 2026-01" in " ".join(
            tui.text.replace("│", " ").split()
        )
        await tui.press("ctrl+u")
        await tui.type("2026-01")
        await tui.press("enter")
        assert "consent by edition 2026-01 of the form" in tui.notices
        await opened(tui)
        await tui.press("n", *BEFORE)
    consent = book.read(sessions.of, patient)[-1].consent
    assert consent is not None and consent.form_version == "2026-01"


async def test_no_hint_is_broken_in_two_and_no_notice_covers_them(book: Logbook) -> None:
    begin(book)
    async with running(book, (100, 24)) as tui:
        await tui.press("enter", "f6")
        hints = re.split(r" {2,}|\n", NeedleGrid.keys)
        for width in (100, 120, 80, 100):
            await tui.pilot.resize_terminal(width, 24)
            await tui.press("F", "F", "F")
            lines = [line.strip() for line in tui.text.splitlines()]
            assert [hint for hint in hints if not any(hint in line for line in lines)] == [], tui.text
            assert tui.notices.count("stamped already") == 1
