"""A real Redis Cluster on loopback: three masters with a replica each, killed at will."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import redis
from redis.crc import key_slot

from tests.servers import RedisServer, free_port

MASTERS = 3
SLOTS = 16_384


class Cluster:
    """Six servers, the first three of them masters at first.

    `node_timeout_ms` is how long a node is missed before its replica may take its place; 15,000 is what
    servers do by themselves.
    """

    def __init__(self, binary: str, folder: Path, *, node_timeout_ms: int = 15_000) -> None:
        self.nodes: list[RedisServer] = []
        self._buses: list[int] = []
        ports: set[int] = set()
        while len(ports) < 4 * MASTERS:  # the kernel may give the same free one twice
            ports.add(free_port())
        for number in range(2 * MASTERS):
            own = folder / str(number)
            own.mkdir()
            more = ["--cluster-enabled", "yes", "--cluster-node-timeout", str(node_timeout_ms)]
            self._buses.append(ports.pop())
            more += ["--cluster-port", str(self._buses[-1]), "--repl-diskless-sync-delay", "0"]
            self.nodes.append(RedisServer(binary, own, *more, port=ports.pop()))
        self.url = f"redis+cluster://{','.join(f'127.0.0.1:{node.port}' for node in self.nodes)}"

    def start(self) -> "Cluster":
        with ExitStack() as undo:
            undo.callback(self.kill)
            self._form()
            undo.pop_all()
        return self

    def _form(self) -> None:
        for node in self.nodes:
            node.start()
        for number, node in enumerate(self.nodes, 1):
            ask(node, "CLUSTER", "SET-CONFIG-EPOCH", number)  # before any knows another
        ids = [ask(node, "CLUSTER", "MYID").decode() for node in self.nodes]
        for number, node in enumerate(self.nodes):
            if number < MASTERS:
                first, end = SLOTS * number // MASTERS, SLOTS * (number + 1) // MASTERS
                ask(node, "CLUSTER", "ADDSLOTSRANGE", first, end - 1)
            if number:
                ask(self.nodes[0], "CLUSTER", "MEET", "127.0.0.1", node.port, self._buses[number])
        known = f"cluster_known_nodes:{len(self.nodes)}".encode()
        wait(lambda: all(known in ask(node, "CLUSTER", "INFO") for node in self.nodes))
        for number, node in enumerate(self.nodes[MASTERS:]):
            ask(node, "CLUSTER", "REPLICATE", ids[number])
        wait(self.whole)

    def kill(self) -> None:
        for node in self.nodes:
            node.kill()

    def flush(self) -> None:
        for node in self.masters():
            ask(node, "FLUSHALL")

    def masters(self) -> list[RedisServer]:
        return [node for node in self.nodes if ask(node, "ROLE")[0] == b"master"]

    def master_of(self, key: str) -> RedisServer:
        """The node that serves `key` now."""
        slot = key_slot(key.encode())
        ranges = ask(self.nodes[0], "CLUSTER", "SLOTS")
        (port,) = (main[1] for first, last, main, *_ in ranges if first <= slot <= last)
        return next(node for node in self.nodes if node.port == port)

    def replica_of(self, master: RedisServer) -> RedisServer:
        return next(node for node in self.nodes if ask(node, "ROLE")[1:3] == [b"127.0.0.1", master.port])

    def whole(self) -> bool:
        """Every slot is served, and every replica follows its master."""
        states = [ask(node, "CLUSTER", "INFO") for node in self.nodes]
        roles = [ask(node, "ROLE") for node in self.nodes]
        followed = all(role[0] == b"master" or role[3] == b"connected" for role in roles)
        return followed and all(b"cluster_state:ok" in state for state in states)


def ask(node: RedisServer, *command: object) -> Any:
    """The plain answer of one node."""
    with redis.Redis(port=node.port, socket_timeout=5) as client:
        client.response_callbacks.clear()
        return client.execute_command(*command)


def wait(done: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the cluster did not get there"
        time.sleep(0.02)
