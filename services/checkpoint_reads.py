"""What the checkpoint saver reads, as steps; `services.checkpoint` offers it in both call styles.

A thread that exists is never reported as new: what does not fit together is StorageDamaged, silence is
StorageUnavailable.
"""

import re
from collections.abc import Sequence
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
    writes_sort_key,
)
from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from services.checkpoint_codec import (
    INTERRUPT_INDEX,
    SHARDS,
    Place,
    Row,
    Seal,
    field,
    load,
    plain,
    run_key,
    threads_key,
    unpack,
    utf8,
)
from services.checkpoint_scripts import READ
from services.errors import ConfigurationError
from services.redis_client import RedisClient, Script
from services.steps import Steps

PAGE = 50
"""Checkpoints in one round trip of a listing: bounds how long the server is busy with it."""


class CheckpointReads(BaseCheckpointSaver[str]):
    """Where a saver keeps its threads, and how one is read. For the arguments see `RedisSaver`."""

    def __init__(
        self,
        client: RedisClient,
        *,
        prefix: str = "checkpoint",
        ttl_seconds: float = 0,
        signing_key: bytes | None = None,
        serde: SerializerProtocol | None = None,
    ) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.:-]+", prefix):
            raise ConfigurationError(
                f"The key prefix {prefix!r} is not usable: take letters, digits and any of _ . : -"
            )
        if ttl_seconds < 0:
            raise ConfigurationError(
                f"Threads cannot end {ttl_seconds} s after a write: 0 keeps them for ever."
            )
        if signing_key is not None and len(signing_key) < 16:
            raise ConfigurationError("The signing key is shorter than 16 bytes: make one of 32 random bytes.")
        super().__init__(serde=serde or JsonPlusSerializer(allowed_msgpack_modules=None))
        self._client = client
        self._prefix = prefix
        self._ttl_ms = round(ttl_seconds * 1000)
        self._seal = Seal(signing_key)

    def _place(self, config: RunnableConfig) -> Place:
        names = config["configurable"]
        return Place(self._prefix, str(names["thread_id"]), names.get("checkpoint_ns") or "")

    def _arguments(self, place: Place) -> list[Any]:
        """The first five of every script."""
        run = run_key(self._prefix, place.shard)
        return [place.base, run, utf8(place.thread), self._ttl_ms, INTERRUPT_INDEX]

    def _script(self, script: Script, place: Place, *more: Any) -> Steps[list[Any]]:
        """What the script found; raises StorageDamaged where it says that something is."""
        arguments = [*self._arguments(place), *more]
        answer: list[Any] = yield from self._client.script(script, place.shared, arguments)
        if answer[0]:
            raise place.damaged(answer[0].decode())
        return answer[1:]

    def _get(self, config: RunnableConfig) -> Steps[CheckpointTuple | None]:
        found = yield from self._read(self._place(config), wanted=get_checkpoint_id(config) or "", count=1)
        return found[0] if found else None

    def _read(
        self, place: Place, *, wanted: str = "", before: str = "", count: int
    ) -> Steps[list[CheckpointTuple]]:
        """The checkpoint `wanted`; else at most `count`, newest first, of those older than `before`."""
        start = b"(" + field(before) if before else b"+"
        found, stored = yield from self._script(
            READ, place, utf8(place.namespace), field(wanted), start, count
        )
        present = [(name, sealed) for name, sealed in pairs(stored) if sealed is not None]
        blobs = {name: self._seal.open(place, "blobs", name, sealed) for name, sealed in present}
        with place.reading():
            return [self._tuple(place, one, blobs) for one in found]

    def _tuple(self, place: Place, found: list[Any], blobs: dict[bytes, bytes]) -> CheckpointTuple:
        id_, sealed, writes = found
        row = Row.unpack(self._seal.open(place, "checkpoints", id_, sealed))
        if field(row.id) != id_:
            raise ValueError("a checkpoint is stored under the id of another")
        checkpoint = load(self.serde, place, row.checkpoint)
        values = {}
        for channel, version in checkpoint["channel_versions"].items():
            blob = blobs.get(field(channel, str(version)))
            if blob is not None:
                values[channel] = load(self.serde, place, blob)
            elif utf8(channel) in row.stored:
                raise ValueError(f"the value of channel {channel!r} is gone")
        return CheckpointTuple(
            config=config_of(place, row.id),
            checkpoint=cast(Checkpoint, {**checkpoint, "channel_values": values}),
            metadata=cast(CheckpointMetadata, {**load(self.serde, place, row.metadata)}),
            parent_config=config_of(place, row.parent) if row.parent else None,
            pending_writes=self._pending(place, pairs(writes)),
        )

    def _pending(self, place: Place, writes: list[tuple[Any, Any]]) -> list[tuple[str, str, Any]]:
        found = []
        for name, sealed in writes:
            *texts, value = unpack(self._seal.open(place, "writes", name, sealed))
            path, task, index, channel = map(plain, texts)
            pending = (task, channel, load(self.serde, place, value))
            found.append((writes_sort_key(path, task, int(index)), pending))
        return [pending for _, pending in sorted(found, key=lambda one: one[0])]


class Listing:
    """How far one listing got: newest first within each namespace, thread after thread.

    Each page is of one moment; checkpoints that come while it goes on may or may not be seen.
    """

    def __init__(
        self,
        saver: CheckpointReads,
        config: RunnableConfig | None,
        wanted: dict[str, Any] | None,
        before: RunnableConfig | None,
        limit: int | None,
    ) -> None:
        self._saver, self._config, self._wanted, self._left = saver, config, wanted or {}, limit
        self._id = get_checkpoint_id(config) or "" if config else ""
        self._start = get_checkpoint_id(before) or "" if before else ""
        self._before = self._start
        self._threads: list[Place] | None = None
        self._namespaces: list[Place] = []

    def page(self) -> Steps[list[CheckpointTuple] | None]:
        """The next few, possibly none of them matching; None after the last."""
        if self._left is not None and self._left <= 0:
            return None
        if not self._namespaces and not (yield from self._next_thread()):
            return None
        count = PAGE if self._wanted or self._left is None else min(PAGE, self._left)
        place = self._namespaces[-1]
        found = yield from self._saver._read(place, wanted=self._id, before=self._before, count=count)
        if self._id or len(found) < count:
            self._namespaces.pop()
            self._before = self._start
        else:
            self._before = found[-1].checkpoint["id"]
        matching = [one for one in found if self._matches(one)][: self._left]
        if self._left is not None:
            self._left -= len(matching)
        return matching

    def _matches(self, one: CheckpointTuple) -> bool:
        if self._id and self._start and one.checkpoint["id"] >= self._start:
            return False
        metadata: dict[str, Any] = {**one.metadata}
        return all(metadata.get(name) == value for name, value in self._wanted.items())

    def _next_thread(self) -> Steps[bool]:
        """Whether there is a namespace to read."""
        saver, client = self._saver, self._saver._client
        if self._threads is None:
            if self._config is None:
                ids = yield from client.union([threads_key(saver._prefix, shard) for shard in SHARDS])
                self._threads = [Place(saver._prefix, plain(id_)) for id_ in reversed(ids)]
            else:
                self._threads = [saver._place(self._config)]
                if self._config["configurable"].get("checkpoint_ns") is not None:
                    self._namespaces = [self._threads.pop()]
        while self._threads and not self._namespaces:
            place = self._threads.pop()
            listed = yield from client.command("SMEMBERS", place.shared[0])
            names = sorted({entry.partition(b":")[2] for entry in listed} or {b""}, reverse=True)
            self._namespaces = [place.within(name) for name in names]
        return bool(self._namespaces)


def pairs(flat: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def config_of(place: Place, checkpoint_id: str) -> RunnableConfig:
    names = {"thread_id": place.thread, "checkpoint_ns": place.namespace, "checkpoint_id": checkpoint_id}
    return {"configurable": names}
