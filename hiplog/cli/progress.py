"""A progress bar on stderr, on a terminal only; elsewhere long work is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hiplog.cli import output

Told = Callable[[int, int], None]
ToldOf = Callable[[str, int, int], None]


@contextmanager
def parts(what: str) -> Iterator[ToldOf | None]:
    """Give what long work reports to: the part it is at, done so far of it, and in all.

    ``None`` when nobody is looking.
    """
    if not output.talks_to_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def told(part: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what} {part}".rstrip(), completed=done, total=total)

        yield told


@contextmanager
def steps(what: str) -> Iterator[Told | None]:
    """Like :func:`parts` for work of one part: done so far, and in all."""
    with parts(what) as told:
        yield None if told is None else lambda done, total: told("", done, total)
