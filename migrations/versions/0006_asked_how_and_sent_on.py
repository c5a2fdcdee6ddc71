"""How each screening question was put, and the contact afterwards that sent a patient on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("screening") as batch:
        batch.add_column(sa.Column("asked", sa.String(length=40), nullable=True))
        batch.create_check_constraint(op.f("ck_screening_asked"), "asked IN ('singly', 'together')")
        batch.create_check_constraint(op.f("ck_screening_asked_text"), "length(asked) BETWEEN 1 AND 40")
    with op.batch_alter_table("referrals") as batch:
        batch.add_column(sa.Column("follow_up_id", sa.String(length=36), nullable=True))
        batch.create_check_constraint(
            op.f("ck_referrals_follow_up_id_text"), "length(follow_up_id) BETWEEN 1 AND 36"
        )
        batch.create_foreign_key(
            op.f("fk_referrals_follow_up_id_follow_ups"), "follow_ups", ["follow_up_id"], ["id"]
        )
        batch.create_index(op.f("ix_referrals_follow_up_id"), ["follow_up_id"])


def downgrade() -> None:
    raise NotImplementedError("who was sent on after a visit would be lost; restore a backup instead")
