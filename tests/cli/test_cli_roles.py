"""What a role may not do, tried by the command that does it: refused in plain words, with 4, and in the trail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import acts
import pytest
from commands import Done, Run

from hiplog.clinical import roles
from hiplog.logbook import audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings, private_file

CODES = {act.code: act for act in roles.ACTS}


def private(path: Path, text: str) -> str:
    if not path.exists():
        private_file(path).write_text(f"{text}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def tried(run: Run, places: Settings, tmp_path: Path) -> Run:
    """Run a command of the table in the hands of a role."""
    told = {"out": str(tmp_path / "out"), "sample": run("locate", "samples").out.strip()}
    told |= {
        "word": private(tmp_path / "word", acts.NEW_PASSPHRASE),
        "pin": private(tmp_path / "pin", "4711"),
    }
    aside = replace(places, database=str(places.path))
    book = Logbook.open(aside)
    told["bundle"] = str(acts.bundled(book, tmp_path / "bundle"))
    book.close()

    def command(role: str, *words: str) -> Done:
        return run("--as", acts.PEOPLE[role], *(word.format(**told) for word in words))

    return command


def trail(places: Settings) -> tuple[tuple[int, int], str, str]:
    """The ends of both chains; who made the newest entry of access and what it is."""
    book = Logbook.open(places)
    record, access = book.read(audit.heads)
    last = book.read(audit.events, 1, "access")[0]
    book.close()
    return (record.seq, access.seq), last.actor, last.action


def test_every_act_that_a_role_may_not_do_has_its_command() -> None:
    assert {act for act, _ in acts.forbidden()} == acts.TRIED.keys()
    assert all(one.commands for one in acts.TRIED.values())


@pytest.mark.grown(by=acts.noted)
@pytest.mark.parametrize(("act", "role"), acts.forbidden())
def test_the_command_refuses_and_the_refusal_is_in_the_trail(
    tried: Run, places: Settings, act: str, role: str
) -> None:
    for words in acts.TRIED[act].commands:
        before, _, _ = trail(places)
        done = tried(role, *words)
        assert done.code == 4, (words, done)
        assert (acts.TRIED[act].says or f"may not {CODES[act].what}") in done.err, words
        assert f"{acts.PEOPLE[role]} is {acts.CALLED[role]}" in done.err, words
        assert done.out == "", words
        after, who, what = trail(places)
        assert after[0] == before[0], f"{words}: something was written"
        assert after[1] > before[1]
        assert (who, what) in ((acts.PEOPLE[role], "refused"), (acts.PEOPLE[role], "export.refused")), words


@pytest.mark.grown(by=acts.noted)
@pytest.mark.parametrize("act", acts.TRIED)
def test_the_same_command_works_for_an_owner(tried: Run, act: str) -> None:
    """So it is the role that was refused, and not the words."""
    for words in acts.TRIED[act].commands:
        done = tried("owner", *words)
        if words in acts.NOT_EVEN_AN_OWNER:
            assert acts.NOT_EVEN_AN_OWNER[words] in done.err
        else:
            assert done.code == 0, (words, done)


@pytest.mark.grown(by=acts.noted)
@pytest.mark.parametrize("words", acts.SHOWN)
def test_an_auditor_is_shown_no_name(tried: Run, words: tuple[str, ...]) -> None:
    for more in ((), ("--json",)):
        done = tried("auditor", *words, *more)
        assert done.code in (0, 4), done
        assert "Zwiebelkuchen" not in done.out + done.err
    assert "Zwiebelkuchen" not in tried("auditor", "patient", "find", "Zwie").out


@pytest.mark.grown(by=acts.noted)
def test_whoever_may_see_names_is_shown_them(tried: Run) -> None:
    for role in ("owner", "therapist"):
        assert "Zwiebelkuchen" in tried(role, "patient", "list").out
