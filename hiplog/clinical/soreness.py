"""Soreness after needling: what is usual, and when it is looked at again.

Most patients report it when asked; it is usually gone within 72 h (J Clin Med 2021;10:5527), in trials after
24 to 48 h (J Clin Med 2020;9:3300), and greater with more insertions, with pain during needling and in women
(PMID 26406209). That soreness beyond 72 h is reviewed as a worsening is hiplog's own choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from hiplog.clinical.reactions import SORENESS_REVIEW_H
from hiplog.clinical.record import Reaction
from hiplog.language import _

KINDS = ("PAIN_AFT", "PAIN_DUR")
REVIEW = _("! still sore {hours} h after needling: review; soreness is usually gone within {usual} h")


def needs_review(hours: Decimal) -> bool:
    """Whether soreness still present ``hours`` after needling is to be reviewed: beyond 72 h."""
    return hours > SORENESS_REVIEW_H


def review(reactions: Iterable[Reaction], hours: Decimal | None) -> str | None:
    """Return what to say when soreness was told ``hours`` after needling and should have gone by then.

    ``None`` when there was none (a score of 0 is none), or nobody knows how long after it was asked.
    """
    sore = any(one.kind in KINDS and one.soreness != 0 for one in reactions)
    if not sore or hours is None or not needs_review(hours):
        return None
    return REVIEW.format(hours=format(hours.quantize(Decimal(1)), "f"), usual=SORENESS_REVIEW_H)
