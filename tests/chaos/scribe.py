"""The only writer of a thread, which knows what it was promised and notices every lie.

What it stores tells where it belongs: a value names its version, a write names its checkpoint.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.base.id import uuid6

from services.checkpoint import RedisSaver
from services.errors import StorageError
from services.steps import Steps

CHANNELS = tuple("abcdef")
_WRITES_OF_A_TASK = 3
_AFTER_A_REFUSAL_S = 0.01


class Scribe:
    """`did` counts what was tried; each step raises what the saver raised, and `Lie` for a wrong answer."""

    def __init__(self, saver: RedisSaver, thread: str, chance: random.Random) -> None:
        self._saver = saver
        self._chance = chance
        self._config: Any = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
        self._sent: dict[str, dict[str, str]] = {}
        self._writes: defaultdict[str, set[str]] = defaultdict(set)  # tasks whose writes were acknowledged
        self._newest = ""  # of what was acknowledged or seen
        self._at: CheckpointTuple | None = None
        self._known = False  # whether `_at` is what it would go on from
        self.did = 0

    def step(self) -> Steps[None]:
        """A read, a put or writes. After an error the next step reads, as a process does that starts anew."""
        self.did += 1
        choice = self._chance.random()
        if not self._known or choice < 0.3:
            yield from self.read()
        elif self._at is None or choice < 0.7:
            yield from self._put()
        else:
            yield from self._write()

    def read(self) -> Steps[None]:
        """The thread as it is; raises Lie where that is neither what was promised nor what may have come of
        a step that failed."""
        self._known = False
        found = yield from self._saver._get(self._config)
        if found is None:
            if self._newest:
                raise Lie("None for a thread that exists")
        else:
            assert_whole(found)
            id_ = found.checkpoint["id"]
            if id_ < self._newest:
                raise Lie("a state older than the one that was acknowledged or seen")
            if self._sent.get(id_) != found.checkpoint["channel_versions"]:
                raise Lie("a state that was never sent")
            if lost := self._writes[id_] - {task for task, *_ in found.pending_writes or ()}:
                raise Lie(f"acknowledged writes are gone: {lost}")
            self._newest = id_
        self._at, self._known = found, True

    def prune(self) -> Steps[None]:
        """Keeps the newest checkpoint."""
        self.did += 1
        yield from self._saver._prune([self._config["configurable"]["thread_id"]], "keep_latest")

    def _put(self) -> Steps[None]:
        self._known = False
        versions: dict[str, Any] = dict(self._at.checkpoint["channel_versions"]) if self._at else {}
        new = {
            channel: self._saver.get_next_version(versions.get(channel), None)
            for channel in self._chance.sample(CHANNELS, self._chance.randint(1, len(CHANNELS)))
        }
        versions |= new
        checkpoint: Any = {
            "v": 4,
            "id": str(uuid6(clock_seq=self.did % 8192)),
            "ts": "2026-01-01T00:00:00+00:00",
            "channel_values": {channel: _value(version) for channel, version in versions.items()},
            "channel_versions": versions,
            "versions_seen": {},
            "updated_channels": sorted(new),
        }
        self._sent[checkpoint["id"]] = versions
        metadata: Any = {"source": "loop", "step": self.did, "parents": {}}
        yield from self._saver._put(
            self._at.config if self._at else self._config, checkpoint, metadata, {**new}
        )
        self._newest = checkpoint["id"]
        yield from self.read()

    def _write(self) -> Steps[None]:
        assert self._at is not None
        id_, task = self._at.checkpoint["id"], f"task-{self.did}"
        self._known = False
        writes = [(channel, id_) for channel in CHANNELS[:_WRITES_OF_A_TASK]]
        yield from self._saver._put_writes(self._at.config, writes, task, "")
        self._writes[id_].add(task)
        self._known = True


class Lie(AssertionError):
    """An answer that is wrong, which is worse than none."""


def counting(counted: Counter[str], do: Callable[[], None]) -> bool:
    """Whether it was done. What is no typed error is raised: that is a failure, too."""
    try:
        do()
        return True
    except (StorageError, TimeoutError):  # the second: cancelled by us
        counted["refused"] += 1
        time.sleep(_AFTER_A_REFUSAL_S)
    except Lie as lie:
        counted["lies"] += 1
        counted["None"] += str(lie).startswith("None")
    return False


def assert_whole(found: CheckpointTuple) -> None:
    """Raises Lie where parts of different moments were put together."""
    checkpoint = found.checkpoint
    if checkpoint["channel_values"] != {c: _value(v) for c, v in checkpoint["channel_versions"].items()}:
        raise Lie("torn: values of other versions")
    if found.config["configurable"]["checkpoint_id"] != checkpoint["id"]:
        raise Lie("torn: the id of another checkpoint")
    tasks: defaultdict[str, int] = defaultdict(int)
    for task, _, value in found.pending_writes or ():
        tasks[task] += 1
        if value != checkpoint["id"]:
            raise Lie("torn: writes of another checkpoint")
    if any(count != _WRITES_OF_A_TASK for count in tasks.values()):
        raise Lie("torn: a part of the writes of a task")


def _value(version: Any) -> str:
    """Of different sizes, so that some do not come in one piece."""
    return f"{version} " * (1 + int(str(version)[-2:]) ** 2 // 100)
