"""The words of the small coded answers, as they are shown: severities, stages, states, columns."""

from __future__ import annotations

from hiplog.language import _, p_

WORDS: dict[str, str] = {
    # sex
    "female": _("female"),
    "male": _("male"),
    "other": p_("sex", "other"),
    "unknown": _("unknown"),
    # answers
    "not_asked": _("not asked"),
    "none": _("none"),
    "yes": _("yes"),
    "no": _("no"),
    "refused": _("refused"),
    # stages
    "before": _("before"),
    "after": _("after"),
    "follow_up": _("follow up"),
    # sessions and contacts
    "draft": _("draft"),
    "signed": _("signed"),
    "voided": _("voided"),
    "due": _("due"),
    "done": _("done"),
    "unreachable": _("unreachable"),
    "cancelled": _("cancelled"),
    # findings
    "stop": _("stop"),
    "refer": _("refer"),
    "caution": _("caution"),
    # severities
    "mild": _("mild"),
    "moderate": _("moderate"),
    "severe": _("severe"),
    "significant": _("significant"),
    "serious": _("serious"),
    # what a change amounts to
    "better": _("better"),
    "same": _("same"),
    "worse": _("worse"),
    "cannot tell": _("cannot tell"),
    # units that are words
    "points": _("points"),
    "stands": _("stands"),
    # how motion is taken
    "active": _("active"),
    "passive": _("passive"),
    "group_mean": _("group mean"),
    # roles
    "patient": _("patient"),
    "therapist": _("therapist"),
    "owner": _("owner"),
    "auditor": _("auditor"),
    # what else two people may change at once
    "consent": _("consent"),
    "sex": _("sex"),
    "phone": _("phone"),
    "email": _("e-mail"),
    # columns that can be amended
    "note": _("note"),
    "plan": _("plan"),
    "needles": _("needles"),
    "opened": _("opened"),
    "inserted": _("inserted"),
    "withdrawn": _("withdrawn"),
    "to_sharps": _("to sharps"),
    "mismatch_reason": _("mismatch reason"),
    "reading": _("reading"),
    "insertion": _("insertion"),
    "insertions": _("insertions"),
    "value": _("value"),
    "diameter_mm": _("diameter mm"),
    "length_mm": _("length mm"),
    "depth_mm": _("depth mm"),
    "retention_min": _("retention min"),
    "technique": _("technique"),
    "target": _("target"),
    "twitch": _("twitch"),
    "twitch_count": _("twitch count"),
    "familiar_pain": _("familiar pain"),
    "zone": _("zone"),
    "reason": _("reason"),
    "occurred_at": _("occurred at"),
}


def said(code: str) -> str:
    """Return the word for a code; one that has none is shown as it is, without its underscores."""
    return WORDS.get(code) or code.replace("_", " ")


def said_field(name: str) -> str:
    """Say the name of a field of a session: ``insertion.2.depth_mm`` is ``insertion 2 depth mm``."""
    return " ".join(said(part) for part in name.split("."))
