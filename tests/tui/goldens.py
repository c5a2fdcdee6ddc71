"""Every screen and dialog as text: taken by walking through an invented clinic by keys, kept in ``golden/``.

What they must show is derived from the package: each place in its code that makes a screen or a dialog needs a
golden, and each golden names at its foot the places it shows.
"""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import looks
from driving import Driver, running
from textual.screen import Screen

from hiplog import settings
from hiplog.logbook.book import Logbook

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().with_name("golden")
PACKAGE = ROOT / "hiplog" / "tui"
COMMAND = "pytest tests/tui/test_goldens.py --rewrite"
HOME = "/home/ada/hiplogbook"
"""Shown in place of the folder of the run, which is as long."""
UNSTABLE = re.compile(
    r"(?<![\w-])(?=[0-9a-f-]*\d)[0-9a-f]{8}[0-9a-f-]{0,56}(?![\w-])"
    r"|\bP-[0-9a-f]{10}\b"
    r"|\b[0-9a-f]{1,4}(?: [0-9a-f]{4})+(?: [0-9a-f]{1,3})?\b"
    r"|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}\b"
)
"""Hashes, keys, pseudonyms and a recovery code: the logbook's own, and different each time."""
Walk = Callable[["Stage"], Awaitable[None]]


# -- what there must be ------------------------------------------------------------------------------


@cache
def wanted() -> frozenset[str]:
    """Every place of the package that makes a screen or a dialog: ``module.function > what it makes``."""
    trees = {_module(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    makers = {f"{kind.__module__}.{kind.__qualname__}" for kind in _kinds()}
    makers |= {f"{module}.{name}" for module, tree in trees.items() for name in _forms(tree)}
    return frozenset(site for module, tree in trees.items() for site in _sites(module, tree, makers))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _kinds() -> Iterator[type[Screen[Any]]]:
    for path in PACKAGE.rglob("*.py"):
        __import__(_module(path))
    todo: list[type[Any]] = [Screen]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.startswith("hiplog.tui"):
            yield kind


def _forms(tree: ast.Module) -> Iterator[str]:
    """The functions that return a form."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            returned = ast.unparse(node.returns)
            if re.match(r"(\w*Form|Pick|Tick|Confirm|Message)\b", returned):
                yield node.name


def _sites(module: str, tree: ast.Module, makers: set[str]) -> Iterator[str]:
    named = {node.name: f"{module}.{node.name}" for node in tree.body if hasattr(node, "name")}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}

    def inside(node: ast.AST, at: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and (made := _made(child.func, named)) in makers:
                yield site(f"{module}.{at}", made)
            deeper = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            yield from inside(child, f"{at}.{child.name}".lstrip(".") if deeper else at)  # type: ignore[attr-defined]

    yield from inside(tree, "")


def _made(func: ast.expr, named: dict[str, str]) -> str:
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return f"{named.get(func.value.id, '')}.{func.attr}"
    return named.get(func.id, "") if isinstance(func, ast.Name) else ""


def site(place: str, made: str) -> str:
    """A place that makes a screen, as the goldens name it."""
    return f"{place.removeprefix('hiplog.tui.')} > {made.rpartition('.')[2]}"


# -- where a screen on show was made -------------------------------------------------------------------


@contextmanager
def tracing() -> Iterator[None]:
    """Let every screen remember the functions that were under way when it was made."""
    plain = Screen.__init__

    def init(self: Screen[Any], *args: Any, **kwargs: Any) -> None:
        self._golden_chain = tuple(_chain(sys._getframe(1)))  # type: ignore[attr-defined]
        plain(self, *args, **kwargs)

    with patch.object(Screen, "__init__", init):
        yield


def _chain(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("hiplog.tui"):
            yield f"{module}.{frame.f_code.co_qualname.replace('.<locals>', '')}"
        frame = frame.f_back


def sites_of(screen: Screen[Any]) -> list[str]:
    """Which of the wanted places made ``screen``."""
    chain = [place for place in getattr(screen, "_golden_chain", ()) if not place.endswith("__init__")]
    makers = [type(screen).__name__, *(place.rpartition(".")[2] for place in chain)]
    return sorted({made for pair in zip(chain, makers, strict=False) if (made := site(*pair)) in wanted()})


# -- taking them -----------------------------------------------------------------------------------


@dataclass
class Stage:
    """One walk at one size: a clinic of its own, and what was seen in it."""

    name: str
    size: tuple[int, int]
    folder: Path
    no_color: bool = False
    theme: settings.ThemeName = "dark"
    seen: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def places(self) -> settings.Settings:
        """Where the clinic lies."""
        return settings.load(at=str(self.folder / "clinic"), environ={})

    def book(self, **changes: Any) -> Logbook:
        """The clinic, opened by its owner at the time of the goldens."""
        from walks import NOW

        return replace(Logbook.open(self.places, lambda: NOW), **changes)

    def running(self, opens: Any = None, **more: Any) -> Any:
        """Run the app on it; nothing glides, so that a list is where it is going to be."""
        return running(opens or self.book(), self.size, look=settings.Look(self.theme, motion=False), **more)

    def shot(self, tui: Driver, name: str) -> None:
        """Take what is on the screen."""
        assert name not in self.seen, f"two goldens are called {name}"
        text = _stable(tui.text, self.folder)
        made = "".join(f"\n- {one}" for one in sites_of(tui.app.screen))
        self.seen[name] = f"{text}\n{'─' * self.size[0]}{made or ' no place of its own'}\n"
        self.faults += [f"{self.file(name).name}: {fault}" for fault in looks.faults(tui.app, self.no_color)]
        # A notice is told of once; it stays some seconds, which are over when the next golden is taken.
        tui.app.clear_notifications()

    def file(self, name: str) -> Path:
        """Where the golden of this name and size is kept."""
        return FOLDER / self.name / f"{name}-{self.size[0]}x{self.size[1]}.txt"

    @property
    def kept(self) -> list[Path]:
        """The goldens of this walk and size that there are."""
        return sorted((FOLDER / self.name).glob(f"*-{self.size[0]}x{self.size[1]}.txt"))

    def rewrite(self) -> None:
        """Keep what was seen, and nothing that is seen no longer."""
        (FOLDER / self.name).mkdir(parents=True, exist_ok=True)
        for path in {*self.kept} - {self.file(name) for name in self.seen}:
            path.unlink()
        for name, text in self.seen.items():
            self.file(name).write_text(text, encoding="utf-8")


def _stable(text: str, folder: Path) -> str:
    text = text.replace(str(folder), HOME[: len(str(folder))].ljust(len(str(folder)), "_"))
    return UNSTABLE.sub(lambda found: re.sub(r"\w", "#", found[0]), text)


@contextmanager
def _ids(seed: int) -> Iterator[None]:
    """Draw the keys of rows from a seed, so that ties are settled the same way each time."""
    drawn = random.Random(seed)
    with patch.object(os, "urandom", drawn.randbytes):
        yield


@contextmanager
def _elsewhere(folder: Path, no_color: bool) -> Iterator[None]:
    """Live in ``folder``: home, working folder and environment are its own."""
    before, was = Path.cwd(), dict(os.environ)
    os.environ.update({"HOME": "/home/ada", "NO_COLOR": "1"})
    if not no_color:
        del os.environ["NO_COLOR"]
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(was)


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    import walks

    made = tempfile.TemporaryDirectory(prefix="hiplog-")
    with _ids(1):
        walks.clinic(settings.load(at=made.name, environ={}))
    return made


async def take(
    name: str, size: tuple[int, int], no_color: bool = False, theme: settings.ThemeName = "dark"
) -> Stage:
    """Go the walk called ``name`` and return what was seen."""
    import walks

    template = _template().name
    # As long each time, so that lines break at the same place.
    folder = Path(tempfile.mkdtemp(prefix="hiplog-", dir="/tmp")).resolve()
    try:
        shutil.copytree(template, folder / "clinic", copy_function=shutil.copy)
        stage = Stage(name, size, folder, no_color, theme)
        with _elsewhere(folder, no_color), _ids(2), tracing():
            await walks.WALKS[name](stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return stage


def kept_sites() -> set[str]:
    """The places that the kept goldens show."""
    lines = (line for path in FOLDER.glob("*/*.txt") for line in path.read_text("utf-8").splitlines())
    return {line.removeprefix("- ") for line in lines if line.startswith("- ")}
