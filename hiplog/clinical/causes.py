"""Causes, symptoms and indications, and their ICD-10-CM codes expanded by side.

Codes: ICD-10-CM tabular list (to be compared again with each October's edition). The digit for a side
is not uniform between families, so each row says its own.

A code must not claim a diagnosis that nobody made. "Overuse" does not say bursitis, "trauma" does not
say strain, "imbalance" does not say weak, so these causes stand for hip pain (M25.55-) until a person
chooses an indication. Only where the cause itself names the finding does its default say more:
osteoarthritis (M16.9, unspecified) and sciatica (M54.3-).
"""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.errors import BadInput
from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

ENCOUNTERS = {"A": "initial", "D": "subsequent", "S": "sequela"}


@dataclass(frozen=True, slots=True)
class Digits:
    """The digit a family of codes gives each side; ``both`` is ``None`` where two codes are written."""

    right: str
    left: str
    unspecified: str
    both: str | None = None


_R1_L2_U0 = Digits("1", "2", "0")
_R1_L2_U9 = Digits("1", "2", "9")
_R1_L2_U0_B3 = Digits("1", "2", "0", "3")
_R1_L2_U9_B3 = Digits("1", "2", "9", "3")


@dataclass(frozen=True, slots=True)
class Indication:
    """A clinical indication: ``stem`` is the code up to the digit for the side.

    ``digits`` is ``None`` where the code has no side. ``bilateral`` is a whole code of its own for both
    sides. ``injury`` adds X up to six characters and the encounter (A, D or S) as the seventh.
    """

    code: str
    name: str
    stem: str
    digits: Digits | None = None
    bilateral: str | None = None
    injury: bool = False
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name, the code's stem and the synonyms."""
        return (self.name, self.stem, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why this hip hurts; ``indication`` is its default, ``status`` a fact that it always adds."""

    code: str
    name: str
    indication: str
    status: str | None = None
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Symptom:
    """What the patient feels."""

    code: str
    name: str
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


INDICATIONS: Catalogue[Indication] = Catalogue(
    (
        Indication("HIP_PAIN", _("hip pain"), "M25.55", _R1_L2_U9),
        Indication("THIGH_PAIN", _("thigh pain"), "M79.65", _R1_L2_U9),
        Indication(
            "MYALGIA", _("myofascial pain, other site"), "M79.18", synonyms=("myofascial", "trigger point")
        ),
        Indication("SPASM", _("muscle spasm or tension"), "M62.838", synonyms=("tension",)),
        Indication("WEAKNESS", _("muscular imbalance or weakness"), "M62.81", synonyms=("imbalance",)),
        Indication("TROCH_BURSITIS", _("trochanteric bursitis"), "M70.6", _R1_L2_U0, synonyms=("gtps",)),
        Indication("HIP_BURSITIS", _("other bursitis of the hip"), "M70.7", _R1_L2_U0),
        Indication("GLUTEAL_TEND", _("gluteal tendinitis"), "M76.0", _R1_L2_U0),
        Indication("PSOAS_TEND", _("psoas tendinitis"), "M76.1", _R1_L2_U0),
        Indication("ILIAC_SPUR", _("iliac crest spur"), "M76.2", _R1_L2_U0),
        Indication("ITB", _("iliotibial band syndrome"), "M76.3", _R1_L2_U0),
        Indication("POSTURE", _("abnormal posture"), "R29.3"),
        Indication("LEG_LENGTH", _("unequal limb length, femur"), "M21.75", _R1_L2_U9),
        Indication("CONTUSION", _("contusion of the hip"), "S70.0", _R1_L2_U0, injury=True),
        Indication("SPRAIN", _("sprain of the hip"), "S73.10", _R1_L2_U9, injury=True),
        Indication("HIP_STRAIN", _("strain of hip muscle"), "S76.01", _R1_L2_U9, injury=True),
        Indication("ADDUCTOR_STRAIN", _("strain of adductor muscle"), "S76.21", _R1_L2_U9, injury=True),
        Indication("HAMSTRING_STRAIN", _("strain of hamstring"), "S76.31", _R1_L2_U9, injury=True),
        Indication(
            "OA_PRIMARY", _("primary osteoarthritis of the hip"), "M16.1", _R1_L2_U0, bilateral="M16.0"
        ),
        Indication(
            "OA_DYSPLASIA", _("osteoarthritis from hip dysplasia"), "M16.3", _R1_L2_U0, bilateral="M16.2"
        ),
        Indication("OA_TRAUMA", _("post-traumatic osteoarthritis"), "M16.5", _R1_L2_U0, bilateral="M16.4"),
        Indication("OA_OTHER", _("other secondary osteoarthritis"), "M16.7", bilateral="M16.6"),
        Indication("OA_UNSPECIFIED", _("osteoarthritis of the hip, unspecified"), "M16.9"),
        Indication("SCIATICA", _("sciatica"), "M54.3", _R1_L2_U0),
        Indication("LUMBAGO_SCIATICA", _("lumbago with sciatica"), "M54.4", _R1_L2_U0),
        Indication(
            "PIRIFORMIS", _("piriformis syndrome (lesion of the sciatic nerve)"), "G57.0", _R1_L2_U0_B3
        ),
        Indication("MERALGIA", _("meralgia paraesthetica"), "G57.1", _R1_L2_U0_B3),
        Indication(
            "FAI",
            _("impingement and other specified disorder"),
            "M25.85",
            _R1_L2_U9,
            synonyms=("impingement",),
        ),
        Indication("STIFFNESS", _("stiffness of the hip"), "M25.65", _R1_L2_U9),
        Indication("CONTRACTURE", _("contracture of the hip"), "M24.55", _R1_L2_U9),
        Indication("WALKING", _("difficulty in walking"), "R26.2"),
        Indication(
            "REPLACEMENT",
            _("hip replacement present"),
            "Z96.64",
            _R1_L2_U9_B3,
            synonyms=("tha", "arthroplasty"),
        ),
    )
)

CAUSES: Catalogue[Cause] = Catalogue(
    (
        Cause("IMBALANCE", _("muscular imbalance"), "HIP_PAIN", synonyms=("weakness",)),
        Cause("OVERUSE", _("overuse"), "HIP_PAIN"),
        Cause("POSTURE", _("posture"), "HIP_PAIN"),
        Cause("TRAUMA", _("trauma"), "HIP_PAIN", synonyms=("injury", "fall")),
        Cause(
            "OA", _("ageing and osteoarthritis"), "OA_UNSPECIFIED", synonyms=("osteoarthritis", "arthritis")
        ),
        Cause("SCIATICA_PIRIF", _("sciatica or piriformis"), "SCIATICA", synonyms=("piriformis",)),
        Cause(
            "POST_THA",
            _("after hip replacement"),
            "HIP_PAIN",
            "REPLACEMENT",
            ("tha", "replacement", "arthroplasty"),
        ),
        Cause("OTHER", _("other or unknown"), "HIP_PAIN"),
    )
)

SYMPTOMS: Catalogue[Symptom] = Catalogue(
    (
        Symptom("TENSION", _("muscle tension"), ("tightness",)),
        Symptom("PAIN_SHARP", _("sharp pain"), ("sharp",)),
        Symptom("PAIN_ACHING", _("aching pain"), ("ache", "aching")),
        Symptom("PAIN_THROBBING", _("throbbing pain"), ("throbbing",)),
        Symptom("LIMITED_MOBILITY", _("limited mobility"), ("stiffness", "mobility")),
        Symptom("REFERRED_GROIN", _("pain referred to the groin"), ("groin",)),
        Symptom("REFERRED_LEG", _("pain referred down the leg"), ("leg",)),
    )
)

CONTEXT_CODES: dict[str, str] = {
    "ANTICOAG": "Z79.01",
    "ANTIPLATELET": "Z79.02",
    "PACEMKR": "Z95.0",
    "PREG": "Z33.1",
    "LYMPHOED": "I89.0",
    "PHOBIA": "F40.231",
    "OSTEOPOR": "M81.0",
    "AVN": "M87.05-",
    "CES": "G83.4",
    "FEVER": "R50.9",
    "WT_LOSS": "R63.4",
    "CANCER": "Z85.9",
    "PROSTHESIS_INFECTION": "T84.5-",
    "THA": "Z96.64-",
}
"""Screening item, or fact, to the ICD-10-CM code of that context; a final ``-`` is still to be completed."""


def icd10(
    indication: str, side: str | None, *, encounter: str = "A", bilateral: bool = False
) -> tuple[str, ...]:
    """Return the ICD-10-CM code, or the two codes, of ``indication`` on ``side``.

    ``side`` is ``"L"``, ``"R"`` or ``None`` for unspecified; ``bilateral`` overrides it. Families without
    a code for both sides give two, right first. ``encounter`` is A, D or S and matters to injuries only.
    Raises :class:`BadInput` for an unknown indication, side or encounter.
    """
    row = INDICATIONS.get(indication)
    if row is None:
        raise BadInput(
            _("There is no indication {indication}; known: {codes}.").format(
                indication=indication, codes=", ".join(INDICATIONS.codes)
            )
        )
    if side not in ("L", "R", None):
        raise BadInput(_("Side {side} is neither L nor R; say one of them.").format(side=side))
    if encounter not in ENCOUNTERS:
        raise BadInput(
            _("Encounter {encounter} is not one of {encounters}.").format(
                encounter=encounter, encounters=", ".join(ENCOUNTERS)
            )
        )
    return tuple(_whole(row, code, encounter) for code in _by_side(row, side, bilateral))


def icd10_of_cause(cause: str, side: str | None, indication: str | None = None) -> tuple[str, ...]:
    """Return the codes of an episode: those of ``indication``, else of the cause's default.

    A cause that is itself a fact (after hip replacement) adds its status code. Raises :class:`BadInput`
    for an unknown cause, indication or side.
    """
    row = CAUSES.get(cause)
    if row is None:
        raise BadInput(
            _("There is no cause {cause}; known: {codes}.").format(cause=cause, codes=", ".join(CAUSES.codes))
        )
    codes = icd10(indication or row.indication, side)
    added = icd10(row.status, side) if row.status is not None else ()
    return (*codes, *(code for code in added if code not in codes))


def _by_side(row: Indication, side: str | None, bilateral: bool) -> tuple[str, ...]:
    if bilateral and row.bilateral is not None:
        return (row.bilateral,)
    if row.digits is None:
        return (row.stem,)
    digits = row.digits
    if bilateral:
        return tuple(row.stem + digit for digit in (digits.both or digits.right + digits.left))
    return (row.stem + {"R": digits.right, "L": digits.left, None: digits.unspecified}[side],)


def _whole(row: Indication, code: str, encounter: str) -> str:
    if not row.injury:
        return code
    six_and_point = 7
    return code.ljust(six_and_point, "X") + encounter
