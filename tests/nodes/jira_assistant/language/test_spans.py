"""Tokens are found whole, hidden and put back byte for byte, in linear time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.jira_assistant.language.spans import find_spans, mask


@pytest.mark.parametrize(
    ("text", "kind", "token"),
    [
        ("fixed PAY-12.", "key", "PAY-12"),
        ("fixed pay-12", "key", "pay-12"),
        ("in UTF-8", "id", "UTF-8"),  # no project
        ("sprint-12", "id", "sprint-12"),
        ("PR #123,", "ref", "#123"),
        ("to v1.2.3.", "version", "v1.2.3"),
        ("to 2.0-rc1", "version", "2.0-rc1"),
        ("on 2026-03-01T14:30:00Z", "date", "2026-03-01T14:30:00Z"),
        ("on 3/14/2026", "date", "3/14/2026"),
        ("at 5:30 PM", "time", "5:30 PM"),
        ("see https://x.example/y?z=1).", "url", "https://x.example/y?z=1"),
        ("to anna@example.com.", "email", "anna@example.com"),
        ("by [~bob]", "mention", "[~bob]"),
        ("in src/app/main.py.", "path", "src/app/main.py"),
        ("the .env file", "path", ".env"),
        ("run `rm -rf x`", "code", "`rm -rf x`"),
        ("run {code:java}x();{code}", "code", "{code:java}x();{code}"),
        ("run ```x\ny", "code", "```x\ny"),  # never closed: kept to the end
        ("call getUser()", "id", "getUser()"),
        ("in user_id", "id", "user_id"),
        ("at a1b2c3d", "id", "a1b2c3d"),
        ("use --force", "id", "--force"),
        ("took 10 ms", "number", "10 ms"),
        ("lost -5%", "number", "-5%"),
        ("paid $1,000.50", "number", "$1,000.50"),
        ("needs 2FA", "id", "2FA"),
        ("yay :tada:", "emoji", ":tada:"),
    ],
)
def test_each_sort_of_token_is_found_whole(text: str, kind: str, token: str) -> None:
    assert (kind, token) in [(span.kind, span.text) for span in find_spans(text)]


@pytest.mark.parametrize(
    "text", ["and so on", "don't, can't", "fixed it.tested it", "w/o tests", "a - b", "what? yes!"]
)
def test_words_are_no_tokens(text: str) -> None:
    assert list(find_spans(text)) == []


@given(st.text())
def test_what_is_hidden_comes_back(text: str) -> None:
    masked = mask(text)
    if not any(span.kind in ("emoji", "key") for span in find_spans(text, quotes=True)):
        assert masked.restore(masked.text) == text


def test_more_tokens_than_there_is_room_for_are_kept_as_one() -> None:
    text = "x_y " * 40_000
    masked = mask(text)
    assert masked.restore(masked.text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "`",
        "```",
        "{{",
        "{code}",
        "{code:a}",
        "a@",
        "a/",
        "1.",
        "http://",
        '"',
        "'a ",
        "[~",
        "a_",
        "aA",
        "-",
        "x1-",
    ],
)
def test_hostile_repetition_is_hidden_and_comes_back(piece: str) -> None:
    """100 kB of each: work that grows with the square of it would not end within the suite's time limit."""
    text = (piece * 100_000)[:100_000]
    masked = mask(text)
    assert masked.restore(masked.text) == text
