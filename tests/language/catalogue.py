"""Gathers every text of the sources and keeps the catalogue of each language in step with them.

    python tests/language/catalogue.py

adds what is new to ``hiplog/language/*.po`` (empty, to be filled in), takes out what is gone, and compiles
what programs read, ``*.mo``. A ``.po`` opens in any editor of translations.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "hiplog" / "language"
CALLS = {"_": None, "p_": ((1, "c"), 2), "counted": (2, 3), "later": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
WIDTH = 110


def extracted() -> Catalog:
    """Every text that the sources ask to be said, in the order of the files."""
    found = Catalog()
    for path, _line, message, _comments, context in sorted(
        extract_from_dir(ROOT / "hiplog", method_map=METHODS, keywords=CALLS), key=lambda one: one[:2]
    ):
        found.add(message, None, [(f"hiplog/{path}", None)], context=context)
    return found


def kept(code: str) -> Catalog:
    """The catalogue of a language, as it is kept."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def messages(catalogue: Catalog) -> dict[tuple[object, str | None], Message]:
    """The texts of a catalogue by what tells them apart."""
    return {(one.id, one.context): one for one in catalogue if one.id}


class Lean(Catalog):
    """A catalogue with no more in its head than programs need: no day, no version of a tool."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What stands under the empty text."""
        return [
            ("Project-Id-Version", "hiplog"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, _headers: object) -> None:
        pass


def compiled(catalogue: Catalog) -> bytes:
    """What programs read of a catalogue."""
    lean, out = Lean(locale=catalogue.locale, fuzzy=False), BytesIO()
    for one in catalogue:
        if one.id:
            lean[one.id] = one
    write_mo(out, lean)
    return out.getvalue()


def renewed(code: str) -> Catalog:
    """The catalogue with exactly the texts of the sources, each with what was said for it so far."""
    before = kept(code)
    known = messages(before)
    made = Lean(locale=code, header_comment=before.header_comment, fuzzy=False)
    for one in extracted():
        there = known.get((one.id, one.context)) if one.id else None
        if one.id:
            said, notes = (there.string, there.user_comments) if there else (None, ())
            made.add(one.id, said, one.locations, user_comments=notes, context=one.context)
    return made


def write(code: str, catalogue: Catalog) -> None:
    """Keep a catalogue, and what programs read of it."""
    with (FOLDER / f"{code}.po").open("wb") as file:
        write_po(file, catalogue, width=WIDTH, include_lineno=False)
    (FOLDER / f"{code}.mo").write_bytes(compiled(catalogue))


def main() -> None:
    """Bring every catalogue up to date and say what is left to be said."""
    for path in sorted(FOLDER.glob("*.po")):
        made = renewed(path.stem)
        write(path.stem, made)
        empty = sum(1 for one in made if one.id and not _full(one))
        print(f"{path.name}: {len(made)} texts, {empty} empty")


def _full(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(said)


if __name__ == "__main__":
    main()
