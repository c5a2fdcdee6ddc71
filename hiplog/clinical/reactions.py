"""Unwanted effects of needling: kinds, severity and the published rates they are read against.

Severity is White's, as adverse events of acupuncture were graded: *mild* is short, reversible and no
inconvenience; *significant* needs medical attention or interferes with activity; *serious* is hospital,
persistent disability or death. Other schemes are derived from it by :func:`carnes`, :func:`boyce` and
:func:`ctcae`, never stored.

Rates of single kinds are Brady 2014 (7,629 treatments, reported by therapists): the percentage as
printed, the count worked back from it, the interval Wilson's at 95 %. They describe what therapists
report; see :data:`REPORTER_WARNING`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

Severity = Literal["mild", "significant", "serious"]
SEVERITIES: tuple[Severity, ...] = ("mild", "significant", "serious")
SEVERITY_WORDS: dict[str, str] = {
    "mild": _("short, reversible, no inconvenience"),
    "significant": _("needs medical attention or interferes with activity"),
    "serious": _("hospital, persistent disability or death"),
}

ASKED_HOW: dict[str, str] = {
    "checklist": _("asked item by item"),
    "open": _("asked one open question"),
    "not_asked": _("not asked"),
}
REPORTERS: dict[str, str] = {
    "therapist": _("seen or judged by the therapist"),
    "patient": _("told by the patient"),
}
ACTIONS: dict[str, str] = {
    "none": _("nothing was needed"),
    "pressure": _("pressed by hand"),
    "cold": _("cold pack"),
    "lay_down": _("laid down and watched"),
    "needles_out": _("needles taken out"),
    "stopped": _("session ended early"),
    "advice": _("advice given"),
    "referred": _("sent to a physician"),
    "emergency": _("emergency service or hospital"),
}
RELATEDNESS: dict[str, str] = {
    "certain": _("certainly from needling"),
    "probable": _("probably from needling"),
    "possible": _("possibly from needling"),
    "unlikely": _("unlikely from needling"),
    "not_related": _("not from needling"),
    "unknown": _("cannot be judged"),
}
OUTCOMES: dict[str, str] = {
    "resolved": _("gone"),
    "resolving": _("getting better"),
    "ongoing": _("unchanged"),
    "worse": _("getting worse"),
    "sequelae": _("gone, with lasting effect"),
    "fatal": _("fatal"),
    "unknown": _("not known"),
}

FOLLOW_UP_DUE_H = 24
FOLLOW_UP_CLOSE_H = 72
SORENESS_REVIEW_H = 72


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """A published rate: ``events`` of ``n``, ``percent`` with its 95 % interval, and where from.

    ``events`` or the interval are ``None`` where neither was printed nor can be worked out; ``unit`` says
    what was counted.
    """

    events: int | None
    n: int
    percent: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str
    unit: str = "treatments"


@dataclass(frozen=True, slots=True)
class ReactionKind:
    """A kind of effect. ``expected`` ones are told to every patient beforehand.

    ``is_harm`` is false for a twitch: a response, counted apart. ``default_severity`` is ``None`` where
    a person has to say it. ``rate`` is Brady 2014, ``None`` where that study gives none.
    """

    code: str
    label: str
    expected: bool
    default_severity: Severity | None
    is_harm: bool
    rate: PublishedRate | None
    severities: tuple[Severity, ...]
    synonyms: tuple[str, ...] = ()
    note: str = ""
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The label and the synonyms."""
        return (self.label, *self.synonyms)


BRADY_TREATMENTS = 7629
_BRADY = "Brady 2014"


def _brady(events: int, percent: str, low: str, high: str, source: str = _BRADY) -> PublishedRate:
    return PublishedRate(events, BRADY_TREATMENTS, Decimal(percent), Decimal(low), Decimal(high), source)


BRADY_ANY_MILD = _brady(1463, "19.18", "18.31", "20.08")
BRADY_SIGNIFICANT = _brady(0, "0", "0", "0.05", "Brady 2014; Wilson bound, the paper prints <= 0.04 % (3/n)")
_NEVER = BRADY_SIGNIFICANT
_ONCE = _brady(1, "0.01", "0.00", "0.07")

_GRAVE: tuple[Severity, ...] = ("significant", "serious")

REACTIONS: Catalogue[ReactionKind] = Catalogue(
    (
        ReactionKind(
            "BRUISE",
            _("bruising or haematoma"),
            True,
            "mild",
            True,
            _brady(576, "7.55", "6.98", "8.16"),
            SEVERITIES,
            ("bruise", "haematoma", "hematoma", "b"),
        ),
        ReactionKind(
            "BLEED",
            _("bleeding of more than a few drops"),
            True,
            "mild",
            True,
            _brady(355, "4.65", "4.20", "5.15"),
            SEVERITIES,
            ("blood",),
        ),
        ReactionKind(
            "PAIN_DUR",
            _("pain during needling"),
            True,
            "mild",
            True,
            _brady(230, "3.01", "2.65", "3.42"),
            SEVERITIES,
            ("needling pain",),
        ),
        ReactionKind(
            "PAIN_AFT",
            _("pain or soreness afterwards"),
            True,
            "mild",
            True,
            _brady(167, "2.19", "1.88", "2.54"),
            SEVERITIES,
            ("soreness", "sore"),
            "Asked directly, most patients report it; usually gone within 72 h (J Clin Med 2021;10:5527).",
        ),
        ReactionKind(
            "AGGRAV",
            _("symptoms worse"),
            False,
            "mild",
            True,
            _brady(67, "0.88", "0.69", "1.11"),
            SEVERITIES,
            ("aggravation", "worse"),
        ),
        ReactionKind(
            "DROWSY",
            _("drowsiness"),
            False,
            "mild",
            True,
            _brady(20, "0.26", "0.17", "0.40"),
            SEVERITIES,
            ("sleepy",),
        ),
        ReactionKind(
            "FAINT",
            _("faintness or dizziness"),
            False,
            "mild",
            True,
            _brady(17, "0.22", "0.14", "0.36", "Brady 2014; by subtraction: the rest of 1,463 mild events"),
            SEVERITIES,
            ("dizzy", "syncope", "vasovagal"),
            "A loss of consciousness (syncope) is significant.",
        ),
        ReactionKind(
            "HEADACHE", _("headache"), False, "mild", True, _brady(11, "0.14", "0.08", "0.26"), SEVERITIES
        ),
        ReactionKind(
            "NAUSEA", _("nausea"), False, "mild", True, _brady(10, "0.13", "0.07", "0.24"), SEVERITIES
        ),
        ReactionKind(
            "FATIGUE",
            _("fatigue"),
            True,
            "mild",
            True,
            _brady(3, "0.04", "0.01", "0.12"),
            SEVERITIES,
            ("tired",),
        ),
        ReactionKind(
            "EMOTION",
            _("altered emotion"),
            False,
            "mild",
            True,
            _brady(3, "0.04", "0.01", "0.12"),
            SEVERITIES,
            ("crying", "anxiety"),
        ),
        ReactionKind("SHAKE", _("shaking"), False, "mild", True, _ONCE, SEVERITIES, ("tremor",)),
        ReactionKind("ITCH", _("itching"), False, "mild", True, _ONCE, SEVERITIES),
        ReactionKind("CLAUSTRO", _("claustrophobia"), False, "mild", True, _ONCE, SEVERITIES),
        ReactionKind("NUMB", _("numbness"), False, "mild", True, _ONCE, SEVERITIES, ("tingling",)),
        ReactionKind(
            "INFECT",
            _("infection: local, deep or of a prosthesis"),
            False,
            "significant",
            True,
            _NEVER,
            _GRAVE,
            ("infection",),
            "One infection of a hip prosthesis is reported (PMID 26786794); its cause is unproven.",
        ),
        ReactionKind(
            "NERVE",
            _("nerve injury or foot drop"),
            False,
            "significant",
            True,
            _NEVER,
            _GRAVE,
            ("neuropraxia", "foot drop", "nerve palsy"),
            "Of 102 Polish therapists 14 % had ever seen a nerve palsy; that counts therapists, not "
            "treatments (J Clin Med 2024;13:7032).",
        ),
        ReactionKind(
            "RETAINED",
            _("needle retained, broken or forgotten"),
            False,
            "significant",
            True,
            None,
            _GRAVE,
            ("broken needle", "forgotten needle", "lost needle"),
            "A retained acupuncture needle has needed an operation (PMC6598534).",
        ),
        ReactionKind(
            "ALLERGY", _("allergic reaction"), False, "serious", True, None, SEVERITIES, ("allergic",)
        ),
        ReactionKind(
            "VASC", _("injury of a vessel"), False, "serious", True, None, SEVERITIES, ("vascular",)
        ),
        ReactionKind(
            "VISC", _("injury of an organ"), False, "serious", True, None, SEVERITIES, ("visceral",)
        ),
        ReactionKind(
            "PNEUMO",
            _("pneumothorax"),
            False,
            "serious",
            True,
            None,
            _GRAVE,
            (),
            "Out of reach at the hip; possible from quadratus lumborum and thoracolumbar entries.",
        ),
        ReactionKind("OTHER", _("other"), False, None, True, None, SEVERITIES),
        ReactionKind(
            "TWITCH",
            _("local twitch response"),
            True,
            None,
            False,
            None,
            (),
            ("ltr",),
            "A response of the muscle that is recorded with the needle site, not an adverse event.",
        ),
    )
)

BOYCE_SESSIONS = 20494
_BOYCE = "Boyce 2020, 420 physical therapists, 6 weeks"
BOYCE_2020: dict[str, PublishedRate] = {
    "MINOR": PublishedRate(
        7531, BOYCE_SESSIONS, Decimal("36.7"), None, None, _BOYCE, _("events per 100 sessions")
    ),
    "BLEED": PublishedRate(
        None, BOYCE_SESSIONS, Decimal("16"), None, None, _BOYCE, _("events per 100 sessions")
    ),
    "BRUISE": PublishedRate(
        None, BOYCE_SESSIONS, Decimal("7.7"), None, None, _BOYCE, _("events per 100 sessions")
    ),
    "PAIN_DUR": PublishedRate(
        None, BOYCE_SESSIONS, Decimal("5.9"), None, None, _BOYCE, _("events per 100 sessions")
    ),
    "MAJOR": PublishedRate(
        20,
        BOYCE_SESSIONS,
        Decimal("0.098"),
        Decimal("0.063"),
        Decimal("0.151"),
        _BOYCE,
        _("events per 100 sessions"),
    ),
}
"""Boyce 2020 counts events, not sessions with at least one, so only the rare major ones get an interval.

Its abstract prints both 20,464 and 20,494 sessions; only 20,494 gives its own 36.7 % and 1 in 1,024.
"""

ACUPUNCTURE_CONTEXT: dict[str, PublishedRate] = {
    "WHITE_SIGNIFICANT": PublishedRate(
        43, 31822, Decimal("0.14"), Decimal("0.08"), Decimal("0.20"), "White 2001", "consultations"
    ),
    "MACPHERSON_SIGNIFICANT": PublishedRate(
        43, 34407, Decimal("0.13"), Decimal("0.09"), Decimal("0.17"), "MacPherson 2001", "treatments"
    ),
    "MACPHERSON_SERIOUS": PublishedRate(0, 34407, Decimal(0), None, None, "MacPherson 2001", "treatments"),
    "WITT_ANY": PublishedRate(None, 229230, Decimal("8.6"), None, None, "Witt 2009", "patients"),
    "WITT_TREATED": PublishedRate(None, 229230, Decimal("2.2"), None, None, "Witt 2009", "patients"),
    "WITT_BLEED": PublishedRate(None, 229230, Decimal("6.1"), None, None, "Witt 2009", "patients"),
}
"""Rates of acupuncture, for context only: another treatment, other needles, other places."""

REPORTER_WARNING = _(
    "Who reports decides the rate. Therapists reported pain afterwards in 2.19 % of treatments (Brady 2014); "
    "patients asked directly reported soreness in 55 %, 88 % and 91 % (trials at the neck, J Clin Med "
    "2020;9:3300). The two are shown apart and never added up."
)


def carnes(severity: Severity, duration_h: Decimal | None = None) -> str:
    """Return the grade after Carnes: ``mild``, ``moderate`` or ``major``.

    Mild is short and without loss of function; moderate and major last days to weeks or need care. A mild
    effect of more than 72 h becomes moderate; the cut of 72 h is hiplog's own.
    """
    if severity == "serious":
        return "major"
    lasts = duration_h is not None and duration_h > SORENESS_REVIEW_H
    return "moderate" if severity == "significant" or lasts else "mild"


def boyce(severity: Severity) -> str:
    """Return the grade after Boyce 2020: ``minor``, or ``major`` for significant and serious."""
    return "minor" if severity == "mild" else "major"


_CTCAE_GRADES: dict[str, tuple[int, int, int]] = {
    "BRUISE": (1, 2, 2),
    "FAINT": (2, 3, 3),
    "INFECT": (1, 2, 3),
    "NERVE": (1, 2, 3),
    **dict.fromkeys(("PAIN_DUR", "PAIN_AFT", "HEADACHE", "NAUSEA", "FATIGUE"), (1, 2, 3)),
}


def ctcae(kind: str, severity: Severity) -> int | None:
    """Return the lowest CTCAE v5 grade (NCI 2017) that fits, or ``None`` where no row was compared.

    Bruising is 1 localised, 2 generalised; faintness 2, loss of consciousness 3; pain, headache, nausea
    and fatigue 1 mild, 2 limiting daily tasks, 3 limiting self-care; infection and nerve injury from 1.
    Setting White's three steps against these grades is hiplog's own choice, for comparison only.
    """
    grades = _CTCAE_GRADES.get(kind.upper())
    return None if grades is None else grades[SEVERITIES.index(severity)]


DUTY = _("look at your duty to report it: serious, or sent to a physician or to hospital")


def reportable(severity: str | None, action: str | None) -> bool:
    """Whether a clinic should look at its duty to report: sent to a physician or to hospital, or serious.

    After Florida's rule 64B17-6.008 (hospital transfer or physician referral); other places differ.
    """
    return severity == "serious" or action in ("referred", "emergency")
