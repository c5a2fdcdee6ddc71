"""The follow-up after a session: who was asked how, what was reported, and who must see a physician."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hiplog.clinical.errors import BadInput
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import FollowUp, Inquiry, Reaction, Referral
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.form import Field, Form, Values

ASKED = tuple((code, words) for code, words in ASKED_HOW.items() if code != "not_asked")
YES_NO = (("yes", "yes"), ("no", "no"))
NOBODY = "-"
REFER = "refer: medical review today"
SIGNS = {
    "infection": ("INFECT", "redness, warmth or fever"),
    "weakness": ("NERVE", "new weakness or numbness"),
    "breath": ("PNEUMO", "breathless or chest pain"),
}
"""The signs that send a patient on, each with the effect it may be a sign of."""
SENT, NOT_SENT = "{sign}; sent to a physician", "{sign}; not sent on yet"
SAY_TO_WHOM = "a sign is there: say who the patient is sent to, or - for nobody yet"
NO_SIGN = "nobody is sent on without a sign; answer y to one of the signs"
INTRO = "After {visit}. Going through a list finds more than one open question does."

Told = tuple[Inquiry, tuple[Referral, ...]]


def told(values: Values) -> Told:
    """Make the inquiry of the typed answers, and the referral that a sign leads to.

    ``BadInput`` when "none" and a reaction are both said, or a sign is there and nobody is named.
    """
    signs = [name for name in SIGNS if values[name] and _yes(values[name])]
    if signs and not values["to"]:
        raise BadInput(SAY_TO_WHOM)
    if values["to"] not in ("", NOBODY) and not signs:
        raise BadInput(NO_SIGN)
    to = values["to"] if values["to"] != NOBODY else ""
    return inquiry(values, signs, sent=bool(to)), _referrals(values, signs, to)


def _referrals(values: Values, signs: list[str], to: str) -> tuple[Referral, ...]:
    if not to:
        return ()
    urgent = bool(values["urgent"]) and _yes(values["urgent"])
    return (Referral(SIGNS[signs[0]][0], to, urgent, "; ".join(SIGNS[name][1] for name in signs)),)


def inquiry(values: Values, signs: list[str], *, sent: bool) -> Inquiry:
    """Make the inquiry; a sign is kept as what was reported and whether it was sent on."""
    how = reads.choice(values["how"], ASKED)
    reporter = reads.choice(values["by"], tuple(REPORTERS.items()))
    found = (*_coded(values), *_alarms(signs, sent))
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


def _alarms(signs: list[str], sent: bool) -> tuple[Reaction, ...]:
    # A sign is not a diagnosis: it is kept as what was reported, not as the effect it may point to.
    words = SENT if sent else NOT_SENT
    action = "referred" if sent else None
    return tuple(
        Reaction("OTHER", "significant", action=action, note=words.format(sign=SIGNS[name][1]))
        for name in signs
    )


def _yes(text: str) -> bool:
    return reads.choice(text, YES_NO) == "yes"


def _alarm_words(text: str) -> str:
    return f"! {REFER}" if _yes(text) else "no"


def _to_words(text: str) -> str:
    return "nobody yet" if text.strip() == NOBODY else "kept with this contact"


def follow_up_form(visit: str, keep: Callable[[Told], Awaitable[FollowUp]]) -> Form[Told, FollowUp]:
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
        Field("breath", "breath", "y/n breathless, chest pain", "", _alarm_words, needed=True),
        Field("to", "sent to", "whom, - nobody yet", "", _to_words),
        Field("urgent", "urgent", "y/n, when sent on", "", lambda t: reads.choice(t, YES_NO)),
        Field("other", "other", "fatigue, headache …", "", reads.words_of(REACTIONS)),
    )  # fmt: skip
    return Form("Follow-up", fields, told, keep, intro=INTRO.format(visit=visit))
