"""The pain field: one key answers, nothing answers by itself."""

from __future__ import annotations

import pytest

from hiplog.tui.widgets.demo import Demo
from hiplog.tui.widgets.pain_scale import PainScale, pain_word


class Listening(Demo):
    """Keeps what the field says."""

    def __init__(self, scale: PainScale) -> None:
        super().__init__(scale)
        self.heard: list[tuple[str, int | None]] = []

    def on_pain_scale_changed(self, message: PainScale.Changed) -> None:
        self.heard.append(("changed", message.value))

    def on_pain_scale_answered(self, message: PainScale.Answered) -> None:
        assert message.control is self.shown
        self.heard.append(("answered", message.value))


def text(scale: PainScale) -> str:
    return scale.render().plain


async def test_nothing_is_answered_until_a_key_is_pressed() -> None:
    scale = PainScale("pain before")
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.press("tab", "enter", "backspace", "y")
        assert scale.value is None
        assert "pain before: not answered" in text(scale) and "[" not in text(scale)
        assert app.heard == []


@pytest.mark.parametrize(("key", "score"), [("0", 0), ("7", 7), ("9", 9), ("x", 10), ("t", 10)])
async def test_one_key_is_one_answer(key: str, score: int) -> None:
    scale = PainScale()
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.press("tab", key)
        assert scale.value == score
        assert f"[{score}]" in text(scale) and f"{score} of 10, {pain_word(score)}" in text(scale)
        assert app.heard == [("changed", score), ("answered", score)]


async def test_the_same_answer_again_still_moves_on() -> None:
    scale = PainScale()
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.press("tab", "4", "4")
        assert app.heard == [("changed", 4), ("answered", 4), ("answered", 4)]


async def test_arrows_step_and_stay_and_enter_settles() -> None:
    scale = PainScale()
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.press("tab", "right")
        assert scale.value == 0
        await pilot.press("left", "right", "right", "enter")
        assert scale.value == 2
        assert app.heard == [("changed", 0), ("changed", 1), ("changed", 2), ("answered", 2)]
        await pilot.press("9", "right", "right")
        assert scale.value == 10


async def test_an_answer_can_be_taken_back() -> None:
    scale = PainScale()
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.press("tab", "6", "backspace")
        assert scale.value is None and "not answered" in text(scale)
        assert app.heard[-1] == ("changed", None)


@pytest.mark.parametrize("score", [0, 7, 10])
async def test_a_click_on_a_number_answers(score: int) -> None:
    scale = PainScale()
    app = Listening(scale)
    async with app.run_test() as pilot:
        await pilot.click(scale, offset=(3 * score + 1, 1))
        assert scale.value == score
        await pilot.click(scale, offset=(60, 1))
        await pilot.click(scale, offset=(3, 0))
        assert scale.value == score


async def test_the_question_is_text_and_never_markup() -> None:
    scale = PainScale("pain [b]now[/b]")
    async with Listening(scale).run_test():
        assert "pain [b]now[/b]: not answered" in text(scale)


@pytest.mark.parametrize(
    ("score", "word"),
    [(0, "no pain"), (1, "mild"), (4, "mild"), (5, "moderate"), (6, "moderate"), (7, "severe")],
)
def test_words_follow_the_published_cut_points(score: int, word: str) -> None:
    assert pain_word(score) == word


@pytest.mark.parametrize("score", [-1, 11])
def test_there_is_no_word_outside_the_scale(score: int) -> None:
    with pytest.raises(ValueError, match="pain is 0 to 10"):
        pain_word(score)
