"""A folder that appears whole or not at all: written beside its place, synced, then given its name."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hiplog.clinical.errors import BadInput, Unreachable
from hiplog.exchange.describe import Written
from hiplog.language import _
from hiplog.settings import private_file, private_folder, sync

BUFFER = 1 << 20
CHARACTERS_AT_ONCE = 1 << 14
PART, OLD = ".part", ".replaced"

Test = Callable[[Path], bool]


@contextmanager
def beside(target: Path, names: frozenset[str], is_whole: Test) -> Iterator[Path]:
    """Yield a new private folder beside ``target``; on success it takes the place of ``target``.

    An existing ``target`` is replaced only when it is empty or ``is_whole`` knows it as one of ours, and
    it stays until the new folder is whole. Whatever goes wrong, the half folder is removed. ``names`` says
    what a half folder left by a crash may hold; anything else is not touched.
    """
    part = target.with_name(target.name + PART)
    try:
        _recover(target, names, is_whole)
        _check(target, is_whole)
        private_folder(target.absolute().parent)
        _clear(part, names)
        part.mkdir(mode=0o700)
    except OSError as error:
        raise _refusal(target, error) from None
    try:
        yield part
        _sync_all(part)
        _take_place(part, target)
    except OSError as error:
        raise _refusal(target, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write(folder: Path, name: str, parts: Iterable[str], *, mark: bool = False) -> Written:
    """Write text to a new private file, as UTF-8, and return its size and hash; ``mark`` puts a BOM first."""
    path = folder / name
    private_folder(path.parent)
    private_file(path)
    sha, size = hashlib.sha256(), 0
    with path.open("wb", buffering=BUFFER) as file:
        if mark:
            sha.update(b"\xef\xbb\xbf")
            size = file.write(b"\xef\xbb\xbf")
        for block in _blocks(parts):
            sha.update(block)
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return Written(size, sha.hexdigest())


def _blocks(parts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= CHARACTERS_AT_ONCE:
            yield "".join(held).encode()
            held.clear()
            size = 0
    yield "".join(held).encode()


def _recover(target: Path, names: frozenset[str], is_whole: Test) -> None:
    old = target.with_name(target.name + OLD)
    if not old.exists() and not old.is_symlink():
        return
    if not _is_ours(old, names):
        raise BadInput(_("{old}: is in the way; move it and try again").format(old=old))
    if is_whole(target) or not is_whole(old):
        # A crash fell into the removal of the old folder, and half of it may be gone already.
        shutil.rmtree(old)
    elif not target.is_symlink() and (not target.exists() or (target.is_dir() and not any(target.iterdir()))):
        # A crash fell between the two renames: the old folder is the last whole one.
        old.rename(target)


def _check(target: Path, is_whole: Test) -> None:
    if target.is_symlink():
        raise BadInput(_("{target}: is a link; name the folder itself").format(target=target))
    if not target.exists():
        return
    if not target.is_dir():
        raise BadInput(_("{target}: is a file; name a new folder").format(target=target))
    if any(target.iterdir()) and not is_whole(target):
        raise BadInput(
            _("{target}: holds other things than a bundle; name a new folder, nothing was touched").format(
                target=target
            )
        )


def _clear(part: Path, names: frozenset[str]) -> None:
    if not part.exists() and not part.is_symlink():
        return
    if not _is_ours(part, names):
        raise BadInput(_("{part}: is in the way; move it and try again").format(part=part))
    shutil.rmtree(part)


def _is_ours(folder: Path, names: frozenset[str]) -> bool:
    """Whether a folder holds nothing but what a bundle may hold, whole or not."""
    return not folder.is_symlink() and folder.is_dir() and all(one.name in names for one in folder.iterdir())


def _sync_all(folder: Path) -> None:
    for path in (folder, *(one for one in folder.rglob("*") if one.is_dir())):
        sync(path)


def _take_place(part: Path, target: Path) -> None:
    old = target.with_name(target.name + OLD)
    if target.exists():
        target.rename(old)
    try:
        part.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    sync(target.absolute().parent)
    shutil.rmtree(old, ignore_errors=True)


def _refusal(target: Path, error: OSError) -> Unreachable:
    why = error.strerror or type(error).__name__
    return Unreachable(
        _(
            "{target}: cannot be written ({why}); nothing was left there, what stood there stands. "
            "Make room there or name another folder"
        ).format(target=target, why=why)
    )
