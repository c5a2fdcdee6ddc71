"""Where things are kept: flag over environment over file over default, and private from the start."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hiplog import settings
from hiplog.clinical.errors import BadInput, Unreachable


def test_one_folder_holds_everything(tmp_path: Path) -> None:
    found = settings.load(at=str(tmp_path), environ={"HIPLOG_DB": "/elsewhere.db"})
    assert found.path == tmp_path / "hiplog.db"
    assert {found.config.parent, found.log.parent, found.backups.parent} == {tmp_path}
    assert (found.actor, found.date_order, found.is_file) == (None, "ymd", True)


def test_a_flag_beats_the_environment_and_that_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert settings.load(environ={}).path == tmp_path / "data" / "hiplog" / "hiplog.db"
    (tmp_path / "hiplog").mkdir()
    (tmp_path / "hiplog" / "config.toml").write_text(
        'database = "/file.db"\nas = "DN3"\ndate_order = "dmy"\n'
    )
    env = {"HIPLOG_DB": "/env.db", "HIPLOG_AS": "DN2"}
    told = [
        settings.load(environ={}),
        settings.load(environ=env),
        settings.load(database="/flag.db", actor="DN1", environ=env),
    ]
    assert [(one.database, one.actor) for one in told] == [
        ("/file.db", "DN3"),
        ("/env.db", "DN2"),
        ("/flag.db", "DN1"),
    ]
    assert {one.date_order for one in told} == {"dmy"}


def test_a_server_is_no_file(tmp_path: Path) -> None:
    found = settings.load(database="postgresql://chair@host/hiplog", at=str(tmp_path), environ={})
    assert not found.is_file


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"database = ", "cannot be read as TOML"),
        (b"\xff\xfe", "cannot be read as TOML"),
        (b'date_order = "ydm"', "date_order must be ymd, dmy or mdy"),
        (b'theme = "pink"', "theme must be one of dark, light, contrast, terminal"),
        (b"motion = 1", "motion must be true or false"),
        (b"keys = 3", "must pair names with keys"),
        (b'[keys]\n"today.find" = 1', "must pair names with keys"),
    ],
)
def test_a_spoilt_file_is_named(tmp_path: Path, text: bytes, sentence: str) -> None:
    (tmp_path / "config.toml").write_bytes(text)
    with pytest.raises(BadInput, match=sentence) as caught:
        settings.load(at=str(tmp_path), environ={})
    assert str(tmp_path / "config.toml") in str(caught.value)


def test_folders_and_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = settings.private_folder(tmp_path / "a" / "b" / "c")
        file = settings.private_file(folder / "x")
    finally:
        os.umask(old)
    assert {stat.S_IMODE(place.stat().st_mode) for place in (folder, folder.parent, tmp_path / "a")} == {
        0o700
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_never_made_over_another(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("kept")
    with pytest.raises(FileExistsError):
        settings.private_file(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "kept"


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a file")
    with pytest.raises(Unreachable, match="this folder cannot be made"):
        settings.private_folder(tmp_path / "x" / "y")
