"""Approved means done: the whole installation against a Jira and a mail server that answer over the wire."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from graph.installation import Installation, open_installation
from services import JSON
from services.settings import Settings
from services.steps import run
from tests.fake_jira import FakeJira
from tests.jira_world import FINISH, World
from tests.loopback import Fault, Loopback, serving
from tests.smtp_server import Mailbox, mail_server
from web.desk import Desk

UPDATE = "PAY-12: fixed button bug, tested staging"
BEARER = {"Bearer tok": "acc-1"}


class Office:
    """A desk on everything real, and what it reaches."""

    def __init__(self, desk: Desk, world: World, jira: Loopback, mailbox: Mailbox) -> None:
        self.desk = desk
        self.world = world
        self.jira = jira
        self.mailbox = mailbox

    def ask(self, message: str, **context: str) -> JSON:
        return run(self.desk.ask(message, {"user_id": "u1", **context}, "t-1"))

    def decide(self, verb: str, text: str | None = None) -> JSON:
        return run(self.desk.decide("t-1", verb, text, {"user_id": "reviewer"}))

    def comments(self, key: str = "PAY-12") -> list[Any]:
        return self.world.issues[key].comments


@pytest.fixture
def office(redis_url: str, tmp_path: Path) -> Iterator[Office]:
    fake, mailbox = FakeJira(cloud=False, tokens=BEARER), Mailbox()
    with serving(fake) as jira, mail_server(mailbox) as port:
        settings = Settings(
            redis_url=redis_url,
            jira_base_url=jira.url,
            jira_flavour="datacenter",
            jira_personal_access_token=SecretStr("tok"),
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
            mail_from="assistant@example.org",
        )
        installation: Installation = open_installation(settings)
        fake.world.add("PAY-12")
        try:
            yield Office(Desk(installation), fake.world, jira, mailbox)
        finally:
            installation.close()
    assert fake.breaches == []


def test_an_accepted_comment_is_on_the_issue_once(office: Office) -> None:
    asked = office.ask(UPDATE)
    assert asked["pending_approval"]["args"]["issue_key"] == "PAY-12"
    assert "Refund button fails" in asked["pending_approval"]["description"]
    assert office.comments() == []
    done = office.decide("accept")
    assert done["executed"] is True
    assert "focusedCommentId" in done["outcome"]["url"]
    assert office.decide("accept")["success"] is False
    assert len(office.comments()) == 1


def test_a_comment_whose_answer_was_lost_is_still_there_once(office: Office) -> None:
    office.ask(UPDATE)
    office.jira.faults.append(Fault("POST .*/comment$", process=True, cut=True))
    assert office.decide("accept")["executed"] is True
    assert len(office.comments()) == 1


def test_a_finished_task_is_moved_after_it_was_approved(office: Office) -> None:
    asked = office.ask("done with PAY-12")
    assert asked["requires_user_approval"] is True
    assert office.world.moves == []
    assert office.decide("accept")["executed"] is True
    assert [key for key, _, _ in office.world.moves] == ["PAY-12"]


def test_an_issue_that_moved_meanwhile_is_asked_about_again(office: Office) -> None:
    office.ask("done with PAY-12")
    office.world.make("PAY-12", FINISH)
    again = office.decide("accept")
    assert again["requires_user_approval"] is True or again["executed"] is True
    if again["requires_user_approval"]:
        assert office.decide("accept")["executed"] is True
    assert office.world.moves == []


def test_an_issue_that_is_not_there_is_said_before_anybody_is_asked(office: Office) -> None:
    out = office.ask("done with PAY-999")
    assert out["success"] is False
    assert "PAY-999" in out["error_message"]
    assert out["requires_user_approval"] is False


def test_a_comment_without_an_issue_asks_for_one_in_the_approval(office: Office) -> None:
    asked = office.ask("fixed button bug, tested staging")
    assert [field["name"] for field in asked["pending_approval"]["missing"]] == ["issue_key"]
    refused = office.decide("accept")
    assert refused["error"] == "invalid_decision"
    assert office.decide("edit", '{"issue_key": "PAY-12"}')["executed"] is True
    assert len(office.comments()) == 1


def test_an_approved_mail_is_delivered_once_and_as_it_was_shown(office: Office) -> None:
    office.ask(
        "email my manager that PAY-12 is done",
        user_name="Sam Field",
        manager_name="Kim Brook",
        manager_email="kim@example.org",
    )
    assert office.mailbox.messages == []
    assert office.decide("accept")["executed"] is True
    [(recipients, raw)] = office.mailbox.messages
    assert recipients == ["kim@example.org"]
    assert b"PAY-12" in raw


def test_a_mail_that_may_have_been_delivered_is_not_sent_again(office: Office) -> None:
    office.mailbox.cut = True
    office.ask(
        "email my manager that PAY-12 is done",
        user_name="Sam Field",
        manager_name="Kim Brook",
        manager_email="kim@example.org",
    )
    assert office.decide("accept")["error"] == "outcome_unknown"
    office.mailbox.cut = False
    assert office.decide("accept")["error"] == "outcome_unknown"
    assert len(office.mailbox.messages) == 1


def test_a_token_that_jira_does_not_know_is_said_and_nothing_is_written(office: Office) -> None:
    out = office.ask(UPDATE, jira_token="unknown")
    assert out["success"] is False
    assert "Jira" in out["error_message"]
    bad = office.ask(UPDATE, jira_token="no token\n")
    assert "jira_token" in bad["error_message"]
    assert office.comments() == []


def test_figures_come_from_jira_with_what_they_count(office: Office) -> None:
    out = office.ask("how productive was I this week?")
    assert out["figures"]["work"]["resolved"]["unit"] == "issues"
    assert "resolved" in out["figures"]["work"]["resolved"]["jql"].lower()
    assert "In Jira" in out["generated_content"]


def test_jira_being_away_is_said_and_nothing_is_lost(office: Office) -> None:
    office.ask(UPDATE)
    office.jira.faults += [Fault("GET .*", cut=True) for _ in range(12)]
    failed = office.decide("accept")
    assert failed["success"] is False
    assert "Jira" in failed["error_message"]
    office.jira.faults.clear()
    assert office.decide("accept")["executed"] is True
    assert len(office.comments()) == 1
