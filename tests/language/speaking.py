"""Walks the screens in another language, in a process of its own: ``python speaking.py CODE WALK…``.

A language is chosen before the first module with words is read, so no test can do it in the process of the
suite. ``CODE`` is that of a language, or ``pseudo``: every text that is said by the catalogue then stands in
letters that nobody writes (``ïḿþŕöṽë``), so that whatever is still plain English was never wrapped. Prints
a line of JSON for each walk: its name, what was seen on it, and what was wrong with how it looked.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import traceback
from gettext import NullTranslations
from pathlib import Path

from hiplog import language
from hiplog.language import choice

HERE = Path(__file__).resolve().parent
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ODD = "äƀćđëƒǧĥïĵķłṁńöþʠŕšťüṽŵẋýžÄƁĆĐËƑǦĤÏĴĶŁṀŃÖÞɊŔŠŤÜṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, ODD)
PLACE = re.compile(r"(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})")


class Pseudo(NullTranslations):
    """Says every text in odd letters, as wide as the plain ones; places stay."""

    def gettext(self, message: str) -> str:
        """The text in odd letters."""
        return "".join(
            one if PLACE.fullmatch(one) else one.translate(LETTERS) for one in PLACE.split(message)
        )

    def pgettext(self, context: str, message: str) -> str:
        """The same, whatever the context."""
        return self.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The same, in the English number."""
        return self.gettext(one if count == 1 else many)


def speak(code: str) -> None:
    """Say everything in ``code`` from here on."""
    if code == "pseudo":
        language.use(Pseudo())
    else:
        choice.speak(code)


def walk(names: list[str]) -> None:
    """Go the walks one after the other, and tell of each."""
    sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tui")]
    import goldens
    import walks
    from driving import SIZES

    for name in names:
        stages: list[goldens.Stage] = []
        way = walks.WALKS[name]

        async def kept(
            at: goldens.Stage, way: goldens.Walk = way, stages: list[goldens.Stage] = stages
        ) -> None:
            stages.append(at)
            await way(at)

        walks.WALKS[name] = kept
        broken = []
        try:
            asyncio.run(goldens.take(name, SIZES[0]))
        except Exception:
            broken.append(f"the walk {name} broke off: {traceback.format_exc(limit=-3)}")
        told = {"walk": name, "seen": stages[0].seen, "faults": [*stages[0].faults, *broken]}
        print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    speak(sys.argv[1])
    walk(sys.argv[2:])
