"""The last page: what a person sees, and what is kept, when the program itself fails.

Neither holds patient text: no local variables and no message of the exception, only its kind and the
lines of code it came through.
"""

from __future__ import annotations

import hashlib
import traceback
from datetime import datetime
from pathlib import Path

from hiplog.language import _


def frames(error: BaseException) -> list[str]:
    """Return ``file:line function`` for every step that led to ``error``, outermost first."""
    steps = traceback.extract_tb(error.__traceback__)
    return [f"{_short(step.filename)}:{step.lineno} {step.name}" for step in steps]


def code_of(error: BaseException) -> str:
    """Return a short code that is the same for the same failure: ``HL-`` and six hex digits."""
    digest = hashlib.sha256("\n".join([type(error).__name__, *frames(error)[-6:]]).encode())
    return f"HL-{digest.hexdigest()[:6].upper()}"


def keep(error: BaseException, log: Path | None, now: datetime) -> bool:
    """Append kind, code and code lines of ``error`` to ``log``; return whether that worked."""
    if log is None:
        return False
    steps = "".join(f"    {step}\n" for step in frames(error))
    entry = f"{now.isoformat(timespec='seconds')} {code_of(error)} {type(error).__name__}\n{steps}"
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with log.open("a", encoding="utf-8") as out:
            out.write(entry)
        log.chmod(0o600)
    except OSError:
        return False
    return True


def page(error: BaseException, log: Path | None) -> str:
    """Return the calm page: what happened, what is safe, what to do."""
    where = (
        _("Where it failed is noted in {log} (no patient data).").format(log=log)
        if log
        else _("Nothing was noted in a log.")
    )
    told = _(
        "hiplog had to stop because of a fault in the program.\n"
        "Everything that the screen called saved is saved; an open session is kept as a draft.\n"
        "Start hiplog again to go on. Code: {code}"
    ).format(code=code_of(error))
    return f"\n{told}\n{where}\n"


def _short(filename: str) -> str:
    parts = Path(filename).parts
    return "/".join(parts[-3:])
