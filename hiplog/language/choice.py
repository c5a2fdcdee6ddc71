"""Which language a run speaks: environment over configuration over the locale of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hiplog import language

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Each language that hiplog speaks, by its code, in its own word."""
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen(environ: Mapping[str, str], configured: object = None) -> str:
    """Return the code of the language: ``HIPLOG_LANGUAGE``, what is ``configured``, the locale, English.

    A language that hiplog does not speak is passed over here; :func:`hiplog.settings.load` names it.
    """
    for wanted in (environ.get("HIPLOG_LANGUAGE"), configured):
        if isinstance(wanted, str) and wanted in LANGUAGES:
            return wanted
    # The first that is set decides, as everywhere on the machine: LC_ALL=C is English under LANG=de_DE.
    locale = next((value for name in LOCALES if (value := environ.get(name))), "")
    code = locale.replace("-", "_").split("_")[0].split(".")[0].lower()
    return code if code in LANGUAGES else "en"


def speak(code: str) -> None:
    """Say everything in the language ``code`` from now on. Texts in constants stay as they were read."""
    if code == "en":
        language.use(None)
        return
    from gettext import GNUTranslations

    with Path(__file__).with_name(f"{code}.mo").open("rb") as file:
        language.use(GNUTranslations(file))
