"""When something unforeseen goes wrong: a calm sentence, and frames without patient text in the log."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

from hiplog.cli import output
from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.settings import load, private_folder

KEPT = _(
    "something unforeseen went wrong (error {code}); what was saved before is safe; "
    "details without patient data are in {log}"
)
NOT_KEPT = _(
    "something unforeseen went wrong (error {code}); what was saved before is safe; "
    "the log could not be written"
)


def report(error: BaseException, log: Path | None, now: datetime, *, as_json: bool) -> int:
    """Write type and frames of ``error`` to ``log``, tell its code and place, and return 1.

    Neither the message of the exception nor any local variable is written: both may hold a name.
    """
    frames = list(_frames(error))
    code = hashlib.sha256("\n".join(frames).encode()).hexdigest()[:8]
    kept = log is not None and _append(log, [f"{now:%Y-%m-%dT%H:%M:%SZ} error {code}", *frames])
    sentence = KEPT if kept else NOT_KEPT
    return output.refused(HiplogError(sentence.format(code=code, log=log)), as_json=as_json)


def log_path(words: Sequence[str]) -> Path | None:
    """Return where the log of this run lies, however little of the command could be read."""
    at = None
    for place, word in enumerate(words):
        if word == "--at" and place + 1 < len(words):
            at = words[place + 1]
        elif word.startswith("--at="):
            at = word.removeprefix("--at=")
    try:
        return load(at=at).log
    except HiplogError:
        return None


def _frames(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield f"  {type(cause).__module__}.{type(cause).__qualname__}"
        for frame in extract_tb(cause.__traceback__):
            yield f"    {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _append(log: Path, lines: Sequence[str]) -> bool:
    try:
        private_folder(log.parent)
        handle = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return False
    return True
