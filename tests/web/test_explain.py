"""Why a thread went as it did, as an operator reads it."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.installation import Installation, open_installation
from services.errors import ActionNotFound
from services.settings import Settings
from services.steps import arun, run
from tests.openai_server import OpenAIServer, Reply, failure
from web.desk import Desk
from web.explain import explained, messages_of

UPDATE = "fixed the button bug on PAY-12, tested on staging"
DRAFT = Reply(text="The button bug on PAY-12 is fixed and was tested on staging.", prompt_tokens=90)


@pytest.fixture
def installation(redis_url: str, openai_server: OpenAIServer) -> Iterator[Installation]:
    openai_server.default = DRAFT
    opened = open_installation(
        Settings(redis_url=redis_url, openai_api_key="sk-test", openai_base_url=openai_server.url)
    )
    yield opened
    opened.close()


@pytest.fixture
def desk(installation: Installation) -> Desk:
    return Desk(installation)


def told(desk: Desk, thread: str = "t-1") -> list[dict[str, str]]:
    """Of each message, its steps by name with all their words in one."""
    return [
        {step["step"]: "\n".join(step["words"]) for step in message}
        for message in run(desk.explained(thread))
    ]


def say(desk: Desk, message: str, thread: str = "t-1", **context: Any) -> Any:
    return run(desk.ask(message, {"user_id": "ann", **context}, thread))


def test_a_comment_is_told_from_what_was_said_to_what_the_receiver_said(desk: Desk) -> None:
    say(desk, UPDATE)
    run(desk.decide("t-1", "edit", "The button bug on PAY-12 is fixed.", {"user_id": "bo"}))
    [message] = told(desk)
    assert message["Said"].startswith(f"ann said: {UPDATE}")
    assert "The rules took it for task update" in message["Route"]
    assert "issues: PAY-12" in message["Route"]
    assert "Written by gpt-6.1-terra" in message["Draft"]
    assert "90 tokens in" in message["Draft"]
    assert "Version of the prompt" in message["Draft"]
    assert "as it was edited: The button bug on PAY-12 is fixed." in message["Draft"]
    assert "Every change outside needs approval." in message["Proposed"]
    assert "By bo, 0." in message["Edited and accepted"]
    assert "+The button bug on PAY-12 is fixed." in message["Edited and accepted"]
    assert "Handed to: caller" in message["Carried out"]
    assert "It was carried out." in message["Outcome"]
    assert "rephrase_comment" in message["Outcome"]


def test_steps_say_when_they_were_and_how_long_they_took(desk: Desk) -> None:
    say(desk, UPDATE)
    [message] = run(desk.explained("t-1"))
    times = [step["at"] for step in message if step["at"] is not None]
    assert len(times) == 2  # said, proposed
    assert all(step["took_s"] for step in message if step["step"] in ("Route", "Draft", "Checks", "Outcome"))


def test_each_message_of_a_thread_is_told_and_each_redraft(desk: Desk) -> None:
    say(desk, UPDATE)
    run(desk.decide("t-1", "respond", "say PAY-13", {"user_id": "bo"}))
    say(desk, "fixed the search on PAY-14")
    first, second = run(desk.explained("t-1"))
    assert [step["step"] for step in first].count("Proposed") == 2
    assert "Replaced" in [step["step"] for step in first]  # by the second message
    assert "It replaced the draft" in " ".join(second[0]["words"])


def test_a_draft_from_the_cache_says_so(desk: Desk) -> None:
    say(desk, UPDATE)
    say(desk, UPDATE, thread="t-2")
    [message] = told(desk, "t-2")
    assert "Taken from the cache (exact), written by gpt-6.1-terra" in message["Draft"]
    assert "Saved: $" in message["Draft"]


def test_what_a_model_decided_is_told_with_why_it_was_asked(desk: Desk, openai_server: OpenAIServer) -> None:
    openai_server.script.append(
        Reply(text='{"intent": "task_update", "confidence": 0.9, "runner_up": "unclear", "reason": "work"}')
    )
    say(desk, "it is what it is with the blue one")
    [message] = told(desk)
    assert "The rules abstained" in message["Route"]
    assert "gpt-6-luna took it for task update (confidence 0.90)" in message["Route"]
    assert "Its reason: work" in message["Route"]
    assert "Next came unclear (confidence 0.10): a margin of 0.80." in message["Route"]


def test_a_model_that_failed_is_named_as_the_reason_for_rules(
    desk: Desk, openai_server: OpenAIServer
) -> None:
    openai_server.default = failure(400, "this model is retired")
    say(desk, UPDATE)
    [message] = told(desk)
    assert "Written by rules" in message["Draft"]
    assert "this model is retired" in message["Draft"]
    assert "Why a human was asked: Written by rules" in message["Proposed"]


def test_several_actions_are_told_part_by_part(desk: Desk) -> None:
    say(desk, "done with PAY-1. fixed the search on PAY-2, tested on staging")
    [message] = told(desk)
    assert {"Route of part 1", "Route of part 2"} <= message.keys()
    [steps] = run(desk.explained("t-1"))
    assert [step["step"] for step in steps].count("Proposed") == 2


def test_what_was_refused_is_told_too(desk: Desk) -> None:
    say(desk, "   ")
    [message] = told(desk)
    assert "It ended with empty_input" in message["Outcome"]


def test_a_thread_nobody_knows_is_said_to_be_unknown(desk: Desk) -> None:
    with pytest.raises(ActionNotFound, match="nowhere is not known"):
        run(desk.explained("nowhere"))


async def test_it_reads_the_same_in_an_event_loop(redis_url: str, openai_server: OpenAIServer) -> None:
    settings = Settings(redis_url=redis_url)
    opened = open_installation(settings)
    desk = Desk(opened)
    await arun(desk.ask(UPDATE, {"user_id": "ann"}, "t-1"))
    assert len(await arun(desk.explained("t-1"))) == 1
    await opened.aclose()


def test_what_was_not_recorded_is_said_to_be_not_recorded() -> None:
    old = {
        "original_input": "hm",
        "metadata": {"request_id": "r"},
        "classification": {
            "intent": "task_update",
            "confidence": 0.9,
            "stage": "model",
            "rule": None,
            "runner_up": None,
        },
        "route_type": "llm_rephrasing",
        "generated_content": "Hm.",
        "rounds": 1,
    }
    [(state, at)] = messages_of([({"metadata": {}}, None), (old, None)])
    words = " ".join(word for step in explained(state, at, {}) for word in step["words"])
    assert at is None
    assert "why was not recorded" in words
    assert "which one was not recorded" in words
    assert "Written by somebody not recorded." in words
    assert "Of 1 actions nothing is recorded any more." in words
    assert "How long the steps took was not recorded." in words
