"""Where a secret comes from: a private file or a terminal; never a flag's value, never the environment."""

from __future__ import annotations

import stat
import sys
from getpass import getpass
from pathlib import Path

from hiplog.cli import output
from hiplog.cli.parser import UsageError
from hiplog.clinical.errors import BadInput, Locked, NotFound, Refused, Unreachable
from hiplog.language import _
from hiplog.settings import private_file, private_folder

TRIES = 3
LONGEST = 1024
WRITE_DOWN = _(
    """
Recovery code, the only other way in. Write it on paper and keep it away from this machine:

    {code}

Whoever has neither the passphrase nor this code can never read the logbook again."""
)


def can_ask() -> bool:
    """Whether a person sits there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and output.talks_to_terminal()


def of_file(named: str) -> str:
    """Return the first line of a file that only its owner reads; refuses one that others can read."""
    path = Path(named)
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode) and mode & 0o077:
            raise BadInput(
                _("{path}: others can read this file; make it private with: chmod 600 {name}").format(
                    path=path, name=path.name
                )
            )
        with path.open(encoding="utf-8") as file:
            text = file.readline(LONGEST).rstrip("\r\n")
    except FileNotFoundError:
        raise NotFound(_("{path}: no such file; name one that is there").format(path=path)) from None
    except UnicodeDecodeError:
        raise BadInput(
            _("{path}: is not text in UTF-8; write the secret into it with a plain editor").format(path=path)
        ) from None
    except OSError as error:
        raise Unreachable(
            _("{path}: cannot be read ({strerror})").format(path=path, strerror=error.strerror)
        ) from None
    if not text:
        raise BadInput(
            _("{path}: the first line is empty; it shall hold the secret and nothing else").format(path=path)
        )
    return text


def secret(file: str | None, prompt: str, otherwise: str) -> str:
    """Return what opens a logbook; without a terminal and without a file, ``Locked`` says ``otherwise``."""
    if file is not None:
        return of_file(file)
    if not can_ask():
        raise Locked(otherwise)
    return _typed(prompt)


def new_passphrase(file: str | None, flag: str) -> str:
    """Return a passphrase to be: from a file, or typed twice alike on a terminal."""
    from hiplog.storage.keys import check_passphrase

    if file is not None:
        return check_passphrase(of_file(file))
    if not can_ask():
        raise UsageError(
            _("there is no terminal to ask for the passphrase: give its file with {flag} FILE").format(
                flag=flag
            )
        )
    for _attempt in range(TRIES):
        first = check_passphrase(_typed(_("New passphrase: ")))
        if _typed(_("The same again: ")) == first:
            return first
        output.say(_("these two were not the same; once more"))
    raise Refused(_("no two entries were the same; nothing was changed. Start the command again"))


def new_pin(file: str | None, flag: str) -> str:
    """Return a PIN to be: from a file, or typed twice alike on a terminal."""
    if file is not None:
        return of_file(file)
    if not can_ask():
        raise UsageError(
            _("there is no terminal to ask for the PIN: give its file with {flag} FILE").format(flag=flag)
        )
    for _attempt in range(TRIES):
        first = _typed(_("New PIN: "))
        if _typed(_("The same again: ")) == first:
            return first
        output.say(_("these two were not the same; once more"))
    raise Refused(_("no two entries were the same; nothing was changed. Start the command again"))


def new_code(file: str | None, flag: str) -> str:
    """Return a fresh recovery code: written to a new private file, or shown and typed back once."""
    from hiplog.storage.keys import recovery_code, same_code

    code = recovery_code()
    if file is not None:
        _write_private(Path(file), code)
        return code
    if not can_ask():
        raise UsageError(
            _("no terminal to show the recovery code on: name a file for it with {flag} FILE").format(
                flag=flag
            )
        )
    output.say(WRITE_DOWN.format(code=code))
    for _attempt in range(TRIES):
        print(_("\nType it back from the paper: "), end="", file=sys.stderr, flush=True)
        if same_code(sys.stdin.readline().strip(), code):
            return code
        output.say(_("that is not the code"))
    raise Refused(
        _(
            "the recovery code was not typed back; nothing was changed, and this code opens nothing. "
            "Start again for a new one"
        )
    )


def take_back(file: str | None) -> None:
    """Remove a recovery file written for something that then could not be done."""
    if file is not None:
        Path(file).unlink(missing_ok=True)


def _typed(prompt: str) -> str:
    try:
        return getpass(prompt, stream=sys.stderr)
    except EOFError:
        raise Refused(_("nothing was typed; nothing was changed. Start the command again")) from None


def _write_private(path: Path, code: str) -> None:
    private_folder(path.absolute().parent)
    try:
        private_file(path).write_text(f"{code}\n", encoding="ascii")
    except FileExistsError:
        raise BadInput(
            _("{path}: exists already; nothing was written over it, name another file").format(path=path)
        ) from None


def repeated(prompt: str) -> str:
    """Have a word typed that is no secret; ``UsageError`` when nobody can be asked."""
    if not can_ask():
        raise UsageError(_("without a terminal say --confirm CODE: the chart code again"))
    print(prompt, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
