"""Patients' requests to amend the record, and what followed each; both are only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hiplog.storage.columns import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendment_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("voice", sa.String(length=40), nullable=False),
        sa.Column("wish", sa.String(length=20000), nullable=False),
        sa.Column("why", sa.String(length=20000), nullable=True),
        sa.Column("practitioner_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "voice IN ('patient', 'representative', 'noted')", name=op.f("ck_amendment_requests_voice")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_amendment_requests_number")),
        *_text("amendment_requests", id=36, patient_id=36, session_id=36, voice=40, wish=20000, why=20000),
        *_text("amendment_requests", practitioner_id=36),
        *_refers("amendment_requests", patient_id="patients", session_id="sessions"),
        *_refers("amendment_requests", practitioner_id="practitioners"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_requests")),
        sa.UniqueConstraint("patient_id", "number", name=op.f("uq_amendment_requests_patient_id_number")),
    )
    op.create_table(
        "request_steps",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("said", sa.String(length=20000), nullable=True),
        sa.Column("amendment_id", sa.String(length=36), nullable=True),
        sa.Column("practitioner_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accepted', 'denied', 'extended', 'withdrawn', 'carried_out', 'disagreement', "
            "'rebuttal')",
            name=op.f("ck_request_steps_kind"),
        ),
        sa.CheckConstraint(
            "ground IN ('accurate', 'not_ours', 'not_in_set', 'not_open')",
            name=op.f("ck_request_steps_ground"),
        ),
        sa.CheckConstraint("(kind = 'denied') = (ground IS NOT NULL)", name=op.f("ck_request_steps_denied")),
        sa.CheckConstraint(
            "amendment_id IS NULL OR kind = 'carried_out'", name=op.f("ck_request_steps_amended")
        ),
        sa.CheckConstraint(
            "said IS NOT NULL OR amendment_id IS NOT NULL OR kind IN ('accepted', 'withdrawn')",
            name=op.f("ck_request_steps_told"),
        ),
        *_text("request_steps", id=36, request_id=36, kind=40, ground=40, said=20000, amendment_id=36),
        *_text("request_steps", practitioner_id=36),
        *_refers("request_steps", request_id="amendment_requests", amendment_id="amendments"),
        *_refers("request_steps", practitioner_id="practitioners"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_steps")),
    )
    op.create_index(op.f("ix_request_steps_request_id"), "request_steps", ["request_id"])


def downgrade() -> None:
    raise NotImplementedError("what patients asked for would be lost; restore a backup instead")


def _text(table: str, **lengths: int) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"length({name}) BETWEEN 1 AND {length}", name=op.f(f"ck_{table}_{name}_text"))
        for name, length in lengths.items()
    ]


def _refers(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))
        for name, target in targets.items()
    ]
