"""The words round a picture: cards, the question, what may be said, n and missing, the rules."""

from __future__ import annotations

from textual.content import Content

from hiplog.language import _, p_
from hiplog.logbook.shown import shown
from hiplog.outcomes.about import QUESTIONS, About
from hiplog.outcomes.dashboard import Dashboard
from hiplog.outcomes.pictures.entries import cut
from hiplog.outcomes.rates import Rate, quantity
from hiplog.outcomes.safety import ANY
from hiplog.tui.screens.parts import joined, stacked

KEYS = tuple(QUESTIONS)
NAMES = (
    (_("responders"), _("pain change, n"), _("reactions (therapists)"), _("re-measured")),
    (_("responders"), _("change, n"), _("reactions (ther.)"), _("re-measured")),
    (_("responders"), _("change, n"), _("react. (ther.)"), _("re-measured")),
    (_("respond."), _("change, n"), _("react. (ther.)"), _("re-meas.")),
)
STRICT = _("responder: 2 points and 30 % less pain")
EITHER = _("responder: 2 points or 30 % less pain")
READING = p_("doing", "reading")
ABOUT = p_("roughly so many", "about")
TOO_FEW = _("too few for a rate")
TOLD, NOT_TOLD = "→", "?"
WHAT = {
    "time": _("a hip counts until its last score"),
    "safety": _("of the sessions asked about; never pooled"),
    "attendance": _("stopped: open, and 28 days without a visit"),
    "completeness": _("of the sessions a rule applies to"),
    "dose": _("skin insertions; soreness as the patient said"),
}
BAR = 24


def cards(found: Dashboard, width: int) -> Content:
    """Four figures, each over its n and interval; names shrink before figures do."""
    rows = [_card_rows(found, names) for names in NAMES]
    chosen = next((row for row in rows if sum(map(_wide, row)) + 6 <= width), rows[-1])
    spare = max((width - sum(map(_wide, chosen))) // 3, 1)
    top = "".join(f"{title:<{_wide((title, figure)) + spare}}" for title, figure in chosen)
    low = "".join(f"{figure:<{_wide((title, figure)) + spare}}" for title, figure in chosen)
    return stacked([joined(cut(top.rstrip(), width)), joined((cut(low.rstrip(), width), "bold"))])


def _wide(card: tuple[str, str]) -> int:
    return max(map(len, card))


def _card_rows(found: Dashboard, names: tuple[str, ...]) -> list[tuple[str, str]]:
    change = found.improvement.change
    middle = change.words.partition(", n")[0]
    harm = found.safety.rate(ANY, "therapist").sessions
    return [
        _card(names[0], found.improvement.lines.started),
        (f"{names[1]} {change.n}", middle),
        _card(names[2], harm),
        _card(names[3], found.attendance.remeasured),
    ]


def _card(name: str, rate: Rate) -> tuple[str, str]:
    if not rate.n:
        return name, _("none yet")
    figure = rate.words.partition(", ")[0].partition("= ")[2] or TOO_FEW
    return f"{name} {rate.events}/{rate.n}", figure


def heading(question: str) -> Content:
    """The eight numbers, this one in brackets, and the question."""
    parts: list[tuple[str, str] | str] = []
    for number, key in enumerate(KEYS, 1):
        parts.append((f"[{number}]", "bold $accent") if key == question else str(number))
        parts.append("" if question in KEYS[number - 1 : number + 1] else " ")
    return joined(*parts, (f"  {QUESTIONS[question]}", "bold $primary"))


NOTHING_YET = _("none to count yet: F2, then n at a patient, begins a visit; / filters wider")


def verdict(about: About) -> Content:
    """What may be said, with how many more would tell when nothing may."""
    words = about.verdict[:1].upper() + about.verdict[1:]
    if not about.told and about.needed and ABOUT not in words:
        units = quantity(about.needed, about.units).partition(" ")[2]
        would = _("{verdict}; {count} more {units} would help")
        words = would.format(verdict=words, count=about.needed, units=units)
    mark = (f"{TOLD} ", "bold $primary") if about.told else (f"{NOT_TOLD} ", "bold $accent")
    return joined(mark, shown(words), ".")


def frame(about: About, *, strict: bool) -> Content:
    """n, missing and the definition in short: one line; the pane and ``d`` have the whole."""
    missing = _("{missing} missing").format(missing=about.missing) if about.missing else _("none missing")
    rule = WHAT.get(about.key) or (STRICT if strict else EITHER)
    return joined(f"n = {quantity(about.n, about.units)}, {missing}; {rule}")


def rules(found: Dashboard, about: About) -> list[Content]:
    """The whole frame: n, missing, period, filters, every definition."""
    period = about.period[:1].upper() + about.period[1:]
    told = [
        joined(("n ", "bold $primary"), f"{quantity(about.n, about.units)}"),
        joined((_("missing "), "bold $primary"), shown(about.missing_told)),
        joined((_("period "), "bold $primary"), shown(period)),
        joined((_("shown "), "bold $primary"), shown(found.filters.words)),
    ]
    if about.key == "improvement":
        told.append(joined((_("responder "), "bold $primary"), shown(found.rule)))
    return [*told, joined(""), *(joined("· ", f"{rule[:1].upper()}{rule[1:]}") for rule in about.definition)]


def progress(part: str, done: int, total: int) -> str:
    """How far the reading is."""
    full = BAR * done // max(total, 1)
    told = _("{part}, {done} of {total}   Esc: stop")
    bar = f"{'█' * full}{'░' * (BAR - full)}"
    return f"{bar} {told.format(part=part or READING, done=done, total=total or '…')}"
