"""What a question may cost, how a broken model is left alone, and what watchers see."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypedDict

import pytest
from langgraph.graph import START, StateGraph

from services import JSON
from services.errors import BudgetUnavailable, CircuitOpen, CostLimitReached, ModelError, ModelRejected
from services.llm import Gateway, open_models
from services.redis_client import RedisClient
from services.settings import ModelProvider, Settings
from services.steps import arun, run
from services.usage import Usage
from tests.openai_server import HANG, OpenAIServer, Reply, failure
from tests.servers import free_port
from tests.services.test_llm import Verdict, question, settings

PRICED = {"primary_model": "gpt-4o-mini"}  # 0.15 USD a million in, 0.60 out
PRICE = (10 * 0.15 + 5 * 0.60) / 1e6
WORST = 0.002  # USD that one such question reserves at most


class House:
    """Opens gateways on one Redis, as processes would, and closes them."""

    def __init__(self, redis: RedisClient, server: OpenAIServer) -> None:
        self.redis = redis
        self.server = server
        self._open: list[Gateway] = []

    def gateway(self, **values: Any) -> Gateway:
        made = settings(self.server, **{**PRICED, **values})
        self._open.append(open_models(made, self.redis, backoff_s=(0.001, 0.002)))
        return self._open[-1]

    async def today(self) -> JSON:
        found: JSON = (await arun(self.gateway().states()))["costs"]
        return found

    async def rows(self, *names: str) -> list[JSON]:
        day = datetime.now(UTC).date()
        costs = self.gateway().costs
        return await arun(Usage(self.redis, costs).by(names, day, day))

    async def close(self) -> None:
        for gateway in self._open:
            await gateway.aclose()


@pytest.fixture
async def house(redis_client: RedisClient, openai_server: OpenAIServer) -> AsyncIterator[House]:
    opened = House(redis_client, openai_server)
    yield opened
    await opened.close()


async def failing(gateway: Gateway, **values: Any) -> ModelError:
    with pytest.raises(ModelError) as raised:
        await arun(gateway.ask(question(**values)))
    return raised.value


async def test_every_request_leaves_a_row_with_its_cost(house: House) -> None:
    house.server.script += [failure(500), Reply(cached_tokens=4, reasoning_tokens=2)]
    asked = question(tenant="t1", user_id="anna", graph="g")
    answer = await arun(house.gateway().ask(asked))
    cached = PRICE - 4 * 0.075 / 1e6
    assert answer.cost_usd == pytest.approx(cached, abs=1e-6)
    assert answer.price_as_of
    rows = await house.rows("tenant", "user", "graph", "purpose", "model", "outcome")
    assert [(row["outcome"], row["requests"], row["tokens_in"]) for row in rows] == [
        ("ok", 1, 10),
        ("api_error", 1, 0),
    ]
    assert rows[0]["model"] == "gpt-4o-mini"
    assert (rows[0]["cache_read"], rows[0]["reasoning"]) == (4, 2)
    assert (await house.today())["spent_usd"] == answer.cost_usd


@pytest.mark.parametrize("fault", [HANG, Reply(usage=False), Reply(cut=True)], ids=["hang", "silent", "cut"])
async def test_what_may_have_been_billed_counts_at_its_worst(house: House, fault: Reply) -> None:
    house.server.default = fault
    gateway = house.gateway(llm_timeout_seconds=0.3)
    await asyncio.gather(arun(gateway.ask(question())), return_exceptions=True)
    assert (await house.today())["spent_usd"] > PRICE * 10


async def test_a_price_nobody_knows_is_said_to_be_unknown_and_counted(house: House) -> None:
    answer = await arun(house.gateway(primary_model="no-such-model").ask(question()))
    assert (answer.cost_usd, answer.price_as_of) == (None, None)
    assert (await house.today())["spent_usd"] > PRICE


async def test_a_spent_budget_asks_nobody(house: House) -> None:
    gateway = house.gateway(max_daily_cost_usd=WORST / 100, alert_at_cost_usd=0.0)
    error = await failing(gateway)
    assert isinstance(error, CostLimitReached)
    assert error.details["max_cost"] == WORST / 100
    assert house.server.requests == []


async def test_without_redis_nobody_is_asked(openai_server: OpenAIServer) -> None:
    nowhere = RedisClient(f"redis://127.0.0.1:{free_port()}/0")
    gateway = open_models(settings(openai_server), nowhere)
    assert isinstance(await failing(gateway), BudgetUnavailable)
    assert openai_server.requests == []
    await gateway.aclose()
    await nowhere.aclose()


async def test_a_broken_model_is_left_alone_by_every_process(house: House) -> None:
    house.server.default = failure(500)
    mine, another = house.gateway(), house.gateway()
    for _ in range(4):
        await failing(mine)
    asked = len(house.server.requests)
    assert asked == 5  # CIRCUIT_FAILURE_THRESHOLD
    assert [row["requests"] for row in await house.rows("outcome")] == [5]
    for gateway in (mine, another):
        error = await failing(gateway)
        assert isinstance(error, CircuitOpen)
        assert error.details["retry_after_s"] > 0
    assert len(house.server.requests) == asked
    assert (await arun(mine.states()))["models"]["gpt-4o-mini"]["state"] == "open"
    assert (await house.today())["spent_usd"] == 0.0


async def test_a_wrong_key_opens_the_circuit_and_a_wrong_question_does_not(house: House) -> None:
    house.server.default = failure(400, "what a question")
    for _ in range(8):
        assert isinstance(await failing(house.gateway()), ModelRejected)
    house.server.default = failure(401, "what a key")
    for _ in range(5):
        assert isinstance(await failing(house.gateway()), ModelRejected)
    assert isinstance(await failing(house.gateway()), CircuitOpen)


async def test_a_model_that_answers_a_probe_is_back_even_if_it_refuses_the_question(house: House) -> None:
    gateway = house.gateway(circuit_failure_threshold=1, circuit_open_seconds=0.2)
    house.server.default = failure(500)
    await failing(gateway)
    house.server.default = failure(400, "what a question")
    while isinstance(await failing(gateway), CircuitOpen):
        await asyncio.sleep(0.02)
    house.server.default = Reply()
    assert (await arun(gateway.ask(question()))).text == "fine"


async def test_an_outage_is_not_made_worse_by_repeats(house: House) -> None:
    house.server.default = failure(503)
    gateways = [house.gateway(circuit_failure_threshold=10_000) for _ in range(4)]
    for number in range(200):
        await failing(gateways[number % 4])
    assert 200 < len(house.server.requests) <= 240


async def test_a_model_that_hangs_leaves_time_for_the_next_one(house: House) -> None:
    other = OpenAIServer().start()
    house.server.default = HANG
    local = {"local": ModelProvider(base_url=other.url)}
    chained = {"fallback_models": "local:qwen", "model_providers": local, "llm_timeout_seconds": 2.0}
    answer = await arun(house.gateway(**chained).ask(question()))
    other.stop()
    assert (answer.model, answer.degraded) == ("local:qwen", ("fallback model",))


async def test_a_message_no_model_can_read_is_not_sent(house: House) -> None:
    huge = replace(question(), messages=(("human", "word " * 200_000),))
    with pytest.raises(ModelRejected, match="128000 tokens"):
        await arun(house.gateway().ask(huge))
    assert house.server.requests == []


async def test_any_text_can_be_asked_about(house: House) -> None:
    odd = replace(question(user_id="\udfff", tenant="\x00"), messages=(("human", "\ud800 \x00 🙂"),))
    assert (await arun(house.gateway().ask(odd))).text == "fine"


async def test_a_question_given_up_half_way_stays_counted(house: House) -> None:
    house.server.default = HANG
    asking = asyncio.ensure_future(arun(house.gateway().ask(question())))
    while not house.server.requests:
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await house.today())["spent_usd"] > 0


async def test_states_name_everything_and_no_secret(house: House) -> None:
    states = await arun(house.gateway(fast_model="small,big", fallback_models="spare").states())
    assert states["chains"]["fast"] == ["small", "big", "spare"]
    assert states["models"]["spare"] == {
        "provider": "openai",
        "at": house.server.url,
        "state": "closed",
        "failures": 0,
        "retry_after_s": 0.0,
    }
    assert states["costs"]["limit_usd"] == 100.0
    assert "sk-" not in str(states)


class Talk(TypedDict, total=False):
    text: str


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("schema", [None, Verdict])
async def test_langgraph_streams_words_of_drafts_and_not_of_objects(
    house: House, way: str, schema: type[Any] | None
) -> None:
    house.server.default = Reply(text='{"intent": "yes", "confidence": 0.5}')
    gateway = house.gateway()
    spent: list[int] = []

    def draft(state: Talk) -> Talk:
        answer = run(gateway.ask(question(schema=schema)))
        spent.append(answer.tokens_out)
        return {"text": answer.text}

    async def adraft(state: Talk) -> Talk:
        answer = await arun(gateway.ask(question(schema=schema)))
        spent.append(answer.tokens_out)
        return {"text": answer.text}

    node: Any = draft if way == "sync" else adraft
    graph = StateGraph(Talk).add_node("draft", node).add_edge(START, "draft").compile()
    if way == "sync":
        chunks = await asyncio.to_thread(lambda: list(graph.stream({}, stream_mode="messages")))
    else:
        chunks = [chunk async for chunk in graph.astream({}, stream_mode="messages")]
    messages: list[Any] = [chunk[0] for chunk in chunks]  # type: ignore[index]
    words = [message.content for message in messages if message.content]
    assert spent == [5]
    assert words == ([] if schema else ['{"intent":', ' "yes",', ' "confidence":', " 0.5}"])


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="ALERT_AT_COST_USD"):
        Settings(max_daily_cost_usd=10, alert_at_cost_usd=20)
    with pytest.raises(ValueError, match="COST_TIME_ZONE"):
        Settings(cost_time_zone="Middle-earth/Bree")
