"""Old logbooks whose upgrade is killed after each operation of every revision: the old schema or the new one."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import dying
import olds
import pytest
import samples
import servers
from alembic.ddl.impl import DefaultImpl
from clocks import SetClock
from sqlalchemy import inspect

from hiplog import settings
from hiplog.logbook import anchors, audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings
from hiplog.storage import backup, schema
from hiplog.storage.engine import Opening, connect

WHERE = ("plain", pytest.param("encrypted", marks=pytest.mark.nightly), "postgresql")
EVERY = 4
"""One in so many of the logbooks that a kill left as they had been is upgraded again; the rest are the same."""
MADE = {
    True: "SELECT * FROM sqlite_master",
    False: "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_schema = 'public'",
}
CHECKED, COMMITTED = "before the commit", "after the commit"


class Old:
    """An old logbook that can be laid down anew as often as it takes."""

    def __init__(self, folder: Path, revision: str, where: str, server: str | None) -> None:
        self.where, self.revision, self.folder = where, revision, folder
        self._kind = "encrypted" if where == "encrypted" else "plain"
        self.facts = olds.facts(revision, self._kind)
        self._server, self._template, self._number = server, "", itertools.count()

    @contextmanager
    def laid(self) -> Iterator[tuple[Settings, bytes | None]]:
        """Yield the settings and the key of a fresh copy."""
        folder = self.folder / str(next(self._number))
        if self._server is None:
            places = olds.laid(folder, self.revision, self._kind)
            yield places, olds.key_of(places)
            return
        places = settings.load(at=str(folder), environ={})
        with servers.database(self._server, self._template) as url:
            yield replace(places, database=url), None

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Have a template on the server, where that is wanted."""
        if self._server is None:
            yield
            return
        with servers.database(self._server) as url:
            olds.on_server(url, olds.laid(self.folder / "file", self.revision, self._kind), self.revision)
            self._template = url
            yield


@pytest.fixture(params=olds.REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WHERE)
def old(
    request: pytest.FixtureRequest, revision: str, ram: Path, pytestconfig: pytest.Config
) -> Iterator[Old]:
    on_server = request.param == "postgresql"
    server = request.getfixturevalue("nursery").server if on_server else None
    made = Old(ram, revision, request.param, server)
    with made.ready():
        yield made


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("alive")


def upgraded(places: Settings, key: bytes | None, moment: int | str | None) -> int:
    """Upgrade in a child that dies at ``moment``; return the operations that it did."""

    def work(say: dying.Say) -> None:
        done, real = itertools.count(1), DefaultImpl._exec

        def counted(self: Any, *told: Any, **more: Any) -> Any:
            result, number = real(self, *told, **more), next(done)
            say(f"operation {number}")
            if number == moment:
                die()
            return result

        DefaultImpl._exec = counted  # type: ignore[method-assign]
        if moment == CHECKED:
            schema._check = die
        say(".")
        Logbook.open(places, SetClock(), upgrade=True, key=key)
        if moment == COMMITTED:
            die()

    told = dying.killed(work, None)
    assert (told.ended, told.wrong) == (moment is None, "")
    return len(told.lines)


def standing(places: Settings, key: bytes | None) -> tuple[str, dict[str, str]]:
    """The revision, and a digest of every row of every table that is there, with how the tables are made."""
    engine = connect(Opening(places.database, key, read_only=places.is_file))
    with olds.disposed(engine), engine.connect() as connection:
        ask = connection.exec_driver_sql
        names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        rows = {name: sorted(map(repr, ask(f"SELECT * FROM {name}").all())) for name in names}
        rows["how it is made"] = sorted(map(repr, ask(MADE[places.is_file]).all()))
        digests = {name: hashlib.sha256(repr(told).encode()).hexdigest() for name, told in rows.items()}
        return str(schema.revision(connection)), digests


def counts(places: Settings, key: bytes | None) -> dict[str, int]:
    """The rows of every table."""
    engine = connect(Opening(places.database, key, read_only=places.is_file))
    with olds.disposed(engine), engine.connect() as connection:
        names = inspect(connection).get_table_names()
        ask = connection.exec_driver_sql
        return {name: ask(f"SELECT count(*) FROM {name}").scalar_one() for name in names}


def whole(places: Settings, key: bytes | None, facts: dict[str, Any]) -> None:
    """The upgrade, run again, keeps every word: rows, trail, and the heads of the day it was made."""
    book = Logbook.open(places, SetClock(), upgrade=True, key=key)
    assert schema.state(book.engine) is schema.State.CURRENT
    assert book.banner is None
    assert book.read(audit.verify).findings == ()
    kept = tuple(anchors.Kept(head["row_hash"], name, head["seq"]) for name, head in facts["heads"].items())
    assert book.read(lambda unit: list(anchors.compare(unit, kept))) == []
    book.close()
    assert not schema.unguarded(book.engine)
    book.close()
    held = counts(places, key)
    assert {name for name, count in facts["rows"].items() if held[name] < count} == set()


def copies(places: Settings, key: bytes | None) -> list[Path]:
    found = sorted(places.backups.glob("*-upgrade.db")) if places.is_file else []
    assert [backup.check(Opening(str(one), key, read_only=True)) for one in found] == [[]] * len(found)
    return found


@pytest.mark.faults
def test_every_revision_killed_after_each_operation(old: Old, figures: samples.Any) -> None:
    with old.laid() as (places, key):
        before = standing(places, key)
        assert before[0] == old.revision
        operations = upgraded(places, key, None)
        whole(places, key, old.facts)
    seen = Counter[str]()
    for moment in (*range(1, operations + 1), CHECKED, COMMITTED):
        with old.laid() as (places, key):
            upgraded(places, key, moment)
            if moment == COMMITTED:
                assert standing(places, key)[0] == schema.HEAD
            else:
                assert standing(places, key) == before
            assert bool(copies(places, key)) is places.is_file
            seen["new" if moment == COMMITTED else "old"] += 1
            if isinstance(moment, str) or moment % EVERY == 0:
                whole(places, key, old.facts)
                seen["again"] += 1
    figures(
        f"{old.revision} to {schema.HEAD} on {old.where}: {operations} operations, "
        f"{seen['old'] + seen['new']} kills, {seen['old']} times the old schema with every row and rule as it was, "
        f"{seen['new']} the new, {seen['again']} run again"
    )
    assert operations >= 2 * (int(schema.HEAD) - int(old.revision))
