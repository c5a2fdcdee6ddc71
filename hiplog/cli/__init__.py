"""The command line: one table of verbs, one door in and out.

Only the verb that was asked for is imported, so ``--help`` and ``--version`` stay instant. What goes wrong
becomes a sentence and an exit code in :mod:`hiplog.cli.door` and nowhere else.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hiplog.cli.parser import joined, parse_globals, verb_parser
from hiplog.cli.verbs import find, help_text

if TYPE_CHECKING:
    from datetime import datetime


def main(argv: Sequence[str] | None = None, *, clock: Callable[[], datetime] | None = None) -> int:
    """Run one command and return its exit code; ``clock`` stands in for the machine's time."""
    words = joined(sys.argv[1:] if argv is None else argv)
    try:
        _never_fail_for_a_character()
        code = _run(words, clock)
        sys.stdout.flush()
        return code
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last door, nothing passes it
        from hiplog.cli import door

        return door.answer(error, words, clock)


def _run(words: Sequence[str], clock: Callable[[], datetime] | None) -> int:
    before, rest = parse_globals(words)
    if before.version:
        from hiplog.cli import version

        print(version.text(), end="")
        return 0
    if before.help or (not rest and not _on_terminal()):
        print(help_text(), end="")
        return 0
    from hiplog.cli.context import Context

    if not rest:
        from hiplog.cli import screen

        return screen.run(Context.of(before, clock))
    verb = find(rest[0])
    module = verb.load()
    parser = verb_parser(verb.name, verb.help)
    module.add_arguments(parser)
    args = parser.parse_args(rest[1:], before)
    return module.run(args, Context.of(args, clock))


def _on_terminal() -> bool:
    # A process of hiplog serve has a browser tab where others have a terminal.
    if os.environ.get("HIPLOG_SERVED") == "1":
        return True
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _never_fail_for_a_character() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
