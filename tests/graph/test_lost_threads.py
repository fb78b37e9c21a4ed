"""A run that dies before its thread is kept: the ledger knows more than the thread, and is what is shown."""

from dataclasses import replace
from typing import Any

import pytest

from graph.installation import compile_graph
from services.checkpoint import RedisSaver
from services.errors import StorageUnavailable
from services.redis_client import RedisClient
from services.steps import run
from tests.fakes import RecordingConnector, ScriptedModels
from tests.graph.conftest import Conversation, Start

UPDATE = "fixed button bug, tested staging"
APPROVE = {"decisions": [{"type": "approve"}]}


class ForgettingSaver(RedisSaver):
    """Redis goes away just before the thread is kept, where wanted."""

    forgets = False

    def put(self, *args: Any, **named: Any) -> Any:
        if self.forgets:
            raise StorageUnavailable("Redis went away.")
        return super().put(*args, **named)


class Lost:
    """A conversation whose next answer is carried out and forgotten."""

    def __init__(self, start: Start, redis: RedisClient, *drafts: str) -> None:
        self.jira = RecordingConnector()
        services = replace(
            start(ScriptedModels(*drafts)).services, connectors={"post_jira_comment": self.jira}
        )
        self.saver = ForgettingSaver(redis)
        self.chat = Conversation(compile_graph(services, self.saver), services, "t-lost")

    def answer_and_forget(self, reply: Any) -> None:
        self.saver.forgets = True
        with pytest.raises(StorageUnavailable):
            self.chat.answer(reply)
        self.saver.forgets = False


def test_the_draft_that_is_shown_is_the_one_that_would_be_sent(
    start: Start, redis_client: RedisClient
) -> None:
    """The redraft was entered; asked again, a model seldom writes the same."""
    drafts = (
        "Fixed the button bug and tested staging.",
        "Fixed the button bug.",
        "Fixed it; tested staging.",
    )
    lost = Lost(start, redis_client, *drafts)
    lost.chat.say(UPDATE)
    shorter = [{"type": "response", "args": "make it shorter"}]
    lost.answer_and_forget(shorter)
    out = lost.chat.answer(shorter)
    assert out["generated_content"] == out["pending_approval"]["args"]["comment"] == "Fixed the button bug."
    draft = out["__interrupt__"][0].value[0]["description"].partition("**Draft**")[2]
    assert "Fixed the button bug." in draft
    assert "Fixed it" not in draft
    lost.chat.answer(APPROVE)
    assert [sent["comment"] for _, sent in lost.jira.performed] == ["Fixed the button bug."]


def test_an_approval_that_was_carried_out_and_forgotten_is_not_carried_out_again(
    start: Start, redis_client: RedisClient
) -> None:
    lost = Lost(start, redis_client, "Fixed the button bug and tested staging.")
    asked = lost.chat.say(UPDATE)["pending_approval"]
    lost.answer_and_forget(APPROVE)
    assert lost.chat.assistant.get_state(lost.chat.config).interrupts
    out = lost.chat.answer(APPROVE)
    assert out["executed"] is True
    assert out["outcome"] == run(lost.chat.services.ledger.get(asked["action_id"]))["result"]
    assert len(lost.jira.performed) == 1
