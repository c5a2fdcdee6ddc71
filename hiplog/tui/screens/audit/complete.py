"""Completeness at a glance: each rule with how many meet it, and a rate only when there are enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from hiplog.language import _
from hiplog.tui.screens.parts import fit, joined

if TYPE_CHECKING:
    from hiplog.outcomes.completeness import Completeness

LABEL, COUNT, BAR = 32, 13, 12
ENOUGH = 10
"""Fewer than this say nothing about a rate: at 5 of 5 the interval still reaches down to 57 %."""

WORDS = {
    "signed": _("signed"),
    "signed_24h": _("signed within 24 h of the visit"),
    "screening": _("all screening questions answered"),
    "consent": _("consent given and not withdrawn"),
    "needles": _("as many needles out as in"),
    "pain_before": _("pain before needling measured"),
    "pain_after": _("pain afterwards measured"),
    "follow_up_72h": _("followed up within 72 h"),
}


def lines(rows: Sequence[Completeness]) -> list[Content]:
    """A heading and a line a rule."""
    title = _("Completeness: sessions entered here, not voided; with 95 % interval")
    return [joined((title, "bold $primary")), *map(_line, rows)]


def _line(row: Completeness) -> Content:
    label = fit(WORDS.get(row.rule, row.label), LABEL)
    count = f"{row.passed:,}/{row.denominator:,}" if row.denominator else _("none yet")
    if row.rate is None or row.interval is None or row.denominator < ENOUGH:
        return joined(f"{label} {count:>{COUNT}}  ", _("too few for a rate") if row.denominator else "")
    low, high = (_percent(bound).lstrip("<>") for bound in row.interval)
    full = int(BAR * row.rate)
    rate = f"{_percent(row.rate):>4} %  "
    bar = "━" * full + "·" * (BAR - full)
    return joined(f"{label} {count:>{COUNT}}  ", (rate, "bold"), f"{low}–{high:<4} ", (bar, "$primary"))


def _percent(share: float) -> str:
    """Whole percent; only all of them are 100 %, and only none of them 0 %."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return ">99"
    return "<1" if whole == 0 and share > 0 else str(whole)
