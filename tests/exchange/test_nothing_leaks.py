"""Five hundred people with planted words: none of them is anywhere in a de-identified bundle."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bundles import blank, told
from samples import complete, pain, site

from hiplog.clinical.record import (
    Consent,
    EpisodeDraft,
    Inquiry,
    NeedleCount,
    PatientDraft,
    PractitionerDraft,
    Precaution,
    Reaction,
    Referral,
    ScreeningAnswer,
    SessionDraft,
    new_id,
)
from hiplog.exchange import bundle, verify
from hiplog.logbook import amendments, clinic, episodes, followups, patients, precautions, sessions
from hiplog.logbook.archive import Unit
from hiplog.logbook.book import Logbook

PEOPLE = 500
SHORTEST = 8
SHAPES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y")


class Planted:
    """Words that no other place of the logbook has; each is one person's."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.births: list[date] = []

    def word(self, person: int, what: str) -> str:
        made = f"Żur{person:03d}{what}Öx"
        self.words.add(made)
        return made

    def typed(self, person: int, what: str) -> str:
        """A sentence with the word in its middle."""
        return f'=said {self.word(person, what)}, "then"\nleft'

    def code(self, person: int, what: str) -> str:
        """A word of letters and digits only, where no other is taken."""
        made = f"Zur{person:03d}{what}"
        self.words.add(made)
        return made

    def birth(self, person: int) -> date:
        self.births.append(date(1930, 1, 1) + timedelta(days=37 * person))
        return self.births[-1]

    def __iter__(self) -> Iterator[str]:
        yield from self.words
        for day in self.births:
            yield from (day.strftime(shape) for shape in SHAPES)


def occurring(words: Iterable[str], held: bytes) -> set[str]:
    """Which of ``words`` occur in ``held``, byte for byte, in any case of letters."""
    sought: dict[bytes, list[bytes]] = {}
    for word in words:
        sought.setdefault(word.casefold().encode()[:SHORTEST], []).append(word.casefold().encode())
    held = held.decode("utf-8").casefold().encode()
    found = set()
    for place in range(len(held) - SHORTEST + 1):
        for word in sought.get(held[place : place + SHORTEST], ()):
            if held.startswith(word, place):
                found.add(word.decode())
    return found


def person(unit: Unit, n: int, plant: Planted) -> str:
    """Write one patient with every text filled; some numbers are ``n`` too, to know the rows again."""
    draft = PatientDraft(
        plant.code(n, "chart"), plant.word(n, "family"), plant.word(n, "given"), plant.birth(n), "female",
        f"{plant.word(n, 'phone')} +49 170 {n:05d}", f"{plant.code(n, 'mail')}@example.org", plant.typed(n, "about"),
    )  # fmt: skip
    who = patients.add(unit, draft)
    told = Precaution("ANTICOAG", plant.typed(n, "precaution"), plant.word(n, "surgeon"), date(2020, 1, 1))
    precautions.add(unit, who.id, told)
    style = plant.word(n, "style")
    episode = episodes.open_(unit, who.id, EpisodeDraft("R", "OVERUSE", ("TENSION",), style=style)).id
    draft = visit(unit, who.id, episode, n, plant)
    key = sessions.enter(unit, draft, signed=True)
    amendments.amend(unit, key, "note", plant.typed(n, "newnote"), plant.word(n, "whynote"))
    amendments.amend(unit, key, "plan", plant.word(n, "newplan"), plant.word(n, "whyplan"))
    amendments.amend(unit, key, "insertion.1.depth_mm", "31", plant.word(n, "whydepth"))
    later = Reaction("BRUISE", "mild", size_mm=n + 1, note=plant.typed(n, "later"))
    asked = Inquiry("follow_up", "open", "patient", "yes", (later,))
    followups.record(unit, key, asked, (pain(3, device=plant.word(n, "device2")),))
    if n % 3 == 0:
        sessions.void(unit, key, plant.word(n, "void"))
    draft = SessionDraft(
        new_id(), who.id, episode, "DN001", unit.now, unit.zone, note=plant.typed(n, "draft")
    )
    odd = site(
        plant.code(n, "muscle"), zone=plant.word(n, "zone"), technique=plant.code(n, "how"), **numbered(n)
    )
    sessions.enter(unit, replace(draft, insertions=(odd,)), signed=False)
    if n % 4 == 0:
        episodes.close(unit, episode, plant.word(n, "closed"))
    return who.id


def numbered(n: int) -> dict[str, int]:
    """Two counts of a needle site that together are the person's number."""
    return {"passes": n % 90 + 1, "twitch_count": n // 90 + 1}


def visit(unit: Unit, patient: str, episode: str, n: int, plant: Planted) -> SessionDraft:
    """A visit with every text of a session filled."""
    done = complete(SessionDraft(new_id(), patient, episode, "DN001", unit.now, unit.zone))
    kept = [answer for answer in done.screening if answer.item not in ("NIGHT", "ANTICOAG")]
    night = ScreeningAnswer("NIGHT", "yes", plant.typed(n, "override"))
    effect = Reaction(
        "BRUISE", "mild", size_mm=n + 1, note=plant.typed(n, "effect"), action=plant.code(n, "action"),
        relatedness=plant.code(n, "related"), outcome=plant.code(n, "outcome"),
    )  # fmt: skip
    spot = site(**numbered(n), inserted_by=plant.code(n, "in"), removed_by=plant.code(n, "out"))
    taken = pain(
        6, device=plant.word(n, "device"), tester=plant.code(n, "tester"), version=plant.code(n, "edition")
    )
    return replace(
        done,
        screening=(*kept, night),
        consent=Consent(plant.code(n, "form"), given=True),
        insertions=(spot,),
        readings=(taken, pain(None, "after", missing_reason=plant.code(n, "missing"))),
        needles=NeedleCount(2, 1, 0, 1, plant.typed(n, "mismatch")),
        inquiries=(Inquiry("session", "checklist", "therapist", "yes", (effect,)),),
        advice=(plant.code(n, "advice"),),
        co_treatments=(plant.code(n, "co"),),
        referrals=(Referral("NIGHT", plant.word(n, "physician"), note=plant.typed(n, "referral")),),
        note=plant.typed(n, "note"),
        plan=plant.typed(n, "plan"),
    )


def populate(book: Logbook, plant: Planted) -> dict[str, int]:
    """Write everybody; return who is who by key."""
    staff = PractitionerDraft(
        "DN007", plant.word(999, "staff"), plant.word(999, "licence"), training=plant.word(999, "training")
    )
    book.write(clinic.add, staff)

    def some(unit: Unit, numbers: range) -> dict[str, int]:
        return {person(unit, n, plant): n for n in numbers}

    keys: dict[str, int] = {}
    for start in range(0, PEOPLE, 50):
        keys |= book.write(some, range(start, start + 50))
    return keys


def everything(folder: Path) -> bytes:
    parts = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    return b"\n".join([one.read_bytes() for one in parts] + [one.name.encode() for one in parts])


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.long
def test_five_hundred_people_leave_no_trace(tmp_path: Path, blank_logbook: Path) -> None:
    book, plant = blank(tmp_path / "clinic", blank_logbook), Planted()
    with told("planted words") as figures:
        keys = populate(book, plant)
        coded = bundle.write(book, tmp_path / "coded", excel=True).path
        named = bundle.write(
            book, tmp_path / "named", identified=True, reason="so that the search can fail"
        ).path
        words = set(plant)
        held = everything(coded)
        assert occurring(words, held) == set()
        assert occurring(plant.words, everything(named)) == {word.casefold() for word in plant.words}
        figures |= {
            "people": len(keys),
            "words": len(plant.words),
            "births": len(plant.births),
            "bytes": len(held),
        }
    assert verify.check(coded).findings == verify.check(named).findings == ()
    assert one_code_across_files(coded, keys) == PEOPLE
    again = bundle.write(book, tmp_path / "again").path
    assert rows(again, "patients") == rows(coded, "patients")
    book.close()


def one_code_across_files(coded: Path, keys: dict[str, int]) -> int:
    """Hold every row against the person whose number it carries; return how many people were met."""
    known = {row["id"]: row["pseudonym"] for row in rows(coded, "patients")}
    assert known.keys() == keys.keys()
    assert len(set(known.values())) == PEOPLE
    owner = {row["id"]: row["patient"] for row in rows(coded, "sessions")}
    asked = {row["id"]: row["session"] for row in rows(coded, "inquiries")}
    met = {
        name: {row["patient"] for row in rows(coded, name)}
        for name in ("episodes", "precautions", "sessions")
    }
    signs = [
        (owner[row["session"]], int(row["passes"]) - 1 + 90 * (int(row["twitch_count"]) - 1))
        for row in rows(coded, "insertions")
    ]
    signs += [(owner[asked[row["inquiry"]]], int(row["size_mm"]) - 1) for row in rows(coded, "reactions")]
    assert [pair for pair in signs if keys[pair[0]] != pair[1]] == []
    assert len(signs) == 4 * PEOPLE
    assert all(found == known.keys() for found in met.values())
    return len({key for key, _ in signs})
