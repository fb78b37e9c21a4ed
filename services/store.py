"""LangGraph's long-term store on core Redis commands: the same server as everything else, nothing to set up.

One hash a namespace, its items as fields, and a sorted set of the namespaces that hold any. All share one
hash tag, because an item and its namespace change together. There is no index for meaning: a `query` of a
search is passed over, as LangGraph's own store in memory does without embeddings.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from urllib.parse import quote, unquote

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from services.errors import StorageDamaged
from services.redis_client import RedisClient, Script, text
from services.steps import Steps, arun, run

Namespace = tuple[str, ...]

_PUT = Script(
    "store.put",
    """
    local clock = redis.call('TIME')
    local now = string.format('%d.%06d', clock[1], clock[2])
    local before = redis.call('HGET', KEYS[1], ARGV[1])
    local created = before and string.match(before, '^[^\\n]*') or now
    redis.call('HSET', KEYS[1], ARGV[1], created .. '\\n' .. now .. '\\n' .. ARGV[2])
    redis.call('ZADD', KEYS[2], 0, ARGV[3])
    """,
)
_DELETE = Script(
    "store.delete",
    """
    redis.call('HDEL', KEYS[1], ARGV[1])
    if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[2]) end
    """,
)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": eq,
    "$ne": ne,
    "$gt": gt,
    "$gte": ge,
    "$lt": lt,
    "$lte": le,
}


class RedisStore(BaseStore):
    """Raises StorageUnavailable where Redis cannot be asked, StorageDamaged for an item nobody can read."""

    def __init__(self, redis: RedisClient, *, prefix: str = "jira-assistant") -> None:
        self._redis = redis
        self._root = f"{prefix}:{{store}}:"
        self._namespaces = f"{self._root}namespaces"

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        return run(self._all(ops))

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        return await arun(self._all(ops))

    def _all(self, ops: Iterable[Op]) -> Steps[list[Result]]:
        results: list[Result] = []
        for op in ops:
            results.append((yield from self._one(op)))
        return results

    def _one(self, op: Op) -> Steps[Result]:
        if isinstance(op, PutOp):
            yield from self._put(op)
            return None
        if isinstance(op, GetOp):
            found = yield from self._redis.command("HGET", self._key(op.namespace), op.key)
            return None if found is None else Item(**_read(op.namespace, op.key, found))
        if isinstance(op, SearchOp):
            return (yield from self._search(op))
        return (yield from self._list(op))

    def _put(self, op: PutOp) -> Steps[None]:
        keys, name = [self._key(op.namespace), self._namespaces], _name(op.namespace)
        if op.value is None:
            yield from self._redis.script(_DELETE, keys, [op.key, name])
        else:
            value = json.dumps(op.value, ensure_ascii=False)
            yield from self._redis.script(_PUT, keys, [op.key, value, name])

    def _search(self, op: SearchOp) -> Steps[list[SearchItem]]:
        """The last changed first."""
        found: list[SearchItem] = []
        for namespace in (yield from self._below(op.namespace_prefix)):
            fields = yield from self._redis.command("HGETALL", self._key(namespace))
            items = [SearchItem(**_read(namespace, text(key), kept)) for key, kept in fields.items()]
            found += [item for item in items if _fits(item.value, op.filter or {})]
        found.sort(key=lambda item: item.updated_at, reverse=True)
        return found[op.offset : op.offset + op.limit]

    def _list(self, op: ListNamespacesOp) -> Steps[list[Namespace]]:
        conditions = op.match_conditions or ()
        found = {
            namespace[: op.max_depth]
            for namespace in (yield from self._below(()))
            if all(_matches(namespace, condition) for condition in conditions)
        }
        return sorted(found)[op.offset : op.offset + op.limit]

    def _below(self, prefix: Namespace) -> Steps[list[Namespace]]:
        """The namespace `prefix` and those that begin with it."""
        name = _name(prefix)
        low, high = (f"[{name}", f"({name[:-1]}0") if name else ("-", "+")  # "0" follows "/"
        found = yield from self._redis.command("ZRANGEBYLEX", self._namespaces, low, high)
        return [tuple(unquote(label) for label in text(one)[:-1].split("/")) for one in found]

    def _key(self, namespace: Namespace) -> str:
        return f"{self._root}items:{_name(namespace)}"


def _name(namespace: Namespace) -> str:
    return "".join(f"{quote(label, safe='')}/" for label in namespace)


def _read(namespace: Namespace, key: str, kept: bytes) -> dict[str, Any]:
    try:
        created, updated, value = kept.split(b"\n", 2)
        at = [datetime.fromtimestamp(float(when), UTC) for when in (created, updated)]
        return {
            "namespace": namespace,
            "key": key,
            "value": json.loads(value),
            "created_at": at[0],
            "updated_at": at[1],
        }
    except ValueError as error:
        raise StorageDamaged(
            f"The item {key!r} of {namespace} in the store cannot be read: {error}. It was left as it is; "
            "delete it, or restore it from a backup of Redis."
        ) from error


def _fits(value: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(_meets(value.get(name), condition) for name, condition in wanted.items())


def _meets(value: Any, condition: Any) -> bool:
    if not isinstance(condition, dict) or not any(name.startswith("$") for name in condition):
        return bool(value == condition)
    try:
        return all(_COMPARED[name](value, other) for name, other in condition.items())
    except TypeError:  # "a" > 1, None > 1
        return False


def _matches(namespace: Namespace, condition: MatchCondition) -> bool:
    path = condition.path
    if len(path) > len(namespace):
        return False
    part = namespace[: len(path)] if condition.match_type == "prefix" else namespace[-len(path) :]
    return all(wanted in ("*", label) for wanted, label in zip(path, part, strict=True))
