"""Who may sign: a passphrase and a PIN of each practitioner, kept as hashes apart from the record.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("passphrase_hash", sa.String(length=200), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_credentials_id_text")),
        sa.CheckConstraint(
            "length(passphrase_hash) BETWEEN 1 AND 200", name=op.f("ck_credentials_passphrase_hash_text")
        ),
        sa.CheckConstraint("length(pin_hash) BETWEEN 1 AND 200", name=op.f("ck_credentials_pin_hash_text")),
        sa.CheckConstraint("pin_failures BETWEEN 0 AND 5", name=op.f("ck_credentials_pin_failures")),
        sa.ForeignKeyConstraint(["id"], ["practitioners.id"], name=op.f("fk_credentials_id_practitioners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
    )


def downgrade() -> None:
    raise NotImplementedError("a logbook does not go back to an older schema; restore a backup instead")
