"""Real graphs on the saver: pauses outlive everything, and pruning keeps what a state is rebuilt from."""

import asyncio
import random
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.channels.delta import DeltaChannel
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Durability, interrupt

from services.checkpoint import RedisSaver
from services.checkpoint_codec import Place, run_key
from services.redis_client import RedisClient
from services.steps import run
from tests.servers import RedisServer
from tests.services.checkpoints import Chain, MemoryOracle

T = Place("checkpoint", "t")
CONFIG: Any = {"configurable": {"thread_id": "t"}}


class State(TypedDict):
    draft: str
    decision: str


def reviewed(saver: Any) -> Any:
    def write(state: State) -> Any:
        return {"draft": "a draft"}

    def ask(state: State) -> Any:
        return {"decision": interrupt({"draft": state["draft"]})}

    graph = StateGraph(State).add_node("write", write).add_node("ask", ask)
    return (
        graph.add_edge(START, "write")
        .add_edge("write", "ask")
        .add_edge("ask", END)
        .compile(checkpointer=saver)
    )


def test_a_pause_outlives_the_process_and_redis(redis_server: RedisServer, redis_url: str) -> None:
    asking = RedisClient(redis_url)
    paused = reviewed(RedisSaver(asking)).invoke({"draft": "", "decision": ""}, CONFIG)
    asking.close()
    redis_server.kill()
    redis_server.start()
    client = RedisClient(redis_url)
    graph = reviewed(RedisSaver(client))
    (question,) = graph.get_state(CONFIG).interrupts
    assert question == paused["__interrupt__"][0]
    assert graph.invoke(Command(resume={question.id: "accept"}), CONFIG) == {
        "draft": "a draft",
        "decision": "accept",
    }
    assert graph.get_state(CONFIG).next == ()
    client.close()


def test_a_pause_of_one_style_is_answered_in_the_other(redis_client: RedisClient) -> None:
    graph = reviewed(RedisSaver(redis_client))

    async def awaited(question: Any) -> Any:
        try:
            return await graph.ainvoke(question, CONFIG)
        finally:
            await redis_client.aclose()

    graph.invoke({"draft": "", "decision": ""}, CONFIG)
    assert asyncio.run(awaited(Command(resume="accept")))["decision"] == "accept"
    asyncio.run(awaited({"draft": "", "decision": ""}))
    assert graph.invoke(Command(resume="reject"), CONFIG)["decision"] == "reject"


def test_the_past_can_be_read_and_branched_from(redis_client: RedisClient) -> None:
    graph = reviewed(RedisSaver(redis_client))
    graph.invoke({"draft": "", "decision": ""}, CONFIG)
    graph.invoke(Command(resume="accept"), CONFIG)
    past = next(state for state in graph.get_state_history(CONFIG) if state.next == ("ask",))
    branch = graph.update_state(past.config, {"draft": "another"})
    assert graph.get_state(branch).values == {"draft": "another", "decision": ""}
    assert graph.get_state(past.config).values == {"draft": "a draft", "decision": ""}


def logging_graph(saver: Any, snapshot_frequency: int) -> Any:
    """Each run adds lines to a channel of which only changes, and now and then a snapshot, are stored."""
    channel = DeltaChannel(
        lambda old, new: old + [line for some in new for line in some],
        list,
        snapshot_frequency=snapshot_frequency,
    )
    state: Any = TypedDict("state", {"lines": Annotated[list[str], channel], "count": int})
    graph = StateGraph(state)
    graph.add_node("one", lambda state: {"lines": [f"one {state['count']}"], "count": state["count"] + 1})
    graph.add_node("two", lambda state: {"lines": [f"two {state['count']}"]})
    graph.add_edge(START, "one").add_edge("one", "two").add_edge("two", END)
    return graph.compile(checkpointer=saver)


@pytest.mark.parametrize("durability", ["sync", "exit"])
@pytest.mark.parametrize("snapshot_frequency", [1, 2, 3, 7, 100])
def test_pruning_keeps_all_that_a_delta_channel_is_rebuilt_from(
    redis_client: RedisClient, snapshot_frequency: int, durability: Durability
) -> None:
    saver, memory = RedisSaver(redis_client), MemoryOracle()
    graph, model = (logging_graph(kept, snapshot_frequency) for kept in (saver, memory))
    dice, sizes = random.Random(snapshot_frequency), []
    for count in range(12):
        for one in (graph, model):
            one.invoke({"lines": [f"input {count}"], "count": count}, CONFIG, durability=durability)
        if dice.random() < 0.7:
            saver.prune(["t"])
            sizes.append(len(list(saver.list(CONFIG))))
        assert graph.get_state(CONFIG).values == model.get_state(CONFIG).values
    saver.copy_thread("t", "copy")
    saver.delete_thread("t")
    copy: Any = {"configurable": {"thread_id": "copy"}}
    assert graph.get_state(copy).values == model.get_state(CONFIG).values
    if snapshot_frequency == 1:
        assert set(sizes) == {1}  # every checkpoint is a snapshot, so one is enough
    elif snapshot_frequency < 7:
        assert max(sizes) < 7 * snapshot_frequency  # bounded by the distance of two snapshots


def test_pruning_a_thread_without_such_channels_leaves_one_checkpoint_and_its_values(
    redis_client: RedisClient,
) -> None:
    saver = RedisSaver(redis_client)
    chain = Chain(saver, "t")
    chain.put(run="first", x=0, kept="since the first")
    for n in range(30):
        chain.put(run=f"run-{n}", x=n)
    before = chain.newest()
    saver.prune(["t"])
    assert chain.all() == [before]
    assert run(redis_client.command("HLEN", T.key("blobs"))) == 2
    assert run(redis_client.command("SMEMBERS", T.shared[1])) == {b"run-29"}
    assert run(redis_client.command("KEYS", "checkpoint:run:*")) == [run_key("checkpoint", T.shard, "run-29")]


def test_pruning_takes_writes_that_came_too_late_and_leaves_those_that_came_early(
    redis_client: RedisClient,
) -> None:
    saver = RedisSaver(redis_client)
    chain = Chain(saver, "t")
    gone = chain.put(x=1)
    chain.put(x=2)
    saver.prune(["t"])
    saver.put_writes(gone, [("x", "late")], "task")
    later = "ffffffff-0000-6000-8000-000000000000"
    early: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": later}}
    saver.put_writes(early, [("x", "early")], "task")
    saver.prune(["t"])
    assert run(redis_client.command("HLEN", T.key("writes"))) == 1
    chain.put(id=later, x=3)
    assert chain.newest().pending_writes == [("task", "x", "early")]
