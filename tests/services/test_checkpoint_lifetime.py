"""A thread goes as a whole, some time after its last write, and never while somebody is asked."""

import operator
import time
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Durability, interrupt

from services.checkpoint import RedisSaver
from services.checkpoint_codec import Place, run_key
from services.redis_client import RedisClient
from services.steps import run
from tests.services.checkpoints import Chain, neighbours

TTL_S = 1000.0
FOR_EVER = -1


@pytest.fixture
def saver(redis_client: RedisClient) -> RedisSaver:
    return RedisSaver(redis_client, ttl_seconds=TTL_S)


def ends(client: RedisClient, pattern: str | bytes = "*") -> set[int]:
    """When the keys go: milliseconds since 1970, or for ever."""
    keys = run(client.command("KEYS", pattern))
    return {run(client.command("PEXPIRETIME", key)) for key in keys}


def test_every_key_of_a_thread_has_one_end_which_every_write_moves_on(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    chain, child = Chain(saver, "t"), Chain(saver, "t", "child")
    seen: list[int] = []
    for write in (
        lambda: chain.put(run="r1", x=1),
        lambda: chain.write("task", ("x", 1)),
        lambda: child.put(run="r2", y=1),
        lambda: child.write("task", ("y", 1)),
        lambda: chain.put(run="r2", x=2),
    ):
        write()
        (end,) = ends(redis_client)
        seen.append(end)
        time.sleep(0.002)  # the server counts in milliseconds
    assert len(run(redis_client.command("KEYS", "*"))) == 2 * 5 + 2 + 3
    assert seen == sorted(set(seen))
    now = run(redis_client.command("TIME"))[0]
    assert now < seen[-1] / 1000 <= now + 1 + TTL_S


def test_without_a_ttl_nothing_ends_also_what_had_an_end_before(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    Chain(saver, "t", "child").put(run="r", x=1)
    Chain(RedisSaver(redis_client), "t").put(x=1)
    assert ends(redis_client) == {FOR_EVER}


def test_after_its_time_a_thread_is_new_again_and_no_key_is_left(redis_client: RedisClient) -> None:
    brief = RedisSaver(redis_client, ttl_seconds=0.1)
    chain = Chain(brief, "t")
    chain.put(run="r", x=1)
    chain.write("task", ("x", 1))
    time.sleep(0.2)
    assert brief.get_tuple(chain.config) is None
    assert list(brief.list(None)) == []
    assert run(redis_client.command("DBSIZE")) == 0


def test_indexes_live_as_long_as_the_thread_that_lives_longest(redis_client: RedisClient) -> None:
    brief, lasting = RedisSaver(redis_client, ttl_seconds=0.5), RedisSaver(redis_client)
    first, gone, another = neighbours("kept", 2)
    kept = Chain(lasting, first)
    kept.put(run="r", x=1)
    Chain(brief, gone).put(run="r", x=1)
    assert len(list(lasting.list(None))) == 2
    time.sleep(0.55)
    assert [one.config["configurable"]["thread_id"] for one in brief.list(None)] == ["kept"]
    Chain(brief, another).put(x=1)
    assert run(redis_client.command("ZCARD", Place("checkpoint", "kept").shared[2])) == 2  # nothing of `gone`
    brief.delete_for_runs(["r"])
    assert lasting.get_tuple(kept.config) is None


class State(TypedDict):
    answers: Annotated[list[str], operator.add]


def asking(saver: RedisSaver, *, nested: bool = False, also: bool = False) -> Any:
    """A graph that asks once, in itself or in a graph inside it, or two questions at once."""

    def ask(state: State) -> Any:
        return {"answers": [interrupt("may I?")]}

    def ask_too(state: State) -> Any:
        return {"answers": [interrupt("and that?")]}

    inner = StateGraph(State).add_node("ask", ask).add_edge(START, "ask").add_edge("ask", END)
    graph = StateGraph(State)
    if nested:
        graph.add_node("ask", inner.compile())
    else:
        graph.add_node("ask", ask)
    graph.add_node("done", lambda state: {"answers": ["done"]})
    graph.add_edge(START, "ask").add_edge("ask", "done").add_edge("done", END)
    if also:
        graph.add_node("ask_too", ask_too)
        graph.add_edge(START, "ask_too").add_edge("ask_too", "done")
    return graph.compile(checkpointer=saver)


CONFIG: Any = {"configurable": {"thread_id": "t"}}


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
@pytest.mark.parametrize("nested", [False, True], ids=["own", "nested"])
def test_a_thread_has_no_end_from_the_question_to_the_answer(
    saver: RedisSaver, redis_client: RedisClient, nested: bool, durability: Durability
) -> None:
    graph = asking(saver, nested=nested)
    graph.invoke({"answers": []}, CONFIG, durability=durability)
    assert ends(redis_client) == {FOR_EVER}
    result = graph.invoke(Command(resume="yes"), CONFIG, durability=durability)
    assert result["answers"][-2:] == ["yes", "done"]
    (end,) = ends(redis_client)
    assert end > 0


def test_an_answer_to_one_of_two_questions_leaves_the_thread_without_an_end(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    graph = asking(saver, also=True)
    questions = graph.invoke({"answers": []}, CONFIG)["__interrupt__"]
    assert len(questions) == 2
    graph.invoke(Command(resume={questions[0].id: "yes"}), CONFIG)
    assert ends(redis_client) == {FOR_EVER}
    graph.invoke(Command(resume={questions[1].id: "no"}), CONFIG)
    assert FOR_EVER not in ends(redis_client)


@pytest.mark.parametrize("nested", [False, True], ids=["own", "nested"])
def test_a_question_that_new_input_discarded_keeps_nothing(
    saver: RedisSaver, redis_client: RedisClient, nested: bool
) -> None:
    asking(saver, nested=nested).invoke({"answers": []}, CONFIG)
    assert ends(redis_client) == {FOR_EVER}
    other = StateGraph(State).add_node("note", lambda state: {"answers": ["noted"]})
    other.add_edge(START, "note").add_edge("note", END).compile(checkpointer=saver).invoke(
        {"answers": []}, CONFIG
    )
    assert FOR_EVER not in ends(redis_client)


def test_a_question_that_comes_before_its_checkpoint_counts(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    chain = Chain(saver, "t")
    chain.put(x=1)
    later = "ffffffff-0000-6000-8000-000000000000"
    early: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": later}}
    saver.put_writes(early, [("__interrupt__", "may I?")], "task")
    assert ends(redis_client) == {FOR_EVER}
    chain.put(id=later, x=2)
    assert ends(redis_client) == {FOR_EVER}


def test_a_question_counts_from_the_moment_it_is_stored_inside_until_the_root_goes_on(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    root, inside = Chain(saver, "t"), Chain(saver, "t", "inside")
    root.put(x=1)
    inside.put(y=1)
    inside.write("task", ("__interrupt__", "may I?"))
    assert ends(redis_client) == {FOR_EVER}
    root.put(x=2)
    assert FOR_EVER not in ends(redis_client)


def test_taking_back_the_run_that_answered_opens_the_question_again(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    chain = Chain(saver, "t")
    chain.put(run="asks", x=1)
    chain.write("task", ("__interrupt__", "may I?"))
    chain.put(run="answers", x=2)
    assert FOR_EVER not in ends(redis_client)
    saver.delete_for_runs(["answers"])
    assert ends(redis_client) == {FOR_EVER}
    Chain(saver, "t", "child").put(run="other", y=1)
    saver.delete_for_runs(["asks"])
    (end,) = ends(redis_client)
    assert end > 0


def test_looking_and_pruning_are_no_use_of_a_thread(saver: RedisSaver, redis_client: RedisClient) -> None:
    chain = Chain(saver, "t")
    for n in range(3):
        chain.put(run=f"r{n}", x=n)
    (end,) = ends(redis_client)
    time.sleep(0.002)  # the server counts in milliseconds
    saver.prune(["t"])
    chain.all()
    chain.newest()
    assert ends(redis_client) == {end}


def test_a_copy_has_its_own_end_and_none_with_an_open_question(
    saver: RedisSaver, redis_client: RedisClient
) -> None:
    chain = Chain(saver, "t")
    chain.put(run="r", x=1)
    saver.copy_thread("t", "settled")
    (end,) = ends(redis_client, Place("checkpoint", "settled").base + b"*")
    assert end > 0
    chain.write("task", ("__interrupt__", "may I?"))
    saver.copy_thread("t", "open")
    assert ends(redis_client, Place("checkpoint", "open").base + b"*") == {FOR_EVER}
    assert ends(redis_client, run_key("checkpoint", Place("checkpoint", "open").shard, "r")) == {FOR_EVER}
    assert ends(redis_client, Place("checkpoint", "settled").base + b"*") == {end}
