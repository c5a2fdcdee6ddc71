"""What a start looks at behind the first screen: the newest part of the trail, and the heads noted last.

It finds what happened since somebody last looked, at once; ``hiplog doctor --full`` looks at everything.
"""

from __future__ import annotations

from hiplog.clinical.errors import HiplogError
from hiplog.language import _
from hiplog.logbook import anchors, audit
from hiplog.logbook.book import Logbook
from hiplog.storage.chain import Finding
from hiplog.storage.unit import Unit

ONE = _("The newest part of the record does not verify: {first}. {next}")
MORE = _("The newest part of the record does not verify, in {count} places; the first: {first}. {next}")
NEXT = _("Press F4 and then v to check all of it; write nothing before somebody has looked.")
FAILED = _("The newest part of the record could not be checked: {first}. {next}")
CUT = ("cut-tail", "rewritten")
RESTORED = _(
    "This may be a backup that was brought back: then go on, the heads are noted when hiplog is left."
)


def look(book: Logbook, last: int = audit.LAST) -> str | None:
    """Say in a sentence what is wrong, and what to do next; ``None`` when all of it holds."""
    try:
        found = [*book.read(_recent, last), *book.read(_kept, anchors.newest(book))]
    except HiplogError as error:
        return FAILED.format(first=str(error).rstrip("."), next=NEXT)
    except ValueError:
        return FAILED.format(first=_("a value in the file is not written as hiplog writes it"), next=NEXT)
    if not found:
        return None
    words = ONE if len(found) == 1 else MORE
    step = NEXT if any(one.kind not in CUT for one in found) else f"{NEXT} {RESTORED}"
    return words.format(count=len(found), first=found[0].message.rstrip("."), next=step)


def _recent(unit: Unit, last: int) -> tuple[Finding, ...]:
    with unit.frugal():
        return audit.recent(unit, last).findings


def _kept(unit: Unit, kept: tuple[anchors.Kept, ...]) -> tuple[Finding, ...]:
    return tuple(anchors.compare(unit, kept))
