"""Advice after needling: neutral sentences by code, each with what is known in its favour.

Advice is worded as what may be done, never as what needling achieves, and speaks of needling only:
nothing is injected. Drinking more than usual is not advised, since no substance that it would remove
has been identified (painscience.com, a review on massage).
"""

from __future__ import annotations

from dataclasses import dataclass

from hiplog.clinical.vocabulary import Catalogue
from hiplog.language import _


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence for the aftercare sheet.

    ``evidence`` says how far it is supported and ``source`` by what. ``default`` rows are offered ready
    ticked on a sheet. ``for_therapist`` marks what the therapist does, which no sheet prints.
    """

    code: str
    text: str
    evidence: str
    source: str
    default: bool
    for_therapist: bool = False
    retired: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The sentence itself, so that any of its words finds the row."""
        return (self.text,)


_PACKS = "Weak: cold with stretching was worse at first than spray or contract-relax, equal later (n = 126)."

ADVICE: Catalogue[Advice] = Catalogue(
    (
        Advice(
            "EXPECT",
            _("Soreness is common and is usually gone within 3 days."),
            "Soreness of less than 72 h is the usual course.",
            "J Clin Med 2021;10:5527",
            True,
        ),
        Advice(
            "WATER",
            _("Drink as you normally would."),
            "No benefit of drinking more.",
            "painscience.com",
            True,
        ),
        Advice(
            "EASE24",
            _("If you are sore, keep to light activity today; heavy lifting and impact can wait about 24 h."),
            "Custom, no trial of rest. Some light eccentric exercise reduced soreness, another trial found "
            "no difference.",
            "review of 8 trials, 534 people (JOSPT)",
            True,
        ),
        Advice(
            "MOVE",
            _("Gentle movement is fine."),
            "Limited: compression, spray and stretch, neuromodulation and eccentric exercise help; taping "
            "and reassurance did not.",
            "review of 8 trials, 534 people (JOSPT)",
            True,
        ),
        Advice(
            "COLD",
            _("A cold pack may feel comfortable: 10 to 15 minutes, with a cloth between."),
            _PACKS,
            "db.hitap.net article 3763",
            False,
        ),
        Advice(
            "HEAT",
            _("A warm pack may feel comfortable: 10 to 15 minutes, with a cloth between."),
            "None found for warmth after needling.",
            "customary",
            False,
        ),
        Advice(
            "FAINT",
            _("Sit before you stand up; do not drive while light-headed."),
            "Standard.",
            "customary",
            True,
        ),
        Advice(
            "WATCH",
            _(
                "Call us if you notice: redness that spreads, fever, new numbness or weakness, strong or "
                "growing pain, swelling, breathlessness, or a needle left in."
            ),
            "Standard.",
            "customary",
            True,
        ),
        Advice(
            "NOSTOP",
            _("Do not change any of your medicines because of this visit."),
            "Standard.",
            "customary",
            True,
        ),
        Advice(
            "PRESS",
            _("Press firmly on the site after withdrawal."),
            "Compression shortened soreness: 0.6 against 3.8 on a visual analogue scale at 48 h.",
            "physiospot.com, ischemic compression after dry needling",
            False,
            for_therapist=True,
        ),
    )
)


def sheet_defaults() -> tuple[str, ...]:
    """Return the codes that a new aftercare sheet offers, in printed order."""
    return tuple(row.code for row in ADVICE.active() if row.default and not row.for_therapist)
