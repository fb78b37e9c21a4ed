"""What a message names is found as written, and nothing is found that it does not name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.jira_assistant.contracts import Entities
from nodes.jira_assistant.entities import extract


def found(text: str) -> dict[str, list[str]]:
    """The kinds of entities that are there at all."""
    return {kind: names for kind, names in extract(text).items() if isinstance(names, list) and names}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("done with JIRA-456", ["JIRA-456"]),
        ("PAY-12/PAY-13, feature/PAY-14", ["PAY-12", "PAY-13", "PAY-14"]),
        ("pay-12 and PAY-13, also pay-12", ["PAY-12", "PAY-13"]),
        ("PAY-12's tests; (PAY-13) [PAY-14]", ["PAY-12", "PAY-13", "PAY-14"]),
        ("task #123 and ticket #7", ["#123", "#7"]),
        ("closed #4411", ["#4411"]),
        ("see https://acme.atlassian.net/browse/WEB-9?focused=1", ["WEB-9"]),
        ("TEST-12, TASK-3 and WEB-204", ["TEST-12", "TASK-3", "WEB-204"]),
        ("PAY\u200b-12", ["PAY-12"]),
        ("“PAY-12” is `PAY-13`", ["PAY-12", "PAY-13"]),
    ],
)
def test_issue_keys_are_whole_and_in_capitals(text: str, keys: list[str]) -> None:
    assert extract(text)["issue_keys"] == keys


@pytest.mark.parametrize(
    "text",
    [
        "UTF-8, SHA-256, ISO-8601, RFC-2119, HTTP-404, COVID-19, GPT-4, UTC-5, IPV-6",
        "part-2 of the top-10 in sprint-14, phase-3, step-1, log4j-2, python-3",
        "P-1 and X-2",
        "PAY-0, PAY-12x, xPAY-12_y, PAY-1.2, PAY-12-13, foo-bar",
        "PR #45, MR #46, build #47, #1 priority, channel #99, the #general room",
        "https://example.com/part/ABC-12/file",
        "jira-12@example.com",
        "2026-03-01, 555-1234",
    ],
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    assert extract(text)["issue_keys"] == []


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("email Anna that PAY-12 is done", ["Anna"]),
        ("email anna about the outage", ["anna"]),
        ("email zorblat about it", ["zorblat"]),
        ("Email John Smith and Lena", ["John Smith", "Lena"]),
        ("Tom finished it, waiting for Priya", ["Tom", "Priya"]),
        ("paired with Zorblat on it", ["Zorblat"]),
        ("@lena can you look? cc tom@example.com", ["@lena", "tom@example.com"]),
        ("deployed with Heroku to AWS, thanks to Stripe", []),
        ("email my manager, HR and everyone", []),
        ("Finished the Login page on Monday", []),
        ("it may work, will mark it", []),
    ],
)
def test_people_are_those_who_are_named(text: str, people: list[str]) -> None:
    assert extract(text)["people"] == people


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("done by Friday", ["by Friday"]),
        ("this week and last sprint", ["this week", "last sprint"]),
        ("on 2026-03-01 at 5pm", ["on 2026-03-01", "5pm"]),
        ("yesterday, today, tomorrow, EOD", ["yesterday", "today", "tomorrow", "EOD"]),
        ("March 5 or 6 March", ["March 5", "6 March"]),
        ("Q3 2026, in March, the 14th, sprint 12", ["Q3 2026", "in March", "the 14th", "sprint 12"]),
        ("by 3/4 but 3/5 done", ["by 3/4"]),
        ("2 hours ago, in 3 days", ["2 hours ago", "in 3 days"]),
        ("we may march on", []),
        ("down from 1.2% to 0.3 % today", ["today"]),
    ],
)
def test_dates_and_periods_are_as_written(text: str, dates: list[str]) -> None:
    assert extract(text)["dates"] == dates


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("released v1.2.3", ["v1.2.3"]),
        ("2.0.1-rc1 fails", ["2.0.1-rc1"]),
        ("postgres to 15.3, python 3.12", ["15.3", "3.12"]),
        ("99.9% in 2.5 hours", []),
        ("upgraded to 0.9.12 on 3.12.2026", ["0.9.12"]),
        ("https://example.com/1.2.3/x", []),
    ],
)
def test_versions_are_told_from_numbers(text: str, versions: list[str]) -> None:
    assert extract(text)["versions"] == versions


def test_links_end_before_the_punctuation_behind_them() -> None:
    text = "see (https://example.com/a_b?c=d), www.example.com. https://example.com/e!"
    assert extract(text)["urls"] == [
        "https://example.com/a_b?c=d",
        "www.example.com",
        "https://example.com/e",
    ]


def test_statuses_and_terms_are_words_of_the_message() -> None:
    assert found("PAY-12 is In Progress, the API build on staging is blocked by a merge conflict") == {
        "issue_keys": ["PAY-12"],
        "statuses": ["In Progress", "blocked"],
        "terms": ["API", "build", "staging", "merge conflict"],
    }


def test_a_message_that_names_nothing_gives_empty_lists() -> None:
    assert set(extract("hello there").keys()) == set(Entities.__annotations__)
    assert found("hello there") == {}


@given(st.text(max_size=400))
def test_nothing_is_invented(text: str) -> None:
    shown = extract(text)
    visible = "".join(text.split()).casefold()
    for kind, names in shown.items():
        assert isinstance(names, list)
        assert len(names) == len(set(names))
        if text.isascii() and kind != "issue_keys":
            assert all("".join(name.split()).casefold() in visible for name in names)


@pytest.mark.parametrize(
    "unit", ["a.", "PAY-1,", "#1", "5%", "in 2 ", "Anna ", "a@", "http://", "1.1", "q1 ", "`", "'a "]
)
def test_a_hundred_thousand_hostile_characters_are_read(unit: str) -> None:
    assert extract((unit * 100_000)[:100_000])["people"] is not None
