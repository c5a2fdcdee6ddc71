"""Where hiplog keeps its things: flag over environment over file over default.

``--at DIR`` puts configuration, logbook, backups and log into one folder; without it the places of the
operating system are used (XDG on Linux). Folders are made private (0700), files 0600.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from hiplog.errors import BadInput, Unreachable
from hiplog.language import _, choice

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: dict[str, DateOrder] = {"ymd": "ymd", "dmy": "dmy", "mdy": "mdy"}
ThemeName = Literal["dark", "light", "contrast", "terminal"]
USUAL_ORDER: dict[str, DateOrder] = {"de": "dmy"}
"""How days are typed where the configuration does not say: as everybody does who speaks the language."""
THEMES: dict[str, ThemeName] = {name: name for name in get_args(ThemeName)}


@dataclass(frozen=True, slots=True)
class Look:
    """How the screens look, and which keys they listen to.

    ``motion`` is off for people whom things that glide disturb. ``keys`` pairs the name of a key, as
    ``hiplog config keys`` lists it, with the keys to press instead, parted by commas.
    """

    theme: ThemeName = "dark"
    motion: bool = True
    keys: tuple[tuple[str, str], ...] = ()


LOCK_AFTER, LONGEST_OPEN = 5, 30


@dataclass(frozen=True, slots=True)
class Settings:
    """The places and preferences of one run. ``database`` is a file path or a PostgreSQL URL.

    ``second`` is where each automatic backup goes as well: another disk, a stick, a share. ``seal_keys``
    is the folder of the audit trail's seal keys, when it is not the one beside the configuration.
    ``lock_after`` is the number of idle minutes (1 to 30) after which the screen locks itself.
    ``language`` is the code of the one that everything is said in.
    """

    database: str
    config: Path
    backups: Path
    log: Path
    actor: str | None = None
    date_order: DateOrder = "ymd"
    second: Path | None = None
    seal_keys: Path | None = None
    look: Look = Look()
    lock_after: int = 5
    language: str = "en"

    @property
    def is_file(self) -> bool:
        """Whether the logbook is a local file and not a server."""
        return "://" not in self.database

    @property
    def path(self) -> Path:
        """The logbook file; only meaningful when :attr:`is_file`."""
        return Path(self.database)

    @property
    def seals(self) -> Path:
        """Where the seal keys of plain logbooks and of servers lie: apart from the database."""
        return self.seal_keys or self.config.with_name("keys")

    @property
    def anchors(self) -> Path:
        """Where the heads of the audit trail are noted: beside the log, not beside the logbook."""
        return self.log.with_name("anchors.log")


def load(
    *,
    database: str | None = None,
    at: str | None = None,
    actor: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings of this run; ``BadInput`` names the file and key that cannot be read."""
    env = os.environ if environ is None else environ
    places = _places(Path(at)) if at else _default_places()
    chosen = _read(places["config"])
    speaks = _language(chosen, env, places["config"])
    order = DATE_ORDERS.get(str(chosen.get("date_order", USUAL_ORDER.get(speaks, "ymd"))))
    if order is None:
        raise BadInput(_("{places}: date_order must be ymd, dmy or mdy").format(places=places["config"]))
    named = database or (None if at else env.get("HIPLOG_DB")) or chosen.get("database")
    return Settings(
        database=str(named or places["database"]),
        config=places["config"],
        backups=Path(str(chosen.get("backups", places["backups"]))),
        log=places["log"],
        actor=actor or env.get("HIPLOG_AS") or _text(chosen.get("as")),
        date_order=order,
        second=_path(chosen.get("second_backups")),
        seal_keys=_path(chosen.get("seal_keys")),
        look=_look(chosen, places["config"]),
        lock_after=_minutes(chosen.get("lock_after_min", LOCK_AFTER), places["config"]),
        language=speaks,
    )


def language(words: Sequence[str], environ: Mapping[str, str] | None = None) -> str:
    """Return the code of the language that a run of ``hiplog`` with ``words`` speaks.

    Asked before anything that has words is loaded, so a file that cannot be read decides nothing here;
    :func:`load` refuses it in the language that is left. With ``--json`` programs read what is said: English.
    """
    if "--json" in words:
        return "en"
    env = os.environ if environ is None else environ
    try:
        return choice.chosen(env, _read(_config_of(words)).get("language"))
    except BadInput:
        return choice.chosen(env)


def _config_of(words: Sequence[str]) -> Path:
    places = [after for word, after in pairwise(words) if word == "--at"]
    places += [word.partition("=")[2] for word in words if word.startswith("--at=")]
    return _places(Path(places[-1]))["config"] if places else _default_places()["config"]


def private_folder(folder: Path) -> Path:
    """Make ``folder`` and its parents where missing, readable by their owner only, and return it."""
    try:
        for place in reversed((folder, *folder.parents)):
            if not place.is_dir():
                place.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unreachable(
            _("{folder}: this folder cannot be made ({strerror}); name another with --at DIR").format(
                folder=folder, strerror=error.strerror
            )
        ) from None
    return folder


def private_file(path: Path) -> Path:
    """Create an empty file that only its owner reads; fails if it exists, so nothing is overwritten."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk itself."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _places(root: Path) -> dict[str, Path]:
    return {
        "config": root / "config.toml",
        "database": root / "hiplog.db",
        "backups": root / "backups",
        "log": root / "hiplog.log",
    }


def _default_places() -> dict[str, Path]:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("hiplog", appauthor=False)
    data = Path(dirs.user_data_dir)
    return {
        "config": Path(dirs.user_config_dir) / "config.toml",
        "database": data / "hiplog.db",
        "backups": data / "backups",
        "log": Path(dirs.user_log_dir) / "hiplog.log",
    }


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            _("{path}: cannot be read as TOML ({error}); mend it or move it away").format(
                path=path, error=error
            )
        ) from None


def _language(chosen: Mapping[str, object], env: Mapping[str, str], config: Path) -> str:
    for place, wanted in (
        ("HIPLOG_LANGUAGE", env.get("HIPLOG_LANGUAGE")),
        (f"{config}: language", chosen.get("language")),
    ):
        if wanted and wanted not in choice.LANGUAGES:
            known = ", ".join(choice.LANGUAGES)
            raise BadInput(_("{place} must be one of {known}").format(place=place, known=known))
    return choice.chosen(env, chosen.get("language"))


def _look(chosen: Mapping[str, object], config: Path) -> Look:
    theme = THEMES.get(str(chosen.get("theme", "dark")))
    motion, keys = chosen.get("motion", True), chosen.get("keys", {})
    if theme is None:
        raise BadInput(
            _("{config}: theme must be one of {themes}").format(config=config, themes=", ".join(THEMES))
        )
    if not isinstance(motion, bool):
        raise BadInput(_("{config}: motion must be true or false").format(config=config))
    if not isinstance(keys, dict) or not all(isinstance(key, str) and key for key in keys.values()):
        raise BadInput(
            _('{config}: [keys] must pair names with keys, as "grid.twitch" = "t"').format(config=config)
        )
    return Look(theme, motion, tuple((str(name), str(key)) for name, key in keys.items()))


def _minutes(value: object, config: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_OPEN:
        raise BadInput(
            _("{config}: lock_after_min must be 1 to {longest_open} minutes").format(
                config=config, longest_open=LONGEST_OPEN
            )
        )
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _path(value: object) -> Path | None:
    return None if value is None else Path(str(value))
