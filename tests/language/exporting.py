"""Writes everything that leaves a logbook, in one language: ``python exporting.py CODE LOGBOOK FOLDER``.

A language is chosen before the first module with words is read, so it takes a process of its own. The clock
stands still and ``LOGBOOK`` is copied first, so that two runs have the same to say: files in ``FOLDER`` are
to be the same byte for byte, pages and answers in ``FOLDER/words`` are in the language.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def main(code: str, logbook: str, folder: str) -> None:
    """Export in both profiles and as FHIR; then the pages, and what verbs answer."""
    from hiplog.language import choice

    choice.speak(code)
    from hiplog import cli
    from hiplog.storage import chain

    # Entries of the trail are salted by chance; the one that an export writes stands in its manifest.
    chain.token_hex = lambda size: "00" * size  # type: ignore[attr-defined]

    source, out = Path(logbook), Path(folder)
    (out / "words").mkdir(parents=True)
    os.chdir(out)

    def run(name: str, *words: str) -> None:
        # Every one from a fresh copy: an export is logged.
        for file in source.parent.glob(source.name + "*"):
            shutil.copy(file, file.name)
        told = Path("words", f"{name}.txt")
        with told.open("w", encoding="utf-8") as text, redirect_stdout(text), redirect_stderr(text):
            ended = cli.main(["--db", source.name, *words], clock=lambda: NOW)
            print("exit", ended)
        for file in Path().glob(source.name + "*"):
            file.unlink()

    run("export", "export", "plain")
    run("export-identified", "export", "named", "--identified", "--reason", "audit", "--excel")
    run("fhir", "export", "plain.json", "--format", "fhir")
    run("fhir-identified", "export", "named.ndjson", "--format", "fhir", "--identified", "--reason", "audit")
    run("verify", "verify", "plain")
    run("report", "report", "words/report.html")
    run("outcomes", "outcomes", "--by", "cause")
    run("patients", "patient", "list")
    first = Path("words", "patients.txt").read_text("utf-8").splitlines()[1].split()[0]
    run("summary", "summary", first, "1", "--html", "words/summary.html")
    run("summary-words", "summary", first, "1")
    run("aftercare", "aftercare", first, "--html", "words/aftercare.html")
    run("trend", "trend", first)
    run("refused", "trend", "nobody", "--measure", "nprs")
    run("usage", "export", "--format", "xml")
    run("help", "--help")
    run("help-log", "log", "--help")


if __name__ == "__main__":
    main(*sys.argv[1:])
