"""Conversations kept in Redis: the LangGraph checkpoint saver of this project.

Made because those that exist need Redis modules, or turn a failed read into "no such thread", after which
a paused conversation is overwritten. This one needs core commands only (Redis 6.2, Valkey, managed) and
answers with the last acknowledged state or with an error. Each operation is written once, as steps, in
`checkpoint_reads` and `checkpoint_changes`; here both call styles are given to LangGraph.
"""

import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple

from services.checkpoint_changes import CheckpointChanges
from services.checkpoint_reads import Listing
from services.steps import arun, run


class RedisSaver(CheckpointChanges):
    """Checkpoints in the Redis behind `client`, under keys that begin with `prefix`.

    `ttl_seconds`: a thread goes so long after its last write, never while a task of it waits for an
    answer; 0 keeps threads for ever. `signing_key`: values are signed, and unsigned or altered ones
    refused; it must be the same in every process. `serde`: the default reads no type that runs code and
    only the classes LangGraph lists or a graph allows.

    Raises StorageUnavailable when Redis does not answer and StorageDamaged when a thread cannot be read
    as it was written; None only for what was never put, was removed or has expired. Safe for threads, and
    for many processes at once.
    """

    def get_next_version(self, current: str | None, channel: None) -> str:
        """Counts up; the random end keeps apart what two runs wrote to a channel at the same time."""
        count = 0 if current is None else int(str(current).split(".")[0])
        return f"{count + 1:032}.{secrets.randbits(53):016}"

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return run(self._get(config))

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return await arun(self._get(config))

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """Newest first within a namespace; without a config, of all threads: for administration."""
        listing = Listing(self, config, filter, before, limit)
        while (page := run(listing.page())) is not None:
            yield from page

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        listing = Listing(self, config, filter, before, limit)
        while (page := await arun(listing.page())) is not None:
            for one in page:
                yield one

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return run(self._put(config, checkpoint, metadata, new_versions))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return await arun(self._put(config, checkpoint, metadata, new_versions))

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        run(self._put_writes(config, writes, task_id, task_path))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        await arun(self._put_writes(config, writes, task_id, task_path))

    def delete_thread(self, thread_id: str) -> None:
        run(self._remove(str(thread_id), "all"))

    async def adelete_thread(self, thread_id: str) -> None:
        await arun(self._remove(str(thread_id), "all"))

    def delete_for_runs(self, run_ids: Sequence[str]) -> None:
        run(self._delete_for_runs(run_ids))

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        await arun(self._delete_for_runs(run_ids))

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Every namespace, checkpoint and write; the target must not exist yet."""
        run(self._copy_thread(source_thread_id, target_thread_id))

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        await arun(self._copy_thread(source_thread_id, target_thread_id))

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """`keep_latest` keeps the newest checkpoint of each namespace and the ancestors its delta channels
        are rebuilt from; `delete` and `delete_all` keep nothing."""
        run(self._prune(thread_ids, strategy))

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        await arun(self._prune(thread_ids, strategy))
