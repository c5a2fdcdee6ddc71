"""The outcomes report: the owner's eight questions, each with its pictures, tables, rules and verdict."""

from __future__ import annotations

from datetime import datetime

from hiplog.exchange.pages import care, outcomes
from hiplog.exchange.pages.answer import Answer
from hiplog.exchange.pages.paper import page, svg
from hiplog.exchange.pages.table import Table
from hiplog.language import _
from hiplog.logbook.dates import moment_words
from hiplog.outcomes.about import QUESTIONS
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.rates import quantity


def html(found: Dashboard, clinic: str, zone: str, now: datetime) -> str:
    """Return the page; ``now`` is when the figures were read."""
    return page(
        "report.html",
        clinic=clinic,
        found=found,
        when=moment_words(now, zone),
        answers=in_order(found),
        left_out=_left_out(found),
        svg=svg,
        quantity=quantity,
    )


def in_order(found: Dashboard) -> tuple[Answer, ...]:
    """The answers in the order of the questions."""
    made = outcomes.answers(found) | care.answers(found)
    return tuple(made[key] for key in QUESTIONS)


def _left_out(found: Dashboard) -> Table:
    rows = tuple(
        (one.patient, _("whole episode") if one.session is None else str(one.session), one.reason)
        for one in found.left_out
    )
    return Table(_("Left out, and why"), (_("chart code"), _("visit"), _("reason")), rows)
