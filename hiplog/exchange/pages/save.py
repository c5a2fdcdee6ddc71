"""Writing a page: private, whole or not at all, and never over what is not a page of ours."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from hiplog.clinical.errors import BadInput, Unreachable
from hiplog.exchange.pages.paper import MARK
from hiplog.language import _
from hiplog.settings import private_file, private_folder, sync

PART = ".part"
HEAD = 600
"""Characters from the beginning within which a page of ours carries its mark."""


def save(path: Path, page: str) -> Path:
    """Write ``page`` to ``path``, readable by its owner only, and return the path.

    It is written beside its place, synced and only then given its name. ``BadInput`` when ``path`` is a
    folder, a link, or a file that is no page of hiplog; ``Unreachable`` when the system refuses. What stood
    there stands unless the new page is whole.
    """
    part = path.with_name(path.name + PART)
    try:
        check(path)
        private_folder(path.absolute().parent)
        _clear(part)
        _write(part, page)
        part.replace(path)
        sync(path.absolute().parent)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unreachable(
            _("{path}: cannot be written ({why}); what stood there stands. Name another file").format(
                path=path, why=why
            )
        ) from None
    finally:
        _remove(part)
    return path


def check(path: Path) -> None:
    """Raise ``BadInput`` when ``path`` is nothing that a page may take the place of."""
    if path.is_symlink():
        raise BadInput(_("{path}: is a link; name the file itself").format(path=path))
    if path.is_dir():
        raise BadInput(
            _("{path}: is a folder; name a file in it, such as {path2}").format(
                path=path, path2=path / "page.html"
            )
        )
    if path.exists() and not _ours(path):
        raise BadInput(
            _("{path}: exists and is no page of hiplog; name a new file, nothing was written").format(
                path=path
            )
        )


def _ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK.encode() in file.read(HEAD)


def _clear(part: Path) -> None:
    """Take away the half page of a crash; anything else in its place is left."""
    if not part.is_symlink() and not part.exists():
        return
    half = part.is_file() and not part.is_symlink() and (part.stat().st_size == 0 or _ours(part))
    if not half:
        raise BadInput(_("{part}: is in the way; move it and try again").format(part=part))
    part.unlink()


def _write(part: Path, page: str) -> None:
    private_file(part)
    with part.open("wb") as file:
        file.write(page.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())


def _remove(part: Path) -> None:
    """Leave no half page behind; one that is not ours was never touched."""
    with suppress(OSError):
        if part.is_file() and not part.is_symlink() and (part.stat().st_size == 0 or _ours(part)):
            part.unlink()
