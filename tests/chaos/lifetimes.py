"""R11: threads expire and approvals do not. R12: what is deleted is gone, and nothing else is touched."""

import random
import time
from typing import Any

import redis
from langgraph.types import Command

from services import JSON
from services.checkpoint import RedisSaver
from services.checkpoint_codec import Place
from services.errors import StorageError
from services.redis_client import RedisClient
from tests.chaos.receiver import receiver
from tests.chaos.worker import SPEAKER, UPDATE, assistant
from tests.servers import RedisServer
from tests.services.checkpoints import Chain

HOSTILE = (
    *(
        "*",
        "?",
        "a",
        "a*",
        "a:b",
        "a:",
        ":a",
        "{}",
        "{a}",
        "a}",
        "{",
        "[a-z]",
        "\\",
        "a\0b",
        "\0",
        "\r\n",
        " ",
    ),
    *(
        "None",
        "..",
        "checkpoint:{a}:namespaces",
        "threads",
        "run:",
        "ä",
        "a\u0308",
        "💥",
        "\udc80",
        "\u202ea",
    ),
    *("a" * 128, "a" * 129, "x" * 10_000, "*" * 10_000),
)
"""Thread ids that mean something to Redis, to Lua, to a key or to a pattern, or nearly name each other."""
_INDEXES = (b"checkpoint:threads:", b"checkpoint:run:")  # of which each deleted thread takes its own entry
_LATE_S = 0.5  # Redis drops what has expired when it is asked for it, so nothing has to be waited for


def expiry(server: RedisServer, *, threads: int, ttl_s: float) -> JSON:
    """R11. Half of the conversations are decided, half of them wait; then the time of both is over. Those
    that wait are answered after that, and expire in their turn."""
    started = time.monotonic()
    with receiver() as effects:
        compiled, _ = assistant(server.url, effects.server_port, lambda point: None, ttl_seconds=ttl_s)
        for number in range(threads):
            compiled.invoke(UPDATE, _config(number), context=SPEAKER)
            if number % 2:
                compiled.invoke(_yes(compiled, number), _config(number), context=SPEAKER)
        time.sleep(ttl_s + _LATE_S)
        settled = sum(bool(_keys_of(server, number)) for number in range(1, threads, 2))
        lost = 0
        for number in range(0, threads, 2):
            try:
                compiled.invoke(_yes(compiled, number), _config(number), context=SPEAKER)
            except (IndexError, StorageError):  # no interrupt, or no thread
                lost += 1
        time.sleep(ttl_s + _LATE_S)
        left = _saver_keys(server)
        return {
            "threads": threads,
            "settled threads that left keys": settled,
            "open approvals lost": lost,
            "actions not carried out": threads - len(effects.effects),
            "carried out twice": sum(count > 1 for count in effects.effects.values()),
            "keys left when all are settled": len(left),
            "seconds": round(time.monotonic() - started, 1),
        }


def _config(number: int) -> Any:
    return {"configurable": {"thread_id": f"ttl-{number}"}}


def _yes(compiled: Any, number: int) -> Any:
    return Command(resume={compiled.get_state(_config(number)).interrupts[0].id: "yes"})


def _keys_of(server: RedisServer, number: int) -> list[bytes]:
    base = Place("checkpoint", f"ttl-{number}").base
    with redis.Redis(port=server.port) as client:
        return [
            key for kind in ("namespaces", "index:") for key in [base + kind.encode()] if client.exists(key)
        ]


def _saver_keys(server: RedisServer) -> list[bytes]:
    with redis.Redis(port=server.port) as client:
        return list(client.scan_iter(match="checkpoint:*", count=1000))


def deletion(server: RedisServer, *, checkpoints: int, seed: int) -> JSON:
    """R12. Threads with hostile ids, deleted one by one in random order; after each, every byte of all others
    is compared with what it was."""
    started = time.monotonic()
    server.flush()
    client = RedisClient(server.url)
    saver = RedisSaver(client)
    each = -(-checkpoints // len(HOSTILE))
    for thread in HOSTILE:
        root, child = Chain(saver, thread), Chain(saver, thread, "child:*")
        for number in range(each):
            chain = child if number % 5 == 4 else root
            chain.put(run=f"run-{number % 3}", x=number, kept=thread[:50])
            if number % 3 == 0:
                chain.write("task", ("x", number), ("__interrupt__", thread[:50]))
    own, before = {thread: Place("checkpoint", thread).base for thread in HOSTILE}, _dumps(server)
    left, changed = 0, 0
    order = list(HOSTILE)
    random.Random(seed).shuffle(order)
    for thread in order:
        saver.delete_thread(thread)
        gone = [key for key in before if key.startswith(own[thread])]
        after = _dumps(server)
        left += sum(key in after for key in gone)
        for key in gone:
            del before[key]
        changed += sum(after.get(key) != dump for key, dump in before.items() if not key.startswith(_INDEXES))
        changed += len([key for key in after if key not in before])
    end = len(_saver_keys(server))
    client.close()
    return {
        "ids": len(HOSTILE),
        "checkpoints": each * len(HOSTILE),
        "keys left of the deleted": left + end,
        "keys changed of others": changed,
        "seconds": round(time.monotonic() - started, 1),
    }


def _dumps(server: RedisServer) -> dict[bytes, bytes]:
    with redis.Redis(port=server.port) as client:
        keys = sorted(client.scan_iter(match="checkpoint:*", count=1000))
        pipe = client.pipeline(transaction=False)
        for key in keys:
            pipe.dump(key)
        return dict(zip(keys, pipe.execute(), strict=True))
