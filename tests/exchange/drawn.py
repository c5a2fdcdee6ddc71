"""Reading a figure back: its shapes by ink, its texts, and where they lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Shape:
    """One element: its tag, its inks, what it says and its attributes."""

    tag: str
    inks: tuple[str, ...]
    text: str
    attributes: dict[str, str]

    def number(self, name: str) -> float:
        return float(self.attributes[name])

    @property
    def spots(self) -> list[tuple[float, float]]:
        """The points of a path or line, the centre of anything else."""
        if self.tag == "path":
            found = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", self.attributes["d"])
            return [(float(x), float(y)) for x, y in found]
        if self.tag == "line":
            ends = [self.number(name) for name in ("x1", "y1", "x2", "y2")]
            return [(ends[0], ends[1]), (ends[2], ends[3])]
        if self.tag == "circle":
            return [(self.number("cx"), self.number("cy"))]
        if self.tag == "rect":
            x, y = self.number("x"), self.number("y")
            return [(x, y), (x + self.number("width"), y + self.number("height"))]
        return [(self.number("x"), self.number("y"))]


class Figure:
    """A figure as a stranger's XML reader sees it."""

    def __init__(self, svg: str) -> None:
        root = ElementTree.fromstring(svg)
        assert root.tag == f"{SVG}svg"
        self.width, self.height = (float(size) for size in root.attrib["viewBox"].split()[2:])
        self.title = root.findtext(f"{SVG}title") or ""
        self.description = root.findtext(f"{SVG}desc") or ""
        self.labelled_by = root.attrib["aria-labelledby"].split()
        self.ids = [one.attrib["id"] for one in root if "id" in one.attrib]
        self.shapes = [_shape(one) for one in root if one.tag not in (f"{SVG}title", f"{SVG}desc")]

    def of(self, *inks: str) -> list[Shape]:
        """The shapes that carry all of ``inks``, in drawing order."""
        return [one for one in self.shapes if set(inks) <= set(one.inks)]

    @property
    def texts(self) -> list[str]:
        """Every text, in drawing order."""
        return [one.text for one in self.shapes if one.tag == "text"]

    def text(self, words: str) -> Shape:
        """The only text that reads ``words``."""
        (found,) = (one for one in self.shapes if one.tag == "text" and one.text == words)
        return found

    @property
    def says(self) -> list[str]:
        """What each marker says when a pointer rests on it."""
        return [one.text for one in self.shapes if one.tag != "text" and one.text]


def _shape(one: ElementTree.Element) -> Shape:
    told = one.findtext(f"{SVG}title") if one.tag != f"{SVG}text" else one.text
    return Shape(one.tag.removeprefix(SVG), tuple(one.attrib["class"].split()), told or "", dict(one.attrib))
