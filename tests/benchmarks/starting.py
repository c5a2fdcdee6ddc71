"""What is seen: start, memory, keys."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hiplog.logbook import search
from hiplog.logbook import sessions as visits
from hiplog.logbook.book import Logbook

from .bench import Bench
from .measure import Goal, Samples, Told, figure, grown, interleave, quantile
from .terminal import Program

HERE = Path(__file__).resolve().parent
HELLO = (sys.executable, str(HERE / "apps" / "hello.py"))
ECHO = (sys.executable, str(HERE / "apps" / "echo.py"))
HIPLOG = (sys.executable, "-m", "hiplog")
FIRST_DATA = "Follow-ups"
TEXT = "wortlaut"
FAST_FRAMES = {"TEXTUAL_FPS": "120"}


def start(bench: Bench) -> list[Told]:
    """Cold start to the first data, and how the size of the logbook changes it."""
    places = {size: bench.place(size) for size in bench.sizes}
    small, large = bench.sizes[0], bench.largest
    peaks: dict[str, list[float]] = {}

    def shown(name: str, words: tuple[str, ...], text: str) -> float:
        program = Program(words)
        took = program.until(text) - program.began
        program.settle(0.6)
        peaks.setdefault(name, []).append(program.peak_mb())
        program.end()
        return took

    asked = {"reference": lambda: shown("hello", HELLO, "Ready")}
    for size, place in places.items():
        asked[f"{size}"] = lambda p=place, n=size: shown(f"{n}", (*HIPLOG, "--at", str(p)), FIRST_DATA)  # type: ignore[misc]
    runs = interleave(asked, bench.rounds(9))
    ours = runs[f"{large}"]
    first = {"ours": ours, "reference": runs["reference"]}
    against = {"ours": ours, "reference": runs[f"{small}"]}
    memory: Samples = {
        "ours": [mb / 1e3 for mb in peaks[f"{large}"]],
        "reference": [mb / 1e3 for mb in peaks["hello"]],
    }
    hello = "bare Textual hello"
    peak = figure(4, "peak memory of the TUI", memory, Goal(2.2, 1.8), against=hello)
    return [
        figure(1, "cold start to Today with data", first, Goal(1.30, 1.15), against=hello),
        figure(
            2, f"cold start, {large:,} patients", against, Goal(1.10, 1.05), against=f"{small:,} patients"
        ),
        replace(peak, unit="MB"),
        *grown(1, "cold start", {size: statistics.median(runs[f"{size}"]) for size in bench.sizes}, 0.05),
    ]


def words(bench: Bench) -> list[Told]:
    """A command that needs no logbook."""

    def ran(*argv: str) -> float:
        began = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=os.environ)
        return time.perf_counter() - began

    found: list[Told] = []
    for option in ("--version", "--help"):
        runs = interleave(
            {
                "reference": lambda: ran(sys.executable, "-c", "pass"),
                "ours": lambda o=option: ran(*HIPLOG, o),
            },  # type: ignore[misc]
            bench.rounds(15),
        )
        found.append(figure(3, f"hiplog {option}", runs, Goal(4, 3), against="python -c pass"))
    return found


def keys(bench: Bench) -> list[Told]:
    """Echo in the finder, and from a key to the found list."""
    place = bench.place(bench.largest)
    ours = Program((*HIPLOG, "--at", str(place)))
    other = Program(ECHO, FAST_FRAMES)
    ours.until(FIRST_DATA)
    other.until("Ready")
    ours.settle(1.0)
    other.settle()
    ours.press("/")
    ours.settle()
    echoes = {"ours": _typed(ours, bench.rounds(8)), "reference": _typed(other, bench.rounds(8))}
    with closing(bench.book(bench.largest)) as book:
        first = {letter: _telling(book, letter) for letter in LETTERS}
    ours.press("\x15")
    ours.settle(0.5)
    lists = {
        "ours": _listed(ours, bench.rounds(12), first),
        "reference": _listed(other, bench.rounds(12), None),
    }
    ours.end()
    other.end()
    tail = {name: [quantile(took, 0.99)] for name, took in echoes.items()}
    return [
        figure(5, "key echo, median", echoes, Goal(1.2), against="bare Input"),
        figure(5, "key echo, p99", tail, Goal(2.0, 1.5), against="bare Input"),
        figure(7, "key to found list", lists, Goal(1.5), against="bare list update"),
    ]


def _typed(program: Program, repeats: int) -> list[float]:
    took = []
    for _ in range(repeats):
        for end in range(1, len(TEXT) + 1):
            before = program.count(TEXT[:end])
            sent = program.press(TEXT[end - 1])
            took.append(program.until(TEXT[:end], before) - sent)
            program.settle(0.03)
        program.press("\x15")
        program.settle(0.1)
    return took


LETTERS = "kwzjq"
NAME_ROOM = 22
"""Columns that the list has for a name; a longer one is cut."""


def _telling(book: Logbook, letter: str) -> str:
    """The first name that ``letter`` finds and a cleared field, which lists everybody, does not show."""
    idle = {one.name for one in book.read(search.find, "")}
    found = (one.name for one in book.read(search.find, letter))
    return next(name for name in found if name not in idle and len(name) <= NAME_ROOM)


def _listed(program: Program, repeats: int, first: dict[str, str] | None) -> list[float]:
    """From a letter to the list of whom it finds; without ``first`` to a list that is made of nothing."""
    took = []
    for number in range(repeats):
        letter = LETTERS[number % len(LETTERS)]
        if first is None:
            program.press("!")
            program.settle(0.3)
        shown = f"found {letter}" if first is None else first[letter]
        before = program.count(shown)
        sent = program.press(letter)
        took.append(program.until(shown, before) - sent)
        program.settle()
        program.press("\x15")
        program.settle(0.4)
    return took


SAVED = re.compile(r"draft saved \d\d:\d\d:\d\d")
TOLD = re.compile(r"saved \d+ ")


def saved(bench: Bench) -> list[Told]:
    """From the key that answers a question of a visit to the word that it is saved, the first one apart."""
    with bench.copy(bench.sizes[0], "typed") as book:
        with book.engine.connect() as connection:
            query = "SELECT patient_id, id FROM episodes WHERE closed_on IS NULL LIMIT 1"
            patient, episode = connection.exec_driver_sql(query).first()  # type: ignore[misc]
        book.write(visits.start, patient, episode)
        ours = Program((*HIPLOG, "--at", str(book.settings.path.parent)))
        other = Program(ECHO, FAST_FRAMES)
        ours.until(FIRST_DATA)
        ours.gone("opening the logbook")
        ours.settle(1.5)
        ours.press("\r")
        ours.until("since last time")
        other.until("Ready")
        ours.settle(1.0)
        runs = _saves(ours, other)
        ours.end()
        other.end()
    first = {name: took[:1] for name, took in runs.items()}
    later = {name: took[1:] for name, took in runs.items()}
    against = "the same key without a database"
    return [
        figure(9, "save, key to the word on the screen", later, Goal(2.5, 1.5), against=against),
        figure(9, "the first save of a start", first, Goal(6), against=against),
    ]


ANSWERS = "nny6"
"""Nothing since last time, nothing new, consent, pain 6: the keys of a returning patient's visit."""


def _saves(ours: Program, other: Program) -> Samples:
    """The word says the second, so each save waits for a new one."""
    runs: Samples = {"ours": [], "reference": []}
    shown: dict[str, str | None] = {"ours": None, "reference": None}
    for answer in ANSWERS:
        for name, program, key, pattern in (("ours", ours, answer, SAVED), ("reference", other, ".", TOLD)):
            sent = program.press(key)
            stamp, shown[name] = program.until_other(pattern, shown[name])
            runs[name].append(stamp - sent)
        ours.settle(1.2)
    return runs


METRICS = {"start": start, "words": words, "keys": keys, "saved": saved}
