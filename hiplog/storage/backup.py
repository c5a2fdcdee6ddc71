"""Consistent copies of a logbook file: made beside, verified, and only then given their name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from hiplog.clinical.errors import IntegrityFailed, Unreachable
from hiplog.language import _
from hiplog.settings import private_file, private_folder, sync
from hiplog.storage import chain, keys, manifest, seals
from hiplog.storage.engine import Opening, connect
from hiplog.storage.manifest import Manifest
from hiplog.storage.refusals import driver_words, translated

Progress = Callable[[int, int], None]
PAGES_A_STEP = 256
UNCHECKED = seals.NOTES | {seals.KEY_MISSING}


def name_for(now: datetime, why: str) -> str:
    """The file name of a backup made at ``now``: sorts by time, says why it was made."""
    return f"hiplog-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{why}.db"


def copy(
    engine: Engine,
    opening: Opening,
    target: Path,
    progress: Progress | None = None,
    *,
    made_at: datetime | None = None,
) -> Path:
    """Write a verified copy of the open logbook to ``target`` and return it.

    With ``made_at`` it is a backup, and its manifest (:mod:`hiplog.storage.manifest`) lies beside it.

    The copy is made under another name with mode 0600, checked (pages and audit chain), synced and
    renamed; on any failure the half copy is removed and ``target`` is as it was. The copy of an encrypted
    logbook is encrypted with the same key, and its key file lies beside it.
    """
    private_folder(target.parent)
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        private_file(part)
        _fill(engine, part, opening, progress)
        findings, described = _looked(
            replace(opening, database=str(part), read_only=True, ring=seals.of(engine)), made_at
        )
        if findings:
            raise IntegrityFailed(
                _("the copy does not verify ({first}); no backup was made").format(first=findings[0])
            )
        sync(part)
        if opening.key is not None:
            keys.copy(Path(opening.database), target)
        if described is not None:
            sync(manifest.write(part, described, target))
        part.replace(target)
        sync(target.parent)
    except OSError as error:
        raise Unreachable(
            _("{target}: the copy cannot be written ({strerror})").format(
                target=target, strerror=error.strerror
            )
        ) from None
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return target


def check(opening: Opening) -> list[str]:
    """Return what is wrong with a logbook file: pages, constraints, and both audit chains.

    Seals whose key is not at hand count for nothing: a copy is no worse for them than its source.
    """
    return _looked(opening, None)[0]


def _looked(opening: Opening, made_at: datetime | None) -> tuple[list[str], Manifest | None]:
    engine = connect(opening)
    try:
        with translated(), engine.connect() as connection:
            found = _pages(connection, encrypted=opening.key is not None)
            for name in chain.CHAINS:
                walked = chain.verify(connection, name)
                found += [one.message for one in walked if one.kind not in UNCHECKED]
            described = None if made_at is None or found else manifest.of(connection, made_at)
            return found, described
    finally:
        engine.dispose()


def against(told: Manifest, opening: Opening) -> list[str]:
    """Return what a backup holds otherwise than its manifest says."""
    engine = connect(opening)
    try:
        with translated(), engine.connect() as connection:
            return [*manifest.altered(told, Path(opening.database)), *manifest.differences(told, connection)]
    finally:
        engine.dispose()


def _pages(connection: Connection, *, encrypted: bool) -> list[str]:
    said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
    if encrypted:
        said += [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
    return [word for word in said if word != "ok"]


def _fill(engine: Engine, part: Path, opening: Opening, progress: Progress | None) -> None:
    from sqlcipher3 import dbapi2

    told = None if progress is None else (lambda status, left, total: progress(total - left, total))
    with closing(dbapi2.connect(str(part), isolation_level=None)) as target:
        if opening.key is not None:
            target.execute("PRAGMA cipher_log_level=NONE")
            target.execute(f"PRAGMA key=\"x'{opening.key.hex()}'\"")
        source = engine.raw_connection()
        try:
            driver: Any = source.driver_connection
            driver.backup(target, pages=PAGES_A_STEP, progress=told)
            # A backup must be whole in one file, also in a folder where nothing can be written beside it.
            target.execute("PRAGMA journal_mode=DELETE")
        except dbapi2.Error as error:
            raise driver_words(error) from None
        finally:
            source.close()
