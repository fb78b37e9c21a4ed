"""What the checkpoint saver changes, as steps; `services.checkpoint` offers it in both call styles.

Every change is one script: after a crash it is there whole or not at all. All of them may be repeated
safely, since Redis may have carried out what it did not get to acknowledge.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    get_checkpoint_id,
    get_checkpoint_metadata,
)

from services.checkpoint_codec import (
    SHARDS,
    Place,
    Row,
    dump,
    field,
    load,
    pack,
    plain,
    run_key,
    tag,
    utf8,
    write_field,
)
from services.checkpoint_reads import CheckpointReads, config_of, pairs
from services.checkpoint_removal import REMOVE
from services.checkpoint_scripts import DUMP, PARTS, WRITE
from services.errors import ConfigurationError, StorageError
from services.steps import Steps

_ORDER = {"checkpoints": "index", "writes": "order"}
_PRUNING = {"keep_latest": "latest", "delete": "all", "delete_all": "all"}


class CheckpointChanges(CheckpointReads):
    """Puts, removals and copies."""

    def _write(self, place: Place, runs: Sequence[str], commands: list[list[Any]]) -> Steps[Any]:
        """All of `commands` and what follows from them, in one script: it costs less than MULTI."""
        commands = [*commands, *_in_parts("SADD", place.shared[1], list(runs))]
        parts = [part for command in commands for part in (len(command), *command)]
        return self._script(WRITE, place, len(runs), *runs, *parts)

    def _put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> Steps[RunnableConfig]:
        place = self._place(config)
        row = self._row(config, checkpoint, metadata)
        values = checkpoint["channel_values"]
        blobs = {
            field(channel, str(version)): dump(self.serde, values[channel])
            for channel, version in new_versions.items()
            if channel in values
        }
        rows = {field(row.id): row.pack()}
        commands = [*self._store(place, "checkpoints", rows), *self._store(place, "blobs", blobs)]
        yield from self._write(place, [row.run] if row.run else [], commands)
        return config_of(place, row.id)

    def _store(self, place: Place, kind: str, bodies: dict[bytes, bytes]) -> list[list[Any]]:
        """Commands that put bodies under their names."""
        sealed = [
            part for name, body in bodies.items() for part in (name, self._seal.close(place, name, body))
        ]
        return [*_in_parts("HSET", place.key(kind), sealed), *self._list(place, kind, list(bodies))]

    def _list(self, place: Place, kind: str, names: list[bytes]) -> list[list[Any]]:
        """Commands that say in which order they come, and that there are any; blobs need neither."""
        if kind not in _ORDER or not names:
            return []
        members = [part for name in names for part in (0, name)]
        known = ["SADD", place.shared[0], place.listed(kind)]
        return [*_in_parts("ZADD", place.key(_ORDER[kind]), members), known]

    def _row(self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata) -> Row:
        full = get_checkpoint_metadata(config, metadata)
        values, versions = checkpoint["channel_values"], checkpoint["channel_versions"]
        deltas = full.get("counters_since_delta_snapshot") or {}
        return Row(
            run=tag(str(full["run_id"])) if full.get("run_id") else "",
            parent=get_checkpoint_id(config) or "",
            blobs=[field(channel, str(version)) for channel, version in versions.items()],
            deltas=[field(channel, "") for channel in deltas if channel in versions],
            id=checkpoint["id"],
            stored=[utf8(channel) for channel in values if channel in versions],
            checkpoint=dump(self.serde, {k: part for k, part in checkpoint.items() if k != "channel_values"}),
            metadata=dump(self.serde, full),
        )

    def _put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str
    ) -> Steps[None]:
        if not writes:
            return
        place, id_ = self._place(config), str(config["configurable"]["checkpoint_id"])
        commands: list[list[Any]] = []
        names: list[bytes] = []
        for position, (channel, value) in enumerate(writes):
            index = WRITES_IDX_MAP.get(channel, position)
            names.append(write_field(id_, task_id, index))
            texts = [utf8(text) for text in (task_path, task_id, str(index), channel)]
            sealed = self._seal.close(place, names[-1], pack(*texts, dump(self.serde, value)))
            commands.append(["HSETNX" if index >= 0 else "HSET", place.key("writes"), names[-1], sealed])
        yield from self._write(place, [], [*commands, *self._list(place, "writes", names)])

    def _remove(self, thread: str, mode: str, *runs: str) -> Steps[None]:
        yield from self._script(REMOVE, Place(self._prefix, thread), mode, *runs)

    def _prune(self, thread_ids: Sequence[str], strategy: str) -> Steps[None]:
        if strategy not in _PRUNING:
            raise ConfigurationError(f"No pruning strategy {strategy!r}: use one of {', '.join(_PRUNING)}.")
        for thread in thread_ids:
            yield from self._remove(str(thread), _PRUNING[strategy])

    def _delete_for_runs(self, run_ids: Sequence[str]) -> Steps[None]:
        tags = [tag(str(run)) for run in run_ids]
        if tags:
            keys = [run_key(self._prefix, shard, run) for shard in SHARDS for run in tags]
            for thread in (yield from self._client.union(keys)):
                yield from self._remove(plain(thread), "runs", *tags)

    def _copy_thread(self, source_id: str, target_id: str) -> Steps[None]:
        """Through this process and not by COPY: signatures and metadata name the thread they are of."""
        source, target = Place(self._prefix, str(source_id)), Place(self._prefix, str(target_id))
        namespaces, runs = yield from self._script(DUMP, source)
        if (yield from self._client.command("EXISTS", target.shared[0])):
            raise StorageError(
                f"Thread {source_id!r} was not copied to {target_id!r}: that thread exists, and the two "
                "histories would mix. Delete it first, or copy to a new id."
            )
        commands: list[list[Any]] = []
        for namespace, *hashes in namespaces:
            old, new = source.within(namespace), target.within(namespace)
            for kind, flat in zip(("checkpoints", "blobs", "writes"), hashes, strict=True):
                bodies = {name: self._seal.open(old, kind, name, sealed) for name, sealed in pairs(flat)}
                if kind == "checkpoints":
                    bodies = {name: self._renamed(old, new, body) for name, body in bodies.items()}
                commands += self._store(new, kind, bodies)
        if commands:
            yield from self._write(target, [plain(run) for run in runs], commands)

    def _renamed(self, old: Place, new: Place, body: bytes) -> bytes:
        """The row of a checkpoint whose metadata name the thread it is in."""
        with old.reading():
            row = Row.unpack(body)
            metadata = load(self.serde, old, row.metadata)
            if metadata.get("thread_id") != old.thread.replace("\0", ""):  # as LangGraph stores text
                return body
            metadata["thread_id"] = new.thread.replace("\0", "")
            return replace(row, metadata=dump(self.serde, metadata)).pack()


def _in_parts(command: str, key: bytes, parts: list[Any]) -> list[list[Any]]:
    """The command as often as it takes."""
    return [[command, key, *parts[start : start + PARTS]] for start in range(0, len(parts), PARTS)]
