"""Heads kept outside: as words, in a file, compared, and a cut told with its place."""

from __future__ import annotations

import hashlib
import stat
from itertools import combinations
from pathlib import Path

import clients
import pytest
import samples

from hiplog import cli
from hiplog.clinical.errors import BadInput
from hiplog.logbook import anchors, audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import words
from hiplog.storage.chain import Finding


def told(book: Logbook, given: str) -> list[Finding]:
    return book.read(lambda unit: list(anchors.compare(unit, anchors.of(given))))


def cut(places: Settings, after: int) -> None:
    with clients.unguarded(places) as execute:
        for table in ("audit_payloads", "audit_log"):
            execute(f"DELETE FROM {table} WHERE chain = 'record' AND seq > {after}")


def test_the_words_are_easy_to_tell_apart() -> None:
    assert len(set(words.WORDS)) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words.WORDS)
    for one, other in combinations(words.WORDS, 2):
        if len(one) == len(other):
            assert sum(a != b for a, b in zip(one, other, strict=True)) > 1, (one, other)


def test_the_list_stays_as_it_is() -> None:
    """A head on paper is read with the list of the day it is read, so the list must never change."""
    listed = hashlib.sha256(" ".join(words.WORDS).encode()).hexdigest()
    assert listed.startswith("35d6e55a6d65b815")


def test_words_carry_the_first_64_bits() -> None:
    digest = hashlib.sha256(b"hiplog").hexdigest()
    assert words.heard(words.spoken(digest)) == digest[:16]
    assert words.heard(words.spoken(digest).upper().replace(" ", ",  ")) == digest[:16]
    with pytest.raises(BadInput, match="'tigre' is no word of a head; nearest: tiger"):
        words.heard(words.spoken(digest).replace(words.spoken(digest).split()[3], "tigre"))
    with pytest.raises(BadInput, match="has 8 words; these are 2"):
        words.heard("acorn actor")


@pytest.mark.both_databases
@pytest.mark.grown(by=samples.visited)
def test_a_cut_tail_is_invisible_without_a_head_and_named_with_one(book: Logbook, places: Settings) -> None:
    end = book.read(audit.heads)[0]
    head = words.spoken(end.row_hash)
    samples.admit(book, "P-002")
    later = book.read(audit.heads)[0]
    assert told(book, head) == told(book, f"record {later.seq} {words.spoken(later.row_hash)}") == []
    cut(places, later.seq - 1)
    assert not [one for one in book.read(audit.verify).findings if one.kind in ("gap", "broken-link")]
    assert told(book, head) == []
    assert [one.kind for one in told(book, words.spoken(later.row_hash))] == ["head-unknown"]
    (found,) = told(book, f"record {later.seq} {words.spoken(later.row_hash)}")
    assert (found.kind, found.chain, found.seq) == ("cut-tail", "record", later.seq)
    assert f"the trail ends with {later.seq - 1}; 1 entries are gone" in found.message


@pytest.mark.grown(by=samples.visited)
def test_heads_are_noted_privately_and_once(book: Logbook, places: Settings) -> None:
    file = anchors.note(book, "exit")
    assert file is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert anchors.note(book, "exit") is None
    samples.admit(book, "P-002")
    assert anchors.note(book, "backup") == file
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in lines] == ["exit", "exit", "backup", "backup"]
    assert samples.CANARY not in file.read_text(encoding="utf-8")
    assert told(book, str(file)) == []
    cut(places, 3)
    assert {one.seq for one in told(book, str(file))} == {
        head.seq for head in anchors.heard(file.read_text(encoding="utf-8")) if head.chain == "record"
    }


@pytest.mark.parametrize("given", ["", "nothing", "/", "acorn " * 9, "\0"])
def test_what_is_no_head_is_refused(book: Logbook, given: str) -> None:
    with pytest.raises(BadInput):
        anchors.of(given)


@pytest.mark.grown(by=samples.visited)
def test_the_verb_prints_words_and_takes_them_back(
    places: Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    at = ["--at", str(places.path.parent)]
    assert cli.main([*at, "audit", "head"]) == 0
    printed = capsys.readouterr().out
    said = " ".join(printed.splitlines()[1].split())
    assert len(said.split()) == 8
    kept = tmp_path / "kept.txt"
    kept.write_text(printed, encoding="utf-8")
    for given in (said, str(kept)):
        assert cli.main([*at, "audit", "verify", "--head", given]) == 0
        assert " kept outside agree" in capsys.readouterr().out
    cut(places, 2)
    for given in (said, str(kept)):
        assert cli.main([*at, "audit", "verify", "--head", given]) == 7
        assert "cut" in capsys.readouterr().out
    assert cli.main([*at, "audit", "verify", "--head", "no such file"]) == 2
