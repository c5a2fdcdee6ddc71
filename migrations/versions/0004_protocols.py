"""A clinic's own protocols: needle plans on the keys 1 to 9."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protocols",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("line", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("slot BETWEEN 1 AND 9", name=op.f("ck_protocols_slot")),
        sa.CheckConstraint("side IN ('L', 'R')", name=op.f("ck_protocols_side")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_protocols_id_text")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_protocols_name_text")),
        sa.CheckConstraint("length(side) BETWEEN 1 AND 1", name=op.f("ck_protocols_side_text")),
        sa.CheckConstraint("length(line) BETWEEN 1 AND 20000", name=op.f("ck_protocols_line_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocols")),
        sa.UniqueConstraint("slot", name=op.f("uq_protocols_slot")),
    )


def downgrade() -> None:
    raise NotImplementedError("the protocols would be lost; restore a backup instead")
