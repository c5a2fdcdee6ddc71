"""The follow-up after a session: who was asked how, what was reported, and who must see a physician."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hiplog.clinical.code_words import said
from hiplog.clinical.errors import BadInput
from hiplog.clinical.reactions import ASKED_HOW, REACTIONS, REPORTERS
from hiplog.clinical.record import FollowUp, Inquiry, Reaction, Referral
from hiplog.language import _
from hiplog.tui.dialogs import reads
from hiplog.tui.dialogs.form import Field, Form, Values

ASKED = tuple((code, words) for code, words in ASKED_HOW.items() if code != "not_asked")
YES_NO = (("yes", _("yes")), ("no", _("no")))
NOBODY = "-"
REFER = _("refer: medical review today")
SIGNS = {
    "infection": ("INFECT", _("redness, warmth or fever")),
    "weakness": ("NERVE", _("new weakness or numbness")),
    "breath": ("PNEUMO", _("breathless or chest pain")),
}
"""The signs that send a patient on, each with the effect it may be a sign of."""
SENT, NOT_SENT = _("{sign}; sent to a physician"), _("{sign}; not sent on yet")
SAY_TO_WHOM = _("a sign is there: say who the patient is sent to, or - for nobody yet")
NO_SIGN = _("nobody is sent on without a sign; answer y to one of the signs")
INTRO = _("After {visit}. Going through a list finds more than one open question does.")

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
        raise BadInput(_("reactions are entered, but the first answer says there were none"))
    if said_any and not found:
        raise BadInput(_("say which reaction: soreness, bruise or another"))
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
    return f"! {REFER}" if _yes(text) else said("no")


def _yes_words(text: str) -> str:
    return said(reads.choice(text, YES_NO))


def _of_ten(text: str) -> str:
    return _("{score} of 10").format(score=reads.whole(text, 0, 10))


def _to_words(text: str) -> str:
    return _("nobody yet") if text.strip() == NOBODY else _("kept with this contact")


def follow_up_form(visit: str, keep: Callable[[Told], Awaitable[FollowUp]]) -> Form[Told, FollowUp]:
    """Ask how the patient is after ``visit``."""
    reporters = dict(REPORTERS)
    fields = (
        Field("by", _("told by"), _("p patient, t therapist"), "",
              lambda t: reporters[reads.choice(t, tuple(REPORTERS.items()))], needed=True),
        Field("how", _("asked"), _("c checklist, o open"), "",
              lambda t: ASKED_HOW[reads.choice(t, ASKED)], needed=True),
        Field("any", _("any reaction"), _("y or n"), "", _yes_words, needed=True),
        Field("soreness", _("soreness"), _("0 to 10"), "", _of_ten),
        Field("bruise", _("bruise"), _("mm across"), "", lambda t: f"{reads.whole(t, 1, 500, 'mm')} mm"),
        Field("infection", _("redness/fever"), _("y/n redness, warmth, fever"), "", _alarm_words,
              needed=True),
        Field("weakness", _("weakness"), _("y/n new weakness, numbness"), "", _alarm_words, needed=True),
        Field("breath", _("breath"), _("y/n breathless, chest pain"), "", _alarm_words, needed=True),
        Field("to", _("sent to"), _("whom, - nobody yet"), "", _to_words),
        Field("urgent", _("urgent"), _("y/n, when sent on"), "", _yes_words),
        Field("other", _("other"), _("fatigue, headache …"), "", reads.words_of(REACTIONS)),
    )  # fmt: skip
    return Form(_("Follow-up"), fields, told, keep, intro=INTRO.format(visit=visit))
