"""How a page is made from a template: everything a person typed is escaped, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hiplog.exchange.figures.inks import figure_css, root_css
from hiplog.language import _, counted, p_
from hiplog.logbook.shown import shown

if TYPE_CHECKING:
    from jinja2 import Environment

MARK = '<meta name="generator" content="hiplog">'
"""Stands near the beginning of every page: by it a file is known as one that may be replaced."""


def page(template: str, **values: Any) -> str:
    """Return the page of ``template``; a value that it names and is not given raises."""
    made = environment().get_template(template).render(mark=_plain(MARK), css=_plain(css()), **values)
    return made.strip() + "\n"


def svg(figure: str) -> Any:
    """Let a figure of :mod:`hiplog.exchange.figures` into a page as it is; its texts are escaped already."""
    return _plain(figure)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of this package: autoescaped, and a missing value is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"_": _, "p_": p_, "counted": counted}
    return made


def css() -> str:
    """The style of every page, colours and figures among it."""
    return root_css() + figure_css() + _source("page.css")


def _source(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _visible() -> Callable[[Any], Any]:
    """Return what every value passes on its way in: direction and control characters become visible."""
    from markupsafe import Markup

    def visible(value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Markup):
            return shown(value, newlines=True)
        return value

    return visible


def _plain(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - only our own style sheet and figures come here
