"""For tests of the checkpoint saver: histories as a graph's loop writes them, and an oracle."""

from collections.abc import Sequence
from itertools import count, islice
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, Checkpoint, CheckpointTuple
from langgraph.checkpoint.base.id import uuid6
from langgraph.checkpoint.memory import InMemorySaver

from services.checkpoint_codec import Place


def neighbours(thread: str, more: int) -> list[str]:
    """`thread` and as many others as are kept in the same shard."""
    shard = Place("", thread).shard
    others = (name for number in count() if Place("", name := f"{thread}-{number}").shard == shard)
    return [thread, *islice(others, more)]


class Chain:
    """One namespace of one thread; every put has the one before as its parent."""

    def __init__(self, saver: BaseCheckpointSaver[str], thread: str, namespace: str = "") -> None:
        self.saver = saver
        self.config: RunnableConfig = {"configurable": {"thread_id": thread, "checkpoint_ns": namespace}}
        self.head = self.config
        self.values: dict[str, Any] = {}
        self.versions: dict[str, str | int | float] = {}
        self.step = -1

    def put(self, *, run: str | None = None, id: str | None = None, **changes: Any) -> RunnableConfig:
        """A checkpoint in which the channels of `changes` have new values; None clears a channel."""
        new: dict[str, str | int | float] = {}
        for channel, value in changes.items():
            new[channel] = self.saver.get_next_version(self._version(channel), None)
            self.values[channel] = value
        self.values = {channel: value for channel, value in self.values.items() if value is not None}
        self.versions |= new
        self.step += 1
        checkpoint: Checkpoint = {
            "v": 4,
            "id": id or str(uuid6(clock_seq=self.step)),
            "ts": "2026-01-01T00:00:00+00:00",
            "channel_values": {**self.values},
            "channel_versions": {**self.versions},
            "versions_seen": {"node": {**self.versions}},
            "updated_channels": sorted(new),
        }
        metadata: Any = {"source": "loop", "step": self.step, "parents": {}}
        if run is not None:
            metadata["run_id"] = run
        self.head = self.saver.put(self.head, checkpoint, metadata, new)
        return self.head

    def write(self, task: str, *writes: tuple[str, Any], path: str = "") -> None:
        """Writes of a task that started from the newest checkpoint."""
        self.saver.put_writes(self.head, list(writes), task, path)

    def newest(self) -> CheckpointTuple:
        found = self.saver.get_tuple(self.config)
        assert found is not None
        return found

    def all(self) -> list[CheckpointTuple]:
        return list(self.saver.list(self.config))

    def _version(self, channel: str) -> str | None:
        return str(self.versions[channel]) if channel in self.versions else None


class MemoryOracle(InMemorySaver):
    """LangGraph's saver in memory with the operations that it lacks, as plainly as can be."""

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Keeps the newest of each namespace, with its writes and those of checkpoints still to come."""
        for thread in thread_ids:
            for namespace, checkpoints in self.storage[thread].items():
                newest = max(checkpoints, default="")
                for id_ in [id_ for id_ in checkpoints if id_ != newest]:
                    del checkpoints[id_]
                for key in [key for key in self.writes if key[:2] == (thread, namespace)]:
                    if key[2] < newest:
                        del self.writes[key]
            if strategy == "delete_all":
                self.delete_thread(thread)

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        for thread, namespaces in self.storage.items():
            for namespace, checkpoints in namespaces.items():
                for id_, (_, metadata, _) in list(checkpoints.items()):
                    if self.serde.loads_typed(metadata).get("run_id") in run_ids:
                        del checkpoints[id_]
                        self.writes.pop((thread, namespace, id_), None)

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        for namespace, checkpoints in self.storage[source_thread_id].items():
            for id_, (checkpoint, metadata, parent) in checkpoints.items():
                renamed = self.serde.loads_typed(metadata)
                renamed["thread_id"] = target_thread_id.replace("\0", "")  # which LangGraph does to all text
                moved = (checkpoint, self.serde.dumps_typed(renamed), parent)
                self.storage[target_thread_id][namespace][id_] = moved
        for (thread, *rest), stored in list(self.writes.items()):
            if thread == source_thread_id:
                self.writes[target_thread_id, rest[0], rest[1]] = dict(stored)
        for (thread, namespace, channel, version), blob in list(self.blobs.items()):
            if thread == source_thread_id:
                self.blobs[target_thread_id, namespace, channel, version] = blob
