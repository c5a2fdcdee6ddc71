"""The follow-up after a session: who was asked how, what was reported, and who must see a physician."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hiplog.clinical.errors import BadInput
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import FollowUp, Inquiry, Reaction
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.form import Field, Form, Values

ASKED = tuple((code, words) for code, words in ASKED_HOW.items() if code != "not_asked")
YES_NO = (("yes", "yes"), ("no", "no"))
REFER = "refer: medical review today"
ALARM = {
    "infection": "redness, warmth or fever; sent to a physician",
    "weakness": "new weakness or numbness; sent to a physician",
}


def inquiry(values: Values) -> Inquiry:
    """Make the inquiry of the typed answers; ``BadInput`` when "none" and a reaction are both said."""
    how = reads.choice(values["how"], ASKED)
    reporter = reads.choice(values["by"], tuple(REPORTERS.items()))
    found = (*_coded(values), *_alarms(values))
    said_any = reads.choice(values["any"], YES_NO) == "yes"
    if found and not said_any:
        raise BadInput("reactions are entered, but the first answer says there were none")
    if said_any and not found:
        raise BadInput("say which reaction: soreness, bruise or another")
    return Inquiry("follow_up", how, reporter, "yes" if found else "none", found)


def _coded(values: Values) -> tuple[Reaction, ...]:
    found = []
    if values["soreness"]:
        found.append(Reaction("PAIN_AFT", "mild", soreness=reads.whole(values["soreness"], 0, 10)))
    if values["bruise"]:
        found.append(Reaction("BRUISE", "mild", size_mm=reads.whole(values["bruise"], 1, 500, "mm")))
    others = (Reaction(row.code, row.default_severity) for row in reads.several(REACTIONS, values["other"]))
    return (*found, *others)


def _alarms(values: Values) -> tuple[Reaction, ...]:
    # A sign is not a diagnosis: it is kept as what was reported and that it was sent on.
    signs = [note for name, note in ALARM.items() if values[name] and _yes(values[name])]
    return tuple(Reaction("OTHER", "significant", action="referred", note=note) for note in signs)


def _yes(text: str) -> bool:
    return reads.choice(text, YES_NO) == "yes"


def _alarm_words(text: str) -> str:
    return f"! {REFER}" if _yes(text) else "no"


def follow_up_form(visit: str, keep: Callable[[Inquiry], Awaitable[FollowUp]]) -> Form[Inquiry, FollowUp]:
    """Ask how the patient is after ``visit``."""
    reporters = dict(REPORTERS)
    fields = (
        Field("by", "told by", "p patient, t therapist", "",
              lambda t: reporters[reads.choice(t, tuple(REPORTERS.items()))], needed=True),
        Field("how", "asked", "c checklist, o open", "",
              lambda t: ASKED_HOW[reads.choice(t, ASKED)], needed=True),
        Field("any", "any reaction", "y or n", "", lambda t: reads.choice(t, YES_NO), needed=True),
        Field("soreness", "soreness", "0 to 10", "", lambda t: f"{reads.whole(t, 0, 10)} of 10"),
        Field("bruise", "bruise", "mm across", "", lambda t: f"{reads.whole(t, 1, 500, 'mm')} mm"),
        Field("infection", "redness/fever", "y/n redness, warmth, fever", "", _alarm_words, needed=True),
        Field("weakness", "weakness", "y/n new weakness, numbness", "", _alarm_words, needed=True),
        Field("other", "other", "fatigue, headache …", "", reads.words_of(REACTIONS)),
    )  # fmt: skip
    intro = f"After {visit}. Going through a list finds more than one open question does."
    return Form("Follow-up", fields, inquiry, keep, intro=intro)
