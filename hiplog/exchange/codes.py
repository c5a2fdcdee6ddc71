"""Every code list of the bundle with the words behind each code, from the vocabulary of the field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hiplog.clinical import needling, reactions, record, requests
from hiplog.clinical.aftercare import ADVICE
from hiplog.clinical.causes import CAUSES, INDICATIONS, SYMPTOMS
from hiplog.clinical.cotreatments import CO_TREATMENTS
from hiplog.clinical.measures import GROUP_MEAN, MEASURES
from hiplog.clinical.muscles import MUSCLES
from hiplog.clinical.questions import QUESTIONS
from hiplog.language import english

UNLISTED = "UNLISTED"
"""Stands in a de-identified bundle for a code that no list knows, for it could be anything a person typed."""


@dataclass(frozen=True, slots=True)
class Word:
    """One code and what it means; a retired one stands for old records only."""

    code: str
    label: str
    retired: bool = False


def _words(pairs: dict[str, str]) -> tuple[Word, ...]:
    return tuple(Word(code, label) for code, label in pairs.items())


def _plain(codes: Iterable[str]) -> tuple[Word, ...]:
    return tuple(Word(code, code.replace("_", " ")) for code in codes)


def _modes() -> Iterator[str]:
    yield GROUP_MEAN
    yield from sorted({mode for measure in MEASURES for mode in measure.modes})


LISTS: dict[str, tuple[Word, ...]] = {
    "muscle": tuple(Word(m.code, m.name, m.retired) for m in MUSCLES),
    "measure": tuple(Word(m.code, m.name, m.retired) for m in MEASURES),
    "unit": _plain(sorted({m.unit for m in MEASURES})),
    "mode": _plain(_modes()),
    "question": tuple(Word(q.code, q.name, q.retired) for q in QUESTIONS),
    "reaction": tuple(Word(r.code, r.label, r.retired) for r in reactions.REACTIONS),
    "cause": tuple(Word(c.code, c.name, c.retired) for c in CAUSES),
    "symptom": tuple(Word(s.code, s.name, s.retired) for s in SYMPTOMS),
    "indication": tuple(Word(i.code, i.name, i.retired) for i in INDICATIONS),
    "advice": tuple(Word(a.code, a.text, a.retired) for a in ADVICE),
    "co_treatment": tuple(Word(c.code, c.name, c.retired) for c in CO_TREATMENTS),
    "technique": tuple(Word(t.code, t.name, t.retired) for t in needling.TECHNIQUES),
    "style": tuple(Word(s.code, s.name, s.retired) for s in needling.STYLES),
    "twitch": _words(needling.TWITCH_WORDS),
    "target": _plain(needling.TARGETS),
    "origin": _words(
        {
            "typed": "typed row by row",
            "confirmed": "copied from an earlier session and confirmed",
            "copied": "copied from an earlier session, not confirmed",
        }
    ),
    "side": _words(record.SIDE_WORDS),
    "sex": _plain(record.SEXES),
    "role": _plain(record.ROLES),
    "stage": _words(
        {"before": "before needling", "after": "straight after needling", "follow_up": "at a later contact"}
    ),
    "inquiry_stage": _words(
        {
            "since_last": "about the time since the last session",
            "session": "about this session, before leaving",
            "follow_up": "about this session, at a later contact",
        }
    ),
    "answer": _words(
        {
            "not_asked": "not asked",
            "none": "asked, and the answer was none",
            "yes": "asked, and the answer was yes",
            "refused": "asked, and no answer was given",
        }
    ),
    "asked_as": _words(
        {
            "singly": "answered by itself",
            "together": "answered with all that were left, after the whole list was gone through",
        }
    ),
    "asked_how": _words(reactions.ASKED_HOW),
    "reporter": _words(reactions.REPORTERS),
    "severity": _words(reactions.SEVERITY_WORDS),
    "action": _words(reactions.ACTIONS),
    "relatedness": _words(reactions.RELATEDNESS),
    "outcome": _words(reactions.OUTCOMES),
    "finding": _words(
        {
            "stop": "no needling of what is concerned",
            "refer": "stop and medical review",
            "caution": "allowed with a recorded reason",
        }
    ),
    "status": _words(
        {
            "draft": "still being written",
            "signed": "signed and frozen; corrections are amendments",
            "voided": "signed, then declared void with a reason; no longer counted",
        }
    ),
    "entry": _words({"entered": "entered in this logbook", "imported": "brought in from another record"}),
    "meaning": _words(
        {
            "author": "signed by who wrote it",
            "co-sign": "signed by a second person",
            "void": "declared void",
            "imported": "signed by who imported it, who vouches for the copy and not for the visit",
        }
    ),
    "follow_up_state": _words(
        {
            "due": "not yet contacted",
            "done": "contacted",
            "unreachable": "tried, not reached",
            "cancelled": "cancelled with its session",
        }
    ),
    "missing": _words(
        {
            "not_taken": "asked for, not taken",
            "refused": "the patient declined",
            "unable": "the patient could not do it",
            "not_printed": "the source does not print it",
            "range_printed": "the source prints a range, which stands in the note",
            "amended": "taken back by an amendment",
            "other": "another reason",
        }
    ),
    "voice": _words(requests.VOICES),
    "ground": _words(requests.GROUNDS),
    "request_step": _words(requests.STEPS),
    "entity": _plain(("session", "insertion", "reading")),
    "age_band": _plain(("0-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+")),
    "muscle_band": _words({"0": "none", "1-2": "one or two muscles", "3+": "three or more muscles"}),
}
# Files are the same in every language.
LISTS = {
    name: tuple(replace(word, label=english(word.label)) for word in words) for name, words in LISTS.items()
}
_REASONS = {word.code: word for name in ("reaction", "question") for word in LISTS[name]}
LISTS["referral_reason"] = tuple(_REASONS.values())

KNOWN: dict[str, frozenset[str]] = {
    name: frozenset(word.code for word in words) for name, words in LISTS.items()
}
