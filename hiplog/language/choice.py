"""Which language a run speaks: environment over configuration over the locale of the machine."""

# pathlib alone would take a third of the time of a run that only says its version.
# ruff: noqa: PTH110, PTH111, PTH118, PTH120, PTH123
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

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


def is_settled(words: Sequence[str], environ: Mapping[str, str], platform: str) -> bool:
    """Whether a configuration cannot change :func:`chosen`, as far as that is known without looking for it.

    Only the usual place on Linux is known here, and only where nothing is asked for programs or elsewhere.
    """
    if platform != "linux" or any(word == "--json" or word.startswith("--at") for word in words):
        return False
    home = environ.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")
    return not os.path.exists(os.path.join(home, "hiplog", "config.toml"))


def speak(code: str) -> None:
    """Say everything in the language ``code`` from now on. Texts in constants stay as they were read."""
    if code == "en":
        language.use(None)
        return
    from gettext import GNUTranslations

    with open(os.path.join(os.path.dirname(__file__), f"{code}.mo"), "rb") as file:
        language.use(GNUTranslations(file))
