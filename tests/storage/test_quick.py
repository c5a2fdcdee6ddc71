"""The short ways say what the long ways say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import samples
from clocks import NOON
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from hiplog import settings
from hiplog.logbook.book import Logbook
from hiplog.storage import canonical, chain, quick
from hiplog.storage.engine import open_file
from hiplog.storage.times import utc_text

TEXT = st.text(max_size=60)
TIMES = st.datetimes(timezones=st.just(UTC))


@given(TEXT, TEXT, TIMES, TEXT, TEXT, st.none() | TEXT, TEXT)
def test_an_entry_is_written_as_the_canonical_writer_writes_it(
    action: str, actor: str, at: datetime, body: str, entity: str, entity_id: str | None, zone: str
) -> None:
    told = {"action": action, "actor": actor, "at": utc_text(at), "body": body}
    wanted = canonical.dumps({**told, "entity": entity, "entity_id": entity_id, "zone": zone})
    assert quick.entry(action, actor, at, body, entity, entity_id, zone) == wanted
    assert quick.entry(action, actor, utc_text(at), body, entity, entity_id, zone) == wanted


@pytest.mark.parametrize("cell", [5, b"x", 1.5])
def test_a_cell_that_is_no_text_is_refused(cell: object) -> None:
    with pytest.raises(TypeError):
        quick.entry("a", "b", utc_text(NOON), cell, "d", None, "e")  # type: ignore[arg-type]


CELLS = st.sampled_from(
    ["x", "", None, 7, -1, 2.5, "2026-03-02T12:00:00.000Z", "2026-W10-1T12:00:00.000Z", "é\n"]
)
COLUMNS = st.sampled_from(
    [
        "at",
        "zone",
        "actor",
        "action",
        "entity",
        "entity_id",
        "payload_digest",
        "prev_hash",
        "row_hash",
        "mac",
        "seq",
    ]
)


@pytest.fixture(scope="module")
def filled(blank_logbook: object, tmp_path_factory: pytest.TempPathFactory) -> Logbook:
    """A logbook with some entries, its guards taken off."""
    at = settings.load(at=str(tmp_path_factory.mktemp("filled")), environ={})
    settings.private_folder(at.path.parent)
    at.path.write_bytes(blank_logbook.read_bytes())  # type: ignore[attr-defined]
    book = Logbook.open(at, lambda: NOON)
    for number in range(3):
        samples.signed(book, f"P-{number}")
    raw = open_file(book.opening)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.close()
    return book


@effort(max_examples=150, deadline=None)
@given(st.integers(1, 12), COLUMNS, CELLS)
def test_whatever_is_altered_both_ways_find_the_same(
    filled: Logbook, seq: int, column: str, cell: object
) -> None:
    with filled.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
            raw.cursor().execute(f"PRAGMA {pragma}")
        connection.begin()
        change = f"UPDATE OR IGNORE audit_log SET {column} = ? WHERE seq = ? AND chain = 'record'"
        try:
            raw.cursor().execute(change, (cell, seq))
        except Exception as error:
            assert "NOT NULL" in str(error) or "datatype" in str(error)  # what the table itself keeps
        found = list(chain.verify(connection, "record"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chain, "_in_order", lambda *_: False)
            slow = list(chain.verify(connection, "record"))
        connection.rollback()
    assert found == slow
