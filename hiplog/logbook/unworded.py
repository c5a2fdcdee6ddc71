"""A record without what was written in words, for whoever may read codes only (an auditor)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from hiplog.clinical.record import Amendment, Inquiry, Precaution, Session
from hiplog.clinical.requests import Request
from hiplog.language import _
from hiplog.logbook import overlay

HIDDEN = _("(words not shown)")
W = TypeVar("W", str, str | None)


def session(kept: Session) -> Session:
    """Return ``kept`` with every free text replaced; codes, numbers and times stay."""
    needles = replace(kept.needles, mismatch_reason=_word(kept.needles.mismatch_reason))
    return replace(
        kept,
        note=_word(kept.note),
        plan=_word(kept.plan),
        void_reason=_word(kept.void_reason),
        needles=needles,
        screening=tuple(replace(one, reason=_word(one.reason)) for one in kept.screening),
        inquiries=tuple(map(inquiry, kept.inquiries)),
        referrals=tuple(replace(one, to=HIDDEN, note=_word(one.note)) for one in kept.referrals),
        amendments=tuple(map(_amendment, kept.amendments)),
    )


def inquiry(asked: Inquiry) -> Inquiry:
    """Return an inquiry without the notes on its reactions."""
    found = tuple(replace(one, note=_word(one.note)) for one in asked.reactions)
    return replace(asked, reactions=found)


def precaution(standing: Precaution) -> Precaution:
    """Return a precaution without its note and without who cleared it."""
    return replace(standing, note=_word(standing.note), cleared_by=_word(standing.cleared_by))


def request(asked: Request) -> Request:
    """Return a request without what the patient and the clinic said in words."""
    steps = tuple(replace(step, said=_word(step.said)) for step in asked.steps)
    return replace(asked, wish=HIDDEN, why=_word(asked.why), steps=steps)


def _amendment(made: Amendment) -> Amendment:
    if made.column not in (*overlay.SESSION_FIELDS, "mismatch_reason"):
        return replace(made, reason=HIDDEN)
    return replace(made, reason=HIDDEN, old=_word(made.old), new=_word(made.new))


def _word(text: str | None) -> str | None:
    return None if text is None else HIDDEN
