"""A visit from its first key to its signature: saved at once, undone step by step, then frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import samples
from clocks import NOON, SetClock

from hiplog.clinical import screening
from hiplog.clinical.errors import BadInput, NotFound, Refused, Stale
from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    PractitionerDraft,
    Precaution,
    Reaction,
    Referral,
    ScreeningAnswer,
    Session,
    SessionDraft,
    new_id,
)
from hiplog.logbook import amendments, audit, clinic, episodes, patients, precautions, session_rows, sessions
from hiplog.logbook.book import Logbook
from hiplog.storage import tables
from hiplog.storage.unit import Unit

pytestmark = pytest.mark.both_databases


def save(book: Logbook, draft: Session, **changes: Any) -> Session:
    return book.write(sessions.save, replace(draft, **changes), draft.version)


def test_a_draft_is_on_disk_at_once(book: Logbook, clock: SetClock) -> None:
    draft = samples.begin(book)
    clock.forward(minutes=5)
    kept = save(book, draft, note="half a sentence")
    again = Logbook.open(book.settings, clock)
    assert again.read(sessions.drafts_open) == (kept,)
    again.close()
    assert (kept.number, kept.status, kept.version, kept.occurred_at) == (1, "draft", 2, NOON)
    assert kept.zone == "Europe/Berlin"


def test_everything_typed_comes_back(book: Logbook) -> None:
    draft = samples.full(samples.begin(book))
    kept = book.write(sessions.save, draft, draft.version)
    assert replace(kept, version=draft.version) == draft


def test_undo_goes_back_to_the_first_state_step_by_step(book: Logbook) -> None:
    states = [samples.begin(book)]
    full = samples.full(states[0])
    bruise = full.inquiries[0].reactions[0]
    for changes in (
        {"note": "one"},
        {"insertions": full.insertions, "readings": full.readings},
        {"inquiries": full.inquiries, "advice": ("HEAT", "COLD")},
        {"insertions": (replace(full.insertions[0], depth_mm=20), samples.site("PIRI", zone="2"))},
        {
            "insertions": (),
            "inquiries": (replace(full.inquiries[0], reactions=(replace(bruise, insertion=None),)),),
        },
        {"consent": full.consent, "screening": full.screening, "needles": full.needles, "note": None},
        {"screening": (ScreeningAnswer("THA", "yes", "two years ago"),), "referrals": full.referrals},
    ):
        states.append(save(book, states[-1], **changes))
    for before in reversed(states[:-1]):
        back = book.write(sessions.undo, before.id)
        assert replace(back, version=0) == replace(before, version=0)
    with pytest.raises(Refused, match="nothing to undo"):
        book.write(sessions.undo, states[0].id)
    assert book.read(audit.verify).ok


def test_saving_without_a_change_is_no_step(book: Logbook) -> None:
    kept = save(book, samples.begin(book), note="one")
    entries = book.read(audit.heads)
    assert save(book, kept) == kept
    assert book.read(audit.heads) == entries
    assert book.write(sessions.undo, kept.id).note is None


def test_a_reaction_outlives_the_site_it_was_put_down_to(book: Logbook) -> None:
    draft = samples.begin(book)
    kept = book.write(sessions.save, samples.full(draft), draft.version)
    changed = save(book, kept, insertions=())
    assert [(one.kind, one.insertion) for one in changed.inquiries[0].reactions] == [("BRUISE", None)]


def test_a_stale_save_overwrites_nothing_and_loses_nothing(book: Logbook) -> None:
    draft = samples.begin(book)
    mine = save(book, draft, note="mine")
    with pytest.raises(Stale, match="nothing was overwritten"):
        save(book, draft, note="theirs", insertions=(samples.site(),))
    assert book.read(sessions.get, draft.id) == mine
    assert save(book, mine, plan="theirs as well").note == "mine"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"note": "a\x07b"}, "note: character 2"),
        ({"plan": "x" * 20_001}, "plan: has 20001 characters"),
        ({"needles": NeedleCount(mismatch_reason="\x1b")}, "mismatch reason: character 1"),
        ({"screening": (ScreeningAnswer("THA", "yes", "a\x00"),)}, "reason for THA: character 2"),
        ({"readings": (samples.pain(3, device="\x00x"),)}, "device: character 1"),
        ({"readings": (samples.pain(3, measure="HAPPINESS"),)}, "'HAPPINESS': no such measure"),
        ({"referrals": (Referral("NIGHT", ""),)}, "referred to: must not be empty"),
        (
            {
                "inquiries": (
                    Inquiry("session", "open", "patient", "yes", (Reaction("BRUISE", note="\x00"),)),
                )
            },
            "note on a reaction: character 1",
        ),
        ({"occurred_at": NOON + timedelta(days=1)}, "lies in the future"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(
    book: Logbook, changes: dict[str, Any], sentence: str
) -> None:
    draft = samples.begin(book)
    with pytest.raises(BadInput) as caught:
        save(book, draft, **changes)
    assert sentence in str(caught.value)
    assert book.read(sessions.get, draft.id) == draft


def test_an_impossible_value_is_refused_by_the_rule_it_breaks(book: Logbook) -> None:
    draft = samples.begin(book)
    with pytest.raises(Refused, match="ck_readings_pain"):
        save(book, draft, readings=(samples.pain(11),))
    with pytest.raises(Refused, match="ck_insertions_depth_mm"):
        save(book, draft, insertions=(samples.site(depth_mm=61),))
    assert book.read(sessions.get, draft.id) == draft


def test_a_visit_is_never_put_into_another_patients_episode(book: Logbook) -> None:
    who, own = samples.admit(book)
    _, other = samples.admit(book, "P-002")
    with pytest.raises(BadInput, match="belongs to another patient"):
        book.write(sessions.start, who.id, other)
    draft = book.write(sessions.start, who.id, own)
    with pytest.raises(BadInput, match="belongs to another patient"):
        save(book, draft, episode=other)
    whole = samples.complete(SessionDraft(new_id(), who.id, other, "DN001", NOON, "UTC"))
    with pytest.raises(BadInput, match="belongs to another patient"):
        book.write(sessions.enter, whole, signed=True)
    assert [visit.episode for visit in book.read(sessions.of, who.id)] == [own]


def test_a_visit_cannot_lie_in_the_future(book: Logbook) -> None:
    who, episode = samples.admit(book)
    with pytest.raises(BadInput, match="lies in the future"):
        book.write(sessions.start, who.id, episode, NOON + timedelta(minutes=11))
    assert book.write(sessions.start, who.id, episode, NOON - timedelta(days=3)).occurred_at < NOON


OBJECTIONS: list[tuple[dict[str, Any], str]] = [
    ({"screening": ()}, "screening: 34 questions not answered"),
    ({"screening": screening.all_clear(True)[1:]}, "screening: 1 question not answered (NO_CONSENT)"),
    ({"consent": None}, "consent: not asked"),
    ({"consent": Consent("2026-01", given=False)}, "consent: refused, yet needle sites are recorded"),
    ({"insertions": (), "note": None}, "needling: no site is recorded"),
    ({"insertions": (samples.site(origin="copied"),)}, "needling: copied rows are not confirmed (row 1)"),
    ({"insertions": (samples.site(zone="9"),)}, "needling: row 1 (gluteus medius): "),
    ({"insertions": (samples.site(technique="STATIC", hz=Decimal(2)),)}, "Hz or mA is recorded"),
    ({"needles": NeedleCount()}, "needles: in and out are not both counted"),
    (
        {"needles": NeedleCount(1, 1, 0, 1)},
        "needles: 1 in, 0 out, 1 opened, 1 to sharps; find the missing one",
    ),
    ({"needles": NeedleCount(2, 1, 1, 1)}, "needles: 1 in, 1 out, 2 opened, 1 to sharps"),
    ({"needles": NeedleCount(3, 3, 3, 3)}, "needles: 3 in, but only 1 insertions are recorded"),
    ({"readings": (samples.pain(4, "after"),)}, "pain: no score before needling"),
    (
        {"readings": (samples.pain(6), samples.pain(90, measure="LEFS"))},
        "lies outside 0 to 80 points",
    ),
    (
        {"readings": (samples.pain(6), samples.pain(90, measure="FLEX", mode="active"))},
        "reading: FLEX is taken of one",
    ),
]


@pytest.mark.parametrize(("changes", "objection"), OBJECTIONS)
def test_each_objection_to_a_signature(book: Logbook, changes: dict[str, Any], objection: str) -> None:
    draft = save(book, samples.complete(samples.begin(book)), **changes)
    with pytest.raises(Refused, match="session 1 cannot be signed yet") as caught:
        book.write(sessions.sign, draft.id)
    assert [reason for reason in caught.value.reasons if objection in reason] == list(caught.value.reasons)
    assert book.read(sessions.get, draft.id) == draft
    assert samples.CANARY not in str(caught.value.reasons)


def test_all_objections_come_at_once(book: Logbook) -> None:
    draft = samples.begin(book)
    draft = save(book, draft, insertions=(samples.site(origin="copied"),))
    with pytest.raises(Refused) as caught:
        book.write(sessions.sign, draft.id)
    kinds = [reason.partition(":")[0] for reason in caught.value.reasons]
    assert kinds == ["screening", "consent", "needling", "needles", "pain"]
    assert book.read(sessions.objections, draft) == caught.value.reasons


def test_a_stop_or_refer_blocks_the_needle_and_not_the_note(book: Logbook) -> None:
    answers = tuple(
        replace(answer, answer="yes") if answer.item == "FEVER" else answer
        for answer in screening.all_clear(True)
    )
    draft = save(book, samples.complete(samples.begin(book)), screening=answers)
    with pytest.raises(Refused) as caught:
        book.write(sessions.sign, draft.id)
    assert [reason[:24] for reason in caught.value.reasons] == ["screening: fever: refer "] or "refer" in str(
        caught.value.reasons
    )
    sent_on = save(book, draft, insertions=(), note="sent to a physician", needles=NeedleCount())
    assert book.write(sessions.sign, sent_on.id).status == "signed"


def test_a_standing_precaution_bars_and_cautions_without_being_asked(book: Logbook) -> None:
    """An anticoagulant bars muscles that cannot be compressed and cautions for the others."""
    draft = samples.begin(book)
    book.write(precautions.add, draft.patient, Precaution("ANTICOAG"))
    shallow = save(book, samples.complete(draft))
    assert [(f.item, f.action) for f in book.read(sessions.findings, shallow)] == [("ANTICOAG", "caution")]
    deep = save(book, shallow, insertions=(samples.site(), samples.site("PIRI", zone="1")))
    found = {(f.action, f.muscles) for f in book.read(sessions.findings, deep)}
    assert found == {("stop", ("PIRI",)), ("caution", ("GMED",))}
    with pytest.raises(Refused) as caught:
        book.write(sessions.sign, deep.id)
    assert "stop for PIRI" in caught.value.reasons[0]
    kept = book.write(sessions.sign, save(book, deep, insertions=shallow.insertions).id)
    assert [a.answer for a in kept.screening if a.item == "ANTICOAG"] == ["none"]


def test_signing_writes_down_what_a_standing_precaution_answered(book: Logbook) -> None:
    draft = samples.begin(book)
    book.write(precautions.add, draft.patient, Precaution("THA", cleared_by="Dr Roth"))
    asked = tuple(answer for answer in screening.all_clear(True) if answer.item != "THA")
    kept = book.write(sessions.sign, save(book, samples.complete(draft), screening=asked).id)
    (answer,) = (one for one in kept.screening if one.item == "THA")
    assert (answer.answer, answer.reason) == ("yes", "cleared by Dr Roth")


def test_a_child_is_cautioned_by_age(book: Logbook) -> None:
    who, episode = samples.admit(book, birth=NOON.date().replace(year=2010))
    draft = book.write(sessions.start, who.id, episode)
    assert [finding.item for finding in book.read(sessions.findings, draft)] == ["CHILD"]


def test_a_signature_freezes_the_session(book: Logbook, clock: SetClock) -> None:
    draft = save(book, samples.complete(samples.begin(book)))
    clock.forward(minutes=20)
    kept = book.write(sessions.sign, draft.id)
    assert (kept.status, kept.signed_by, kept.signed_at) == ("signed", "DN001", NOON + timedelta(minutes=20))
    for refused in (
        lambda: save(book, kept, note="other"),
        lambda: book.write(sessions.undo, kept.id),
        lambda: book.write(sessions.sign, kept.id),
        lambda: book.write(sessions.discard, kept.id),
        lambda: book.write(sessions.repeat, kept.id),
    ):
        with pytest.raises(Refused, match="session 1 is signed; correct it with an amendment"):
            refused()
    assert book.read(sessions.get, kept.id) == kept
    assert book.read(sessions.drafts_open) == ()


def test_a_signature_says_who_and_holds_the_content_it_was_set_under(book: Logbook) -> None:
    book.write(clinic.add, PractitionerDraft("DN002", "Bo Lind"))
    second = book.acting("DN002")
    draft = save(second, samples.full(samples.begin(second)))
    kept = second.write(sessions.sign, draft.id)
    entered = replace(
        samples.full(kept), id=new_id(), therapist="DN001", screening=screening.all_clear(False)
    )
    whole = book.write(sessions.enter, _fresh(entered), signed=True)
    for session_id, name in ((kept.id, "Bo Lind"), (whole, "Ada Moore")):
        signature = book.read(lambda unit, key: unit.one(_signatures(key)), session_id)
        assert signature is not None
        assert (signature.meaning, signature.printed_name) == ("author", name)
        assert signature.content_hash == book.read(_digest, session_id)


def _fresh(draft: SessionDraft) -> SessionDraft:
    """The same visit with new keys."""
    sites = tuple(replace(site, id=new_id()) for site in draft.insertions)
    readings = tuple(replace(reading, id=new_id()) for reading in draft.readings)
    known = {name: getattr(draft, name) for name in SessionDraft.__slots__}
    return SessionDraft(
        **known | {"insertions": sites, "readings": readings, "inquiries": (), "referrals": ()}
    )


def _signatures(session_id: str) -> Any:
    return tables.signatures.select().where(tables.signatures.c.session_id == session_id)


def _digest(unit: Unit, session_id: str) -> str:
    return session_rows.digest(session_rows.current(unit, session_id))


def test_entering_a_whole_visit_is_all_or_nothing(book: Logbook) -> None:
    who, episode = samples.admit(book)
    draft = SessionDraft(new_id(), who.id, episode, "DN001", NOON, "Europe/Berlin")
    with pytest.raises(Refused, match="this session cannot be signed yet") as caught:
        book.write(sessions.enter, draft, signed=True)
    assert len(caught.value.reasons) == 4
    assert book.read(sessions.of, who.id) == ()
    kept = book.write(sessions.enter, samples.complete(draft), signed=True)
    assert book.read(sessions.get, kept).status == "signed"
    assert book.read(audit.verify).ok


def test_a_void_session_stays_readable(book: Logbook) -> None:
    kept = samples.signed(book)
    void = book.write(sessions.void, kept.id, "wrong patient")
    assert (void.status, void.void_reason, void.note) == ("voided", "wrong patient", kept.note)
    with pytest.raises(Refused, match="session 1 is voided; only a signed one"):
        book.write(sessions.void, kept.id, "again")
    with pytest.raises(Refused, match="voided"):
        book.write(amendments.amend, kept.id, "note", "x", "y")
    assert book.read(sessions.numbered, kept.patient, 1) == void
    assert book.read(audit.verify).ok


def test_a_draft_is_discarded_not_voided(book: Logbook) -> None:
    draft = samples.begin(book)
    draft = book.write(sessions.save, samples.full(draft), draft.version)
    with pytest.raises(Refused, match="only a signed one can be voided"):
        book.write(sessions.void, draft.id, "wrong")
    book.write(sessions.discard, draft.id)
    with pytest.raises(NotFound):
        book.read(sessions.get, draft.id)
    assert book.read(audit.verify).ok


def test_repeat_lays_the_amended_plan_and_no_result(book: Logbook, clock: SetClock) -> None:
    first = samples.signed(book)
    book.write(amendments.amend, first.id, "insertion.1.depth_mm", "25", "slip")
    clock.forward(days=7)
    draft = book.write(sessions.start, first.patient, first.episode)
    copied = book.write(sessions.repeat, draft.id)
    (site,) = copied.insertions
    assert (site.muscle, site.zone, site.depth_mm, site.technique) == ("GMED", "1", 25, "FIFO")
    assert (site.origin, site.twitch, site.inserted_by) == ("copied", None, None)
    assert (copied.readings, copied.consent, copied.needles, copied.screening) == (
        (),
        None,
        NeedleCount(),
        (),
    )
    assert copied.carried_from == first.id
    assert any("not confirmed (row 1)" in reason for reason in book.read(sessions.objections, copied))
    assert book.write(sessions.undo, draft.id).insertions == ()


def test_repeat_passes_over_void_sessions(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    good = samples.visit(book, who.id, episode)
    for _ in range(6):
        clock.forward(days=1)
        bad = samples.visit(book, who.id, episode, insertions=(samples.site("TFL"),))
        book.write(sessions.void, bad.id, "wrong chart")
    draft = book.write(sessions.start, who.id, episode)
    assert book.write(sessions.repeat, draft.id).carried_from == good.id


def test_there_may_be_nothing_to_repeat(book: Logbook) -> None:
    draft = samples.begin(book)
    with pytest.raises(NotFound, match="no earlier signed session"):
        book.write(sessions.repeat, draft.id)


def test_numbers_count_per_patient(book: Logbook, clock: SetClock) -> None:
    who, episode = samples.admit(book)
    samples.admit(book, "P-002", "L")
    left = book.write(episodes.open_, who.id, EpisodeDraft("L", "OA"))
    numbers = [samples.visit(book, who.id, episode).number]
    clock.forward(days=1)
    numbers.append(samples.visit(book, who.id, left.id).number)
    assert numbers == [1, 2]
    assert [visit.number for visit in book.read(sessions.of, who.id)] == [1, 2]
    assert [visit.number for visit in book.read(sessions.of, who.id, 1)] == [2]
    other = book.read(patients.get, "P-002")
    (episode2,) = book.read(episodes.of, other.id)
    assert samples.visit(book, other.id, episode2.id).number == 1


def test_no_view_shows_a_name_in_its_repr(book: Logbook) -> None:
    kept = samples.signed(book)
    who = book.read(patients.by_id, kept.patient)
    shown = repr((kept, who, book.read(sessions.of, kept.patient), book))
    assert samples.CANARY not in shown
    assert "tolerated" not in shown
