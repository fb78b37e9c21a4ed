"""Texts that are much like one another, by their vectors. It only proposes: whether two texts mean the
same is for the caller to decide, because near misses ("PAY-12", "PAY-13") score higher than paraphrases.

A user's vectors are few, so they are compared one by one, without an index and without numpy:
200 of 256 numbers take about 3 ms.
"""

import json
import logging
import time
from array import array
from functools import partial
from importlib.util import find_spec
from operator import mul
from pathlib import Path
from typing import Any

from services import JSON, Embedder, Similar
from services.cache import PREFIX
from services.errors import ConfigurationError, StorageError
from services.redis_client import RedisClient
from services.steps import Steps

MOST = 200
"""Texts kept for one user; the oldest goes first."""
_FLOAT = array("f").itemsize
log = logging.getLogger(__name__)


class RedisSimilar:
    """The `services.SimilarTexts` on any Redis: one list a user, newest first, each entry vector and JSON."""

    def __init__(
        self, redis: RedisClient, embedder: Embedder, *, most: int = MOST, prefix: str = PREFIX
    ) -> None:
        self._redis = redis
        self._embedder = embedder
        self._most = most
        self._prefix = f"{prefix}:cache:"

    def keep(self, key: str, text: str, value: JSON, ttl_minutes: int) -> Steps[None]:
        if ttl_minutes <= 0:
            return
        now, seconds = time.time(), ttl_minutes * 60
        entry = {"group": _group(key), "text": text, "value": value, "at": now, "until": now + seconds}
        name, kept = self._list(key), self._embedder.embed(text).tobytes() + json.dumps(entry).encode()
        push = ("LPUSH", name, kept), ("LTRIM", name, 0, self._most - 1), ("EXPIRE", name, seconds)
        try:
            yield from self._redis.transaction(push)
        except StorageError as error:
            log.warning("A text could not be kept for others like it: %s", error)

    def find(self, key: str, text: str, at_least: float) -> Steps[list[Similar]]:
        try:
            entries = yield from self._redis.command("LRANGE", self._list(key), 0, -1)
        except StorageError as error:
            log.warning("Similar texts could not be read and were passed over: %s", error)
            return []
        vector, group, now = self._embedder.embed(text), _group(key), time.time()
        found = []
        for entry in entries:
            kept = _read(entry, len(vector))
            if kept and kept["group"] == group and kept["until"] > now:
                score = sum(map(mul, vector, array("f", entry[: len(vector) * _FLOAT])))
                if score >= at_least:
                    found.append(Similar(kept["text"], kept["value"], score, max(0.0, now - kept["at"])))
        return sorted(found, key=lambda similar: -similar.score)

    def _list(self, key: str) -> str:
        return f"{self._prefix}{key.partition(':')[0]}:similar:{self._embedder.name}"


def _group(key: str) -> str:
    """What texts must share to be compared at all: every part of a key but the text."""
    return key.split(":")[1]


def _read(entry: bytes, numbers: int) -> JSON | None:
    try:
        kept = json.loads(entry[numbers * _FLOAT :])
    except (ValueError, RecursionError) as error:
        log.warning("A text kept for others like it is damaged and was passed over: %s", error)
        return None
    return kept if isinstance(kept, dict) else None


class StaticEmbedder:
    """The `services.Embedder` of the `semantic` extra: the mean of one vector a token, 16 MB, no network.

    Loading takes half a second and 100 MB, a text some 0.03 ms (two cores). Raises ConfigurationError when
    the extra is not installed.
    """

    name = "l2_supercat_256"

    def __init__(self) -> None:
        if not installed():
            raise ConfigurationError(
                "SEMANTIC_CACHE_ENABLED needs a model that is not installed: "
                "pip install 'jira-assistant[semantic]', or set it to false."
            )
        root, guard = logging.getLogger(), logging.NullHandler()
        root.addHandler(guard)  # importing it would set up the logging of the whole process, at INFO
        try:
            import wordllama
        finally:
            root.removeHandler(guard)
        folder = Path(wordllama.__file__).parent  # its tokenizer is looked for below a cache folder only
        model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        self._embed: Any = partial(model.embed, norm=True)

    def embed(self, text: str) -> "array[float]":
        return array("f", self._embed([text])[0].tobytes())


def installed() -> bool:
    """Whether the `semantic` extra is."""
    return find_spec("wordllama") is not None
