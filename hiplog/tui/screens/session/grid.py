"""The needle grid: one row a site, one key a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.needling import Insertion, Twitch
from hiplog.clinical.record import Session
from hiplog.language import _, p_
from hiplog.tui.keys import DIGITS, hidden
from hiplog.tui.screens.parts import fit, joined, stacked
from hiplog.tui.screens.session import consenting, edits
from hiplog.tui.screens.session.fields import Answered, Edit
from hiplog.tui.screens.session.keeper import Change

ZONE, NEEDLE, HOW, TWITCH = 4, 8, 6, 9
ROOM = 78
"""Columns from which a row has room for long words."""
NAME, ALL_ELSE = (12, 17), 55
CURSOR = "bold $block-cursor-foreground on $block-cursor-background"
TWITCHES: dict[str | None, str] = {
    None: "",
    "none": _("none"),
    "not_seen": _("unseen"),
    "not_sought": _("not sought"),
    "elicited": _("twitch"),
}
LAYS = _("  1 to 9 lays a protocol of the clinic, L lists them, m opens the body map.")
FAMILIAR = {None: "", True: _("familiar"), False: _("not fam.")}
FAMILIAR_SHORT = {None: "", True: _("fam."), False: _("not")}


class NeedleGrid(Widget, can_focus=True):
    """The rows of the draft with a cursor; every key posts an :class:`Edit`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("down,j", "move(1)", "grid.down", _("Down"), _("Next row")),
        hidden("up,k", "move(-1)", "grid.up", _("Up"), _("Row before")),
        hidden("t", "twitch", "grid.twitch", _("Twitch"), _("Twitch; again counts up")),
        hidden("T,minus", "said('none')", "grid.no_twitch", _("No twitch"), _("Sought, no twitch")),
        hidden("question_mark", "said('not_sought')", "grid.not_sought", _("Not sought"), _("Not sought")),
        hidden(
            "p",
            "familiar",
            "grid.familiar",
            _("Familiar pain"),
            _("Familiar pain reproduced; again: not; again: not said"),
        ),
        hidden("b", "bruise", "grid.bruise", _("Bruise"), _("Bruise or bleed seen; again takes it back")),
        hidden("s", "soreness", "grid.soreness", _("Soreness"), _("Soreness: s, then 0 to 9, x for 10")),
        hidden(
            "space",
            "confirm",
            "grid.confirm",
            _("Confirm"),
            _("Treated; untouched it means no twitch, no reaction seen"),
        ),
        hidden("x,delete", "strike", "grid.strike", _("Strike out"), _("Take the row out; ctrl+z undoes")),
        hidden("o", "mirror", "grid.mirror", _("Other side"), _("The same site on the other side")),
        hidden("enter", "rewrite", "grid.edit", _("Edit"), _("Edit the row as quick-entry text")),
        hidden("plus,colon", "enter", "grid.enter", _("Quick entry"), _("Type sites as one line")),
        hidden("m", "map", "grid.map", _("Body map"), _("Choose muscle and side on the body map")),
        *(
            hidden(
                str(slot),
                f"protocol({slot})",
                f"grid.protocol_{word}",
                _("Lay protocol {slot}").format(slot=slot),
                _("Lay the clinic's protocol {slot}: its plan, each row to be confirmed").format(slot=slot),
            )
            for slot, word in enumerate(DIGITS, 1)
        ),
        hidden("r", "timer", "grid.timer", _("Timer"), _("Start the retention timer; again stops it")),
        hidden(
            "F", "faint", "grid.faint", _("Faint"), _("Stamp: faint, needles coming out; counts can follow")
        ),
        hidden("w", "withdraw", "grid.withdraw", _("Consent withdrawn"), _("The patient withdraws consent")),
    ]

    DEFAULT_CSS = """
    NeedleGrid { height: auto; min-height: 4; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    cursor: reactive[int] = reactive(0)
    keys = _(
        "t twitch, again counts  - none  ? not sought  p familiar  b bruise  s0…9 sore\n"
        "Space done  x strike  o side  Enter edit  + entry  1…9 plan  m map  w withdraw"
    )

    jump_name = _("needle grid")

    class Enter(Message):
        """Quick entry is wanted: for ``row``, or for new sites."""

        def __init__(self, row: Insertion | None) -> None:
            super().__init__()
            self.row = row

    class Map(Message):
        """A site is to be chosen on the body map."""

    class Moved(Message):
        """The cursor is on another row."""

    @dataclass
    class Protocol(Message):
        """The clinic's protocol on the key ``slot`` is to be laid."""

        slot: int

    class Timer(Message):
        """The retention timer is to start or stop."""

    class Faint(Message):
        """The patient is faint."""

    def __init__(self, consent_form: str = "1") -> None:
        super().__init__(id="grid")
        self._form = consent_form
        self._draft: Session | None = None
        self._waiting = False

    def show(self, draft: Session) -> None:
        """Show the rows of ``draft``."""
        self._draft = draft
        self.cursor = max(0, min(self.cursor, len(draft.insertions) - 1))
        self.refresh(layout=True)

    @property
    def rows(self) -> tuple[Insertion, ...]:
        """The rows."""
        return self._draft.insertions if self._draft else ()

    @property
    def row(self) -> Insertion | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def render(self) -> Content:
        """Headings, rows, and the keys under the cursor."""
        if not self.rows or self._draft is None:
            return stacked(
                [
                    joined(_("  No site yet. + types one, as in "), ("gmed r 2 30x50 fifo t3", "bold")),
                    joined(LAYS),
                ]
            )
        lines = [joined((self._head(), "$foreground 75%"))]
        lines += [self._line(number, row) for number, row in enumerate(self.rows)]
        return stacked(lines)

    @property
    def _short(self) -> bool:
        return self.size.width < ROOM

    @property
    def _widths(self) -> tuple[int, int]:
        """Columns of the muscle's name and of the pain."""
        least, most = NAME
        return (min(max(self.size.width - ALL_ELSE, least), most), 4) if self._short else (most, 8)

    def _head(self) -> str:
        muscle, pain = self._widths
        columns = ((_("muscle"), muscle), ("s", 1), (_("zone"), ZONE), (_("needle"), NEEDLE), (_("how"), HOW))
        more = ((_("twitch"), TWITCH), (_("pain"), pain))
        return " ".join(["     ", *(f"{word:<{width}}" for word, width in (*columns, *more)), _("seen")])

    def _line(self, number: int, row: Insertion) -> Content:
        assert self._draft is not None
        wide, felt = self._widths
        familiar = (FAMILIAR_SHORT if self._short else FAMILIAR)[row.familiar_pain]
        here = number == self.cursor
        copied = row.origin == "copied"
        muscle, how = MUSCLES.get(row.muscle), (row.technique or "–").lower()
        text = (
            f"{fit(muscle.name if muscle else row.muscle, wide)} {row.side} {fit(row.zone or '–', ZONE)} "
            f"{fit(_needle(row), NEEDLE)} {fit(how, HOW)} {fit(_twitch(row), TWITCH)} {fit(familiar, felt)} "
        )
        seen = "s…" if here and self._waiting else _seen(self._draft, row.id, self._short)
        state = (_("copied"), "italic $accent") if copied and not seen else (seen, "bold")
        style = CURSOR if here and self.has_focus else "bold" if here else ""
        head = f"{'▸' if here else ' '}{number + 1:>2} {'○' if copied else '✓'} "
        return joined((head + text, style), state)

    def go_to(self, muscle: str, side: str) -> bool:
        """Put the cursor on the next row of ``muscle`` on ``side``; return whether there is one."""
        count = len(self.rows)
        order = [(self.cursor + step) % count for step in range(1, count + 1)] if count else []
        found = [at for at in order if (self.rows[at].muscle, self.rows[at].side) == (muscle, side)]
        if found:
            self.cursor = found[0]
        return bool(found)

    # -- keys ------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """After ``s``, take the number."""
        if not self._waiting:
            return
        self._waiting = False
        char = event.character or ""
        if (char.isdecimal() and char.isascii()) or char == "x":
            event.stop()
            event.prevent_default()
            self._edit(
                lambda site: edits.site_reaction(site, edits.SORENESS, 10 if char == "x" else int(char))
            )
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a number is awaited, digits are that number and ``x`` means ten."""
        return not (self._waiting and action in ("strike", "protocol"))

    def _edit(self, change: object) -> None:
        row = self.row
        if row is not None and callable(change):
            made: Change = change(row.id)
            self.post_message(Edit(made))

    def action_move(self, by: int) -> None:
        """Move the cursor; past an end the focus leaves the grid."""
        to = self.cursor + by
        if 0 <= to < len(self.rows):
            self.cursor = to
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def watch_cursor(self) -> None:
        """Keep the row in view."""
        self.refresh()
        self.post_message(self.Moved())
        if self.is_mounted:
            parent = self.parent
            if isinstance(parent, Widget):
                parent.scroll_to_region(
                    Region(0, self.virtual_region.y + self.cursor + 1, 1, 1), animate=False
                )

    def action_twitch(self) -> None:
        """A twitch."""
        self._edit(edits.twitched)

    def action_said(self, twitch: Twitch) -> None:
        """No twitch, or none sought."""
        self._edit(lambda site: edits.twitch_said(site, twitch))

    def action_familiar(self) -> None:
        """Familiar pain."""
        self._edit(edits.familiar)

    def action_bruise(self) -> None:
        """Bruise or bleed seen."""
        self._edit(lambda site: edits.site_reaction(site, edits.BRUISE))

    def action_soreness(self) -> None:
        """Wait for the number."""
        self._waiting = self.row is not None
        self.refresh()

    def action_confirm(self) -> None:
        """Treated: go to the next row; after the last, with none left unconfirmed, to the next step."""
        if self.row is None:
            return
        row = self.row
        self._edit(edits.confirmed)
        left = [r for r in self.rows if r.origin == "copied" and r.id != row.id]
        if self.cursor + 1 < len(self.rows):
            self.cursor += 1
        elif not left:
            self.post_message(Answered(self))

    def action_strike(self) -> None:
        """Take the row out."""
        self._edit(edits.struck)

    def action_mirror(self) -> None:
        """Add the other side."""
        self._edit(edits.mirrored)

    def action_withdraw(self) -> None:
        """Consent is withdrawn."""
        self.post_message(Edit(consenting.withdrawn(self._form)))

    def action_rewrite(self) -> None:
        """Edit the row under the cursor."""
        self.post_message(self.Enter(self.row))

    def action_enter(self) -> None:
        """Open quick entry."""
        self.post_message(self.Enter(None))

    def action_map(self) -> None:
        """Choose on the body map."""
        self.post_message(self.Map())

    def action_protocol(self, slot: int) -> None:
        """Lay a protocol."""
        self.post_message(self.Protocol(slot))

    def action_timer(self) -> None:
        """Start or stop the timer."""
        self.post_message(self.Timer())

    def action_faint(self) -> None:
        """The patient is faint."""
        self.post_message(self.Faint())

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()


def _needle(row: Insertion) -> str:
    if row.diameter_mm is None and row.length_mm is None:
        return "–"
    thick = "?" if row.diameter_mm is None else f"{row.diameter_mm:.2f}"
    return f"{thick}×{row.length_mm or '?'}"


def _twitch(row: Insertion) -> str:
    count = f" ×{row.twitch_count}" if row.twitch_count else ""
    return TWITCHES[row.twitch] + count


def _seen(draft: Session, site: str, short: bool) -> str:
    words = {edits.BRUISE: _("bruise"), edits.SORENESS: p_("short", "s") if short else _("sore ")}
    told = []
    for reaction in edits.seen_at(draft, site):
        score = f"{reaction.soreness}" if reaction.soreness is not None else ""
        told.append(f"{words.get(reaction.kind, reaction.kind.lower())}{score}".strip())
    return (" " if short else ", ").join(told)
