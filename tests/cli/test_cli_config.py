"""``hiplog config``: a file to begin with, keys by name, and mistakes in them told."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from pathlib import Path

from commands import Run

from hiplog import settings
from hiplog.settings import Settings


def test_the_file_to_begin_with_changes_nothing_until_a_line_is_used(run: Run, places: Settings) -> None:
    done = run("config", "init")
    assert (done.code, done.out.strip()) == (0, str(places.config))
    assert stat.S_IMODE(places.config.stat().st_mode) == 0o600
    at = str(places.config.parent)
    assert settings.load(at=at, environ={}) == places
    text = places.config.read_text()
    used = re.sub(r"^# (?=[\w\"\[])(?!hiplog|Flags)", "", text, flags=re.M)
    assert set(tomllib.loads(used)) == {
        "database", "backups", "second_backups", "seal_keys", "as", "date_order", "language", "theme", "motion", "keys",
    }  # fmt: skip
    places.config.write_text(used)
    assert dict(settings.load(at=at, environ={}).look.keys) == {"today.find": "f"}


def test_a_second_time_nothing_is_written_over(run: Run, places: Settings) -> None:
    places.config.write_text('theme = "light"\n')
    done = run("config", "init")
    assert done.code == 4 and "nothing was written over it" in done.err
    assert places.config.read_text() == 'theme = "light"\n'


def test_every_key_has_a_name_and_moved_ones_show(run: Run, places: Settings) -> None:
    places.config.write_text('[keys]\n"today.find" = "f"\n')
    listed = {one["name"]: one for one in json.loads(run("config", "keys", "--json").out)["keys"]}
    assert listed["today.find"]["keys"] == "f"
    assert {"grid.twitch", "app.quit", "audit.export"} <= set(listed)
    assert all(one["about"] for one in listed.values())


def test_a_name_no_key_has_is_told_with_the_nearest(run: Run, places: Settings) -> None:
    places.config.write_text('[keys]\n"today.fnd" = "f"\n')
    done = run("config", "show")
    assert done.code == 0
    assert "today.fnd: no key is called that; nearest: today.find" in done.err


def test_a_key_that_two_things_want_is_told(run: Run, places: Settings) -> None:
    places.config.write_text('[keys]\n"today.find" = "n"\n')
    assert "n is wanted by several (today.find, today.new)" in run("config", "show").err
    places.config.write_text('[keys]\n"today.find" = "n"\n"today.new" = "f"\n')
    assert "wanted" not in run("config", "show").err


def test_a_spoilt_setting_stops_every_verb_with_the_files_name(run: Run, places: Settings) -> None:
    places.config.write_text('theme = "pink"\n')
    done = run("config", "show")
    assert done.code == 2 and str(places.config) in done.err and "contrast" in done.err


def test_the_folder_is_made_when_it_is_missing(run: Run, tmp_path: Path) -> None:
    assert run("config", "init", at=tmp_path / "new" / "place").code == 0
    assert (tmp_path / "new" / "place" / "config.toml").is_file()
