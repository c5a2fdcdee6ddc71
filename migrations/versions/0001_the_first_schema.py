"""The first schema: the whole logbook at once.

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hiplog.storage.columns import Fixed, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.CheckConstraint("chain IN ('record', 'access')", name=op.f("ck_audit_log_chain")),
        sa.CheckConstraint("length(action) BETWEEN 1 AND 40", name=op.f("ck_audit_log_action_text")),
        sa.CheckConstraint("length(actor) BETWEEN 1 AND 40", name=op.f("ck_audit_log_actor_text")),
        sa.CheckConstraint("length(chain) BETWEEN 1 AND 40", name=op.f("ck_audit_log_chain_text")),
        sa.CheckConstraint("length(entity) BETWEEN 1 AND 40", name=op.f("ck_audit_log_entity_text")),
        sa.CheckConstraint("length(entity_id) BETWEEN 1 AND 40", name=op.f("ck_audit_log_entity_id_text")),
        sa.CheckConstraint("length(mac) BETWEEN 1 AND 64", name=op.f("ck_audit_log_mac_text")),
        sa.CheckConstraint(
            "length(payload_digest) BETWEEN 1 AND 64", name=op.f("ck_audit_log_payload_digest_text")
        ),
        sa.CheckConstraint("length(prev_hash) BETWEEN 1 AND 64", name=op.f("ck_audit_log_prev_hash_text")),
        sa.CheckConstraint("length(row_hash) BETWEEN 1 AND 64", name=op.f("ck_audit_log_row_hash_text")),
        sa.CheckConstraint("length(zone) BETWEEN 1 AND 60", name=op.f("ck_audit_log_zone_text")),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("chain", "prev_hash", name=op.f("uq_audit_log_chain_prev_hash")),
        sa.UniqueConstraint("row_hash", name=op.f("uq_audit_log_row_hash")),
    )
    op.create_table(
        "clinic_settings",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=20000), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 40", name=op.f("ck_clinic_settings_id_text")),
        sa.CheckConstraint("length(value) BETWEEN 1 AND 20000", name=op.f("ck_clinic_settings_value_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_settings")),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=False),
        sa.Column("erased_at", UtcTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("sex IN ('female', 'male', 'other', 'unknown')", name=op.f("ck_patients_sex")),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name=op.f("ck_patients_code_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_patients_id_text")),
        sa.CheckConstraint("length(pseudonym) BETWEEN 1 AND 40", name=op.f("ck_patients_pseudonym_text")),
        sa.CheckConstraint("length(sex) BETWEEN 1 AND 40", name=op.f("ck_patients_sex_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("code", name=op.f("uq_patients_code")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_patients_pseudonym")),
    )
    op.create_table(
        "practitioners",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("training", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('therapist', 'owner', 'auditor')", name=op.f("ck_practitioners_role")),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name=op.f("ck_practitioners_code_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_practitioners_id_text")),
        sa.CheckConstraint("length(licence) BETWEEN 1 AND 200", name=op.f("ck_practitioners_licence_text")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_practitioners_name_text")),
        sa.CheckConstraint("length(role) BETWEEN 1 AND 40", name=op.f("ck_practitioners_role_text")),
        sa.CheckConstraint("length(training) BETWEEN 1 AND 200", name=op.f("ck_practitioners_training_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioners")),
        sa.UniqueConstraint("code", name=op.f("uq_practitioners_code")),
    )
    op.create_table(
        "audit_payloads",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("body", sa.String(length=10000000), nullable=True),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 10000000", name=op.f("ck_audit_payloads_body_text")),
        sa.CheckConstraint("length(chain) BETWEEN 1 AND 40", name=op.f("ck_audit_payloads_chain_text")),
        sa.CheckConstraint("length(salt) BETWEEN 1 AND 64", name=op.f("ck_audit_payloads_salt_text")),
        sa.ForeignKeyConstraint(
            ["chain", "seq"],
            ["audit_log.chain", "audit_log.seq"],
            name=op.f("fk_audit_payloads_chain_audit_log"),
        ),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_payloads")),
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("symptoms", sa.String(length=200), nullable=True),
        sa.Column("indication", sa.String(length=40), nullable=True),
        sa.Column("onset", sa.Date(), nullable=True),
        sa.Column("style", sa.String(length=40), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('L', 'R')", name=op.f("ck_episodes_side")),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_episodes_closed")),
        sa.CheckConstraint("length(cause) BETWEEN 1 AND 40", name=op.f("ck_episodes_cause_text")),
        sa.CheckConstraint(
            "length(close_reason) BETWEEN 1 AND 200", name=op.f("ck_episodes_close_reason_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_episodes_id_text")),
        sa.CheckConstraint("length(indication) BETWEEN 1 AND 40", name=op.f("ck_episodes_indication_text")),
        sa.CheckConstraint("length(patient_id) BETWEEN 1 AND 36", name=op.f("ck_episodes_patient_id_text")),
        sa.CheckConstraint("length(side) BETWEEN 1 AND 1", name=op.f("ck_episodes_side_text")),
        sa.CheckConstraint("length(style) BETWEEN 1 AND 40", name=op.f("ck_episodes_style_text")),
        sa.CheckConstraint("length(symptoms) BETWEEN 1 AND 200", name=op.f("ck_episodes_symptoms_text")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_episodes_number")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_episodes_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
        sa.UniqueConstraint("patient_id", "number", name=op.f("uq_episodes_patient_id_number")),
    )
    with op.batch_alter_table("episodes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episodes_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "patients_identity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("family", sa.String(length=200), nullable=False),
        sa.Column("given", sa.String(length=200), nullable=False),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=20000), nullable=True),
        sa.Column("search_key", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("length(email) BETWEEN 1 AND 200", name=op.f("ck_patients_identity_email_text")),
        sa.CheckConstraint("length(family) BETWEEN 1 AND 200", name=op.f("ck_patients_identity_family_text")),
        sa.CheckConstraint("length(given) BETWEEN 1 AND 200", name=op.f("ck_patients_identity_given_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_patients_identity_id_text")),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 20000", name=op.f("ck_patients_identity_note_text")),
        sa.CheckConstraint("length(phone) BETWEEN 1 AND 200", name=op.f("ck_patients_identity_phone_text")),
        sa.CheckConstraint(
            "length(search_key) BETWEEN 1 AND 1000", name=op.f("ck_patients_identity_search_key_text")
        ),
        sa.ForeignKeyConstraint(["id"], ["patients.id"], name=op.f("fk_patients_identity_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients_identity")),
    )
    with op.batch_alter_table("patients_identity", schema=None) as batch_op:
        batch_op.create_index("ix_patients_identity_search", ["search_key", "id"], unique=False)

    op.create_table(
        "precautions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=20000), nullable=True),
        sa.Column("cleared_by", sa.String(length=200), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(cleared_by) BETWEEN 1 AND 200", name=op.f("ck_precautions_cleared_by_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_precautions_id_text")),
        sa.CheckConstraint("length(item) BETWEEN 1 AND 40", name=op.f("ck_precautions_item_text")),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 20000", name=op.f("ck_precautions_note_text")),
        sa.CheckConstraint(
            "length(patient_id) BETWEEN 1 AND 36", name=op.f("ck_precautions_patient_id_text")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_precautions_patient_id_patients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_precautions")),
    )
    with op.batch_alter_table("precautions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_precautions_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("episode_id", sa.String(length=36), nullable=False),
        sa.Column("therapist_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occurred_at", UtcTime(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("carried_from", sa.String(length=36), nullable=True),
        sa.Column("needles_opened", sa.Integer(), nullable=True),
        sa.Column("needles_inserted", sa.Integer(), nullable=True),
        sa.Column("needles_withdrawn", sa.Integer(), nullable=True),
        sa.Column("needles_to_sharps", sa.Integer(), nullable=True),
        sa.Column("mismatch_reason", sa.String(length=20000), nullable=True),
        sa.Column("note", sa.String(length=20000), nullable=True),
        sa.Column("plan", sa.String(length=20000), nullable=True),
        sa.Column("signed_by", sa.String(length=36), nullable=True),
        sa.Column("signed_at", UtcTime(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_by IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_sessions_signed"),
        ),
        sa.CheckConstraint("origin IN ('entered', 'imported')", name=op.f("ck_sessions_origin")),
        sa.CheckConstraint("status IN ('draft', 'signed')", name=op.f("ck_sessions_status")),
        sa.CheckConstraint(
            "length(carried_from) BETWEEN 1 AND 36", name=op.f("ck_sessions_carried_from_text")
        ),
        sa.CheckConstraint(
            "length(content_hash) BETWEEN 1 AND 64", name=op.f("ck_sessions_content_hash_text")
        ),
        sa.CheckConstraint("length(episode_id) BETWEEN 1 AND 36", name=op.f("ck_sessions_episode_id_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_sessions_id_text")),
        sa.CheckConstraint(
            "length(mismatch_reason) BETWEEN 1 AND 20000", name=op.f("ck_sessions_mismatch_reason_text")
        ),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 20000", name=op.f("ck_sessions_note_text")),
        sa.CheckConstraint("length(origin) BETWEEN 1 AND 40", name=op.f("ck_sessions_origin_text")),
        sa.CheckConstraint("length(patient_id) BETWEEN 1 AND 36", name=op.f("ck_sessions_patient_id_text")),
        sa.CheckConstraint("length(plan) BETWEEN 1 AND 20000", name=op.f("ck_sessions_plan_text")),
        sa.CheckConstraint("length(signed_by) BETWEEN 1 AND 36", name=op.f("ck_sessions_signed_by_text")),
        sa.CheckConstraint("length(status) BETWEEN 1 AND 40", name=op.f("ck_sessions_status_text")),
        sa.CheckConstraint(
            "length(therapist_id) BETWEEN 1 AND 36", name=op.f("ck_sessions_therapist_id_text")
        ),
        sa.CheckConstraint("length(zone) BETWEEN 1 AND 60", name=op.f("ck_sessions_zone_text")),
        sa.CheckConstraint("needles_inserted BETWEEN 0 AND 200", name=op.f("ck_sessions_needles_inserted")),
        sa.CheckConstraint("needles_opened BETWEEN 0 AND 200", name=op.f("ck_sessions_needles_opened")),
        sa.CheckConstraint("needles_to_sharps BETWEEN 0 AND 200", name=op.f("ck_sessions_needles_to_sharps")),
        sa.CheckConstraint("needles_withdrawn BETWEEN 0 AND 200", name=op.f("ck_sessions_needles_withdrawn")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_sessions_number")),
        sa.ForeignKeyConstraint(
            ["carried_from"], ["sessions.id"], name=op.f("fk_sessions_carried_from_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name=op.f("fk_sessions_episode_id_episodes")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_sessions_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["practitioners.id"], name=op.f("fk_sessions_signed_by_practitioners")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["practitioners.id"], name=op.f("fk_sessions_therapist_id_practitioners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("patient_id", "number", name=op.f("uq_sessions_patient_id_number")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_carried_from"), ["carried_from"], unique=False)
        batch_op.create_index(
            "ix_sessions_draft",
            ["occurred_at"],
            unique=False,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )
        batch_op.create_index(batch_op.f("ix_sessions_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index("ix_sessions_occurred", ["occurred_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_signed_by"), ["signed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_therapist_id"), ["therapist_id"], unique=False)

    op.create_table(
        "advice",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 40", name=op.f("ck_advice_code_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_advice_id_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_advice_session_id_text")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_advice_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
    )
    with op.batch_alter_table("advice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_session_id"), ["session_id"], unique=False)

    op.create_table(
        "amendments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old_value", sa.String(length=20000), nullable=True),
        sa.Column("new_value", sa.String(length=20000), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("practitioner_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(entity) BETWEEN 1 AND 40", name=op.f("ck_amendments_entity_text")),
        sa.CheckConstraint("length(entity_id) BETWEEN 1 AND 36", name=op.f("ck_amendments_entity_id_text")),
        sa.CheckConstraint("length(field) BETWEEN 1 AND 40", name=op.f("ck_amendments_field_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_amendments_id_text")),
        sa.CheckConstraint(
            "length(new_value) BETWEEN 1 AND 20000", name=op.f("ck_amendments_new_value_text")
        ),
        sa.CheckConstraint(
            "length(old_value) BETWEEN 1 AND 20000", name=op.f("ck_amendments_old_value_text")
        ),
        sa.CheckConstraint(
            "length(practitioner_id) BETWEEN 1 AND 36", name=op.f("ck_amendments_practitioner_id_text")
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 20000", name=op.f("ck_amendments_reason_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_amendments_session_id_text")),
        sa.CheckConstraint(
            "old_value IS NOT NULL OR new_value IS NOT NULL", name=op.f("ck_amendments_changed")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioners.id"],
            name=op.f("fk_amendments_practitioner_id_practitioners"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_amendments_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_practitioner_id"), ["practitioner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_amendments_session_id"), ["session_id"], unique=False)

    op.create_table(
        "co_treatments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_co_treatments_id_text")),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_co_treatments_kind_text")),
        sa.CheckConstraint(
            "length(session_id) BETWEEN 1 AND 36", name=op.f("ck_co_treatments_session_id_text")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_co_treatments_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_treatments")),
    )
    with op.batch_alter_table("co_treatments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_co_treatments_session_id"), ["session_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("form_version", sa.String(length=40), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("copy_given", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "length(form_version) BETWEEN 1 AND 40", name=op.f("ck_consents_form_version_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_consents_id_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_consents_session_id_text")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_consents_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_session_id"), ["session_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=1000000), nullable=False),
        sa.Column("saved_at", UtcTime(), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 1 AND 1000000", name=op.f("ck_drafts_body_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_drafts_id_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_drafts_session_id_text")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_drafts_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("session_id", "step", name=op.f("uq_drafts_session_id_step")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_session_id"), ["session_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("closes_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'due') = (done_at IS NULL)", name=op.f("ck_follow_ups_done")),
        sa.CheckConstraint(
            "state IN ('due', 'done', 'unreachable', 'cancelled')", name=op.f("ck_follow_ups_state")
        ),
        sa.CheckConstraint("length(by_id) BETWEEN 1 AND 36", name=op.f("ck_follow_ups_by_id_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_follow_ups_id_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_follow_ups_session_id_text")),
        sa.CheckConstraint("length(state) BETWEEN 1 AND 40", name=op.f("ck_follow_ups_state_text")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["practitioners.id"], name=op.f("fk_follow_ups_by_id_practitioners")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_follow_ups_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            "ix_follow_ups_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )
        batch_op.create_index(batch_op.f("ix_follow_ups_session_id"), ["session_id"], unique=False)

    op.create_table(
        "insertions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("muscle", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(length=1), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("diameter_mm", Fixed(2, 10), nullable=True),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("depth_mm", sa.Integer(), nullable=True),
        sa.Column("insertions", sa.Integer(), nullable=False),
        sa.Column("technique", sa.String(length=40), nullable=True),
        sa.Column("passes", sa.Integer(), nullable=True),
        sa.Column("hz", Fixed(1, 10), nullable=True),
        sa.Column("ma", Fixed(1, 10), nullable=True),
        sa.Column("retention_min", sa.Integer(), nullable=True),
        sa.Column("twitch", sa.String(length=40), nullable=True),
        sa.Column("twitch_count", sa.Integer(), nullable=True),
        sa.Column("familiar_pain", sa.Boolean(), nullable=True),
        sa.Column("inserted_by", sa.String(length=40), nullable=True),
        sa.Column("removed_by", sa.String(length=40), nullable=True),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.CheckConstraint("origin IN ('typed', 'confirmed', 'copied')", name=op.f("ck_insertions_origin")),
        sa.CheckConstraint("side IN ('L', 'R')", name=op.f("ck_insertions_side")),
        sa.CheckConstraint("target IN ('muscle', 'scar', 'tendon')", name=op.f("ck_insertions_target")),
        sa.CheckConstraint(
            "twitch IN ('none', 'elicited', 'not_seen', 'not_sought')", name=op.f("ck_insertions_twitch")
        ),
        sa.CheckConstraint(
            "twitch_count IS NULL OR (twitch_count > 0 AND twitch IS NOT NULL AND twitch = 'elicited')",
            name=op.f("ck_insertions_twitch_count"),
        ),
        sa.CheckConstraint(
            "depth_mm > 0 AND (length_mm IS NULL OR depth_mm <= length_mm)",
            name=op.f("ck_insertions_depth_mm"),
        ),
        sa.CheckConstraint("diameter_mm BETWEEN 0.1 AND 0.5", name=op.f("ck_insertions_diameter_mm")),
        sa.CheckConstraint("insertions BETWEEN 1 AND 99", name=op.f("ck_insertions_insertions")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_insertions_id_text")),
        sa.CheckConstraint(
            "length(inserted_by) BETWEEN 1 AND 40", name=op.f("ck_insertions_inserted_by_text")
        ),
        sa.CheckConstraint("length(muscle) BETWEEN 1 AND 40", name=op.f("ck_insertions_muscle_text")),
        sa.CheckConstraint("length(origin) BETWEEN 1 AND 40", name=op.f("ck_insertions_origin_text")),
        sa.CheckConstraint("length(removed_by) BETWEEN 1 AND 40", name=op.f("ck_insertions_removed_by_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_insertions_session_id_text")),
        sa.CheckConstraint("length(side) BETWEEN 1 AND 1", name=op.f("ck_insertions_side_text")),
        sa.CheckConstraint("length(target) BETWEEN 1 AND 40", name=op.f("ck_insertions_target_text")),
        sa.CheckConstraint("length(technique) BETWEEN 1 AND 40", name=op.f("ck_insertions_technique_text")),
        sa.CheckConstraint("length(twitch) BETWEEN 1 AND 40", name=op.f("ck_insertions_twitch_text")),
        sa.CheckConstraint("length(zone) BETWEEN 1 AND 40", name=op.f("ck_insertions_zone_text")),
        sa.CheckConstraint("length_mm BETWEEN 10 AND 150", name=op.f("ck_insertions_length_mm")),
        sa.CheckConstraint("retention_min BETWEEN 0 AND 60", name=op.f("ck_insertions_retention_min")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_insertions_seq")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_insertions_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insertions")),
    )
    with op.batch_alter_table("insertions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_insertions_session_id"), ["session_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("referred_to", sa.String(length=200), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=20000), nullable=True),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_referrals_id_text")),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 20000", name=op.f("ck_referrals_note_text")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 40", name=op.f("ck_referrals_reason_text")),
        sa.CheckConstraint(
            "length(referred_to) BETWEEN 1 AND 200", name=op.f("ck_referrals_referred_to_text")
        ),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_referrals_session_id_text")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_referrals_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_session_id"), ["session_id"], unique=False)

    op.create_table(
        "screening",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("finding", sa.String(length=40), nullable=True),
        sa.Column("override_reason", sa.String(length=20000), nullable=True),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "answer IN ('not_asked', 'none', 'yes', 'refused')", name=op.f("ck_screening_answer")
        ),
        sa.CheckConstraint("finding IN ('stop', 'refer', 'caution')", name=op.f("ck_screening_finding")),
        sa.CheckConstraint("length(answer) BETWEEN 1 AND 40", name=op.f("ck_screening_answer_text")),
        sa.CheckConstraint("length(finding) BETWEEN 1 AND 40", name=op.f("ck_screening_finding_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_screening_id_text")),
        sa.CheckConstraint("length(item) BETWEEN 1 AND 40", name=op.f("ck_screening_item_text")),
        sa.CheckConstraint(
            "length(override_reason) BETWEEN 1 AND 20000", name=op.f("ck_screening_override_reason_text")
        ),
        sa.CheckConstraint(
            "length(rule_version) BETWEEN 1 AND 40", name=op.f("ck_screening_rule_version_text")
        ),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_screening_session_id_text")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_screening_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("session_id", "item", name=op.f("uq_screening_session_id_item")),
    )
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_session_id"), ["session_id"], unique=False)

    op.create_table(
        "signatures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("meaning", sa.String(length=40), nullable=False),
        sa.Column("practitioner_id", sa.String(length=36), nullable=False),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20000), nullable=True),
        sa.CheckConstraint("meaning <> 'void' OR reason IS NOT NULL", name=op.f("ck_signatures_void")),
        sa.CheckConstraint(
            "meaning IN ('author', 'co-sign', 'void', 'imported')", name=op.f("ck_signatures_meaning")
        ),
        sa.CheckConstraint(
            "length(content_hash) BETWEEN 1 AND 64", name=op.f("ck_signatures_content_hash_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_signatures_id_text")),
        sa.CheckConstraint("length(meaning) BETWEEN 1 AND 40", name=op.f("ck_signatures_meaning_text")),
        sa.CheckConstraint(
            "length(practitioner_id) BETWEEN 1 AND 36", name=op.f("ck_signatures_practitioner_id_text")
        ),
        sa.CheckConstraint(
            "length(printed_name) BETWEEN 1 AND 200", name=op.f("ck_signatures_printed_name_text")
        ),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 20000", name=op.f("ck_signatures_reason_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_signatures_session_id_text")),
        sa.CheckConstraint("length(zone) BETWEEN 1 AND 60", name=op.f("ck_signatures_zone_text")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioners.id"],
            name=op.f("fk_signatures_practitioner_id_practitioners"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_signatures_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
    )
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatures_practitioner_id"), ["practitioner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signatures_session_id"), ["session_id"], unique=False)

    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("follow_up_id", sa.String(length=36), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("asked_how", sa.String(length=40), nullable=False),
        sa.Column("reporter", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at_h", Fixed(1, 10), nullable=True),
        sa.CheckConstraint(
            "(asked_how = 'not_asked') = (state = 'not_asked')", name=op.f("ck_inquiries_asked")
        ),
        sa.CheckConstraint(
            "asked_how IN ('checklist', 'open', 'not_asked')", name=op.f("ck_inquiries_asked_how")
        ),
        sa.CheckConstraint("reporter IN ('therapist', 'patient')", name=op.f("ck_inquiries_reporter")),
        sa.CheckConstraint(
            "stage IN ('since_last', 'session', 'follow_up')", name=op.f("ck_inquiries_stage")
        ),
        sa.CheckConstraint(
            "state IN ('not_asked', 'none', 'yes', 'refused')", name=op.f("ck_inquiries_state")
        ),
        sa.CheckConstraint("asked_at_h >= 0", name=op.f("ck_inquiries_asked_at_h")),
        sa.CheckConstraint("length(asked_how) BETWEEN 1 AND 40", name=op.f("ck_inquiries_asked_how_text")),
        sa.CheckConstraint(
            "length(follow_up_id) BETWEEN 1 AND 36", name=op.f("ck_inquiries_follow_up_id_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_inquiries_id_text")),
        sa.CheckConstraint("length(reporter) BETWEEN 1 AND 40", name=op.f("ck_inquiries_reporter_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_inquiries_session_id_text")),
        sa.CheckConstraint("length(stage) BETWEEN 1 AND 40", name=op.f("ck_inquiries_stage_text")),
        sa.CheckConstraint("length(state) BETWEEN 1 AND 40", name=op.f("ck_inquiries_state_text")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_inquiries_follow_up_id_follow_ups")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_inquiries_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiries_follow_up_id"), ["follow_up_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiries_session_id"), ["session_id"], unique=False)

    op.create_table(
        "readings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("follow_up_id", sa.String(length=36), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.Column("side", sa.String(length=1), nullable=True),
        sa.Column("value", Fixed(2, 10), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=True),
        sa.Column("tester", sa.String(length=40), nullable=True),
        sa.Column("missing_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "measure NOT LIKE 'NPRS%' OR value IS NULL OR value BETWEEN 0 AND 10",
            name=op.f("ck_readings_pain"),
        ),
        sa.CheckConstraint("side IN ('L', 'R')", name=op.f("ck_readings_side")),
        sa.CheckConstraint("stage IN ('before', 'after', 'follow_up')", name=op.f("ck_readings_stage")),
        sa.CheckConstraint(
            "(value IS NULL) = (missing_reason IS NOT NULL)", name=op.f("ck_readings_missing")
        ),
        sa.CheckConstraint("length(device) BETWEEN 1 AND 200", name=op.f("ck_readings_device_text")),
        sa.CheckConstraint(
            "length(follow_up_id) BETWEEN 1 AND 36", name=op.f("ck_readings_follow_up_id_text")
        ),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_readings_id_text")),
        sa.CheckConstraint("length(measure) BETWEEN 1 AND 40", name=op.f("ck_readings_measure_text")),
        sa.CheckConstraint(
            "length(missing_reason) BETWEEN 1 AND 40", name=op.f("ck_readings_missing_reason_text")
        ),
        sa.CheckConstraint("length(mode) BETWEEN 1 AND 40", name=op.f("ck_readings_mode_text")),
        sa.CheckConstraint("length(session_id) BETWEEN 1 AND 36", name=op.f("ck_readings_session_id_text")),
        sa.CheckConstraint("length(side) BETWEEN 1 AND 1", name=op.f("ck_readings_side_text")),
        sa.CheckConstraint("length(stage) BETWEEN 1 AND 40", name=op.f("ck_readings_stage_text")),
        sa.CheckConstraint("length(tester) BETWEEN 1 AND 40", name=op.f("ck_readings_tester_text")),
        sa.CheckConstraint("length(unit) BETWEEN 1 AND 40", name=op.f("ck_readings_unit_text")),
        sa.CheckConstraint("length(version) BETWEEN 1 AND 40", name=op.f("ck_readings_version_text")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_readings_follow_up_id_follow_ups")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_readings_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_readings_follow_up_id"), ["follow_up_id"], unique=False)
        batch_op.create_index("ix_readings_measure", ["measure", "session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_readings_session_id"), ["session_id"], unique=False)

    op.create_table(
        "reactions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("inquiry_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=True),
        sa.Column("insertion_id", sa.String(length=36), nullable=True),
        sa.Column("onset_h", Fixed(1, 10), nullable=True),
        sa.Column("duration_h", Fixed(1, 10), nullable=True),
        sa.Column("size_mm", sa.Integer(), nullable=True),
        sa.Column("soreness", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=True),
        sa.Column("relatedness", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=20000), nullable=True),
        sa.CheckConstraint(
            "severity IN ('mild', 'significant', 'serious')", name=op.f("ck_reactions_severity")
        ),
        sa.CheckConstraint("length(action) BETWEEN 1 AND 40", name=op.f("ck_reactions_action_text")),
        sa.CheckConstraint("length(id) BETWEEN 1 AND 36", name=op.f("ck_reactions_id_text")),
        sa.CheckConstraint("length(inquiry_id) BETWEEN 1 AND 36", name=op.f("ck_reactions_inquiry_id_text")),
        sa.CheckConstraint(
            "length(insertion_id) BETWEEN 1 AND 36", name=op.f("ck_reactions_insertion_id_text")
        ),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 40", name=op.f("ck_reactions_kind_text")),
        sa.CheckConstraint("length(note) BETWEEN 1 AND 20000", name=op.f("ck_reactions_note_text")),
        sa.CheckConstraint("length(outcome) BETWEEN 1 AND 40", name=op.f("ck_reactions_outcome_text")),
        sa.CheckConstraint(
            "length(relatedness) BETWEEN 1 AND 40", name=op.f("ck_reactions_relatedness_text")
        ),
        sa.CheckConstraint("length(severity) BETWEEN 1 AND 40", name=op.f("ck_reactions_severity_text")),
        sa.CheckConstraint("size_mm BETWEEN 1 AND 500", name=op.f("ck_reactions_size_mm")),
        sa.CheckConstraint("soreness BETWEEN 0 AND 10", name=op.f("ck_reactions_soreness")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_reactions_inquiry_id_inquiries")
        ),
        sa.ForeignKeyConstraint(
            ["insertion_id"], ["insertions.id"], name=op.f("fk_reactions_insertion_id_insertions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reactions")),
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reactions_inquiry_id"), ["inquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reactions_insertion_id"), ["insertion_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first schema; restore a backup instead")
