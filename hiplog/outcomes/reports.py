"""Who was asked about which session, and what they said: therapist and patient never laid together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from hiplog.clinical.reactions import REACTIONS
from hiplog.outcomes.facts import Report

GRAVE = ("significant", "serious")
STRENGTH = ("yes", "none", "refused", "not_asked")

Told = dict[tuple[str, str], Report]
"""By session and reporter."""


def reports(sessions: Sequence[Row[Any]], asked: Sequence[Row[Any]]) -> Told:
    """Sort the inquiries by the session they speak of: "since last time" speaks of the one before.

    ``sessions`` are the counted ones, oldest first; ``asked`` a row for each reaction of each inquiry. What a
    first visit says of a treatment elsewhere speaks of none of ours and is left out.
    """
    previous = _previous(sessions)
    grouped: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in asked:
        if row.session_id in previous:
            grouped[row.id].append(row)
    found: dict[tuple[str, str], list[Report]] = defaultdict(list)
    for told in grouped.values():
        first = told[0]
        about = previous[first.session_id] if first.stage == "since_last" else first.session_id
        if about is not None:
            found[about, first.reporter].append(_report(told))
    return {key: _together(said) for key, said in found.items()}


def _previous(sessions: Sequence[Row[Any]]) -> dict[str, str | None]:
    """Map each session to the patient's one before it, whichever hip that was."""
    last: dict[str, str] = {}
    found: dict[str, str | None] = {}
    for row in sessions:
        found[row.id] = last.get(row.patient_id)
        last[row.patient_id] = row.id
    return found


def _report(told: Sequence[Row[Any]]) -> Report:
    named = [row for row in told if row.kind is not None]
    harms = [row for row in named if row.kind not in REACTIONS or REACTIONS[row.kind].is_harm]
    only_twitches = bool(named) and not harms
    return Report(
        "none" if only_twitches and told[0].state == "yes" else told[0].state,
        frozenset(row.kind for row in harms),
        any(row.severity in GRAVE for row in harms),
        max((row.soreness for row in harms if row.soreness is not None), default=None),
    )


def _together(said: Sequence[Report]) -> Report:
    """Lay several answers of one reporter together: a yes weighs most, then a none."""
    return Report(
        min((report.state for report in said), key=STRENGTH.index),
        frozenset().union(*(report.kinds for report in said)),
        any(report.grave for report in said),
        max((report.soreness for report in said if report.soreness is not None), default=None),
    )
