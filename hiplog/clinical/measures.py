"""Measures of pain, function, motion and strength: range, step, direction, and what change matters.

Only scores are kept; hiplog ships no item wording of any questionnaire. A ``None`` change means that no
figure was verified for the hip, not that no change matters. MCID (what a patient notices) and MDC (what
exceeds measurement error) are kept apart, because for some measures the second is the larger.

Where a source gives only a range, the upper end stands as the threshold and the lower among ``others``:
hiplog's own choice, so that no change is called real too early. Bounds of motion and of timed tests are
hiplog's own as well, wide enough to admit any patient and narrow enough to catch a slip.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

Better = Literal["lower", "higher"]
Kind = Literal["pain", "function", "motion", "strength", "global", "disability"]
GROUP_MEAN = "group_mean"

N_PER_CM2_PER_KGF = Decimal("9.80665")
KPA_PER_KGF_CM2 = Decimal("98.0665")


@dataclass(frozen=True, slots=True)
class Change:
    """A published figure about change, in the measure's unit and without sign.

    ``kind`` is ``MCID``, ``MCII``, ``MIC`` or ``MID`` (what matters to a patient), ``MDC`` with its
    confidence level (beyond error), ``SCORE ERROR`` (half-width round one score), ``PASS`` or ``SUCCESS``
    (a score reached, not a change). ``percent`` is of the baseline.
    """

    kind: str
    absolute: Decimal | None
    percent: Decimal | None
    population: str
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: values from ``low`` to ``high`` in ``step``, ``normal`` where one is published.

    ``better`` says which way improvement goes. ``needs_side`` asks for L or R. ``modes`` are the ways of
    taking it (empty: only one). ``loinc`` is ``None`` where no code was verified. ``source`` is that of
    the normal value and of the scale.
    """

    code: str
    name: str
    unit: str
    low: Decimal
    high: Decimal
    step: Decimal
    better: Better
    kind: Kind
    normal: Decimal | None = None
    mcid: Change | None = None
    mdc: Change | None = None
    others: tuple[Change, ...] = ()
    loinc: str | None = None
    licence: str = "free"
    needs_side: bool = False
    modes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


def check(code: str, value: Decimal, mode: str | None = None) -> str | None:
    """Return a sentence when ``value`` cannot be one of measure ``code``, else ``None``.

    ``mode`` must be one of the measure's own, or ``group_mean``: a published mean of several patients,
    which may lie between the steps but not outside the range.
    """
    measure = MEASURES.get(code)
    if measure is None:
        return _("There is no measure {code}.").format(code=code)
    if mode is not None and mode != GROUP_MEAN and mode not in measure.modes:
        known = ", ".join((*measure.modes, GROUP_MEAN))
        return _("{code} is not taken in mode {mode}; known: {known}.").format(
            code=measure.code, mode=mode, known=known
        )
    if not value.is_finite() or not measure.low <= value <= measure.high:
        return _("{code} {value} lies outside {low} to {high} {unit}.").format(
            code=measure.code, value=value, low=measure.low, high=measure.high, unit=measure.unit
        )
    if mode != GROUP_MEAN and (value - measure.low) % measure.step != 0:
        return _("{code} {value} is finer than its step of {step} {unit}.").format(
            code=measure.code, value=value, step=measure.step, unit=measure.unit
        )
    return None


def value_text(measure: Measure, value: Decimal) -> str:
    """Return ``value`` as a person writes it: ``6/10``, ``24°``, ``+4``, ``0.95 m/s``."""
    number = format(value, "f")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    if measure.unit == "deg":
        return f"{number}°"
    if measure.unit == "points":
        if measure.low < 0:
            return f"+{number}" if value > 0 else number
        return f"{number}/{format(measure.high, 'f')}"
    return f"{number} {measure.unit}"


def kgf_to_kpa(pressure: Decimal) -> Decimal:
    """Convert kgf/cm² to kPa, exactly (1 kgf/cm² is 9.80665 N/cm² or 98.0665 kPa)."""
    return pressure * KPA_PER_KGF_CM2


def kgf_to_newton(pressure: Decimal) -> Decimal:
    """Convert kgf/cm² to N/cm², exactly."""
    return pressure * N_PER_CM2_PER_KGF


def _change(
    kind: str, absolute: str | None, population: str, source: str, percent: str | None = None
) -> Change:
    return Change(
        kind,
        None if absolute is None else Decimal(absolute),
        None if percent is None else Decimal(percent),
        population,
        source,
    )


_ZERO, _ONE, _TEN, _HUNDRED = Decimal(0), Decimal(1), Decimal(10), Decimal(100)
_TENTH, _HUNDREDTH, _THOUSANDTH = Decimal("0.1"), Decimal("0.01"), Decimal("0.001")

_ABBOTT = "Abbott & Schmitt 2014"
_ABBOTT_PEOPLE = "musculoskeletal disorders, n = 1,708"
_BMC_2014 = "BMC Musculoskelet Disord 2014;15:235"
_END_STAGE = "end-stage hip osteoarthritis"
_WRIGHT = "Wright 2011"
_HIP_OA = "hip osteoarthritis"
_HOOS_LICENCE = "free download; contains WOMAC items by permission, so no item wording is shipped"

_NPRS_MCID = _change("MCID", "2", "chronic pain, 2,724 people in trials", "Farrar 2001", "30")
_NPRS_OTHERS = (
    _change("MID small", "1.5", _ABBOTT_PEOPLE, _ABBOTT),
    _change("MID large", "3.5", _ABBOTT_PEOPLE, _ABBOTT),
    _change("IMMPACT moderate", None, "chronic pain trials", "Dworkin 2008", "30"),
    _change("IMMPACT substantial", None, "chronic pain trials", "Dworkin 2008", "50"),
)
_VAS_MCID = _change("MCII", "15.3", _HIP_OA, "Tubach 2005", "32.0")
_VAS_MDC = _change("MDC95", "33", _END_STAGE, _BMC_2014)


def _nprs(code: str, name: str, synonyms: tuple[str, ...], loinc: str | None = None) -> Measure:
    return Measure(
        code=code,
        name=name,
        unit="points",
        low=_ZERO,
        high=_TEN,
        step=_ONE,
        better="lower",
        kind="pain",
        normal=_ZERO,
        mcid=_NPRS_MCID,
        others=_NPRS_OTHERS,
        loinc=loinc,
        synonyms=synonyms,
        source="numeric pain rating scale, 0 no pain, 10 worst imaginable",
    )


def _vas(code: str, name: str, synonyms: tuple[str, ...], loinc: str | None = None) -> Measure:
    return Measure(
        code=code,
        name=name,
        unit="mm",
        low=_ZERO,
        high=_HUNDRED,
        step=_ONE,
        better="lower",
        kind="pain",
        normal=_ZERO,
        mcid=_VAS_MCID,
        mdc=_VAS_MDC,
        loinc=loinc,
        synonyms=synonyms,
        source="visual analogue scale of 100 mm",
        note="The MDC of 33 mm exceeds the MCII of 15.3 mm: a change may matter and still be error.",
    )


def _percent_score(
    code: str,
    name: str,
    *,
    mcid: Change | None = None,
    mdc: Change | None = None,
    loinc: str | None = None,
    licence: str = _HOOS_LICENCE,
    synonyms: tuple[str, ...] = (),
    step: Decimal = _HUNDREDTH,
    note: str = "",
) -> Measure:
    """A 0–100 function score, 100 best."""
    return Measure(
        code=code,
        name=name,
        unit="points",
        low=_ZERO,
        high=_HUNDRED,
        step=step,
        better="higher",
        kind="function",
        normal=_HUNDRED,
        mcid=mcid,
        mdc=mdc,
        loinc=loinc,
        licence=licence,
        synonyms=synonyms,
        source="0–100, 100 best",
        note=note,
    )


def _hoos_mcii(points: str) -> Change:
    return _change("MCII", points, "hip pain treated without operation, no arthritis", "PMID 40123108")


def _hoos_mdc(points: str) -> Change:
    return _change("MDC95", points, _END_STAGE, _BMC_2014)


def _motion(
    code: str,
    name: str,
    low: int,
    high: int,
    normal: int,
    mdc: Change | None,
    synonyms: tuple[str, ...],
    *,
    others: tuple[Change, ...] = (),
    note: str = "",
) -> Measure:
    return Measure(
        code=code,
        name=name,
        unit="deg",
        low=Decimal(low),
        high=Decimal(high),
        step=_ONE,
        better="higher",
        kind="motion",
        normal=Decimal(normal),
        mdc=mdc,
        others=others,
        needs_side=True,
        modes=("active", "passive"),
        synonyms=synonyms,
        source="goniometer; normal value AAOS 1965",
        note=note,
    )


def _pua_mdc(degrees: str, which: str = "") -> Change:
    return _change("MDC95", degrees, f"{_HIP_OA}, n = 22{which}", "Pua 2008, 1.96 × √2 × SEM")


_ANY_MOTION_MDC = _pua_mdc("13.0", "; upper end of 8.6–13.0 over all motions, its own figure is not printed")
_ANY_MOTION_LOW = (_pua_mdc("8.6", "; lower end of 8.6–13.0 over all motions"),)

RATER_WARNING = _(
    "Another tester took the earlier reading. Two testers disagree widely: limits of agreement for internal "
    "rotation ran from -28 to +12 degrees between orthopaedists and from -25 to +30 between chiropractors "
    "(BMC Musculoskelet Disord 2012;13:242)."
)
GONIOMETER_NOTE = _(
    "A goniometer overstates true hip motion by 2.0 to 18.9 degrees but is stable for follow-up "
    "(doi 10.1186/1471-2474-11-194)."
)

_PAIN = (
    _nprs(
        "NPRS", _("pain now, 0–10"), ("pain", "p", "nrs", "pain now", "numeric pain rating scale"), "72514-3"
    ),
    _nprs("NPRS_WORST", _("worst pain in 24 h, 0–10"), ("worst pain", "pain worst")),
    _nprs("NPRS_BEST", _("least pain in 24 h, 0–10"), ("best pain", "least pain", "pain best")),
    _nprs("NPRS_AVG", _("average pain in 24 h, 0–10"), ("average pain", "usual pain")),
    _vas("VAS", _("pain now, 100 mm line"), ("visual analogue scale", "vas current", "vas now"), "38214-3"),
    _vas("VAS_WORST", _("worst pain, 100 mm line"), ("vas max",)),
    _vas("VAS_BEST", _("least pain, 100 mm line"), ("vas least",)),
)

_OWN_TASKS = (
    Measure(
        code="PSFS",
        name=_("patient-specific functional scale"),
        unit="points",
        low=_ZERO,
        high=_TEN,
        step=_TENTH,
        better="higher",
        kind="function",
        normal=_TEN,
        mcid=_change("MID medium", "2.3", _ABBOTT_PEOPLE, _ABBOTT),
        mdc=_change("MDC90", "2", "mean of the patient's own tasks", "Stratford 1995"),
        others=(
            _change("MID small", "1.3", _ABBOTT_PEOPLE, _ABBOTT),
            _change("MID large", "2.7", _ABBOTT_PEOPLE, _ABBOTT),
        ),
        synonyms=("own tasks",),
        source="mean of one to five tasks the patient names",
        note="The medium difference stands as threshold, because the small one lies inside the error.",
    ),
    Measure(
        code="LEFS",
        name="lower extremity functional scale",
        unit="points",
        low=_ZERO,
        high=Decimal(80),
        step=_ONE,
        better="higher",
        kind="function",
        normal=Decimal(80),
        mcid=_change("MCID", "9", "lower limb conditions", "Binkley 1999"),
        mdc=_change("MDC", "9.9", f"{_HIP_OA}, n = 100", "Pua 2009"),
        others=(
            _change("MDC", "9", "lower limb conditions", "Binkley 1999"),
            _change("SCORE ERROR 90 %", "5.3", "lower limb conditions, n = 107", "Binkley 1999"),
            _change("MID", "9", f"{_ABBOTT_PEOPLE}; lower end of 9–16", _ABBOTT),
            _change("MID", "16", f"{_ABBOTT_PEOPLE}; upper end of 9–16", _ABBOTT),
        ),
        licence="score only; treat the item wording as licensed",
        source="Binkley 1999",
        note="A change of 9 is inside the hip's error of 9.9: only 10 or more is beyond it.",
    ),
)

_HOOS = (
    _percent_score("HOOS_PAIN", "HOOS pain", mdc=_hoos_mdc("21.6"), loinc="72097-9"),
    _percent_score("HOOS_SYMPTOMS", "HOOS symptoms", mdc=_hoos_mdc("22.7"), loinc="72096-1"),
    _percent_score(
        "HOOS_ADL", "HOOS daily living", mcid=_hoos_mcii("4"), mdc=_hoos_mdc("17.7"), loinc="72095-3"
    ),
    _percent_score("HOOS_SPORT", "HOOS sport and recreation", mcid=_hoos_mcii("13")),
    _percent_score("HOOS_QOL", "HOOS quality of life", mdc=_hoos_mdc("24.4")),
    _percent_score(
        "HOOS12", "HOOS-12 summary", licence="free (Gandek 2019)", note="Mean of its three parts."
    ),
    _percent_score("HOOS12_PAIN", "HOOS-12 pain", licence="free (Gandek 2019)"),
    _percent_score("HOOS12_FUNCTION", "HOOS-12 function", licence="free (Gandek 2019)"),
    _percent_score("HOOS12_QOL", "HOOS-12 quality of life", licence="free (Gandek 2019)"),
    Measure(
        code="HOOS_PS",
        name="HOOS physical function short form",
        unit="points",
        low=_ZERO,
        high=_HUNDRED,
        step=_TENTH,
        better="lower",
        kind="function",
        normal=_ZERO,
        licence="free; no item wording is shipped",
        source="Davis 2008: 0 is no difficulty",
        note="Some users turn the scale round; enter it in the original direction, 0 for no difficulty. "
        "An important change for the hip could not be estimated in one study (PMC3943561).",
    ),
    _percent_score(
        "HOOS_JR",
        "HOOS, JR. interval score",
        loinc="82323-7",
        licence="Hospital for Special Surgery; free with attribution; no item wording is shipped",
        synonyms=("hoos jr",),
        step=_THOUSANDTH,
        note="The interval score from the published table (Lyman 2016), not the raw sum of 0–24.",
    ),
)

_HIP_SCORES = (
    Measure(
        code="MHHS",
        name="modified Harris hip score",
        unit="points",
        low=_ZERO,
        high=Decimal("100.1"),
        step=_TENTH,
        better="higher",
        kind="function",
        normal=_HUNDRED,
        others=(
            _change("MCID 3 months", "13.0", "operated for impingement", "Chahal 2014"),
            _change("MCID 6 months", "9.0", "operated for impingement", "Chahal 2014"),
            _change("MCID 12 months", "20.0", "operated for impingement", "Chahal 2014"),
        ),
        licence="free use; no item wording is shipped",
        synonyms=("harris hip score", "modified harris"),
        source="91 points × 1.1 (Byrd & Jones 2000)",
        note="The published changes follow an operation, so none stands as threshold here.",
    ),
    Measure(
        code="OHS",
        name="Oxford hip score",
        unit="points",
        low=_ZERO,
        high=Decimal(48),
        step=_ONE,
        better="higher",
        kind="function",
        normal=Decimal(48),
        mcid=_change("MIC", "8", "hip replacement, one patient, n = 82,415", "Beard 2015"),
        mdc=_change("MDC90", "5", "hip replacement, n = 82,415", "Beard 2015"),
        others=(
            _change("MIC group", "11", "hip replacement, one group", "Beard 2015"),
            _change("MID between groups", "5", "hip replacement, two groups", "Beard 2015"),
            _change("PASS", "42", "mid-term after hip replacement", "doi 10.1302/2046-3758.31.2000141"),
        ),
        licence="licensed (Oxford University Innovation); score only",
        source="0–48, 48 best",
        note="An older form runs from 12 to 60 the other way round: do not enter that one.",
    ),
    Measure(
        code="WOMAC_FUNCTION",
        name="WOMAC function, 0–100",
        unit="points",
        low=_ZERO,
        high=_HUNDRED,
        step=_HUNDREDTH,
        better="lower",
        kind="function",
        normal=_ZERO,
        mcid=_change("MCII", "7.9", _HIP_OA, "Tubach 2005", "21.1"),
        licence="licensed; score only",
        source="normalised to 0–100, 0 best",
    ),
    Measure(
        code="ODI",
        name="Oswestry disability index",
        unit="%",
        low=_ZERO,
        high=_HUNDRED,
        step=_TENTH,
        better="lower",
        kind="disability",
        normal=_ZERO,
        licence="score only; no item wording is shipped",
        synonyms=("oswestry",),
        source="0–100 %, 0 best",
    ),
    Measure(
        code="GROC",
        name=_("global rating of change"),
        unit="points",
        low=Decimal(-7),
        high=Decimal(7),
        step=_ONE,
        better="higher",
        kind="global",
        others=(
            _change("SUCCESS", "5", "knee osteoarthritis", "Dunning 2018"),
            _change("SUCCESS", "4", "greater trochanteric pain", "AMRJ article 308"),
        ),
        synonyms=("global change",),
        source="-7 very much worse to +7 very much better (Jaeschke 1989)",
        note="1 to 3 is a small change, 4 to 5 moderate, 6 to 7 large (Jaeschke 1989); the cut for success "
        "differs between trials and is a clinic's setting.",
    ),
)

_TESTS = (
    Measure(
        code="PPT",
        name=_("pressure pain threshold"),
        unit="kgf/cm2",
        low=_ZERO,
        high=Decimal(15),
        step=_HUNDREDTH,
        better="higher",
        kind="pain",
        needs_side=True,
        synonyms=("algometer", "pressure threshold"),
        source="algometer; 1 kgf/cm² is 98.0665 kPa",
    ),
    Measure(
        code="CST30",
        name=_("30-second chair stand"),
        unit="stands",
        low=_ZERO,
        high=Decimal(60),
        step=_ONE,
        better="higher",
        kind="strength",
        mcid=_change("MCID", "2.6", f"{_HIP_OA}; upper end of 2.0–2.6", _WRIGHT),
        others=(_change("MCID", "2.0", f"{_HIP_OA}; lower end of 2.0–2.6", _WRIGHT),),
        synonyms=("chair stand", "sit to stand"),
        source="Rikli & Jones 1999",
        note="At 60–64 years women do 12–17 and men 14–19 stands (Rikli & Jones 1999).",
    ),
    Measure(
        code="TUG",
        name=_("timed up and go"),
        unit="s",
        low=_TENTH,
        high=Decimal(300),
        step=_HUNDREDTH,
        better="lower",
        kind="function",
        mcid=_change("MCID", "1.4", f"{_HIP_OA}; upper end of 0.8–1.4", _WRIGHT),
        others=(_change("MCID", "0.8", f"{_HIP_OA}; lower end of 0.8–1.4", _WRIGHT),),
        synonyms=("up and go",),
        source="seconds",
    ),
    Measure(
        code="WALK40",
        name=_("40 m fast walk"),
        unit="m/s",
        low=_ZERO,
        high=Decimal(4),
        step=_HUNDREDTH,
        better="higher",
        kind="function",
        mcid=_change("MCID", "0.3", f"{_HIP_OA}; upper end of 0.2–0.3", _WRIGHT),
        others=(_change("MCID", "0.2", f"{_HIP_OA}; lower end of 0.2–0.3", _WRIGHT),),
        synonyms=("walk", "fast walk", "40 m walk"),
        source="metres per second",
    ),
    Measure(
        code="SLS",
        name=_("single-leg stance"),
        unit="s",
        low=_ZERO,
        high=Decimal(30),
        step=_TENTH,
        better="higher",
        kind="strength",
        normal=Decimal(30),
        needs_side=True,
        modes=("pain_free", "pain_provoked"),
        synonyms=("single leg stance", "one leg stand"),
        source="stopped at 30 s; a sign of greater trochanteric pain (Lequesne 2008)",
        note="With pain provoked the value is the seconds until the pain.",
    ),
)

_MOTION = (
    _motion("FLEX", _("hip flexion"), 0, 150, 120, _pua_mdc("9.7"), ("flexion",)),
    _motion(
        "EXT",
        _("hip extension"),
        -40,
        40,
        30,
        _pua_mdc("13.0"),
        ("extension",),
        note="Below 0 is a flexion contracture. Other tables give 20 as normal.",
    ),
    _motion("ABD", _("hip abduction"), -10, 80, 45, _ANY_MOTION_MDC, ("abduction",), others=_ANY_MOTION_LOW),
    _motion("ADD", _("hip adduction"), -10, 50, 30, None, ("adduction",)),
    _motion(
        "IR",
        _("hip internal rotation"),
        -20,
        90,
        45,
        _ANY_MOTION_MDC,
        ("internal rotation",),
        others=_ANY_MOTION_LOW,
    ),
    _motion(
        "ER",
        _("hip external rotation"),
        -20,
        90,
        45,
        _ANY_MOTION_MDC,
        ("external rotation",),
        others=_ANY_MOTION_LOW,
    ),
)

MEASURES: Catalogue[Measure] = Catalogue((*_PAIN, *_OWN_TASKS, *_HOOS, *_HIP_SCORES, *_TESTS, *_MOTION))
