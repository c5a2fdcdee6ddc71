"""What is seen: start, memory, keys."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from .bench import Bench
from .measure import Figure, Samples, figure, interleave, quantile
from .terminal import Program

HERE = Path(__file__).resolve().parent
HELLO = (sys.executable, str(HERE / "apps" / "hello.py"))
ECHO = (sys.executable, str(HERE / "apps" / "echo.py"))
HIPLOG = (sys.executable, "-m", "hiplog")
FIRST_DATA = "Follow-ups"
TEXT = "wortlaut"
FAST_FRAMES = {"TEXTUAL_FPS": "120"}


def start(bench: Bench) -> list[Figure]:
    """Cold start to the first data, and how the size of the logbook changes it."""
    large, small = bench.place(bench.largest), bench.place(bench.sizes[0])
    peaks: dict[str, list[float]] = {}

    def shown(name: str, words: tuple[str, ...], text: str) -> float:
        program = Program(words)
        took = program.until(text) - program.began
        program.settle(0.6)
        peaks.setdefault(name, []).append(program.peak_mb())
        program.end()
        return took

    runs = interleave(
        {
            "reference": lambda: shown("hello", HELLO, "Ready"),
            "ours": lambda: shown("large", (*HIPLOG, "--at", str(large)), FIRST_DATA),
            "small": lambda: shown("small", (*HIPLOG, "--at", str(small)), FIRST_DATA),
        },
        bench.rounds(9),
    )
    grown = {"ours": runs["ours"], "reference": runs["small"]}
    memory: Samples = {
        "ours": [mb / 1e3 for mb in peaks["large"]],
        "reference": [mb / 1e3 for mb in peaks["hello"]],
    }
    return [
        figure(1, "cold start to Today with data", runs, 1.30, against="bare Textual hello"),
        figure(2, "cold start, largest log", grown, 1.10, against=f"{bench.sizes[0]:,} patients"),
        figure(4, "peak memory of the TUI", memory, 2.2, against="bare Textual hello", unit="MB"),
    ]


def words(bench: Bench) -> list[Figure]:
    """A command that needs no logbook."""

    def ran(*argv: str) -> float:
        began = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=os.environ)
        return time.perf_counter() - began

    found = []
    for option in ("--version", "--help"):
        runs = interleave(
            {
                "reference": lambda: ran(sys.executable, "-c", "pass"),
                "ours": lambda o=option: ran(*HIPLOG, o),
            },  # type: ignore[misc]
            bench.rounds(15),
        )
        found.append(figure(3, f"hiplog {option}", runs, 4.0, against="python -c pass"))
    return found


def keys(bench: Bench) -> list[Figure]:
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
    lists = {"ours": _found(ours, bench.rounds(12), ""), "reference": _found(other, bench.rounds(12), "!")}
    ours.end()
    other.end()
    tail = {name: [quantile(took, 0.99)] for name, took in echoes.items()}
    return [
        figure(5, "key echo, median", echoes, 1.2, against="bare Input"),
        figure(5, "key echo, p99", tail, 2.0, against="bare Input"),
        figure(7, "key to found list", lists, 1.5, against="bare list update"),
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


def _found(program: Program, repeats: int, mark: str) -> list[float]:
    took = []
    for number in range(repeats):
        text = ("köst", "pagel", "jeschk", "wróbel")[number % 4]
        program.press(mark + text[:-1])
        program.settle(0.25)
        shown = f"found {text}" if mark else text.capitalize()
        before = program.count(shown)
        sent = program.press(text[-1])
        took.append(program.until(shown, before if mark else 0) - sent)
        program.settle()
        program.press("\x15")
        program.settle(0.25)
    return took


METRICS = {"start": start, "words": words, "keys": keys}
