"""How a verb answers: results on stdout, talk on stderr, one JSON object when asked for.

Everything a person typed passes :func:`hiplog.logbook.shown.shown` on its way out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from hiplog.clinical.errors import HiplogError
from hiplog.logbook.shown import cells, shown

SCHEMA_VERSION = 1
KINDS = {
    1: "failure",
    2: "usage",
    3: "not_found",
    4: "refused",
    5: "schema",
    6: "unreachable",
    7: "integrity",
}


def emit(body: Mapping[str, Any]) -> None:
    """Print one JSON object, ``schema_version`` first; ASCII only, so that nothing reaches a terminal raw."""
    print(json.dumps({"schema_version": SCHEMA_VERSION, **body}, indent=2))


def write(text: str = "") -> None:
    """Print one result to stdout."""
    print(shown(text, newlines=True))


def say(text: str) -> None:
    """Tell the person something that is not the result."""
    print(shown(text, newlines=True), file=sys.stderr)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns under their headings; the last column is never padded or cut."""
    lines = [[*map(str, headings)], *([shown(str(cell)) for cell in row] for row in rows)]
    widths = [max(cells(line[at]) for line in lines) for at in range(len(headings))]
    for line in lines:
        padded = [text + " " * (width - cells(text)) for text, width in zip(line, widths, strict=True)]
        print("  ".join(padded).rstrip())


def refused(error: HiplogError, *, as_json: bool) -> int:
    """Say why it was not done, every reason on a line of its own, and return the exit code."""
    reasons = list(getattr(error, "reasons", ()))
    if as_json:
        told = {"kind": KINDS.get(error.exit_code, "failure"), "message": str(error), "reasons": reasons}
        emit({"ok": False, "error": told})
    usage = getattr(error, "usage", "")
    if usage:
        say(usage)
    say(f"hiplog: {error}")
    for reason in reasons:
        say(f"  - {reason}")
    return error.exit_code


def unwritable(error: OSError, *, as_json: bool) -> int:
    """Say which file or folder the system refused."""
    named = f"{error.filename}: " if error.filename else ""
    return refused(HiplogError(f"{named}{error.strerror or type(error).__name__}"), as_json=as_json)


def pipe_closed() -> int:
    """Leave quietly when the reader of our output has gone."""
    # Python flushes stdout once more on its way out; that must not fail a second time.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def is_terminal() -> bool:
    """Whether results go to a person's terminal."""
    return sys.stdout.isatty()


def talks_to_terminal() -> bool:
    """Whether progress can be shown."""
    return sys.stderr.isatty()


def coloured() -> bool:
    """Whether results may carry colour: a terminal, and ``NO_COLOR`` unset or empty."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
