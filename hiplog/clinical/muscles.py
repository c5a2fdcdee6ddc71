"""Muscles of the hip and pelvis: one row a muscle, with zones, place on the map and what lies near.

Sources. FMA numbers: part lists of BodyParts3D, which agree with each other; ``None`` where only parts
of the muscle carry one. SNOMED CT: the three concepts seen in a national terminology server, every
other ``None``. Zones and referral: Travell & Simons vol. 2, 1992, whose numbered points the third
edition (Donnelly 2019) dropped, so a zone is a historic label. Needle lengths: course convention for an
average build (Dommerholt & Fernández-de-las-Peñas 2013), not a standard; add for adipose tissue.

hiplog's own choice, without clinical authority: ``region``, ``tier``, ``places`` (a schematic) and
``compressible``, save psoas major, whose bleeding cannot be pressed by South Africa's board notice 121.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

View = Literal["posterior", "anterior", "lateral", "medial"]
VIEWS: tuple[View, ...] = ("posterior", "anterior", "lateral", "medial")
Compressible = Literal["yes", "part", "no"]

_FREE_PLACE = re.compile(r"@(?P<x>[01]?\.\d{1,3}|[01]),(?P<y>[01]?\.\d{1,3}|[01])")


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a muscle: ``code`` as typed and stored, ``label`` in words."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Muscle:
    """One paired muscle.

    ``places`` are (x, y) in 0..1 on ``view``, one for each of the first zones. x runs from the midline
    to the lateral edge (front to back on the lateral and medial views), y from L1 at 0 to the knee line
    at 1. ``length_mm`` is the usual needle length, shortest and longest. ``compressible`` says whether a
    hand can press its bleeding. ``tier`` is 1 routine, 2 care, 3 advanced. ``prompts`` are safety
    figures, each with its source.
    """

    code: str
    name: str
    latin: str
    fma: str | None
    snomed: str | None
    region: str
    zones: tuple[Zone, ...]
    referral: str
    view: View
    places: tuple[tuple[float, float], ...]
    length_mm: tuple[int, int]
    danger: str
    compressible: Compressible
    tier: int
    synonyms: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The English name, the Latin one and the synonyms."""
        return (self.name, self.latin, *self.synonyms)

    def zone(self, text: str) -> Zone | None:
        """Return the zone that ``text`` names by code or synonym, whatever its case."""
        wanted = text.casefold()
        return next((z for z in self.zones if wanted in (z.code, *z.synonyms)), None)

    def place(self, zone: str | None = None) -> tuple[float, float]:
        """Return where ``zone`` (a code, or a free ``@x,y``) is drawn; the first place when unmapped."""
        free = free_place(zone) if zone else None
        if free is not None:
            return free
        found = self.zone(zone) if zone else None
        index = self.zones.index(found) if found is not None else 0
        return self.places[index] if index < len(self.places) else self.places[0]


def free_place(zone: str) -> tuple[float, float] | None:
    """Read a free map position ``@x,y`` (each 0 to 1); ``None`` when ``zone`` is not one."""
    match = _FREE_PLACE.fullmatch(zone)
    if match is None:
        return None
    x, y = float(match["x"]), float(match["y"])
    return (x, y) if x <= 1 and y <= 1 else None


def muscle_band(codes: Iterable[str]) -> str:
    """Return the neutral billing band of the distinct muscles needled: ``0``, ``1-2`` or ``3+``."""
    distinct = len({code.upper() for code in codes})
    if distinct == 0:
        return "0"
    return "1-2" if distinct <= 2 else "3+"


_GUIDED_60 = "0.30 × 60 mm needles were used here under ultrasound guidance (J Chiropr Med 2018;17:198)."
_MID_BELLY = (Zone("mid", _("mid-belly cluster"), ("belly",)),)

MUSCLES: Catalogue[Muscle] = Catalogue(
    (
        Muscle(
            code="GMAX",
            name="gluteus maximus",
            latin="m. gluteus maximus",
            fma="22314",
            snomed="206007",
            region="buttock",
            zones=(
                Zone("1", _("beside the sacrum"), ("sacrum",)),
                Zone("2", _("above the ischium"), ("ischium",)),
                Zone("3", _("near the coccyx"), ("coccyx",)),
            ),
            referral="sacrum and sacroiliac joint, whole buttock, coccyx",
            view="posterior",
            places=((0.22, 0.32), (0.42, 0.46), (0.12, 0.42)),
            length_mm=(50, 75),
            danger="sciatic nerve beneath it, inferior gluteal vessels",
            compressible="yes",
            tier=1,
            synonyms=("glut max", "glute max"),
            prompts=(
                _GUIDED_60,
                "A protocol used 0.30 × 75 mm needles, up to 60 mm deep, at the buttock "
                "(Trials 2018, doi 10.1186/s13063-018-3044-2).",
            ),
        ),
        Muscle(
            code="GMED",
            name="gluteus medius",
            latin="m. gluteus medius",
            fma="22315",
            snomed="78333006",
            region="buttock",
            zones=(
                Zone("1", _("posterior, near the PSIS"), ("post",)),
                Zone("2", _("middle, below the crest"), ("mid",)),
                Zone("3", _("anterior, near the ASIS"), ("ant",)),
            ),
            referral="iliac crest, sacrum, sacroiliac joint, lateral buttock and upper thigh",
            view="lateral",
            places=((0.80, 0.24), (0.52, 0.22), (0.28, 0.24)),
            length_mm=(50, 60),
            danger="superior gluteal nerve and vessels; the iliac bone is the backstop",
            compressible="yes",
            tier=1,
            synonyms=("glut med", "glute med"),
            prompts=(
                _GUIDED_60,
                "Where to enter matters: one landmark hit the tendon junction in 9 of 10, "
                "another in 1 of 10 (PMID 40476608).",
            ),
        ),
        Muscle(
            code="GMIN",
            name="gluteus minimus",
            latin="m. gluteus minimus",
            fma="22317",
            snomed=None,
            region="buttock",
            zones=(Zone("ant", _("anterior part"), ("1",)), Zone("post", _("posterior part"), ("2",))),
            referral="anterior part: lateral thigh to ankle; posterior part: buttock, back of thigh, calf "
            "(like sciatica)",
            view="lateral",
            places=((0.38, 0.30), (0.62, 0.30)),
            length_mm=(50, 75),
            danger="superior gluteal nerve and vessels between gluteus medius and minimus",
            compressible="part",
            tier=2,
            synonyms=("glut min", "glute min"),
            prompts=(_GUIDED_60,),
        ),
        Muscle(
            code="TFL",
            name="tensor fasciae latae",
            latin="m. tensor fasciae latae",
            fma="22423",
            snomed=None,
            region="lateral hip",
            zones=(Zone("1", _("anterolateral belly"), ("belly", "mid")),),
            referral="over the trochanter, down the lateral thigh",
            view="lateral",
            places=((0.24, 0.34),),
            length_mm=(40, 60),
            danger="lateral femoral cutaneous nerve, ascending lateral circumflex artery",
            compressible="yes",
            tier=1,
            synonyms=("tensor fascia lata", "tensor"),
        ),
        Muscle(
            code="PIRI",
            name="piriformis",
            latin="m. piriformis",
            fma="19082",
            snomed=None,
            region="deep hip",
            zones=(Zone("1", _("lateral third"), ("lat",)), Zone("2", _("medial third"), ("med",))),
            referral="sacroiliac joint, buttock, back of thigh",
            view="posterior",
            places=((0.68, 0.38), (0.28, 0.34)),
            length_mm=(60, 75),
            danger="SCIATIC NERVE, pudendal nerve, inferior gluteal vessels",
            compressible="no",
            tier=3,
            synonyms=("pir",),
            prompts=(
                "Guided by palpation in cadavers, the medial needle pierced the sciatic nerve in 11 of 14 "
                "(78.6 %, 95 % CI 52.4–92.4), the midpoint one in 3 of 14 and the lateral one in 0 of 14; "
                "but the lateral one reached the muscle in only 3 of 14 (PMID 35658872).",
                "Another team reached piriformis in 16 of 19 and the sciatic nerve in 0 of 19 "
                "(95 % upper bound 16.8 %) (PMC5901430).",
                "The needle length needed followed the thickness of fat (r 0.49 left, 0.76 right) "
                "(PMC5901430); up to 100 mm is taught (Dommerholt & Fernández-de-las-Peñas 2013).",
                _GUIDED_60,
            ),
        ),
        Muscle(
            code="GEMS",
            name="gemellus superior",
            latin="m. gemellus superior",
            fma="22318",
            snomed=None,
            region="deep hip",
            zones=(),
            referral="buttock",
            view="posterior",
            places=((0.60, 0.43),),
            length_mm=(60, 75),
            danger="sciatic nerve",
            compressible="no",
            tier=3,
            synonyms=("superior gemellus", "gemelli", "gem sup"),
        ),
        Muscle(
            code="GEMI",
            name="gemellus inferior",
            latin="m. gemellus inferior",
            fma="22320",
            snomed=None,
            region="deep hip",
            zones=(),
            referral="buttock",
            view="posterior",
            places=((0.60, 0.46),),
            length_mm=(60, 75),
            danger="sciatic nerve",
            compressible="no",
            tier=3,
            synonyms=("inferior gemellus", "gemelli", "gem inf"),
        ),
        Muscle(
            code="OBIN",
            name="obturator internus",
            latin="m. obturatorius internus",
            fma="22298",
            snomed=None,
            region="deep hip",
            zones=(
                Zone("lat", _("lateral, outside the pelvis"), ("extra",)),
                Zone("intra", _("inside the pelvis"), ("in",)),
            ),
            referral="coccyx, perineum, back of thigh",
            view="posterior",
            places=((0.50, 0.45),),
            length_mm=(60, 75),
            danger="pudendal nerve and vessels in their canal, sciatic nerve, rectum",
            compressible="no",
            tier=3,
            synonyms=("obt int",),
        ),
        Muscle(
            code="OBEX",
            name="obturator externus",
            latin="m. obturatorius externus",
            fma="22299",
            snomed=None,
            region="deep hip",
            zones=(),
            referral="groin and medial thigh",
            view="anterior",
            places=((0.30, 0.46),),
            length_mm=(60, 75),
            danger="obturator nerve and vessels, hip capsule",
            compressible="no",
            tier=3,
            synonyms=("obt ext",),
        ),
        Muscle(
            code="QFEM",
            name="quadratus femoris",
            latin="m. quadratus femoris",
            fma="22321",
            snomed=None,
            region="deep hip",
            zones=(Zone("1", _("gap between ischium and femur"), ("gap",)),),
            referral="lower buttock",
            view="posterior",
            places=((0.66, 0.49),),
            length_mm=(60, 75),
            danger="sciatic nerve, medial circumflex femoral artery",
            compressible="no",
            tier=3,
            synonyms=("qf", "quad fem"),
        ),
        Muscle(
            code="ILIA",
            name="iliacus",
            latin="m. iliacus",
            fma="22310",
            snomed=None,
            region="groin",
            zones=(Zone("2", _("inner rim of the ilium"), ("rim",)),),
            referral="strip beside the lumbar spine, front of thigh and groin",
            view="anterior",
            places=((0.62, 0.26),),
            length_mm=(50, 60),
            danger="PERITONEUM AND BOWEL, FEMORAL NERVE, lateral femoral cutaneous nerve",
            compressible="no",
            tier=3,
            synonyms=("iliopsoas",),
            prompts=(
                "From the AIIS to the femoral nerve: 35.7 mm (SD 6.2) lying on the side, 32.1 mm (SD 7.3) "
                "supine, n = 25 (PMID 30935326).",
            ),
        ),
        Muscle(
            code="PSOA",
            name="psoas major",
            latin="m. psoas major",
            fma="18060",
            snomed=None,
            region="groin",
            zones=(
                Zone("1", _("distal, in the femoral triangle"), ("distal", "low")),
                Zone("3", _("abdominal"), ("abd", "up")),
            ),
            referral="strip beside the lumbar spine, groin, upper thigh",
            view="anterior",
            places=((0.45, 0.44),),
            length_mm=(40, 60),
            danger="FEMORAL NERVE, ARTERY AND VEIN, PERITONEUM; KIDNEY by the posterior route",
            compressible="no",
            tier=3,
            synonyms=("psoas", "iliopsoas"),
            prompts=(
                "Its bleeding cannot be pressed: barred with an anticoagulant or a clotting disorder "
                "(South Africa, board notice 121). The usual length is for the distal zone.",
            ),
        ),
        Muscle(
            code="RF",
            name="rectus femoris",
            latin="m. rectus femoris",
            fma="22430",
            snomed=None,
            region="front of thigh",
            zones=(Zone("1", _("high, near the AIIS"), ("high", "up")),),
            referral="deep in the front of the knee",
            view="anterior",
            places=((0.60, 0.48),),
            length_mm=(40, 60),
            danger="branches of the femoral nerve, lateral circumflex femoral artery",
            compressible="yes",
            tier=1,
            synonyms=("rec fem", "quadriceps"),
        ),
        Muscle(
            code="SART",
            name="sartorius",
            latin="m. sartorius",
            fma="22353",
            snomed=None,
            region="front of thigh",
            zones=(Zone("up", _("upper")), Zone("mid", _("middle")), Zone("low", _("lower"))),
            referral="front and inside of the thigh, tingling",
            view="anterior",
            places=((0.62, 0.38),),
            length_mm=(30, 40),
            danger="lateral femoral cutaneous nerve; femoral vessels at mid thigh",
            compressible="yes",
            tier=2,
        ),
        Muscle(
            code="VL",
            name="vastus lateralis",
            latin="m. vastus lateralis",
            fma="22431",
            snomed="1403006",
            region="lateral thigh",
            zones=tuple(
                Zone(str(n), _("point {number} along the side of the thigh").format(number=n))
                for n in range(1, 6)
            ),
            referral="lateral thigh and knee",
            view="lateral",
            places=((0.45, 0.65),),
            length_mm=(40, 60),
            danger="few; descending lateral circumflex femoral artery",
            compressible="yes",
            tier=1,
            synonyms=("vast lat", "quadriceps"),
        ),
        Muscle(
            code="PECT",
            name="pectineus",
            latin="m. pectineus",
            fma="22440",
            snomed=None,
            region="groin",
            zones=(Zone("1", _("single point below the inguinal ligament")),),
            referral="deep in the groin",
            view="anterior",
            places=((0.30, 0.45),),
            length_mm=(30, 50),
            danger="FEMORAL ARTERY AND VEIN, obturator nerve",
            compressible="yes",
            tier=3,
        ),
        Muscle(
            code="ADDL",
            name="adductor longus",
            latin="m. adductor longus",
            fma="22441",
            snomed=None,
            region="inner thigh",
            zones=(Zone("1", _("point 1, shared with adductor brevis")),),
            referral="groin, front and inside of the thigh to the shin",
            view="medial",
            places=((0.30, 0.55),),
            length_mm=(30, 50),
            danger="femoral and deep femoral vessels in the triangle",
            compressible="yes",
            tier=2,
            synonyms=("add long",),
        ),
        Muscle(
            code="ADDB",
            name="adductor brevis",
            latin="m. adductor brevis",
            fma="22442",
            snomed=None,
            region="inner thigh",
            zones=(Zone("2", _("point 2, shared with adductor longus")),),
            referral="groin, front and inside of the thigh to the shin",
            view="medial",
            places=((0.28, 0.52),),
            length_mm=(40, 60),
            danger="obturator nerve, deep femoral artery",
            compressible="yes",
            tier=2,
            synonyms=("add brev",),
        ),
        Muscle(
            code="ADDM",
            name="adductor magnus",
            latin="m. adductor magnus",
            fma="22443",
            snomed=None,
            region="inner thigh",
            zones=(Zone("1", _("mid thigh"), ("mid",)), Zone("2", _("ischial"), ("up", "ischium"))),
            referral="front and inside of the thigh; within the pelvis (pubis, rectum, bladder)",
            view="medial",
            places=((0.55, 0.66), (0.62, 0.53)),
            length_mm=(50, 75),
            danger="sciatic nerve behind the posterior part, femoral vessels at the hiatus",
            compressible="yes",
            tier=2,
            synonyms=("add mag",),
        ),
        Muscle(
            code="GRAC",
            name="gracilis",
            latin="m. gracilis",
            fma="43882",
            snomed=None,
            region="inner thigh",
            zones=(Zone("up", _("upper belly")), Zone("mid", _("middle of the belly"))),
            referral="medial thigh, local",
            view="medial",
            places=((0.45, 0.62),),
            length_mm=(30, 50),
            danger="saphenous vein",
            compressible="yes",
            tier=1,
        ),
        Muscle(
            code="BF",
            name="biceps femoris",
            latin="m. biceps femoris",
            fma="22356",
            snomed=None,
            region="back of thigh",
            zones=_MID_BELLY,
            referral="back of the knee",
            view="posterior",
            places=((0.58, 0.75),),
            length_mm=(50, 75),
            danger="sciatic and common fibular nerves",
            compressible="yes",
            tier=2,
            synonyms=("hamstring", "hamstrings"),
        ),
        Muscle(
            code="ST",
            name="semitendinosus",
            latin="m. semitendinosus",
            fma="22357",
            snomed=None,
            region="back of thigh",
            zones=_MID_BELLY,
            referral="up to the gluteal fold, inside of the back of the thigh",
            view="posterior",
            places=((0.40, 0.75),),
            length_mm=(50, 75),
            danger="sciatic nerve on its lateral side",
            compressible="yes",
            tier=2,
            synonyms=("semi tend", "hamstring", "hamstrings"),
        ),
        Muscle(
            code="SM",
            name="semimembranosus",
            latin="m. semimembranosus",
            fma="22438",
            snomed=None,
            region="back of thigh",
            zones=_MID_BELLY,
            referral="up to the gluteal fold, inside of the back of the thigh",
            view="posterior",
            places=((0.32, 0.78),),
            length_mm=(50, 75),
            danger="sciatic nerve; popliteal vessels low down",
            compressible="yes",
            tier=2,
            synonyms=("semi memb", "hamstring", "hamstrings"),
        ),
        Muscle(
            code="QL",
            name="quadratus lumborum",
            latin="m. quadratus lumborum",
            fma="15569",
            snomed=None,
            region="low back",
            zones=(
                Zone("1", _("superficial, upper"), ("sup1",)),
                Zone("2", _("superficial, lower"), ("sup2",)),
                Zone("3", _("deep, upper"), ("deep1",)),
                Zone("4", _("deep, lower"), ("deep2",)),
            ),
            referral="iliac crest and groin, trochanter, sacroiliac joint, buttock",
            view="posterior",
            places=((0.42, 0.04), (0.42, 0.10), (0.22, 0.05), (0.22, 0.11)),
            length_mm=(50, 75),
            danger="KIDNEY, PERITONEUM; PLEURA above L2 and at the twelfth rib",
            compressible="no",
            tier=3,
            synonyms=("quad lumb",),
        ),
        Muscle(
            code="MULT",
            name="lumbar multifidus",
            latin="mm. multifidi",
            fma="22827",
            snomed=None,
            region="low back",
            zones=(
                *(Zone(f"l{n}", _("L{number} segment").format(number=n)) for n in range(2, 6)),
                # "s1" on the entry line is soreness 1, so the sacral segment has a code of its own.
                Zone("sac", _("S1 segment")),
            ),
            referral="local; from S1 to the coccyx",
            view="posterior",
            places=((0.06, 0.14),),
            length_mm=(40, 60),
            danger="spinal canal when the medial angle is lost",
            compressible="part",
            tier=2,
            synonyms=("multifidi", "multifidus"),
        ),
        Muscle(
            code="LEVA",
            name="levator ani",
            latin="m. levator ani",
            fma=None,
            snomed=None,
            region="pelvic floor",
            zones=(),
            referral="coccyx, perineum",
            view="posterior",
            places=((0.08, 0.44),),
            length_mm=(40, 60),
            danger="rectum, pudendal nerve",
            compressible="no",
            tier=3,
            synonyms=("pelvic floor",),
        ),
    )
)
