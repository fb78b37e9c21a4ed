"""Casual spelling becomes plain; words that no table knows, and tokens, stay."""

import pytest

from nodes.jira_assistant.language.fillers import without_fillers
from nodes.jira_assistant.language.moments import time_form
from nodes.jira_assistant.language.tidy import plain_words
from nodes.jira_assistant.language.typing_slips import slip_of


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I'm gonna", "I am going to"),
        ("can't won't isn't", "cannot will not is not"),
        ("it's been down", "it has been down"),
        ("it's down", "it is down"),
        ("the build's failing", "the build is failing"),
        ("Bob's PR", "Bob's PR"),
        ("I'd like", "I would like"),
        ("I'd already fixed", "I had already fixed"),
        ("closed as won't fix", "closed as won't fix"),
        ("w/ tests and w/o docs", "with tests and without docs"),
        ("prod db", "production database"),
        ("by fri", "by Friday"),
        ("super slow super admin", "very slow super admin"),
        ("what kind of bug", "what kind of bug"),
        ("kind of slow", "somewhat slow"),
        ("teh buton", "the button"),
        ("api on ios", "API on iOS"),
        ("non-gonna", "non-gonna"),
        ("ill test it, I am ill", "I will test it, I am ill"),
        ("login-page isnt ok", "login-page is not OK"),
    ],
)
def test_casual_words_are_written_out(typed: str, plain: str) -> None:
    assert plain_words(typed) == plain


@pytest.mark.parametrize(
    ("slip", "word"), [("workign", "working"), ("faling", "failing"), ("depolyed", ""), ("stated", "")]
)
def test_only_clear_slips_of_common_words_are_guessed_at(slip: str, word: str) -> None:
    assert slip_of(slip) == word


@pytest.mark.parametrize("word", ["testing", "stats", "crated", "rested", "casual", "form", "trail"])
def test_words_that_exist_are_no_slips(word: str) -> None:
    assert slip_of(word) == ""


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("hey all, fixed it", "fixed it"),
        ("hello world is broken", "hello world is broken"),
        ("right sidebar is broken", "right sidebar is broken"),
        ("right, fixed it", "fixed it"),
        ("thanks to Bob it works", "thanks to Bob it works"),
        ("it works, thanks", "it works"),
        ("quick update: it works", "it works"),
        ("update the docs", "update the docs"),
        ("thanks!", ""),
    ],
)
def test_noise_goes_only_where_nothing_hangs_on_it(typed: str, rest: str) -> None:
    assert without_fillers(typed) == rest


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("5pm", "17:00:00"),
        ("12 AM", "00:00:00"),
        ("12pm", "12:00:00"),
        ("17:05", "17:05:00"),
        ("25:99", "25:99"),
        ("13pm", "13pm"),
    ],
)
def test_a_clock_time_has_one_form(text: str, form: str) -> None:
    assert time_form(text) == form
