"""Whatever is done to it, in whatever order and style, the saver shows what one in memory would show."""

import asyncio
import itertools
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as explore
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.base.id import uuid6

from services.checkpoint import RedisSaver
from services.redis_client import RedisClient
from services.steps import run
from tests.services.checkpoints import MemoryOracle

THREADS = ["plain", "a:b*{}[\0]\1é"]
NAMESPACES = ["", "child:1|task"]
CHANNELS = ["messages", "draft", "x\0y"]
SPECIAL = ["__error__", "__scheduled__", "__interrupt__", "__resume__"]

threads, namespaces, runs = (st.sampled_from(names) for names in (THREADS, NAMESPACES, ["run-1", "run-2"]))
values = st.one_of(st.none(), st.integers(0, 9), st.text(max_size=3), st.lists(st.booleans(), max_size=2))
changes = st.lists(st.dictionaries(st.sampled_from(CHANNELS), values, max_size=3), min_size=1, max_size=4)
writes = st.lists(st.tuples(st.sampled_from([*CHANNELS, *SPECIAL]), values), max_size=4)

Found = list[CheckpointTuple]
Versions = dict[str, str | int | float]


class Machine(RuleBasedStateMachine):
    client: RedisClient
    numbers = itertools.count()

    @initialize(signed=st.booleans())
    def start(self, signed: bool) -> None:
        self.loop = asyncio.Runner()
        self.prefix = f"model-{next(self.numbers)}"
        key = b"0123456789abcdef" if signed else None
        self.saver = RedisSaver(self.client, prefix=self.prefix, signing_key=key, ttl_seconds=1000)
        self.memory = MemoryOracle()
        self.next_ids = {place: str(uuid6()) for place in itertools.product(THREADS, NAMESPACES)}
        self.awaits = False

    def teardown(self) -> None:
        for thread in THREADS:
            self.saver.delete_thread(thread)
        assert run(self.client.command("KEYS", f"{self.prefix}:*")) == []
        self.loop.run(self.client.aclose())
        self.loop.close()

    def act(self, name: str, *args: Any, **options: Any) -> Any:
        if self.awaits:
            return self.loop.run(getattr(self.saver, f"a{name}")(*args, **options))
        return getattr(self.saver, name)(*args, **options)

    def ids(self, thread: str, namespace: str) -> list[str]:
        return sorted(self.memory.storage[thread][namespace], reverse=True)

    @rule()
    def change_style(self) -> None:
        self.awaits = not self.awaits

    @rule(thread=threads, namespace=namespaces, several=changes, run_id=runs, back=st.integers(0, 2))
    def put(self, thread: str, namespace: str, several: list[Any], run_id: str, back: int) -> None:
        """A branch of a few checkpoints, off one of the newest or from nothing."""
        parent: str | None = next(iter(self.ids(thread, namespace)[back : back + 1]), None)
        for changed in several:
            config = _config(thread, namespace, parent)
            before = self.memory.get_tuple(config) if parent else None
            old: Versions = before.checkpoint["channel_versions"] if before else {}
            kept = before.checkpoint["channel_values"] if before else {}
            new: Versions = {
                channel: self.saver.get_next_version(str(old[channel]) if channel in old else None, None)
                for channel in changed
            }
            merged = {channel: value for channel, value in {**kept, **changed}.items() if value is not None}
            parent, self.next_ids[thread, namespace] = self.next_ids[thread, namespace], str(uuid6())
            checkpoint: Any = {"v": 4, "id": parent, "ts": "", "versions_seen": {"n": old}}
            checkpoint |= {"channel_values": merged, "channel_versions": {**old, **new}}
            metadata: Any = {"step": len(merged), "run_id": run_id, "thread_id": thread}
            expected = self.memory.put(config, checkpoint.copy(), metadata, new)
            assert self.act("put", config, checkpoint, metadata, new) == expected

    @rule(
        thread=threads,
        namespace=namespaces,
        writes=writes,
        task=st.sampled_from(["t1", "t2"]),
        path=st.sampled_from(["", "~a", "b"]),
        back=st.integers(0, 3),
    )
    def put_writes(self, thread: str, namespace: str, writes: Any, task: str, path: str, back: int) -> None:
        """For the checkpoint that is still to come, or one of the newest."""
        ids = [self.next_ids[thread, namespace], *self.ids(thread, namespace)]
        config = _config(thread, namespace, ids[min(back, len(ids) - 1)])
        self.memory.put_writes(config, writes, task, path)
        self.act("put_writes", config, writes, task, path)

    @rule(thread=threads, strategy=st.sampled_from(["keep_latest", "delete_all"]))
    def prune(self, thread: str, strategy: str) -> None:
        self.memory.prune([thread], strategy=strategy)
        self.act("prune", [thread], strategy=strategy)

    @rule(run_ids=st.lists(runs, max_size=2))
    def delete_for_runs(self, run_ids: list[str]) -> None:
        self.memory.delete_for_runs(run_ids)
        self.act("delete_for_runs", run_ids)

    @rule(source=threads)
    def copy_over(self, source: str) -> None:
        """One thread over the other, which is deleted first."""
        target = next(thread for thread in THREADS if thread != source)
        self.memory.delete_thread(target)
        self.act("delete_thread", target)
        self.memory.copy_thread(source, target)
        self.act("copy_thread", source, target)

    @rule(
        thread=threads,
        namespace=st.sampled_from([*NAMESPACES, None]),
        wanted=st.sampled_from([None, {"step": 1}, {"run_id": "run-1", "step": 2}, {"none": 1}]),
        back=st.integers(0, 3),
        limit=st.one_of(st.none(), st.integers(0, 3)),
    )
    def look(self, thread: str, namespace: str | None, wanted: Any, back: int, limit: int | None) -> None:
        config = _config(thread, namespace, None)
        ids = self.ids(thread, namespace or "")
        before = _config(thread, "", ids[back]) if back < len(ids) else None
        expected = [*self.memory.list(config, filter=wanted, before=before)]
        if namespace is None:  # in which order namespaces come is not said
            assert _sorted(self.listed(config, wanted, before)) == _sorted(expected)
        else:
            assert self.listed(config, wanted, before, limit) == expected[:limit]

    def listed(self, config: Any, wanted: Any = None, before: Any = None, limit: int | None = None) -> Found:
        async def awaited() -> Found:
            return [one async for one in self.saver.alist(config, filter=wanted, before=before, limit=limit)]

        if self.awaits:
            return self.loop.run(awaited())
        return [*self.saver.list(config, filter=wanted, before=before, limit=limit)]

    @invariant()
    def both_show_the_same(self) -> None:
        everything = self.listed(None)
        assert _sorted(everything) == _sorted([*self.memory.list(None)])
        for thread, namespace in self.next_ids:
            config = _config(thread, namespace, None)
            assert self.act("get_tuple", config) == self.memory.get_tuple(config)
        for one in everything[:2]:
            assert self.act("get_tuple", one.config) == one


def _config(thread: str, namespace: str | None, id_: str | None) -> RunnableConfig:
    names = {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": id_}
    return {"configurable": {name: value for name, value in names.items() if value is not None}}


def _sorted(found: Found) -> Found:
    return sorted(found, key=lambda one: list(one.config["configurable"].values()))


def test_the_saver_shows_what_one_in_memory_would_show(redis_client: RedisClient) -> None:
    Machine.client = redis_client
    explore(
        Machine,
        settings=settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True),
    )
