"""The screening questions: what is asked before needling, what a yes means, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _

Action = Literal["stop", "refer", "caution"]
ACTIONS: tuple[Action, ...] = ("refer", "stop", "caution")

Scope = Literal["session", "site", "limb", "incompressible", "electrical", "lumbopelvic"]

RULES_VERSION = "2026.1"
"""The edition of the table below; kept with every answer so that an old decision can be re-read."""

REGULATOR = "Board Notice 121, Allied Health Professions Act 1982, South Africa"
GUIDES = "APTA 2013; ASAP 2007/2013; ISCP 2012"
DESIGN = "hiplog's own rule"


@dataclass(frozen=True, slots=True)
class Question:
    """One screening question and the rule behind a yes.

    ``action`` is the row's action. ``scope`` is what it acts on: the whole ``session``, or a ``site``
    or ``limb`` that only the therapist can name. The other scopes stop what lies inside them and
    caution the rest: ``incompressible`` muscles (bleeding a hand cannot press), ``electrical``
    techniques, ``lumbopelvic`` muscles. ``override_allowed`` says whether a recorded reason lets a
    stop or refer pass, ``asks_clearance`` whether a surgeon's or physician's name is wanted,
    ``standing`` whether a yes stays true between visits (an implant, not a fever) and so belongs
    among the precautions. ``why`` is the danger, ``advice`` what to do, ``urgent`` means today.
    """

    code: str
    name: str
    text: str
    action: Action
    why: str
    advice: str
    source: str
    scope: Scope = "session"
    override_allowed: bool = True
    urgent: bool = False
    asks_clearance: bool = False
    standing: bool = False
    synonyms: tuple[str, ...] = ()
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the synonyms."""
        return (self.name, *self.synonyms)


QUESTIONS: Catalogue[Question] = Catalogue(
    (
        Question(
            "NO_CONSENT",
            _("no consent"),
            _("Is there any reason you do not want, or cannot agree to, needling today?"),
            "stop",
            _("needling without valid consent is unlawful"),
            _("do not needle; a minor also needs the guardian's consent"),
            REGULATOR,
            override_allowed=False,
        ),
        Question(
            "PHOBIA",
            _("needle phobia"),
            _("Are you so afraid of needles that seeing or feeling one makes you panic or faint?"),
            "stop",
            _("fainting and injury while a needle is in place"),
            _("do not needle; offer another treatment"),
            REGULATOR,
            override_allowed=False,
            standing=True,
            synonyms=("needle fear",),
        ),
        Question(
            "PRIOR_REACT",
            _("past abnormal reaction to a needle"),
            _("Have you ever reacted badly to a needle or an injection?"),
            "stop",
            _("the reaction may come back"),
            _("do not needle; find out what happened and ask the physician who saw it"),
            REGULATOR,
            override_allowed=False,
            standing=True,
        ),
        Question(
            "LOCAL_INF",
            _("infection or broken skin at the site"),
            _(
                "Is the skin where we would needle infected, broken, or sore with a rash, "
                "eczema or psoriasis?"
            ),
            "stop",
            _("a needle carries skin germs inwards"),
            _("keep clear of the skin concerned; say which sites are clear of it"),
            GUIDES,
            scope="site",
        ),
        Question(
            "FEVER",
            _("fever or systemic illness"),
            _("Do you have a fever, shivering, or feel ill all over?"),
            "refer",
            _("possible sepsis"),
            _("do not needle; medical review before the next session"),
            GUIDES,
            override_allowed=False,
        ),
        Question(
            "SEPTIC_HIP",
            _("signs of an infected joint"),
            _("Is the hip hot, swollen or too painful to stand on, together with a fever or feeling unwell?"),
            "refer",
            _("possible septic arthritis"),
            _("send to emergency care now"),
            GUIDES,
            override_allowed=False,
            urgent=True,
        ),
        Question(
            "LYMPHOED",
            _("lymphoedema or lymph node clearance"),
            _("Have lymph nodes been removed from your groin or pelvis, or does a leg stay swollen?"),
            "stop",
            _("infection and more swelling in a limb that drains badly"),
            _("do not needle the limb concerned; say that the planned sites are on another one"),
            REGULATOR,
            scope="limb",
            standing=True,
            synonyms=("lymphedema",),
        ),
        Question(
            "BLEED_DIS",
            _("bleeding or clotting disorder"),
            _("Do you have haemophilia, low platelets or another illness that makes you bleed easily?"),
            "stop",
            _("deep bleeding that a hand cannot press"),
            _("only muscles that can be pressed by hand, light needling, press longer after withdrawal"),
            REGULATOR,
            scope="incompressible",
            override_allowed=False,
            standing=True,
        ),
        Question(
            "ANTICOAG",
            _("anticoagulant"),
            _(
                "Do you take a blood thinner: warfarin, apixaban or a similar tablet, heparin, "
                "or two antiplatelet medicines together?"
            ),
            "stop",
            _("deep bleeding that a hand cannot press"),
            _(
                "only muscles that can be pressed by hand, press longer after withdrawal; "
                "never tell the patient to stop the medicine"
            ),
            REGULATOR,
            scope="incompressible",
            override_allowed=False,
            standing=True,
            synonyms=("blood thinner", "warfarin", "heparin", "doac", "anticoagulation"),
        ),
        Question(
            "IMMUNE",
            _("weak immune system or poorly controlled diabetes"),
            _(
                "Is your immune system weakened by an illness or medicine, or is your diabetes "
                "hard to control?"
            ),
            "caution",
            _("infections start more easily"),
            _("strict skin preparation, fewer sites, watch for infection"),
            REGULATOR,
            standing=True,
            synonyms=("immunosuppressed", "diabetes"),
        ),
        Question(
            "VALVE",
            _("heart valve disease or past endocarditis"),
            _("Do you have a heart valve disease or an artificial valve, or have you had endocarditis?"),
            "caution",
            _("germs in the blood may settle on the valve"),
            _("take medical advice first"),
            REGULATOR,
            asks_clearance=True,
            standing=True,
            synonyms=("endocarditis",),
        ),
        Question(
            "PREG",
            _("pregnancy"),
            _("Are you pregnant, or could you be?"),
            "caution",
            _("no harm is proven, but liability and the first trimester ask for restraint"),
            _("avoid the lumbopelvic and abdominal muscles and the whole first trimester"),
            f"{GUIDES}; which muscles: {DESIGN}",
            scope="lumbopelvic",
            standing=True,
            synonyms=("pregnant",),
        ),
        Question(
            "METAL",
            _("metal allergy"),
            _("Are you allergic to nickel or chromium?"),
            "caution",
            _("contact dermatitis"),
            _("use a coated or gold needle"),
            GUIDES,
            standing=True,
            synonyms=("nickel allergy", "chromium allergy"),
        ),
        Question(
            "PACEMKR",
            _("pacemaker or other electrical implant"),
            _("Do you have a pacemaker, a defibrillator or a nerve stimulator?"),
            "stop",
            _("electrical needling may disturb the device"),
            _("never needle with current; manual needling with care"),
            GUIDES,
            scope="electrical",
            override_allowed=False,
            standing=True,
            synonyms=("pacemaker", "icd", "neurostimulator"),
        ),
        Question(
            "EPILEPSY",
            _("uncontrolled epilepsy"),
            _("Do you have epilepsy, and have you had a fit that medicine did not prevent?"),
            "caution",
            _("pain or current may trigger a fit"),
            _("no current while unstable; manual needling with care and never alone in the room"),
            GUIDES,
            scope="electrical",
            standing=True,
        ),
        Question(
            "THA",
            _("hip replacement or hardware"),
            _("Do you have a hip replacement, or plates, nails or screws in the hip or pelvis?"),
            "caution",
            _(
                "an infected prosthesis was reported two weeks after needling, seven months after "
                "surgery; the cause is unproven and no safe waiting time is known"
            ),
            _("have the surgeon's clearance; keep off the joint and off the depth of the implant"),
            f"{GUIDES}; case report, PubMed 26786794",
            asks_clearance=True,
            standing=True,
            synonyms=("arthroplasty", "hip replacement", "thr"),
        ),
        Question(
            "RECENT_SURG",
            _("recent surgery or steroid injection at the site"),
            _("Have you had surgery or a cortisone injection near the hip lately?"),
            "caution",
            _("infection of healing tissue"),
            _("the surgeon sets the interval"),
            GUIDES,
            asks_clearance=True,
            standing=True,
            synonyms=("surgery", "steroid injection"),
        ),
        Question(
            "IMPLANT",
            _("implant, mesh or vascular graft"),
            _("Do you have a buttock implant, a hernia mesh or a blood vessel graft?"),
            "stop",
            _("a needle may puncture it"),
            _("do not needle over it; say which sites are clear of it"),
            GUIDES,
            scope="site",
            standing=True,
            synonyms=("mesh", "graft"),
        ),
        Question(
            "OSTEOPOR",
            _("osteoporosis"),
            _("Have you been told that your bones are thin (osteoporosis)?"),
            "caution",
            _("fracture after little force"),
            _("no needling on to bone with force; after any fall, refer"),
            GUIDES,
            standing=True,
            synonyms=("thin bones",),
        ),
        Question(
            "FRACTURE",
            _("possible fracture"),
            _(
                "Have you had a fall that no doctor has checked, trouble putting weight on the leg, "
                "a leg that looks shorter or turned, or pain in the bone with every step?"
            ),
            "refer",
            _("possible fracture of the femoral neck"),
            _("no weight on the leg; send for an X-ray now"),
            GUIDES,
            override_allowed=False,
            urgent=True,
            synonyms=("fall",),
        ),
        Question(
            "AVN",
            _("signs of avascular necrosis"),
            _(
                "Do you have deep groin pain and a hip that turns less, and have you taken cortisone "
                "for long, drunk heavily or got sickle cell disease?"
            ),
            "refer",
            _("possible avascular necrosis of the femoral head"),
            _("medical review with imaging; a reason must say who reviewed it"),
            GUIDES,
            synonyms=("osteonecrosis",),
        ),
        Question(
            "CANCER",
            _("cancer, now or in the past"),
            _("Do you have cancer, or have you had it?"),
            "caution",
            _("the pain may come from a metastasis"),
            _("never needle over a tumour; think of bone pain before muscle pain"),
            GUIDES,
            standing=True,
        ),
        Question(
            "WT_LOSS",
            _("unexplained weight loss"),
            _("Have you lost weight without trying?"),
            "refer",
            _("possible malignancy or infection"),
            _("medical review; a reason must say who reviewed it"),
            GUIDES,
            synonyms=("weight loss",),
        ),
        Question(
            "NIGHT",
            _("unremitting night pain"),
            _("Does the pain keep you awake at night whatever position you lie in?"),
            "refer",
            _("possible malignancy or infection"),
            _("medical review; a reason must say who reviewed it"),
            GUIDES,
            asks_clearance=True,
            synonyms=("night pain",),
        ),
        Question(
            "CES",
            _("signs of cauda equina syndrome"),
            _(
                "Are you numb between the legs, has your bladder or bowel control changed, "
                "or are both legs getting weak?"
            ),
            "refer",
            _("possible cauda equina syndrome"),
            _("emergency: send to hospital now"),
            GUIDES,
            override_allowed=False,
            urgent=True,
            synonyms=("cauda equina",),
        ),
        Question(
            "NEURO_PROG",
            _("growing weakness or foot drop"),
            _("Is a leg or foot getting weaker, or does the foot drag?"),
            "refer",
            _("a nerve is losing function"),
            _("medical review; a reason must say who reviewed it"),
            GUIDES,
            synonyms=("foot drop", "progressive weakness"),
        ),
        Question(
            "VASC",
            _("clot, aneurysm or claudication"),
            _(
                "Is a calf newly swollen or painful, do you have an aneurysm, "
                "or do your legs cramp after a set walking distance?"
            ),
            "refer",
            _("possible deep vein thrombosis or arterial disease"),
            _("medical review before any needling"),
            f"{REGULATOR}; {GUIDES}",
            override_allowed=False,
            synonyms=("dvt", "thrombosis"),
        ),
        Question(
            "HERNIA",
            _("groin lump"),
            _("Have you noticed a lump in the groin?"),
            "refer",
            _("a hernia lies in the path to iliacus and psoas"),
            _("medical review; a reason must say who reviewed it"),
            GUIDES,
            synonyms=("lump",),
        ),
        Question(
            "ABDO",
            _("abdominal, pelvic or gynaecological signs"),
            _("Do you have belly pain, pain in the pelvis, or bleeding or discharge that is new?"),
            "refer",
            _("hip pain may come from an organ; bowel lies in the path to iliacus and psoas"),
            _("medical review before any needling"),
            GUIDES,
            override_allowed=False,
        ),
        Question(
            "SEV_PERSIST",
            _("severe, worsening or persistent pain"),
            _("Is the pain severe, getting worse, or still there despite what you have tried?"),
            "caution",
            _("something other than muscle may be the cause"),
            _("measure it; refer when 3 to 6 sessions bring no response"),
            f"{GUIDES}; 3 to 6 sessions: {DESIGN}",
            synonyms=("severe pain",),
        ),
        Question(
            "MOBIL_LOSS",
            _("marked loss of walking or daily activity"),
            _("Has the pain taken much of your walking or daily life away?"),
            "caution",
            _("joint or nerve disease may be behind it"),
            _("measure function; refer when it does not return"),
            GUIDES,
        ),
        Question(
            "ALTERED",
            _("confused, intoxicated or unable to lie still"),
            _("Is anything making it hard to think clearly or lie still today: confusion, alcohol, drugs?"),
            "stop",
            _("sudden movement with a needle in place; consent is not valid"),
            _("do not needle today"),
            GUIDES,
            override_allowed=False,
        ),
        Question(
            "CHILD",
            _("under 18"),
            _("Is the patient younger than 18?"),
            "caution",
            _("consent belongs to the guardian and the body is small"),
            _("guardian's consent, shorter needles, lower dose"),
            GUIDES,
            synonyms=("minor",),
        ),
        Question(
            "FRAIL",
            _("frail"),
            _("Do you tire quickly, have you lost strength, or do you fall easily?"),
            "caution",
            _("less reserve for a faint or a bruise"),
            _("lie down, lower dose, help when rising"),
            GUIDES,
            standing=True,
        ),
        Question(
            "ANYTHING_NEW",
            _("anything new"),
            _("Since last time: anything new in your health, medicines, or where it hurts?"),
            "caution",
            _("a yes opens all the questions again"),
            _("ask every question"),
            DESIGN,
            synonyms=("new",),
        ),
    )
)
"""Every row of the screening table in its order; ``ANYTHING_NEW`` is the short re-screen."""

FULL: tuple[str, ...] = tuple(question.code for question in QUESTIONS if question.code != "ANYTHING_NEW")
"""The codes of the first session: all but the short re-screen."""
