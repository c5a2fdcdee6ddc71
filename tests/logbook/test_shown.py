"""What reaches a terminal: no control, no direction sign, and never more cells than there are."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from hiplog.logbook.shown import cells, shown


def test_controls_become_pictures_and_directions_become_names() -> None:
    assert shown("a\x1b[31mb\x00c\x7f") == "a␛[31mb␀c␡"
    assert shown("\x1b]52;c;aGk=\x07") == "␛]52;c;aGk=␇"
    assert shown("abc\u202egpj") == "abc‹U+202E›gpj"
    assert shown("a\u2028b\u0085c\ud800") == "a‹U+2028›b‹U+0085›c‹U+D800›"


def test_plain_words_and_every_script_stay_as_they_are() -> None:
    for text in ("Rossi, Lea", "[/", "=cmd()", "李 小龙", "Ağca Şükrü", "می\u200cخواهم", "e\u0301"):
        assert shown(text) == text


def test_a_new_line_stays_one_only_where_it_may() -> None:
    assert shown("a\nb") == "a␊b"
    assert shown("a\nb", newlines=True) == "a\nb"


def test_a_cut_counts_cells_and_says_that_it_cut() -> None:
    assert shown("gluteus medius", 8) == "gluteus…"
    assert shown("李小龙李小龙", 5) == "李小…"
    assert shown("abc", 3) == "abc"
    assert shown("abc", 1) == "…"
    assert shown("abc", 0) == ""


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_nothing_a_terminal_obeys_gets_through(text: str, width: int) -> None:
    safe = shown(text)
    assert [c for c in safe if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")] == []
    assert {c for c in safe if unicodedata.category(c) == "Cf"} <= {"\u200c", "\u200d"}
    assert cells(shown(text, width)) <= width
