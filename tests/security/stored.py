"""Whoever can write to Redis runs no code here: `python -m tests.security stored`.

A thread with a pending draft, its row in the ledger and the kept answers are altered byte by byte, cut, mixed
with each other and replaced by gadgets, and read back the way the product reads them. What comes of each
is a value or a typed error; the interpreter's audit events tell of anything that was run, imported or opened.
"""

import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ormsgpack

import prompts
from graph.installation import compile_graph
from nodes.jira_assistant.state import Context
from services import Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.checkpoint_codec import pack
from services.errors import AssistantError
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from services.similar import RedisSimilar
from services.steps import run
from tests.fakes import NoLimits, Reply, ScriptedModels, WordEmbedder
from tests.security.report import show
from tests.servers import BINARIES, RedisServer
from tests.services.test_checkpoint_safety import gadgets

MESSAGES = ("fixed the button bug on PAY-12, tested on staging", "what about PAY-12?")
_RUNS_CODE = (
    *("exec", "compile", "import", "open", "marshal.", "pickle.", "ctypes.", "code.", "subprocess."),
    *("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.remove", "os.rename", "os.mkdir"),
    *("shutil.", "socket.connect", "socket.bind", "urllib.", "webbrowser.", "function.__new__"),
)


@dataclass
class Seen:
    """What came of all attacks."""

    outcomes: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)  # errors that are not typed, with what was altered
    executions: list[str] = field(default_factory=list)


class Audit:
    """The interpreter's audit events, kept while it is on. It cannot be removed: for a process of its own."""

    def __init__(self) -> None:
        self.on = False
        self.events: list[str] = []
        self.numpy = 0  # its serializer looks for it, by that name only, where a value says it is an array
        sys.addaudithook(self._saw)

    def _saw(self, event: str, args: tuple[Any, ...]) -> None:
        if self.on and event == "import" and args[0] == "numpy":
            self.numpy += 1
        elif self.on and event.startswith(_RUNS_CODE):
            self.events.append(f"{event} {args!r:.120}")


class Victim:
    """An assistant that has stored something of each kind, and how each is read."""

    def __init__(self, url: str) -> None:
        self.redis = RedisClient(url)
        self.models = ScriptedModels()
        services = Services(
            settings=Settings(),
            models=self.models,
            cache=RedisCache(self.redis),
            ledger=RedisLedger(self.redis),
            connectors={},
            limits=NoLimits(),
            similar=RedisSimilar(self.redis, WordEmbedder()),
        )
        self.saver, self.ledger = RedisSaver(self.redis), services.ledger
        self.assistant = compile_graph(services, self.saver)
        self.action_id = self.say("t", 0)["pending_approval"]["action_id"]
        self.say("u", 1)
        self.readers: dict[str, Callable[[], object]] = {
            "checkpoint:": self._thread,
            "jira-assistant:{ledger}": self._ledger,
            "jira-assistant:cache": lambda: [self.say(f"again-{at}", at) for at in (0, 1)],
        }

    def say(self, thread: str, at: int) -> Any:
        unclear: Reply = {"intent": "general_question", "confidence": 0.95}
        self.models.replies = [*[unclear] * at, "Fixed the button bug on PAY-12. Tested it on staging."]
        config: Any = {"configurable": {"thread_id": thread}}
        return self.assistant.invoke({"message": MESSAGES[at]}, config, context=Context(user_id="u1"))

    def _thread(self) -> None:
        config: Any = {"configurable": {"thread_id": "t"}}
        self.saver.get_tuple(config)
        list(self.saver.list(config))

    def _ledger(self) -> None:
        run(self.ledger.get(self.action_id))
        run(self.ledger.history(self.action_id))
        run(self.ledger.pending())
        run(self.ledger.all(0, 1e12))


Place = tuple[bytes, str, bytes | int | None, bytes]
"""A key, its type, the field or index in it (None: the key itself), and what is there."""


def places(redis: RedisClient) -> list[Place]:
    """Every value that is stored."""
    found: list[Place] = []
    for key, _ in dumped(redis):
        kind = run(redis.command("TYPE", key)).decode()
        if kind == "hash":
            pairs = run(redis.command("HGETALL", key))
            found += [(key, kind, name, value) for name, value in sorted(pairs.items())]
        elif kind == "list":
            values = run(redis.command("LRANGE", key, 0, -1))
            found += [(key, kind, at, value) for at, value in enumerate(values)]
        elif kind == "string":
            found.append((key, kind, None, run(redis.command("GET", key))))
    return found


def dumped(redis: RedisClient) -> list[tuple[bytes, bytes]]:
    """All keys, each with what RESTORE makes it from again."""
    return [(key, run(redis.command("DUMP", key))) for key in sorted(run(redis.command("KEYS", "*")))]


def put(redis: RedisClient, place: Place, value: bytes) -> None:
    key, kind, where, _ = place
    command: dict[str, tuple[Any, ...]] = {
        "hash": ("HSET", key, where, value),
        "list": ("LSET", key, where, value),
        "string": ("SET", key, value),
    }
    run(redis.command(*command[kind]))


DEEP = (b"[" * 100_000, b'{"a":' * 100_000, b"\x91" * 100_000, b"\x81\xa1a" * 50_000)
JSON_LIES = (
    *(b"null", b"[]", b"7", b'"x"', b"{}", b"NaN", b"-1e999", b"\xff\xfe", b"9" * 5000, b'{"draft": 7}'),
    *(b'{"draft": {"comment": 7}, "model": []}', b'{"intent": "launch", "confidence": 1e99}'),
)


def mutated(dice: random.Random, value: bytes, others: list[bytes], planted: list[bytes]) -> bytes:
    """`value`, or what an attacker makes of it."""
    at, data = dice.randrange(len(value) + 1), bytearray(value)
    how = dice.randrange(8)
    if how < 3:
        data[at : at + dice.randrange(4)] = dice.randbytes(dice.randrange(5))
    elif how == 3:
        data = data[: len(data) - dice.randrange(len(data) + 1)]
    elif how == 4:
        data[at : at + dice.randrange(20)] = dice.choice(planted)
    elif how == 5:
        data = bytearray(dice.choice(others))
    elif how == 6:
        data = bytearray(dice.choice((*DEEP, *JSON_LIES)))
    else:
        data = bytearray(dice.choice(planted))
    return bytes(data)


def payloads(canary: Path) -> list[bytes]:
    """The gadgets as values of the saver, sealed as such or bare, and as what JSON may hold of them."""
    command = f"touch {canary}"
    in_json = [{"lc": 1, "type": "constructor", "id": ["os", "system"], "kwargs": {"command": command}}]
    in_json += [{"__reduce__": ["os.system", [command]]}, {"py/object": "os.system", "args": [command]}]
    frames = [pack(kind.encode(), data) for kind, data in gadgets(canary)]
    nested = [pack(b"msgpack", ormsgpack.packb({"a": [ormsgpack.Ext(code, b"\x93\xa2os\xa6system\xa1x")]}))
              for code in range(8)]  # fmt: skip
    return [*frames, *nested, *(b"\0" + frame for frame in [*frames, *nested]), *map(_dumped, in_json)]


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def attack(cases: int, seed: int) -> Seen:
    """`cases` altered values on a server of its own; each is put back before the next."""
    seen, dice, audit = Seen(), random.Random(seed), Audit()
    with TemporaryDirectory() as folder:
        server = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        canary = Path(folder) / "canary"
        try:
            victim, planted = Victim(server.url), payloads(canary)
            run(victim.redis.command("CONFIG", "SET", "appendonly", "no"))  # crashes are not the question
            prompts.render("jira_assistant/repair", findings=[])  # compiled at its first use
            for encoding in ("utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le"):  # JSON may come in any
                json.loads("{}".encode(encoding))
            stored = places(victim.redis)
            as_it_was = [("FLUSHDB",), *(("RESTORE", key, 0, dump) for key, dump in dumped(victim.redis))]
            readers = sorted(victim.readers.items())
            for case in range(-50, cases):  # the first, unwatched, load what errors take
                of, read = dice.choice(readers)
                place = dice.choice([one for one in stored if one[0].startswith(of.encode())])
                value = mutated(dice, place[3], [one[3] for one in stored], planted)
                put(victim.redis, place, value)
                audit.on = case >= 0
                outcome, problem = _read(read)
                audit.on = False
                if case >= 0:
                    seen.outcomes[outcome] += 1
                    if problem:
                        seen.defects.append(f"{place[0]!r} {place[2]!r} = {value!r:.80}: {problem}")
                run(victim.redis.transaction(as_it_was))
            seen.outcomes["of which numpy was looked for, by that name"] = audit.numpy
            seen.executions = [*audit.events, *(["the canary"] if canary.exists() else [])]
        finally:
            server.kill()
    return seen


def _read(read: Callable[[], object]) -> tuple[str, str | None]:
    """What came of it, and the error where it is no typed one."""
    try:
        read()
    except AssistantError as error:
        return type(error).__name__, None
    except Exception as error:  # noqa: BLE001 - that there is none is what is asked
        return "not typed", f"{type(error).__name__}: {error!s:.120}"
    return "a value", None


def main(cases: int = 10_000, seed: int = 3) -> bool:
    logging.disable()  # each refusal is logged
    seen = attack(cases, seed)
    figures = {"altered values read back": cases, "gadgets": len(payloads(Path("x"))), **seen.outcomes}
    figures["executions"] = len(seen.executions)
    return show(f"Stored state cannot run code (seed {seed})", figures, seen.executions + seen.defects)


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else "A stored value did what it must not: see above.")
