"""A clinic made, written into and exported in one language, by chance that is the same each time.

Run as a program: ``clinic_in.py LANGUAGE FOLDER`` prints what was said and leaves ``hiplog.db`` and ``bundle``.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LINE = "gmed r 1 30x60 fifo t1 b s2; p6>4 n1/1"
READY = ("--screen", "clear", "--consent", "yes", "--reaction", "bruise:mild", "--asked", "checklist")


def main(code: str, folder: Path) -> None:
    """Keys, salts and the seal come from a chance with a seed, so that two runs are equal to the byte."""
    chance = random.Random(7)
    os.urandom = chance.randbytes  # type: ignore[assignment]
    random._urandom = chance.randbytes  # type: ignore[attr-defined]
    from hiplog.language import choice

    choice.speak(code)
    from hiplog import cli

    def run(*words: str) -> None:
        print(">", *words, cli.main(["--at", str(folder), *words], clock=lambda: NOW), flush=True)

    run("demo", "--patients", "5", "--seed", "3", "--out", str(folder / "hiplog.db"))
    run("patient", "add", "P1", "--family", "Rossi", "--given", "Lea", "--birth", "1956-03-02")
    run("precaution", "add", "P1", "THA", "--cleared-by", "Dr. Ahn")
    run("episode", "add", "P1", "--side", "r", "--cause", "overuse")
    run("log", "P1", LINE, *READY, "--sign")
    run("amend", "P1", "1", "note", "told by telephone", "--reason", "left out")
    run("audit", "verify")
    run("export", str(folder / "bundle"))
    run("verify", str(folder / "bundle"))
    from hiplog.clinical.causes import CAUSES
    from hiplog.clinical.shorthand import parse

    print("found", *(row.code for word in ("Überlast", "overuse") for row in CAUSES.find(word)))
    print("read", parse("tfl r static 30x40 t-").insertions[0].technique)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
