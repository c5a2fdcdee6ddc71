"""The one place where a failure becomes a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from hiplog.cli import crash, output
from hiplog.cli.context import machine_time
from hiplog.cli.parser import wanted_json
from hiplog.clinical.errors import HiplogError
from hiplog.language import _

INTERRUPTED = 130


def answer(error: BaseException, words: Sequence[str], clock: Callable[[], datetime] | None) -> int:
    """Tell a person (and a script) what became of the command ``words``; return the exit code."""
    as_json = wanted_json(words)
    match error:
        case HiplogError():
            return output.refused(error, as_json=as_json)
        case KeyboardInterrupt():
            output.say(_("hiplog: stopped"))
            return INTERRUPTED
        case BrokenPipeError():
            return output.pipe_closed()
        case OSError():
            return output.unwritable(error, as_json=as_json)
        case _:
            now = (clock or machine_time)()
            return crash.report(error, crash.log_path(words), now, as_json=as_json)
