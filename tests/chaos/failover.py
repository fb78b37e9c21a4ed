"""A master of a Redis Cluster dies while approvals are written: what was acknowledged and is gone, and for
how long nothing could be written.

A replica follows its master a moment behind. On one machine that moment is too short to be met by chance,
so half of the time the link between them is cut just before, as a network does.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from services import JSON
from services.errors import ActionNotFound, StorageUnavailable
from services.ledger import RedisLedger
from services.redis_cluster import open_redis
from services.steps import run
from tests.clusters import Cluster, ask, wait
from tests.servers import BINARIES, RedisServer

WRITERS = 8
RESTART_S = 3.0
NODE_TIMEOUT_MS = 1000
_KEY = "{ledger}"
ROOT = Path(__file__).parents[2]
_KEPT = ("ledger", "limits", "costs", "cache", "similar", "store", "access_keys", "reminders", "budget")
_SAVER = ("conformance", "lifetime", "listing", "places", "safety", "model")
SUITE = [
    *(ROOT / "tests/services" / f"test_{name}.py" for name in _KEPT),
    *(ROOT / "tests/services" / f"test_checkpoint_{name}.py" for name in _SAVER),
    ROOT / "tests/web/test_api.py",
]
ONE_SERVER = ("the_secret_is_kept_nowhere", "a_session_ends_by_itself", "a_role_that_is_not_ours")


def failovers(rounds: int) -> list[JSON]:
    """One line for each way to write and each state of the replica, summed up over `rounds`."""
    lines = []
    for replicas in (0, 1):
        for cut in (False, True):
            found = [_failover(replicas, cut=cut) for _ in range(rounds)]
            lines.append(
                {
                    "REDIS_REPLICAS": replicas,
                    "replica": "cut off just before" if cut else "follows",
                    "failovers": rounds,
                    "acknowledged": sum(one["acknowledged"] for one in found),
                    "lost": (lost := sum(one["lost"] for one in found)),
                    "lost though copied": lost if replicas else 0,
                    "no writes for s": max(one["seconds"] for one in found),
                    "slowest error s": max(one["slowest_error"] for one in found),
                }
            )
    return lines


def _failover(replicas: int, *, cut: bool) -> JSON:
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(str(BINARIES["valkey"]), Path(folder), node_timeout_ms=NODE_TIMEOUT_MS).start()
        try:
            writers = _Writers(cluster.url, replicas)
            time.sleep(1)
            master = cluster.master_of(_KEY)
            replica = cluster.replica_of(master)
            if cut:
                _cut(master, replica)
            master.kill()
            writers.killed_at = time.monotonic()
            if cut:
                replica.resume()
            time.sleep(RESTART_S)
            master.start()  # as a supervisor does; until then the new master has no replica
            wait(lambda: writers.since_kill >= 20, 60)
            writers.end()
            return writers.figures()
        finally:
            cluster.kill()


def _cut(master: RedisServer, replica: RedisServer) -> None:
    """The replica cannot take the link up again before the master is gone, a fifth of a second later."""
    replica.kill(signal.SIGSTOP)
    ask(master, "CLIENT", "KILL", "TYPE", "replica")
    time.sleep(0.2)


def suite() -> JSON:
    """The tests of what keeps something in Redis, each on a Cluster; those left out look into one server."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *map(str, SUITE), f"--junitxml={report}"]
        command += ["-k", " and ".join(["valkey", *(f"not {name}" for name in ONE_SERVER)])]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "OVER_CLUSTER": "1"}, timeout=1200)
        (found,) = ElementTree.parse(report).getroot()
    failed = int(found.attrib["failures"]) + int(found.attrib["errors"])
    return {"tests": int(found.attrib["tests"]), "failed": failed}


class _Writers:
    """Threads that prepare one action after another, and remember which were acknowledged."""

    def __init__(self, url: str, replicas: int) -> None:
        self._client = open_redis(url, timeout_seconds=0.8, replicas=replicas)
        self._ledger = RedisLedger(self._client)
        self._done: list[tuple[str, float]] = []
        self._slowest = 0.0
        self._ending = threading.Event()
        self.killed_at: float | None = None
        self._threads = [threading.Thread(target=self._write, args=(i,), daemon=True) for i in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    @property
    def since_kill(self) -> int:
        killed = self.killed_at or float("inf")
        return sum(at > killed + 0.1 for _, at in self._done)

    def _write(self, writer: int) -> None:
        number = 0
        while not self._ending.is_set():
            number += 1
            id_, begun = f"{writer}-{number}", time.monotonic()
            row: JSON = {"action_id": id_, "action": "post_jira_comment", "thread_id": id_, "user_id": "u"}
            row |= {"tenant": "", "args": {"body": "done"}, "summary": {}, "message": "done"}
            try:
                run(self._ledger.prepare(row, expires_in_s=3600))
            except StorageUnavailable:
                self._slowest = max(self._slowest, time.monotonic() - begun)
                time.sleep(0.02)
                continue
            self._done.append((id_, time.monotonic()))

    def end(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def figures(self) -> JSON:
        assert self.killed_at is not None
        times = sorted(at for _, at in self._done)
        gap = max(after - before for before, after in pairwise(times))
        lost = sum(self._gone(id_) for id_, _ in self._done)
        self._client.close()
        return {
            "acknowledged": len(self._done),
            "lost": lost,
            "seconds": round(gap, 1),
            "slowest_error": round(self._slowest, 2),
        }

    def _gone(self, action_id: str) -> bool:
        try:
            run(self._ledger.get(action_id))
        except ActionNotFound:
            return True
        return False
