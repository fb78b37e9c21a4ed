"""Drafts used again: whose, for what, with what said of them, and how many models are asked."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.errors import ModelTimeout
from services.redis_client import RedisClient
from services.steps import run
from tests.fakes import RecordingConnector, ScriptedModels, SlowModels, WordEmbedder
from tests.graph.conftest import Start

UPDATE = "fixed button bug, tested staging"
OTHERWISE = "Tested on staging and fixed the button bug."
COMMENT = "Fixed the button bug and tested staging."
LOOSE = {"similarity_threshold": 0.3}  # what the stand-in for a model makes of these
AUTO = {"approval_policy": {"post_jira_comment": "auto"}}


class Counting(SlowModels):
    """Remembers how often it was asked, and takes its time."""

    def __init__(self) -> None:
        super().__init__(0.2)

    def ask(self, request: Any) -> Any:
        self.asked.append(request)
        return (yield from super().ask(request))


def test_equal_messages_at_once_ask_one_model(start: Start) -> None:
    models = Counting()
    chat = start(models)
    with ThreadPoolExecutor(4) as pool:
        outs = list(pool.map(lambda number: chat.other(f"t-{number}").say(UPDATE), range(4)))
    assert len(models.asked) == 1
    assert sorted(out["from_cache"] for out in outs) == [False, True, True, True]
    assert len({out["generated_content"] for out in outs}) == 1


async def test_equal_messages_at_once_ask_one_model_in_one_loop_too(start: Start) -> None:
    models = Counting()
    chat = start(models)

    async def say(number: int) -> dict[str, Any]:
        config: Any = {"configurable": {"thread_id": f"t-{number}"}}
        speaker: Any = {"user_id": "u1"}
        out: dict[str, Any] = await chat.assistant.ainvoke({"message": UPDATE}, config, context=speaker)
        return out

    outs = await asyncio.gather(*(say(number) for number in range(4)))
    assert len(models.asked) == 1
    assert sum(out["from_cache"] for out in outs) == 3


@pytest.mark.parametrize("reply", [ModelTimeout("slow"), "gonna"])
def test_a_draft_that_is_not_kept_holds_nobody_up(
    start: Start, redis_client: RedisClient, reply: Any
) -> None:
    chat = start(ScriptedModels(reply, COMMENT, COMMENT))
    chat.say(UPDATE)
    assert run(redis_client.command("KEYS", "*:making")) == []
    assert chat.other("t-2").say(UPDATE)["generated_content"] == COMMENT


def test_a_proposed_draft_holds_nobody_up(start: Start, redis_client: RedisClient) -> None:
    chat = start(ScriptedModels(COMMENT), embedder=WordEmbedder(), **LOOSE)
    chat.say(UPDATE)
    assert chat.other("t-2").say(OTHERWISE)["metadata"]["cache"] == "semantic"
    assert run(redis_client.command("KEYS", "*:making")) == []


def test_a_proposed_draft_must_pass_the_checks_against_the_new_message(
    start: Start, redis_client: RedisClient
) -> None:
    models = ScriptedModels(COMMENT, COMMENT)
    chat = start(models, embedder=WordEmbedder(), **LOOSE)
    chat.say(UPDATE)
    [name] = run(redis_client.command("KEYS", "*:similar:*"))
    entry = run(redis_client.command("LINDEX", name, 0))
    wrong = entry.replace(b"Fixed the button bug", b"Fixed the bug in PAY-99")
    assert wrong != entry
    run(redis_client.command("LSET", name, 0, wrong))
    out = chat.other("t-2").say(OTHERWISE)
    assert (out["from_cache"], len(models.asked)) == (False, 2)


def test_a_message_that_says_the_same_gets_the_draft_with_its_origin_and_a_review(start: Start) -> None:
    jira = RecordingConnector()
    models = ScriptedModels(COMMENT)
    chat = start(models, {"post_jira_comment": jira}, embedder=WordEmbedder(), **LOOSE, **AUTO)
    assert chat.say(UPDATE)["executed"] is True
    out = chat.other("t-2").say(OTHERWISE)
    assert len(models.asked) == 1
    assert out["generated_content"] == COMMENT
    assert out["from_cache"] is True
    assert out["requires_user_approval"] is True
    assert UPDATE in out["approval_reason"]
    metadata = out["metadata"]
    assert (metadata["cache"], metadata["cache_source"], metadata["cost_saved_usd"]) == (
        "semantic",
        UPDATE,
        0.001,
    )
    assert 0.3 <= metadata["cache_score"] < 1
    assert metadata["cache_age_s"] >= 0
    assert len(jira.performed) == 1


def test_the_same_words_need_no_likeness_and_no_more_review_than_before(start: Start) -> None:
    jira = RecordingConnector()
    chat = start(
        ScriptedModels(COMMENT), {"post_jira_comment": jira}, embedder=WordEmbedder(), **LOOSE, **AUTO
    )
    chat.say(UPDATE)
    out = chat.other("t-2").say(UPDATE)
    assert out["metadata"]["cache"] == "exact"
    assert out["executed"] is True


@pytest.mark.parametrize(
    ("message", "context"),
    [
        ("fixed button bug, tested production", {}),
        ("fixed button bug, not tested staging", {}),
        ("fixed button bug, tested staging for PAY-12", {}),
        (OTHERWISE, {"user_id": "u2"}),
        (OTHERWISE, {"tenant": "other"}),
        (OTHERWISE, {"issue_key": "PAY-12"}),
    ],
)
def test_a_near_miss_or_another_person_asks_the_model(
    start: Start, message: str, context: dict[str, str]
) -> None:
    models = ScriptedModels(COMMENT, ModelTimeout("no more"))
    chat = start(models, embedder=WordEmbedder(), similarity_threshold=0)
    chat.say(UPDATE)
    assert chat.other("t-2").say(message, **context)["from_cache"] is False
    assert len(models.asked) == 2


def test_likeness_below_the_threshold_asks_the_model(start: Start) -> None:
    models = ScriptedModels(COMMENT, COMMENT)
    chat = start(models, embedder=WordEmbedder(), similarity_threshold=0.99)
    chat.say(UPDATE)
    assert chat.other("t-2").say(OTHERWISE)["from_cache"] is False


def test_it_is_off_unless_it_is_set_up(start: Start) -> None:
    models = ScriptedModels(COMMENT, COMMENT)
    chat = start(models)
    chat.say(UPDATE)
    assert chat.other("t-2").say(OTHERWISE)["from_cache"] is False


def test_a_redraft_of_a_proposed_draft_no_longer_counts_as_one(start: Start) -> None:
    chat = start(ScriptedModels(COMMENT, "Fixed the button bug; tested staging."), embedder=WordEmbedder())
    chat.say(UPDATE)
    chat = chat.other("t-2")
    proposed = chat.say(UPDATE)
    assert proposed["metadata"]["cache"] == "exact"
    out = chat.answer([{"type": "response", "args": "make it shorter"}])
    assert out["from_cache"] is False
    assert out["metadata"]["cache"] is None
    assert "cost_saved_usd" not in out["metadata"]


def test_no_secret_is_kept_with_a_text(start: Start, redis_client: RedisClient) -> None:
    said = "fixed the button bug, the db password is hunter2horse"
    chat = start(
        ScriptedModels("Fixed the button bug.", "Fixed the button bug."), embedder=WordEmbedder(), **LOOSE
    )
    chat.say(said)
    [name] = run(redis_client.command("KEYS", "*:similar:*"))
    [entry] = run(redis_client.command("LRANGE", name, 0, -1))
    assert b"fixed the button bug" in entry
    assert b"hunter2horse" not in entry
    out = chat.other("t-2").say(said.replace("fixed the", "fixed"))
    assert out["metadata"]["cache"] == "semantic"


@pytest.mark.parametrize(
    "damaged", [b"{}", b"null", b'{"draft": {"comment": 7}, "model": null}', b"[" * 100_000, b'{"draft": {}']
)
def test_a_damaged_draft_or_decision_is_passed_over(
    start: Start, redis_client: RedisClient, damaged: bytes
) -> None:
    decision = {"intent": "task_update", "confidence": 0.9}
    chat = start(ScriptedModels(decision, COMMENT, decision, COMMENT))
    first = chat.say("what about the button on PAY-12?")
    for key in run(redis_client.command("KEYS", "jira-assistant:cache:*")):
        run(redis_client.command("SET", key, damaged))
    again = chat.other("t-2").say("what about the button on PAY-12?")
    assert again["generated_content"] == first["generated_content"]
    assert again["from_cache"] is False


def test_a_kept_draft_of_another_kind_does_not_change_the_action(
    start: Start, redis_client: RedisClient
) -> None:
    chat = start(ScriptedModels(COMMENT, COMMENT))
    chat.say(UPDATE)
    [key] = run(redis_client.command("KEYS", "jira-assistant:cache:*"))
    mail = dict.fromkeys(("subject", "greeting", "body", "closing", "signature"), "x")
    planted = {"draft": {**mail, "to": ["evil@evil.example"], "cc": []}, "model": "m"}
    run(redis_client.command("SET", key, json.dumps(planted)))
    assert chat.other("t-2").say(UPDATE)["pending_approval"]["action"] == "post_jira_comment"
