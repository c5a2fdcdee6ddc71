"""The kept steps of a draft, for undo: each sealed, because the audit trail does not cover them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, func, select

from hiplog.clinical.errors import IntegrityFailed
from hiplog.clinical.record import new_id
from hiplog.language import _
from hiplog.storage import canonical
from hiplog.storage.chain import Finding
from hiplog.storage.columns import utc_text
from hiplog.storage.tables import drafts
from hiplog.storage.unit import Unit


def keep(unit: Unit, session_id: str, text: str) -> None:
    """Keep what a draft was before a save."""
    last = unit.one(select(func.max(drafts.c.step)).where(drafts.c.session_id == session_id))
    step = ((last[0] if last else None) or 0) + 1
    told = canonical.sealed(text, session_id, step, utc_text(unit.now))
    row = {"id": new_id(), "session_id": session_id, "step": step, "body": told, "saved_at": unit.now}
    unit.insert(drafts, row)


def body(step: Row[Any]) -> str:
    """Return what a step kept; ``IntegrityFailed`` when that is not what was kept."""
    return canonical.unsealed(step.body, step.session_id, step.step, utc_text(step.saved_at))


def altered(unit: Unit) -> Iterator[Finding]:
    """Yield a finding for each kept step that is not what was kept."""
    for step in unit.stream(select(drafts)):
        try:
            body(step)
        except IntegrityFailed:
            message = _("drafts: step {step} of a draft is not what was kept").format(step=step.step)
            yield Finding("altered-step", message, table="drafts", row=step.id)
