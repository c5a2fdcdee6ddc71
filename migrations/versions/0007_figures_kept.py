"""What the owner's figures count is kept counted; every patient is marked to be counted at the first look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_cells",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_outcome_cells_kind_text")),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 400", name=op.f("ck_outcome_cells_key_text")),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_outcome_cells")),
    )
    op.create_table(
        "outcome_parts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.String(length=10_000_000), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_outcome_parts_id_text")),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 10000000", name=op.f("ck_outcome_parts_body_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_parts")),
    )
    op.create_table(
        "outcome_marks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_outcome_marks_id_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_marks")),
    )
    op.execute("INSERT INTO outcome_marks (id) SELECT id FROM patients")


def downgrade() -> None:
    for name in ("outcome_marks", "outcome_parts", "outcome_cells"):
        op.drop_table(name)
