"""A number taken apart, in lines to read: its rule, what it rests on, what it leaves out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content

from hiplog.language import _
from hiplog.logbook.shown import shown
from hiplog.outcomes.explanation import Explanation
from hiplog.tui.screens.parts import joined

MOST = 400
"""Lines of each list: more than anybody reads here; the command line lists all of them."""


def lines(name: str, told: Explanation) -> list[Content]:
    """Everything about the number called ``name``: ``+`` counts, ``–`` does not."""
    found = [joined((shown(name), "bold"))]
    if told.figure not in name:
        found.append(joined(shown(told.figure)))
    found += [joined(""), *(joined(shown(sentence)) for sentence in told.rule), joined("")]
    count, events = len(told.used), told.rate.events
    found.append(
        joined(
            (
                _("It rests on {count}; {events} of them count (+)").format(count=count, events=events),
                "bold $primary",
            )
        )
    )
    used = (
        f"{'+' if one.counts else '–'} {one.patient} {_sessions(one.sessions)}: {one.said}"
        for one in sorted(told.used, key=lambda one: not one.counts)
    )
    found += _listed(used, count, told)
    if told.left_out:
        found += [
            joined(""),
            joined((_("Left out: {left_out}").format(left_out=len(told.left_out)), "bold $primary")),
        ]
        left = (f"  {one.patient} {_sessions(one.sessions)}: {one.reason}" for one in told.left_out)
        found += _listed(left, len(told.left_out), told)
    return found


def _sessions(numbers: tuple[int, ...]) -> str:
    listed = ", ".join(map(str, numbers))
    return (
        _("session {listed}").format(listed=listed)
        if len(numbers) == 1
        else _("sessions {listed}").format(listed=listed)
    )


def _listed(rows: Iterable[str], count: int, told: Explanation) -> Iterator[Content]:
    for _, row in zip(range(MOST), rows, strict=False):
        yield joined(shown(row))
    if count > MOST:
        command = f"hiplog outcomes --explain {told.question}:{told.key}"
        yield joined(
            _("and {count:,} more; {command} lists all").format(count=count - MOST, command=shown(command))
        )
