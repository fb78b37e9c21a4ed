"""Nothing of a text is lost or hidden when it is shown to a reviewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.marks import compared, hidden_in, shown


def test_changed_words_are_marked_on_both_sides_and_kept_ones_are_not() -> None:
    before, after = compared("fixed button bug, gonna deploy", "Fixed button bug. Will deploy")
    assert [span.text for span in before if span.kind == "changed"] == ["fixed", ", gonna"]
    assert [span.text for span in after if span.kind == "changed"] == ["Fixed", ". Will"]


@given(st.text(), st.text())
def test_the_marked_texts_are_the_texts(before: str, after: str) -> None:
    left, right = compared(before, after)
    assert "".join(span.text for span in left) == before
    assert "".join(span.text for span in right) == after


@pytest.mark.parametrize(
    "character",
    [
        *("\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u180e", "\u061c", "\u2028"),
        *("\x00", "\x1b", "\u3164", "\ufe0f", "\U000e0041", "\U000e0100"),
    ],
)
def test_a_character_that_nobody_can_see_is_shown_by_its_number(character: str) -> None:
    text = f"pass{character}word"
    assert [(part.text, bool(part.hidden)) for part in shown(text)] == [
        ("pass", False),
        (f"U+{ord(character):04X}", True),
        ("word", False),
    ]
    assert hidden_in(text) == 1


@pytest.mark.parametrize("text", ["tab\tline\n", "naïve 日本 עברית", "👩‍💻 ❤️ 👍🏽", "a b"])
def test_ordinary_text_and_pictures_are_shown_as_they_are(text: str) -> None:
    assert "".join(part.text for part in shown(text)) == text
    assert hidden_in(text) == 0


@given(st.text())
def test_no_hidden_character_reaches_the_page(text: str) -> None:
    assert all(hidden_in(part.text) == 0 for part in shown(text))
