"""What a report of reactions asks of the clinic: lasting soreness to review, a duty to report to look at.

Most patients report soreness when asked; it is usually gone within 72 h (J Clin Med 2021;10:5527), in
trials after 24 to 48 h (J Clin Med 2020;9:3300), and greater with more insertions, with pain during needling
and in women (PMID 26406209). That soreness beyond 72 h is reviewed as a worsening is hiplog's own choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hiplog.clinical.reactions import DUTY, SORENESS_REVIEW_H, reportable
from hiplog.clinical.record import Inquiry
from hiplog.language import _

REVIEW = _("still sore {hours} h after needling: review; soreness is usually gone within {usual} h")


def needs_review(hours: Decimal) -> bool:
    """Whether soreness still present ``hours`` after needling is to be reviewed: beyond 72 h."""
    return hours > SORENESS_REVIEW_H


def of(asked: Inquiry) -> Iterator[str]:
    """Yield what is to be done about the answer, as sentences; nothing where nobody knows when it was asked.

    A score of 0 is no soreness.
    """
    sore = any(one.kind == "PAIN_AFT" and one.soreness != 0 for one in asked.reactions)
    if sore and asked.asked_at_h is not None and needs_review(asked.asked_at_h):
        yield REVIEW.format(hours=format(asked.asked_at_h.quantize(Decimal(1)), "f"), usual=SORENESS_REVIEW_H)
    if any(reportable(one.severity, one.action) for one in asked.reactions):
        yield DUTY
