"""What a role may do: every row of the table tried at the front door, and every refusal in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import samples
from acts import PEOPLE, peopled
from clients import other

from hiplog.clinical import roles
from hiplog.clinical.errors import Refused
from hiplog.clinical.record import ROLES, EpisodeDraft, Inquiry, PractitionerDraft, Precaution
from hiplog.clinical.requests import RequestDraft
from hiplog.clinical.roles import ACTS, Forbidden
from hiplog.exchange import bundle
from hiplog.logbook import (
    access,
    amendments,
    audit,
    clinic,
    episodes,
    followups,
    patients,
    precautions,
    protocols,
    requests,
    search,
    sessions,
    timeline,
    users,
    worklist,
)
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage.unit import Unit

pytestmark = pytest.mark.both_databases
Try = Callable[[Logbook, Path], object]


def first(book: Logbook) -> str:
    return book.read(patients.get, "P-001").id


def signed(book: Logbook) -> str:
    return book.read(sessions.of, first(book))[0].id


def draft_of(book: Logbook, code: str) -> str:
    return next(one.id for one in book.read(sessions.drafts_open) if one.therapist == code)


def sign(book: Logbook, _: Path) -> object:
    if book.role == "auditor":
        return book.write(sessions.sign, draft_of(book, "TH001"))
    own = book.read(sessions.get, draft_of(book, book.actor))
    kept = book.write(sessions.save, samples.complete(own), own.version)
    return book.write(sessions.sign, kept.id)


def edit_patient(book: Logbook, _: Path) -> object:
    return book.write(patients.edit, replace(book.read(patients.get, "P-001"), family="Koch", given="Ann"))


def start(book: Logbook, _: Path) -> object:
    episode = book.read(episodes.of, first(book))[0].id
    return book.write(sessions.start, first(book), episode)


def identified(book: Logbook, folder: Path) -> object:
    return bundle.write(book, folder / "out", identified=True, reason="a request")


def imported(unit: Unit) -> None:
    unit.access("import", "table", None)


TRIES: dict[str, list[Try]] = {
    "read": [lambda book, _: book.read(worklist.today), lambda book, _: book.read(audit.verify)],
    "names": [lambda book, _: named(book)],
    "chart": [
        lambda book, _: book.write(patients.add, samples.person("P-009")),
        edit_patient,
        lambda book, _: book.write(episodes.open_, first(book), EpisodeDraft("L", "OVERUSE")),
        lambda book, _: book.write(precautions.add, first(book), Precaution("ANTICOAG")),
        lambda book, _: book.write(protocols.write, 1, "Lateral hip", "R", (samples.site(),)),
    ],
    "draft": [start],
    "discard": [lambda book, _: book.write(sessions.discard, draft_of(book, "TH002"))],
    "sign": [sign],
    "cosign": [lambda book, _: book.write(sessions.cosign, signed(book))],
    "amend": [
        lambda book, _: book.write(amendments.amend, signed(book), "plan", "rest", "typing error"),
        lambda book, _: book.write(sessions.void, signed(book), "wrong patient"),
    ],
    "request": [
        lambda book, _: book.write(
            requests.add, first(book), RequestDraft(book.clock().date(), "the left hip")
        )
    ],
    "follow": [
        lambda book, _: book.write(
            followups.record, signed(book), Inquiry("follow_up", "open", "patient", "none")
        )
    ],
    "secret": [lambda book, _: users.set_passphrase(book, book.actor, "a long passphrase")],
    "export": [lambda book, folder: bundle.write(book, folder / "out")],
    "identify": [identified],
    "import": [lambda book, _: book.write(imported)],
    "users": [
        lambda book, _: users.add(book, PractitionerDraft("TH009", "Eli Weis")),
        lambda book, _: users.disable(book, "TH002"),
        lambda book, _: users.set_pin(book, "TH002", None),
        lambda book, _: book.write(
            clinic.edit, replace(book.read(clinic.practitioner, "TH002"), role="owner")
        ),
    ],
    "seal": [lambda book, _: book.write(lambda unit: unit.access("seal.anew", "clinic", None))],
    "erase": [lambda book, _: book.write(lambda unit: unit.record("something.new", "patient", None))],
}


def named(book: Logbook) -> None:
    who = first(book)
    told = (
        repr([one.name for one in book.read(search.find, "p-0")])
        + repr(
            [one.name for one in book.read(worklist.today).recent + book.read(worklist.today).signed_today]
        )
        + repr(book.read(patients.everyone)[0].name)
        + repr(book.read(timeline.of, who).patient.birth)
        + repr(book.read(sessions.of, who)[0].note)
    )
    if samples.CANARY not in told:
        raise Forbidden("only codes are shown", "names")
    if not book.read(search.find, samples.CANARY[:4]):
        raise Forbidden("nobody is found by name", "names")


def test_every_row_is_tried() -> None:
    assert TRIES.keys() == {act.code for act in ACTS}


@pytest.mark.grown(by=peopled)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_its_column_says_and_nothing_else(
    book: Logbook, tmp_path: Path, role: str
) -> None:
    for act in ACTS:
        for number, attempt in enumerate(TRIES[act.code]):
            one = book.acting(PEOPLE[role])
            before = book.read(audit.heads)
            if role in act.roles:
                if act.code in ("amend", "users", "discard") and number:
                    continue  # the first of them changes what the next would need
                attempt(one, tmp_path / f"{act.code}-{number}")
                continue
            with pytest.raises(Refused):
                attempt(one, tmp_path / f"{act.code}-{number}")
            if act.code == "names":
                continue
            record, looks = book.read(audit.heads)
            assert record == before[0], f"{act.code}: something was written"
            last = book.read(audit.events, 1, "access")[0]
            assert (last.actor, last.action) in ((one.actor, "refused"), (one.actor, "export.refused"))
            assert looks.seq == before[1].seq + 1
    assert book.read(audit.verify).ok


@pytest.mark.grown(by=peopled)
def test_nobody_writes_in_the_draft_of_another(book: Logbook) -> None:
    for code in ("DN001", "TH001"):
        hands = book.acting(code)
        theirs = book.read(sessions.get, draft_of(book, "TH002"))
        for attempt in (
            lambda hands=hands, theirs=theirs: hands.write(
                sessions.save, samples.complete(theirs), theirs.version
            ),
            lambda hands=hands, theirs=theirs: hands.write(sessions.sign, theirs.id),
            lambda hands=hands, theirs=theirs: hands.write(sessions.undo, theirs.id),
            lambda hands=hands, theirs=theirs: hands.write(sessions.repeat, theirs.id),
            lambda hands=hands, theirs=theirs: hands.write(
                sessions.enter, replace(theirs, id="0" * 36), signed=False
            ),
        ):
            with pytest.raises(Forbidden, match="TH002"):
                attempt()
        assert book.read(sessions.get, theirs.id) == theirs


@pytest.mark.grown(by=peopled)
def test_a_second_signature_is_a_colleagues(book: Logbook) -> None:
    visit = signed(book)
    with pytest.raises(Refused, match="TH002 has signed session 1 already"):
        book.acting("TH002").write(sessions.cosign, visit)
    kept = book.acting("TH001").write(sessions.cosign, visit)
    assert (kept.signed_by, kept.cosigned_by, kept.status) == ("TH002", ("TH001",), "signed")
    with pytest.raises(Refused, match="already"):
        book.acting("TH001").write(sessions.cosign, visit)
    with pytest.raises(Refused, match="is draft"):
        book.write(sessions.cosign, draft_of(book, "TH001"))
    assert book.read(audit.verify).ok


@pytest.mark.grown(by=peopled)
def test_an_owner_remains_and_who_is_disabled_acts_no_more(book: Logbook) -> None:
    with pytest.raises(Refused, match="nobody disables the own access"):
        users.disable(book, "DN001")
    with pytest.raises(Refused, match="only owner"):
        book.write(clinic.edit, replace(book.read(clinic.practitioner, "DN001"), role="therapist"))
    users.disable(book, "TH002")
    with pytest.raises(Refused, match="TH002 is disabled"):
        book.acting("TH002")
    assert book.read(sessions.of, first(book))[0].signed_by == "TH002"
    users.enable(book, "TH002")
    assert book.acting("TH002").actor == "TH002"


def test_every_entry_the_program_writes_stands_in_a_row_or_is_a_look(book: Logbook) -> None:
    root = Path(roles.__file__).parent.parent
    told = "\n".join(one.read_text(encoding="utf-8") for one in root.rglob("*.py"))
    written = set(re.findall(r"\.record(?:_each)?\(\s*\"([a-z_.]+)\"", told))
    assert written - roles.BY_ENTRY.keys() <= {"clinic.found"}, "an act without a row is the owner's alone"


@pytest.mark.grown(by=peopled)
def test_on_a_file_a_role_is_a_courtesy_and_that_is_said(places: Settings, book: Logbook) -> None:
    """Another program asks nobody; what it changed of the record is found afterwards."""
    assert "another program" in roles.COURTESY
    book.close()
    with other(places) as execute:
        execute("UPDATE practitioners SET role = 'owner' WHERE code = 'QA001'")
    again = Logbook.open(places)
    assert again.acting("QA001").role == "owner"
    assert "altered-row" in {one.kind for one in again.read(audit.verify).findings}
    assert not access.standing(again, "QA001").secured
    again.close()
