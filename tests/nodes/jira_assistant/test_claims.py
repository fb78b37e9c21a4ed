"""Completion is claimed only where it is asserted, and only by those who said so."""

import pytest

from nodes.jira_assistant.claims import completion_claims, unfounded_claims


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Completed the login page.", ["Completed"]),
        ("PAY-12 is done.", ["done"]),
        ("The login page is complete.", ["complete"]),
        ("The task has been completed successfully.", ["completed"]),
        ("Done with the API, but tests remain.", ["Done"]),
        ("Work is finished; the docs are done.", ["finished", "done"]),
    ],
)
def test_an_assertion_is_a_claim(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in completion_claims(text)] == words


@pytest.mark.parametrize(
    "text",
    [
        "PAY-12 is not done yet.",
        "Is it done?",
        "PAY-12 is almost done.",
        "It will be completed by Friday.",
        "Once completed, we deploy.",
        "PAY-12 is 90% complete.",
        "To be completed tomorrow.",
        "PAY-12 is done when CI is green.",
        "Completion is expected on Friday.",
        "The complete list was exported.",
        "Fixed the 'mark as done' button.",
        "I hope that it is done.",
        "I want it done.",
    ],
)
def test_what_is_denied_asked_hoped_planned_or_quoted_is_none(text: str) -> None:
    assert completion_claims(text) == []


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("fixed the login bug", "Completed the fix of the login bug."),
        ("tests green", "All tests are completed."),
        ("almost done with PAY-12", "Completed PAY-12."),
        ("is PAY-12 done?", "PAY-12 is done."),
        ("PAY-1 done, PAY-2 in progress", "PAY-1 is done. PAY-2 is completed."),
        ("I'll be done with PAY-12 soon", "Done with PAY-12 soon."),
        ("PAY-12 done by Friday?", "PAY-12 is done."),
        ("3 of 5 subtasks of HR-41 are done, HR-43 is in progress", "All work on HR-43 is completed."),
        ("done with the API, tests next", "Everything is completed."),
    ],
)
def test_a_claim_that_the_message_does_not_make_is_found(message: str, draft: str) -> None:
    assert unfounded_claims(message, draft)


@pytest.mark.parametrize(
    ("message", "draft"),
    [
        ("finished the page", "Completed the page."),
        ("finsihed PAY-12", "PAY-12 has been finished."),
        ("wrapped up PAY-12", "PAY-12 is done."),
        ("tell the client by email we are done with PAY-31", "We are done with PAY-31."),
        ("just wanted to let you know PAY-12 is done", "PAY-12 is done."),
        ("shoot an e-mail to Dave: deploy is done", "The deploy is done."),
        ("PAY-1 done, PAY-2 in progress", "PAY-1 is done. PAY-2 is in progress."),
        ("done: PAY-12", "PAY-12 is done."),
        ("deployed the api, all done", "The deployment of the API is done."),
    ],
)
def test_a_claim_that_the_message_makes_in_any_words_is_founded(message: str, draft: str) -> None:
    assert unfounded_claims(message, draft) == []
