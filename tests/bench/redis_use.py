"""What a conversation asks of Redis: commands, bytes on the wire, bytes kept; by durability, too."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import redis

from tests.bench.assistants import UPDATE, approved, assistant, installed, numbers, say
from tests.bench.measure import Line, Section, valkey
from tests.fakes import NoModels, SlowModels
from tests.servers import RedisServer

_KEPT = 100  # conversations that stored bytes are averaged over


def sections() -> Iterator[Section]:
    with valkey() as server, installed(server.url) as opened, redis.Redis(port=server.port) as admin:
        offline, quick = assistant(opened, NoModels()), assistant(opened, SlowModels(0.0))
        kinds: dict[str, tuple[Callable[[], object], float | None]] = {
            "finished task": (lambda: say(offline, "done with PAY-12"), None),
            "draft from the cache": (lambda: say(quick, UPDATE), None),
            "draft by a model": (lambda: say(quick, f"{UPDATE} number {next(numbers)}"), None),
            "draft, pause, accept": (lambda: approved(offline), 30),
            "the same, each step kept": (lambda: approved(offline, durability="sync"), None),
        }
        lines = []
        for what, (once, most) in kinds.items():
            once()
            lines += _of(server, admin, what, once, most)
    yield Section(
        "What one conversation asks of Redis",
        lines,
        "Commands as clients send them, those inside MULTI counted singly; what a script calls is not. Each "
        "step kept is LangGraph's durability sync; ours is exit: graph/installation.py says why.",
    )


def _of(
    server: RedisServer, admin: "redis.Redis", what: str, once: Callable[[], object], most: float | None
) -> list[Line]:
    commands = _commands(admin, server.port, once)
    before: Any = admin.info()
    for _ in range(_KEPT):
        once()
    after: Any = admin.info()

    def each(name: str) -> float:
        grown: float = (after[name] - before[name]) / _KEPT
        return grown

    wire = each("total_net_input_bytes") + each("total_net_output_bytes")
    return [
        Line(what, "commands", commands, "commands", goal=most),
        Line(what, "on the wire", wire, "bytes"),
        Line(what, "kept", each("used_memory"), "bytes"),
    ]


def _commands(admin: "redis.Redis", port: int, once: Callable[[], object]) -> int:
    """Commands that clients sent meanwhile; what scripts call inside is not counted."""
    watching: Any = admin
    with redis.Redis(port=port) as marker:
        marker.ping()  # so that its connecting is not counted
        with watching.monitor() as monitor:
            once()
            marker.echo("the end")
            return _counted(monitor.listen())


def _counted(seen: Iterable[dict[str, str]]) -> int:
    count = 0
    for command in seen:
        if command["command"].endswith("the end"):
            return count
        count += command["client_type"] != "lua" and "metrics" not in command["command"]
    raise AssertionError("the monitor ended early")
