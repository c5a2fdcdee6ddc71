"""What people typed in a session, passed through the boundary of :mod:`hiplog.logbook.texts`."""

from __future__ import annotations

from dataclasses import replace

from hiplog.clinical.errors import BadInput
from hiplog.clinical.measures import MEASURES
from hiplog.clinical.record import Inquiry, Reading, Referral, ScreeningAnswer, SessionDraft
from hiplog.clinical.screening import RULES_VERSION
from hiplog.language import _
from hiplog.logbook import texts


def session(draft: SessionDraft) -> SessionDraft:
    """Return the draft as it may be kept; ``BadInput`` names the text and the place."""
    reason = texts.prose(_("mismatch reason"), draft.needles.mismatch_reason)
    return replace(
        draft,
        screening=tuple(_answer(one) for one in draft.screening),
        inquiries=tuple(inquiry(one) for one in draft.inquiries),
        readings=tuple(reading(one) for one in draft.readings),
        referrals=tuple(referral(one) for one in draft.referrals),
        needles=replace(draft.needles, mismatch_reason=reason),
        note=texts.prose(_("note"), draft.note),
        plan=texts.prose(_("plan"), draft.plan),
    )


def inquiry(asked: Inquiry) -> Inquiry:
    """Return an inquiry with the notes of its reactions clean."""
    noted = (replace(r, note=texts.prose(_("note on a reaction"), r.note)) for r in asked.reactions)
    return replace(asked, reactions=tuple(noted))


def reading(taken: Reading) -> Reading:
    """Return a reading of a known measure; ``BadInput`` for another."""
    if taken.measure not in MEASURES:
        raise BadInput(
            _("{measure!r}: no such measure; name one by its code, as in nprs").format(
                measure=taken.measure[:40]
            )
        )
    return replace(taken, device=texts.optional(_("device"), taken.device))


def referral(made: Referral) -> Referral:
    """Return a referral as it may be kept; ``BadInput`` where nobody is named."""
    to = texts.line(_("referred to"), made.to)
    return replace(made, to=to, note=texts.prose(_("note on a referral"), made.note))


def _answer(given: ScreeningAnswer) -> ScreeningAnswer:
    reason = texts.prose(_("reason for {item}").format(item=given.item), given.reason)
    return replace(given, reason=reason, rule_version=given.rule_version or RULES_VERSION)
