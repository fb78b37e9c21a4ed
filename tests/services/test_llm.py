"""What a caller of the gateway can rely on, whatever the provider does."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from services import ModelAnswer, ModelRequest
from services.errors import (
    ModelAnswerUnusable,
    ModelError,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from services.llm import Gateway, open_models
from services.redis_client import RedisClient
from services.settings import ModelProvider, Settings
from services.steps import arun, run
from tests.openai_server import GARBAGE, HANG, OpenAIServer, Reply, failure

pytestmark = pytest.mark.parametrize("redis_server", ["valkey"], indirect=True)
KEY = "sk-secret-1234567890"


class Verdict(BaseModel):
    intent: str
    confidence: float = Field(ge=0, le=1)


def settings(server: OpenAIServer, **values: Any) -> Settings:
    return Settings(openai_base_url=server.url, openai_api_key=SecretStr(KEY)).model_copy(
        update={"primary_model": "big", "fast_model": "small", "llm_timeout_seconds": 20.0, **values}
    )


def question(**values: Any) -> ModelRequest[Any]:
    asked: dict[str, Any] = {"purpose": "primary", "temperature": 0.2, **values}
    return ModelRequest(messages=(("system", "be brief"), ("human", "hello")), **asked)


Ask = Callable[[Gateway, ModelRequest[Any]], ModelAnswer[Any]]


@pytest.fixture
def redis(redis_url: str) -> Iterator[RedisClient]:
    client = RedisClient(redis_url)
    yield client
    client.close()


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, redis: RedisClient) -> Ask:
    def blocking(gateway: Gateway, request: ModelRequest[Any]) -> ModelAnswer[Any]:
        try:
            return run(gateway.ask(request))
        finally:
            gateway.close()

    async def both(gateway: Gateway, request: ModelRequest[Any]) -> ModelAnswer[Any]:
        try:
            return await arun(gateway.ask(request))
        finally:
            await gateway.aclose()
            await redis.aclose()

    def awaiting(gateway: Gateway, request: ModelRequest[Any]) -> ModelAnswer[Any]:
        return asyncio.run(both(gateway, request))

    return blocking if request.param == "sync" else awaiting


@pytest.fixture
def gateway(openai_server: OpenAIServer, redis: RedisClient) -> Iterator[Gateway]:
    opened = open_models(settings(openai_server), redis, backoff_s=(0.01, 0.02))
    yield opened
    opened.close()


def test_an_answer_says_which_model_gave_it_and_what_it_took(
    ask: Ask, gateway: Gateway, openai_server: OpenAIServer
) -> None:
    openai_server.script.append(Reply(text="Good day.", prompt_tokens=12, completion_tokens=3))
    answer = ask(gateway, question())
    assert (answer.text, answer.model, answer.tokens_in, answer.tokens_out) == ("Good day.", "big", 12, 3)
    assert answer.degraded == ()
    sent = openai_server.requests[0]
    assert [part["role"] for part in sent["messages"]] == ["system", "user"]
    assert (sent["temperature"], sent["max_completion_tokens"]) == (0.2, 2000)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failure(401, f"Incorrect API key provided: {KEY}"), ModelRejected),
        (failure(404, "no such model"), ModelRejected),
        (failure(429, "slow down"), ModelUnavailable),
        (failure(500, "oops"), ModelUnavailable),
        (GARBAGE, ModelUnavailable),
        (Reply(raw=b"{"), ModelUnavailable),
        (Reply(raw=b'{"choices": null}'), ModelUnavailable),
        (Reply(cut=True), ModelUnavailable),
        (Reply(finish_reason="length"), ModelAnswerUnusable),
        (Reply(finish_reason="content_filter"), ModelAnswerUnusable),
        (Reply(finish_reason=None), ModelAnswerUnusable),
        (Reply(refusal="I cannot help with that"), ModelAnswerUnusable),
        (Reply(text=""), ModelAnswerUnusable),
        (Reply(text=None), ModelAnswerUnusable),
    ],
)
@pytest.mark.parametrize("schema", [None, Verdict])
def test_every_fault_is_an_error_with_a_name_and_no_secret(
    ask: Ask,
    gateway: Gateway,
    openai_server: OpenAIServer,
    reply: Reply,
    error: type[ModelError],
    schema: type[BaseModel] | None,
) -> None:
    openai_server.default = reply
    with pytest.raises(error) as raised:
        ask(gateway, question(schema=schema))
    assert KEY not in str(raised.value)
    assert len(openai_server.requests) <= 4


@pytest.mark.parametrize("fault", [HANG, Reply(drip_s=0.05, text="x" * 400)], ids=["hang", "drip"])
def test_nothing_outlasts_the_deadline(
    ask: Ask, openai_server: OpenAIServer, redis: RedisClient, fault: Reply
) -> None:
    openai_server.default = fault
    gateway = open_models(settings(openai_server, llm_timeout_seconds=0.5), redis)
    with pytest.raises(ModelTimeout):
        ask(gateway, question())


def test_a_passing_failure_is_tried_again(ask: Ask, gateway: Gateway, openai_server: OpenAIServer) -> None:
    openai_server.script += [failure(500), failure(429, retry_after="0.01")]
    assert ask(gateway, question()).text == "fine"
    assert len(openai_server.requests) == 3


def test_a_wait_longer_than_the_deadline_is_not_begun(
    ask: Ask, gateway: Gateway, openai_server: OpenAIServer
) -> None:
    openai_server.default = failure(429, retry_after="3600")
    with pytest.raises(ModelUnavailable) as raised:
        ask(gateway, question())
    assert raised.value.details["retry_after_s"] == 3600
    assert len(openai_server.requests) == 1


def test_a_parameter_the_model_refuses_is_left_out_from_then_on(
    gateway: Gateway, openai_server: OpenAIServer
) -> None:
    def picky(request: dict[str, Any]) -> Reply:
        if "temperature" in request:
            return failure(400, "Unsupported value", param="temperature")
        if "max_completion_tokens" in request:
            return failure(400, "Unrecognized request argument: max_completion_tokens")
        return Reply()

    openai_server.default = picky
    assert run(gateway.ask(question())).text == "fine"
    assert openai_server.requests[-1]["max_tokens"] == 2000
    run(gateway.ask(question()))
    assert len(openai_server.requests) == 4
    assert openai_server.connections == 1  # kept between questions


def test_a_model_that_cannot_be_satisfied_is_not_asked_for_ever(
    gateway: Gateway, openai_server: OpenAIServer
) -> None:
    openai_server.default = failure(400, "temperature, max_completion_tokens, max_tokens, stream_options: no")
    with pytest.raises(ModelRejected):
        run(gateway.ask(question()))
    assert len(openai_server.requests) <= 4


def test_the_next_model_of_the_chain_serves_when_the_first_fails(
    ask: Ask, openai_server: OpenAIServer, redis: RedisClient
) -> None:
    other = OpenAIServer().start()
    chained = settings(
        openai_server,
        fallback_models="local:qwen3:8b",
        model_providers={"local": ModelProvider(base_url=other.url)},
    )
    openai_server.default = failure(500)
    answer = ask(open_models(chained, redis), question())
    other.stop()
    assert (answer.model, answer.degraded) == ("local:qwen3:8b", ("fallback model",))
    assert other.requests[0]["model"] == "qwen3:8b"


def test_a_key_goes_to_its_own_provider_only(
    openai_server: OpenAIServer, redis: RedisClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    keyless = Settings(
        model_providers={"local": ModelProvider(base_url=openai_server.url)}, primary_model="local:qwen"
    )
    gateway = open_models(keyless, redis)
    run(gateway.ask(question()))
    gateway.close()
    assert openai_server.authorizations == ["/v1/chat/completions Bearer no-key"]


def test_azure_is_asked_by_its_own_names(ask: Ask, openai_server: OpenAIServer, redis: RedisClient) -> None:
    azure = Settings(
        azure_openai_endpoint=openai_server.url.removesuffix("/v1"),
        azure_openai_api_key=SecretStr(KEY),
        openai_api_version="2025-04-01-preview",
        primary_model="our-deployment",
    )
    gateway = open_models(azure, redis)
    assert ask(gateway, question()).model == "our-deployment"
    path = "/openai/deployments/our-deployment/chat/completions?api-version=2025-04-01-preview"
    assert openai_server.authorizations == [f"{path} {KEY}"]
    openai_server.default = failure(401, f"bad key {KEY}")
    with pytest.raises(ModelRejected) as raised:
        ask(gateway, question())
    assert KEY not in str(raised.value)


def test_without_any_provider_nothing_is_asked(redis: RedisClient) -> None:
    gateway = open_models(Settings(), redis)
    assert not gateway.available()
    assert gateway.name("primary") == ""
    with pytest.raises(ModelRejected, match="OPENAI_API_KEY"):
        run(gateway.ask(question()))


def test_one_gateway_serves_many_loops_and_a_hundred_calls_at_once(
    gateway: Gateway, redis: RedisClient, openai_server: OpenAIServer
) -> None:
    async def hundred() -> set[str]:
        answers = await asyncio.gather(*(arun(gateway.ask(question())) for _ in range(100)))
        await gateway.aclose()
        await redis.aclose()
        return {answer.text for answer in answers}

    assert [asyncio.run(hundred()) for _ in range(3)] == [{"fine"}] * 3
    assert len(openai_server.requests) == 300
