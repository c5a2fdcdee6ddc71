"""No list grows with the clinic: indexes for what Today asks, and none that another one makes idle.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Each of these columns begins a unique rule, whose index answers the same question.
IDLE = (
    ("ix_sessions_patient_id", "sessions"),
    ("ix_episodes_patient_id", "episodes"),
    ("ix_screening_session_id", "screening"),
    ("ix_drafts_session_id", "drafts"),
)
SIGNED, VOID = sa.text("status = 'signed'"), sa.text("meaning = 'void'")


def upgrade() -> None:
    for name, table in IDLE:
        op.drop_index(name, table_name=table)
    op.create_index(
        "ix_sessions_signed_at", "sessions", ["signed_at"], sqlite_where=SIGNED, postgresql_where=SIGNED
    )
    op.create_index(
        "ix_signatures_void", "signatures", ["session_id"], sqlite_where=VOID, postgresql_where=VOID
    )
