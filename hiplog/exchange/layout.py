"""The tables of the audit bundle, declared once; the writer, the reader and every description follow."""

from __future__ import annotations

from hiplog.exchange.columns import (
    Column,
    Sheet,
    code,
    day,
    day_no,
    decimal,
    derived,
    flag,
    key,
    moment,
    person,
    ref,
    text,
    whole,
    year,
)

FORMAT = "hiplog-audit-bundle"
VERSION = 1

_SESSION = ref("session", "sessions", "the session")
_VERSION = whole("version", "how often the row was saved", low="1", required=True)
_NEEDLES = "own count, not the number of insertions"

PRACTITIONERS = Sheet(
    "practitioners",
    "who needles",
    (
        key(),
        Column(
            "code", "string", "sign-in code, used in every other table", "code", required=True, unique=True
        ),
        code("role", "what the person may do", "role", required=True, closed=True),
        flag("active", "whether the person may sign in", required=True),
        text("name", "printed name", required=True),
        text("licence", "licence number"),
        day("expires", "day the licence lapses"),
        text("training", "training in needling"),
        _VERSION,
    ),
    "practitioners",
)

PROTOCOLS = Sheet(
    "protocols",
    "the clinic's own needle plans; in the identified profile only, for a person named them",
    (
        key(),
        whole("slot", "the key it lies on", low="1", high="9", required=True),
        text("name", "what the clinic calls it", required=True),
        code("side", "the hip the line is written for", "side", required=True, closed=True),
        text("line", "the plan as a quick-entry line", required=True),
        _VERSION,
    ),
    "protocols",
    identified=True,
)

PATIENTS = Sheet(
    "patients",
    "people treated, by pseudonym",
    (
        key(),
        Column(
            "pseudonym", "string", "stable random code of the person", "pseudonym", required=True, unique=True
        ),
        Column("code", "string", "chart code", "code", identified=True, required=True, unique=True),
        code("sex", "sex as entered", "sex", required=True, closed=True),
        derived("erased", "boolean", "whether identity was erased", "an erasure is recorded", required=True),
        moment("erased_at", "when identity was erased"),
        _VERSION,
    ),
    "patients",
)

IDENTITY = Sheet(
    "patients_identity",
    "names and contact, apart from the coded rows",
    (
        Column(
            "id", "string", "the patient", "id", required=True, unique=True, uuid=True, refers="patients.id"
        ),
        text("family", "family name", required=True),
        text("given", "given name", required=True),
        day("birth", "date of birth"),
        text("phone", "telephone"),
        text("email", "e-mail"),
        text("note", "note about the person"),
        text("search_key", "how the person is found: names and code, folded", required=True),
    ),
    "patients_identity",
    identified=True,
)

EPISODES = Sheet(
    "episodes",
    "one hip of one patient with its cause",
    (
        key(),
        ref("patient", "patients", "the patient"),
        whole("number", "counts per patient", low="1", required=True),
        code("side", "which hip", "side", required=True, closed=True),
        code("cause", "why it hurts", "cause", required=True),
        Column("symptoms", "string", "symptom codes, a space between", "symptoms"),
        code("indication", "clinical indication", "indication"),
        derived("icd10", "string", "ICD-10-CM codes, a space between", "from cause, indication and side"),
        code("style", "style of needling", "style"),
        day_no("onset_day_no", "onset"),
        day_no("opened_day_no", "opening"),
        day_no("closed_day_no", "closing"),
        year("opening", "opened_year"),
        day("onset", "onset"),
        day("opened_on", "day opened", required=True),
        day("closed_on", "day closed"),
        text("close_reason", "why it was closed"),
        _VERSION,
    ),
    "episodes",
)

PRECAUTIONS = Sheet(
    "precautions",
    "standing facts that screening respects",
    (
        key(),
        ref("patient", "patients", "the patient"),
        code("item", "the screening question that it answers", "question", required=True),
        derived("cleared", "boolean", "whether somebody cleared it", "cleared_by is filled", required=True),
        day_no("since_day_no", "beginning"),
        day_no("ended_day_no", "end"),
        day("since", "since when"),
        day("ended_on", "day it ended"),
        text("cleared_by", "surgeon or physician who allowed needling"),
        text("note", "note"),
        _VERSION,
    ),
    "precautions",
)

SESSIONS = Sheet(
    "sessions",
    "every visit: drafts, signed and voided ones",
    (
        key(),
        ref("patient", "patients", "the patient"),
        ref("episode", "episodes", "the episode"),
        person("therapist", "who needled, by code", "therapist_id", required=True),
        whole("number", "counts per patient", low="1", required=True),
        day_no("day_no", "the visit"),
        year("the visit"),
        derived(
            "age_band",
            "string",
            "age at the visit in bands",
            "from birth date and day; 90+ is the last band",
            codes="age_band",
        ),
        moment("occurred_at", "when the visit took place", required=True),
        moment("recorded_at", "when the record was begun", required=True),
        Column("zone", "string", "time zone of the visit", "zone", identified=True, required=True),
        derived(
            "late",
            "boolean",
            "whether it was recorded late",
            "begun more than 24 h after the visit",
            required=True,
        ),
        Column(
            "status",
            "string",
            "state of the record",
            "status",
            codes="status",
            closed=True,
            required=True,
            derivation="voided where a signature of meaning void exists",
        ),
        code("origin", "where the record comes from", "entry", required=True, closed=True),
        _VERSION,
        person("signed_by", "who signed, by code", "signed_by"),
        moment("signed_at", "when it was signed"),
        Column("content_hash", "string", "SHA-256 of what was signed", "content_hash", identified=True),
        ref("carried_from", "sessions", "the session whose plan was laid in", "carried_from", required=False),
        derived(
            "insertions",
            "integer",
            "skin insertions",
            "sum over insertions.csv, as signed",
            required=True,
            low="0",
        ),
        whole("needles_opened", f"needles opened; {_NEEDLES}", "needles", "0", "200"),
        whole("needles_inserted", f"needles put in; {_NEEDLES}", "needles", "0", "200"),
        whole("needles_withdrawn", f"needles taken out; {_NEEDLES}", "needles", "0", "200"),
        whole("needles_to_sharps", f"needles in the sharps container; {_NEEDLES}", "needles", "0", "200"),
        derived(
            "mismatch_explained",
            "boolean",
            "whether a reason for a mismatch is recorded",
            "mismatch_reason is filled",
            required=True,
        ),
        text("mismatch_reason", "why the counts differ"),
        derived(
            "muscles_distinct",
            "integer",
            "different muscles needled",
            "left and right count once, as signed",
            required=True,
            low="0",
        ),
        derived(
            "muscle_band",
            "string",
            "band of different muscles needled",
            "from muscles_distinct",
            codes="muscle_band",
            required=True,
        ),
        derived(
            "adverse_any",
            "string",
            "whether any unwanted effect of this session is known",
            "the strongest answer of its inquiries: yes, none, refused, not_asked; a twitch is no effect",
            codes="answer",
            required=True,
        ),
        text("note", "note"),
        text("plan", "plan for the next visit"),
    ),
    "sessions",
)

SIGNATURES = Sheet(
    "signatures",
    "who signed what, with which meaning",
    (
        key(),
        _SESSION,
        code("meaning", "what the signature says", "meaning", required=True, closed=True),
        person("practitioner", "who signed, by code", "practitioner_id", required=True),
        day_no("day_no", "signing"),
        year("signing"),
        moment("at", "when", required=True),
        Column("zone", "string", "time zone of the signature", "zone", identified=True, required=True),
        text("printed_name", "name as printed", required=True),
        Column(
            "content_hash",
            "string",
            "SHA-256 of what was signed",
            "content_hash",
            identified=True,
            required=True,
        ),
        text("reason", "why, for a void"),
    ),
    "signatures",
)

SCREENING = Sheet(
    "screening",
    "what was asked before needling",
    (
        key(),
        _SESSION,
        code("item", "the question", "question", required=True),
        code("answer", "the answer", "answer", required=True, closed=True),
        code("finding", "what the rules made of it", "finding", closed=True),
        code("rule_version", "edition of the rules", required=True),
        code(
            "asked", "whether it was answered by itself or with all that were left", "asked_as", closed=True
        ),
        derived(
            "overridden",
            "boolean",
            "whether a reason overrides the rule",
            "override_reason is filled",
            required=True,
        ),
        text("override_reason", "why needling was allowed all the same"),
    ),
    "screening",
)

CONSENTS = Sheet(
    "consents",
    "consent at a session",
    (
        key(),
        _SESSION,
        code("form_version", "edition of the form", required=True),
        flag("given", "whether consent was given", required=True),
        flag("withdrawn", "whether it was withdrawn", required=True),
        flag("copy_given", "whether the patient got a copy"),
    ),
    "consents",
)

INSERTIONS = Sheet(
    "insertions",
    "needle sites, one row a site and side",
    (
        key(),
        _SESSION,
        whole("seq", "order within the session", low="1", required=True),
        code("muscle", "muscle", "muscle", required=True),
        code("side", "side of the body", "side", required=True, closed=True),
        code("zone", "part of the muscle, or a place @x,y on the map"),
        code("target", "what was needled", "target", required=True, closed=True),
        decimal("diameter_mm", "needle diameter", 2, "mm", "0.10", "0.50"),
        whole("length_mm", "needle length", "mm", "10", "150"),
        whole("depth_mm", "depth reached", "mm", "1"),
        whole("insertions", "skin insertions at this site", "", "1", "99", required=True),
        code("technique", "how the needle was used", "technique"),
        whole("passes", "passes through one skin entry"),
        decimal("hz", "frequency of the current", 1, "Hz"),
        decimal("ma", "strength of the current", 1, "mA"),
        whole("retention_min", "how long it stayed; 0 is in and out", "min", "0", "60"),
        code("twitch", "local twitch response, a response and no mark of quality", "twitch", closed=True),
        whole("twitch_count", "twitches counted", "", "1"),
        flag("familiar_pain", "whether the patient knew the pain"),
        code("inserted_by", "who put it in, by code"),
        code("removed_by", "who took it out, by code"),
        code("origin", "how the row came about", "origin", required=True, closed=True),
    ),
    "insertions",
)

FOLLOW_UPS = Sheet(
    "follow_ups",
    "contacts after a session",
    (
        key(),
        _SESSION,
        code("state", "what came of it", "follow_up_state", required=True, closed=True),
        derived(
            "done_after_h",
            "number",
            "hours from the session to the contact",
            "done_at less occurred_at",
            places=1,
            unit="h",
        ),
        person("by", "who made the contact, by code", "by_id"),
        moment("due_at", "when it was due", required=True),
        moment("closes_at", "when it was to be closed", required=True),
        moment("done_at", "when it was done"),
        _VERSION,
    ),
    "follow_ups",
)

INQUIRIES = Sheet(
    "inquiries",
    "whether somebody was asked about unwanted effects, how, and what came of it",
    (
        key(),
        _SESSION,
        ref("follow_up", "follow_ups", "the contact it belongs to", required=False),
        code("stage", "about which time", "inquiry_stage", required=True, closed=True),
        code("asked_how", "how it was asked", "asked_how", required=True, closed=True),
        code("reporter", "who reports; the two are never pooled", "reporter", required=True, closed=True),
        code("state", "the answer", "answer", required=True, closed=True),
        decimal("asked_at_h", "hours since needling", 1, "h", "0"),
    ),
    "inquiries",
)

REACTIONS = Sheet(
    "reactions",
    "unwanted effects reported",
    (
        key(),
        ref("inquiry", "inquiries", "the inquiry that brought it up"),
        code("kind", "kind of effect", "reaction", required=True),
        code("severity", "severity after White", "severity", closed=True),
        ref("insertion", "insertions", "the needle site, where known", required=False),
        decimal("onset_h", "hours from needling to onset", 1, "h"),
        decimal("duration_h", "how long it lasted", 1, "h"),
        whole("size_mm", "size", "mm", "1", "500"),
        whole("soreness", "soreness 0 to 10", "points", "0", "10"),
        code("action", "what was done", "action"),
        code("relatedness", "whether needling caused it", "relatedness"),
        code("outcome", "what became of it", "outcome"),
        text("note", "note"),
    ),
    "reactions",
)

READINGS = Sheet(
    "readings",
    "measured values",
    (
        key(),
        _SESSION,
        ref("follow_up", "follow_ups", "the contact it belongs to", required=False),
        code("stage", "when in the course of the visit", "stage", required=True, closed=True),
        code("measure", "what was measured", "measure", required=True),
        code("version", "edition of the questionnaire"),
        code("side", "side measured", "side", closed=True),
        Column(
            "value",
            "number",
            "the value; empty only with a missing_reason",
            "value",
            places=2,
            missing="empty: not measured, see missing_reason",
        ),
        code("unit", "unit of the value", "unit", required=True),
        code("mode", "how it was taken; group_mean is a published mean of several patients", "mode"),
        text("device", "instrument"),
        code("tester", "who took it, by code"),
        code("missing_reason", "why there is no value", "missing"),
    ),
    "readings",
)

ADVICE = Sheet(
    "advice",
    "advice given",
    (
        key(),
        _SESSION,
        code("code", "the advice", "advice", required=True),
    ),
    "advice",
)

REFERRALS = Sheet(
    "referrals",
    "patients sent on",
    (
        key(),
        _SESSION,
        ref("follow_up", "follow_ups", "the contact that led to it", required=False),
        code("reason", "the screening question or effect that led to it", "referral_reason", required=True),
        flag("urgent", "whether it was urgent", required=True),
        text("referred_to", "to whom", required=True),
        text("note", "note"),
    ),
    "referrals",
)

CO_TREATMENTS = Sheet(
    "co_treatments",
    "other treatment at the same visit",
    (
        key(),
        _SESSION,
        code("kind", "the treatment", "co_treatment", required=True),
    ),
    "co_treatments",
)

AMENDMENTS = Sheet(
    "amendments",
    "corrections of signed sessions: old value, new value, who, when, why",
    (
        key(),
        _SESSION,
        code("entity", "what kind of row was corrected", "entity", required=True),
        Column("entity_id", "string", "the row corrected", "entity_id", required=True, uuid=True),
        code("field", "which column", required=True),
        Column(
            "old_value",
            "string",
            "value before",
            "old_value",
            missing="empty: no value, or not shown (free text)",
        ),
        Column(
            "new_value",
            "string",
            "value after",
            "new_value",
            missing="empty: no value, or not shown (free text)",
        ),
        derived(
            "text_changed",
            "boolean",
            "whether the corrected column is free text",
            "such a column is in the identified profile only",
            required=True,
        ),
        person("practitioner", "who, by code", "practitioner_id", required=True),
        day_no("day_no", "the correction"),
        year("the correction"),
        moment("at", "when", required=True),
        text("reason", "why", required=True),
    ),
    "amendments",
)

REQUESTS = Sheet(
    "amendment_requests",
    "what patients asked to have amended; what followed is in request_steps",
    (
        key(),
        ref("patient", "patients", "the patient"),
        ref("session", "sessions", "the visit it is about; empty: the record as a whole", required=False),
        whole("number", "counts per patient", low="1", required=True),
        code("voice", "in whose words it stands", "voice", required=True, closed=True),
        person("practitioner", "who took it down, by code", "practitioner_id", required=True),
        day_no("day_no", "the request"),
        year("the request"),
        day("asked_on", "day it was asked", required=True),
        moment("at", "when it was taken down", required=True),
        text("wish", "what shall be changed", required=True),
        text("why", "why, as the patient told"),
    ),
    "amendment_requests",
)

REQUEST_STEPS = Sheet(
    "request_steps",
    "what followed a request: accepted, denied, carried out, disagreement",
    (
        key(),
        ref("request", "amendment_requests", "the request"),
        code("kind", "what followed", "request_step", required=True, closed=True),
        code("ground", "the ground of a denial", "ground", closed=True),
        ref("amendment", "amendments", "the amendment that carried it out", required=False),
        person("practitioner", "who, by code", "practitioner_id", required=True),
        day_no("day_no", "the step"),
        year("the step"),
        moment("at", "when", required=True),
        text("said", "the reason, or the statement, in words"),
    ),
    "request_steps",
)

AUDIT_LOG = Sheet(
    "audit_log",
    "the hash chain over every change of the record",
    (
        whole("seq", "place in the chain, from 1 without a gap", low="1", required=True),
        Column(
            "payload_digest", "string", "SHA-256 of salt and what was done", "payload_digest", required=True
        ),
        Column(
            "prev_hash",
            "string",
            "row_hash of the row before; the first follows the genesis",
            "prev_hash",
            required=True,
            unique=True,
        ),
        Column(
            "row_hash",
            "string",
            "SHA-256 over chain, seq, prev_hash and payload_digest",
            "row_hash",
            required=True,
            unique=True,
        ),
        moment("at", "when", required=True),
        Column("zone", "string", "time zone", "zone", identified=True, required=True),
        Column("actor", "string", "who, by code", "actor", identified=True, required=True),
        Column("action", "string", "what was done", "action", identified=True, required=True),
        Column("entity", "string", "to what kind of thing", "entity", identified=True, required=True),
        Column("entity_id", "string", "to which", "entity_id", identified=True),
        Column(
            "salt",
            "string",
            "salt of the digest",
            "salt",
            identified=True,
            missing="empty: erased, or not shown in a bundle of some days only",
        ),
        Column(
            "body",
            "string",
            "the row images as canonical JSON",
            "body",
            identified=True,
            missing="empty: erased, or not shown in a bundle of some days only",
        ),
        Column(
            "mac", "string", "keyed check of row_hash, where the clinic keeps a key", "mac", identified=True
        ),
    ),
    "audit_log",
    key=("seq",),
)

COMPLETENESS = Sheet(
    "completeness",
    "how complete the records of the range are",
    (
        Column("rule", "string", "what is looked at", required=True, unique=True),
        Column("label", "string", "the rule in words", required=True),
        Column("denominator", "integer", "records the rule applies to", required=True, low="0"),
        Column("passed", "integer", "records that meet it", required=True, low="0"),
        Column(
            "rate",
            "number",
            "passed divided by denominator",
            places=4,
            low="0",
            high="1",
            missing="empty: the rule applies to no record",
        ),
        Column(
            "ci_low", "number", "lower bound of the 95 % interval after Wilson", places=4, low="0", high="1"
        ),
        Column(
            "ci_high", "number", "upper bound of the 95 % interval after Wilson", places=4, low="0", high="1"
        ),
    ),
    key=("rule",),
)

EXCLUSIONS = Sheet(
    "exclusions",
    "rows that a figure leaves out, and why",
    (
        Column("file", "string", "the file the row stands in", required=True),
        Column("id", "string", "key of the row", required=True, uuid=True),
        Column("rule", "string", "which rule leaves it out", required=True),
        Column("why", "string", "the rule in words", required=True),
    ),
    key=("id", "rule"),
)

DATA: tuple[Sheet, ...] = (
    PRACTITIONERS,
    PROTOCOLS,
    PATIENTS,
    IDENTITY,
    EPISODES,
    PRECAUTIONS,
    SESSIONS,
    SIGNATURES,
    SCREENING,
    CONSENTS,
    INSERTIONS,
    FOLLOW_UPS,
    INQUIRIES,
    REACTIONS,
    READINGS,
    ADVICE,
    REFERRALS,
    CO_TREATMENTS,
    AMENDMENTS,
    REQUESTS,
    REQUEST_STEPS,
    AUDIT_LOG,
    COMPLETENESS,
    EXCLUSIONS,
)
"""Every data file, parents before children: the order in which they can be read back in."""

DICTIONARY = Sheet(
    "data_dictionary",
    "every column of every file",
    (
        Column("file", "string", "file", required=True),
        Column("column", "string", "column", required=True),
        Column("label", "string", "what it means", required=True),
        Column("type", "string", "Table Schema type", required=True),
        Column("unit", "string", "unit"),
        Column("codes", "string", "list in code_lists.csv"),
        Column("missing", "string", "what an empty cell means"),
        Column("min", "string", "smallest value"),
        Column("max", "string", "largest value"),
        Column("identifying", "boolean", "whether it can identify a person", required=True),
        Column("derivation", "string", "how it is worked out"),
        Column("since", "string", "layout version it came with", required=True),
    ),
    key=("file", "column"),
    folder="",
)

CODE_LISTS = Sheet(
    "code_lists",
    "every code and its meaning",
    (
        Column("list", "string", "list", required=True),
        Column("code", "string", "code", required=True),
        Column("label", "string", "meaning", required=True),
        Column("retired", "boolean", "whether new records no longer use it", required=True),
    ),
    key=("list", "code"),
    folder="",
)

BY_NAME = {sheet.name: sheet for sheet in DATA}


def profile(identified: bool) -> tuple[Sheet, ...]:
    """Return the data files of one profile."""
    return tuple(sheet for sheet in DATA if identified or not sheet.identified)


LEFT_OUT: dict[str, str] = {
    "clinic_settings": "stands in the manifest of the identified profile",
    "drafts": "the undo steps of a visit that is not signed yet; each save stands in the audit trail",
    "credentials": "the hashes of passphrases and PINs, which no auditor needs and a new home sets anew",
    "outcome_cells": "counts that the figures are worked out of; they are made of the record anew",
    "outcome_parts": "the same for each patient",
    "outcome_marks": "which of them have to be counted anew",
    "audit_payloads": "its rows are the columns salt and body of audit_log",
    "audit_log.chain": "the record chain only; of the access chain the manifest holds the head",
}
"""Tables of the logbook, and columns of exported ones, that are no file or column of a bundle, and why."""
