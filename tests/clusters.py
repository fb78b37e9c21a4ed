"""A real Redis Cluster on loopback: three masters with a replica each, killed at will."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import redis
from redis.crc import key_slot

from tests.servers import RedisServer, free_port

MASTERS = 3
SLOTS = 16_384
NODE_TIMEOUT_MS = 1000
"""How long a node is missed before a replica may take its place; 15,000 is the server's own default."""


class Cluster:
    """Six servers, the first three of them masters at first."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.nodes: list[RedisServer] = []
        self._buses: list[int] = []
        for number in range(2 * MASTERS):
            own = folder / str(number)
            own.mkdir()
            more = ["--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT_MS)]
            self._buses.append(free_port())
            more += ["--cluster-port", str(self._buses[-1]), "--repl-diskless-sync-delay", "0"]
            self.nodes.append(RedisServer(binary, own, *more))
        self.url = f"redis+cluster://{','.join(f'127.0.0.1:{node.port}' for node in self.nodes)}"

    def start(self) -> "Cluster":
        for node in self.nodes:
            node.start()
        ids = [ask(node, "CLUSTER", "MYID").decode() for node in self.nodes]
        for number, node in enumerate(self.nodes):
            ask(node, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
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
        return self

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
