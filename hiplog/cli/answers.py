"""What the options of ``log`` and ``follow-up`` say about screening, consent and reactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from hiplog.cli.codes import choose
from hiplog.clinical.errors import BadInput
from hiplog.clinical.questions import FULL, QUESTIONS, RULES_VERSION
from hiplog.clinical.reactions import REACTIONS, SEVERITIES
from hiplog.clinical.record import AnswerState, AskedAs, Consent, Precaution, Reaction, ScreeningAnswer
from hiplog.clinical.screening import unanswered
from hiplog.language import _

CLEAR = "clear"
ANYTHING_NEW = "ANYTHING_NEW"
NONE = "none"
ANSWERS: dict[str, AnswerState] = {"yes": "yes", "no": "none", "none": "none", "refused": "refused"}


def screening(
    said: Sequence[str], standing: Iterable[Precaution], first_visit: bool
) -> tuple[ScreeningAnswer, ...]:
    """Return the answers that ``--screen`` gives; without it none, for nothing is preset.

    ``clear`` answers *none* to all that is due: every question at the first visit, "anything new?" later,
    and leaves out what a standing precaution answers. ``ITEM=yes:REASON`` answers that one so and all others
    *none*; at a later visit it answers "anything new?" with yes, which opens them all. Those answered
    without being named say that they were answered together.
    """
    if not said:
        return ()
    given = [_item(one) for one in said if one != CLEAR]
    named = {answer.item for answer in given}
    if len(named) < len(given):
        raise BadInput(_("--screen: the same item is answered twice"))
    if given and not first_visit and ANYTHING_NEW not in named:
        given.insert(0, _answer(ANYTHING_NEW, "yes"))
    due = unanswered(given, standing, first_visit)
    opened = FULL if given and not first_visit else due
    rest = (item for item in opened if item in due and item not in named)
    left = list(rest)
    how: AskedAs = "together" if len(left) > 1 else "singly"
    return (*given, *(replace(_answer(item, "none"), asked=how) for item in left))


def consent(said: str | None, form: str) -> Consent | None:
    """Return the consent that ``--consent`` gives; ``withdrawn`` was given first and taken back.

    ``form`` is the edition of the form in use.
    """
    if said is None:
        return None
    return Consent(form, given=True, withdrawn=said == "withdrawn")


def reactions(said: Sequence[str], option: str) -> tuple[Reaction, ...]:
    """Return the reactions that ``KIND[:SEVERITY]`` name; ``none`` alone is an empty answer."""
    if NONE in [one.lower() for one in said]:
        if len(said) > 1:
            raise BadInput(
                _("{option}: none and a reaction cannot both be true; leave one of them out").format(
                    option=option
                )
            )
        return ()
    return tuple(_reaction(one, option) for one in said)


def _item(said: str) -> ScreeningAnswer:
    item, equals, rest = said.partition("=")
    word, _sep, reason = rest.partition(":")
    state = ANSWERS.get(word.strip().lower())
    if not equals or state is None:
        raise BadInput(
            _("--screen: {said!r} is not understood; say clear, or ITEM=yes, or ITEM=yes:REASON").format(
                said=said[:40]
            )
        )
    return _answer(choose("--screen", item, QUESTIONS).code, state, reason.strip() or None)


def _answer(item: str, state: AnswerState, reason: str | None = None) -> ScreeningAnswer:
    return ScreeningAnswer(item, state, reason, RULES_VERSION, asked="singly")


def _reaction(said: str, option: str) -> Reaction:
    word, _sep, severity = said.partition(":")
    kind = choose(option, word, REACTIONS)
    if not kind.is_harm:
        raise BadInput(
            _(
                "{option}: {label} is recorded with its needle site, not as a reaction; say it in "
                "the line of hiplog log"
            ).format(option=option, label=kind.label)
        )
    chosen = severity.strip().lower() or kind.default_severity
    allowed = cast("tuple[str, ...]", kind.severities)
    if chosen is None:
        raise BadInput(
            _("{option}: say how bad it was, as in {code}:{severities}").format(
                option=option, code=kind.code.lower(), severities=SEVERITIES[0]
            )
        )
    if chosen not in allowed:
        raise BadInput(
            _("{option}: {label} can be {allowed}, not {chosen!r}").format(
                option=option, label=kind.label, allowed=", ".join(allowed), chosen=chosen[:20]
            )
        )
    return Reaction(kind.code, chosen)
