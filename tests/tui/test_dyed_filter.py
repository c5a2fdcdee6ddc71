"""Whatever way a word comes in, it has passed the one filter; whatever way it goes to a terminal, the other.

The filter is dyed: it adds a mark to every text that it lets through. Then people write in every way there is,
and every cell of every table, and every word of the audit trail, is looked at for a text without the mark.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import unicodedata
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from clocks import SetClock
from driving import running
from hostile import clinic_of

from hiplog import cli, settings
from hiplog.exchange import intake
from hiplog.logbook import patients, texts
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage.columns import metadata

WORD, DYE = "Zwetschgenknoedel", "\u2021"
QUICK_LINE = "gmed r 2 30x50 fifo t3; p6>3 ir24>31 n1/1"
LOGGED = ("--note", WORD, "--plan", WORD, "--device", WORD, "--screen", "clear", "--consent", "yes", "--sign")
MAP = """
source = "{word}"
[[make]]
what = "patient"
[make.from]
patient = "Chart"
family = "Surname"
given = "First name"
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
"""


@pytest.fixture
def dyed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = texts._clean

    def clean(what: str, text: str, keep: str) -> str:
        return real(what, text, keep) + (DYE if WORD in text else "")

    monkeypatch.setattr(texts, "_clean", clean)


def strings(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def texts_of(book: Logbook) -> Iterator[tuple[str, str]]:
    """Every text of the logbook with the word in it, and where it stands."""

    def look(unit: Any) -> list[tuple[str, str]]:
        found = []
        for table in metadata.sorted_tables:
            for row in unit.connection.exec_driver_sql(f"SELECT * FROM {table.name}").mappings():
                for name, value in row.items():
                    parts = (
                        strings(json.loads(value[value.index("{") :]))
                        if name in ("body", "content")
                        else strings(value)
                    )
                    found += [(f"{table.name}.{name}", one) for one in parts if WORD in one]
        return found

    yield from book.read(look)


def undyed(book: Logbook) -> list[tuple[str, str]]:
    return [(place, one) for place, one in texts_of(book) if DYE not in one]


async def typed(book: Logbook) -> None:
    """A patient's form and a visit's note, by the keyboard."""
    async with running(book) as tui:
        await tui.press("/", "P", "1", "enter", "e", "enter", "tab")
        await tui.type(WORD)
        await tui.press("ctrl+s")


@pytest.mark.usefixtures("dyed")
def test_every_way_in_goes_through_the_one_filter(
    tmp_path: Path, clock: SetClock, capsys: pytest.CaptureFixture[str], record_property: Any
) -> None:
    here = settings.load(at=str(tmp_path / "here"), environ={})
    book = clinic_of(here, WORD, clock, nullcontext).book
    seen = {"acts": len(list(texts_of(book)))}
    asyncio.run(typed(book))
    seen["tui"] = len(list(texts_of(book)))

    def command(*words: str) -> None:
        assert cli.main(["--at", str(tmp_path / "here"), *words], clock=clock) == 0, capsys.readouterr().err

    command("patient", "add", "C1", "--family", WORD, "--given", WORD, "--phone", WORD)
    command("episode", "add", "C1", "--side", "r", "--cause", "overuse")
    command("log", "C1", QUICK_LINE, *LOGGED)
    seen["cli"] = len(list(texts_of(book)))
    command("log", "C1", QUICK_LINE, "--json", *LOGGED)
    seen["json"] = len(list(texts_of(book)))
    (tmp_path / "old.csv").write_text(
        f"Chart,Surname,First name,Hip,Visit,Date,Remarks\nK1,{WORD},{WORD},right,1,2026-01-05,{WORD}\n"
    )
    (tmp_path / "map.toml").write_text(MAP.format(word=WORD))
    assert intake.read(book, tmp_path / "old.csv", mapping=tmp_path / "map.toml").written
    seen["import"] = len(list(texts_of(book)))
    assert undyed(book) == []
    counts = list(seen.values())
    assert all(later > earlier for earlier, later in itertools.pairwise(counts)), seen
    book.close()
    record_property("figures", f"texts in the logbook after each way in: {seen}; past the filter 0")


HOSTILE = ("\x1b[31m", "\x9b31m", "\x00", "\udc80")


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_no_way_in_lets_a_control_character_through(
    places: Settings,
    book: Logbook,
    clock: SetClock,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    hostile: str,
) -> None:
    """Refused by the name of the field and the place, and nothing is saved."""
    at = ("--at", str(places.path.parent))
    assert (
        cli.main([*at, "patient", "add", "C1", "--family", f"Ro{hostile}si", "--given", "Lea"], clock=clock)
        == 2
    )
    said = capsys.readouterr().err
    assert "character 3 is a control character" in said
    assert cli.main([*at, "patient", "add", "C1", "--family", "Rossi", "--given", "Lea"], clock=clock) == 0
    assert cli.main([*at, "episode", "add", "C1", "--side", "r", "--cause", "overuse"], clock=clock) == 0
    for words in (
        (QUICK_LINE, "--note", f"x{hostile}"),
        (f"gmed r{hostile} 2",),
        (QUICK_LINE, "--json", "--plan", hostile),
    ):
        assert cli.main([*at, "log", "C1", *words], clock=clock) == 2
    refused = capsys.readouterr()
    assert not any(
        unicodedata.category(one) in ("Cc", "Cs") and one != "\n" for one in refused.out + refused.err
    )
    (tmp_path / "map.toml").write_text(MAP.format(word="old practice"))
    line = f"K1,Ro{hostile}si,Lea,right,1,2026-01-05,ok\n"
    content = f"Chart,Surname,First name,Hip,Visit,Date,Remarks\n{line}".encode("utf-8", "surrogateescape")
    (tmp_path / "old.csv").write_bytes(content)
    assert (
        cli.main([*at, "import", str(tmp_path / "old.csv"), "--map", str(tmp_path / "map.toml")], clock=clock)
        != 0
    )
    assert [one.code for one in book.read(patients.everyone)] == ["C1"]
