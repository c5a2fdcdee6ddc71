"""A fresh logbook for each test, copied from one made once: a real database, a clock that is set.

It is a SQLite file; a module marked ``both_databases`` runs on PostgreSQL as well.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import clinics
import hypothesis
import pytest
import servers
from chairs import Clinic, clinic
from clocks import FIRST, SetClock

from hiplog import settings
from hiplog.logbook.book import Logbook

# Whatever the machine speaks: what the tests read is English, in the programs that they start as well.
os.environ["HIPLOG_LANGUAGE"] = "en"

# An example is slow when the machine is; what is measured, the benchmarks measure.
hypothesis.settings.register_profile("hiplog", deadline=None)
hypothesis.settings.load_profile("hiplog")

BOTH = ("sqlite", "postgresql")
Grow = Callable[[Logbook], object]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the golden screens anew")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "grown(by): start from a logbook that by(book) has written into")
    config.addinivalue_line("markers", "both_databases: run on SQLite and on PostgreSQL")
    config.stash[RUN] = getattr(config, "workerinput", {}).get("testrunuid") or uuid4().hex


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.sweep(_run(config))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what the tests of faults counted, and what the long runs printed, whichever worker they ran on."""
    reports = [one for how in ("passed", "failed") for one in terminalreporter.getreports(how)]
    told = [words for one in reports for name, words in one.user_properties if name == "figures"]
    runs = [one for one in reports if {"long", "nightly"} & set(one.keywords) and not one.user_properties]
    told += [
        f"{one.nodeid.rpartition('::')[2]}: {line}" for one in runs for line in one.capstdout.splitlines()
    ]
    if told:
        terminalreporter.section("figures")
        for words in told:
            terminalreporter.line(str(words))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "places" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("places", BOTH, indirect=True)


RUN = pytest.StashKey[str]()


def _run(config: pytest.Config) -> str:
    shared = config.pluginmanager.getplugin("dsession")
    return shared.nodemanager.testrunuid if shared and hasattr(shared, "nodemanager") else config.stash[RUN]


@pytest.fixture
def figures(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> Callable[[str], None]:
    """Tell what was counted: printed at once, and listed when the run ends."""

    def tell(words: str) -> None:
        print(words)
        record_property("figures", f"{request.node.name}: {words}")

    return tell


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def blank_logbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A logbook file with its first practitioner and nothing else, made once."""
    places = settings.load(at=str(tmp_path_factory.mktemp("blank")), environ={})
    Logbook.create(places, "Hip clinic", "Europe/Berlin", FIRST, SetClock()).close()
    return places.path


@dataclass
class Nursery:
    """Logbooks to copy from: each made once a worker, by a function that writes into a blank one."""

    run: str
    blank: Path
    root: pytest.TempPathFactory
    stack: ExitStack
    made: dict[tuple[str, str], settings.Settings] = field(default_factory=dict)

    @cached_property
    def server(self) -> str:
        """The URL of a running PostgreSQL; a run without its tests starts none."""
        return self.stack.enter_context(servers.running(self.run))

    def template(self, which: str, grow: Grow | None) -> settings.Settings:
        """Return where a closed logbook that nobody writes to lies, with the keys of its seals."""
        name = grow.__qualname__ if grow else ""
        if (which, name) not in self.made:
            self.made[which, name] = self._blank(which) if grow is None else self._grown(which, grow)
        return self.made[which, name]

    @contextmanager
    def copied(self, which: str, grow: Grow | None, places: settings.Settings) -> Iterator[settings.Settings]:
        """Yield ``places`` with a copy of a template in them."""
        template = self.template(which, grow)
        if which == "sqlite":
            clinics.copied(template.path, places.path.parent)
            yield places
            return
        shutil.copytree(template.seals, places.seals, dirs_exist_ok=True)
        with servers.database(self.server, template.database) as url:
            yield replace(places, database=url)

    def _blank(self, which: str) -> settings.Settings:
        if which == "sqlite":
            return self._places(self.blank.parent)
        url = self.stack.enter_context(servers.database(self.server))
        made = replace(self._places(), database=url)
        Logbook.create(made, "Hip clinic", "Europe/Berlin", FIRST, SetClock()).close()
        return made

    def _grown(self, which: str, grow: Grow) -> settings.Settings:
        places = self.stack.enter_context(self.copied(which, None, self._places()))
        grown = Logbook.open(places, SetClock())
        grow(grown)
        grown.close()
        return places

    def _places(self, folder: Path | None = None) -> settings.Settings:
        return settings.load(at=str(folder or self.root.mktemp("nursery")), environ={})


@pytest.fixture(scope="session")
def nursery(
    pytestconfig: pytest.Config, blank_logbook: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nursery]:
    """Where the logbooks of the tests are copied from."""
    with ExitStack() as stack:
        yield Nursery(pytestconfig.stash[RUN], blank_logbook, tmp_path_factory, stack)


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery) -> Iterator[settings.Settings]:
    """The settings of a folder that holds a fresh logbook, or what the marker ``grown`` made of one."""
    found = settings.load(at=str(tmp_path / "clinic"), environ={})
    settings.private_folder(found.path.parent)
    marker = request.node.get_closest_marker("grown")
    which = getattr(request, "param", "sqlite")
    with nursery.copied(which, marker.kwargs["by"] if marker else None, found) as filled:
        yield filled


@pytest.fixture
def book(places: settings.Settings, clock: SetClock) -> Iterator[Logbook]:
    """A fresh logbook, opened by DN001 in a clinic in Berlin."""
    opened = Logbook.open(places, clock)
    yield opened
    opened.close()


@pytest.fixture
def chairs(nursery: Nursery, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic on a PostgreSQL server with its logins, as ``hiplog database create`` makes it."""
    with clinic(nursery.server, tmp_path / "chairs") as made:
        yield made
