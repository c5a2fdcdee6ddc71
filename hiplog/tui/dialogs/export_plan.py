"""What an export is asked for, read from its form; what it will hold and how far it is, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content

from hiplog.clinical import code_words
from hiplog.clinical.errors import BadInput
from hiplog.language import _
from hiplog.logbook import dates
from hiplog.logbook.shown import shown
from hiplog.tui.desk import Desk
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.form import Field, Values
from hiplog.tui.errand import Told
from hiplog.tui.screens.parts import fit, joined

if TYPE_CHECKING:
    from hiplog.exchange.bundle import Written
    from hiplog.exchange.contents import Contents

PROFILES = (("deidentified", _("de-identified")), ("identified", _("identified")))
YES_NO = (("yes", _("yes")), ("no", _("no")))
IN_A_ROW, GAP, ROOM = 3, "    ", 72
BAR = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written; ``folder`` is absolute."""

    since: date | None
    until: date | None
    identified: bool
    reason: str | None
    excel: bool
    folder: Path


def fields(desk: Desk) -> tuple[Field, ...]:
    """The rows of the form."""

    def said(text: str) -> str:
        return dates.words(dates.read_day(text, desk.today(), desk.book.settings.date_order))

    return (
        Field("from", _("from"), _("the beginning"), "", said),
        Field("to", _("to"), _("today"), "", said),
        Field(
            "profile",
            _("profile"),
            _("d de-identified, i identified"),
            PROFILES[0][1],
            _profile_words,
            needed=True,
        ),
        Field("reason", _("reason"), _("why names leave the logbook; for identified only")),
        Field(
            "excel",
            _("Excel copy"),
            _("y or n"),
            YES_NO[1][1],
            lambda text: code_words.said(reads.choice(text, YES_NO)),
            needed=True,
        ),
        Field("folder", _("folder"), _("a new folder where you started hiplog")),
    )


def plan_of(desk: Desk, values: Values) -> Plan:
    """Read the fields; ``BadInput`` says which cannot stand."""
    since, until = (_day(desk, values[name], name) for name in ("from", "to"))
    if since and until and since > until:
        raise BadInput(_("the first day lies after the last"))
    identified = reads.choice(values["profile"] or "d", PROFILES) == "identified"
    if identified and not values["reason"]:
        raise BadInput(_("identified: say why names leave the logbook; the reason is kept in it"))
    excel = bool(values["excel"]) and reads.choice(values["excel"], YES_NO) == "yes"
    folder = _folder(desk, values["folder"], since, until)
    return Plan(since, until, identified, values["reason"] if identified else None, excel, folder)


def _profile_words(text: str) -> str:
    if reads.choice(text, PROFILES) == "identified":
        return _("! with names; needs a reason, and an owner")
    return _("no names, dates or free text")


def _day(desk: Desk, text: str, what: str) -> date | None:
    return dates.read_day(text, desk.today(), desk.book.settings.date_order, what=what) if text else None


def _folder(desk: Desk, text: str, since: date | None, until: date | None) -> Path:
    if text:
        try:
            return Path(text).expanduser().absolute()
        except RuntimeError:
            raise BadInput(
                _("folder: {text!r} names nobody's home folder; give the path in full").format(text=text)
            ) from None
    days = f"{since or 'begin'}_{until or desk.today()}" if since or until else f"{desk.today()}"
    return Path.cwd() / f"hiplog-audit-{days}"


def count(unit: Any, plan: Plan) -> Contents:
    """Count what a bundle of ``plan`` will hold."""
    from hiplog.exchange import contents

    return contents.of(unit, plan.since, plan.until, identified=plan.identified)


def write(book: Any, plan: Plan, tell: Told) -> Written:
    """Write the bundle."""
    from hiplog.exchange import bundle

    options = {"identified": plan.identified, "reason": plan.reason, "excel": plan.excel}
    return bundle.write(book, plan.folder, since=plan.since, until=plan.until, progress=tell, **options)  # type: ignore[arg-type]


def contents_lines(plan: Plan, found: Contents) -> list[Content]:
    """What will be in it and where it goes."""
    named = (_("with names"), "bold $accent") if plan.identified else (_("without names"), "bold")
    copies = _(", twice: plain and for spreadsheets") if plan.excel else ""
    there = _("replaces what stands in {folder}") if plan.folder.exists() else _("goes into {folder}")
    table = [joined(line) for line in _beside_each_other(found.rows)]
    rows = _("{rows:,} rows in {tables} tables, ").format(rows=found.total, tables=len(found.rows))
    head = joined((rows, "bold"), named, copies)
    return [head, joined(there.format(folder=shown(str(plan.folder)))), *table]


def _beside_each_other(rows: Mapping[str, int]) -> list[str]:
    """Tables and their rows, in columns as wide as what stands in them; the last one gives way."""
    told = [(name.removeprefix("patients_"), f"{number:,}") for name, number in rows.items()]
    high = -(-len(told) // IN_A_ROW)
    columns = [told[at : at + high] for at in range(0, len(told), high)]
    wide = [tuple(max(map(len, texts)) for texts in zip(*column, strict=True)) for column in columns]
    over = sum(name + number + 1 for name, number in wide) + len(GAP) * (len(wide) - 1) - ROOM
    names = [name - max(over, 0) * (at == len(wide) - 1) for at, (name, _number) in enumerate(wide)]
    cells = [
        [f"{fit(name, room)} {number:>{width}}" for name, number in column]
        for column, room, (_name, width) in zip(columns, names, wide, strict=True)
    ]
    return [GAP.join(line) for line in zip_longest(*cells, fillvalue="")]


def progress_line(part: str, done: int, total: int) -> Content:
    """How far it is."""
    full = min(BAR, BAR * done // max(total, 1))
    bar = "█" * full + "░" * (BAR - full)
    return joined(
        (f"{bar} ", "$primary"),
        (_("writing {part}, ").format(part=part) if part else _("beginning, "), "bold"),
        _("{done:,} of {total:,} rows").format(done=done, total=total),
    )
