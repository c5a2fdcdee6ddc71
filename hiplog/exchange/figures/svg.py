"""A drawing under construction: shapes by the name of their ink, every text escaped, one SVG at the end."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

from hiplog.logbook.shown import shown

Spot = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
Marker = Literal["disc", "ring", "square", "frame", "plus", "cross", "triangle"]

CHAR = 6.5
"""Width of an average character of 12 px text: enough to keep two labels apart."""

MARKERS: dict[str, Marker] = {
    "●": "disc", "○": "ring", "■": "square", "□": "frame", "+": "plus", "×": "cross", "▲": "triangle"
}  # fmt: skip
"""The terminal's signs and the shapes that stand for them."""


class Drawing:
    """Shapes in order, the last on top, on a sheet of ``width`` x ``height``.

    ``name`` is unique on the page: it ties the title and the description, which a screen reader speaks, to
    the figure. An ``ink`` is a class of :mod:`hiplog.exchange.figures.inks`, never a colour.
    """

    def __init__(
        self, name: str, title: str, description: str, width: float, height: float, kind: str = "chart"
    ) -> None:
        self.name, self.title, self.description = name, title, description
        self.width, self.height, self.kind = width, height, kind
        self._parts: list[str] = []

    def line(self, start: Spot, end: Spot, ink: str) -> None:
        """A straight line."""
        (x1, y1), (x2, y2) = start, end
        self._add("line", ink, f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"')

    def path(
        self, spots: Sequence[Spot], ink: str, *, close: bool = False, width: float | None = None
    ) -> None:
        """A line through ``spots``; ``width`` overrides the ink's."""
        if len(spots) < 2:
            return
        steps = " L".join(f"{_n(x)} {_n(y)}" for x, y in spots)
        wide = f' style="stroke-width:{_n(width)}"' if width is not None else ""
        self._add("path", ink, f'd="M{steps}{" Z" if close else ""}"{wide}')

    def rect(
        self, x: float, y: float, width: float, height: float, ink: str, *, shade: float | None = None
    ) -> None:
        """A box; ``shade`` is how strongly it is filled, 0 to 1."""
        deep = f' fill-opacity="{_n(shade)}"' if shade is not None else ""
        size = f'x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}"'
        self._add("rect", ink, size + deep)

    def circle(self, at: Spot, radius: float, ink: str) -> None:
        """A circle."""
        self._add("circle", ink, f'cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}"')

    def text(self, x: float, y: float, text: str, ink: str = "t", anchor: Anchor = "start") -> None:
        """A line of text with its baseline at ``y``."""
        place = f'x="{_n(x)}" y="{_n(y)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        self._parts.append(f'<text class="{ink}" {place}>{clean(text)}</text>')

    def marker(self, at: Spot, shape: Marker, ink: str, size: float = 4.5, *, says: str = "") -> None:
        """A marker round ``at``; ``says`` is shown when a pointer rests on it."""
        x, y = at
        told = f"<title>{clean(says)}</title>" if says else ""
        if shape in ("disc", "ring"):
            body = f'<circle class="{ink} {shape}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}">{told}</circle>'
        elif shape in ("square", "frame"):
            edge = size * 1.8
            corner = f'x="{_n(x - edge / 2)}" y="{_n(y - edge / 2)}" width="{_n(edge)}" height="{_n(edge)}"'
            fill = "disc" if shape == "square" else "ring"
            body = f'<rect class="{ink} {fill}" {corner}>{told}</rect>'
        else:
            fill = "disc" if shape == "triangle" else "ring"
            body = f'<path class="{ink} {fill}" d="{_sign(shape, x, y, size)}">{told}</path>'
        self._parts.append(body)

    def svg(self) -> str:
        """The finished figure, to be set into a page that holds the inks."""
        size = f'viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        names = f'aria-labelledby="{self.name}-t {self.name}-d"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="figure {self.kind}" role="img" {size} {names}>'
        )
        title = f'<title id="{self.name}-t">{clean(self.title)}</title>'
        desc = f'<desc id="{self.name}-d">{clean(self.description)}</desc>'
        return "\n".join((head, title, desc, *self._parts, "</svg>"))

    def _add(self, tag: str, ink: str, attributes: str) -> None:
        self._parts.append(f'<{tag} class="{ink}" {attributes}/>')


def clean(text: str) -> str:
    """Return ``text`` escaped for an element or an attribute, controls and directions made visible."""
    return escape(shown(text))


def _n(value: float) -> str:
    """A coordinate in tenths of a pixel."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _sign(shape: Marker, x: float, y: float, size: float) -> str:
    near, far = -size, size
    if shape == "plus":
        return f"M{_n(x + near)} {_n(y)} H{_n(x + far)} M{_n(x)} {_n(y + near)} V{_n(y + far)}"
    if shape == "cross":
        down = f"M{_n(x + near)} {_n(y + near)} L{_n(x + far)} {_n(y + far)}"
        return f"{down} M{_n(x + near)} {_n(y + far)} L{_n(x + far)} {_n(y + near)}"
    return f"M{_n(x)} {_n(y - size * 1.2)} L{_n(x + size * 1.1)} {_n(y + size * 0.8)} H{_n(x - size * 1.1)} Z"
