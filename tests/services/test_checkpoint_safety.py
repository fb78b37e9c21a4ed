"""What is stored runs no code, and cannot be moved or altered where it is signed."""

import os
import pickle
import random
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde.base import SerializerProtocol
from pydantic import BaseModel

from services.checkpoint import RedisSaver
from services.checkpoint_codec import Place
from services.errors import StorageDamaged, StorageError
from services.redis_client import RedisClient
from services.steps import run
from tests.services.checkpoints import Chain

KEY = b"0123456789abcdef"


class Note(BaseModel):
    text: str


class Shell:
    """Runs a command where it is unpickled."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


class Attacker(SerializerProtocol):
    """Stores what an attacker would, who can write to Redis and knows the format."""

    def __init__(self, kind: str, payload: bytes) -> None:
        self.stored = (kind, payload)

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        return self.stored

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        raise AssertionError("only writes")


def gadgets(canary: Path) -> list[tuple[str, bytes]]:
    """Each would make the canary, or an object of a class, if anything of it were called."""
    command, run_it = f"touch {canary}", "import os; os.system"
    source = f"open({str(canary)!r}, 'w')"
    single = [("os", "system", command), ("builtins", "exec", source), ("builtins", "eval", source)]
    calls = [
        *((0, one) for one in single),
        *((1, (module, name, [argument])) for module, name, argument in single),
        (1, ("subprocess", "Popen", [["touch", str(canary)]])),
        (2, ("subprocess", "Popen", {"args": ["touch", str(canary)]})),
        (2, ("builtins", "open", {"file": str(canary), "mode": "w"})),
        (3, ("pathlib", "Path", str(canary), "touch")),
        (3, ("os", "environ", command, "get")),
        *((4, (module, name, {"": argument})) for module, name, argument in single),
        (5, ("subprocess", "Popen", {"args": ["touch", str(canary)]}, "run")),
    ]
    packed = [
        ("msgpack", ormsgpack.packb(ormsgpack.Ext(code, ormsgpack.packb(call)))) for code, call in calls
    ]
    prompt = (
        b'{"lc": 1, "type": "constructor", "id": ["langchain_core", "prompts", "prompt", "PromptTemplate"],'
    )
    prompt += b' "kwargs": {"template": "x", "input_variables": []}}'
    revived = f'{{"lc": 2, "type": "constructor", "id": ["os", "system"], "args": ["{command}"]}}'.encode()
    return [
        *packed,
        *(("msgpack+", payload) for _, payload in packed[:2]),
        *((kind, pickle.dumps(Shell(command))) for kind in ("pickle", "json", "msgpack", "pickle+msgpack")),
        *((kind, payload) for kind in ("json", "json+aes") for payload in (revived, prompt)),
        *((kind, f"{run_it}('{command}')".encode()) for kind in ("python", "yaml", "\0", "")),
    ]


def test_no_stored_value_runs_code(redis_client: RedisClient, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for number, (kind, payload) in enumerate(gadgets(canary)):
        chain = Chain(RedisSaver(redis_client, serde=Attacker(kind, payload)), f"t{number}")
        chain.put(x=1)
        chain.write("task", ("x", 1))
        with pytest.raises(StorageError):  # not even a checkpoint comes of it
            RedisSaver(redis_client).get_tuple(chain.config)

        honest = Chain(RedisSaver(redis_client), f"u{number}")
        honest.put(x=1)
        honest.saver.serde = Attacker(kind, payload)
        honest.write("task", ("x", 1))
        try:
            found = RedisSaver(redis_client).get_tuple(honest.config)
            assert found is not None
            assert isinstance((found.pending_writes or [])[0][2], (str, list, dict, type(None)))
        except StorageDamaged:
            pass
        assert not canary.exists(), (kind, payload)


def test_the_gadgets_are_live_where_code_is_allowed(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    pickle.loads(dict(gadgets(canary))["pickle"])
    assert canary.exists()


def test_altered_bytes_are_an_error_or_a_value_and_nothing_else(redis_client: RedisClient) -> None:
    saver, dice = RedisSaver(redis_client), random.Random(7)
    chain = Chain(saver, "t")
    chain.put(x={"a": [1, "two", None]}, y="z")
    chain.write("task", ("x", 1), ("__interrupt__", {"q": 1}))
    outcomes = set()
    for _ in range(600):
        key = Place("checkpoint", "t").key(dice.choice(["checkpoints", "blobs", "writes"]))
        name, value = dice.choice(sorted(run(redis_client.command("HGETALL", key)).items()))
        at, altered = dice.randrange(len(value)), bytearray(value)
        altered[at : at + dice.randrange(2)] = dice.randbytes(dice.randrange(3))
        run(redis_client.command("HSET", key, name, bytes(altered)))
        try:
            outcomes.add(type(saver.get_tuple(chain.config)).__name__)
        except StorageDamaged:
            outcomes.add("StorageDamaged")
        run(redis_client.command("HSET", key, name, value))
    assert outcomes == {"StorageDamaged", "CheckpointTuple"}


def test_any_altered_byte_of_a_signed_value_is_refused(redis_client: RedisClient) -> None:
    saver = RedisSaver(redis_client, signing_key=KEY)
    chain = Chain(saver, "t")
    chain.put(x=1)
    chain.write("task", ("x", 1))
    for kind in ("checkpoints", "blobs", "writes"):
        key = Place("checkpoint", "t").key(kind)
        ((name, value),) = run(redis_client.command("HGETALL", key)).items()
        for at in range(0, len(value), 5):
            altered = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            run(redis_client.command("HSET", key, name, altered))
            with pytest.raises(StorageDamaged):
                saver.get_tuple(chain.config)
        run(redis_client.command("HSET", key, name, value))
    assert chain.newest().checkpoint["channel_values"] == {"x": 1}


@pytest.mark.parametrize("kind", ["checkpoints", "blobs", "writes"])
@pytest.mark.parametrize("target", ["thread", "namespace", "prefix"])
def test_a_signed_value_is_refused_in_any_other_place(
    redis_client: RedisClient, kind: str, target: str
) -> None:
    """The same ids and versions everywhere, so that only the place differs."""
    places = {
        "here": Place("checkpoint", "t"),
        "thread": Place("checkpoint", "other"),
        "namespace": Place("checkpoint", "t", "child"),
        "prefix": Place("second", "t"),
    }
    chains = {}
    for name, place in places.items():
        saver = RedisSaver(redis_client, prefix=place.prefix, signing_key=KEY)
        saver.get_next_version = lambda current, channel: "1"  # type: ignore[method-assign]
        chains[name] = Chain(saver, place.thread, place.namespace)
        chains[name].put(id="1", x=name)
        chains[name].write("task", ("x", name))
    ((field, value),) = run(redis_client.command("HGETALL", places["here"].key(kind))).items()
    run(redis_client.command("HSET", places[target].key(kind), field, value))
    with pytest.raises(StorageDamaged, match="altered"):
        chains[target].newest()
    assert chains["here"].newest().checkpoint["channel_values"] == {"x": "here"}


def test_a_signed_write_is_refused_as_the_write_of_another_task(redis_client: RedisClient) -> None:
    chain = Chain(RedisSaver(redis_client, signing_key=KEY), "t")
    chain.put(x=1)
    chain.write("reviewer", ("__resume__", "reject"))
    chain.write("attacker", ("__resume__", "accept"))
    key = Place("checkpoint", "t").key("writes")
    stored = run(redis_client.command("HGETALL", key))
    accept, reject = sorted(stored)
    run(redis_client.command("HSET", key, reject, stored[accept]))
    with pytest.raises(StorageDamaged, match="altered"):
        chain.newest()


@pytest.mark.parametrize(("wrote", "reads"), [(KEY, b"another key, as long"), (KEY, None), (None, KEY)])
def test_another_key_or_none_reads_nothing(
    redis_client: RedisClient, wrote: bytes | None, reads: bytes | None
) -> None:
    chain = Chain(RedisSaver(redis_client, signing_key=wrote), "t")
    chain.put(x=1)
    other = RedisSaver(redis_client, signing_key=reads)
    with pytest.raises(StorageDamaged, match="sign"):
        other.get_tuple(chain.config)
    with pytest.raises(StorageDamaged, match="sign"):
        other.copy_thread("t", "copy")


def test_classes_come_back_only_where_the_graph_allows_them(redis_client: RedisClient) -> None:
    saver = RedisSaver(redis_client)
    chain = Chain(saver, "t")
    chain.put(note=Note(text="hi"))
    assert chain.newest().checkpoint["channel_values"]["note"] == {"text": "hi"}
    allowing = saver.with_allowlist([(Note.__module__, "Note")])
    found = allowing.get_tuple(chain.config)
    assert found is not None
    assert found.checkpoint["channel_values"]["note"] == Note(text="hi")
