"""Protocols: a clinic's own plans, saved from any session, laid into any other, never with results."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from samples import admit, begin, signed, site, visit

from hiplog.clinical.errors import BadInput, NotFound, Refused
from hiplog.clinical.needling import Insertion
from hiplog.clinical.record import PractitionerDraft
from hiplog.exchange import bundle, intake
from hiplog.logbook import amendments, audit, protocols, sessions
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings

PLAN = (
    Insertion("GMED", "R", "2", diameter_mm=Decimal("0.30"), length_mm=50, depth_mm=25, technique="FIFO"),
    Insertion(
        "PIRI", "R", "1", "tendon", technique="EDN", hz=Decimal(2), ma=Decimal("1.5"), retention_min=20
    ),
    Insertion("TFL", "L", passes=10, technique="FIFO"),
)


def rows_of(found: tuple[Insertion, ...]) -> list[Insertion]:
    return [replace(row, id="") for row in found]


@pytest.mark.both_databases
def test_a_plan_comes_back_as_it_was_saved_and_without_results(book: Logbook) -> None:
    who, episode = admit(book)
    rows = tuple(replace(r, twitch="none", familiar_pain=True, inserted_by="DN001") for r in PLAN)
    kept = visit(book, who.id, episode, insertions=rows)
    made = book.write(protocols.save, 3, "Lateral hip", kept.id)
    assert (made.slot, made.name, made.side) == (3, "Lateral hip", "R")
    assert made.line.startswith(
        "gmed r 2 30x50 d25 fifo; piri r 1 tendon edn 2hz 1.5ma ret20; tfl l fifo x10"
    )
    draft = book.write(sessions.start, who.id, episode)
    laid = book.write(protocols.lay, draft.id, 3)
    assert rows_of(laid.insertions) == [replace(r, id="", origin="copied") for r in PLAN]
    assert laid.inquiries == () and laid.readings == () and laid.carried_from is None
    assert book.read(audit.verify).ok


def test_on_the_other_hip_it_is_mirrored(book: Logbook) -> None:
    kept = signed(book)
    book.write(protocols.save, 1, "One", kept.id)
    who, episode = admit(book, "P-002", side="L")
    draft = book.write(sessions.start, who.id, episode)
    assert [r.side for r in book.write(protocols.lay, draft.id, 1).insertions] == ["L"]


def test_what_was_needled_stays_and_no_place_is_planned_twice(book: Logbook) -> None:
    draft = begin(book)
    book.write(protocols.write, 1, "Front", "R", (site("RF", zone=None), site("TFL", zone=None)))
    book.write(protocols.write, 2, "Back", "R", (site("GMAX", zone=None), site("TFL", zone=None)))
    first = book.write(protocols.lay, draft.id, 1)
    needled = tuple(replace(r, origin="confirmed") if r.muscle == "TFL" else r for r in first.insertions)
    saved = book.write(sessions.save, replace(first, insertions=needled), first.version)
    after = book.write(protocols.lay, saved.id, 2)
    assert [(r.muscle, r.origin) for r in after.insertions] == [("TFL", "confirmed"), ("GMAX", "copied")]
    assert book.write(protocols.lay, saved.id, 2).insertions[0] == after.insertions[0]
    assert [r.muscle for r in book.write(sessions.undo, saved.id).insertions] == ["TFL", "GMAX"]


def test_an_amended_plan_is_saved_as_amended(book: Logbook) -> None:
    kept = signed(book)
    book.write(amendments.amend, kept.id, "insertion.1.depth_mm", "20", "read wrong")
    assert "d20" in book.write(protocols.save, 1, "One", kept.id).line


def test_a_key_is_taken_over_and_freed_again_and_all_of_it_is_audited(book: Logbook) -> None:
    kept = signed(book)
    book.write(protocols.save, 1, "Old", kept.id)
    book.write(protocols.save, 1, "New", kept.id)
    assert [p.name for p in book.read(protocols.everyone)] == ["New"]
    book.write(protocols.remove, 1)
    assert book.read(protocols.everyone) == ()
    with pytest.raises(NotFound, match="no protocol lies on 1; there are: none yet"):
        book.read(protocols.get, 1)
    assert book.read(audit.verify).ok


def test_slips_are_refused_in_words(book: Logbook) -> None:
    draft = begin(book)
    with pytest.raises(Refused, match="no needle sites"):
        book.write(protocols.save, 1, "Empty", draft.id)
    for slot in (0, 10, -1):
        with pytest.raises(BadInput, match="keys 1 to 9"):
            book.write(protocols.write, slot, "x", "R", PLAN)
    with pytest.raises(BadInput, match="control character"):
        book.write(protocols.write, 1, "a\x1b[31mb", "R", PLAN)
    with pytest.raises(BadInput, match="at most 200"):
        book.write(protocols.write, 1, "x" * 10_000, "R", PLAN)


def test_a_protocol_travels_with_an_identified_bundle_only(book: Logbook, tmp_path: Path) -> None:
    kept = signed(book)
    book.write(protocols.save, 4, "Named after somebody", kept.id)
    bundle.write(book, tmp_path / "coded")
    assert not (tmp_path / "coded" / "data" / "protocols.csv").exists()
    assert not any(b"Named after" in f.read_bytes() for f in (tmp_path / "coded").rglob("*") if f.is_file())
    bundle.write(book, tmp_path / "full", identified=True, reason="moving house")
    assert "Named after somebody" in (tmp_path / "full" / "data" / "protocols.csv").read_text()


def test_a_bundle_brings_its_protocols_back(book: Logbook, tmp_path: Path, places: Settings) -> None:
    kept = signed(book)
    book.write(protocols.save, 4, "Four", kept.id)
    book.write(protocols.save, 5, "Five", kept.id)
    bundle.write(book, tmp_path / "full", identified=True, reason="moving house")
    for name, blank in (("blank", True), ("lived", False)):
        other = replace(places, database=str(tmp_path / f"{name}.db"))
        found = Logbook.create(other, "Second", "UTC", PractitionerDraft("DN001", "Ada Moore"))
        if not blank:
            admit(found, "Q-1")
            found.write(protocols.write, 4, "Own four", "R", PLAN)
        intake.read(found, tmp_path / "full")
        names = [p.name for p in found.read(protocols.everyone)]
        assert names == (["Four", "Five"] if blank else ["Own four", "Five"])
        assert found.read(audit.verify).ok
        found.close()
