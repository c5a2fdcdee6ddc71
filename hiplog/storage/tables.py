"""Every table of the logbook.

Clinical rows hold codes of :mod:`hiplog.clinical`, so a new muscle or measure needs no migration.
Identity stands apart in ``patients_identity``. Rows of a signed session are frozen by triggers
(:mod:`hiplog.storage.guards`); what changes afterwards is an amendment.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    select,
    text,
)

from hiplog.clinical.needling import ORIGINS, TARGETS, TWITCHES
from hiplog.clinical.record import ANSWER_STATES, ASKED_AS, INQUIRY_STAGES, ROLES, SEXES, SIDES, STAGES
from hiplog.clinical.requests import GROUNDS, STEPS, VOICES
from hiplog.storage.columns import (
    CODE,
    PROSE,
    Fixed,
    between,
    check,
    code,
    flag,
    key,
    line,
    metadata,
    one_of,
    prose,
    ref,
    table,
    when,
)

clinic_settings = table(
    "clinic_settings",
    Column("id", String(CODE), primary_key=True),
    Column("value", String(PROSE), nullable=False),
)

practitioners = table(
    "practitioners",
    key(),
    Column("code", String(CODE), nullable=False, unique=True),
    line("name", optional=False),
    line("licence"),
    Column("expires", Date),
    line("training"),
    code("role"),
    flag("active"),
    Column("version", Integer, nullable=False),
    one_of("role", ROLES),
)

credentials = table(
    "credentials",
    Column("id", String(36), primary_key=True),
    line("passphrase_hash"),
    line("pin_hash"),
    Column("pin_failures", Integer, nullable=False),
    ForeignKeyConstraint(["id"], ["practitioners.id"]),
    between("pin_failures", 0, 5),
)

patients = table(
    "patients",
    key(),
    Column("code", String(CODE), nullable=False, unique=True),
    Column("pseudonym", String(CODE), nullable=False, unique=True),
    code("sex"),
    when("erased_at", optional=True),
    Column("version", Integer, nullable=False),
    one_of("sex", SEXES),
)

patients_identity = table(
    "patients_identity",
    Column("id", String(36), primary_key=True),
    line("family", optional=False),
    line("given", optional=False),
    Column("birth", Date),
    line("phone"),
    line("email"),
    prose("note"),
    Column("search_key", String(1000), nullable=False),
    ForeignKeyConstraint(["id"], ["patients.id"]),
)
Index("ix_patients_identity_search", patients_identity.c.search_key, patients_identity.c.id)

episodes = table(
    "episodes",
    key(),
    ref("patient_id", "patients", index=False),
    Column("number", Integer, nullable=False),
    Column("side", String(1), nullable=False),
    code("cause"),
    line("symptoms"),
    code("indication", optional=True),
    Column("onset", Date),
    code("style", optional=True),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    line("close_reason"),
    Column("version", Integer, nullable=False),
    one_of("side", SIDES),
    check("number", "number >= 1"),
    check("closed", "closed_on IS NULL OR closed_on >= opened_on"),
    UniqueConstraint("patient_id", "number"),
)

precautions = table(
    "precautions",
    key(),
    ref("patient_id", "patients"),
    code("item"),
    prose("note"),
    line("cleared_by"),
    Column("since", Date),
    Column("ended_on", Date),
    Column("version", Integer, nullable=False),
)

sessions = table(
    "sessions",
    key(),
    ref("patient_id", "patients", index=False),
    ref("episode_id", "episodes"),
    ref("therapist_id", "practitioners"),
    Column("number", Integer, nullable=False),
    when("occurred_at"),
    Column("zone", String(60), nullable=False),
    when("recorded_at"),
    code("status"),
    code("origin"),
    ref("carried_from", "sessions", optional=True),
    Column("needles_opened", Integer),
    Column("needles_inserted", Integer),
    Column("needles_withdrawn", Integer),
    Column("needles_to_sharps", Integer),
    prose("mismatch_reason"),
    prose("note"),
    prose("plan"),
    ref("signed_by", "practitioners", optional=True),
    when("signed_at", optional=True),
    Column("content_hash", String(64)),
    Column("version", Integer, nullable=False),
    one_of("status", ("draft", "signed")),
    one_of("origin", ("entered", "imported")),
    check("number", "number >= 1"),
    check("signed", "(status = 'signed') = (signed_by IS NOT NULL AND signed_at IS NOT NULL)"),
    *(between(f"needles_{kind}", 0, 200) for kind in ("opened", "inserted", "withdrawn", "to_sharps")),
    UniqueConstraint("patient_id", "number"),
)
Index("ix_sessions_occurred", sessions.c.occurred_at)
_signed = text("status = 'signed'")
Index("ix_sessions_signed_at", sessions.c.signed_at, sqlite_where=_signed, postgresql_where=_signed)
_draft = text("status = 'draft'")
Index("ix_sessions_draft", sessions.c.occurred_at, sqlite_where=_draft, postgresql_where=_draft)

signatures = table(
    "signatures",
    key(),
    ref("session_id", "sessions"),
    code("meaning"),
    ref("practitioner_id", "practitioners"),
    line("printed_name", optional=False),
    when("at"),
    Column("zone", String(60), nullable=False),
    Column("content_hash", String(64), nullable=False),
    prose("reason"),
    one_of("meaning", ("author", "co-sign", "void", "imported")),
    check("void", "meaning <> 'void' OR reason IS NOT NULL"),
)

_void = text("meaning = 'void'")
Index("ix_signatures_void", signatures.c.session_id, sqlite_where=_void, postgresql_where=_void)

screening = table(
    "screening",
    key(),
    ref("session_id", "sessions", index=False),
    code("item"),
    code("answer"),
    code("finding", optional=True),
    prose("override_reason"),
    code("rule_version"),
    code("asked", optional=True),
    one_of("asked", ASKED_AS),
    one_of("answer", ANSWER_STATES),
    one_of("finding", ("stop", "refer", "caution")),
    UniqueConstraint("session_id", "item"),
)

consents = table(
    "consents",
    key(),
    ref("session_id", "sessions"),
    code("form_version"),
    flag("given"),
    flag("withdrawn"),
    flag("copy_given", optional=True),
)

insertions = table(
    "insertions",
    key(),
    ref("session_id", "sessions"),
    Column("seq", Integer, nullable=False),
    code("muscle"),
    Column("side", String(1), nullable=False),
    code("zone", optional=True),
    code("target"),
    Column("diameter_mm", Fixed(2)),
    Column("length_mm", Integer),
    Column("depth_mm", Integer),
    Column("insertions", Integer, nullable=False),
    code("technique", optional=True),
    Column("passes", Integer),
    Column("hz", Fixed(1)),
    Column("ma", Fixed(1)),
    Column("retention_min", Integer),
    code("twitch", optional=True),
    Column("twitch_count", Integer),
    flag("familiar_pain", optional=True),
    code("inserted_by", optional=True),
    code("removed_by", optional=True),
    code("origin"),
    one_of("side", SIDES),
    one_of("target", TARGETS),
    one_of("twitch", TWITCHES),
    one_of("origin", ORIGINS),
    check("seq", "seq >= 1"),
    between("diameter_mm", 0.1, 0.5),
    between("length_mm", 10, 150),
    check("depth_mm", "depth_mm > 0 AND (length_mm IS NULL OR depth_mm <= length_mm)"),
    between("insertions", 1, 99),
    between("retention_min", 0, 60),
    # Without IS NOT NULL an unknown twitch would make the rule unknown, and an unknown rule lets pass.
    check(
        "twitch_count",
        "twitch_count IS NULL OR (twitch_count > 0 AND twitch IS NOT NULL AND twitch = 'elicited')",
    ),
)

follow_ups = table(
    "follow_ups",
    key(),
    ref("session_id", "sessions"),
    when("due_at"),
    when("closes_at"),
    code("state"),
    when("done_at", optional=True),
    ref("by_id", "practitioners", optional=True),
    Column("version", Integer, nullable=False),
    one_of("state", ("due", "done", "unreachable", "cancelled")),
    check("done", "(state = 'due') = (done_at IS NULL)"),
)
_due = text("state = 'due'")
Index("ix_follow_ups_due", follow_ups.c.due_at, sqlite_where=_due, postgresql_where=_due)

inquiries = table(
    "inquiries",
    key(),
    ref("session_id", "sessions"),
    ref("follow_up_id", "follow_ups", optional=True),
    code("stage"),
    code("asked_how"),
    code("reporter"),
    code("state"),
    Column("asked_at_h", Fixed(1)),
    one_of("stage", INQUIRY_STAGES),
    one_of("asked_how", ("checklist", "open", "not_asked")),
    one_of("reporter", ("therapist", "patient")),
    one_of("state", ANSWER_STATES),
    check("asked", "(asked_how = 'not_asked') = (state = 'not_asked')"),
    check("asked_at_h", "asked_at_h >= 0"),
)

reactions = table(
    "reactions",
    key(),
    ref("inquiry_id", "inquiries"),
    code("kind"),
    code("severity", optional=True),
    ref("insertion_id", "insertions", optional=True),
    Column("onset_h", Fixed(1)),
    Column("duration_h", Fixed(1)),
    Column("size_mm", Integer),
    Column("soreness", Integer),
    code("action", optional=True),
    code("relatedness", optional=True),
    code("outcome", optional=True),
    prose("note"),
    one_of("severity", ("mild", "significant", "serious")),
    between("soreness", 0, 10),
    between("size_mm", 1, 500),
)

readings = table(
    "readings",
    key(),
    ref("session_id", "sessions"),
    ref("follow_up_id", "follow_ups", optional=True),
    code("stage"),
    code("measure"),
    code("version", optional=True),
    Column("side", String(1)),
    Column("value", Fixed(2)),
    code("unit"),
    code("mode", optional=True),
    line("device"),
    code("tester", optional=True),
    code("missing_reason", optional=True),
    one_of("stage", STAGES),
    one_of("side", SIDES),
    check("missing", "(value IS NULL) = (missing_reason IS NOT NULL)"),
    check("pain", "measure NOT LIKE 'NPRS%' OR value IS NULL OR value BETWEEN 0 AND 10"),
)
Index("ix_readings_measure", readings.c.measure, readings.c.session_id)

advice = table("advice", key(), ref("session_id", "sessions"), code("code"))

co_treatments = table("co_treatments", key(), ref("session_id", "sessions"), code("kind"))

referrals = table(
    "referrals",
    key(),
    ref("session_id", "sessions"),
    code("reason"),
    line("referred_to", optional=False),
    flag("urgent"),
    prose("note"),
    ref("follow_up_id", "follow_ups", optional=True),
)

amendments = table(
    "amendments",
    key(),
    ref("session_id", "sessions"),
    code("entity"),
    Column("entity_id", String(36), nullable=False),
    code("field"),
    prose("old_value"),
    prose("new_value"),
    Column("reason", String(PROSE), nullable=False),
    ref("practitioner_id", "practitioners"),
    when("at"),
    check("changed", "old_value IS NOT NULL OR new_value IS NOT NULL"),
)

amendment_requests = table(
    "amendment_requests",
    key(),
    ref("patient_id", "patients", index=False),
    ref("session_id", "sessions", optional=True, index=False),
    Column("number", Integer, nullable=False),
    Column("asked_on", Date, nullable=False),
    code("voice"),
    Column("wish", String(PROSE), nullable=False),
    prose("why"),
    ref("practitioner_id", "practitioners", index=False),
    when("at"),
    one_of("voice", tuple(VOICES)),
    check("number", "number >= 1"),
    UniqueConstraint("patient_id", "number"),
)

request_steps = table(
    "request_steps",
    key(),
    ref("request_id", "amendment_requests"),
    code("kind"),
    code("ground", optional=True),
    prose("said"),
    ref("amendment_id", "amendments", optional=True, index=False),
    ref("practitioner_id", "practitioners", index=False),
    when("at"),
    one_of("kind", tuple(STEPS)),
    one_of("ground", tuple(GROUNDS)),
    check("denied", "(kind = 'denied') = (ground IS NOT NULL)"),
    check("amended", "amendment_id IS NULL OR kind = 'carried_out'"),
    check("told", "said IS NOT NULL OR amendment_id IS NOT NULL OR kind IN ('accepted', 'withdrawn')"),
)

protocols = table(
    "protocols",
    key(),
    Column("slot", Integer, nullable=False, unique=True),
    line("name", optional=False),
    Column("side", String(1), nullable=False),
    Column("line", String(PROSE), nullable=False),
    Column("version", Integer, nullable=False),
    between("slot", 1, 9),
    one_of("side", SIDES),
)

drafts = table(
    "drafts",
    key(),
    ref("session_id", "sessions", index=False),
    Column("step", Integer, nullable=False),
    Column("body", String(1_000_000), nullable=False),
    when("saved_at"),
    UniqueConstraint("session_id", "step"),
)

audit_log = table(
    "audit_log",
    Column("chain", String(CODE), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    when("at"),
    Column("zone", String(60), nullable=False),
    code("actor"),
    code("action"),
    code("entity"),
    Column("entity_id", String(CODE)),
    Column("payload_digest", String(64), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("row_hash", String(64), nullable=False, unique=True),
    Column("mac", String(64)),
    one_of("chain", ("record", "access")),
    UniqueConstraint("chain", "prev_hash"),
)

audit_payloads = table(
    "audit_payloads",
    Column("chain", String(CODE), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(64)),
    Column("body", String(10_000_000)),
    ForeignKeyConstraint(["chain", "seq"], ["audit_log.chain", "audit_log.seq"]),
)

# What the outcomes count is kept counted (hiplog.storage.figures): no part of the record, made of it anew.
outcome_cells = table(
    "outcome_cells",
    Column("kind", String(CODE), primary_key=True),
    Column("key", String(400), primary_key=True),
    Column("n", Integer, nullable=False),
)

outcome_parts = table("outcome_parts", key(), Column("body", String(10_000_000), nullable=False))

outcome_marks = table("outcome_marks", key())

VOIDED = select(signatures.c.session_id).where(signatures.c.meaning == "void")
"""The keys of sessions that were declared void: readable, but never counted."""

FIGURES = {"outcome_cells", "outcome_parts", "outcome_marks"}
UNAUDITED = {"drafts", "audit_log", "audit_payloads", "credentials", *FIGURES}
AUDITED = tuple(t for t in metadata.sorted_tables if t.name not in UNAUDITED)
IDENTITY = {"patients_identity"}
