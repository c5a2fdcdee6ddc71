"""The protocols of the invented clinic: plans in the manner of those that hip studies describe."""

from __future__ import annotations

from hiplog.clinical import shorthand
from hiplog.logbook import protocols
from hiplog.logbook.archive import Unit

PLANS = (
    (1, "Lateral hip", "gmed r 2 30x50 fifo; gmin r ant 30x60 fifo; tfl r 30x40 fifo"),
    (2, "Buttock, in place 10 min", "gmax r 1 30x60 static ret10; piri r 1 30x75 static ret10"),
    (3, "Front of hip", "rf r 30x50 fifo; tfl r 30x40 fifo; sart r 30x40 fifo"),
)


def lay_down(unit: Unit) -> None:
    """Put the plans on their keys."""
    for slot, name, line in PLANS:
        protocols.write(unit, slot, name, "R", shorthand.parse(line).insertions)
