"""Which language is spoken, and that a text is said in it and still knows its English."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import catalogue
import pytest

from hiplog import language, settings
from hiplog.clinical.errors import BadInput
from hiplog.language import _, choice, counted, english

MODULES_OF_HELP = 90


@pytest.fixture
def german() -> Iterator[None]:
    choice.speak("de")
    yield
    choice.speak("en")


@pytest.mark.parametrize(
    ("environ", "configured", "code"),
    [
        ({}, None, "en"),
        ({"LANG": "de_DE.UTF-8"}, None, "de"),
        ({"LANG": "de"}, None, "de"),
        ({"LANG": "de_AT@euro", "LC_MESSAGES": "en_GB"}, None, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, None, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "de_CH"}, None, "de"),
        ({"LANG": "fr_FR.UTF-8"}, None, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "de", "de"),
        ({"LANG": "de_DE.UTF-8"}, "en", "en"),
        ({"HIPLOG_LANGUAGE": "en", "LANG": "de_DE"}, "de", "en"),
        ({"HIPLOG_LANGUAGE": "de", "LANG": "C"}, "en", "de"),
        ({"HIPLOG_LANGUAGE": "klingon"}, "de", "de"),
    ],
)
def test_environment_over_configuration_over_locale(
    environ: dict[str, str], configured: str | None, code: str
) -> None:
    assert choice.chosen(environ, configured) == code


def test_the_configuration_of_the_folder_that_is_named_decides(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('language = "de"\n')
    at = str(tmp_path)
    for words in (["--at", at, "locate"], [f"--at={at}"], ["patient", "list", "--at", at]):
        assert settings.language(words, {}) == "de"
    assert settings.language(["--at"], {"XDG_CONFIG_HOME": at}) == "en"
    found = settings.load(at=at, environ={})
    assert (found.language, found.date_order) == ("de", "dmy")
    (tmp_path / "config.toml").write_text('language = "de"\ndate_order = "ymd"\n')
    assert settings.load(at=at, environ={}).date_order == "ymd"


def test_a_language_that_is_not_spoken_is_named_and_a_spoilt_file_does_not_keep_hiplog_from_starting(
    tmp_path: Path,
) -> None:
    at = str(tmp_path)
    with pytest.raises(BadInput, match="HIPLOG_LANGUAGE must be one of en, de"):
        settings.load(at=at, environ={"HIPLOG_LANGUAGE": "klingon"})
    (tmp_path / "config.toml").write_text("language = 3\n")
    with pytest.raises(BadInput, match="language must be one of en, de"):
        settings.load(at=at, environ={})
    (tmp_path / "config.toml").write_bytes(b"\xff")
    assert settings.language(["--at", at], {"LANG": "de_DE"}) == "de"


def test_a_text_is_said_in_german_and_knows_its_english(german: None) -> None:
    said = _("Wednesday")
    assert (said, english(said), english("as it is")) == ("Mittwoch", "Wednesday", "as it is")
    assert english(language.p_("short", "Mar")) == "Mar"
    # The head of the catalogue is kept under the empty text.
    assert _("") == ""
    assert _("a text of nobody") == "a text of nobody"


def test_english_is_what_the_sources_say() -> None:
    assert type(_("Wednesday")) is str and language.p_("short", "Mar") == "Mar"
    assert [counted(n, "{count} {what}", "{count} {what}s", what="hip") for n in (0, 1, 2)] == [
        "0 hips", "1 hip", "2 hips",
    ]  # fmt: skip


WORDS = """
from datetime import date
from hiplog.language import days
from hiplog.logbook import dates
day = date(2026, 3, 4)
print(days.full(day), days.long(day), days.short(day), days.within_year(day), days.month(day), sep="\\n")
print(*(dates.read_day(text, day, "dmy") for text in ("heute", "Gestern", "yesterday", "3.4.2026")))
"""


def test_days_are_said_and_read_in_german() -> None:
    told = run("-c", f"from hiplog.language import choice; choice.speak('de')\n{WORDS}").splitlines()
    assert told[:3] == ["Mittwoch, 4. März 2026", "4. März 2026", "4. Mär 2026"]
    assert told[3:5] == ["4. Mär", "März 2026"]
    assert told[5] == "2026-03-04 2026-03-03 2026-03-03 2026-04-03"


def test_a_program_speaks_what_its_environment_says(tmp_path: Path) -> None:
    at = ("-m", "hiplog", "--at", str(tmp_path), "config", "show")
    told = run(*at, HIPLOG_LANGUAGE="", LANG="C")
    assert re.match(r"setting +value\n", told) and re.search(r"^language +en$", told, re.M)
    told = run(*at, HIPLOG_LANGUAGE="", LANG="de_DE.UTF-8", LC_ALL="")
    assert re.match(r"Einstellung +Wert\n", told) and re.search(r"^language +de$", told, re.M)


def run(*words: str, **environ: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env={**os.environ, **environ}, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_what_programs_read_is_what_the_catalogue_says() -> None:
    codes = sorted(path.stem for path in catalogue.FOLDER.glob("*.po"))
    assert codes == sorted({*choice.LANGUAGES} - {"en"})
    for code in codes:
        made = catalogue.compiled(catalogue.kept(code))
        assert made == (catalogue.FOLDER / f"{code}.mo").read_bytes(), "python tests/language/catalogue.py"


def test_the_first_day_of_a_month_is_not_written_with_a_nought() -> None:
    from hiplog.language import days

    assert days.full(date(2026, 3, 1)) == "Sunday 1 March 2026"


def test_a_run_without_a_configuration_does_not_load_what_reads_one(tmp_path: Path) -> None:
    asked = "import sys; from hiplog import __main__ as m; sys.argv = ['hiplog', '--help']; m.main()"
    code = f"{asked}\nprint(len(sys.modules), 'tomllib' in sys.modules, file=sys.stderr)"
    environ = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "LANG": "C", "LC_ALL": ""}
    environ.pop("HIPLOG_LANGUAGE", None)

    def ran() -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
        )
        return done.stdout, done.stderr.strip()

    english_help, loaded = ran()
    if sys.platform == "linux":
        count, reads = loaded.split()
        assert (int(count) <= MODULES_OF_HELP, reads) == (True, "False"), loaded
    place = tmp_path / "hiplog" / "config.toml"
    place.parent.mkdir()
    place.write_text('language = "de"\n', encoding="utf-8")
    german_help, _loaded = ran()
    assert german_help != english_help
