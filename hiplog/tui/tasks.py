"""Work that a screen starts and does not wait for; whatever goes wrong in it becomes a notice."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from textual.css.query import NoMatches
from textual.widget import Widget
from textual.worker import Worker

if TYPE_CHECKING:
    from hiplog.tui.app import HiplogApp

P = ParamSpec("P")
W = TypeVar("W", bound=Widget)


def task(
    method: Callable[Concatenate[W, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[W, P], Worker[None]]:
    """Make calling an async method start it as a worker; its failure is told, the program goes on."""
    return _starter(method, exclusive=False)


def newest(
    method: Callable[Concatenate[W, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[W, P], Worker[None]]:
    """Like :func:`task`, but a new call drops the one before: for searches and pictures, never for saves."""
    return _starter(method, exclusive=True)


def _starter(
    method: Callable[Concatenate[W, P], Coroutine[Any, Any, None]], exclusive: bool
) -> Callable[Concatenate[W, P], Worker[None]]:
    @wraps(method)
    def start(self: W, *args: P.args, **kwargs: P.kwargs) -> Worker[None]:
        # A function, not a coroutine: one that is dropped before it began leaves nothing unawaited.
        async def work() -> None:
            await _calmly(self, method, args, kwargs)

        return self.run_worker(
            work,
            name=method.__name__,
            group=method.__qualname__,
            exclusive=exclusive,
            exit_on_error=False,
        )

    return cast("Callable[Concatenate[W, P], Worker[None]]", start)


def started(app: HiplogApp, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    """Start work that belongs to the app and to no screen; its failure is told."""

    async def calmly() -> None:
        try:
            await work(*args)
        except Exception as error:  # noqa: BLE001 - the program goes on, the fault is told and logged
            app.calm(error)

    app.run_worker(calmly(), exit_on_error=False)


async def _calmly(
    owner: W, method: Callable[..., Coroutine[Any, Any, None]], args: Any, kwargs: Mapping[str, Any]
) -> None:
    app = cast("HiplogApp", owner.app)
    try:
        await method(owner, *args, **kwargs)
    except NoMatches as error:
        # A screen that was left while it was still being read has no fields any more to show it in.
        if owner.is_attached:
            app.calm(error)
    except Exception as error:  # noqa: BLE001 - the program goes on, the fault is told and logged
        app.calm(error)
