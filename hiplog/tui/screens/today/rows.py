"""The lines of the worklist and of what a search found."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from hiplog.language import _, counted
from hiplog.logbook import request_words
from hiplog.tui import privacy
from hiplog.tui.privacy import named
from hiplog.tui.screens.parts import HIPS, fit, heading, hip_words, joined, short_day

if TYPE_CHECKING:
    from hiplog.logbook.search import Found
    from hiplog.logbook.worklist import Item, Today

NAME, CODE, WHAT = 22, 8, 25
BOTH = _("both hips")
HIPS_WIDE = max(11, *(len(words) + 1 for words in (*HIPS.values(), BOTH)))
MARKS = {
    "draft": "○",
    "overdue": "!",
    "due": "·",
    "signed": "✓",
    "recent": " ",
    "open": "·",
    "late": "!",
    "accepted": "·",
}
LOUD = ("overdue", "draft", "late")
REQUESTS = ("open", "late", "accepted")
GROUPS = (
    ("drafts", _("Drafts to finish")),
    ("overdue", _("Follow-ups overdue")),
    ("due", _("Follow-ups due")),
    ("requests", _("Patients' requests for a change")),
    ("signed_today", _("Signed today")),
    ("recent", _("Recent")),
)
EMPTY = (
    _("Nothing waits today."),
    "",
    _("/  find a patient by any part of the name or chart code"),
    _("a  add a patient"),
)
FIRST = (
    _("Nothing waits today. Nobody is in this logbook yet."),
    "",
    _("a  add a patient: who it is, then which hip"),
    _("n  then starts a session, on the patient's page"),
    _("F1 lists the keys of every screen; ctrl+p finds everything by its name"),
    "",
    _("Records from elsewhere come in with: hiplog import FILE --map MAP.toml"),
)


def key_of(item: Item) -> str:
    """The id of a line: a patient may stand in several groups."""
    return f"{item.state}:{item.about or item.session_id}"


def by_key(today: Today) -> dict[str, Item]:
    """Every line of the list by its id."""
    return {key_of(item): item for name, _title in GROUPS for item in getattr(today, name)}


def worklist(today: Today, now: datetime) -> list[Option]:
    """Every group that has lines, each under its heading; hints when there is none."""
    options: list[Option] = []
    for name, title in GROUPS:
        items = getattr(today, name)
        if items:
            options.append(heading(f"{title} ({len(items)})"))
            options += [Option(_line(item, now), id=key_of(item)) for item in items]
    return options


def _line(item: Item, now: datetime) -> Content:
    mark = (f"{MARKS[item.state]} ", "bold $accent" if item.state in LOUD else "")
    return joined(
        mark,
        f"{_named(item.name)} {fit(item.code, CODE)} {fit(_what(item), WHAT)} ",
        _when(item, now),
    )


def _what(item: Item) -> str:
    if item.state in REQUESTS:
        return request_words.ENTRY.format(number=item.number, about=item.note)
    return hip_words(item.side, item.cause)


def _named(name: str) -> str:
    return fit(named(name), NAME)


def _when(item: Item, now: datetime) -> str:
    at = item.at.astimezone(now.tzinfo)
    if item.state in REQUESTS:
        return request_words.WAITS[item.state].format(day=short_day(at, now.date()))
    if item.state in ("overdue", "due"):
        return _("{span} ago").format(span=item.note) if item.state == "due" else item.note
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return short_day(at, now.date())


def found(rows: tuple[Found, ...], today: date) -> list[Option]:
    """What a search brought; a sentence when nothing fits."""
    if not rows:
        return [
            Option(
                Content(_("No name or chart code holds this. Esc clears, a adds a patient.")), disabled=True
            )
        ]
    return [Option(_found_line(row, today), id=f"patient:{row.id}") for row in rows]


def _found_line(row: Found, today: date) -> Content:
    hips = BOTH if len(row.sides) > 1 else "".join(HIPS[side] for side in row.sides)
    seen = _("not seen yet")
    if row.last_visit:
        visits = counted(row.visits, "{count} visit", "{count} visits")
        seen = f"{visits}, {short_day(row.last_visit, today)}"
    born = privacy.born(f"*{row.birth.year}") if row.birth else ""
    return joined(f"  {_named(row.name)} {fit(row.code, CODE)} {fit(born, 6)}{fit(hips, HIPS_WIDE)} {seen}")
