"""SQLite takes any value in any column; the check of the trail must survive that and name it."""

from __future__ import annotations

import clients
import pytest
import samples

from hiplog.logbook import audit
from hiplog.logbook.book import Logbook
from hiplog.settings import Settings


@pytest.mark.grown(by=samples.visited)
@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE audit_log SET at = 'yesterday' WHERE seq = 3", None),
        ("UPDATE audit_payloads SET body = '{\"changes\":' WHERE seq = 3", None),
        ("UPDATE audit_payloads SET body = '[1]' WHERE seq = 3", None),
        ("UPDATE readings SET value = 'five', measure = 'LEFS'", "readings"),
        ("UPDATE patients_identity SET birth = 'in May'", "patients_identity"),
        ("UPDATE sessions SET occurred_at = 'monday'", "sessions"),
        ("UPDATE sessions SET occurred_at = replace(occurred_at, 'T', 't')", "sessions"),
    ],
)
def test_nonsense_is_a_finding_and_not_a_crash(
    book: Logbook, places: Settings, statement: str, table: str | None
) -> None:
    with clients.unguarded(places) as execute:
        execute(statement)
    report = book.read(audit.verify)
    assert not report.ok
    assert table is None or {finding.table for finding in report.findings} == {table}
