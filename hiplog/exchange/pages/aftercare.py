"""The aftercare sheet: what was advised, in neutral words by code, and when to call; for A5 or A4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hiplog.clinical.aftercare import ADVICE, Advice, sheet_defaults
from hiplog.exchange.pages.paper import page
from hiplog.language import _
from hiplog.logbook.dates import moment_words

CALL = "WATCH"
"""The advice that is on every sheet, ticked or not: when to call."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: the clinic, who it is for, the visit if there was one, and the codes of the advice.

    ``name`` is printed only when it is given; otherwise the chart code alone says whose sheet it is.
    """

    clinic: str
    zone: str
    code: str
    advice: tuple[str, ...]
    session: int | None = None
    at: datetime | None = None
    name: str | None = field(default=None, repr=False)


def chosen(ticked: Iterable[str]) -> tuple[Advice, ...]:
    """Return the advice that was ticked, else the usual, in printed order; no act of the therapist."""
    told = {ADVICE[code].code for code in ticked if code in ADVICE and not ADVICE[code].for_therapist}
    return tuple(row for row in ADVICE if row.code in (told or sheet_defaults()))


def html(sheet: Sheet) -> str:
    """Return the page."""
    rows = [row for row in chosen(sheet.advice) if row.code != CALL]
    first, _colon, list_of = ADVICE[CALL].text.partition(": ")
    signs = [sign.strip().removeprefix(_("or ")).rstrip(".") for sign in list_of.split(",")]
    when = moment_words(sheet.at, sheet.zone) if sheet.at is not None else None
    return page("aftercare.html", sheet=sheet, rows=rows, call=first, signs=signs, when=when)
