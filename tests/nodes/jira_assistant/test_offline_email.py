"""The e-mail without a model: to the right people, in full sentences, placeholders for what is unknown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.jira_assistant.contracts import EmailComponents
from nodes.jira_assistant.offline_email import draft_email, placeholders, redraft_email, render_email

KNOWN = {"user_name": "Ana Ruiz", "manager_name": "Sarah Lee", "manager_email": "sarah.lee@example.com"}
MANAGER = KNOWN["manager_email"]
ANNA, BOB, TEAM, SOMEBODY = "[Anna's Email]", "[Bob's Email]", "[Team Email]", "[Recipient Email]"
POLITE = " Please let me know if you have any questions."

EMAILS: list[tuple[str, list[str], str, str, str]] = [
    # what was asked for, to, subject, greeting, body
    ("email my manager I'm ill", [MANAGER], "Notice of illness", "Dear Sarah Lee,", "I am ill." + POLITE),
    ("email Anna that PAY-12 is done", [ANNA], "PAY-12 is done", "Dear Anna,", "PAY-12 is done." + POLITE),
    (
        "write to anna@example.com about the release on Friday",
        ["anna@example.com"],
        "Release on Friday",
        "Dear Anna,",
        "I am writing to you about the release on Friday.",
    ),
    (
        "send a mail to the team: deploy moved to 5pm",
        [TEAM],
        "The deploy has been moved to 5pm",
        "Hello team,",
        "The deploy has been moved to 5pm." + POLITE,
    ),
    (
        "email Anna and Bob that the demo is moved to Thursday",
        [ANNA, BOB],
        "The demo is moved to Thursday",
        "Dear Anna and Bob,",
        "The demo is moved to Thursday." + POLITE,
    ),
    (
        "can you draft an email to my manager saying that I finished PAY-12 and need 2 more days for PAY-14",
        [MANAGER],
        "Finished PAY-12",
        "Dear Sarah Lee,",
        "I finished PAY-12. 2 more days are needed for PAY-14.",
    ),
    (
        "ask Anna by email if she can review PAY-12",
        [ANNA],
        "Question: whether you can review PAY-12",
        "Dear Anna,",
        "I would like to ask whether you can review PAY-12.",
    ),
    (
        "write to bob that the tests for PAY-12 are failing and ask him to look at it",
        [BOB],
        "The tests for PAY-12 are failing",
        "Dear Bob,",
        "The tests for PAY-12 are failing. Could you please look at it?",
    ),
    (
        "email sarah that her PR is approved",
        ["[Sarah's Email]"],
        "Your PR is approved",
        "Dear Sarah,",
        "Your PR is approved." + POLITE,
    ),
    (
        "email my manager to request vacation from May 3 to May 7",
        [MANAGER],
        "Request for vacation from May 3 to May 7",
        "Dear Sarah Lee,",
        "I would like to ask for vacation from May 3 to May 7.",
    ),
    (
        "email priya thanking her for the quick review",
        ["[Priya's Email]"],
        "Thank you for the quick review",
        "Dear Priya,",
        "Thank you for the quick review. I appreciate it very much.",
    ),
    (
        "draft an apology email to the client for the downtime on Monday",
        ["[Client Email]"],
        "Apology for downtime on Monday",
        "Hello,",
        "I apologize for the downtime on Monday." + POLITE,
    ),
    (
        "remind Tom via email to submit the timesheet by Friday",
        ["[Tom's Email]"],
        "Reminder: submit the timesheet by Friday",
        "Dear Tom,",
        "This is a reminder to submit the timesheet by Friday.",
    ),
    (
        "email Anna re: PAY-77, still blocked by infra, need creds",
        [ANNA],
        "PAY-77",
        "Dear Anna,",
        "I am writing to you about PAY-77. I am still blocked by infrastructure. Credentials are needed.",
    ),
    (
        "email to my manager: sick today, won't be at standup",
        [MANAGER],
        "Sick today",
        "Dear Sarah Lee,",
        "I am sick today. I will not be at the standup.",
    ),
    (
        "email team we're gonna miss the deadline unless infra fixes the vpn",
        [TEAM],
        "We will miss the deadline unless infrastructure fixes the VPN",
        "Hello team,",
        "We will miss the deadline unless infrastructure fixes the VPN.",
    ),
    (
        "draft an email to Anna, subject: Release news, that PAY-12 is done",
        [ANNA],
        "Release news",
        "Dear Anna,",
        "PAY-12 is done." + POLITE,
    ),
    (
        "I'm ill today, please email my manager",
        [MANAGER],
        "Notice of illness",
        "Dear Sarah Lee,",
        "I am ill today." + POLITE,
    ),
    (
        "PAY-12 isn't done. Email Tom that we need two more days.",
        ["[Tom's Email]"],
        "PAY-12 is not done",
        "Dear Tom,",
        "PAY-12 is not done. We need two more days." + POLITE,
    ),
    (
        "staging is down, email Anna about the outage",
        [ANNA],
        "Outage",
        "Dear Anna,",
        "I am writing to you about the outage. Staging is down.",
    ),
    (
        "can you reply to Anna's mail that the release slipped?",
        [ANNA],
        "The release slipped",
        "Dear Anna,",
        "The release slipped." + POLITE,
    ),
    (
        "mail mark the release notes",
        ["[Mark's Email]"],
        "Release notes",
        "Dear Mark,",
        "I am writing to you about the release notes." + POLITE,
    ),
    (
        "write a polite email declining the meeting",
        [SOMEBODY],
        "Request to decline the meeting",
        "Hello,",
        "I would like to decline the meeting." + POLITE,
    ),
    (
        "I'll be done with PAY-12 soon",  # routed here by mistake, perhaps: it must not become "done"
        [SOMEBODY],
        "I will be done with PAY-12 soon",
        "Hello,",
        "I will be done with PAY-12 soon." + POLITE,
    ),
]


@pytest.mark.parametrize(
    ("said", "to", "subject", "greeting", "body"), EMAILS, ids=[email[0][:40] for email in EMAILS]
)
def test_a_request_becomes_the_email_that_it_asks_for(
    said: str, to: list[str], subject: str, greeting: str, body: str
) -> None:
    parts = draft_email(said, KNOWN)
    assert (parts["to"], parts["subject"], parts["greeting"], parts["body"]) == (to, subject, greeting, body)
    assert (parts["closing"], parts["signature"]) == ("Best regards,", "Ana Ruiz")


@pytest.mark.parametrize(
    ("said", "to", "cc"),
    [
        ("email my boss that I'll be late, cc Bob", [MANAGER], [BOB]),
        ("email anna and cc my manager that the migration finished", [ANNA], [MANAGER]),
        (
            "write a mail to bob@example.com cc anna@example.com saying it works",
            ["bob@example.com"],
            ["anna@example.com"],
        ),
        ("please write an email to Bob (bob@example.com) that it works", ["bob@example.com"], []),
        ("email John Smith at john@example.com about the roadmap", ["john@example.com"], []),
        ("email everyone that the office is closed tomorrow", [SOMEBODY], []),
        ("email the QA team that build 1.4.2 is ready", ["[QA Team Email]"], []),
        ("email Sarah Lee that I finished the report", [MANAGER], []),
        ("email Sarah that I finished the report", ["[Sarah's Email]"], []),  # may be another Sarah
        ("email Tom, tell him the deploy is done", ["[Tom's Email]"], []),
        ("send an email to [~bob] that PAY-9 is ready", [BOB], []),
    ],
)
def test_it_goes_to_those_who_are_named_and_to_nobody_else(said: str, to: list[str], cc: list[str]) -> None:
    parts = draft_email(said, KNOWN)
    assert (parts["to"], parts["cc"]) == (to, cc)


def test_what_is_unknown_stays_a_placeholder_and_is_listed() -> None:
    parts = draft_email("email my manager I'm ill", {})
    assert parts["to"] == ["[Manager Email]"]
    assert parts["missing_fields"] == ["Manager Email", "Manager Name", "Your Name"]
    assert draft_email("send an email", KNOWN)["missing_fields"] == ["Recipient Email", "Subject", "Message"]


def test_the_managers_address_is_used_only_for_the_manager() -> None:
    for said in ("email Anna that my manager agreed", "write to the team about our manager", "I'm ill today"):
        assert MANAGER not in render_email(draft_email(said, KNOWN))


def test_one_text_holds_all_parts_in_order() -> None:
    text = render_email(draft_email("email Anna that PAY-12 is done, cc bob@example.com", KNOWN))
    assert text == (
        "To: [Anna's Email]\nCc: bob@example.com\nSubject: PAY-12 is done\n\nDear Anna,\n\n"
        "PAY-12 is done. Please let me know if you have any questions.\n\nBest regards,\nAna Ruiz"
    )


@given(st.one_of(st.text(max_size=200), st.text(max_size=100).map("email Anna that ".__add__)))
@settings(max_examples=200)
def test_no_text_makes_it_fail_and_every_placeholder_is_listed(said: str) -> None:
    parts = draft_email(said, {})
    assert parts["missing_fields"] == placeholders(parts)
    assert parts["to"]
    assert parts["subject"].strip()
    assert "\n" not in parts["subject"]


def _changed(feedback: str) -> EmailComponents | None:
    return redraft_email(
        "x", draft_email("email Anna that PAY-12 is done and tests r green on staging", KNOWN), feedback
    )


@pytest.mark.parametrize(
    ("feedback", "part", "value"),
    [
        ("subject should be Release news", "subject", "Release news"),
        ("send it to anna@example.com", "to", ["anna@example.com"]),
        ("cc bob@example.com", "cc", ["bob@example.com"]),
        ("change Anna to Maria", "greeting", "Dear Maria,"),
        ("change Anna to Maria", "to", ["[Maria's Email]"]),
        ("use PAY-14 instead", "subject", "PAY-14 is done, and tests are green on staging"),
        ("remove staging", "body", "PAY-12 is done." + POLITE),
        (
            "add that Bob will deploy tomorrow",
            "body",
            "PAY-12 is done, and tests are green on staging. Bob will deploy tomorrow.",
        ),
    ],
)
def test_feedback_of_a_known_form_is_followed(feedback: str, part: str, value: object) -> None:
    changed = _changed(feedback)
    assert changed
    assert dict(changed)[part] == value


@pytest.mark.parametrize("feedback", ["more friendly", "make it shorter", "", "remove the joke"])
def test_feedback_that_rules_cannot_follow_changes_nothing(feedback: str) -> None:
    assert _changed(feedback) is None


def test_a_name_is_never_made_into_an_address() -> None:
    parts = draft_email("email anna@example.com that PAY-12 is done", KNOWN)
    changed = redraft_email("x", parts, "change anna to maria")
    assert changed
    assert changed["to"] == ["anna@example.com"]
